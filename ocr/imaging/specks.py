"""Specks and dust lines: removed only where they are."""

import cv2
import numpy as np

from ocr.imaging.ink import ink_mask
from ocr.imaging.pixels import Grey, as_grey, box_kernel

_SPECK_INCHES = 0.012  # side of the largest speck; a 9 pt full stop is 0.017
_SPECKS_PER_SQUARE_INCH = 3.0
_DUST_WIDTH_INCHES = 0.03
_FAINT = (4, 90)  # how much darker than its surroundings a dust line is


def without_specks(evened: Grey, dpi: int) -> Grey:
    """Return the page without its specks, if it is a page with specks; else the page."""
    side = max(round(_SPECK_INCHES * dpi), 1)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink_mask(evened), connectivity=8)
    small = (stats[:, cv2.CC_STAT_WIDTH] <= side) & (stats[:, cv2.CC_STAT_HEIGHT] <= side)
    if small.sum() < _SPECKS_PER_SQUARE_INCH * evened.size / dpi**2:
        return evened
    specks = cv2.dilate(as_grey(np.where(small, 255, 0))[labels], box_kernel(3, 3))
    cleaned = evened.copy()
    cleaned[specks > 0] = 255
    return cleaned


def without_dust_lines(grey: Grey, dpi: int) -> Grey:
    """Return the page without the faint straight lines that dust on the glass draws.

    A line of dust runs from one end of the sheet to the other, so it shows in the median of its
    column (or row). Print on it is made lighter by as much as the line is darker than its
    neighbours, and stays.
    """
    lifted = _without_columns(grey, dpi)
    return as_grey(_without_columns(as_grey(lifted.T), dpi).T)


def _without_columns(grey: Grey, dpi: int) -> Grey:
    sampled = grey[:: max(grey.shape[0] // 400, 1)]
    medians = np.median(sampled, axis=0).astype(np.uint8)[np.newaxis]
    width = max(round(_DUST_WIDTH_INCHES * dpi), 3)
    surroundings = cv2.morphologyEx(medians, cv2.MORPH_CLOSE, box_kernel(width, 1))
    depth = cv2.subtract(surroundings, medians)[0]
    depth[(depth < _FAINT[0]) | (depth > _FAINT[1])] = 0
    if not depth.any():
        return grey
    lifted = grey.copy()
    columns = np.flatnonzero(depth)
    lifted[:, columns] = cv2.add(
        grey[:, columns], np.broadcast_to(depth[columns], (grey.shape[0], columns.size)).copy()
    )
    return lifted
