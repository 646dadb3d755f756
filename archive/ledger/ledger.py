"""The ledger: leaves are appended, heads are signed, nothing is ever rewritten."""

import threading
from collections.abc import Callable, Iterator, Sequence

from archive.ledger.check_proof import PROOF_VERSION
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
from archive.ledger.merkle import MerkleTree
from archive.ledger.segments import (
    MAX_LEAVES,
    next_segment,
    plain_leaf,
    read_segments,
    segment_key,
)
from archive.vault.signing import SigningKey
from archive.vault.store import ObjectStore
from records.errors import IntegrityError
from records.values import LedgerLeaf

_Name = tuple[str, str, str]


class Ledger:
    """One Merkle log over all institutions, kept in the store.

    It is read when first asked and followed from there; two hashes and the leaf are held in
    memory for every leaf. Calls are safe from many threads and processes.
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
        return added

    def leaves(self) -> Iterator[LedgerLeaf]:
        """Every leaf, in order."""
        with self._lock:
            self._follow()
            return iter(tuple(self._leaves))

    def ids(self, kind: str, institution: str) -> set[str]:
        """Ids of an institution's leaves of a kind."""
        with self._lock:
            self._follow()
            return {id for a_kind, code, id in self._index if (a_kind, code) == (kind, institution)}

    def root(self, size: int | None = None) -> bytes:
        """Root of the first `size` leaves, or of all."""
        with self._lock:
            self._follow()
            return self._tree.root(len(self._tree) if size is None else size)

    def sign_head(self) -> SignedHead:
        """Sign what stands now; where that size is signed already, return that head."""
        with self._lock:
            self._follow()
            size = len(self._tree)
            if head := self._head(size):
                return head
            key = self._signing_key()
            self._store.put_if_absent(public_key_key(key.key_id), public_key_bytes(key.public))
            head = sign(key, size, self._tree.root(size))
            if self._store.put_if_absent(head_key(size), head.to_bytes()):
                return head
            return self._head(size) or head

    def newest_head(self) -> SignedHead | None:
        """The signed head of the largest size, or None."""
        keys = list(self._store.list(PREFIX))
        raw = self._store.get(keys[-1]) if keys else None
        return read_head(raw, keys[-1]) if raw is not None else None

    def prove(self, kind: str, institution: str, id: str) -> dict[str, object]:
        """A proof that an object is in the ledger; signs a head where none covers it yet.

        Raises:
            IntegrityError: it has no leaf (`leaf_missing`), or the newest head does not fit.
        """
        with self._lock:
            self._follow()
            index = self._index.get((kind, institution, id))
            if index is None:
                raise IntegrityError("leaf_missing", id)
            head = self.newest_head()
            if head is None or head.size <= index:
                head = self.sign_head()
            public = self._public_key(head.key_id)
            fits = head.size <= len(self._tree) and self._tree.root(head.size).hex() == head.root
            if not fits or not head.holds(public):
                raise IntegrityError("head_differs", head_key(head.size))
            return {
                "version": PROOF_VERSION,
                "leaf": plain_leaf(self._leaves[index]),
                "index": index,
                "path": [node.hex() for node in self._tree.path(index, head.size)],
                "head": head.to_plain(),
                "public_key": public.hex(),
                "salt": self._salt_of(institution, kind, id).hex(),
            }

    def _forget(self) -> None:
        self._tree = MerkleTree()
        self._segments = 0
        self._leaves: list[LedgerLeaf] = []
        self._index: dict[_Name, int] = {}

    def _follow(self) -> None:
        """Read the segments that have come since the last look."""
        try:
            for segment in read_segments(self._store, self._segments, self._tree):
                self._take(segment.leaves)
        except IntegrityError:
            self._forget()
            raise

    def _take(self, leaves: Sequence[LedgerLeaf]) -> None:
        for leaf in leaves:
            self._index.setdefault(_name(leaf), len(self._leaves))
            self._leaves.append(leaf)
        self._segments += 1

    def _new_of(self, leaves: Sequence[LedgerLeaf]) -> list[LedgerLeaf]:
        new: dict[_Name, LedgerLeaf] = {}
        for leaf in leaves:
            at = self._index.get(_name(leaf))
            there = new.setdefault(_name(leaf), leaf) if at is None else self._leaves[at]
            if there.commitment != leaf.commitment:
                raise IntegrityError("leaf_differs", leaf.id)
        return list(new.values())

    def _head(self, size: int) -> SignedHead | None:
        raw = self._store.get(head_key(size))
        return read_head(raw, head_key(size)) if raw is not None else None

    def _public_key(self, key_id: str) -> bytes:
        raw = self._store.get(public_key_key(key_id))
        if raw is None:
            raise IntegrityError("public_key_missing", key_id)
        return read_public_key(raw, public_key_key(key_id))


def _name(leaf: LedgerLeaf) -> _Name:
    return leaf.kind, leaf.institution, leaf.id
