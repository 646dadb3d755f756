"""What a document says, sorted for its form: each field once, each line of the record once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ocr.rendition.forms import FormCell, Part, letters
from records.taxonomy import load_taxonomy
from records.values import Document, Field, PageText

_SEX = {"M": "남 Male (M)", "F": "여 Female (F)"}
_SHORT = 8
_LONGEST_LABEL = 60


@dataclass(frozen=True, slots=True)
class Said:
    """A line of the record: what it announces ("" where nothing), and what it says."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Contents:
    """A document for its form.

    `cells`: text by name of a cell; `tables`: rows by name; `placed`: names that the form has a
    place for. `written`: lines whose values stand in the form in another spelling; `rest`: the
    lines that the form has no place for.
    """

    cells: Mapping[str, str]
    tables: Mapping[str, tuple[Mapping[str, object] | str, ...]]
    placed: frozenset[str]
    written: tuple[Said, ...]
    rest: tuple[Said, ...]


def contents_of(
    document: Document, pages: Iterable[PageText], form: Iterable[Part], tables: Iterable[str]
) -> Contents:
    """Sort what a document says; whatever is no field and has no cell is `rest`."""
    announced = {cell.name: cell.lines for part in form for cell in _cells(part) if cell.lines}
    placed = {cell.name for part in form for cell in _cells(part)}
    rows = {
        key: tuple(field.value)
        for key in tables
        if (field := document.fields.get(key)) and isinstance(field.value, list)
    }
    cells = {
        key: told(key, field.value) for key, field in document.fields.items() if key not in rows
    }
    printed = {
        piece for field in document.fields.values() for piece in map(_bare, _pieces(field)) if piece
    }
    title = load_taxonomy().name(document.type)
    written: list[Said] = []
    rest: list[Said] = []
    for page in pages:
        for line in page.lines:
            said = _said(line.text)
            if _bare(said.text) in printed:
                written.append(said)
            elif name := _announces(said.label, announced):
                cells[name] = f"{cells[name]}\n{said.text}" if name in cells else said.text
            elif line.text != title:
                rest.append(said)
    plain = {key: tuple(_row(row) for row in found) for key, found in rows.items()}
    return Contents(cells, plain, frozenset(placed), tuple(written), tuple(rest))


def told(key: str, value: object) -> str:
    """A value as a form shows it: won with commas, sex in words, a list a line or a row."""
    if isinstance(value, list):
        parts = [told(key, part) for part in value]
        return (", " if all(len(part) <= _SHORT for part in parts) else "\n").join(parts)
    if isinstance(value, Mapping):
        return "  ".join(f"{name} {part}" for name, part in value.items() if part not in (None, ""))
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}원" if key.endswith("_amount") else str(value)
    text = str(value)
    return _SEX.get(text, text) if key == "sex" else text


def _row(row: object) -> Mapping[str, object] | str:
    return row if isinstance(row, Mapping) else str(row)


def _cells(part: Part) -> tuple[FormCell, ...]:
    return tuple(cell for row in part.rows for cell in row) or (part.cell,)


def _pieces(field: Field) -> list[str]:
    return [field.printed, *field.printed.splitlines()]


def _bare(text: str) -> str:
    return " ".join(text.split())


def _said(line: str) -> Said:
    label, colon, text = line.partition(": ")
    if colon and 0 < len(label) <= _LONGEST_LABEL:
        return Said(label, text)
    return Said("", line)


def _announces(label: str, announced: Mapping[str, frozenset[str]]) -> str:
    key = letters(label)
    return next((name for name, known in announced.items() if key and key in known), "")
