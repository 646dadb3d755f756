"""Sampling inspection as the report shows it: plans, curves, what was found, and by whom."""

from collections.abc import Sequence
from dataclasses import dataclass

from quality.sampling.inspection_rules import DefectClass, InspectionRules
from quality.sampling.inspectors import Agreement, Inspector, agreements, inspectors
from quality.sampling.lot_result import OPEN, ClassResult, Judgement, LotResult, lot_result
from quality.sampling.operating_characteristic import CurvePoint, curve
from quality.sampling.plans import Plan
from quality.sampling.sample import Sample, plans_for
from quality.sampling.words import plan_sentences


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One class of defects: its plan, the plan's curve and words, and what was found."""

    defect_class: DefectClass
    plan: Plan
    curve: tuple[CurvePoint, ...]
    sentences: tuple[str, str]
    result: ClassResult | None = None


@dataclass(frozen=True, slots=True)
class SamplingView:
    """Where sampling stands; without a sample, the plans that one drawn now would have.

    `frame`: digest of what the sample was drawn from, empty where none is drawn.
    """

    lot: int
    rows: tuple[ClassRow, ...]
    outcome: str = OPEN
    submission: int = 0
    items: int = 0
    judged: int = 0
    frame: str = ""
    inspectors: tuple[Inspector, ...] = ()
    agreements: tuple[Agreement, ...] = ()

    @property
    def drawn(self) -> bool:
        """Whether a sample has been drawn."""
        return self.submission > 0


def view_of_sample(
    sample: Sample,
    judgements: Sequence[Judgement],
    rules: InspectionRules,
    result: LotResult | None = None,
) -> SamplingView:
    """What is known of a drawn sample; `result`: the lot's, where it has been kept.

    How well people inspect is not told while they do: it would give the known defects away.
    """
    result = result or lot_result(sample, judgements, rules)
    told = judgements if result.outcome != OPEN else ()
    rows = tuple(
        _row(one, row.plan, sample.lot, row)
        for one, row in zip(rules.classes, result.classes, strict=True)
    )
    return SamplingView(
        sample.lot,
        rows,
        result.outcome,
        sample.submission,
        result.items,
        result.judged,
        sample.frame,
        inspectors(sample.items, told),
        agreements(told, rules),
    )


def view_before_draw(lot: int, rules: InspectionRules) -> SamplingView | None:
    """The plans under normal inspection for a lot of so many pages; None without pages."""
    if not lot:
        return None
    plans = plans_for(lot, {}, rules)
    rows = tuple(
        _row(one, by_class.plan, lot) for one, by_class in zip(rules.classes, plans, strict=True)
    )
    return SamplingView(lot, rows)


def _row(one: DefectClass, plan: Plan, lot: int, result: ClassResult | None = None) -> ClassRow:
    return ClassRow(one, plan, curve(plan, lot), plan_sentences(plan, lot), result)
