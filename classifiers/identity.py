"""Whose page is this: compare what two pages say about their patient.

Votes are summed; below zero they are two people. A misread letter must not make two people of one,
and two people who share a name must not become one. What was read with doubt votes for a
difference with less weight; what lost letters (a stroke of the scan through a number) hardly does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import Levenshtein

from classifiers.placeholders import is_placeholder_number
from records.values import Field

_TRUSTED = 0.5
_RESIDENT = {"agree": 3.0, "near": -0.5, "differ": -3.0}
_MASKED_RESIDENT = {"agree": 1.5, "near": -0.5, "differ": -2.0}
_PLACEHOLDER = 0.0  # many newborns of a day share one number: it says nothing
_NAME = {"agree": 1.0, "near": -0.3, "differ": -2.5}
_BIRTH = {"agree": 1.5, "near": -1.2, "differ": -2.0}
_CHART = {"agree": 2.0, "near": -0.3, "differ": -1.6}
_SEX = {True: 0.1, False: -1.2}
_DOUBTED, _BELIEVED = 0.5, 0.85  # confidence of a field whose vote counts a third, and in full
_LEAST_WEIGHT = 0.3
_CLEAR = -1.0  # a sum of votes from which two pages are surely of two people
_VISIBLE_WHEN_WHOLE = 13
_KEYS = ("patient_name", "resident_number", "birth_date", "chart_no", "sex")


@dataclass(frozen=True, slots=True)
class Identity:
    """What a page or document says of its patient; None = nothing that can be trusted.

    `trust`: the confidence with which each key was read.
    """

    name: str | None = None
    resident_number: str | None = None
    resident_checked: bool = False
    birth_date: str | None = None
    chart_no: str | None = None
    sex: str | None = None
    trust: Mapping[str, float] = field(default_factory=dict)

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
            sex=self.sex or other.sex,
            trust={**other.trust, **self.trust},
        )


@dataclass(frozen=True, slots=True)
class Comparison:
    """`same` is None where nothing can be compared; `sure` is 0.5..1.

    `clear`: the difference is beyond what misreading makes; such a page always begins a document.
    `contradicts`: some evidence says the one, some the other.
    """

    same: bool | None
    sure: float
    clear: bool = False
    contradicts: bool = False


def identity_of(fields: Mapping[str, Sequence[Field]]) -> Identity:
    """Take the first trusted value of each identity field."""
    found = {key: one for key in _KEYS if (one := _first(fields.get(key, ()))) is not None}
    resident = found.get("resident_number")
    return Identity(
        name=_value(found.get("patient_name")),
        resident_number=_value(resident),
        resident_checked=resident is not None and resident.rule.endswith("+check"),
        birth_date=_value(found.get("birth_date")),
        chart_no=_value(found.get("chart_no")),
        sex=_value(found.get("sex")),
        trust={key: one.confidence or 0.0 for key, one in found.items()},
    )


def compare(ours: Identity, theirs: Identity) -> Comparison:
    """Tell whether two identities are one person."""
    votes: list[float] = []

    def vote(key: str, weight: float) -> None:
        votes.append(weight if weight > 0 else weight * _weight(ours, theirs, key))

    if ours.resident_number and theirs.resident_number:
        vote("resident_number", _resident_vote(ours, theirs))
    elif ours.birth_date and theirs.birth_date:
        vote("birth_date", _BIRTH[_likeness(ours.birth_date, theirs.birth_date)])
    if ours.name and theirs.name:
        vote("patient_name", _NAME[_likeness(ours.name, theirs.name)])
    if ours.chart_no and theirs.chart_no:
        vote("chart_no", _CHART[_likeness(ours.chart_no, theirs.chart_no)])
    if ours.sex and theirs.sex and (votes or ours.sex != theirs.sex):
        vote("sex", _SEX[ours.sex == theirs.sex])
    if not votes:
        return Comparison(None, 0.5)
    total = sum(votes)
    contradicts = min(votes) <= _CLEAR and max(votes) > 0
    return Comparison(total >= 0, min(0.99, 0.55 + 0.2 * abs(total)), total <= _CLEAR, contradicts)


def _weight(ours: Identity, theirs: Identity, key: str) -> float:
    """How much a difference counts, by the less sure of two readings."""
    sure = min(ours.trust.get(key, 1.0), theirs.trust.get(key, 1.0))
    share = (sure - _DOUBTED) / (_BELIEVED - _DOUBTED)
    return min(max(share, _LEAST_WEIGHT), 1.0)


def _resident_vote(ours: Identity, theirs: Identity) -> float:
    pairs = [
        (one, two)
        for one, two in zip(ours.resident_number or "", theirs.resident_number or "", strict=True)
        if one.isdigit() and two.isdigit()
    ]
    different = sum(one != two for one, two in pairs)
    table = _RESIDENT if len(pairs) == _VISIBLE_WHEN_WHOLE else _MASKED_RESIDENT
    if different == 0:
        placeholder = is_placeholder_number(ours.resident_number or "")
        return _PLACEHOLDER if placeholder else table["agree"]
    both_proven = ours.resident_checked and theirs.resident_checked
    return table["near" if different <= 2 and not both_proven else "differ"]


def _likeness(one: str, two: str) -> str:
    """Equal, or one letter apart, or the same with letters missing; else different."""
    distance = Levenshtein.distance(one, two, score_cutoff=1)
    if distance > 1 and len(one) != len(two) and _is_part(*sorted((one, two), key=len)):
        return "near"
    return ("agree", "near", "differ")[distance]


def _is_part(shorter: str, longer: str) -> bool:
    """Whether the letters of one stand in the other in the same order."""
    left = iter(longer)
    return all(letter in left for letter in shorter)


def _first(fields: Sequence[Field]) -> Field | None:
    return next((f for f in fields if (f.confidence or 0.0) >= _TRUSTED), None)


def _value(field: Field | None) -> str | None:
    return None if field is None else str(field.value)
