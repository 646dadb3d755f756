"""The order in which a person reads: a label with its value, a table row by row, columns apart.

What stands on a page is cut apart at clear gaps, first across, then down, until nothing is left
to cut (XY-cut, Nagy and Seth 1984). A cell is never cut, so what spans several rows is read
before the rows beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from ocr.layout.boxes import Area, around
from ocr.layout.cells import Cells

_SLACK = 0.12  # of a block's height that two rows may share
_MOST_SLACK = 2.0  # times the usual block's height that counts for slack
_COLUMN_LINES = 5  # the fewest beside each other that make columns of text
_COLUMN_WIDTH = 0.3  # of both columns and their gutter
_FULL = 0.85  # of its column's width: a line that was broken because the column ended
_FULL_LINES = 0.6  # of a column's lines


@dataclass(frozen=True, slots=True)
class _Block:
    """A cell with its lines, or one line outside every cell."""

    area: Area
    lines: tuple[int, ...]


Row = tuple[int, ...]
"""Places of lines that are read as one, left to right."""


def reading_order(lines: Sequence[Area], cells: Cells) -> list[Row]:
    """Return the places of lines in reading order, those of one printed row together."""
    members: dict[int, list[int]] = {}
    blocks: list[_Block] = []
    for place, area in enumerate(lines):
        cell = cells.at(area)
        if cell is None:
            blocks.append(_Block(area, (place,)))
        else:
            members.setdefault(cell, []).append(place)
    for cell, places in members.items():
        whole = around([cells.areas[cell], *(lines[place] for place in places)])
        blocks.append(_Block(whole, tuple(places)))
    return _ordered(blocks, lines) if blocks else []


def _ordered(blocks: list[_Block], lines: Sequence[Area]) -> list[Row]:
    if len(blocks) == 1:
        return _inside(blocks[0], lines)
    across = _cut_across(blocks)
    bands = _with_columns(across)
    if len(bands) > 1:
        return [row for band in bands for row in _ordered(band, lines)]
    columns = _cut_down(blocks)
    if len(across) == 1:
        columns = _in_rows(columns)
    if len(columns) > 1:
        return _side_by_side([_ordered(column, lines) for column in columns])
    return _by_height([place for block in blocks for place in block.lines], lines)


def _inside(block: _Block, lines: Sequence[Area]) -> list[Row]:
    if len(block.lines) == 1:
        return [block.lines]
    return _ordered([_Block(lines[place], (place,)) for place in block.lines], lines)


def _cut_across(blocks: list[_Block]) -> list[list[_Block]]:
    """Cut into bands, one below the other."""
    bands: list[list[_Block]] = []
    lowest = 0.0
    usual = median(block.area.height for block in blocks)
    for block in sorted(blocks, key=lambda block: block.area.y0 + block.area.y1):
        slack = _SLACK * min(block.area.height, _MOST_SLACK * usual)
        if bands and block.area.y0 + slack < lowest:
            bands[-1].append(block)
        else:
            bands.append([block])
        lowest = max(lowest, block.area.y1 - slack)
    return bands


def _cut_down(blocks: list[_Block]) -> list[list[_Block]]:
    """Cut into columns, left to right."""
    columns: list[list[_Block]] = []
    furthest = 0
    for block in sorted(blocks, key=lambda block: block.area.x0):
        if columns and block.area.x0 < furthest:
            columns[-1].append(block)
        else:
            columns.append([block])
        furthest = max(furthest, block.area.x1)
    return columns


def _in_rows(columns: list[list[_Block]]) -> list[list[_Block]]:
    """Put neighbouring columns together that stand in rows: a table beside a cell that spans it."""
    joined = [columns[0]]
    for column in columns[1:]:
        both = joined[-1] + column
        if min(len(joined[-1]), len(column)) > 1 and len(_cut_across(both)) > 1:
            joined[-1] = both
        else:
            joined.append(column)
    return joined


def _with_columns(bands: list[list[_Block]]) -> list[list[_Block]]:
    """Put bands together through which the gutter of two columns of text runs."""
    kept: list[list[_Block]] = []
    start = 0
    while start < len(bands):
        end = start + _COLUMN_LINES
        longest = 0
        while end <= len(bands) and _are_columns([b for band in bands[start:end] for b in band]):
            longest = end
            end += 1
        if longest and len(bands) > 1:
            kept.append([block for band in bands[start:longest] for block in band])
            start = longest
        else:
            kept.append(bands[start])
            start += 1
    return kept


def _are_columns(blocks: list[_Block]) -> bool:
    columns = _cut_down(blocks)
    if len(columns) != 2 or min(map(len, columns)) < _COLUMN_LINES:
        return False
    whole = around(block.area for block in blocks)
    for column in columns:
        width = around(block.area for block in column).width
        full = sum(block.area.width >= _FULL * width for block in column)
        if width < _COLUMN_WIDTH * whole.width or full < _FULL_LINES * len(column):
            return False
    return True


def _side_by_side(columns: list[list[Row]]) -> list[Row]:
    """Read columns one after the other; what follows a single row goes on in that row."""
    rows: list[Row] = []
    goes_on = False
    for column in columns:
        if goes_on:
            rows[-1] += column[0]
            rows.extend(column[1:])
        else:
            rows.extend(column)
        goes_on = len(column) == 1
    return rows


def _by_height(places: list[int], lines: Sequence[Area]) -> list[Row]:
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
