"""A page's look as 256 bits that another scan of the same sheet nearly repeats.

48 hexadecimal digits say how the ink is spread: the low frequencies of the page, cropped to its
print, so that place, size, resolution, brightness, skew and grain do not matter. The last 16 say
in which cells of an 8 x 8 grid there is coloured ink: seals, stamps, pens.
"""

import cv2
import numpy as np
import numpy.typing as npt

from ocr.imaging.pixels import Grey, Pixels, as_grey, as_mask, box_kernel, reduced, upright

_WORKING_DPI = 50
_LIGHTEST_INK = 225  # on paper of 255; lighter are grain and shades
_DARKEST_TOLD = 100  # scans differ in how black their black is
_OUTSIDE = 0.002  # share of the ink on each side that does not count for the crop: dust, borders
_GRID = 64
_FREQUENCIES = 14
_BITS = 192
_COLOUR_GRID = 8
_CHROMA = 18
_COLOURED = 0.02  # share of a cell


def page_hash(cleaned: Grey, pixels: Pixels, dpi: int, rotation: int, skew: float) -> str:
    """Return the look of a page that is stored turned by `rotation` and leans by `skew`."""
    small = _straight(upright(reduced(cleaned, dpi, _WORKING_DPI), rotation), skew)
    ink = cv2.subtract(np.full_like(small, _LIGHTEST_INK), np.maximum(small, _DARKEST_TOLD))
    if not cv2.countNonZero(ink):
        return ""
    left, right = _extent(ink.sum(axis=0, dtype=np.int64))
    top, bottom = _extent(ink.sum(axis=1, dtype=np.int64))
    print_only = as_grey(ink)[top:bottom, left:right]
    coloured = _coloured(pixels, dpi, rotation, skew)[top:bottom, left:right]
    return _as_hex(_spread(print_only)) + _as_hex(_cells(coloured))


def _straight(small: Pixels, skew: float) -> Pixels:
    height, width = small.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0)
    white = (255.0, 255.0, 255.0)
    return as_grey(cv2.warpAffine(small, turn, (width, height), borderValue=white))


def _extent(amounts: npt.NDArray[np.int64]) -> tuple[int, int]:
    """Return where print begins and ends along one side."""
    share = np.cumsum(amounts) / amounts.sum()
    first, last = np.searchsorted(share, (_OUTSIDE, 1 - _OUTSIDE))
    return int(first), int(last) + 1


def _spread(ink: Grey) -> npt.NDArray[np.bool_]:
    grid = cv2.resize(ink, (_GRID, _GRID), interpolation=cv2.INTER_AREA).astype(np.float32)
    lowest = np.asarray(cv2.dct(grid))[:_FREQUENCIES, :_FREQUENCIES].ravel()[1 : _BITS + 1]
    return np.asarray(lowest > np.median(lowest))


def _coloured(pixels: Pixels, dpi: int, rotation: int, skew: float) -> Grey:
    """Return where the ink has another colour than the paper."""
    small = _straight(upright(reduced(pixels, dpi, _WORKING_DPI), rotation), skew)
    if small.ndim == 2:
        return np.zeros_like(small)
    _, *chroma = cv2.split(cv2.cvtColor(small, cv2.COLOR_RGB2LAB))
    far = [cv2.absdiff(channel, _paper(as_grey(channel))) for channel in chroma]
    found = as_mask(np.asarray(cv2.max(*far) > _CHROMA))
    return as_grey(cv2.morphologyEx(found, cv2.MORPH_OPEN, box_kernel(2, 1)))


def _paper(channel: Grey) -> Grey:
    """Return a plain image of a channel's most usual level."""
    return np.full_like(channel, np.median(channel[::4, ::4]))


def _cells(coloured: Grey) -> npt.NDArray[np.bool_]:
    side = _COLOUR_GRID
    grid = cv2.resize(coloured, (side, side), interpolation=cv2.INTER_AREA)
    return np.asarray(grid > 255 * _COLOURED).ravel()


def _as_hex(bits: npt.NDArray[np.bool_]) -> str:
    return np.packbits(bits).tobytes().hex()
