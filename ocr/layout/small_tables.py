"""Small tables beside a page's head, such as the box for signatures at its right."""

from ocr.layout.boxes import Area, around
from ocr.layout.cells import Cells

_FEWEST_CELLS = 4
_TOUCHING_INCHES = 0.06  # from cell to cell, a rule between them
_WIDEST = 0.45  # of the page
_BESIDE = 0.3  # of a line's height that it shares with the table


def beside_small_tables(cells: Cells, lines: list[Area], dpi: int) -> tuple[Area, ...]:
    """Return the strips between small tables and the text at their left, as high as both.

    The text there is read first, then the table.

    Args:
        cells: of the page.
        lines: of text.
        dpi: of the page.
    """
    widest = _WIDEST * cells.labels.shape[1] / cells.scale
    free = [line for line in lines if cells.at(line) is None]
    strips = []
    for table in _tables(cells.areas, round(_TOUCHING_INCHES * dpi)):
        beside = [line for line in free if line.overlap_y(table) >= _BESIDE * line.height]
        if (
            beside
            and table.width <= widest
            and all(line.x1 <= table.x0 for line in beside)
            and not any(_is_beside(cell, table) for cell in cells.areas)
        ):
            whole = around([table, *beside])
            strips.append(Area(max(line.x1 for line in beside), whole.y0, table.x0, whole.y1))
    return tuple(strips)


def _tables(cells: tuple[Area, ...], reach: int) -> list[Area]:
    """Return where cells that touch each other stand."""
    groups: list[list[Area]] = []
    for cell in cells:
        grown = Area(cell.x0 - reach, cell.y0 - reach, cell.x1 + reach, cell.y1 + reach)
        near = [
            group
            for group in groups
            if any(grown.overlap_x(one) > 0 and grown.overlap_y(one) > 0 for one in group)
        ]
        groups = [group for group in groups if group not in near]
        groups.append([cell, *(one for group in near for one in group)])
    return [around(group) for group in groups if len(group) >= _FEWEST_CELLS]


def _is_beside(cell: Area, table: Area) -> bool:
    """Tell whether a cell of another table stands beside one."""
    return cell.overlap_y(table) > 0 and cell.overlap_x(table) <= 0
