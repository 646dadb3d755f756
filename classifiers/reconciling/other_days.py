"""Visits whose day one side may have written wrong, of what the same day did not match.

A patient who comes again within days or months has the same doctor, code and drugs too. So it is
asked how the one day may have become the other, whether a bill or results tell which visit it was,
and whether both sides tell of those days at all.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from classifiers.reconciling.care import CARE, agreeing, compare_care, differing
from classifiers.reconciling.coverage import Coverage
from classifiers.reconciling.drug_names import drugs_of
from classifiers.reconciling.pairs import DAY_UNSURE, Pair, groups_of, resolve
from classifiers.reconciling.persons import keys_of, one_person
from classifiers.reconciling.visits import Visit, Visits, is_silent, of_nobody_known, visit_of
from records.values import Document

_NEAR, _MONTH, _FIGURE = "day.near", "day.month", "day.figure"
# An entry made a day or two late, or on the Monday after a Friday.
_NEAR_DAYS, _WEEKEND, _FRIDAY = 2, 3, 4
_TOLD = {"drugs": "drugs", "amount": "amounts", "results": "results"}
_SURE, _PROOF, _NEARER = 10, 4, 2  # what makes one pair better than another


def match_other_days(
    paper: Visits,
    emr: Visits,
    found: Sequence[Pair],
    taken: tuple[Set[int], Set[int]],
    asked: tuple[Set[int], Set[int]],
) -> tuple[list[Pair], list[tuple[Pair, ...]]]:
    """Return the pairs of different days that are surely one visit, and groups for a person.

    Args:
        paper: the papers' visits.
        emr: the EMR's.
        found: pairs of the same day.
        taken: places that are matched or asked about together with others.
        asked: places that a person is asked about unless their own day is found here.
    """
    papers = _Side(paper, taken[0], emr, ((pair.paper, pair.emr) for pair in found))
    emrs = _Side(emr, taken[1], paper, ((pair.emr, pair.paper) for pair in found))
    clinic = _Clinic(
        Coverage(paper.days, taken[0] | asked[0]),
        Coverage(emr.days, taken[1] | asked[1]),
        frozenset(name for name in _TOLD if any(f"{name}.same" in pair.evidence for pair in found)),
    )
    chosen, open_pairs = resolve(list(_pairs(papers, emrs, clinic)))
    uses = Counter(place for p in chosen for place in (p.emr, p.bill) if place is not None)
    late = [p for p in chosen if uses[p.emr] == 1 and (p.bill is None or uses[p.bill] == 1)]
    open_pairs += [p for p in chosen if p not in late]  # two papers with the amount of one bill
    unsure = [
        pair for pair in open_pairs
        if pair.paper in papers.whole - asked[0] and pair.emr in emrs.whole - asked[1]
    ]  # fmt: skip
    settled = [
        replace(
            pair,
            paper=papers.settled(pair.paper),
            emr=emrs.settled(pair.emr),
            bill=pair.bill if pair.bill is None else emrs.settled(pair.bill),
        )
        for pair in late
    ]
    return settled, groups_of(unsure)


@dataclass(frozen=True, slots=True)
class _Clinic:
    """What the visits of one day say of both sides: the times that they cover, what the EMR tells.

    `told`: of drugs, amounts and results, what the EMR tells of the visits that papers tell it of.
    """

    in_emr: Coverage
    on_paper: Coverage
    told: frozenset[str]

    def covered(self, paper: str, emr: str) -> bool | None:
        """Whether the EMR covers the paper's day, and the papers the EMR's."""
        both = {self.in_emr.of(paper), self.on_paper.of(emr)}
        return False if False in both else None if None in both else True

    def lacks(self, paper: Visit, emr: Visit) -> bool:
        """Whether the EMR does not tell what it does of others: this is not the paper's visit.

        Not the other way round: sheets get lost.
        """
        return any(getattr(paper, _TOLD[name]) and not getattr(emr, _TOLD[name])
                   for name in self.told)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Stray:
    """Documents that do not fit the visit of the other side that theirs is matched with."""

    place: int
    visit: Visit


class _Side:
    """One side's visits that are left over, and the strays of matched ones numbered behind all."""

    def __init__(
        self,
        visits: Visits,
        taken: Container[int],
        others: Visits,
        matched: Iterable[tuple[int, int]],
    ) -> None:
        self._visits = visits
        self._first = len(visits)
        self._strays = [
            stray
            for place, other in matched
            if _doubled(visits[place]) and (stray := _stray(place, visits[place], others[other]))
        ]
        self.whole = {place for place in range(self._first) if place not in taken}

    def __iter__(self) -> Iterator[int]:
        yield from sorted(self.whole)
        yield from range(self._first, self._first + len(self._strays))

    def __getitem__(self, place: int) -> Visit:
        if place < self._first:
            return self._visits[place]
        return self._strays[place - self._first].visit

    def is_stray(self, place: int) -> bool:
        """Whether a place is that of documents beside a matched visit."""
        return place >= self._first

    def settled(self, place: int) -> int:
        """The place of a visit, which a stray gets by it."""
        if place < self._first:
            return place
        stray = self._strays[place - self._first]
        return self._visits.part(stray.place, stray.visit.ids)


def _doubled(visit: Visit) -> bool:
    """Whether a visit has two papers of one kind, as two visits that bear one day have."""
    return len({document.type for document in visit.documents}) < len(visit.documents)


