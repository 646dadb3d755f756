"""Long straight lines that nobody drew: folds, dust on the glass, a scratched drum."""

import cv2
import numpy as np
import numpy.typing as npt

from ocr.imaging.pixels import Mask, as_grey, as_mask, box_kernel, turned
from ocr.imaging.strokes import Depth

_GLANCE_DPI = 50
_LENGTH_INCHES = 2.3  # a pencil's stroke is 40 mm at most
_PARTS = 5
_CLIPPED = 15  # levels: so that a short dark stroke does not make up for the rest of a line
_LEAST_DEPTH = 4.5  # mean of each part; where grain is worst five times its spread over one
_GLANCED_BESIDE_INCHES = 0.04
_BESIDE_INCHES = 0.02  # a line drawn by hand wavers so far
_DEPTH_BESIDE = 3.5  # levels at most; a row of print is as dark there
_SHARE_BESIDE = 0.4
_SLOPE_STEP = 0.006
_SLOPES = np.arange(-15, 16) * _SLOPE_STEP
_REACH_INCHES = 0.4  # the line may go on so far beyond its surely dark part
_HALF_WIDTH_INCHES = 0.025


def streaks(depth: Depth, dpi: int) -> tuple[Mask, Mask]:
    """Return where straight thin lines of 58 mm and more run along or across a page.

    Args:
        depth: the page's.
        dpi: of `depth`; 100 tells lines from what is drawn by hand.

    Returns:
        The lines, and the lines prolonged from edge to edge, where what is left of them may lie.
    """
    clipped = np.clip(depth, -_CLIPPED, _CLIPPED)
    down = _along_columns(clipped, dpi)
    across = _along_columns(np.asarray(cv2.transpose(clipped), np.float32), dpi)
    lines, prolonged = (
        as_grey(np.maximum(one, turned(other))) for one, other in zip(down, across, strict=True)
    )
    return lines, prolonged


def _along_columns(clipped: Depth, dpi: int) -> tuple[Mask, Mask]:
    height, width = clipped.shape
    lines = np.zeros((height, width), np.uint8)
    prolonged = lines.copy()
    reach = round(_REACH_INCHES * dpi)
    wide = 2 * max(round(_HALF_WIDTH_INCHES * dpi), 1) + 1
    for slope in _seen_at_a_glance(clipped, dpi):
        dark = _dark_throughout(clipped, slope, dpi, _BESIDE_INCHES)
        if not dark.any():
            continue
        begun = np.zeros((height, width), np.uint8)
        begun[: len(dark)] = as_mask(dark)
        length = round(_LENGTH_INCHES * dpi) + 2 * reach
        run = cv2.dilate(begun, box_kernel(1, length), anchor=(0, length - reach - 1))
        columns = np.repeat(begun.max(axis=0, keepdims=True), height, axis=0)
        back = _shear(-slope, height)
        for mask, found, thick in ((lines, run, wide), (prolonged, columns, wide + 2)):
            grown = cv2.dilate(found, box_kernel(thick, 1))
            straight = cv2.warpAffine(grown, back, (width, height), flags=cv2.INTER_NEAREST)
            np.maximum(mask, straight, out=mask)
    return lines, prolonged


def _seen_at_a_glance(clipped: Depth, dpi: int) -> list[float]:
    """Return the slopes that lines may have, by a quarter of the pixels."""
    scale = min(_GLANCE_DPI / dpi, 1.0)
    height, width = clipped.shape
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    small = np.asarray(cv2.resize(clipped, size, interpolation=cv2.INTER_AREA), np.float32)
    seen = [
        place
        for place, slope in enumerate(_SLOPES)
        if _dark_throughout(small, slope, round(dpi * scale), _GLANCED_BESIDE_INCHES).any()
    ]
    finer = sorted({2 * place + step for place in seen for step in (-1, 0, 1)})
    return [float(_SLOPES[0] + half * _SLOPE_STEP / 2) for half in finer]


def _shear(slope: float, height: int) -> npt.NDArray[np.float64]:
    """Return the map that makes lines of a slope run down the columns."""
    return np.array([[1, slope, -slope * height / 2], [0, 1, 0]])


def _dark_throughout(
    clipped: Depth, slope: float, dpi: int, beside_inches: float
) -> npt.NDArray[np.bool_]:
    """Return from which pixels on downwards all parts of a line are dark, and none beside it is.

    The pixels are those of the page sheared to the slope; without rows where it is too low.
    """
    height, width = clipped.shape
    part = round(_LENGTH_INCHES * dpi / _PARTS)
    rows = height - _PARTS * part
    if rows <= 0:
        return np.zeros((0, width), np.bool_)
    sheared = cv2.warpAffine(clipped, _shear(slope, height), (width, height))
    means = cv2.blur(sheared, (1, part), anchor=(0, 0), borderType=cv2.BORDER_CONSTANT)
    parts = [means[place * part : rows + place * part] for place in range(_PARTS)]
    least, most = np.minimum.reduce(parts), np.maximum.reduce(parts)
    allowed = np.maximum(_DEPTH_BESIDE, _SHARE_BESIDE * least)
    beside = max(round(beside_inches * dpi), 1)
    dark = least >= _LEAST_DEPTH
    for step in (-beside, beside):
        dark &= np.roll(most, step, axis=1) < allowed
    return np.asarray(dark)
