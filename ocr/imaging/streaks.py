"""Long straight lines that nobody drew: folds, dust on the glass, a scratched drum."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr.imaging.pixels import Mask, as_grey, as_mask, box_kernel, turned
from ocr.imaging.strokes import Depth

_GLANCE_DPI = 50
_PARTS = 5
_CLIPPED = 15  # levels: so that a short dark stroke does not make up for the rest of a line
_LEAST_DEPTH = 4.5  # mean of each part; where grain is worst five times its spread over one
_GLANCED_DEPTH = 3.0  # half as sharp, a line is less deep
_GLANCED_BESIDE_INCHES = 0.04
_DEPTH_BESIDE = 3.5  # levels at most; a row of print is as dark there
_SHARE_BESIDE = 0.4
_SLOPE_STEP = 0.006
_SLOPES = np.arange(-15, 16) * _SLOPE_STEP
_REACH_INCHES = 0.4  # the line may go on so far beyond its surely dark part
_BLURRED_PIXELS = 3  # a blurred fold is so wide everywhere, a pen's line that wavers is not
_DOTS_APART_INCHES = 0.05
_DEEPEST_FOLD = 60  # levels; a wide pen's line is darker


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of line, in inches.

    Attributes:
        length: at least; a pencil's stroke has 1.6.
        faded: how many of its five parts may be missing, or cross what is dark.
        beside: how far from its middle it is paper again: one drawn by hand wavers so far.
        half_width: of what is taken for it.
    """

    length: float
    faded: int
    beside: float
    half_width: float


_SHARP = _Kind(2.3, 0, 0.02, 0.025)
_BROKEN = _Kind(3.1, 1, 0.02, 0.025)
_BLURRED = _Kind(2.3, 0, 0.035, 0.045)
# A drum is scratched in several places: beside a line of any kind, what runs exactly as it does.
_PARALLEL = _Kind(1.3, 0, 0.02, 0.025)


def streaks(depth: Depth, dpi: int, *, dotted: bool = False) -> tuple[Mask, Mask]:
    """Return where straight lines of 58 mm and more run along or across a page; broken ones of 79.

    Args:
        depth: the page's.
        dpi: of `depth`; 100 tells lines from what is drawn by hand.
        dotted: the page has two tones, which leave dots of a faint line.

    Returns:
        The lines, and the lines prolonged from edge to edge, where what is left of them may lie.
    """
    joined = box_kernel(1, round(_DOTS_APART_INCHES * dpi) if dotted else 1)
    down, across = (
        _along_columns(np.asarray(cv2.dilate(one_way, joined), np.float32), dpi)
        for one_way in (depth, cv2.transpose(depth))
    )
    lines, prolonged = (
        as_grey(np.maximum(one, turned(other))) for one, other in zip(down, across, strict=True)
    )
    return lines, prolonged


def _along_columns(depth: Depth, dpi: int) -> tuple[Mask, Mask]:
    lines = np.zeros(depth.shape, np.uint8)
    prolonged = lines.copy()
    sharp = np.clip(depth, -_CLIPPED, _CLIPPED)
    faint = np.where(depth > _DEEPEST_FOLD, np.float32(-_CLIPPED), sharp)
    blurred = np.asarray(cv2.erode(faint, box_kernel(_BLURRED_PIXELS, 1)), np.float32)
    slopes = set()
    for clipped, kind in ((sharp, _SHARP), (sharp, _BROKEN), (blurred, _BLURRED)):
        for slope in _seen_at_a_glance(clipped, kind, dpi):
            if _draw_lines(clipped, kind, slope, dpi, lines, prolonged):
                slopes.add(slope)
    for slope in slopes:
        _draw_lines(faint, _PARALLEL, slope, dpi, lines, prolonged)
    return lines, prolonged


def _draw_lines(
    clipped: Depth, kind: _Kind, slope: float, dpi: int, lines: Mask, prolonged: Mask
) -> bool:
    """Add the lines of a kind and a slope to both masks; tell whether there are any."""
    dark = _dark_throughout(clipped, kind, slope, dpi, kind.beside, _LEAST_DEPTH)
    if not dark.any():
        return False
    height, width = clipped.shape
    begun = np.zeros((height, width), np.uint8)
    begun[: len(dark)] = as_mask(dark)
    reach = round(_REACH_INCHES * dpi)
    length = round(kind.length * dpi) + 2 * reach
    run = cv2.dilate(begun, box_kernel(1, length), anchor=(0, length - reach - 1))
    columns = np.repeat(begun.max(axis=0, keepdims=True), height, axis=0)
    wide = 2 * max(round(kind.half_width * dpi), 1) + 1
    back = _shear(-slope, height)
    for mask, found, thick in ((lines, run, wide), (prolonged, columns, wide + 2)):
        grown = cv2.dilate(found, box_kernel(thick, 1))
        straight = cv2.warpAffine(grown, back, (width, height), flags=cv2.INTER_NEAREST)
        np.maximum(mask, straight, out=mask)
    return True


def _seen_at_a_glance(clipped: Depth, kind: _Kind, dpi: int) -> list[float]:
    """Return the slopes that lines may have, by a quarter of the pixels."""
    scale = min(_GLANCE_DPI / dpi, 1.0)
    height, width = clipped.shape
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    small = np.asarray(cv2.resize(clipped, size, interpolation=cv2.INTER_AREA), np.float32)
    seen = [
        place
        for place, slope in enumerate(_SLOPES)
        if _dark_throughout(
            small, kind, slope, round(dpi * scale), _GLANCED_BESIDE_INCHES, _GLANCED_DEPTH
        ).any()
    ]
    finer = sorted({2 * place + step for place in seen for step in (-1, 0, 1)})
    return [float(_SLOPES[0] + half * _SLOPE_STEP / 2) for half in finer]


def _shear(slope: float, height: int) -> npt.NDArray[np.float64]:
    """Return the map that makes lines of a slope run down the columns."""
    return np.array([[1, slope, -slope * height / 2], [0, 1, 0]])


def _dark_throughout(
    clipped: Depth, kind: _Kind, slope: float, dpi: int, beside_inches: float, least: float
) -> npt.NDArray[np.bool_]:
    """Return from which pixels on downwards the parts of a line are dark, and none beside them is.

    The pixels are those of the page sheared to the slope; without rows where it is too low.
    """
    height, width = clipped.shape
    part = round(kind.length * dpi / _PARTS)
    rows = height - _PARTS * part
    if rows <= 0:
        return np.zeros((0, width), np.bool_)
    sheared = cv2.warpAffine(clipped, _shear(slope, height), (width, height))
    means = cv2.blur(sheared, (1, part), anchor=(0, 0), borderType=cv2.BORDER_CONSTANT)
    allowed = np.maximum(_DEPTH_BESIDE, _SHARE_BESIDE * means)
    beside = max(round(beside_inches * dpi), 2)
    dark = means >= least
    for step in (-beside, beside):
        dark &= np.roll(means, step, axis=1) < allowed
    parts = [dark[place * part : rows + place * part] for place in range(_PARTS)]
    return np.asarray(np.add.reduce(parts, dtype=np.uint8) >= _PARTS - kind.faded)
