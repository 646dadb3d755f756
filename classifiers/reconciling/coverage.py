"""Whether both sides tell of a clinic's days, so that a visit that one lacks is an exception.

A clinic that went from paper to an EMR has the visits before on the one side and those after on the
other. There, a visit left over on each side is two visits; where nearly every neighbour stands on
both sides, it is more likely one visit with its day written wrong.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Container, Sequence
from itertools import accumulate

_NEIGHBOURS = 40  # visits looked at before and after a day, each
_COVERED, _STOPPED = 0.7, 0.5  # share of them that the other side has too: at least, less than


class Coverage:
    """Of one side's visits, in order of their days, which the other side tells of on that day."""

    def __init__(self, days: Sequence[str], matched: Container[int]) -> None:
        order = sorted(range(len(days)), key=days.__getitem__)
        self._days = [days[place] for place in order]
        self._matched = array("I", accumulate((place in matched for place in order), initial=0))

    def of(self, day: str) -> bool | None:
        """Whether the other side covers the time about a day; None where that cannot be told.

        The visits before and those after are counted apart: on the last day of one side all those
        before are told by both.
        """
        first, last = bisect_left(self._days, day), bisect_right(self._days, day)
        halves = [(last - _NEIGHBOURS, last), (first, first + _NEIGHBOURS)]
        shares = [
            (self._matched[end] - self._matched[start]) / _NEIGHBOURS
            for start, end in halves
            if start >= 0 and end <= len(self._days)
        ]
        if any(share < _STOPPED for share in shares):
            return False
        return True if len(shares) == len(halves) and min(shares) >= _COVERED else None
