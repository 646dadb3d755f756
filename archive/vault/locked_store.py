"""A store of two places: ciphertexts in a bucket with Object Lock, everything else in another.

Records must be replaced, by rotation and by tombstones, and put on a condition, which a bucket
with versions does not honour everywhere; so they, keys, ledger and `work/` lie in the open place.
"""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import BinaryIO, TypeVar

from archive.vault.names import parse_blob_key
from archive.vault.store import ObjectStore

_AT_ONCE = 8
T = TypeVar("T", str, tuple[str, str])


class LockedStore:
    """An `ObjectStore`. What was put before there was a lock is found in the open place."""

    def __init__(self, plain: ObjectStore, locked: ObjectStore) -> None:
        self._open = plain
        self._locked = locked
        self.is_far = True

    def put_if_absent(self, key: str, data: bytes) -> bool:
        """See `ObjectStore`; commits are never locked."""
        return self._open.put_if_absent(key, data)

    def put(self, key: str, data: bytes | memoryview, digest: str = "") -> None:
        """See `ObjectStore`."""
        self._place(key).put(key, data, digest)

    def put_file(self, key: str, file: BinaryIO, size: int, digest: str) -> None:
        """See `ObjectStore`."""
        self._place(key).put_file(key, file, size, digest)

    def replace_all(self, changes: Sequence[tuple[str, bytes, bytes]]) -> list[bool]:
        """See `ObjectStore`; what is locked is not replaced."""
        return self._open.replace_all(changes)

    def get(self, key: str) -> bytes | None:
        """See `ObjectStore`."""
        found = self._locked.get(key) if is_locked(key) else None
        return self._open.get(key) if found is None else found

    def get_into(self, key: str, file: BinaryIO) -> bool:
        """See `ObjectStore`."""
        return (is_locked(key) and self._locked.get_into(key, file)) or self._open.get_into(
            key, file
        )

    def get_all(self, keys: Sequence[str]) -> list[bytes | None]:
        """See `ObjectStore`."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(self.get, keys))

    def exists(self, key: str) -> bool:
        """See `ObjectStore`; what lies hidden in the bucket does not."""
        return (is_locked(key) and self._locked.exists(key)) or self._open.exists(key)

    def list(self, prefix: str = "") -> Iterator[str]:
        """See `ObjectStore`."""
        return _merged(self._open.list(prefix), self._locked.list(prefix))

    def tags(self, prefix: str) -> Iterator[tuple[str, str]]:
        """See `ObjectStore`."""
        return _merged(self._open.tags(prefix), self._locked.tags(prefix))

    def roots(self) -> Iterator[str]:
        """See `ObjectStore`."""
        return _merged(self._open.roots(), self._locked.roots())

    def age(self, key: str) -> float | None:
        """See `ObjectStore`."""
        found = self._locked.age(key) if is_locked(key) else None
        return self._open.age(key) if found is None else found

    def delete(self, key: str) -> None:
        """See `ObjectStore`; what is locked is hidden, and removed once its day has come."""
        if is_locked(key):
            self._locked.delete(key)
        self._open.delete(key)

    def sweep(self, older_than_seconds: float) -> int:
        """See `ObjectStore`."""
        return self._open.sweep(older_than_seconds) + self._locked.sweep(older_than_seconds)

    def _place(self, key: str) -> ObjectStore:
        return self._locked if is_locked(key) else self._open


def is_locked(key: str) -> bool:
    """Whether what lies under a key is locked: ciphertexts, but none of `work/`."""
    parsed = parse_blob_key(key)
    return parsed is not None and not parsed[0].kind.startswith("work/")


def _merged(first: Iterable[T], second: Iterable[T]) -> Iterator[T]:
    last: T | None = None
    for one in heapq.merge(first, second):
        if one != last:
            yield one
        last = one
