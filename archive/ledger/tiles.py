"""The log in tiles of 256: its leaves to open it by, its hashes to prove by without the whole log.

Tiles repeat what the segments say, in another cut, once it can no longer change. Every one can be
made again from the segments, and what is read from them is held against a segment's root.
"""

import functools
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from archive.ledger.check_proof import node_hash
from archive.ledger.merkle import HashTree, MerkleTree
from archive.ledger.segments import plain_leaf
from archive.vault.store import ObjectStore
from records.archived import LedgerLeaf
from records.codec import canonical
from records.errors import IntegrityError

PREFIX = "ledger/tiles/"
HEIGHT = 8
WIDTH = 1 << HEIGHT
_HASH = 32
_VERSION = 1
_AT_ONCE = 64
_CACHED = 512


@dataclass(frozen=True, slots=True)
class LeafTile:
    """256 leaves. Its last one stands in segment number `segment`, whose first leaf is `first`."""

    leaves: tuple[LedgerLeaf, ...]
    segment: int
    first: int

    def to_bytes(self) -> bytes:
        """The tile as it is stored."""
        plain = [plain_leaf(leaf) for leaf in self.leaves]
        body = {"leaves": plain, "segment": self.segment, "first": self.first}
        return canonical(body | {"version": _VERSION})


def leaf_tile_key(number: int) -> str:
    """Key of a tile of leaves."""
    return f"{PREFIX}leaves/{number:08d}"


def hash_tile_key(level: int, number: int) -> str:
    """Key of a tile of hashes: of leaves at level 0, of the roots of 256 tiles above."""
    return f"{PREFIX}{level}/{number:08d}"


def hash_tiles(tree: MerkleTree, number: int) -> Iterator[tuple[str, bytes]]:
    """The tiles of hashes that are full once the tile of leaves of this number is."""
    level = 0
    while True:
        hashes = tree.hashes(level * HEIGHT, number * WIDTH, (number + 1) * WIDTH)
        yield hash_tile_key(level, number), hashes
        if (number + 1) % WIDTH:
            return
        level, number = level + 1, number // WIDTH


def read_leaf_tiles(store: ObjectStore) -> Iterator[LeafTile]:
    """Every tile of leaves from the first until there is none.

    Raises:
        IntegrityError: not a tile in canonical form (`tile_damaged`).
    """
    number = 0
    while True:
        keys = [leaf_tile_key(n) for n in range(number, number + (_AT_ONCE if number else 1))]
        for key, raw in zip(keys, store.get_all(keys), strict=True):
            if raw is None:
                return
            yield read_leaf_tile(raw, key)
            number += 1


def read_leaf_tile(raw: bytes, key: str) -> LeafTile:
    """Read a tile of leaves; whether they are the log's is for the roots to say.

    Raises:
        IntegrityError: not a tile in canonical form (`tile_damaged`).
    """
    try:
        plain = json.loads(raw)
        leaves = tuple(LedgerLeaf(**leaf) for leaf in plain["leaves"])
        tile = LeafTile(leaves, int(plain["segment"]), int(plain["first"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise IntegrityError("tile_damaged", key) from error
    if tile.to_bytes() != raw or len(leaves) != WIDTH:
        raise IntegrityError("tile_damaged", key)
    return tile


class TileTree(HashTree):
    """The tree read out of tiles of hashes as they are needed, and the hashes beyond the last."""

    def __init__(
        self, read: Callable[[str], bytes | None], tiles: int, beyond: Sequence[bytes] = ()
    ) -> None:
        """`tiles`: how many full tiles of leaves there are; `beyond`: hashes of later leaves."""
        self._read, self._tiles, self._beyond = read, tiles, tuple(beyond)
        self._tile = functools.lru_cache(_CACHED)(self._read_tile)

    def __len__(self) -> int:
        return self._tiles * WIDTH + len(self._beyond)

    def node(self, height: int, index: int) -> bytes:
        """Hash of a complete subtree: out of the lowest tile that has it."""
        level, within = divmod(height, HEIGHT)
        start = index << within
        while level and start + (1 << within) > self._hashes_at(level):
            level, within, start = level - 1, within + HEIGHT, start << HEIGHT
        return _fold([self._hash(level, start + n) for n in range(1 << within)])

    def _hashes_at(self, level: int) -> int:
        """How many hashes of a level stand in full tiles."""
        full = self._tiles >> (HEIGHT * level)
        return full * WIDTH

    def _hash(self, level: int, number: int) -> bytes:
        if level == 0 and number >= self._tiles * WIDTH:
            return self._beyond[number - self._tiles * WIDTH]
        tile = self._tile(level, number // WIDTH)
        at = number % WIDTH * _HASH
        return tile[at : at + _HASH]

    def _read_tile(self, level: int, number: int) -> bytes:
        key = hash_tile_key(level, number)
        raw = self._read(key)
        if raw is None or len(raw) != WIDTH * _HASH:
            raise IntegrityError("tile_damaged", key)
        return raw


def _fold(hashes: list[bytes]) -> bytes:
    while len(hashes) > 1:
        hashes = [node_hash(a, b) for a, b in zip(hashes[::2], hashes[1::2], strict=True)]
    return hashes[0]
