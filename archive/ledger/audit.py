"""The ledger checked from its files alone: every segment, every head, every public key."""

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass

from archive.ledger import heads
from archive.ledger.merkle import MerkleTree
from archive.ledger.renewal_audit import audit_renewals
from archive.ledger.renewals import KIND as RENEWAL
from archive.ledger.segments import PREFIX as SEGMENTS
from archive.ledger.segments import read_segment, segment_key
from archive.ledger.stamps import KIND as STAMP
from archive.ledger.stamps import PREFIX as STAMPS
from archive.ledger.stamps import read_stamp, stamp_key
from archive.ledger.tiles import PREFIX as TILES
from archive.ledger.tiles import WIDTH, LeafTile, hash_tiles, leaf_tile_key
from archive.problem import Problem
from archive.vault.store import ObjectStore
from records.archived import LedgerLeaf
from records.errors import IntegrityError

_TILE = re.compile(re.escape(TILES) + r"([0-9]|leaves)/[0-9]{8}")
_SEGMENT = re.compile(re.escape(SEGMENTS) + r"[0-9]{8}")


@dataclass(frozen=True, slots=True)
class Audit:
    """What the files say: the leaves of objects (before the first damage), and what is wrong.

    `size`: how many leaves of any kind. `whole`: no segment is damaged. `heads`, `unsigned`: how
    many heads, leaves beyond them.
    Leaves of stamps and hash renewals speak of no object: they are held against these here, and
    not among `leaves`.
    `known_keys`: every key of the store that is the ledger's.
    """

    leaves: tuple[LedgerLeaf, ...]
    size: int
    whole: bool
    heads: int
    unsigned: int
    problems: tuple[Problem, ...]
    known_keys: frozenset[str]


def audit(store: ObjectStore, signing_key_id: str | None) -> Audit:
    """Read the whole ledger. `signing_key_id`: whose heads are believed; None = any published."""
    problems: list[Problem] = []
    tree, leaves, segments, firsts = _segments(store, problems)
    whole = not problems
    publics = _public_keys(store, problems)
    signed, head_keys = 0, list(store.list(heads.PREFIX))
    for key in head_keys:
        raw = store.get(key) or b""
        try:
            head = heads.read_head(raw, key)
        except IntegrityError as error:
            problems.append(Problem("ledger", key, error.code))
            continue
        if code := _fault(head, publics, signing_key_id, tree if whole else None):
            problems.append(Problem("ledger", key, code))
        else:
            signed = max(signed, head.size)
    stamps = list(store.list(STAMPS))
    problems += _stamp_problems(store, stamps, leaves if whole else None)
    tiles = list(store.list(TILES))
    wrong, renewals = audit_renewals(store, leaves if whole else None, publics.values())
    problems += wrong
    if whole:
        problems += _tile_problems(store, tiles, tree, leaves, firsts)
    known = {
        *(key for key in tiles if _TILE.fullmatch(key)),
        *renewals,
        *segments,
        *head_keys,
        *store.list(heads.KEYS_PREFIX),
        *stamps,
    }
    unsigned = max(0, len(leaves) - signed)
    of_objects = tuple(leaf for leaf in leaves if leaf.kind not in {STAMP, RENEWAL})
    return Audit(
        of_objects,
        len(leaves),
        whole,
        len(head_keys),
        unsigned,
        tuple(problems),
        frozenset(known),
    )


def _segments(
    store: ObjectStore, problems: list[Problem]
) -> tuple[MerkleTree, list[LedgerLeaf], list[str], list[int]]:
    tree, leaves, firsts = MerkleTree(), list[LedgerLeaf](), list[int]()
    keys = [key for key in store.list(SEGMENTS) if _SEGMENT.fullmatch(key)]
    for number, key in enumerate(keys):
        if key != segment_key(number):
            problems.append(Problem("ledger", segment_key(number), "segment_missing"))
            break
        try:
            firsts.append(len(leaves))
            leaves += read_segment(store.get(key) or b"", number, tree).leaves
        except IntegrityError as error:
            problems.append(Problem("ledger", key, error.code))
            break  # what follows is numbered and hashed after this one
    return tree, leaves, keys, firsts


def _public_keys(store: ObjectStore, problems: list[Problem]) -> dict[str, bytes]:
    publics: dict[str, bytes] = {}
    for key in store.list(heads.KEYS_PREFIX):
        try:
            publics[key] = heads.read_public_key(store.get(key) or b"", key)
        except IntegrityError as error:
            problems.append(Problem("ledger", key, error.code))
    return publics


def _fault(
    head: heads.SignedHead,
    publics: dict[str, bytes],
    signing_key_id: str | None,
    tree: MerkleTree | None,
) -> str | None:
    public = publics.get(heads.public_key_key(head.key_id))
    if public is None or signing_key_id not in {None, head.key_id}:
        return "head_key_unknown"
    if not head.holds(public):
        return "head_damaged"
    if tree is None:
        return None  # the segments are named already
    if head.size > len(tree):
        return "ledger_truncated"
    return None if tree.root(head.size).hex() == head.root else "head_differs"


def _stamp_problems(
    store: ObjectStore, keys: list[str], leaves: list[LedgerLeaf] | None
) -> Iterator[Problem]:
    """Stamps and their leaves; whether an authority's word holds is for who has its certificate."""
    committed = {
        stamp_key(int(leaf.id)): leaf.commitment for leaf in leaves or () if leaf.kind == STAMP
    }
    for key in keys:
        try:
            stamp = read_stamp(store.get(key) or b"", key)
        except IntegrityError as error:
            yield Problem("ledger", key, error.code)
            continue
        if not store.exists(heads.head_key(stamp.size)):
            yield Problem("ledger", key, "stamp_without_head")
        # One without a leaf is a killed writer's: the next stamping adds the leaf.
        if committed.get(key, stamp.leaf().commitment) != stamp.leaf().commitment:
            yield Problem("ledger", key, "stamp_damaged")
    for key in sorted(committed.keys() - set(keys)):
        yield Problem("ledger", key, "stamp_missing")


def _tile_problems(
    store: ObjectStore,
    keys: list[str],
    tree: MerkleTree,
    leaves: list[LedgerLeaf],
    firsts: list[int],
) -> Iterator[Problem]:
    """Tiles that are not cut from these segments. One that is not there yet is no fault."""
    there = {key for key in keys if _TILE.fullmatch(key)}
    for number in range(len(leaves) // WIDTH):
        end = (number + 1) * WIDTH
        segment = bisect.bisect_left(firsts, end) - 1
        tile = LeafTile(tuple(leaves[end - WIDTH : end]), segment, firsts[segment])
        wanted = {leaf_tile_key(number): tile.to_bytes(), **dict(hash_tiles(tree, number))}
        for key in sorted(wanted.keys() & there):
            if store.get(key) != wanted[key]:
                yield Problem("ledger", key, "tile_damaged")
        there -= wanted.keys()
    for key in sorted(there):
        yield Problem("ledger", key, "tile_damaged")
