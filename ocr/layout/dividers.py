"""Dividers: upright rules that part what stands beside each other where no cell is closed."""

import cv2
import numpy as np
import numpy.typing as npt

from ocr.imaging.pixels import Mask, as_grey, box_kernel, reduced_mask
from ocr.imaging.rules import Rules
from ocr.layout.boxes import Area, around
from ocr.layout.cells import Cells
from ocr.layout.rows import rows_by_height, share_rows

_WORKING_DPI = 100
_LEAST_HEIGHT_INCHES = 0.25
_BREAK_INCHES = 0.25
_BESIDE_INCHES = 0.08  # from a divider, where the cell beside it is looked up
_ENDS_INCHES = 0.06  # of a divider, where rules across may begin and end
_REACH_INCHES = 0.05  # above and below it that belongs to what it parts
_WIDTH_INCHES = 0.02
_REST_INCHES = 0.04  # wide: what is left of the rule
_OVER = 0.3  # of a line's height that it may reach over a divider
_TABLE_ROWS = 3  # the fewest that make a table without rules between its rows


def find_dividers(rules: Rules, cells: Cells, lines: list[Area], dpi: int) -> tuple[Area, ...]:
    """Return the strips along upright rules that part open panels, as high as these.

    A label above its value stands in such a panel. Beside a rule that closes a cell, and in a table
    that has upright rules only, is none.

    Args:
        rules: of the page.
        cells: of the page.
        lines: of text.
        dpi: of the page.
    """
    rows, columns = (reduced_mask(m, dpi, _WORKING_DPI) for m in (rules.rows, rules.columns))
    scale = min(_WORKING_DPI / dpi, 1.0)
    breaks = box_kernel(1, round(_BREAK_INCHES * _WORKING_DPI))
    whole = cv2.subtract(cv2.morphologyEx(columns, cv2.MORPH_CLOSE, breaks), rows)
    _, _, stats, _ = cv2.connectedComponentsWithStats(as_grey(whole), connectivity=8)
    found = []
    for x, y, width, height in stats[1:, :4].tolist():
        if height < _LEAST_HEIGHT_INCHES * _WORKING_DPI:
            continue
        rule = Area(*(round(side / scale) for side in (x, y, x + width, y + height)))
        if _closes_a_cell(rule, cells, dpi) or _is_met(rows, x, y, width, height):
            continue
        top, bottom = (round(y / scale) for y in _reach(rows, x + width // 2, y, y + height))
        own = [
            line
            for line in lines
            if top <= (line.y0 + line.y1) // 2 < bottom
            and not (line.width <= _REST_INCHES * dpi and line.overlap_x(rule) > 0)
        ]
        if own and _parts(rule, own):
            middle, half = (rule.x0 + rule.x1) // 2, round(_WIDTH_INCHES * dpi / 2)
            ends = [side for line in own for side in (line.y0, line.y1)]
            strip = min(rule.y0, *ends), max(rule.y1, *ends)
            found.append(Area(middle - half, strip[0], middle + half, strip[1]))
    return tuple(found)


def _closes_a_cell(rule: Area, cells: Cells, dpi: int) -> bool:
    """Tell whether different cells, or a cell and none, lie left and right of a rule."""
    beside, middle = round(_BESIDE_INCHES * dpi), (rule.y0 + rule.y1) // 2
    sides = (
        cells.at(Area(x, middle, x, middle)) for x in (max(rule.x0 - beside, 0), rule.x1 + beside)
    )
    left, right = sides
    return left != right


def _is_met(rows: Mask, x: int, y: int, width: int, height: int) -> bool:
    """Tell whether a rule across ends at an upright one between its ends: that is a table's."""
    near, ends = (round(inches * _WORKING_DPI) for inches in (_BESIDE_INCHES, _ENDS_INCHES))
    return bool(rows[y + ends : y + height - ends, max(x - near, 0) : x + width + near].any())


def _reach(rows: Mask, x: int, top: int, bottom: int) -> tuple[int, int]:
    """Return how far up and down a divider counts: a little on, not over the next rule."""
    reach = round(_REACH_INCHES * _WORKING_DPI)
    ruled: npt.NDArray[np.bool_] = rows[:, x] > 0
    above, below = np.flatnonzero(ruled[:top]), np.flatnonzero(ruled[bottom:])
    return (
        max(top - reach, int(above[-1]) + 1 if above.size else 0),
        min(bottom + reach, bottom + int(below[0]) if below.size else len(ruled)),
    )


def _parts(rule: Area, lines: list[Area]) -> bool:
    """Tell whether lines stand on both sides of a rule, none over it, and are no table's rows."""
    left = [line for line in lines if line.x1 <= rule.x0 + _OVER * line.height]
    right = [line for line in lines if line.x0 >= rule.x1 - _OVER * line.height]
    if not left or not right or len(left) + len(right) < len(lines):
        return False
    sides = [
        [around(side[place] for place in row) for row in rows_by_height(range(len(side)), side)]
        for side in (left, right)
    ]
    is_table = (
        min(map(len, sides)) >= _TABLE_ROWS
        and share_rows(sides[0], sides[1])
        and share_rows(sides[1], sides[0])
    )
    return not is_table and max(map(len, sides)) > 1
