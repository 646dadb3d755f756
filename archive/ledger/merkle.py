"""The Merkle tree of RFC 6962, section 2.1, over SHA-256."""

import hashlib
from collections.abc import Sequence


def leaf_hash(leaf: bytes) -> bytes:
    """Hash of a leaf's bytes."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class MerkleTree:
    """A growing tree that keeps the hash of every complete subtree.

    Two hashes of memory a leaf; appending costs O(1) on average, a root or a path O(log² n).
    """

    def __init__(self) -> None:
        self._levels: list[list[bytes]] = [[]]

    def __len__(self) -> int:
        return len(self._levels[0])

    def append(self, leaf: bytes) -> None:
        """Add a leaf's bytes at the end."""
        node = leaf_hash(leaf)
        for level in self._levels:
            level.append(node)
            if len(level) % 2:
                return
            node = node_hash(level[-2], level[-1])
        self._levels.append([node])

    def shrink(self, size: int) -> None:
        """Forget every leaf from number `size` on."""
        for height, level in enumerate(self._levels):
            del level[size >> height :]

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

    def _check(self, size: int) -> None:
        if not 0 <= size <= len(self):
            raise IndexError("the tree is smaller")

    def _range(self, start: int, end: int) -> bytes:
        """Hash of leaves start..end, a subtree of some tree: start is a multiple of its width."""
        width = end - start
        if width & (width - 1) == 0:
            return self._levels[width.bit_length() - 1][start // width]
        middle = start + _split(width)
        return node_hash(self._range(start, middle), self._range(middle, end))


def _split(width: int) -> int:
    """The largest power of two below the width."""
    return 1 << ((width - 1).bit_length() - 1)


def root_of_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that an inclusion path leads to; None where it is no path of this leaf and size.

    RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size:
        return None
    position, last, node = index, size - 1, leaf_hash(leaf)
    for sibling in path:
        if last == 0:
            return None
        if position % 2 or position == last:
            node = node_hash(sibling, node)
            while position % 2 == 0 and position:
                position, last = position >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        position, last = position >> 1, last >> 1
    return node if last == 0 else None
