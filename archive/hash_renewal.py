"""Everything hashed anew by another hash function, and stamped: for the day SHA-256 weakens.

RFC 4998, section 5.3: of each leaf of the log a digest of its content and of the evidence so far,
a tree of these, its root stamped by itself. An order in the store says of which leaves; killed
anywhere and run again, the work goes on after the portions that are there. What a renewal has not
covered is what lies beyond it in the log.
"""

import dataclasses
import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from archive.ledger.check_proof import (
    ALGORITHMS,
    DISPOSED,
    NOT_OPENED,
    WITH_CONTENT,
    renewed_hash,
)
from archive.ledger.renewals import KIND as RENEWAL
from archive.ledger.renewals import (
    PORTION_LEAVES,
    Portion,
    RenewalOrder,
    RenewalRoot,
    portion_key,
    read_portion,
    read_root,
    root_key,
    sealing,
    stamp_of,
    tree_root,
)
from archive.ledger.stamping import NOT_AGAIN_FOR, RENEWED_BEFORE, Authority, Stamping
from archive.ledger.stamps import KIND as STAMP
from archive.opening import Archive
from archive.problem import Problem
from archive.renewed_contents import RenewedContents
from archive.vault.names import RENEWAL_ORDER
from archive.vault.signing import signature_holds
from records.archived import LedgerLeaf
from records.errors import IntegrityError, SetupError

_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class RenewalReport:
    """What a run did; `number` is None where nothing was due.

    Attributes:
        resumed: an earlier run had begun it.
        first, size: the leaves from one number to before another are covered.
        opened: of how many leaves the content was opened, found whole and hashed.
        disposed: of how many it was gone by right: their leaf and evidence are covered.
        unopened: of how many it did not open; `problems` names them.
    """

    number: int | None
    algorithm: str
    resumed: bool = False
    first: int = 0
    size: int = 0
    opened: int = 0
    disposed: int = 0
    unopened: int = 0
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class RenewalState:
    """Where the hash renewals stand.

    `waiting`: leaves of objects beyond the newest. `newest`, `expires`: when it was stamped and
    until when that certificate is good, RFC 3339, or empty. `unopened`: leaves that are covered
    without their content, although it was not disposed of.
    """

    configured: bool
    renewals: int
    algorithm: str
    size: int
    waiting: int
    unopened: int = 0
    newest: str = ""
    expires: str = ""
    problems: tuple[Problem, ...] = ()


