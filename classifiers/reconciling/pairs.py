"""Pairs of a paper's and an EMR's visit that may be one, and which are each other's best."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SEVERAL_VISITS = "several_visits"  # two visits fit one equally well
OTHER_CARE = "other_care"  # same patient and day, but more differs than agrees
PATIENT_UNSURE = "patient_unsure"
DAY_UNSURE = "day_unsure"
PLACEHOLDER = "placeholder"


@dataclass(frozen=True, slots=True)
class Pair:
    """Visit `paper` may be visit `emr` (places in their lists).

    `doubt` is "" where it surely is, if no other one is; else the reason code. `compared`: whether
    both tell anything of the care; `agrees`: whether something of it is the same, or a figure or
    letter off; `exact`: whether something is the same. `bill`: the place of the EMR's bill that is
    this visit's besides, if it lies alone.
    """

    paper: int
    emr: int
    evidence: tuple[str, ...]
    score: int
    doubt: str = ""
    compared: bool = False
    agrees: bool = False
    exact: bool = False
    bill: int | None = None


def resolve(pairs: Sequence[Pair]) -> tuple[list[Pair], list[Pair]]:
    """Return the pairs that are each other's only best, and those that are open then."""
    found: list[Pair] = []
    open_pairs = list(pairs)
    while True:
        chosen = _only_best(open_pairs)
        if not chosen:
            break
        found += chosen
        papers, emrs = {p.paper for p in chosen}, {p.emr for p in chosen}
        open_pairs = [p for p in open_pairs if p.paper not in papers and p.emr not in emrs]
    return found, open_pairs


def _only_best(pairs: Sequence[Pair]) -> list[Pair]:
    """Pairs without doubt that beat every other pair of either visit."""
    of_paper, of_emr = _by_visit(pairs)
    chosen = []
    for pair in pairs:
        rivals = [p for p in (*of_paper[pair.paper], *of_emr[pair.emr]) if p is not pair]
        if not pair.doubt and all(rival.score < pair.score for rival in rivals):
            chosen.append(pair)
    return chosen


def _by_visit(pairs: Sequence[Pair]) -> tuple[Mapping[int, list[Pair]], Mapping[int, list[Pair]]]:
    of_paper: dict[int, list[Pair]] = defaultdict(list)
    of_emr: dict[int, list[Pair]] = defaultdict(list)
    for pair in pairs:
        of_paper[pair.paper].append(pair)
        of_emr[pair.emr].append(pair)
    return of_paper, of_emr


def groups_of(pairs: Sequence[Pair]) -> list[tuple[Pair, ...]]:
    """Pairs that hang together by a visit, in order."""
    of_paper, of_emr = _by_visit(pairs)
    seen: set[Pair] = set()
    groups: list[tuple[Pair, ...]] = []
    for first in pairs:
        if first in seen:
            continue
        group: list[Pair] = []
        waiting = [first]
        seen.add(first)
        while waiting:
            pair = waiting.pop()
            group.append(pair)
            for near in (*of_paper[pair.paper], *of_emr[pair.emr]):
                if near not in seen:
                    seen.add(near)
                    waiting.append(near)
        groups.append(tuple(sorted(group, key=lambda pair: (pair.paper, pair.emr))))
    return groups
