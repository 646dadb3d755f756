"""A row of an EMR table becomes one document.

Nothing was misread in a row, but its form must still be known, and its values must still be values.
"""

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from classifiers.field_values import joined, value_of
from classifiers.fields.page_fields import derived_fields
from classifiers.kind import KindGuess, judge
from classifiers.letters import compact
from classifiers.page_facts import look
from classifiers.plain_pages import plain_page
from classifiers.ruleset import load_headers
from classifiers.stack import setting_of
from classifiers.titles import named_kind
from records.date_form import date_form
from records.emr_mapping import KIND, TableMapping
from records.ids import document_id
from records.taxonomy import load_taxonomy
from records.values import Document, Field, Institution, PageText

_COLUMN_FITS = 0.99
_CLEARLY_NAMED = 0.93
_CLEAR = 0.98
_LIKELY = 0.75


def document_of_row(
    batch_id: str,
    stack_id: str,
    page_id: str,
    row: Mapping[str, str],
    mapping: TableMapping | None = None,
) -> tuple[Document, PageText]:
    """Return the document that one row is, and its text, one `header: value` a line of a value.

    The kind comes from a column that names the form, else from the mapping, else from what the row
    says; a row whose kind nothing tells is `none`, unsure.
    """
    said = {header: value.strip() for header, value in row.items() if value and value.strip()}
    lines = (f"{header}: {line}" for header, value in said.items() for line in value.splitlines())
    page = plain_page(page_id, lines, "row")
    cells = tuple(_mapped(said, mapping) if mapping else _by_alias(said))
    guess = _kind(cells, mapping, page)
    document = Document(
        id=document_id(batch_id, (page_id,)),
        batch_id=batch_id,
        stack_id=stack_id,
        pages=(page_id,),
        type=guess.kind,
        type_confidence=guess.confidence,
        boundary_confidence=_COLUMN_FITS,
        fields=_fields(cells, page_id),
        evidence=guess.evidence,
        taxonomy=load_taxonomy().version,
        origin="emr",
    )
    return document, page


@dataclass(frozen=True, slots=True)
class _Cell:
    """One column's value: of which field (or `kind`), as printed, and as it is meant."""

    field: str
    printed: str
    meant: str


def _by_alias(row: Mapping[str, str]) -> Iterator[_Cell]:
    headers = load_headers()
    for header, value in row.items():
        letters = compact(header)
        if letters in headers.kind:
            yield _Cell(KIND, value, value)
        elif letters in headers.fields:
            yield _Cell(headers.fields[letters], value, value)


def _mapped(row: Mapping[str, str], mapping: TableMapping) -> Iterator[_Cell]:
    for column in mapping.columns:
        printed = row.get(column.name, "")
        if not printed or not column.field:
            continue
        meant = column.codes.get(printed, "") if column.codes else printed
        if column.date:
            form = date_form(column.date)
            day = form.read(meant, mapping.latest_year) if form else None
            meant = day.isoformat() if day else ""
        if meant:
            yield _Cell(column.field, printed, meant)


def _kind(cells: Iterable[_Cell], mapping: TableMapping | None, page: PageText) -> KindGuess:
    for cell in cells:
        if cell.field == KIND and (named := _named(cell.meant)) is not None:
            return named
    if mapping is not None and mapping.kind:
        return KindGuess(mapping.kind, _CLEAR, ("mapping.kind",))
    facts = look(page, setting_of(Institution(code="", name="")))
    return judge((), [facts.signs])


@functools.lru_cache(maxsize=1024)
def _named(value: str) -> KindGuess | None:
    """The kind that a value names; a table names the same few again and again."""
    if value in load_taxonomy().kinds:
        return KindGuess(value, _CLEAR, ("column.code",))
    if (named := named_kind(value)) is None:
        return None
    sure = _CLEAR if named.likeness >= _CLEARLY_NAMED else _LIKELY
    return KindGuess(named.kind, sure, ("column.title",))


def _fields(cells: Iterable[_Cell], page_id: str) -> Mapping[str, Field]:
    fields: dict[str, Field] = {}
    for cell in cells:
        key = cell.field
        value = None if key == KIND else value_of(key, cell.meant)
        if value is None or value == []:
            continue
        if key in fields and isinstance(value, list):
            value = joined(fields[key].value, value)
        elif key in fields:
            continue
        fields[key] = Field(value, cell.printed, _COLUMN_FITS, page_id, None, f"{key}.column")
    for key, field in derived_fields({key: [field] for key, field in fields.items()}):
        fields[key] = field
    return fields
