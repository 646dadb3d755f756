"""Gutters: the blank strips between panels that stand beside each other.

Where the sides of two boxes face each other with nothing between them, and no rule closes the
strip as it closes an empty cell, each box is read for itself.
"""

from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from ocr.imaging.pixels import Mask, as_grey, as_mask, box_kernel, reduced_mask
from ocr.imaging.rules import Rules
from ocr.layout.boxes import Area
from ocr.layout.cells import Cells

_WORKING_DPI = 150
_NARROWEST_INCHES = 0.02
_NARROWEST_SHADED_INCHES = 0.045  # beside a shaded area, whose side may be seen twice
_WIDEST_INCHES = 0.8
_NARROW_INCHES = 0.15  # so narrow, a rule at one end is that of a box, drawn on too far
_LEAST_HEIGHT_INCHES = 0.1  # that two sides share
_SAME_HEIGHT = 0.6  # of the shorter side
_SHARED_INCHES = 0.25  # is enough where they are near each other
_SAME_TOP_INCHES = 0.05
_HEAD_INCHES = 0.35  # a panel's head is lower
_END_INCHES = 0.02  # beyond the sides' ends, where a rule would close a cell
_BREAK_INCHES = 0.1
_WHITE_INCHES = 0.2  # from one thing to the next below it, across the page
_CROSSED = 0.7  # of its width; less is the tail of a rule
_OVER = 0.4  # of a line's height that it may reach into a gutter: a trace of a rule, a comma
_LEAN = 3  # working pixels that a rule may leave its row on its way across
_BESIDE_CELL_INCHES = 0.05
_SIDE_INCHES = 0.02  # a rule and its halo


