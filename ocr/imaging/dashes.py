"""Dashed and dotted rules: rows of short strokes, painted out."""

import cv2
import numpy as np

from ocr.imaging.ink import ink_mask
from ocr.imaging.pixels import Grey, as_mask, box_kernel

_HIGHEST_INCHES = 0.025
_LONGEST_INCHES = 0.25
_FEWEST = 15  # a row of print has fewer hyphens and free-standing strokes at one height
_SAME_HEIGHT_INCHES = 0.012
_FILLED = 0.3  # of the way from the first dash to the last


def without_dashes(straight: Grey, dpi: int) -> Grey:
    """Return a straightened page without its horizontal dashed rules."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink_mask(straight), connectivity=8)
    left, top, width, height = stats.T[:4]
    flat = (height <= _HIGHEST_INCHES * dpi) & (width <= _LONGEST_INCHES * dpi)
    rows = np.round((top + height / 2) / (_SAME_HEIGHT_INCHES * dpi)).astype(np.int64)
    dashes = np.zeros(len(stats), np.bool_)
    for row in np.flatnonzero(np.bincount(rows[flat]) >= _FEWEST):
        members = np.flatnonzero(flat & (np.abs(rows - row) <= 1))
        span = (left + width)[members].max() - left[members].min()
        if width[members].sum() >= _FILLED * span:
            dashes[members] = True
    if not dashes.any():
        return straight
    painted = cv2.dilate(as_mask(dashes)[labels], box_kernel(7, 7))
    return np.where(painted > 0, np.uint8(255), straight)