def _stray(place: int, visit: Visit, theirs: Visit) -> _Stray | None:
    apart: list[Document] = []
    rest: list[Document] = []
    for document in visit.documents:
        care = compare_care(visit_of([document], visit.day), theirs)
        (apart if set(CARE) & set(differing(care)) else rest).append(document)
    if not apart or not rest:
        return None
    return _Stray(place, visit_of(apart, visit.day))


def _pairs(papers: _Side, emrs: _Side, clinic: _Clinic) -> Iterator[Pair]:
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    for other in emrs:
        for key in keys_of(emrs[other].person):
            places[key].append(other)
    for place in papers:
        visit = papers[place]
        if of_nobody_known(visit):
            continue
        near = {other for key in keys_of(visit.person) for other in places.get(key, ())}
        bills = _bills(visit, sorted(near), emrs)
        for other in sorted(near - set(bills.values())):
            theirs, bill = emrs[other], bills.get(emrs[other].day)
            if bill is not None:
                theirs = visit_of([*theirs.documents, *emrs[bill].documents], theirs.day)
            stray = papers.is_stray(place) != emrs.is_stray(other)
            if pair := _pair(place, visit, other, theirs, clinic, stray):
                yield replace(pair, bill=bill)


def _bills(visit: Visit, near: Sequence[int], emrs: _Side) -> dict[str, int]:
    """By day, the EMR's only bill without a doctor that bears the amount of a paper's visit.

    Where a patient saw two doctors on a day, such bills lie beside both; the paper tells whose one
    is. Days on which nothing but bills is left are passed over.
    """
    found: dict[str, list[int]] = defaultdict(list)
    for other in near:
        if is_silent(emrs[other]) and visit.amounts & emrs[other].amounts:
            found[emrs[other].day].append(other)
    seen = {emrs[other].day for other in near if not is_silent(emrs[other])}
    return {day: bills[0] for day, bills in found.items() if len(bills) == 1 and day in seen}


def _pair(
    place: int, visit: Visit, other: int, theirs: Visit, clinic: _Clinic, stray: bool
) -> Pair | None:
    """A pair whose days differ: its care must agree in two ways and differ in none, else unsure.

    A paper that tells of the care in one way only is enough where the doctor agrees and the day is
    near, or is a month off in a time that both sides tell of. So is a second bill of a day that is
    not that of its visit (`stray`), where it is the bill of a visit that is left over.
    """
    way = _way(visit.day, theirs.day)
    if not way:
        return None
    likeness = one_person(visit.person, theirs.person)
    care = compare_care(visit, theirs)
    cared = [name for name in CARE if care.get(name)]
    against = [name for name in differing(care) if name != "doctor"]
    if not likeness.same or not cared or against not in ([], ["amount"]):
        return None
    covered = clinic.covered(visit.day, theirs.day)
    close = way == _NEAR or (way == _MONTH and covered is True)
    own_bill = stray and close and bool(care.get("amount"))
    enough = len(cared) >= 2 or own_bill or (close and bool(care.get("doctor")))
    if not enough and way != _NEAR:
        return None
    doubtful = covered is False or clinic.lacks(visit, theirs)
    likely = not doubtful and _likely(way, care, covered, _due(visit, theirs))
    sure = enough and not against and (bool(care.get("amount")) or likely)
    proof = sum(bool(care.get(name)) for name in ("amount", "results"))
    return Pair(
        paper=place,
        emr=other,
        evidence=(*likeness.evidence, way, *(["days.covered"] if covered else []),
                  *(f"{name}.same" for name in agreeing(care))),
        score=_SURE * sure + _PROOF * proof + _NEARER * (way == _NEAR) + bool(care.get("doctor")),
        doubt="" if sure else DAY_UNSURE,
    )  # fmt: skip


def _likely(way: str, care: Mapping[str, bool | None], covered: bool | None, due: bool) -> bool:
    """Whether the two are one visit without a bill that tells which one it was.

    The doctor must agree. A month off, or a bill nearly the same, needs both sides to be seen to
    tell of those days, and a month off no drugs that were just used up.
    """
    if care.get("doctor") is False:
        return False
    if way == _NEAR and "amount" not in care:
        return True
    return bool(covered and care.get("doctor") and way != _FIGURE and not due)


def _way(one: str, two: str) -> str:
    """How one day may have become the other: late, its month wrong, or a figure of it."""
    first, second = sorted(map(dt.date.fromisoformat, (one, two)))
    apart = (second - first).days
    if not apart:
        return ""
    if apart <= _NEAR_DAYS or (apart == _WEEKEND and first.weekday() == _FRIDAY):
        return _NEAR
    swapped = one[:5] + one[8:] + one[7:8] + one[5:7]
    if swapped == two:
        return _MONTH
    if OSA.distance(one, two) != 1:
        return ""
    return _MONTH if (one[:4], one[8:]) == (two[:4], two[8:]) else _FIGURE


def _due(visit: Visit, theirs: Visit) -> bool:
    """Whether the later day is the one on which the drugs of the earlier one were used up."""
    apart = abs((dt.date.fromisoformat(visit.day) - dt.date.fromisoformat(theirs.day)).days)
    documents = (*visit.documents, *theirs.documents)
    return any(drug.days == str(apart) for one in documents for drug in drugs_of(one))
