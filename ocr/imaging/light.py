"""Uneven light, yellowed paper, shaded cells: divided out."""

import cv2
import numpy as np

from ocr.imaging.pixels import Grey, as_grey, box_kernel

_REDUCTION = 8
_WINDOW_INCHES = 0.3
_DARKEST_PAPER = 0.5  # of the page's; below it an area is ink or a dark panel, not paper


def even_light(grey: Grey, dpi: int) -> Grey:
    """Return the page on white: every pixel divided by the brightness of the paper round it."""
    height, width = grey.shape
    size = (max(width // _REDUCTION, 1), max(height // _REDUCTION, 1))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    window = max(round(_WINDOW_INCHES * dpi / _REDUCTION), 3)
    paper = cv2.morphologyEx(
        small, cv2.MORPH_CLOSE, box_kernel(window, window), borderType=cv2.BORDER_REPLICATE
    )
    paper = cv2.GaussianBlur(paper, (0, 0), window / 3)
    floor = _DARKEST_PAPER * float(np.percentile(paper, 90))
    paper = np.maximum(paper, max(floor, 1.0)).astype(np.uint8)
    paper = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return as_grey(cv2.divide(grey, paper, scale=255))
