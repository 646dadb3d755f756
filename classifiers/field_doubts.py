"""Which fields of a document are too unsure for it to be accepted without a person.

Three doubts: a field that was read with little confidence, one whose label is there with something
beside it that is no value, and one that the form always prints and that was not found. Each is an
evidence code with the field's key: `field.unsure.KEY`, `field.unread.KEY`. Of papers that are no
record only those fields are asked that say whose they are (`rules/field_doubts.yaml`).
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence

from classifiers.disease_list import EACH_NAMED
from classifiers.ruleset import load_field_doubts
from records.values import Field

_DOUBT, _UNREAD, _NONE = "field.", "field.unread.", "none"
DERIVED = "from_resident_number"


def field_doubts(
    kind: str, fields: Mapping[str, Field], unread: Collection[str]
) -> tuple[str, ...]:
    """Return the codes of a document's doubts, in the order of the statutory fields.

    Args:
        kind: the document's kind.
        fields: its fields.
        unread: keys whose label is on a page with something beside it that is no value.
    """
    keys = load_field_doubts().statutory
    needed = load_field_doubts().needed(kind)
    found = (*_unsure(fields), *_unread(kind, fields, unread))
    doubted = {code for code in found if code.rsplit(".", 1)[1] in needed}
    return tuple(sorted(doubted, key=lambda code: keys.index(code.rsplit(".", 1)[1])))


def doubts_again(
    kind: str, fields: Mapping[str, Field], evidence: Sequence[str]
) -> tuple[str, ...]:
    """Return a document's evidence with its doubts as fields read since then leave them."""
    former = [code for code in evidence if code.startswith(_DOUBT)]
    if not former and kind == _NONE:
        return (*evidence,)
    unread = {code.removeprefix(_UNREAD) for code in former if code.startswith(_UNREAD)}
    doubts = field_doubts(kind, fields, unread)
    place = evidence.index(former[0]) if former else len(evidence)
    rest = [code for code in evidence if code not in former]
    return (*rest[:place], *doubts, *rest[place:])


def without_unasked(kind: str, fields: Mapping[str, Field]) -> dict[str, Field]:
    """Return a document's fields without the doubtful ones that nobody asks of its kind.

    No person looks at them, so they say nothing rather than something wrong.
    """
    rules = load_field_doubts()
    unasked = {*rules.statutory} - {*rules.needed(kind)}
    return {
        key: field
        for key, field in fields.items()
        if key not in unasked or (field.confidence or 0.0) >= rules.least
    }


def _unsure(fields: Mapping[str, Field]) -> Iterator[str]:
    rules = load_field_doubts()
    for key in rules.statutory:
        field = fields.get(key)
        if field is not None and (field.confidence or 0.0) < rules.least:
            yield f"field.unsure.{key}"
    if _birth_disagrees(fields):
        yield "field.unsure.birth_date"
    codes = fields.get("disease_codes")
    named = codes is not None and codes.rule.endswith(EACH_NAMED)
    if codes is not None and isinstance(codes.value, list) and _doubled(codes.value) and not named:
        yield "field.unsure.disease_codes"


def _doubled(codes: Sequence[object]) -> bool:
    """Whether one of two codes seems to be the other misread: another letter, or cut short."""
    plain = sorted(str(code).replace(".", "") for code in codes)
    return any(
        longer.startswith(shorter) or longer[1:] == shorter[1:]
        for place, shorter in enumerate(plain)
        for longer in plain[place + 1 :]
    )


def _unread(kind: str, fields: Mapping[str, Field], unread: Collection[str]) -> Iterator[str]:
    rules = load_field_doubts()
    absent = {key for key in rules.statutory if key not in fields}
    yield from (f"field.unread.{key}" for key in absent & {*unread})
    issued = fields.get("issue_date")
    day = dt.date.min if issued is None else dt.date.fromisoformat(str(issued.value))
    for printed in rules.printed.get(kind, ()):
        if day >= printed.since and absent.issuperset(printed.fields):
            yield f"field.unread.{printed.fields[0]}"


def _birth_disagrees(fields: Mapping[str, Field]) -> bool:
    """Whether the printed day of birth is not the one that the resident number tells."""
    birth, number = fields.get("birth_date"), fields.get("resident_number")
    if birth is None or number is None or birth.rule.endswith(DERIVED):
        return False
    return str(birth.value)[2:].replace("-", "") != str(number.value)[:6]
