"""Rows of cells laid on pages, one under another; a row too tall goes on overleaf, never cut."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from ocr.rendition.paragraphs import TextLine

Colour = tuple[float, float, float]

_INK: Colour = (0.16, 0.2, 0.27)
_HAIR: Colour = (0.68, 0.71, 0.76)
_PAD_X, _PAD_Y = 5.0, 3.6
_LEAST_LINES = 2  # of a row that begins on one page and ends on the next
_UNDIVIDED = 110.0  # points; a row that is no taller goes overleaf whole
_BASELINE = 0.34  # of the type size, below the middle of a line


@dataclass(frozen=True, slots=True)
class Cell:
    """Lines of text in a column of a width in points, on paper or on a ground of a colour."""

    lines: tuple[TextLine, ...]
    width: float
    ground: Colour | None = None

    @property
    def height(self) -> float:
        """What its lines need, in points."""
        return sum(line.style.leading for line in self.lines)


@dataclass(frozen=True, slots=True)
class Row:
    """Cells beside each other.

    `above`: points of paper before it; `pad`: above and below the text of a ruled row. `heads`
    stand again on top of a page where it begins or goes on. `keep`: it does not end a page.
    """

    cells: tuple[Cell, ...]
    ruled: bool = True
    above: float = 0.0
    least: float = 20.0
    heads: tuple["Row", ...] = ()
    keep: bool = False
    pad: float = _PAD_Y

    @property
    def padding(self) -> float:
        """Points above and below the text, together."""
        return 2 * self.pad if self.ruled else 0.0

    @property
    def height(self) -> float:
        """Points from top to bottom, `above` not counted."""
        return max(self.least, self.padding + max(cell.height for cell in self.cells))


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text; `x`, `y`: left end of its baseline, in points from the top left corner."""

    x: float
    y: float
    line: TextLine


@dataclass(frozen=True, slots=True)
class Patch:
    """A filled rectangle: a ground, or a rule where it is thin."""

    x: float
    y: float
    width: float
    height: float
    colour: Colour


@dataclass
class Page:
    """What stands on one page; patches lie under texts."""

    patches: list[Patch] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Area:
    """Where rows may stand, in points from the top left corner."""

    left: float
    top: float
    width: float
    bottom: float


def flow(rows: Sequence[Row], first: Area, others: Area) -> list[Page]:
    """Lay rows on as many pages as they need."""
    sheets = _Sheets(first, others)
    for place, row in enumerate(rows):
        after = rows[place + 1] if row.keep and place + 1 < len(rows) else None
        sheets.add(row, after)
    sheets.close_table()
    return sheets.pages


class _Sheets:
    def __init__(self, first: Area, others: Area) -> None:
        self.pages = [Page()]
        self._area = first
        self._others = others
        self._y = first.top
        self._table: tuple[float, float] | None = None  # left and right of the table that is open

    def add(self, row: Row, after: Row | None) -> None:
        if row.above:
            self.close_table()
            if self._y > self._area.top:
                self._y += row.above
        if not row.ruled:
            self.close_table()
        need = row.height + (_begun(after) if after else 0.0)
        if need > self._room:
            least = _begun(row) if after is None else need
            if least > self._room:
                self._turn(row.heads)
        while row.height > self._room:
            now, row = _split(row, self._room)
            self._draw(now, whole=False)
            self._turn(row.heads)
        self._draw(row, whole=True)

    def close_table(self) -> None:
        """Draw the strong rule under a table."""
        if self._table is not None:
            left, right = self._table
            self._patch(left, self._y - 0.4, right - left, 0.8, _INK)
            self._table = None

    @property
    def _room(self) -> float:
        return self._area.bottom - self._y

    def _turn(self, heads: Iterable[Row]) -> None:
        self.close_table()
        self.pages.append(Page())
        self._area = self._others
        self._y = self._area.top
        for head in heads:
            self._draw(head, whole=True)

    def _draw(self, row: Row, *, whole: bool) -> None:
        height = row.height
        x = self._area.left
        right = x + sum(cell.width for cell in row.cells)
        if row.ruled and self._table is None:
            self._patch(x, self._y - 0.4, right - x, 0.8, _INK)
            self._table = (x, right)
        elif row.ruled:
            self._patch(x, self._y - 0.2, right - x, 0.4, _HAIR)
        for place, cell in enumerate(row.cells):
            if cell.ground is not None:
                self._patch(x, self._y + 0.4, cell.width, height - 0.4, cell.ground)
            if row.ruled and place:
                self._patch(x - 0.2, self._y + 0.4, 0.4, height - 0.4, _HAIR)
            self._write(cell, x, height, row, centred=whole)
            x += cell.width
        self._y += height

    def _write(self, cell: Cell, x: float, height: float, row: Row, *, centred: bool) -> None:
        pad = _PAD_X if row.ruled else 0.0
        y = self._y + ((height - cell.height) / 2 if centred else row.padding / 2)
        for line in cell.lines:
            spare = cell.width - 2 * pad - line.width
            shift = {"left": 0.0, "center": spare / 2, "right": spare}[line.style.align]
            base = y + line.style.leading / 2 + line.style.size * _BASELINE
            if line.text:
                self.pages[-1].texts.append(Text(x + pad + shift, base, line))
            y += line.style.leading

    def _patch(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        self.pages[-1].patches.append(Patch(x, y, width, height, colour))


def _begun(row: Row) -> float:
    """Points that the least part of a row needs, with which it may begin on a page."""
    if row.height <= _UNDIVIDED:
        return row.height
    least = max(sum(line.style.leading for line in cell.lines[:_LEAST_LINES]) for cell in row.cells)
    return max(row.least, row.padding + least)


def _split(row: Row, room: float) -> tuple[Row, Row]:
    """What of a row stands in the room, and the rest; each cell goes on where it stopped."""
    room -= row.padding
    now, rest = [], []
    for cell in row.cells:
        kept, used = 0, 0.0
        for line in cell.lines:
            used += line.style.leading
            if used > room:
                break
            kept += 1
        now.append(replace(cell, lines=cell.lines[:kept]))
        rest.append(replace(cell, lines=cell.lines[kept:]))
    return replace(row, cells=tuple(now), least=0.0), replace(row, cells=tuple(rest), above=0.0)


def padded(width: float) -> float:
    """How wide a line may be in a ruled cell of a width."""
    return width - 2 * _PAD_X
