"""A record of an EMR message becomes one document.

The standard says what an element is; so a value is only asked whether it is a value at all.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from classifiers.field_values import joined, value_of
from classifiers.fields.page_fields import derived_fields
from classifiers.kind import KindGuess, judge
from classifiers.page_facts import look
from classifiers.plain_pages import plain_page
from classifiers.stack import setting_of
from classifiers.titles import named_kind
from records.emr_record import EmrRecord, Statement
from records.ids import document_id
from records.taxonomy import load_taxonomy
from records.values import Document, Field, Institution, PageText

_ELEMENT_FITS = 0.99
_CLEARLY_NAMED = 0.93
_CLEAR = 0.98
_LIKELY = 0.75
_ROWS = frozenset({"drugs", "lab_rows"})


def document_of_record(
    batch_id: str, stack_id: str, page_id: str, record: EmrRecord
) -> tuple[Document, PageText]:
    """Return the document that one record is, and its text, one `label: what it says` a line.

    The kind is the record's, where the standard tells one; else its title's, else what it says.
    """
    page = replace(plain_page(page_id, _lines(record), "row"), parts=record.parts)
    guess = _kind(record, page)
    document = Document(
        id=document_id(batch_id, (page_id,)),
        batch_id=batch_id,
        stack_id=stack_id,
        pages=(page_id,),
        type=guess.kind,
        type_confidence=guess.confidence,
        boundary_confidence=_ELEMENT_FITS,
        fields=_fields(record.statements, page_id),
        evidence=guess.evidence,
        taxonomy=load_taxonomy().version,
        origin="emr",
    )
    return document, page


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
        return KindGuess(record.kind, _CLEAR if record.sure else _LIKELY, (record.rule,))
    if record.title and (named := named_kind(record.title)) is not None:
        sure = _CLEAR if named.likeness >= _CLEARLY_NAMED else _LIKELY
        return KindGuess(named.kind, sure, ("message.title",))
    facts = look(page, setting_of(Institution(code="", name="")))
    return judge((), [facts.signs])


def _fields(statements: Iterable[Statement], page_id: str) -> Mapping[str, Field]:
    fields: dict[str, Field] = {}
    for statement in statements:
        key = statement.field
        if not key:
            continue
        value = _value(statement)
        if value is None or value == []:
            continue
        if key not in fields:
            rule = f"{key}.{statement.element}"
            fields[key] = Field(value, statement.printed, _ELEMENT_FITS, page_id, None, rule)
        elif isinstance(value, list):
            first = fields[key]
            both = f"{first.printed}\n{statement.printed}"
            fields[key] = Field(
                _more(key, first.value, value), both, _ELEMENT_FITS, page_id, None, first.rule
            )
    for key, field in derived_fields({key: [field] for key, field in fields.items()}):
        fields[key] = field
    return fields


def _more(key: str, first: str | int | list[object], more: list[object]) -> list[object]:
    """Rows are all kept: the same test twice is two results; a diagnosis twice is one."""
    if key in _ROWS and isinstance(first, list):
        return [*first, *more]
    return joined(first, more)


def _value(statement: Statement) -> str | int | list[object] | None:
    if statement.field in _ROWS:
        return None if statement.row is None else [dict(statement.row)]
    if statement.field == "diagnoses":
        return [" ".join(statement.printed.split())]
    return value_of(statement.field, statement.printed)
