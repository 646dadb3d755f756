"""The order in which a person reads: a label with its value, a table row by row, columns apart.

What stands on a page is cut apart at clear gaps, first across, then down, until nothing is left
to cut (XY-cut, Nagy and Seth 1984). A cell is never cut, so what spans several rows is read
before the rows beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, median_low

from ocr.layout.boxes import Area, around
from ocr.layout.cells import Cells
from ocr.layout.rows import Row, are_spread, rows_by_height, share_rows

_SLACK = 0.12  # of a block's height that two rows may share
_MOST_SLACK = 2.0  # times the usual block's height that counts for slack
_COLUMN_LINES = 5  # the fewest beside each other that make columns of text
_COLUMN_WIDTH = 0.3  # of both columns and their gutter
_TEXT_WIDTH = 12  # times a line's height: labels and their values are shorter
_OVER = 0.7  # of a line's height that it reaches over a side, on either hand
_INTO = 0.4  # of its height that a line may reach into a gutter
_LABELS = 2  # the fewest below each other that make a column of labels
_BESIDE = 0.8  # of a band's height
_FULL = 0.85  # of its column's width: a line that was broken because the column ended
_FULL_LINES = 0.6  # of both columns' lines


@dataclass(frozen=True, slots=True)
class _Block:
    """A cell with its lines, or one line outside every cell."""

    area: Area
    lines: tuple[int, ...]


def reading_order(lines: Sequence[Area], cells: Cells, gutters: Sequence[Area] = ()) -> list[Row]:
    """Return the places of lines in reading order, those of one printed row together.

    Args:
        lines: where they stand.
        cells: of the same page.
        gutters: blank strips; what stands left of one is read before what stands right of it.
    """
    members: dict[int, list[int]] = {}
    blocks: list[_Block] = []
    crossed = _crossed(lines, cells)
    for place, area in enumerate(lines):
        cell = cells.at(area)
        if cell is None or cell in crossed:
            blocks.append(_Block(area, (place,)))
        else:
            members.setdefault(cell, []).append(place)
    for cell, places in members.items():
        blocks += _without_gutters(cells.areas[cell], places, lines, gutters)
    return _ordered(blocks, lines, gutters) if blocks else []


def _without_gutters(
    cell: Area, places: Sequence[int], lines: Sequence[Area], gutters: Sequence[Area]
) -> list[_Block]:
    """Return a cell as one block, or what stands left and right of a gutter through it as two."""
    for gutter in gutters:
        middle = gutter.x0 + gutter.x1
        left = [place for place in places if lines[place].x0 + lines[place].x1 < middle]
        right = [place for place in places if place not in left]
        if left and right and gutter.overlap_y(cell) >= _BESIDE * cell.height:
            before = Area(cell.x0, cell.y0, gutter.x0, cell.y1)
            after = Area(gutter.x1, cell.y0, cell.x1, cell.y1)
            return [
                *_without_gutters(before, left, lines, gutters),
                *_without_gutters(after, right, lines, gutters),
            ]
    return [_Block(around([cell, *(lines[place] for place in places)]), tuple(places))]


def _crossed(lines: Sequence[Area], cells: Cells) -> set[int]:
    """Return the cells over whose sides a line runs: there were no such sides."""
    return {
        place
        for place, cell in enumerate(cells.areas)
        for line in lines
        if cell.y0 <= (line.y0 + line.y1) // 2 < cell.y1
        and any(
            line.x0 + _OVER * line.height < x < line.x1 - _OVER * line.height
            for x in (cell.x0, cell.x1)
        )
    }


def _ordered(blocks: list[_Block], lines: Sequence[Area], gutters: Sequence[Area]) -> list[Row]:
    if len(blocks) == 1:
        return _inside(blocks[0], lines, gutters)
    across = _cut_across(blocks)
    bands = _beside_gutters(across, lines, gutters)
    if len(bands) == len(across):
        bands = _with_columns(across, lines)
    if len(bands) > 1:
        return [row for band in bands for row in _ordered(band, lines, gutters)]
    panels = _parted(blocks, lines, gutters)
    if len(panels) > 1:
        return [row for panel in panels for row in _ordered(panel, lines, gutters)]
    if len(across) == 1:
        for taken_apart in (_with_rows_of_cells, _with_values_of_labels):
            loose = taken_apart(blocks, lines)
            if len(loose) > len(blocks):
                return _ordered(loose, lines, gutters)
    columns = _cut_down(blocks)
    if len(across) == 1:
        columns = _in_rows(columns)
    if len(columns) > 1:
        return _side_by_side([_ordered(column, lines, gutters) for column in columns])
    return _uncut(blocks, lines, gutters)


def _uncut(blocks: list[_Block], lines: Sequence[Area], gutters: Sequence[Area]) -> list[Row]:
    """Order what no straight cut parts: cells that overlap by their lines, lines by height."""
    places = [place for block in blocks for place in block.lines]
    if len(places) > len(blocks):
        return _ordered([_Block(lines[place], (place,)) for place in places], lines, gutters)
    return rows_by_height(places, lines)


def _inside(block: _Block, lines: Sequence[Area], gutters: Sequence[Area]) -> list[Row]:
    if len(block.lines) == 1:
        return [block.lines]
    return _ordered([_Block(lines[place], (place,)) for place in block.lines], lines, gutters)


def _beside_gutters(
    bands: list[list[_Block]], lines: Sequence[Area], gutters: Sequence[Area]
) -> list[list[_Block]]:
    """Put bands together through which a gutter runs, from the first with print on both sides.

    Where none has, all of them: one side's lines may stand between the heights of the other's.
    """
    joined = list(bands)
    for gutter in gutters:
        beside = [n for n, band in enumerate(joined) if _runs_through(gutter, band, lines)]
        first = next((n for n in beside if len(_parted(joined[n], lines, [gutter])) > 1), None)
        if first is None and beside:
            whole = [block for band in joined[beside[0] : beside[-1] + 1] for block in band]
            first = beside[0] if len(_parted(whole, lines, [gutter])) > 1 else None
        if first is not None:
            last = beside[-1] + 1
            joined[first:last] = [[block for band in joined[first:last] for block in band]]
    return joined


def _runs_through(gutter: Area, band: Sequence[_Block], lines: Sequence[Area]) -> bool:
    """Tell whether a gutter is beside a band's lines, or parts them, over most of its height."""
    own = [lines[place] for block in band for place in block.lines]
    free = all(line.overlap_x(gutter) <= _INTO * line.height for line in own)
    whole = around(own)
    return free and gutter.overlap_y(whole) >= _BESIDE * whole.height


