"""Between which shares the true one lies, for small counts: Clopper and Pearson, two-sided 95 %."""

import math
from collections.abc import Callable

_EACH_SIDE = 0.025
_HALVINGS = 50


def share_within(hits: int, of: int) -> tuple[float, float]:
    """The least and the greatest true share that so many hits do not contradict."""
    if of == 0:
        return 0.0, 1.0
    low = _where(lambda share: _at_least(hits, of, share) <= _EACH_SIDE) if hits else 0.0
    high = _where(lambda share: _at_least(hits + 1, of, share) <= 1 - _EACH_SIDE)
    return low, high if hits < of else 1.0


def _at_least(hits: int, of: int, share: float) -> float:
    """The chance of so many hits or more."""
    return sum(_chance(number, of, share) for number in range(hits, of + 1))


def _chance(hits: int, of: int, share: float) -> float:
    ways = math.lgamma(of + 1) - math.lgamma(hits + 1) - math.lgamma(of - hits + 1)
    return math.exp(ways + hits * math.log(share) + (of - hits) * math.log1p(-share))


def _where(holds: Callable[[float], bool]) -> float:
    """The greatest share for which it holds, of a condition that holds for small ones."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low
