"""How deep the print of a page is, and faded print deepened."""

import cv2
import numpy as np

from ocr.imaging.pixels import Grey, as_grey

_DARKEST_PERCENT = 0.1  # one line of text on A4 has about as many pixels
_DEEP_ENOUGH = 0.42
_DEEPENED_TO = 0.8
_SPECKED_DPI = 200  # from which a speck is told from a stroke by three pixels
_GRAIN_INCHES = 1 / 300  # averaged over, so that grain is not taken for print
_STROKE_INCHES = 1.4 / 300  # a blur that a stroke survives and grain does not
_LEAST_INK = 20  # levels; print that is less deep is not told from paper
_TO_DEVIATION = 1.4826  # of the median deviation


def print_depth(evened: Grey, dpi: int) -> float:
    """Return how much darker than paper the darkest print is, 0 (as light) .. 1 (black).

    Specks and grain are darker than faint print; they are smoothed out first.
    """
    calm = cv2.GaussianBlur(_without_specks(evened, dpi), (0, 0), max(_GRAIN_INCHES * dpi, 0.3))
    counts = cv2.calcHist([calm], [0], None, [256], [0, 256])
    levels = np.cumsum(counts, dtype=np.float64) / evened.size
    paper, print_ = np.searchsorted(levels, (0.5, _DARKEST_PERCENT / 100))
    return float(paper - print_) / 255


def deepened(evened: Grey, dpi: int) -> Grey:
    """Return a faded page with its grain smoothed and its print made dark; any other as it is.

    Readers are harmed by more contrast where there is enough, but read nothing of the faintest.
    """
    depth = print_depth(evened, dpi)
    if depth >= _DEEP_ENOUGH:
        return evened
    smooth = cv2.GaussianBlur(
        _without_specks(evened, dpi), (0, 0), max(_STROKE_INCHES * dpi, 0.3)
    ).astype(np.float32)
    ink = float(np.median(smooth)) - smooth
    grain = _TO_DEVIATION * float(np.median(np.abs(ink)))
    deepest = max(depth * 255 - grain, _LEAST_INK)
    return as_grey(255 - np.clip((ink - grain) * (_DEEPENED_TO * 255 / deepest), 0, 255))


def _without_specks(evened: Grey, dpi: int) -> Grey:
    return as_grey(cv2.medianBlur(evened, 3)) if dpi >= _SPECKED_DPI else evened
