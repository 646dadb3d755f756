"""Whether lines of text run across or up the page, and where samples of them lie."""

import cv2

from ocr.imaging.ink import ink_mask
from ocr.imaging.pixels import Grey, Mask, as_grey, box_kernel, reduced

_WORKING_DPI = 75
_STRIP_INCHES = 0.8
_RULE_INCHES = 0.6


def sidewaysness(evened: Grey, dpi: int) -> float:
    """Return how much more the page looks like text turned by a quarter: above 1 it does.

    The page is cut into strips. Across text, a strip's rows alternate between lines and gaps;
    along text, they do not. Strips are narrow, so that a lean of a few degrees does not matter.
    """
    ink = _without_long_runs(ink_mask(reduced(evened, dpi, _WORKING_DPI)))
    across = _alternation(ink)
    along = _alternation(as_grey(ink.T))
    return (along + 1e-9) / (across + 1e-9)


def _without_long_runs(ink: Mask) -> Mask:
    length = round(_RULE_INCHES * _WORKING_DPI)
    rows = cv2.morphologyEx(ink, cv2.MORPH_OPEN, box_kernel(length, 1))
    columns = cv2.morphologyEx(ink, cv2.MORPH_OPEN, box_kernel(1, length))
    return as_grey(cv2.subtract(ink, cv2.dilate(cv2.bitwise_or(rows, columns), box_kernel(3, 3))))


def _alternation(ink: Mask) -> float:
    strip = round(_STRIP_INCHES * _WORKING_DPI)
    strips = max(ink.shape[1] // strip, 1)
    used = ink[:, : strips * strip] if ink.shape[1] >= strip else ink
    rows = used.reshape(ink.shape[0], strips, -1).mean(axis=2) / 255
    return float(rows.var(axis=0).sum() / max(rows.mean(), 1e-6))
