"""The ledger: leaves are appended, heads are signed, nothing is ever rewritten."""

import bisect
import dataclasses
import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterator, Sequence

from archive.ledger.check_proof import Extension, HeadSigning, Leaf, Proof
from archive.ledger.heads import (
    PREFIX,
    SignedHead,
    head_key,
    public_key_bytes,
    public_key_key,
    read_head,
    read_public_key,
    sign,
)
from archive.ledger.leaf_log import LeafLog, Name, name_of
from archive.ledger.merkle import MerkleTree
from archive.ledger.proofs import extension_bytes, proof_bytes, renewed_bytes, signing_of
from archive.ledger.renewals import KIND as RENEWAL
from archive.ledger.renewals import RenewalRoot, Renewals
from archive.ledger.segments import (
    MAX_LEAVES,
    leaf_bytes,
    next_segment,
    plain_leaf,
    read_segments,
    segment_key,
)
from archive.ledger.stamp_chains import StampChains
from archive.ledger.stamps import KIND as STAMP
from archive.ledger.stamps import PREFIX as STAMPS
from archive.ledger.stamps import HeadStamp, read_stamp, stamp_key
from archive.ledger.tiles import WIDTH, LeafTile, hash_tiles, leaf_tile_key, read_leaf_tiles
from archive.vault.signing import SigningKey
from archive.vault.store import ObjectStore
from records.archived import LedgerLeaf
from records.errors import IntegrityError
from records.redacted_logging import event

log = logging.getLogger(__name__)
_SOON = dt.timedelta(days=365)


