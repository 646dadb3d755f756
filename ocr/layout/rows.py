"""Lines that stand beside each other: what one row of print is, and whether rows match."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ocr.layout.boxes import Area

_SPREAD = 1.6  # of their height from line to line: not of one text
_SAME_ROW = 0.35  # of a line's height that the middles of one row differ at most

Row = tuple[int, ...]
"""Places of lines that are read as one, left to right."""


def rows_by_height(places: Sequence[int], lines: Sequence[Area]) -> list[Row]:
    """Read lines that no straight cut parts by the height of their middles."""
    rows: list[list[int]] = []
    for place in sorted(places, key=lambda place: lines[place].y0 + lines[place].y1):
        area = lines[place]
        if rows and all(
            area.overlap_y(lines[other]) >= 0.5 * min(area.height, lines[other].height)
            and area.overlap_x(lines[other]) <= 0
            for other in rows[-1]
        ):
            rows[-1].append(place)
        else:
            rows.append([place])
    return [tuple(sorted(row, key=lambda place: lines[place].x0)) for row in rows]


def are_spread(rows: Sequence[Area]) -> bool:
    """Tell whether lines lie further apart than those of running text."""
    middles = sorted(row.y0 + row.y1 for row in rows)
    height = median(row.height for row in rows)
    return all(below - above >= 2 * _SPREAD * height for above, below in pairwise(middles))


def share_rows(rows: Sequence[Area], beside: Sequence[Area]) -> bool:
    """Tell whether each line is as high on the page as one of others."""
    return all(
        any(
            abs(row.y0 + row.y1 - area.y0 - area.y1) <= 2 * _SAME_ROW * row.height
            for area in beside
        )
        for row in rows
    )
