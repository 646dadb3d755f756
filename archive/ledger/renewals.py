"""Hash renewals as they are stored: portions of digests, and a stamped root (RFC 4998, 5.3).

A renewal hashes leaves of the log, their contents and the evidence so far by another hash function
into a tree of its own, whose root is stamped by itself: what holds it is not SHA-256. Its bytes
are described in `docs/formats/ledger.md`.
"""

import base64
import binascii
import datetime as dt
import functools
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from archive.ledger.check_proof import (
    ALGORITHMS,
    OF_THE_LEAF,
    OF_THE_RENEWAL,
    RENEWED_HASH,
    WITH_CONTENT,
    HashRenewal,
    Stamp,
    joining,
    renewal_leaf,
    renewal_statement,
    renewed_leaf,
)
from archive.ledger.proofs import hash_renewal_bytes
from archive.ledger.stamps import says
from archive.vault.store import ObjectStore
from records.archived import LedgerLeaf
from records.codec import canonical
from records.errors import IntegrityError

PREFIX = "ledger/renewals/"
KIND = "renewal"
PORTION_LEAVES = 1_024
"""A power of two: a full portion is a complete subtree."""
RECORD_BYTES = 2 * RENEWED_HASH + 1
SEAL_BYTES = 64
KEYS = re.compile(re.escape(PREFIX) + r"[0-9]{12}/(root|portions/[0-9]{8})")
_SEALING = b"giroksil hash renewal\x00"
_VERSION = 1
_CACHED = 64


@dataclass(frozen=True, slots=True)
class RenewalOrder:
    """Which leaves a renewal covers: from number `first` to before `size`; by which algorithm."""

    number: int
    algorithm: str
    first: int
    size: int

    def to_bytes(self) -> bytes:
        """The order as it is wrapped and stored, and sealed."""
        return canonical(
            {
                "version": _VERSION,
                "number": self.number,
                "algorithm": self.algorithm,
                "first": self.first,
                "size": self.size,
            }
        )


@dataclass(frozen=True, slots=True)
class RenewalRoot:
    """What is committed of a renewal: of which leaves, by which algorithm, its root, its stamp.

    `portions`: the roots of its portions. `disposed`, `unopened`: of how many leaves the content
    was gone by right, or did not open. `response`: the authority's answer, as it came.
    """

    number: int
    algorithm: int
    first: int
    size: int
    portions: tuple[bytes, ...]
    disposed: int
    unopened: int
    response: bytes

    @property
    def root(self) -> bytes:
        """Root of the tree."""
        return tree_root(self.portions, self.algorithm)

    def order(self) -> RenewalOrder:
        """What was ordered."""
        return RenewalOrder(self.number, ALGORITHMS[self.algorithm], self.first, self.size)

    def statement(self) -> bytes:
        """What the stamp is over."""
        return renewal_statement(self.number, self.algorithm, self.first, self.size, self.root)

    def content(self) -> bytes:
        """What a later renewal hashes as the content of this one's leaf."""
        return self.statement() + self.response

    def leaf(self) -> LedgerLeaf:
        """Its leaf in the ledger."""
        leaf = renewal_leaf(self.number, self.statement(), self.response)
        return LedgerLeaf(leaf.kind, leaf.institution, leaf.batch, leaf.id, leaf.commitment)

    def covers(self, index: int) -> bool:
        """Whether a leaf of the log is hashed in it."""
        return self.first <= index < self.size

    def to_bytes(self) -> bytes:
        """The root as it is stored."""
        return canonical(
            {
                "version": _VERSION,
                "number": self.number,
                "algorithm": ALGORITHMS[self.algorithm],
                "first": self.first,
                "size": self.size,
                "root": self.root.hex(),
                "portions": [portion.hex() for portion in self.portions],
                "disposed": self.disposed,
                "unopened": self.unopened,
                "response": base64.b64encode(self.response).decode("ascii"),
            }
        )


