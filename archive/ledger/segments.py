"""The ledger's stored form: numbered segments of leaves, each stating the root after it."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.ledger.merkle import MerkleTree
from archive.ledger.renewals import KIND as RENEWAL
from archive.ledger.stamps import KIND as STAMP
from archive.vault.names import object_name
from archive.vault.store import ObjectStore
from records.archived import LedgerLeaf
from records.codec import canonical
from records.errors import IntegrityError, RejectedInput

PREFIX = "ledger/segments/"
MAX_LEAVES = 10_000
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Segment:
    """Leaves that were appended at once, after the `first` leaves before them."""

    first: int
    leaves: tuple[LedgerLeaf, ...]
    root: str

    def to_bytes(self) -> bytes:
        """The segment as it is stored."""
        return canonical(
            {
                "version": _VERSION,
                "first": self.first,
                "leaves": [plain_leaf(leaf) for leaf in self.leaves],
                "root": self.root,
            }
        )


def plain_leaf(leaf: LedgerLeaf) -> dict[str, str]:
    """A leaf's fields. Spelt out: the general codec takes five times as long, and logs grow."""
    return {
        "kind": leaf.kind,
        "institution": leaf.institution,
        "batch": leaf.batch,
        "id": leaf.id,
        "commitment": leaf.commitment,
    }


def leaf_bytes(leaf: LedgerLeaf) -> bytes:
    """What the tree hashes for a leaf."""
    return canonical(plain_leaf(leaf))


def segment_key(number: int) -> str:
    """Key of a segment."""
    return f"{PREFIX}{number:08d}"


def next_segment(tree: MerkleTree, leaves: Sequence[LedgerLeaf]) -> Segment:
    """The segment that would append these leaves; the tree stays as it is.

    Raises:
        RejectedInput: a leaf that names no object.
    """
    first = len(tree)
    try:
        return _grow(tree, leaves)
    finally:
        tree.shrink(first)


def _grow(tree: MerkleTree, leaves: Sequence[LedgerLeaf]) -> Segment:
    first = len(tree)
    for leaf in leaves:
        _check_name(leaf)
        tree.append(leaf_bytes(leaf))
    return Segment(first, tuple(leaves), tree.root(len(tree)).hex())


def _check_name(leaf: LedgerLeaf) -> None:
    if leaf.kind not in {STAMP, RENEWAL}:
        object_name(leaf.institution, leaf.kind, leaf.id)
    elif leaf.institution or leaf.batch or not re.fullmatch("[0-9]{12}", leaf.id):
        raise RejectedInput("object_id_invalid")


def read_segment(raw: bytes, number: int, tree: MerkleTree) -> Segment:
    """Read a segment's bytes and grow the tree by it.

    Raises:
        IntegrityError: not the canonical form of what follows in this tree (`segment_damaged`);
            the tree is then of no more use.
    """
    try:
        leaves = tuple(LedgerLeaf(**leaf) for leaf in json.loads(raw)["leaves"])
        segment = _grow(tree, leaves)
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        RejectedInput,
    ) as error:
        raise IntegrityError("segment_damaged", segment_key(number)) from error
    if segment.to_bytes() != raw or not leaves:
        raise IntegrityError("segment_damaged", segment_key(number))
    return segment


def read_segments(store: ObjectStore, start: int, tree: MerkleTree) -> Iterator[Segment]:
    """Read segments from number `start` until there is none, growing the tree."""
    number = start
    while (raw := store.get(segment_key(number))) is not None:
        yield read_segment(raw, number, tree)
        number += 1
