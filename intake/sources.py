"""Where a delivery lies: a folder or an object store's prefix, behind one small protocol."""

import errno
import os
import stat
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from intake.names import from_bytes
from records.errors import RejectedInput, SetupError, TransientError

CHUNK = 1 << 20
# Anything else (a stale mount, too many open files) may pass: the file itself is not at fault.
_NOT_FOR_US = frozenset({errno.EACCES, errno.EPERM, errno.ENOENT, errno.ELOOP, errno.ENXIO})


@dataclass(frozen=True, slots=True)
class Found:
    """One thing found in a delivery.

    `key` is how the source calls it; `path` is readable, relative, with `/` between parts.
    `refused` is a reason's code where it must not be opened (a link, a device).
    `changed`: when it was last written, seconds since the epoch.
    """

    key: str
    path: str
    size: int
    refused: str | None = None
    changed: float = 0.0


class Source(Protocol):
    """A delivery's files.

    Every method raises `RejectedInput` for a file that cannot be had, `SetupError` for a place
    that is closed to us, and `TransientError` where a store does not answer.
    """

    def files(self) -> Iterator[Found]:
        """List everything below the delivery's root, in any order."""

    def chunks(self, key: str) -> Iterator[bytes]:
        """Read one file from the start, in pieces."""

    def small(self, path: str, max_bytes: int) -> bytes | None:
        """Return a named file of the top, None where it is absent; at most max_bytes + 1 bytes."""


class FolderSource:
    """A delivery in a local folder; symbolic links inside it are never followed."""

    def __init__(self, root: Path) -> None:
        if not root.is_dir():
            raise SetupError("delivery_not_found")
        self._root = root.resolve()

    def files(self) -> Iterator[Found]:
        """List the folder's files, at any depth."""
        folders = [self._root]
        while folders:
            folder = folders.pop()
            try:
                entries = list(os.scandir(folder))
            except OSError:
                yield self._found(str(folder), 0, "folder_unreadable")
                continue
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(Path(entry.path))
                else:
                    yield self._found(entry.path, *_looked_at(entry))

    def chunks(self, key: str) -> Iterator[bytes]:
        """Read one file; refused where a link has taken its place since it was listed."""
        if not Path(key).parent.resolve().is_relative_to(self._root):
            raise RejectedInput("link_refused")
        try:
            descriptor = os.open(key, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(descriptor, "rb") as stream:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise RejectedInput("not_a_file")
                while chunk := stream.read(CHUNK):
                    yield chunk
        except OSError as error:
            if error.errno in _NOT_FOR_US:
                raise RejectedInput("file_unreadable") from error
            raise TransientError("delivery_store_unreachable") from error

    def small(self, path: str, max_bytes: int) -> bytes | None:
        """Return a named file of the top folder."""
        file = self._root / path
        if file.is_symlink() or not file.is_file():
            return None
        return first_bytes(self.chunks(str(file)), max_bytes + 1)

    def _found(
        self, key: str, size: int, refused: str | None = None, changed: float = 0.0
    ) -> Found:
        relative = os.path.relpath(key, self._root)
        return Found(key, from_bytes(os.fsencode(relative)), size, refused, changed)


def _looked_at(entry: os.DirEntry[str]) -> tuple[int, str | None, float]:
    """Size, refusal and time of the last change."""
    if entry.is_symlink():
        return 0, "link_refused", 0.0
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:
        return 0, "file_unreadable", 0.0
    refused = None if stat.S_ISREG(status.st_mode) else "not_a_file"
    return status.st_size, refused, status.st_mtime


def first_bytes(chunks: Iterator[bytes], count: int) -> bytes:
    """Join pieces until `count` bytes are there, and return at most so many."""
    data = bytearray()
    for chunk in chunks:
        data += chunk
        if len(data) >= count:
            break
    return bytes(data[:count])


def open_source(url: str, s3_endpoint: str = "") -> Source:
    """Return the source a URL names: a path, `file://…` or `s3://bucket/prefix`.

    Raises:
        SetupError: `delivery_not_found`, or `delivery_url_unknown` for another scheme.
    """
    parts = urllib.parse.urlsplit(url)
    if parts.scheme == "s3":
        from intake.s3_source import S3Source  # noqa: PLC0415  (boto3 loads in half a second)

        return S3Source(parts.netloc, parts.path.lstrip("/"), s3_endpoint)
    if parts.scheme == "file" and parts.netloc in ("", "localhost"):
        return FolderSource(Path(urllib.request.url2pathname(parts.path)))
    if "://" in url:
        raise SetupError("delivery_url_unknown")
    return FolderSource(Path(url))