@dataclass(frozen=True, slots=True)
class Portion:
    """What was hashed of up to 1,024 leaves, one record each, and who says so.

    A record: digest of the evidence, what there was of the content, digest of the content. `seal`:
    by the archive's signing key; a run that goes on after another believes it, nobody else.
    """

    records: tuple[bytes, ...]
    seal: bytes = b""

    def to_bytes(self) -> bytes:
        """The portion as it is stored."""
        return b"".join(self.records) + self.seal

    def hashes(self, algorithm: int) -> list[bytes]:
        """The hashes of its leaves in the renewal's tree."""
        return [renewed_leaf(algorithm, record) for record in self.records]

    def states(self) -> Iterator[int]:
        """What there was of each leaf's content."""
        return (record[RENEWED_HASH] for record in self.records)


def sealing(order: RenewalOrder, key: str, records: Sequence[bytes]) -> bytes:
    """What the seal of a portion is over."""
    return _SEALING + b"\0".join([order.to_bytes(), key.encode(), b"".join(records)])


def root_key(number: int) -> str:
    """Key of a renewal's root."""
    return f"{PREFIX}{number:012d}/root"


def portion_key(number: int, portion: int) -> str:
    """Key of a portion of a renewal."""
    return f"{PREFIX}{number:012d}/portions/{portion:08d}"


def read_root(raw: bytes, number: int) -> RenewalRoot:
    """Read a renewal's root; what its stamp says is not checked here.

    Raises:
        IntegrityError: not a root in canonical form, or another's (`renewal_damaged`).
    """
    try:
        plain = json.loads(raw)
        root = RenewalRoot(
            int(plain["number"]),
            next(n for n, name in ALGORITHMS.items() if name == plain["algorithm"]),
            int(plain["first"]),
            int(plain["size"]),
            tuple(bytes.fromhex(portion) for portion in plain["portions"]),
            int(plain["disposed"]),
            int(plain["unopened"]),
            base64.b64decode(str(plain["response"]), validate=True),
        )
        whole = root.to_bytes() == raw and root.number == number
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        StopIteration,
        RecursionError,
        binascii.Error,
    ) as error:
        raise IntegrityError("renewal_damaged", root_key(number)) from error
    if not whole:
        raise IntegrityError("renewal_damaged", root_key(number))
    return root


def read_portion(raw: bytes, key: str) -> Portion:
    """Read a portion; whether it is the renewal's is for its root to say.

    Raises:
        IntegrityError: it cannot be one (`renewal_damaged`).
    """
    count, rest = divmod(len(raw) - SEAL_BYTES, RECORD_BYTES)
    if rest or not 0 < count <= PORTION_LEAVES:
        raise IntegrityError("renewal_damaged", key)
    records = (raw[at * RECORD_BYTES : (at + 1) * RECORD_BYTES] for at in range(count))
    return Portion(tuple(records), raw[-SEAL_BYTES:])


def tree_root(hashes: Sequence[bytes], algorithm: int) -> bytes:
    """Root of the tree (RFC 6962) over the hashes of complete subtrees of equal size."""
    level = list(hashes)
    while len(level) > 1:
        level = _above(level, joining(algorithm))
    return level[0]


def tree_path(hashes: Sequence[bytes], index: int, algorithm: int) -> list[bytes]:
    """Inclusion path of one of the hashes, lowest first."""
    level, path = list(hashes), list[bytes]()
    while len(level) > 1:
        if index ^ 1 < len(level):
            path.append(level[index ^ 1])
        level, index = _above(level, joining(algorithm)), index >> 1
    return path


def _above(level: list[bytes], join: Callable[[bytes, bytes], bytes]) -> list[bytes]:
    """One level up; the last hash of an odd number goes up alone."""
    joined = [join(a, b) for a, b in zip(level[::2], level[1::2], strict=False)]
    return joined + level[-1:] if len(level) % 2 else joined


