"""Which visit of the paper is which of the EMR.

First visits of one day, then, of what is left, visits whose day one side may have written wrong.
Nothing is guessed: where two visits fit equally well, or the patient or the day is unsure, the pair
is named as ambiguous with its reason.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from classifiers.reconciling.care import CARE, agreeing, compare_care, nearly, weight
from classifiers.reconciling.other_days import match_other_days
from classifiers.reconciling.pairs import (
    OTHER_CARE,
    PATIENT_UNSURE,
    PLACEHOLDER,
    SEVERAL_VISITS,
    Pair,
    groups_of,
    resolve,
)
from classifiers.reconciling.persons import one_person, plain_chart, plain_name
from classifiers.reconciling.visits import Visit, Visits, is_silent, of_nobody_known


@dataclass(frozen=True, slots=True)
class Matched:
    """The pairs that are one visit, and the groups of pairs that a person must tell apart.

    `joined`: further pairs, of a bill or results that name no doctor with a visit that is matched.
    `left_paper`, `left_emr`: visits that tell too little to say whether they are part of a visit of
    that day whose partner is found already, and why.
    """

    pairs: tuple[Pair, ...]
    ambiguous: tuple[tuple[Pair, ...], ...]
    joined: tuple[Pair, ...] = ()
    left_paper: Mapping[int, str] = field(default_factory=dict)
    left_emr: Mapping[int, str] = field(default_factory=dict)


def match(paper: Visits, emr: Visits) -> Matched:
    """Match the visits of two sides, each at most once.

    Documents that were with another visit of their day become a visit of their own, at the end.
    """
    pairs = list(_same_day(paper, emr))
    found, open_pairs = resolve(pairs)
    taken = ({p.paper for p in (*found, *open_pairs)}, {p.emr for p in (*found, *open_pairs)})
    beaten = [p for p in pairs if p.doubt in {"", PATIENT_UNSURE} and (p.agrees or not p.compared)]
    joined = [
        *_joined([p for p in beaten if p.paper not in taken[0] and is_silent(paper[p.paper])],
                 {p.emr: paper[p.paper] for p in found}, lambda pair: (pair.paper, pair.emr)),
        *_joined([p for p in beaten if p.emr not in taken[1] and is_silent(emr[p.emr])],
                 {p.paper: emr[p.emr] for p in found}, lambda pair: (pair.emr, pair.paper)),
    ]  # fmt: skip
    taken = (taken[0] | {p.paper for p in joined}, taken[1] | {p.emr for p in joined})
    left_paper = _why((pair.paper, pair.doubt) for pair in beaten if pair.paper not in taken[0])
    left_emr = _why((pair.emr, pair.doubt) for pair in beaten if pair.emr not in taken[1])
    late, unsure_days = match_other_days(
        paper, emr, found, taken, (left_paper.keys(), left_emr.keys())
    )
    bills = [replace(pair, emr=pair.bill) for pair in late if pair.bill is not None]
    joined += bills
    for pair in (*late, *bills):
        left_paper.pop(pair.paper, None)
        left_emr.pop(pair.emr, None)
    return Matched(
        tuple(found + late),
        (*groups_of(open_pairs), *unsure_days),
        tuple(joined),
        left_paper,
        left_emr,
    )


def _why(left: Iterable[tuple[int, str]]) -> dict[int, str]:
    """Why each visit is left: several fit where the patient is sure of one, else the patient."""
    found: dict[int, str] = {}
    for place, doubt in left:
        known = found.setdefault(place, doubt or SEVERAL_VISITS)
        found[place] = known if doubt else SEVERAL_VISITS
    return found


def _joined(
    pairs: Sequence[Pair], matched: Mapping[int, Visit], sides: Callable[[Pair], tuple[int, int]]
) -> Iterator[Pair]:
    """Of visits left over: the pair with the only matched visit that they agree with in something.

    A bill that is one figure off joins only where the matched visit has no other bill on its side.

    Args:
        pairs: of visits left over.
        matched: matched visits of the other side, each with its partner on this one.
        sides: gives a pair's visit left over, and the other one.
    """
    fitting = [p for p in pairs if p.agrees and not p.doubt and sides(p)[1] in matched]
    exact = list(_only_ones([pair for pair in fitting if pair.exact], sides))
    lefts, billed = {sides(pair)[0] for pair in exact}, {sides(pair)[1] for pair in exact}
    close = [
        pair for pair in fitting
        if sides(pair)[0] not in lefts
        and sides(pair)[1] not in billed
        and not matched[sides(pair)[1]].amounts
    ]  # fmt: skip
    yield from exact
    yield from _only_ones(close, sides)


def _only_ones(pairs: Sequence[Pair], sides: Callable[[Pair], tuple[int, int]]) -> Iterator[Pair]:
    """The pairs that are the only ones of their visit left over."""
    by_left: dict[int, list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_left[sides(pair)[0]].append(pair)
    yield from (some[0] for some in by_left.values() if len(some) == 1)


def _same_day(paper: Sequence[Visit], emr: Sequence[Visit]) -> Iterator[Pair]:
    days: dict[str, list[int]] = defaultdict(list)
    for place, visit in enumerate(emr):
        days[visit.day].append(place)
    for place, visit in enumerate(paper):
        for other in days.get(visit.day, ()):
            if (pair := _pair_of_day(place, visit, other, emr[other])) is not None:
                yield pair


def _pair_of_day(place: int, visit: Visit, other: int, theirs: Visit) -> Pair | None:
    if of_nobody_known(visit) or of_nobody_known(theirs):
        shared = _shared_placeholder(visit, theirs)
        return Pair(place, other, shared, 0, PLACEHOLDER) if shared else None
    likeness = one_person(visit.person, theirs.person)
    if likeness.same is False:
        return None
    care = compare_care(visit, theirs)
    if care.get("department") is False:
        return None
    same = agreeing(care)
    cared = any(care.get(name) for name in CARE)
    doubt = ""
    if likeness.same is None and (likeness.contradicted or not cared):
        doubt = PATIENT_UNSURE
    elif likeness.same and len(care) >= 2 and weight(care) < 0:
        doubt = OTHER_CARE
    evidence = (*likeness.evidence, "day.same", *(f"{name}.same" for name in same))
    score = weight(care) + (10 if likeness.same else 0)
    compared = bool(care) or likeness.contradicted
    agrees = bool(same or nearly(care)) and not likeness.contradicted
    return Pair(place, other, evidence, score, doubt, compared, agrees, bool(same))


def _shared_placeholder(one: Visit, two: Visit) -> tuple[str, ...]:
    """Why two visits of which one is nobody's by name may still be one, for a person to look at."""
    ours, theirs = one.person, two.person
    shared = []
    if plain_chart(ours.chart_no or "") == plain_chart(theirs.chart_no or "-"):
        shared.append("patient.chart_no")
    if ours.resident_number and ours.resident_number == theirs.resident_number:
        shared.append("patient.resident_number")
    if ours.name and theirs.name and plain_name(ours.name) == plain_name(theirs.name):
        shared.append("patient.name")
    return (*shared, "day.same") if shared else ()
