"""A document's contents as rows of cells, in the order of its form."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from ocr.rendition.contents import Contents, Said, told
from ocr.rendition.flow import Cell, Colour, Row, padded
from ocr.rendition.forms import Column, FormCell, Forms, Part
from ocr.rendition.paragraphs import Style, TextLine, lines_of

BODY = Style()
SMALL = Style(size=7.0, leading=10.0, colour=(0.35, 0.38, 0.43))
_LABEL = Style(size=8.5, leading=11.5, weight="bold", colour=(0.2, 0.25, 0.33))
_ENGLISH = Style(size=6.0, leading=7.5, colour=(0.47, 0.51, 0.57))
_HEADING = Style(size=9.5, leading=14.0, weight="bold", colour=(0.13, 0.24, 0.4))
_GROUND: Colour = (0.945, 0.955, 0.968)
_LABEL_WIDTH = 78.0
_REST_LABEL_WIDTH = 112.0
_SMALL_LABEL_WIDTH = 84.0
_SMALL_PAD = 1.8
_GAP = 9.0
_SECTION = "[항목]"
_WRITTEN = FormCell("written", "원본에 적힌 그대로", "As written in the original")
_OTHERS = FormCell("others", "그 밖의 항목", "Further fields")


def rows_of(contents: Contents, form: Iterable[Part], forms: Forms, width: float) -> Iterator[Row]:
    """Yield the rows of a form `width` points wide; nothing that the contents hold is left out."""
    shown: set[str] = set()
    for part in form:
        match part.kind:
            case "grid":
                yield from _spaced(_grid(contents, part.rows, width, shown))
            case "box":
                yield from _spaced(_box(contents, part.cell, width, shown))
            case "table":
                yield from _spaced(_table(contents, part.cell, forms, width, shown))
            case _:
                left = [name for name in (*contents.cells, *contents.tables)
                        if name not in contents.placed]  # fmt: skip
                yield from _others(contents, left, forms, width, shown)
                yield from _said(part.cell, contents.rest, width)
    yield from _written(contents.written, width)


def label_cell(cell: FormCell, width: float) -> Cell:
    """The ground on which a form says what stands beside."""
    room = padded(width)
    korean = lines_of(cell.korean, _LABEL, room)
    return Cell((*korean, *lines_of(cell.english, _ENGLISH, room)), width, _GROUND)


def heading(cell: FormCell, width: float) -> Row:
    """The words above a table, which stay with it."""
    text = lines_of(f"{cell.korean}  {cell.english}", _HEADING, width)
    return Row((Cell(text, width),), ruled=False, above=_GAP, least=16.0, keep=True)


def pair_rows(pairs: Iterable[tuple[FormCell, str]], width: float) -> Iterator[Row]:
    """Label beside text, one pair a row."""
    room = width - _REST_LABEL_WIDTH
    for cell, text in pairs:
        value = Cell(lines_of(text, BODY, padded(room)), room)
        yield Row((label_cell(cell, _REST_LABEL_WIDTH), value), least=16.0)


def small_rows(pairs: Iterable[Said], width: float) -> Iterator[Row]:
    """Label beside text in small letters, two pairs a row where both are short."""
    held: tuple[Cell, ...] = ()
    for pair in pairs:
        half = _small(pair, width / 2)
        if any(len(cell.lines) > 1 for cell in half):
            if held:
                yield Row((*held, Cell((), width / 2)), least=12.0, pad=_SMALL_PAD)
            held = ()
            yield Row(_small(pair, width), least=12.0, pad=_SMALL_PAD)
        elif held:
            yield Row((*held, *half), least=12.0, pad=_SMALL_PAD)
            held = ()
        else:
            held = half
    if held:
        yield Row((*held, Cell((), width / 2)), least=12.0, pad=_SMALL_PAD)


def _small(pair: Said, width: float) -> tuple[Cell, ...]:
    room = width - _SMALL_LABEL_WIDTH
    label = lines_of(pair.label, SMALL, padded(_SMALL_LABEL_WIDTH))
    text = lines_of(pair.text, SMALL, padded(room))
    return Cell(label, _SMALL_LABEL_WIDTH, _GROUND), Cell(text, room)


def _spaced(rows: Iterable[Row]) -> Iterator[Row]:
    """A gap before the first row, so that each part is a table of its own."""
    for place, row in enumerate(rows):
        yield row if place else replace(row, above=row.above or _GAP)


def _grid(
    contents: Contents, rows: Iterable[Sequence[FormCell]], width: float, shown: set[str]
) -> Iterator[Row]:
    for row in rows:
        present = [c for c in row if c.name in contents.cells and c.name not in shown]
        if not present:
            continue
        shown.update(cell.name for cell in present)
        each = width / len(present)
        cells: list[Cell] = []
        for cell in present:
            text = lines_of(contents.cells[cell.name], BODY, padded(each - _LABEL_WIDTH))
            cells += [label_cell(cell, _LABEL_WIDTH), Cell(text, each - _LABEL_WIDTH)]
        yield Row(tuple(cells), least=24.0)


def _box(contents: Contents, cell: FormCell, width: float, shown: set[str]) -> Iterator[Row]:
    text = contents.cells.get(cell.name)
    if text is None or cell.name in shown:
        return
    shown.add(cell.name)
    label = lines_of(f"{cell.korean}  {cell.english}", _LABEL, padded(width))
    yield Row((Cell(label, width, _GROUND),), least=18.0, keep=True)
    yield Row((Cell(lines_of(text, BODY, padded(width)), width),), least=30.0)


def _table(
    contents: Contents, cell: FormCell, forms: Forms, width: float, shown: set[str]
) -> Iterator[Row]:
    rows = contents.tables.get(cell.name, ())
    if not rows or cell.name in shown:
        return
    shown.add(cell.name)
    columns = forms.tables[cell.name]
    if all(isinstance(row, str) for row in rows):
        columns = (Column("name", cell.korean, cell.english),)
    head = _head(columns, width)
    yield replace(head, keep=True)
    for row in rows:
        yield Row(tuple(_cells(row, columns, width)), least=18.0, heads=(head,))


def _head(columns: Iterable[Column], width: float) -> Row:
    label = replace(_LABEL, align="center")
    english = replace(_ENGLISH, align="center")
    cells = []
    for column in columns:
        room = padded(column.share * width)
        words = (*lines_of(column.korean, label, room), *lines_of(column.english, english, room))
        cells.append(Cell(words, column.share * width, _GROUND))
    return Row(tuple(cells), least=24.0)


def _cells(
    row: Mapping[str, object] | str, columns: Sequence[Column], width: float
) -> Iterator[Cell]:
    if isinstance(row, str):
        yield Cell(lines_of(row, BODY, padded(width)), width)
        return
    known = {column.key for column in columns}
    more = {key: value for key, value in row.items() if key not in known}
    for place, column in enumerate(columns):
        value = row.get(column.key)
        text = "" if value is None else told(column.key, value)
        if not place and (further := told("", more)):
            text = f"{text}\n{further}"
        strong = column.strong_if and row.get(column.strong_if)
        style = replace(BODY, align=column.align, weight="bold" if strong else "regular")
        yield Cell(lines_of(text, style, padded(column.share * width)), column.share * width)


def _others(
    contents: Contents, names: Iterable[str], forms: Forms, width: float, shown: set[str]
) -> Iterator[Row]:
    """Fields that the form has no place for."""
    left = [name for name in names if name not in shown]
    if not left:
        return
    yield heading(_OTHERS, width)
    for name in left:
        cell = forms.cells.get(name, FormCell(name, name, ""))
        if name in contents.tables and name in forms.tables:
            yield from _table(contents, cell, forms, width, shown)
        elif name in contents.tables:
            yield from pair_rows(((cell, told(name, row)) for row in contents.tables[name]), width)
        else:
            yield from pair_rows([(cell, contents.cells[name])], width)


def _written(lines: Iterable[Said], width: float) -> Iterator[Row]:
    """Lines whose values stand in the form, as they were written: equal labels together."""
    pairs = [
        Said(label, "\n".join(said.text for said in group))
        for label, group in groupby(lines, key=lambda said: said.label)
    ]
    if pairs:
        yield heading(_WRITTEN, width)
        yield from small_rows(pairs, width)


def _said(title: FormCell, lines: Sequence[Said], width: float) -> Iterator[Row]:
    """Lines of the record: label beside text, neighbours of one label together."""
    if not lines:
        return
    yield heading(title, width)
    for label, group in groupby(lines, key=lambda said: said.label):
        texts = [said.text for said in group]
        if label == _SECTION:
            for text in texts:
                words = lines_of(text, _LABEL, padded(width))
                yield Row((Cell(words, width, _GROUND),), least=16.0, keep=True)
        elif label:
            words = _lines(texts, padded(width - _REST_LABEL_WIDTH))
            name = lines_of(label, _LABEL, padded(_REST_LABEL_WIDTH))
            cells = (
                Cell(name, _REST_LABEL_WIDTH, _GROUND), Cell(words, width - _REST_LABEL_WIDTH)
            )  # fmt: skip
            yield Row(cells, least=16.0)
        else:
            yield Row((Cell(_lines(texts, padded(width)), width),), least=16.0)


def _lines(texts: Iterable[str], width: float) -> tuple[TextLine, ...]:
    return tuple(line for text in texts for line in lines_of(text, BODY, width))