class Renewals:
    """The renewals that the log knows, and what a proof takes from them."""

    def __init__(
        self, store: ObjectStore, leaf_of: Callable[[int], tuple[int, str] | None]
    ) -> None:
        """`leaf_of` gives place and commitment of the leaf of a renewal's number."""
        self._store = store
        self._leaf_of = leaf_of
        self._known: list[RenewalRoot] = []
        self._portion = functools.lru_cache(_CACHED)(self._read_portion)

    def committed(self) -> list[RenewalRoot]:
        """All that have a leaf, in order.

        Raises:
            IntegrityError: one is not there, or not what its leaf says (`renewal_damaged`).
        """
        while leaf := self._leaf_of(len(self._known)):
            number = len(self._known)
            root = read_root(self._store.get(root_key(number)) or b"", number)
            if root.leaf().commitment != leaf[1]:
                raise IntegrityError("renewal_damaged", root_key(number))
            self._known.append(root)
        return list(self._known)

    def first_over(self, index: int) -> RenewalRoot | None:
        """The first renewal that covers a leaf of the log."""
        return next((one for one in self.committed() if one.covers(index)), None)

    def elements(self, index: int) -> list[bytes]:
        """The bytes in a proof of every renewal of a leaf, and of those that carry its stamps."""
        return [self._element(*link) for link in self._chain(index)]

    def ends(self, index: int) -> dt.datetime:
        """Until when the last of these is good; a leaf that none covers is an error."""
        return stamp_of(self._chain(index)[-1][0]).expires

    def _chain(self, index: int) -> list[tuple[RenewalRoot, int, int]]:
        """Each renewal, what it covers, and which leaf of the log that is."""
        found: list[tuple[RenewalRoot, int, int]] = []
        for one in self.committed():
            if one.covers(index):
                found.append((one, OF_THE_LEAF, index))
                continue
            leaf = self._leaf_of(found[-1][0].number) if found else None
            if leaf and _carries(one, found[-1][0], leaf[0]):
                found.append((one, OF_THE_RENEWAL, leaf[0]))
        return found

    def _element(self, root: RenewalRoot, covers: int, index: int) -> bytes:
        number, at = divmod(index - root.first, PORTION_LEAVES)
        portion = self._portion(root.number, number)
        record = portion.records[at]
        state = record[RENEWED_HASH]
        evidence, content = record[:RENEWED_HASH], record[RENEWED_HASH + 1 :]
        path = tree_path(portion.hashes(root.algorithm), at, root.algorithm)
        path += tree_path(root.portions, number, root.algorithm)
        renewal = HashRenewal(
            covers,
            root.algorithm,
            root.number,
            root.first,
            root.size,
            index,
            state,
            content if covers == OF_THE_LEAF else evidence,
            tuple(path),
            root.response,
        )
        if covers == OF_THE_RENEWAL and state != WITH_CONTENT:
            raise IntegrityError("renewal_damaged", root_key(root.number))
        return hash_renewal_bytes(renewal)

    def _read_portion(self, number: int, portion: int) -> Portion:
        key = portion_key(number, portion)
        found = read_portion(self._store.get(key) or b"", key)
        root = self._known[number]
        if tree_root(found.hashes(root.algorithm), root.algorithm) != root.portions[portion]:
            raise IntegrityError("renewal_damaged", key)
        return found


def stamp_of(root: RenewalRoot) -> Stamp:
    """What the stamp of a renewal says of itself; nothing of it is checked."""
    return says(root.response, root_key(root.number))


def _carries(later: RenewalRoot, earlier: RenewalRoot, index: int) -> bool:
    """Whether a later renewal's stamp, good for longer, is over an earlier one's leaf."""
    old, new = stamp_of(earlier), stamp_of(later)
    return later.covers(index) and old.time <= new.time <= old.expires < new.expires