def _parted(
    blocks: list[_Block], lines: Sequence[Area], gutters: Sequence[Area]
) -> list[list[_Block]]:
    """Return what stands between gutters that run through, left to right."""
    cuts = [g.x0 + g.x1 for g in gutters if _runs_through(g, blocks, lines)]
    panels: dict[int, list[_Block]] = {}
    for block in blocks:
        text = around(lines[place] for place in block.lines)
        panels.setdefault(sum(cut < text.x0 + text.x1 for cut in cuts), []).append(block)
    return [panels[n] for n in sorted(panels)]


def _cut_across(blocks: list[_Block]) -> list[list[_Block]]:
    """Cut into bands, one below the other."""
    bands: list[list[_Block]] = []
    lowest: list[float] = []
    usual = median_low(block.area.height for block in blocks)
    for block in sorted(blocks, key=lambda block: block.area.y0 + block.area.y1):
        slack = _SLACK * min(block.area.height, _MOST_SLACK * usual)
        band, reach = [block], block.area.y1 - slack
        while bands and block.area.y0 + slack < lowest[-1]:
            band = bands.pop() + band
            reach = max(reach, lowest.pop())
        bands.append(band)
        lowest.append(reach)
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


def _with_rows_of_cells(blocks: list[_Block], lines: Sequence[Area]) -> list[_Block]:
    """Take cells apart whose lines stand in the rows of what is left of them, rules missing.

    Two cells of two lines beside each other stay: a label above its value.
    """
    rows = {
        block: [around(lines[place] for place in row) for row in rows_by_height(block.lines, lines)]
        for block in blocks
    }
    spread = [block for block in blocks if len(rows[block]) > 1 and are_spread(rows[block])]
    apart: set[_Block] = set()
    for block in spread:
        left = [other for other in blocks if other.area.x0 < block.area.x0]
        beside = blocks if len(rows[block]) > 2 else left
        ruled = [rows[other][0] for other in beside if len(rows[other]) == 1]
        columns = [b for b in spread if b in left and len(rows[b]) > 2 and len(rows[block]) > 2]
        before = ruled + [row for column in columns for row in rows[column]]
        if share_rows(rows[block], before):
            apart |= {block, *(b for b in columns if share_rows(rows[b], rows[block]))}
    return [
        part
        for block in blocks
        for part in (
            [_Block(lines[place], (place,)) for place in block.lines] if block in apart else [block]
        )
    ]


