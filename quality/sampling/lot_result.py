"""Does a lot pass: judgements counted by the plans of its sample."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from quality.sampling.inspection_rules import InspectionRules
from quality.sampling.plans import Plan, next_tighter_aql, plan_at
from quality.sampling.sample import Sample
from quality.sampling.switching import DecidedLot

OPEN, ACCEPTED, REJECTED = "open", "accepted", "rejected"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one person found on one item; no defects means that it is good. `at` is UTC.

    `kind`: what a document of a wrong kind really is, where the person says so.
    """

    item: str
    by: str
    defects: tuple[str, ...]
    at: str = ""
    note: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class ClassResult:
    """One class of defects: how many of its sample were looked at, how many were bad."""

    defect_class: str
    plan: Plan
    inspected: int
    bad: int
    outcome: str

    @property
    def passes_tighter(self) -> bool:
        """Whether the lot had passed with the AQL one step tighter (same sample or smaller)."""
        aql = next_tighter_aql(self.plan.aql)
        if aql is None or self.outcome != ACCEPTED:
            return False
        _, size, accept = plan_at(self.plan.first, aql, self.plan.stage)
        return self.bad <= accept and (size <= self.plan.size or self.plan.every)


@dataclass(frozen=True, slots=True)
class LotResult:
    """Where a submission of a lot stands: open | accepted | rejected, in all and by class."""

    batch: str
    submission: int
    team: str
    outcome: str
    classes: tuple[ClassResult, ...]
    items: int
    judged: int
    resubmitted: bool = False

    def decided_lot(self, defect_class: str) -> DecidedLot | None:
        """What switching needs of it; None for a class that another one's rejection left open."""
        one = next(c for c in self.classes if c.defect_class == defect_class)
        if one.outcome == OPEN:
            return None
        return DecidedLot(
            accepted=one.outcome == ACCEPTED,
            accept_number=one.plan.accept,
            passes_tighter=one.passes_tighter,
            resubmitted=self.resubmitted,
        )


def lot_result(
    sample: Sample, judgements: Iterable[Judgement], rules: InspectionRules
) -> LotResult:
    """Count a sample. Where two people judged an item, what either found counts.

    A class is rejected as soon as its rejection number is reached, and accepted when all of its
    sample has been looked at; the lot is accepted when every item has been, known defects too.
    """
    found: dict[str, set[str]] = {}
    for judgement in judgements:
        found.setdefault(judgement.item, set()).update(judgement.defects)
    judged = {id for id in found if any(item.id == id for item in sample.items)}
    classes = tuple(
        _class_result(sample, one.defect_class, one.plan, found, rules) for one in sample.plans
    )
    outcomes = {one.outcome for one in classes}
    if REJECTED in outcomes:
        outcome = REJECTED
    elif outcomes <= {ACCEPTED} and len(judged) == len(sample.items):
        outcome = ACCEPTED
    else:
        outcome = OPEN
    return LotResult(
        sample.batch,
        sample.submission,
        sample.team,
        outcome,
        classes,
        len(sample.items),
        len(judged),
        resubmitted=sample.submission > 1 or bool(sample.resubmission_of),
    )


def _class_result(
    sample: Sample,
    defect_class: str,
    plan: Plan,
    found: Mapping[str, set[str]],
    rules: InspectionRules,
) -> ClassResult:
    of_class = {one.id for one in rules.defects if one.defect_class == defect_class}
    counted = [item for item in sample.items if item.why == "lot" and item.rank < plan.size]
    inspected = [item for item in counted if item.id in found]
    bad = sum(bool(found[item.id] & of_class) for item in inspected)
    if bad >= plan.reject:
        outcome = REJECTED
    else:
        outcome = ACCEPTED if len(inspected) == len(counted) else OPEN
    return ClassResult(defect_class, plan, len(inspected), bad, outcome)
