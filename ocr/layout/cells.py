"""Table cells: the paper that ruled lines enclose.

Korean forms leave the left and right side of a table open; rules that begin (or end) below each
other, and are as long or joined, are taken for one table, and the side between them is closed.
"""

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from ocr.imaging.pixels import Mask, as_grey, as_mask, box_kernel, reduced_mask
from ocr.imaging.rules import Rules
from ocr.layout.boxes import Area

_WORKING_DPI = 100
_ROW_BREAK_INCHES = 0.6  # a rule's gap where it faded, or where a stroke or a fold crossed it
_COLUMN_BREAK_INCHES = 0.25
_SAME_END_INCHES = 0.1
_JOINED = 0.8  # of the height between two rules that a vertical one fills, or of their width
_SMALLEST_INCHES = 0.1
_FILLED = 0.8  # of its rectangle; an L-shaped rest of a page is no cell
_LARGEST = 0.7  # of the page; a frame round everything is no cell


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a page, and which pixels belong to each.

    Attributes:
        areas: each cell's rectangle in pixels of the page.
        labels: the page at `scale`; 0 outside every cell, else the cell's place in `areas` + 1.
        columns: the vertical rules at `scale`, closed where they were broken.
    """

    areas: tuple[Area, ...]
    labels: npt.NDArray[np.int32]
    columns: Mask
    scale: float

    def at(self, area: Area) -> int | None:
        """Return the place of the cell that holds the middle of an area; None outside of all."""
        height, width = self.labels.shape
        x = min(int((area.x0 + area.x1) / 2 * self.scale), width - 1)
        y = min(int((area.y0 + area.y1) / 2 * self.scale), height - 1)
        label = int(self.labels[y, x])
        return label - 1 if label else None


def find_cells(rules: Rules, dpi: int) -> Cells:
    """Return the cells of a straightened page from its rules."""
    rows = reduced_mask(rules.rows, dpi, _WORKING_DPI)
    columns = reduced_mask(rules.columns, dpi, _WORKING_DPI)
    along, down = (round(x * _WORKING_DPI) for x in (_ROW_BREAK_INCHES, _COLUMN_BREAK_INCHES))
    rows = as_grey(cv2.morphologyEx(rows, cv2.MORPH_CLOSE, box_kernel(along, 1)))
    columns = as_grey(cv2.morphologyEx(columns, cv2.MORPH_CLOSE, box_kernel(1, down)))
    scale = min(_WORKING_DPI / dpi, 1.0)
    near = box_kernel(1, round(_SMALLEST_INCHES * _WORKING_DPI))
    ruled = cv2.morphologyEx(cv2.bitwise_or(rows, columns), cv2.MORPH_CLOSE, near)
    paper = as_mask((ruled == 0) & (_open_sides(rows, columns) == 0))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(paper, connectivity=4)
    places = np.zeros(count, np.int32)
    areas: list[Area] = []
    for label in range(1, count):
        x, y, w, h, size = (int(value) for value in stats[label])
        is_cell = (
            min(w, h) >= _SMALLEST_INCHES * _WORKING_DPI
            and size >= _FILLED * w * h
            and w * h <= _LARGEST * paper.size
        )
        if is_cell:
            areas.append(Area(*(round(side / scale) for side in (x, y, x + w, y + h))))
            places[label] = len(areas)
    return Cells(tuple(areas), places[labels], columns, scale)


def _open_sides(rows: Mask, columns: Mask) -> Mask:
    """Return the sides that close a table between rules that begin or end below each other.

    Rules of one table are as long as each other, or joined by a vertical rule: blanks to fill in,
    underlined one below the other, are no table.
    """
    closing = np.zeros_like(rows)
    _, _, stats, _ = cv2.connectedComponentsWithStats(rows, connectivity=8)
    found = sorted((Area(x, y, x + w, y + h) for x, y, w, h in stats[1:, :4].tolist()), key=_top)
    tolerance = _SAME_END_INCHES * _WORKING_DPI
    for side in ("x0", "x1"):
        ends: dict[int, list[Area]] = {}
        for rule in found:
            end = getattr(rule, side)
            known = next((place for place in ends if abs(place - end) <= tolerance), end)
            ends.setdefault(known, []).append(rule)
        for below in ends.values():
            for upper, lower in pairwise(below):
                start, stop = (
                    (min(getattr(rule, side), rows.shape[1] - 1), (rule.y0 + rule.y1) // 2)
                    for rule in (upper, lower)
                )
                parted = any(
                    _lies_between(rule, upper, lower) for rule in found if rule not in below
                )
                if not parted and _are_one_table(upper, lower, columns, tolerance):
                    cv2.line(closing, start, stop, (255,), 1)
    return as_grey(closing)


def _top(area: Area) -> int:
    return area.y0


def _lies_between(rule: Area, upper: Area, lower: Area) -> bool:
    """Tell whether two rules have a third between them that is as long as what they share."""
    shared = upper.overlap_x(lower)
    across = min(rule.x1, upper.x1, lower.x1) - max(rule.x0, upper.x0, lower.x0)
    return upper.y1 < rule.y0 and rule.y1 < lower.y0 and across >= _JOINED * shared


def _are_one_table(upper: Area, lower: Area, columns: Mask, tolerance: float) -> bool:
    """Tell whether two rules are equally long, or a vertical rule joins them."""
    if abs(upper.x0 - lower.x0) <= tolerance and abs(upper.x1 - lower.x1) <= tolerance:
        return True
    between = columns[
        (upper.y0 + upper.y1) // 2 : (lower.y0 + lower.y1) // 2,
        max(upper.x0, lower.x0) : min(upper.x1, lower.x1),
    ]
    return bool(between.size and (between.mean(axis=0) >= _JOINED * 255).any())
