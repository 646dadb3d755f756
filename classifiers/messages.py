"""A record of an EMR message becomes one document.

The standard says what an element is; so a value is only asked whether it is a value at all.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from classifiers.emr_document import (
    CLEAR,
    LIKELY,
    Said,
    emr_document,
    kind_by_name,
    kind_by_text,
)
from classifiers.field_values import Value, value_of
from classifiers.kind import KindGuess
from classifiers.plain_pages import plain_page
from records.emr_record import EmrRecord, Statement
from records.taxonomy import load_taxonomy
from records.values import Document, PageText

_ROWS = frozenset({"drugs", "lab_rows"})


def document_of_record(
    batch_id: str, stack_id: str, page_id: str, record: EmrRecord
) -> tuple[Document, PageText]:
    """Return the document that one record is, and its text, one `label: what it says` a line.

    The kind is the record's, where the standard tells one; else its title's, else what it says.
    """
    page = replace(plain_page(page_id, _lines(record), "row"), parts=record.parts)
    guess = _kind(record, page)
    said = _said(record.statements)
    return emr_document(batch_id, stack_id, page, guess, said, record.identity), page


def _lines(record: EmrRecord) -> Iterator[str]:
    kind = load_taxonomy().kinds.get(record.kind)
    if kind is not None:
        yield kind.korean
    if record.title:
        yield record.title
    for statement in record.statements:
        for line in statement.printed.splitlines():
            yield f"{statement.label}: {line}" if statement.label else line


def _kind(record: EmrRecord, page: PageText) -> KindGuess:
    if record.kind:
        return KindGuess(record.kind, CLEAR if record.sure else LIKELY, (record.rule,))
    named = kind_by_name(record.title, "message.title") if record.title else None
    return named or kind_by_text(page)


def _said(statements: Iterable[Statement]) -> Iterator[Said]:
    for statement in statements:
        if key := statement.field:
            yield Said(key, statement.printed, _value(statement), f"{key}.{statement.element}")


def _value(statement: Statement) -> Value | None:
    if statement.field in _ROWS:
        return None if statement.row is None else [dict(statement.row)]
    if statement.field == "diagnoses":
        return [" ".join(statement.printed.split())]
    return value_of(statement.field, statement.printed)