def _with_values_of_labels(blocks: list[_Block], lines: Sequence[Area]) -> list[_Block]:
    """Take a cell apart whose lines are values, each beside the middle of its lines a label.

    A label is one line in a column left of the cell; at least one value has several lines.
    """
    for block in blocks:
        labels = [
            lines[other.lines[0]]
            for other in blocks
            if len(other.lines) == 1 and lines[other.lines[0]].x1 <= block.area.x0
        ]
        if len(block.lines) <= len(labels) or len(labels) < _LABELS:
            continue
        values: list[list[int]] = [[] for _ in labels]
        for place in block.lines:
            middle = lines[place].y0 + lines[place].y1
            away = [abs(label.y0 + label.y1 - middle) for label in labels]
            values[away.index(min(away))].append(place)
        if all(
            own and share_rows([label], [around(lines[place] for place in own)])
            for label, own in zip(labels, values, strict=True)
        ):
            parts = [_Block(around(lines[p] for p in own), tuple(own)) for own in values]
            return [other for other in blocks if other is not block] + parts
    return blocks


def _in_rows(columns: list[list[_Block]]) -> list[list[_Block]]:
    """Put neighbouring columns together that stand in rows: a table beside a cell that spans it."""
    joined = [columns[0]]
    for column in columns[1:]:
        both = joined[-1] + column
        if len(joined[-1]) > 1 and len(_cut_across(both)) > 1:
            joined[-1] = both
        else:
            joined.append(column)
    return joined


def _with_columns(bands: list[list[_Block]], lines: Sequence[Area]) -> list[list[_Block]]:
    """Put bands together through which the gutter of two columns of text runs."""
    kept: list[list[_Block]] = []
    start = 0
    while start < len(bands):
        end = start + _COLUMN_LINES
        longest = 0
        while end <= len(bands) and _are_columns(
            [block for band in bands[start:end] for block in band], lines
        ):
            longest = end
            end += 1
        if longest and len(bands) > 1:
            kept.append([block for band in bands[start:longest] for block in band])
            start = longest
        else:
            kept.append(bands[start])
            start += 1
    return kept


def _are_columns(blocks: list[_Block], lines: Sequence[Area]) -> bool:
    columns = _cut_down(blocks)
    if len(columns) != 2:
        return False
    whole = around(block.area for block in blocks)
    full = of = 0
    for column in columns:
        rows = rows_by_height([place for block in column for place in block.lines], lines)
        text = [lines[place] for row in rows for place in row]
        width, height = around(text).width, median(line.height for line in text)
        if len(rows) < _COLUMN_LINES or width < max(
            _COLUMN_WIDTH * whole.width, _TEXT_WIDTH * height
        ):
            return False
        full += sum(sum(lines[place].width for place in row) >= _FULL * width for row in rows)
        of += len(rows)
    return full >= _FULL_LINES * of


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
