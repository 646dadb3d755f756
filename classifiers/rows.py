"""A row of an EMR table becomes one document: by its mapping, else by its column names."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from classifiers.column_shapes import is_file_name
from classifiers.emr_document import CLEAR, Said, emr_document, kind_by_name, kind_by_text
from classifiers.field_values import value_of
from classifiers.kind import KindGuess
from classifiers.letters import compact
from classifiers.plain_pages import plain_page
from classifiers.ruleset import load_headers
from records.date_form import date_form
from records.emr_identity import EmrIdentity
from records.emr_mapping import FILE, KIND, TableMapping
from records.taxonomy import load_taxonomy
from records.values import Attachment, Document, PageText


def document_of_row(
    batch_id: str,
    stack_id: str,
    page_id: str,
    row: Mapping[str, str],
    mapping: TableMapping | None = None,
    identity: EmrIdentity | None = None,
) -> tuple[Document, PageText]:
    """Return the document that one row is, and its text, one `header: value` a line of a value.

    The kind comes from a column that names the form, else from the mapping, else from what the row
    says; a row whose kind nothing tells is `none`, unsure. Files that it names are told as they are
    written; whether they are there is not known here.
    """
    said = {header: value.strip() for header, value in row.items() if value and value.strip()}
    lines = (f"{header}: {line}" for header, value in said.items() for line in value.splitlines())
    page = plain_page(page_id, lines, "row")
    cells = tuple(_mapped(said, mapping) if mapping else _by_alias(said))
    guess = _kind(cells, mapping, page)
    document = emr_document(batch_id, stack_id, page, guess, _said(cells), identity)
    return replace(document, attachments=_attachments(cells)), page


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
        elif letters in headers.file and is_file_name(value):
            yield _Cell(FILE, value, value)


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
        return KindGuess(mapping.kind, CLEAR, ("mapping.kind",))
    return kind_by_text(page)


def _named(value: str) -> KindGuess | None:
    if value in load_taxonomy().kinds:
        return KindGuess(value, CLEAR, ("column.code",))
    return kind_by_name(value, "column.title")


def _said(cells: Iterable[_Cell]) -> Iterator[Said]:
    for cell in cells:
        if cell.field not in (KIND, FILE):
            value = value_of(cell.field, cell.meant)
            yield Said(cell.field, cell.printed, value, f"{cell.field}.column")


def _attachments(cells: Iterable[_Cell]) -> tuple[Attachment, ...]:
    named = dict.fromkeys(cell.meant for cell in cells if cell.field == FILE)
    return tuple(Attachment(name) for name in named)
