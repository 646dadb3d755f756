"""What resolution a page really has."""

import math

import cv2
import numpy as np

from ocr.imaging.pixels import Pixels, as_grey

_LONG_SIDE = 11.5  # inches: A4 has 11.7, Letter 11
_PAGE_RATIOS = (1.25, 1.5)  # long side by short side: A4 1.41, Letter 1.29
_SHEETS = (3.0, 24.0)  # a scanned sheet's long side, in inches
_SMALLEST_DPI = 50
UNKNOWN_DPI = 200
_CLOSE = 1.25  # ratio of tag and page that agree
_PRINT_INCHES = (0.05, 0.17)  # lowest and highest print that is believed of a page
_LIKELY_INCHES = (0.07, 0.15)
_USUAL_INCHES = 0.1  # the median of 34 made pages, all of which lie between 0.077 and 0.137
_GUESSES = (75, 600)
_FEWEST_PIECES = 60
_LOWEST_PIXELS = 7  # half of the ink of print at 75 dpi is in higher pieces, that of specks is not
_USUAL_DPI = 300
_LOCAL = 51  # pixels: window of the local threshold
_DARKER = 20  # levels


def believed_dpi(pixels: Pixels, dpi: int | None) -> int:
    """Return the tagged resolution where it is plausible, else a guess.

    A tag is plausible if it makes the sheet 3 to 24 inches long (a photograph's 72 dpi does not).
    A picture with a page's proportions may be a page. Where these two agree, that is it; else the
    first of them is believed that makes print as high as it mostly is, or else as it may be;
    failing both, print decides, unless the sheet would be too long for any. Without print it is the
    one that scanners are mostly set to.
    """
    height, width = pixels.shape[:2]
    long_side, short_side = max(width, height), min(width, height)
    candidates = []
    if dpi is not None and dpi >= _SMALLEST_DPI and _SHEETS[0] <= long_side / dpi <= _SHEETS[1]:
        candidates.append(dpi)
    if _PAGE_RATIOS[0] <= long_side / short_side <= _PAGE_RATIOS[1]:
        candidates.append(max(round(long_side / _LONG_SIDE), _SMALLEST_DPI))
    if len(candidates) == 2 and max(candidates) <= _CLOSE * min(candidates):
        return candidates[0]
    print_height = _print_height(pixels)
    if print_height is None:
        return min(candidates, key=_from_usual, default=UNKNOWN_DPI)
    for lowest, highest in (_LIKELY_INCHES, _PRINT_INCHES):
        for candidate in candidates:
            if lowest <= print_height / candidate <= highest:
                return candidate
    guess = min(max(print_height / _USUAL_INCHES, _GUESSES[0]), _GUESSES[1])
    if candidates and long_side / guess > _SHEETS[1]:  # specks and grain, no print
        return min(candidates, key=_from_usual)
    return round(guess)


def _from_usual(dpi: int) -> float:
    return abs(math.log(dpi / _USUAL_DPI))


def _print_height(pixels: Pixels) -> float | None:
    """Return the median height in pixels of pieces of print; None where it is not print."""
    grey = pixels if pixels.ndim == 2 else as_grey(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY))
    ink = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, _LOCAL, _DARKER
    )
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    sides = stats[1:, (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT)]
    pieces = stats[1:][(sides.min(axis=1) > 4) & (sides.max(axis=1) < len(grey) / 20)]
    if np.count_nonzero(pieces[:, cv2.CC_STAT_HEIGHT] > _LOWEST_PIXELS) < _FEWEST_PIECES:
        return None
    # Each piece counts by its ink: grain and specks are many and small.
    by_height = pieces[np.argsort(pieces[:, cv2.CC_STAT_HEIGHT])]
    ink_below = np.cumsum(by_height[:, cv2.CC_STAT_AREA])
    middle = int(np.searchsorted(ink_below, ink_below[-1] / 2))
    height = float(by_height[middle, cv2.CC_STAT_HEIGHT])
    return height if height >= _LOWEST_PIXELS else None
