"""Which stamps carry one another: what a proof takes along where a certificate ends."""

import bisect
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from archive.ledger.check_proof import HeadSigning, Renewal, Stamp
from archive.ledger.heads import SignedHead
from archive.ledger.stamps import HeadStamp, says, stamp_key
from records.errors import IntegrityError


@dataclass(frozen=True, slots=True)
class StampedHead:
    """A head, its stamp, and the later stamps that carry that one."""

    head: HeadSigning
    stamp: bytes
    renewals: tuple[Renewal, ...]


class StampChains:
    """The chains of one log's stamps. Call it under the log's lock."""

    def __init__(
        self,
        sizes: Callable[[], list[int]],
        stamp: Callable[[int], HeadStamp | None],
        head: Callable[[int], SignedHead | None],
        place: Callable[[int], int | None],
        path: Callable[[int, int], Sequence[bytes]],
        signing: Callable[[SignedHead], HeadSigning],
    ) -> None:
        """What the log knows.

        `sizes` of stamped heads; `stamp`, `head`, and `place` of the stamp's leaf, by size; `path`
        of a leaf in the tree of a size; how a head was signed.
        """
        self._sizes = sizes
        self._stamp = stamp
        self._head = head
        self._place = place
        self._path = path
        self._signing = signing
        self._known: tuple[int, list[int]] = (0, [])
        self._last: tuple[tuple[int, int], StampedHead] | None = None

    def carrying(
        self, stamp: HeadStamp, until: dt.datetime, table: Sequence[tuple[int, Stamp]] = ()
    ) -> tuple[Renewal, ...]:
        """The later stamps, of a table or of all, that carry one whose certificate ends before."""
        found: list[Renewal] = []
        while (now := _says(stamp)).expires < until:
            index = self._place(stamp.size)
            table = table or self._say(self._sizes())
            good = [
                size
                for size, one in table
                if index is not None and size > index
                if now.time <= one.time <= now.expires < one.expires
            ]
            later, head = (self._stamp(good[-1]), self._head(good[-1])) if good else (None, None)
            if index is None or later is None or head is None:
                break
            stamp, path = later, tuple(self._path(index, head.size))
            found.append(Renewal(index, path, self._signing(head), stamp.response))
        return tuple(found)

    def over(self, index: int, size: int) -> StampedHead:
        """The first stamped head over a leaf, carried up to the stamp of `size`.

        Only stamps count that the first `size` leaves name, and that of `size`: so the answer is
        the same however the log has grown.

        Raises:
            IntegrityError: a head or stamp is not there (`stamp_missing`).
        """
        if self._known[0] != size:
            self._known = (size, [one for one in self._sizes() if self._counts(one, size)])
        sizes = self._known[1]
        over = sizes[bisect.bisect_right(sizes, index)]
        if self._last is None or self._last[0] != (over, size):
            self._last = ((over, size), self._carried(over, size, sizes))
        return self._last[1]

    def _counts(self, one: int, size: int) -> bool:
        place = self._place(one)
        return one == size or (place is not None and place < size)

    def _carried(self, over: int, size: int, sizes: Sequence[int]) -> StampedHead:
        head, stamp, newest = self._head(over), self._stamp(over), self._stamp(size)
        if head is None or stamp is None or newest is None:
            raise IntegrityError("stamp_missing", str(over))
        # Hardly ever are all stamps read: the newest carries the one over the leaf, if any does.
        ends, last = _says(stamp).expires, _says(newest)
        table = [(size, last)] if last.time <= ends else self._say(sizes)
        renewals = self.carrying(stamp, last.expires, table)
        return StampedHead(self._signing(head), stamp.response, renewals)

    def _say(self, sizes: Sequence[int]) -> list[tuple[int, Stamp]]:
        """What the stamps of these heads say, each with its head's size."""
        return [(size, _says(stamp)) for size in sizes if (stamp := self._stamp(size))]


def _says(stamp: HeadStamp) -> Stamp:
    return says(stamp.response, stamp_key(stamp.size))
