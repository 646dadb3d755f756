"""Keeps the ledger stamped: a stamp at every seal, made up for where it was missed, renewed."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from archive.ledger.check_proof import Stamp
from archive.ledger.ledger import Ledger
from archive.ledger.stamps import KIND
from archive.problem import Problem
from records.errors import IntegrityError

RENEWED_BEFORE = dt.timedelta(days=180)
"""A stamp whose certificate ends sooner gets a later stamp over it."""
NOT_AGAIN_FOR = dt.timedelta(days=7)
"""An authority may itself be about to change its certificate; it is not asked at every look."""
CLOCKS_APART = dt.timedelta(minutes=5)


class Authority(Protocol):
    """What is asked of a time-stamping authority."""

    def stamp(self, message: bytes) -> tuple[bytes, Stamp]:
        """A checked stamp of a message: the answer as it came, and what it says."""

    def check(self, response: bytes, message: bytes, nonce: int | None = None) -> Stamp:
        """What a stamp of this message says, or IntegrityError `timestamp_wrong`."""


@dataclass(frozen=True, slots=True)
class StampState:
    """Where the stamps stand.

    `heads`: how many heads have one. `waiting`: leaves that no stamp covers. `newest`, `expires`:
    when the newest was made and until when its certificate is good, RFC 3339, or empty.
    `problems`: stamps that do not hold, a certificate that has ended, clocks that differ.
    """

    configured: bool
    heads: int
    waiting: int
    newest: str = ""
    expires: str = ""
    problems: tuple[Problem, ...] = ()


class Stamping:
    """The stamps of one ledger by one authority (None: none is configured)."""

    def __init__(
        self,
        ledger: Ledger,
        authority: Authority | None,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self._ledger = ledger
        self._authority = authority
        self._now = now

    @property
    def configured(self) -> bool:
        """Whether there is an authority to ask."""
        return self._authority is not None

    @property
    def authority(self) -> Authority | None:
        """Who is asked for stamps."""
        return self._authority

    def waiting(self) -> int:
        """Leaves that no stamped head covers; stamps' own leaves do not count."""
        return self._ledger.count_beyond(max(self._ledger.stamp_sizes(), default=0), KIND)

    def make_up(self) -> StampState:
        """Stamp whatever waits for a stamp, renew what will soon need it; then say where it stands.

        Killed or run twice at once, it makes at worst one stamp more than needed.

        Raises:
            TransientError, IntegrityError: the authority's, see `TimestampAuthority.stamp`;
                everything is as it was, and waits.
        """
        self._commit()
        apart: tuple[Problem, ...] = ()
        if self._authority and (self.waiting() or self._must_renew(self._authority)):
            head = self._ledger.sign_head()
            response, stamp = self._authority.stamp(head.to_bytes())
            self._ledger.keep_stamp(head.size, response)
            self._commit()
            if abs(stamp.time - self._now()) > CLOCKS_APART:
                apart = (Problem("ledger", str(head.size), "clock_differs"),)
        state = self.state()
        return StampState(
            state.configured,
            state.heads,
            state.waiting,
            state.newest,
            state.expires,
            state.problems + apart,
        )

    def state(self) -> StampState:
        """Check every stamp there is against its head and the certificates; change nothing."""
        sizes = self._ledger.stamp_sizes()
        if self._authority is None:
            return StampState(False, len(sizes), self.waiting())
        problems: list[Problem] = []
        newest: Stamp | None = None
        for size in (*self._ledger.stamps_without_leaf(), *sizes):
            try:
                newest = self._checked(self._authority, size)
            except IntegrityError as error:
                problems.append(Problem("ledger", error.subject or str(size), error.code))
        if newest and newest.expires < self._now():
            problems.append(Problem("ledger", str(sizes[-1]), "stamp_expired"))
        times = (newest.time.isoformat(), newest.expires.isoformat()) if newest else ("", "")
        return StampState(True, len(sizes), self.waiting(), *times, tuple(problems))

    def _commit(self) -> None:
        """Give stamps their leaves: a killed stamper's too, but none that does not hold."""
        if self._authority is None:
            return
        for size in self._ledger.stamps_without_leaf():
            try:
                self._checked(self._authority, size)
            except IntegrityError:
                continue  # `state` names it
            self._ledger.commit_stamp(size)

    def _must_renew(self, authority: Authority) -> bool:
        sizes = self._ledger.stamp_sizes()
        if not sizes:
            return False
        newest, now = self._checked(authority, sizes[-1]), self._now()
        return newest.expires - now < RENEWED_BEFORE and now - newest.time > NOT_AGAIN_FOR

    def _checked(self, authority: Authority, size: int) -> Stamp:
        head, stamp = self._ledger.head(size), self._ledger.stamp(size)
        if stamp is None:
            raise IntegrityError("stamp_missing", str(size))
        if head is None:
            raise IntegrityError("stamp_without_head", str(size))
        try:
            return authority.check(stamp.response, head.to_bytes())
        except IntegrityError as error:
            raise IntegrityError(error.code, str(size)) from error
