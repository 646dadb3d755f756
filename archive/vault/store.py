"""What the archive asks of an object store, on one page."""

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Protocol

from records.errors import IntegrityError

_KEY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,199}(/[A-Za-z0-9_][A-Za-z0-9._-]{0,199}){0,9}")


class ObjectStore(Protocol):
    """Bytes under keys; safe for many threads and processes at once.

    A key is parts of `[A-Za-z0-9_][A-Za-z0-9._-]*` joined by `/`; any other is refused with
    IntegrityError `store_key_invalid`. What a call has answered is durable. Every call may raise
    TransientError (`store_full`, `store_unreachable`) and SetupError (`store_forbidden`,
    `store_missing`).
    """

    @property
    def is_far(self) -> bool:
        """Whether each call crosses a network, so that one saved counts."""

    def put_if_absent(self, key: str, data: bytes) -> bool:
        """Write, unless something is there; of any number of writers exactly one hears True.

        False can also follow a lost answer to one's own write: compare where that matters.
        """

    def put(self, key: str, data: bytes | memoryview, digest: str = "") -> None:
        """Write, replacing what was there; a reader sees the old bytes or the new.

        `digest`: SHA-256 of the data in hex, where it is known already.
        """

    def put_file(self, key: str, file: BinaryIO, size: int, digest: str) -> None:
        """As `put`, of the file's next `size` bytes; they are never in memory all at once."""

    def replace_all(self, changes: Sequence[tuple[str, bytes, bytes]]) -> list[bool]:
        """Write several, `(key, old, new)`, each where just the old bytes lie; tell which were.

        A key that was deleted or written meanwhile stays as it is; in a bucket of Ceph 16 a
        deletion at the very moment may lose. Killed, some are replaced; a reader sees the old
        bytes or the new. No key may stand twice.
        """

    def get(self, key: str) -> bytes | None:
        """The bytes, or None where there are none."""

    def get_into(self, key: str, file: BinaryIO) -> bool:
        """Write the bytes at the file's place, which is its end; False where there are none."""

    def get_all(self, keys: Sequence[str]) -> list[bytes | None]:
        """As `get` each, in their order; they are waited for together where waiting costs."""

    def exists(self, key: str) -> bool:
        """Whether there are bytes under the key."""

    def list(self, prefix: str = "") -> Iterator[str]:
        """Every key that begins with `prefix` (empty, or ending in `/`), in byte order.

        Names that strangers left are listed too, although no other call takes them.
        """

    def tags(self, prefix: str) -> Iterator[tuple[str, str]]:
        """Every key as `list`, each with a tag of its bytes; cheaper than getting them.

        Equal tags, of one store or of two, mean equal bytes. Equal bytes have equal tags, but for
        what was put in parts and where a bucket encrypts by keys of a KMS. Strangers'
        names may lack.
        """

    def roots(self) -> Iterator[str]:
        """The first parts of all keys of several parts, sorted; without looking below them."""

    def age(self, key: str) -> float | None:
        """Seconds since the key was last written, by the store's own clock; None where absent."""

    def delete(self, key: str) -> None:
        """Remove; nothing happens where there is nothing."""

    def sweep(self, older_than_seconds: float) -> int:
        """Remove what killed writers left that is no object; return how many."""


def check_key(key: str) -> str:
    """Return the key if it is one.

    Raises:
        IntegrityError: it is not (`store_key_invalid`); the subject does not repeat it.
    """
    if not _KEY.fullmatch(key):
        raise IntegrityError("store_key_invalid")
    return key


def check_prefix(prefix: str) -> str:
    """Return the prefix if it is empty or a key and `/`."""
    if prefix and not prefix.endswith("/"):
        raise IntegrityError("store_key_invalid")
    return prefix and check_key(prefix[:-1]) + "/"