class Ledger:
    """One Merkle log over all institutions, kept in the store.

    It is read when first asked and followed from there; two hashes and the leaf are held in
    memory for every leaf, together about 190 bytes. Calls are safe from many threads and processes.
    """

    def __init__(
        self,
        store: ObjectStore,
        signing_key: Callable[[], SigningKey],
        salt_of: Callable[[str, str, str], bytes],
    ) -> None:
        """`salt_of(institution, kind, id)` gives the salt that a proof reveals."""
        self._store = store
        self._signing_key = signing_key
        self._salt_of = salt_of
        self._lock = threading.RLock()
        self._signed_at = ""
        self._chains = StampChains(
            self.stamp_sizes,
            self.stamp,
            self.head,
            self._stamp_index,
            lambda index, size: self._tree.path(index, size),  # noqa: PLW0108  (it may be another)
            self._signing,
        )
        self._hash_renewals = Renewals(store, self._renewal_leaf)
        self._forget()

    def append(self, leaves: Sequence[LedgerLeaf]) -> int:
        """Add the leaves that are not there yet; return how many those were.

        Raises:
            IntegrityError: a leaf of this name stands with another commitment (`leaf_differs`),
                or the ledger is damaged (`segment_damaged`).
        """
        added = 0
        with self._lock:
            self._follow()
            while new := self._new_of(leaves)[:MAX_LEAVES]:
                segment = next_segment(self._tree, new)
                if self._store.put_if_absent(segment_key(self._segments), segment.to_bytes()):
                    added += len(new)
                self._follow()
            self._keep_tiles()
        return added

    def leaves(self) -> Iterator[LedgerLeaf]:
        """Every leaf, in order."""
        with self._lock:
            self._follow()
            return self._leaves.between(0, len(self._leaves))

    def ids(self, kind: str, institution: str) -> set[str]:
        """Ids of an institution's leaves of a kind."""
        with self._lock:
            self._follow()
            return {
                leaf.id
                for leaf in self._leaves.between(0, len(self._leaves))
                if (leaf.kind, leaf.institution) == (kind, institution)
            }

    def root(self, size: int | None = None) -> bytes:
        """Root of the first `size` leaves, or of all."""
        with self._lock:
            self._follow()
            return self._tree.root(len(self._tree) if size is None else size)

    def leaves_between(self, first: int, end: int) -> tuple[LedgerLeaf, ...]:
        """The leaves from one number to before another."""
        with self._lock:
            self._follow()
            return tuple(self._leaves.between(first, end))

    def count_beyond(self, size: int, *but: str) -> int:
        """How many leaves stand after the first `size`, those of the kinds `but` not counted."""
        with self._lock:
            self._follow()
            beyond = self._leaves.between(size, len(self._leaves))
            return sum(leaf.kind not in but for leaf in beyond)

    def sign_head(self) -> SignedHead:
        """Sign what stands now; where that size is signed already, return that head.

        The time of a head is never before that of the newest head known here, even where the
        machine's clock was set back.
        """
        with self._lock:
            self._follow()
            size = len(self._tree)
            if head := self.head(size):
                return head
            key = self._signing_key()
            self._store.put_if_absent(public_key_key(key.key_id), public_key_bytes(key.public))
            self._signed_at = self._signed_at or self._newest_time(key)
            head = sign(key, size, self._tree.root(size), self._signed_at)
            self._signed_at = head.time
            if self._store.put_if_absent(head_key(size), head.to_bytes()):
                return head
            return self.head(size) or head

    def head(self, size: int) -> SignedHead | None:
        """The signed head of a size, or None."""
        raw = self._store.get(head_key(size))
        return read_head(raw, head_key(size)) if raw is not None else None

    def newest_head(self) -> SignedHead | None:
        """The signed head of the largest size, or None."""
        keys = list(self._store.list(PREFIX))
        raw = self._store.get(keys[-1]) if keys else None
        return read_head(raw, keys[-1]) if raw is not None else None

    def signed_since(self, place: int) -> str:
        """Since when the leaf at a place (from 0) is under a signed head (UTC); "" if it is not."""
        keys = list(self._store.list(PREFIX))
        at = bisect.bisect_left(keys, head_key(place + 1))
        raw = self._store.get(keys[at]) if at < len(keys) else None
        return read_head(raw, keys[at]).time if raw is not None else ""

    def stamp_sizes(self) -> list[int]:
        """Sizes whose heads have a time stamp that the log knows, ascending."""
        with self._lock:
            self._follow()
            leaves = self._leaves.between(0, len(self._leaves))
            return sorted({int(leaf.id) for leaf in leaves if leaf.kind == STAMP})

    def stamps_without_leaf(self) -> list[int]:
        """Sizes with a stamp that the log does not know yet, or that a stranger laid there."""
        found = (key.removeprefix(STAMPS) for key in self._store.list(STAMPS))
        return sorted({int(text) for text in found if text.isdecimal()} - {*self.stamp_sizes()})

    def stamp(self, size: int) -> HeadStamp | None:
        """The time stamp of the head of a size, or None."""
        raw = self._store.get(stamp_key(size))
        return read_stamp(raw, stamp_key(size)) if raw is not None else None

    def keep_stamp(self, size: int, response: bytes) -> None:
        """Lay a checked stamp beside its head, unless one lies there."""
        self._store.put_if_absent(stamp_key(size), HeadStamp(size, response).to_bytes())

    def commit_stamp(self, size: int) -> None:
        """Put the leaf of a stamp, as it lies there checked, into the log, and sign."""
        if stamp := self.stamp(size):
            self.append([stamp.leaf()])
            self.sign_head()

    def prove(self, kind: str, institution: str, id: str, size: int | None = None) -> bytes:
        """A proof that an object is in the ledger, as `check_proof` reads it.

        Of the heads that cover it, it leads to the first that has a time stamp, else to the newest;
        signs one where none covers it yet. `size`: to the head of this size, which was published.
        Hash renewals are taken along where they were made over the proof to that head.

        Raises:
            IntegrityError: it has no leaf (`leaf_missing`), no such head covers it
                (`head_missing`), or the head does not fit.
        """
        with self._lock:
            self._follow()
            index = self._leaves.number_of((kind, institution, id))
            if index is None:
                raise IntegrityError("leaf_missing", id)
            if renewed := self._renewed(index, size):
                return renewed
            head = self._head_over(index, size)
            known = self._stamp_index(head.size) is not None
            stamp = self.stamp(head.size) if known else None
            proof = Proof(
                Leaf(**plain_leaf(self._leaves[index])),
                self._salt_of(institution, kind, id),
                index,
                tuple(self._tree.path(index, head.size)),
                self._signing(head),
                stamp.response if stamp else b"",
                self._chains.carrying(stamp, _soon()) if stamp else (),
            )
            return proof_bytes(proof)

    def committed_renewals(self) -> list[RenewalRoot]:
        """The hash renewals that the log knows, in order.

        Raises:
            IntegrityError: one is not there, or not what its leaf says (`renewal_damaged`).
        """
        with self._lock:
            self._follow()
            return self._hash_renewals.committed()

    def evidence(self, first: int, end: int, size: int) -> list[bytes]:
        """What a hash renewal up to the stamped head of `size` hashes besides leaves' contents.

        Of each leaf from one number to before another its proof without its salt, and the renewals
        there are of it: what `prove` will write before the new one, to the byte.
        """
        with self._lock:
            self._follow()
            return [self._evidence(index, size) for index in range(first, end)]

    def prove_extension(self, size: int) -> bytes:
        """A proof that the log of a published head's size only grew into that of the newest head.

        Raises:
            IntegrityError: no head of this size can be extended (`head_missing`).
        """
        with self._lock:
            self._follow()
            head = self.newest_head()
            if head is None or not 0 < size <= head.size:
                raise IntegrityError("head_missing", str(size))
            signing = self._signing(head)
            path = tuple(self._tree.extension(size, head.size))
            return extension_bytes(Extension(size, path, signing))

    def _evidence(self, index: int, size: int) -> bytes:
        first = self._hash_renewals.first_over(index)
        proof = self._under_stamps(index, first.size if first else size)
        return proof_bytes(proof) + b"".join(self._hash_renewals.elements(index))

    def _renewed(self, index: int, size: int | None) -> bytes | None:
        """The proof with its hash renewals; None where none hold, or they are over another head."""
        first = self._hash_renewals.first_over(index)
        if first is None or self._hash_renewals.ends(index) < dt.datetime.now(dt.UTC):
            return None
        proof = self._under_stamps(index, first.size)
        if size not in {None, proof.head.size}:
            return None
        leaf = proof.leaf
        salt = self._salt_of(leaf.institution, leaf.kind, leaf.id)
        whole = dataclasses.replace(proof, salt=salt)
        return renewed_bytes(whole, self._hash_renewals.elements(index))

    def _under_stamps(self, index: int, size: int) -> Proof:
        """A leaf's proof by the stamps up to that of `size`, whatever came later; without salt."""
        over = self._chains.over(index, size)
        path = tuple(self._tree.path(index, over.head.size))
        leaf = Leaf(**plain_leaf(self._leaves[index]))
        return Proof(leaf, b"", index, path, over.head, over.stamp, over.renewals)

    def _renewal_leaf(self, number: int) -> tuple[int, str] | None:
        """Place and commitment of the leaf of a hash renewal."""
        at = self._leaves.number_of((RENEWAL, "", f"{number:012d}"))
        return None if at is None else (at, self._leaves[at].commitment)

    def _head_over(self, index: int, size: int | None) -> SignedHead:
        if size is None:
            size = next((stamped for stamped in self.stamp_sizes() if stamped > index), None)
        if size is None:
            newest = self.newest_head()
            return newest if newest and newest.size > index else self.sign_head()
        head = self.head(size) if size > index else None
        if head is None:
            raise IntegrityError("head_missing", str(size))
        return head

    def _newest_time(self, key: SigningKey) -> str:
        """Time of the newest head that is ours; who can only write to the store sets no time."""
        for name in sorted(self._store.list(PREFIX), reverse=True):
            try:
                head = read_head(self._store.get(name) or b"", name)
            except IntegrityError:
                continue  # named by `verify`
            if head.size <= len(self._tree) and head.holds(key.public):
                return head.time
        return ""

    def _signing(self, head: SignedHead) -> HeadSigning:
        """How a head was signed, once it is shown to be this log's and its key's."""
        public = self._public_key(head.key_id)
        fits = head.size <= len(self._tree) and self._tree.root(head.size).hex() == head.root
        if not fits or not head.holds(public):
            raise IntegrityError("head_differs", head_key(head.size))
        return signing_of(head, public)

    def _stamp_index(self, size: int) -> int | None:
        return self._leaves.number_of((STAMP, "", f"{size:012d}"))

    def _forget(self) -> None:
        self._tree = MerkleTree()
        self._segments = 0
        self._leaves = LeafLog()
        self._firsts: dict[int, int] = {}
        self._tiles = 0

    def _follow(self) -> None:
        """Read the segments that have come since the last look; at the first look, by tiles."""
        if not self._segments:
            try:
                self._read_tiles()
                self._read_segments()
                return
            except IntegrityError as error:
                # Tiles are derived: what counts is whether the segments hold without them.
                event(log, "tiles_not_used", logging.WARNING, code=error.code)
                self._forget()
        self._read_segments()

    def _read_segments(self) -> None:
        try:
            for segment in read_segments(self._store, self._segments, self._tree):
                self._firsts[self._segments] = segment.first
                self._take(segment.leaves)
                self._segments += 1
        except IntegrityError:
            self._forget()
            raise

    def _read_tiles(self) -> None:
        """Take the leaves of all tiles; those of the segment that the last tile ends in again."""
        tile: LeafTile | None = None
        for tile in read_leaf_tiles(self._store):
            for leaf in tile.leaves:
                self._tree.append(leaf_bytes(leaf))
            self._take(tile.leaves)
            self._tiles += 1
        if tile is None:
            return
        self._leaves.cut(tile.first)
        self._tree.shrink(tile.first)
        self._segments = tile.segment
        raw = self._store.get(segment_key(tile.segment))
        if raw is None:
            raise IntegrityError("segment_missing", segment_key(tile.segment))

    def _keep_tiles(self) -> None:
        """Write the tiles that have become full; a leaf tile last, since it stands for them all."""
        while (end := (self._tiles + 1) * WIDTH) <= len(self._leaves):
            for key, hashes in hash_tiles(self._tree, self._tiles):
                self._store.put_if_absent(key, hashes)
            segment = max(n for n, first in self._firsts.items() if first < end)
            leaves = tuple(self._leaves.between(end - WIDTH, end))
            tile = LeafTile(leaves, segment, self._firsts[segment])
            self._store.put_if_absent(leaf_tile_key(self._tiles), tile.to_bytes())
            self._tiles += 1

    def _take(self, leaves: Sequence[LedgerLeaf]) -> None:
        self._leaves.extend(leaves)

    def _new_of(self, leaves: Sequence[LedgerLeaf]) -> list[LedgerLeaf]:
        new: dict[Name, LedgerLeaf] = {}
        for leaf in leaves:
            at = self._leaves.number_of(name_of(leaf))
            there = new.setdefault(name_of(leaf), leaf) if at is None else self._leaves[at]
            if there.commitment != leaf.commitment:
                raise IntegrityError("leaf_differs", leaf.id)
        return list(new.values())

    def _public_key(self, key_id: str) -> bytes:
        raw = self._store.get(public_key_key(key_id))
        if raw is None:
            raise IntegrityError("public_key_missing", key_id)
        return read_public_key(raw, public_key_key(key_id))


def _soon() -> dt.datetime:
    return dt.datetime.now(dt.UTC) + _SOON
