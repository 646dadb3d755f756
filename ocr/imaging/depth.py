"""How deep the print of a page is, and faded print deepened."""

import cv2
import numpy as np

from ocr.imaging.pixels import Grey, as_grey

_DARKEST_PERCENT = 0.1  # one line of text on A4 has about as many pixels
_DEEP_ENOUGH = 0.45
_DEEPENED_TO = 0.7
_STRONGEST_GAIN = 4.0


def print_depth(evened: Grey) -> float:
    """Return how much darker than paper the darkest print is, 0 (as light) .. 1 (black)."""
    counts = cv2.calcHist([evened], [0], None, [256], [0, 256])
    levels = np.cumsum(counts, dtype=np.float64) / evened.size
    paper, print_ = np.searchsorted(levels, (0.5, _DARKEST_PERCENT / 100))
    return float(paper - print_) / 255


def deepened(evened: Grey) -> Grey:
    """Return a faded page with its print made darker; any other page as it is.

    Tesseract is harmed by more contrast where there is enough, but reads nothing of the faintest.
    """
    depth = print_depth(evened)
    if depth >= _DEEP_ENOUGH:
        return evened
    gain = min(_DEEPENED_TO / max(depth, 0.01), _STRONGEST_GAIN)
    ink = cv2.subtract(np.full_like(evened, np.median(evened)), evened)
    return as_grey(cv2.bitwise_not(cv2.convertScaleAbs(ink, alpha=gain)))