class HashRenewing:
    """The hash renewals of one archive."""

    def __init__(
        self,
        archive: Archive,
        stamps: Stamping | None = None,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        """`stamps`: the archive's own where none are given."""
        self._archive = archive
        self._ledger = archive.ledger
        self._stamps = stamps or archive.stamps
        self._now = now

    def renew(
        self,
        algorithm: str = ALGORITHMS[1],
        everything: bool = False,
        per_second: float | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> RenewalReport:
        """Hash what the newest renewal does not cover, have it stamped, put its leaf into the log.

        Under another algorithm than the newest one's, or where `everything` is wanted, all leaves
        are covered anew. A renewal that lies unfinished is finished instead. What does not open is
        covered by leaf and evidence alone, and named. `per_second`: open no more objects than
        that. `progress` hears the number of leaves after each portion.

        Raises:
            SetupError: no such algorithm, or no authority is configured (`renewal_unstamped`).
            TransientError, IntegrityError: the store's, the ledger's or the authority's
                (`stamps_damaged`: what would be evidence does not hold); run again, it goes on.
        """
        if algorithm not in ALGORITHMS.values():
            raise SetupError("settings_value", "algorithm")
        authority = self._stamps.authority
        if authority is None:
            raise SetupError("renewal_unstamped")
        wrong = [one for one in self._stamps.make_up().problems if one.code != "clock_differs"]
        if wrong:
            raise IntegrityError("stamps_damaged", str(len(wrong)))
        order, resumed = self._order(algorithm, everything)
        if order is None:
            return RenewalReport(None, algorithm)
        run = _Run(self._archive, authority, order, per_second, progress or (lambda _: None))
        report = run.run(resumed)
        self._archive.store.delete(RENEWAL_ORDER)
        self._stamps.make_up()
        return report

    def state(self) -> RenewalState:
        """Check the stamp of every renewal; change nothing."""
        roots = self._ledger.committed_renewals()
        newest = roots[-1] if roots else None
        size = newest.size if newest else 0
        waiting = self._ledger.count_beyond(size, STAMP, RENEWAL)
        if newest is None:
            return RenewalState(self._stamps.configured, 0, "", 0, waiting)
        problems = list(self._wrong_stamps(roots))
        says = stamp_of(newest)
        if says.expires < self._now():
            problems.append(Problem("ledger", root_key(newest.number), "stamp_expired"))
        unopened = _unopened(roots)
        if unopened:
            problems.append(Problem("ledger", str(unopened), "object_not_renewed"))
        return RenewalState(
            self._stamps.configured,
            len(roots),
            ALGORITHMS[newest.algorithm],
            size,
            waiting,
            unopened,
            says.time.isoformat(),
            says.expires.isoformat(),
            tuple(problems),
        )

    def _wrong_stamps(self, roots: list[RenewalRoot]) -> Iterator[Problem]:
        if (authority := self._stamps.authority) is None:
            return
        for root in roots:
            try:
                authority.check(root.response, root.statement())
            except IntegrityError as error:
                yield Problem("ledger", root_key(root.number), error.code)

    def _order(self, algorithm: str, everything: bool) -> tuple[RenewalOrder | None, bool]:
        """What is to be done, and whether that was ordered before."""
        secrets = self._archive.secrets
        done = len(self._ledger.committed_renewals())
        if (begun := self._read_order()) and begun.number == done:
            return begun, True
        if begun:  # killed after its leaf was put into the log
            self._archive.store.delete(RENEWAL_ORDER)
        wanted = self._wanted(algorithm, everything)
        if wanted is None:
            return None, False
        secrets.read_or_make(RENEWAL_ORDER, wanted.to_bytes, lambda: False)
        return self._read_order(), False

    def _read_order(self) -> RenewalOrder | None:
        try:
            raw = self._archive.secrets.read(RENEWAL_ORDER)
            if raw is None:
                return None
            fields = json.loads(raw)
            return RenewalOrder(
                *(fields[name] for name in ("number", "algorithm", "first", "size"))
            )
        except (IntegrityError, ValueError, KeyError, TypeError) as error:
            raise IntegrityError("renewal_damaged", RENEWAL_ORDER) from error

    def _wanted(self, algorithm: str, everything: bool) -> RenewalOrder | None:
        roots = self._ledger.committed_renewals()
        newest = roots[-1] if roots else None
        anew = everything or newest is None or ALGORITHMS[newest.algorithm] != algorithm
        first = 0 if anew or newest is None else newest.size
        size = max(self._ledger.stamp_sizes(), default=0)
        if size <= first or not (anew or self._is_due(roots[-1])):
            return None
        return RenewalOrder(len(roots), algorithm, first, size)

    def _is_due(self, newest: RenewalRoot) -> bool:
        """Whether objects' leaves lie beyond the newest renewal, or its certificate ends soon."""
        if self._ledger.count_beyond(newest.size, STAMP, RENEWAL):
            return True
        says, now = stamp_of(newest), self._now()
        return says.expires - now < RENEWED_BEFORE and now - says.time > NOT_AGAIN_FOR


def _unopened(roots: list[RenewalRoot]) -> int:
    """Leaves covered without content, in the renewals that now cover the log."""
    found, end = 0, roots[-1].size
    for root in reversed(roots):
        if root.size == end:
            found, end = found + root.unopened, root.first
        if not end:
            break
    return found


class _Run:
    """One renewal, from its order to its leaf in the log."""

    def __init__(
        self,
        archive: Archive,
        authority: Authority,
        order: RenewalOrder,
        per_second: float | None,
        progress: Callable[[int], None],
    ) -> None:
        self._archive = archive
        self._authority = authority
        self._order = order
        self._algorithm = next(n for n, name in ALGORITHMS.items() if name == order.algorithm)
        self._contents = RenewedContents(archive, self._algorithm, per_second)
        self._progress = progress
        self._signing = archive.signing_key()

    def run(self, resumed: bool) -> RenewalReport:
        order = self._order
        roots: list[bytes] = []
        states = Counter[int]()
        for number, first in enumerate(range(order.first, order.size, PORTION_LEAVES)):
            portion = self._portion(number, first, min(first + PORTION_LEAVES, order.size))
            roots.append(tree_root(portion.hashes(self._algorithm), self._algorithm))
            states.update(portion.states())
            self._progress(states.total())
        root = RenewalRoot(
            order.number,
            self._algorithm,
            order.first,
            order.size,
            tuple(roots),
            states[DISPOSED],
            states[NOT_OPENED],
            b"",
        )
        self._archive.ledger.append([self._stamped(root).leaf()])
        self._archive.ledger.sign_head()
        return RenewalReport(
            order.number,
            order.algorithm,
            resumed,
            order.first,
            order.size,
            states[WITH_CONTENT],
            states[DISPOSED],
            states[NOT_OPENED],
            self._contents.problems(),
        )

    def _stamped(self, root: RenewalRoot) -> RenewalRoot:
        """The root with its stamp, as it lies in the store; one that does not hold is replaced."""
        store, key = self._archive.store, root_key(root.number)
        there = store.get(key)
        if there is not None and (found := self._good(there, root)):
            return found
        response, _ = self._authority.stamp(root.statement())
        stamped = dataclasses.replace(root, response=response)
        if there is not None:
            store.put(key, stamped.to_bytes())
        elif not store.put_if_absent(key, stamped.to_bytes()):
            return self._stamped(root)
        return stamped

    def _good(self, raw: bytes, root: RenewalRoot) -> RenewalRoot | None:
        """What a killed run, or another, has stamped of just this root."""
        try:
            found = read_root(raw, root.number)
            self._authority.check(found.response, root.statement())
        except IntegrityError:
            return None
        return found if dataclasses.replace(found, response=b"") == root else None

    def _portion(self, number: int, first: int, end: int) -> Portion:
        """A portion as an earlier run has left it, or made and kept."""
        store, key = self._archive.store, portion_key(self._order.number, number)
        leaves = self._archive.ledger.leaves_between(first, end)
        there = store.get(key)
        if there is not None and (found := self._sealed(there, key, len(leaves))):
            for leaf, state in zip(leaves, found.states(), strict=True):
                if state == NOT_OPENED:
                    self._contents.name(leaf.kind, leaf.id, "object_not_renewed")
            return found
        portion = self._made(key, leaves, first)
        if there is not None:
            store.put(key, portion.to_bytes())
        elif not store.put_if_absent(key, portion.to_bytes()):
            return self._portion(number, first, end)
        return portion

    def _sealed(self, raw: bytes, key: str, count: int) -> Portion | None:
        """A portion that a run of this very order has made; None for any other bytes."""
        try:
            found = read_portion(raw, key)
        except IntegrityError:
            return None
        message = sealing(self._order, key, found.records)
        whole = len(found.records) == count
        return (
            found if whole and signature_holds(self._signing.public, found.seal, message) else None
        )

    def _made(self, key: str, leaves: tuple[LedgerLeaf, ...], first: int) -> Portion:
        end = first + len(leaves)
        evidence = self._archive.ledger.evidence(first, end, self._order.size)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            contents = list(pool.map(self._contents.digest, leaves))
        records = tuple(
            renewed_hash(self._algorithm, held) + bytes([state]) + digest
            for held, (state, digest) in zip(evidence, contents, strict=True)
        )
        return Portion(records, self._signing.sign(sealing(self._order, key, records)))
