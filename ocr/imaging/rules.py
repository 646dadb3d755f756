"""Ruled lines: painted out, the strokes that cross them left standing."""

import cv2
import numpy as np

from ocr.imaging.ink import ink_mask
from ocr.imaging.pixels import Grey, Mask, as_grey, box_kernel

_SHORTEST_ROW_INCHES = 0.5  # horizontal strokes of a 28 pt title are 0.3 long
_SHORTEST_COLUMN_INCHES = 0.32
_SHORTEST_THIN_INCHES = 0.22  # the sides of a lone table row, between its two rules
_THIN_INCHES = 0.014
_THICKEST_INCHES = 0.035
_WANDER = 1  # pixels a straightened rule may still leave its row within its shortest length
_HALO = 3  # pixels of grey on each side of a rule


def without_rules(straight: Grey, dpi: int) -> Grey:
    """Return a straightened page with its ruled lines painted white."""
    ink = ink_mask(straight)
    rows = _rules(ink, _SHORTEST_ROW_INCHES, _THICKEST_INCHES, dpi)
    standing = _turned(ink)
    long_columns = _rules(standing, _SHORTEST_COLUMN_INCHES, _THICKEST_INCHES, dpi)
    short_columns = _rules(standing, _SHORTEST_THIN_INCHES, _THIN_INCHES, dpi)
    sides = _between(short_columns, _turned(rows))
    columns = _turned(as_grey(cv2.bitwise_or(long_columns, sides)))
    rest = as_grey(cv2.subtract(ink, cv2.bitwise_or(rows, columns)))
    free_rows = cv2.subtract(rows, _crossed(rows, rest, dpi))
    free_columns = cv2.subtract(_turned(columns), _crossed(_turned(columns), _turned(rest), dpi))
    painted = (free_rows > 0) | (free_columns.T > 0)
    return np.where(painted, np.uint8(255), straight)


def _turned(mask: Mask) -> Mask:
    """Exchange rows and columns."""
    return np.ascontiguousarray(mask.T)


def _rules(ink: Mask, shortest: float, thickest: float, dpi: int) -> Mask:
    """Return long thin horizontal runs of ink, with the grey beside them."""
    thickened = cv2.dilate(ink, box_kernel(1, 1 + 2 * _WANDER))
    runs = cv2.morphologyEx(thickened, cv2.MORPH_OPEN, box_kernel(round(shortest * dpi), 1))
    too_thick = round(thickest * dpi) + 2 * _WANDER + 1
    panels = cv2.morphologyEx(runs, cv2.MORPH_OPEN, box_kernel(1, too_thick))
    beside = 1 + 2 * (_HALO - _WANDER)
    return as_grey(cv2.dilate(cv2.subtract(runs, panels), box_kernel(beside, beside)))


def _between(runs: Mask, ends: Mask) -> Mask:
    """Keep the horizontal runs that begin and end at one of `ends`: the sides of table cells."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    kept = np.zeros(count, np.uint8)
    for label in range(1, count):
        x, y, w, h = (int(value) for value in stats[label, :4])
        start = ends[y : y + h, max(x - _HALO, 0) : x + 2 * _HALO]
        end = ends[y : y + h, max(x + w - 2 * _HALO, 0) : x + w + _HALO]
        kept[label] = 255 * bool(start.any() and end.any())
    return as_grey(kept[labels])


def _crossed(rules: Mask, rest: Mask, dpi: int) -> Mask:
    """Return the pixels of horizontal rules that have other ink both above and below."""
    reach = round(_THICKEST_INCHES * dpi) + 2 * _HALO
    line = box_kernel(1, reach)
    under = cv2.dilate(rest, line, anchor=(0, reach - 1))
    over = cv2.dilate(rest, line, anchor=(0, 0))
    return as_grey(cv2.bitwise_and(rules, cv2.bitwise_and(under, over)))