def find_gutters(
    rules: Rules, shading: Rules, cells: Cells, lines: list[Area], dpi: int
) -> tuple[Area, ...]:
    """Return the strips between boxes beside each other, as high as they stay blank.

    What is blank within a cell, beside its side, is none.

    Args:
        rules: of the page.
        shading: the sides of its shaded areas.
        cells: of the page.
        lines: of text; one may reach a little into a gutter, none crosses it.
        dpi: of the page.
    """
    scale = min(_WORKING_DPI / dpi, 1.0)
    both = rules.joined(shading)
    rows = reduced_mask(both.rows, dpi, _WORKING_DPI)
    text = np.zeros_like(rows)
    for line in lines:
        place = _scaled(line, scale)
        inset = min(round(_OVER * place.height), place.width // 2)
        text[place.y0 : place.y1, place.x0 + inset : place.x1 - inset] = 255
    blank = _blank_rows(as_grey(cv2.bitwise_or(text, rows)))
    thick = as_grey(cv2.dilate(rows, box_kernel(1, _LEAN)))
    found: list[Area] = []
    of_rules, of_all = (
        _facing(reduced_mask(sides.columns, dpi, _WORKING_DPI), narrowest)
        for sides, narrowest in ((rules, _NARROWEST_INCHES), (both, _NARROWEST_SHADED_INCHES))
    )
    for strip in (_between(*sides) for sides in of_rules + of_all):
        gutter = _as_high_as_blank(strip, text, thick, blank)
        if (
            gutter
            and gutter not in found
            and not _pads_a_cell(_scaled(gutter, 1 / scale), cells, dpi)
        ):
            found.append(gutter)
    begun = [
        _between(left, right) for left, right in of_rules + of_all if _begin_together(left, right)
    ]
    parts = [part for gutter in _joined(found) for part in _parted(gutter, begun)]
    return tuple(_scaled(part, 1 / scale) for part in parts)


def _scaled(area: Area, scale: float) -> Area:
    return Area(*(round(side * scale) for side in (area.x0, area.y0, area.x1, area.y1)))


def _pads_a_cell(strip: Area, cells: Cells, dpi: int) -> bool:
    """Tell whether a strip is the blank beside one side of a cell that reaches on beyond it."""
    place = cells.at(strip)
    if place is None:
        return False
    cell, near = cells.areas[place], _BESIDE_CELL_INCHES * dpi
    if strip.y0 < cell.y0 - near or strip.y1 > cell.y1 + near:
        return False
    return (abs(cell.x0 - strip.x0) <= near) != (abs(cell.x1 - strip.x1) <= near)


def _joined(strips: list[Area]) -> list[Area]:
    """Join strips below each other that a single rule parts, drawn on from a box too far."""
    joined: list[Area] = []
    for strip in sorted(strips, key=lambda strip: strip.y0):
        above = next(
            (
                other
                for other in joined
                if other.overlap_x(strip) > 0
                and -_BREAK_INCHES * _WORKING_DPI <= other.overlap_y(strip) <= 0
            ),
            None,
        )
        if above:
            joined.remove(above)
            sides = max(above.x0, strip.x0), min(above.x1, strip.x1)
            joined.append(Area(sides[0], above.y0, sides[1], strip.y1))
        else:
            joined.append(strip)
    return joined


def _facing(columns: Mask, narrowest: float) -> list[tuple[Area, Area]]:
    """Return each vertical rule with those to its right that face it."""
    breaks = box_kernel(1, round(_BREAK_INCHES * _WORKING_DPI))
    whole = as_grey(cv2.morphologyEx(columns, cv2.MORPH_CLOSE, breaks))
    _, _, stats, _ = cv2.connectedComponentsWithStats(whole, connectivity=8)
    least = _LEAST_HEIGHT_INCHES * _WORKING_DPI
    sides = [Area(x, y, x + w, y + h) for x, y, w, h in stats[1:, :4].tolist() if h >= least]
    least_width, most_width = (x * _WORKING_DPI for x in (narrowest, _WIDEST_INCHES))
    return [
        (left, right)
        for left in sides
        for right in sides
        if least_width <= right.x0 - left.x1 <= most_width
        and left.overlap_y(right) >= max(least, _least_shared(left, right))
    ]


def _least_shared(left: Area, right: Area) -> float:
    """Return how much of their height two sides must share; worn ones are found in pieces."""
    same = _SAME_HEIGHT * min(left.height, right.height)
    narrow = right.x0 - left.x1 <= _NARROW_INCHES * _WORKING_DPI
    return min(same, _SHARED_INCHES * _WORKING_DPI) if narrow else same


def _between(left: Area, right: Area) -> Area:
    """Return the strip between two sides, as high as they face each other."""
    return Area(left.x1, max(left.y0, right.y0), right.x0, min(left.y1, right.y1))


def _begin_together(left: Area, right: Area) -> bool:
    """Tell whether two sides begin at one height: two panels begin there."""
    return abs(left.y0 - right.y0) <= _SAME_TOP_INCHES * _WORKING_DPI


def _parted(gutter: Area, begun: list[Area]) -> list[Area]:
    """Part a gutter where panels begin on both sides of it, below others, their heads first."""
    near = _BESIDE_CELL_INCHES * _WORKING_DPI
    tops = sorted(
        strip.y0
        for strip in begun
        if abs(strip.x0 - gutter.x0) <= near
        and abs(strip.x1 - gutter.x1) <= near
        and gutter.y0 < strip.y0 < gutter.y1
    )
    head = _HEAD_INCHES * _WORKING_DPI
    apart = tops[:1] + [top for above, top in pairwise(tops) if top - above > head]
    ends = [gutter.y0, *apart, gutter.y1]
    return [Area(gutter.x0, y0, gutter.x1, y1) for y0, y1 in pairwise(ends)]


def _as_high_as_blank(
    strip: Area, text: Mask, rows: Mask, blank: npt.NDArray[np.bool_]
) -> Area | None:
    """Return a strip grown up and down to what fills it, or to white across the page.

    None where it is not blank.
    """
    inset = min(round(_SIDE_INCHES * _WORKING_DPI), (strip.width - 1) // 2)
    beyond = round(_END_INCHES * _WORKING_DPI)
    columns = np.s_[strip.x0 + inset : strip.x1 - inset]
    ruled = rows[:, columns].mean(axis=1) >= _CROSSED * 255
    closed = [bool(ruled[max(y - beyond, 0) : y + beyond].any()) for y in (strip.y0, strip.y1)]
    if all(closed) or (any(closed) and strip.width > _NARROW_INCHES * _WORKING_DPI):
        return None
    blocked = text[:, columns].any(axis=1) | ruled
    inside = strip.y0 + beyond, strip.y1 - beyond
    if blocked[slice(*inside)].any():
        return None
    ends = np.flatnonzero(blocked | blank)
    above, below = ends[ends < inside[0]], ends[ends >= inside[1]]
    top = int(above[-1]) + 1 if above.size else 0
    bottom = int(below[0]) if below.size else len(blocked)
    return Area(strip.x0, top, strip.x1, bottom)


def _blank_rows(filled: Mask) -> npt.NDArray[np.bool_]:
    """Return the rows of a page in the middle of wide white between what stands on it."""
    white = as_mask(np.asarray(filled.any(axis=1)) == 0)[:, None]
    wide = box_kernel(1, round(_WHITE_INCHES * _WORKING_DPI))
    return np.asarray(cv2.erode(white, wide)[:, 0] > 0)
