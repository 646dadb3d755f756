"""Whose page is this: compare what two pages say about their patient.

Votes are summed; below zero they are two people. A misread letter must not make two people of one,
and two people who share a name must not become one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from records.values import Field

_TRUSTED = 0.5
_RESIDENT = {"agree": 3.0, "near": -0.5, "differ": -3.0}
_MASKED_RESIDENT = {"agree": 1.5, "near": -0.5, "differ": -2.0}
_NAME = {"agree": 1.0, "near": -0.3, "differ": -2.5}
_BIRTH = {"agree": 1.5, "near": -1.2, "differ": -2.0}
_CHART = {"agree": 2.0, "near": 0.0, "differ": -1.5}
_VISIBLE_WHEN_WHOLE = 13


@dataclass(frozen=True, slots=True)
class Identity:
    """What a page or document says of its patient; None = nothing that can be trusted."""

    name: str | None = None
    resident_number: str | None = None
    resident_checked: bool = False
    birth_date: str | None = None
    chart_no: str | None = None

    def joined(self, other: "Identity") -> "Identity":
        """This identity, completed by what another page of the same document adds."""
        resident = self.resident_number or other.resident_number
        return Identity(
            name=self.name or other.name,
            resident_number=resident,
            resident_checked=(
                self.resident_checked if self.resident_number else other.resident_checked
            ),
            birth_date=self.birth_date or other.birth_date,
            chart_no=self.chart_no or other.chart_no,
        )


@dataclass(frozen=True, slots=True)
class Comparison:
    """`same` is None where nothing can be compared; `sure` is 0.5..1."""

    same: bool | None
    sure: float


def identity_of(fields: Mapping[str, Sequence[Field]]) -> Identity:
    """Take the first trusted value of each identity field."""
    resident = _first(fields.get("resident_number", ()))
    return Identity(
        name=_value(_first(fields.get("patient_name", ()))),
        resident_number=_value(resident),
        resident_checked=resident is not None and resident.rule.endswith("+check"),
        birth_date=_value(_first(fields.get("birth_date", ()))),
        chart_no=_value(_first(fields.get("chart_no", ()))),
    )


def compare(ours: Identity, theirs: Identity) -> Comparison:
    """Tell whether two identities are one person."""
    votes: list[float] = []
    if ours.resident_number and theirs.resident_number:
        votes.append(_resident_vote(ours, theirs))
    elif ours.birth_date and theirs.birth_date:
        votes.append(_BIRTH[_likeness(ours.birth_date, theirs.birth_date)])
    if ours.name and theirs.name:
        votes.append(_NAME[_likeness(ours.name, theirs.name)])
    if ours.chart_no and theirs.chart_no:
        votes.append(_CHART[_likeness(ours.chart_no, theirs.chart_no)])
    if not votes:
        return Comparison(None, 0.5)
    total = sum(votes)
    return Comparison(total >= 0, min(0.99, 0.55 + 0.2 * abs(total)))


def _resident_vote(ours: Identity, theirs: Identity) -> float:
    pairs = [
        (one, two)
        for one, two in zip(ours.resident_number or "", theirs.resident_number or "", strict=True)
        if one.isdigit() and two.isdigit()
    ]
    different = sum(one != two for one, two in pairs)
    table = _RESIDENT if len(pairs) == _VISIBLE_WHEN_WHOLE else _MASKED_RESIDENT
    if different == 0:
        return table["agree"]
    both_proven = ours.resident_checked and theirs.resident_checked
    return table["near" if different <= 2 and not both_proven else "differ"]


def _likeness(one: str, two: str) -> str:
    distance = Levenshtein.distance(one, two, score_cutoff=1)
    return ("agree", "near", "differ")[distance]


def _first(fields: Sequence[Field]) -> Field | None:
    return next((f for f in fields if (f.confidence or 0.0) >= _TRUSTED), None)


def _value(field: Field | None) -> str | None:
    return None if field is None else str(field.value)
