"""The drawn curve is what happens: it is checked by arithmetic, by a book and by simulation."""

import hashlib
import itertools
import math

import pytest

from quality.sampling.draw import in_drawn_order
from quality.sampling.operating_characteristic import (
    bad_share_that_passes,
    curve,
    passes,
    passes_from_process,
)
from quality.sampling.plans import plan_for

LOTS = 10_000


def exact(lot: int, bad: int, size: int, accept: int) -> float:
    """The same probability in whole numbers."""
    ways = sum(math.comb(bad, x) * math.comb(lot - bad, size - x) for x in range(accept + 1))
    return ways / math.comb(lot, size)


@pytest.mark.parametrize(("lot", "bad"), [(862, 17), (862, 0), (862, 862), (12_000, 240), (30, 1)])
def test_it_is_the_hypergeometric_sum(lot: int, bad: int) -> None:
    """The probability equals the exact sum over whole numbers."""
    plan = plan_for(lot, "II", "1.0")

    assert passes(plan, lot, bad) == pytest.approx(exact(lot, bad, plan.size, plan.accept))


@pytest.mark.parametrize(
    ("aql", "share"), [("1.0", 0.0103), ("2.5", 0.0332), ("4.0", 0.0506), ("6.5", 0.0791)]
)
def test_the_standards_own_figures(aql: str, share: float) -> None:
    """Letter J passes with 95 % at the shares that table 10-J of MIL-STD-105E prints."""
    plan = plan_for(1_000, "II", aql)

    assert plan.letter == "J"
    assert passes_from_process(plan, share) == pytest.approx(0.95, abs=0.002)


def test_ten_thousand_lots_match_the_curve() -> None:
    """Of 10,000 lots whose samples are really drawn, as many pass as the curve says."""
    lot = 60
    plan = plan_for(lot, "II", "2.5")
    items = [str(number) for number in range(lot)]
    passed = dict.fromkeys((1, 3, 6, 12), 0)
    for number in range(LOTS):
        seed = hashlib.sha256(number.to_bytes(4, "big")).digest()
        sample = [int(item) for item in in_drawn_order(seed, items)[: plan.size]]
        for bad in passed:
            passed[bad] += sum(item < bad for item in sample) <= plan.accept

    assert (plan.size, plan.accept) == (20, 1)
    for bad, count in passed.items():
        expected = passes(plan, lot, bad)
        spread = math.sqrt(expected * (1 - expected) / LOTS)
        assert abs(count / LOTS - expected) <= 4 * spread + 1e-9


@pytest.mark.parametrize("lot", [2, 7, 40, 862, 10_000, 600_000])
def test_the_curve_falls_from_one(lot: int) -> None:
    """A lot without bad items always passes, and more bad items never help."""
    points = curve(plan_for(lot, "II", "1.0"), lot)
    heights = [point.passes for point in points]

    assert points[0].bad == 0
    assert heights[0] == pytest.approx(1)
    assert all(after <= before + 1e-8 for before, after in itertools.pairwise(heights))
    assert heights[-1] < 0.05 or points[-1].bad == 1


def test_the_share_that_passes_is_the_largest() -> None:
    """One bad item more than the share given would pass more seldom than asked."""
    plan, lot = plan_for(862, "II", "1.0"), 862
    share = bad_share_that_passes(plan, lot, 0.10)
    bad = round(share * lot)

    assert passes(plan, lot, bad) >= 0.10 > passes(plan, lot, bad + 1)
