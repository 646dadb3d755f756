"""Normal, tightened, reduced, or no more lots: ISO 2859-1 9.3, one standing a class and team.

A team's lots are told in the order in which they were decided. Only the first submission of a lot
counts; a lot that comes again after it was sent back does not.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

NORMAL, TIGHTENED, REDUCED, DISCONTINUED = "normal", "tightened", "reduced", "discontinued"
LOTS_LOOKED_BACK = 5
REJECTED_FOR_TIGHTENED = 2
ACCEPTED_FOR_NORMAL = 5
REJECTED_FOR_DISCONTINUED = 5
SCORE_FOR_REDUCED = 30


@dataclass(frozen=True, slots=True)
class DecidedLot:
    """What switching needs of one decided lot.

    Attributes:
        accepted: whether the lot passed in this class.
        accept_number: that of the plan it was inspected by.
        passes_tighter: whether it had passed with the AQL one step tighter.
        resubmitted: it had been sent back before.
        steady: False where scanning stopped or changed (another scanner, new staff).
        restarted: the team's remedy was accepted after its inspection had been discontinued.
    """

    accepted: bool
    accept_number: int
    passes_tighter: bool = False
    resubmitted: bool = False
    steady: bool = True
    restarted: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How a team's next lot is inspected, and how far it is from another stage.

    `score` is the switching score (normal inspection only); `rejected` counts the lots that did
    not pass while tightened; `recent` are the last results under the present stage, oldest first.
    """

    stage: str = NORMAL
    score: int = 0
    rejected: int = 0
    recent: tuple[bool, ...] = ()

    @property
    def plan_stage(self) -> str:
        """The stage of the plan: a discontinued team's lots are inspected tightened, if at all."""
        return TIGHTENED if self.stage == DISCONTINUED else self.stage


def standing_after(lots: Iterable[DecidedLot], *, reduced_allowed: bool = False) -> Standing:
    """The standing of a team after its lots; `reduced_allowed`: the authority wants reduced."""
    standing = Standing()
    for lot in lots:
        standing = _after(standing, lot, reduced_allowed=reduced_allowed)
    return standing


def _after(standing: Standing, lot: DecidedLot, *, reduced_allowed: bool) -> Standing:
    if standing.stage == DISCONTINUED:
        if not lot.restarted:
            return standing
        standing = Standing(TIGHTENED)
    if lot.resubmitted:
        return standing
    match standing.stage:
        case "tightened":
            return _tightened(standing, lot)
        case "reduced":
            return standing if lot.accepted and lot.steady and reduced_allowed else Standing()
    return _normal(standing, lot, reduced_allowed=reduced_allowed)


def _normal(standing: Standing, lot: DecidedLot, *, reduced_allowed: bool) -> Standing:
    recent = (*standing.recent, lot.accepted)[-LOTS_LOOKED_BACK:]
    if recent.count(False) >= REJECTED_FOR_TIGHTENED:
        return Standing(TIGHTENED)
    score = standing.score + _points(lot)
    score = score if _points(lot) else 0
    if score >= SCORE_FOR_REDUCED and lot.steady and reduced_allowed:
        return Standing(REDUCED)
    return replace(standing, score=score, recent=recent)


def _points(lot: DecidedLot) -> int:
    """3 where a lot had passed one AQL tighter, 2 for plans of 0 or 1 that passed, else none."""
    if lot.accept_number >= 2:
        return 3 if lot.accepted and lot.passes_tighter else 0
    return 2 if lot.accepted else 0


def _tightened(standing: Standing, lot: DecidedLot) -> Standing:
    recent = (*standing.recent, lot.accepted)[-ACCEPTED_FOR_NORMAL:]
    if len(recent) == ACCEPTED_FOR_NORMAL and all(recent):
        return Standing()
    rejected = standing.rejected + (not lot.accepted)
    if rejected >= REJECTED_FOR_DISCONTINUED:
        return Standing(DISCONTINUED, rejected=rejected)
    return replace(standing, recent=recent, rejected=rejected)
