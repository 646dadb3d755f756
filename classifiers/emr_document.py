"""One record of an EMR becomes one document, whether it is a table's row or a part of a message.

Nothing was misread in it; but its kind must be known, and its values must be values.
"""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from classifiers.field_values import Value, joined
from classifiers.fields.page_fields import derived_fields
from classifiers.kind import KindGuess, judge
from classifiers.page_facts import look
from classifiers.stack import setting_of
from classifiers.titles import named_kind
from records.emr_identity import EmrIdentity
from records.ids import document_id
from records.taxonomy import load_taxonomy
from records.values import Document, Field, Institution, PageText

CLEAR = 0.98
"""Of a kind that a code or the standard itself tells."""

LIKELY = 0.75
_FITS = 0.99
_CLEARLY_NAMED = 0.93


@dataclass(frozen=True, slots=True)
class Said:
    """One value that a record tells: of which field, as printed, and by which rule.

    `value` is None, or an empty list, where what is printed is no such value.
    """

    field: str
    printed: str
    value: Value | None
    rule: str


def emr_document(
    batch_id: str,
    stack_id: str,
    page: PageText,
    guess: KindGuess,
    said: Iterable[Said],
    identity: EmrIdentity | None = None,
) -> Document:
    """Return the document that one record is; `page` is its text."""
    return Document(
        id=document_id(batch_id, (page.page_id,)),
        batch_id=batch_id,
        stack_id=stack_id,
        pages=(page.page_id,),
        type=guess.kind,
        type_confidence=guess.confidence,
        boundary_confidence=_FITS,
        fields=_fields(said, page.page_id),
        evidence=guess.evidence,
        taxonomy=load_taxonomy().version,
        origin="emr",
        identity=identity,
    )


@functools.lru_cache(maxsize=1024)
def kind_by_name(name: str, evidence: str) -> KindGuess | None:
    """The kind that a title names; an export names the same few again and again."""
    if (named := named_kind(name)) is None:
        return None
    sure = CLEAR if named.likeness >= _CLEARLY_NAMED else LIKELY
    return KindGuess(named.kind, sure, (evidence,))


def kind_by_text(page: PageText) -> KindGuess:
    """The kind by what a record says, where nothing names it."""
    facts = look(page, setting_of(Institution(code="", name="")))
    return judge((), [facts.signs])


def _fields(said: Iterable[Said], page_id: str) -> Mapping[str, Field]:
    """One field a key: of single values the first, of lists all."""
    fields: dict[str, Field] = {}
    for one in said:
        value, printed, rule = one.value, one.printed, one.rule
        if value is None or value == []:
            continue
        if (first := fields.get(one.field)) is not None:
            if not isinstance(value, list):
                continue
            value, rule = _more(first.value, value), first.rule
            printed = f"{first.printed}\n{printed}"
        fields[one.field] = Field(value, printed, _FITS, page_id, None, rule)
    for key, field in derived_fields({key: [field] for key, field in fields.items()}):
        fields[key] = field
    return fields


def _more(first: Value, more: list[object]) -> list[object]:
    """Rows are all kept: the same test twice is two results; a diagnosis twice is one."""
    if isinstance(first, list) and isinstance(more[0], dict):
        return [*first, *more]
    return joined(first, more)
