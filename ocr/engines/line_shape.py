"""The shape in which the recognizer gets a line: ink bright, of one height, its blank ends off."""

from dataclasses import dataclass

import cv2
import numpy as np

from ocr.imaging.pixels import Grey, as_grey

HEIGHT = 32
_BODY = 27  # rows that the ink takes
_ENDS = 4  # blank columns left at each end
_INK = 96  # of 255, after the darkest ink is made 255
_FAINTEST = 24  # of 255; paler is paper
_STRONGEST_GAIN = 6.0
_WIDEST = 6000  # columns: a dashed rule taken for a line would be very wide
_LOWEST = 0.3  # of an image's height: lower ink is a dash or a full stop and keeps its proportion


@dataclass(frozen=True, slots=True)
class FittedLine:
    """A line as the recognizer gets it.

    Attributes:
        image: HEIGHT rows, ink towards 255 on 0.
        left: where the image begins, in pixels of the line it was made from.
        scale: columns of the image to one pixel of that line.
    """

    image: Grey
    left: float
    scale: float


def fitted(line: Grey) -> FittedLine | None:
    """Return a line, dark on white, in the recognizer's shape; None where it is blank."""
    ink = as_grey(255 - line)
    deepest = float(np.percentile(ink, 99.5)) if ink.size else 0.0
    if deepest < _FAINTEST:
        return None
    ink = as_grey(cv2.convertScaleAbs(ink, alpha=min(255.0 / deepest, _STRONGEST_GAIN)))
    inked = ink > _INK
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    if not len(rows):
        return None
    top, bottom = float(rows[0]), float(rows[-1] + 1)
    lacking = _LOWEST * line.shape[0] - (bottom - top)
    if lacking > 0:
        top, bottom = top - lacking / 2, bottom + lacking / 2
    scale = min(_BODY / (bottom - top), _WIDEST / (columns[-1] + 1 - columns[0]))
    left, right = columns[0] - _ENDS / scale, columns[-1] + 1 + _ENDS / scale
    width = max(HEIGHT // 2, round((right - left) * scale))
    if scale < 1:
        ink = as_grey(cv2.GaussianBlur(ink, (0, 0), 0.45 * (1 / scale - 1) + 1e-3))
    down = (HEIGHT - (top + bottom) * scale) / 2
    move = np.array([[scale, 0, -left * scale], [0, scale, down]], np.float32)
    shaped = cv2.warpAffine(ink, move, (width, HEIGHT), flags=cv2.INTER_LINEAR)
    return FittedLine(as_grey(shaped), left, scale)
