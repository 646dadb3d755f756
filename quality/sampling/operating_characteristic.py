"""What a plan can tell apart: how often a lot with so many bad items would pass."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from quality.sampling.plans import Plan

POINTS = 60


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A share of bad items in the lot, 0..1, and the probability that the lot passes, 0..1."""

    bad: float
    passes: float


def passes(plan: Plan, lot: int, bad: int) -> float:
    """Probability that a lot of `lot` items, `bad` of them bad, passes (hypergeometric)."""
    total = _log_choose(lot, plan.size)
    lowest = max(0, plan.size - (lot - bad))
    chance = sum(
        math.exp(_log_choose(bad, x) + _log_choose(lot - bad, plan.size - x) - total)
        for x in range(lowest, min(plan.accept, bad, plan.size) + 1)
    )
    return min(1.0, chance)


def passes_from_process(plan: Plan, share: float) -> float:
    """Probability that a lot passes which comes from a process with this bad share (binomial)."""
    return sum(
        math.comb(plan.size, x) * share**x * (1 - share) ** (plan.size - x)
        for x in range(min(plan.accept, plan.size) + 1)
    )


def curve(plan: Plan, lot: int) -> tuple[CurvePoint, ...]:
    """The plan's operating characteristic over this lot, until hardly any lot passes."""
    end = next(
        (bad for bad in _steps(lot, lot) if passes(plan, lot, bad) < 0.01),
        lot,
    )
    return tuple(CurvePoint(bad / lot, passes(plan, lot, bad)) for bad in _steps(lot, end))


def bad_share_that_passes(plan: Plan, lot: int, chance: float) -> float:
    """The largest bad share of this lot that still passes with at least this probability."""
    low, high = 0, lot
    while low < high:
        middle = (low + high + 1) // 2
        if passes(plan, lot, middle) >= chance:
            low = middle
        else:
            high = middle - 1
    return low / lot


def _steps(lot: int, end: int) -> Sequence[int]:
    steps = min(POINTS if end < lot else 10 * POINTS, end) or 1
    return sorted({round(end * step / steps) for step in range(steps + 1)})


def _log_choose(n: int, k: int) -> float:
    if k < 0 or k > n:
        return -math.inf
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
