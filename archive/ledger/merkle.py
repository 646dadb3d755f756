"""The Merkle tree of RFC 6962, section 2.1, over SHA-256."""

import hashlib
from abc import ABC, abstractmethod

from archive.ledger.check_proof import leaf_hash, node_hash

_HASH = 32


class HashTree(ABC):
    """Roots and paths over a tree whose complete subtrees have their hashes somewhere."""

    @abstractmethod
    def __len__(self) -> int:
        """How many leaves there are."""

    @abstractmethod
    def node(self, height: int, index: int) -> bytes:
        """Hash of the complete subtree of 2^`height` leaves, counted from the left."""

    def root(self, size: int) -> bytes:
        """Root of the tree of the first `size` leaves."""
        self._check(size)
        return self._range(0, size) if size else hashlib.sha256().digest()

    def path(self, index: int, size: int) -> list[bytes]:
        """Inclusion path of leaf `index` in the tree of the first `size` leaves, leaf first."""
        self._check(size)
        if not 0 <= index < size:
            raise IndexError("no such leaf in a tree of this size")
        path: list[bytes] = []
        start, end = 0, size
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                path.append(self._range(middle, end))
                end = middle
            else:
                path.append(self._range(start, middle))
                start = middle
        return path[::-1]

    def extension(self, first: int, second: int) -> list[bytes]:
        """Consistency path from the first `first` leaves to `second` (RFC 6962, 2.1.2)."""
        self._check(second)
        if not 0 < first <= second:
            raise IndexError("no such smaller tree")
        path: list[bytes] = []
        start, end, whole = 0, second, True
        while end != first:
            middle = start + _split(end - start)
            if first <= middle:
                path.append(self._range(middle, end))
                end = middle
            else:
                path.append(self._range(start, middle))
                start, whole = middle, False
        if not whole:
            path.append(self._range(start, end))
        return path[::-1]

    def _check(self, size: int) -> None:
        if not 0 <= size <= len(self):
            raise IndexError("the tree is smaller")

    def _range(self, start: int, end: int) -> bytes:
        """Hash of leaves start..end, a subtree of some tree: start is a multiple of its width."""
        width = end - start
        if width & (width - 1) == 0:
            return self.node(width.bit_length() - 1, start // width)
        middle = start + _split(width)
        return node_hash(self._range(start, middle), self._range(middle, end))


class MerkleTree(HashTree):
    """A growing tree that keeps the hash of every complete subtree.

    Two hashes of memory a leaf; appending costs O(1) on average, a root or a path O(log² n).
    """

    def __init__(self) -> None:
        self._levels: list[bytearray] = [bytearray()]

    def __len__(self) -> int:
        return len(self._levels[0]) // _HASH

    def hashes(self, height: int, first: int, end: int) -> bytes:
        """Hashes of complete subtrees of 2^`height` leaves, from one to before another."""
        level = self._levels[height] if height < len(self._levels) else b""
        return bytes(level[first * _HASH : end * _HASH])

    def node(self, height: int, index: int) -> bytes:
        """Hash of a complete subtree."""
        found = self.hashes(height, index, index + 1)
        if not found:
            raise IndexError("no such complete subtree")
        return found

    def append(self, leaf: bytes) -> None:
        """Add a leaf's bytes at the end."""
        node = leaf_hash(leaf)
        for level in self._levels:
            level.extend(node)
            if len(level) // _HASH % 2:
                return
            node = node_hash(bytes(level[-2 * _HASH : -_HASH]), node)
        self._levels.append(bytearray(node))

    def shrink(self, size: int) -> None:
        """Forget every leaf from number `size` on."""
        for height, level in enumerate(self._levels):
            del level[(size >> height) * _HASH :]


def _split(width: int) -> int:
    """The largest power of two below the width."""
    return 1 << ((width - 1).bit_length() - 1)
