"""Objects as files of a folder: written aside, fsynced, linked into place."""

import contextlib
import errno
import fcntl
import hashlib
import os
import secrets
import shutil
import stat
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

from archive.vault.store import check_key, check_prefix
from records.errors import IntegrityError, SetupError, TransientError

_ASIDE = ".tmp"
# Durable writes wait for the same disk; together they wait once. More gave nothing (8 to 64 tried).
_AT_ONCE = 8
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


_PART = 1024 * 1024


class FolderStore:
    """An `ObjectStore` on one file system that has hard links (any of Linux's own)."""

    is_far = False

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()
        self._folder = str(self._root)
        self._aside = self._root / _ASIDE
        self._known: set[Path] = set()

    def put_if_absent(self, key: str, data: bytes) -> bool:
        """See `ObjectStore`. `os.link` is the one call that fails where a name is taken."""
        with _translated():
            target = self._place(key)
            aside = self._write_aside([data])
            won = True
            try:
                os.link(aside, target)
            except FileExistsError:
                won = False
            finally:
                os.unlink(aside)  # noqa: PTH108  (as `_path`)
            # Who lost syncs too: it will build on what the winner may not have made durable yet.
            _sync_folder(target.parent)
            return won

    def put(self, key: str, data: bytes | memoryview, digest: str = "") -> None:
        """See `ObjectStore`."""
        self._put(key, [data])

    def put_file(self, key: str, file: BinaryIO, size: int, digest: str) -> None:
        """See `ObjectStore`."""
        self._put(key, (file.read(min(_PART, size - at)) for at in range(0, size, _PART)))

    def _put(self, key: str, parts: Iterable[bytes | memoryview]) -> None:
        with _translated():
            target = self._place(key)
            aside = self._write_aside(parts)
            try:
                os.replace(aside, target)  # noqa: PTH105  (as `_path`)
            except OSError:
                os.unlink(aside)  # noqa: PTH108  (as `_path`)
                raise
            _sync_folder(target.parent)

    def replace_all(self, changes: Sequence[tuple[str, bytes, bytes]]) -> list[bool]:
        """See `ObjectStore`."""
        with _translated():
            replaced = [False] * len(changes)

            def replace(first: int) -> None:
                # A thread takes every eighth: handing over single ones costs as much as a write.
                for at in range(first, len(changes), _AT_ONCE):
                    key, old, new = changes[at]
                    replaced[at] = _swap(self._path(key), old, self._write_aside([new]))

            with ThreadPoolExecutor(_AT_ONCE) as pool:
                list(pool.map(replace, range(min(_AT_ONCE, len(changes)))))
            done = [
                self._path(key) for (key, _, _), was in zip(changes, replaced, strict=True) if was
            ]
            for folder in {path.rpartition("/")[0] for path in done}:
                _sync_folder(folder)
            return replaced

    def get(self, key: str) -> bytes | None:
        """See `ObjectStore`."""
        with _translated():
            try:
                file = os.open(self._path(key), os.O_RDONLY)
            except (FileNotFoundError, NotADirectoryError):
                return None
            try:
                return _read_all(file)
            finally:
                os.close(file)

    def get_into(self, key: str, file: BinaryIO) -> bool:
        """See `ObjectStore`."""
        with _translated():
            try:
                with Path(self._path(key)).open("rb") as stored:
                    shutil.copyfileobj(stored, file, _PART)
            except (FileNotFoundError, NotADirectoryError):
                return False
        return True

    def get_all(self, keys: Sequence[str]) -> list[bytes | None]:
        """See `ObjectStore`. One by one: with threads, small files took longer."""
        return [self.get(key) for key in keys]

    def exists(self, key: str) -> bool:
        """See `ObjectStore`."""
        with _translated():
            try:
                return stat.S_ISREG(os.stat(self._path(key)).st_mode)  # noqa: PTH116  (as `_path`)
            except (FileNotFoundError, NotADirectoryError):
                return False

    def list(self, prefix: str = "") -> Iterator[str]:
        """See `ObjectStore`."""
        with _translated():
            yield from _walk(self._root / check_prefix(prefix), prefix)

    def tags(self, prefix: str) -> Iterator[tuple[str, str]]:
        """See `ObjectStore`; the digest that S3 tags by, of the bytes that lie there now."""
        for key in self.list(prefix):
            try:
                data = self.get(key)
            except IntegrityError:
                continue  # a stranger's name
            if data is not None:
                yield key, hashlib.md5(data, usedforsecurity=False).hexdigest()

    def roots(self) -> Iterator[str]:
        """See `ObjectStore`."""
        with _translated():
            for path in sorted(self._root.iterdir()) if self._root.is_dir() else []:
                if path.is_dir() and path.name != _ASIDE:
                    yield path.name

    def age(self, key: str) -> float | None:
        """See `ObjectStore`."""
        with _translated():
            try:
                return max(0.0, time.time() - (self._root / check_key(key)).stat().st_mtime)
            except FileNotFoundError:
                return None

    def delete(self, key: str) -> None:
        """See `ObjectStore`."""
        path = self._path(key)
        with _translated():
            with _held(path) as file:
                if file is None:
                    return
                os.unlink(path)  # noqa: PTH108  (as `_path`)
            _sync_folder(path.rpartition("/")[0])

    def sweep(self, older_than_seconds: float) -> int:
        """See `ObjectStore`: unfinished files of writers that were killed."""
        swept = 0
        with _translated():
            aside = self._root / _ASIDE
            for path in list(aside.iterdir()) if aside.is_dir() else []:
                with contextlib.suppress(FileNotFoundError):  # its writer was alive, and finished
                    if time.time() - path.stat().st_mtime >= older_than_seconds:
                        path.unlink()
                        swept += 1
        return swept

    def _path(self, key: str) -> str:
        """A key's file. Text: making a `Path` takes longer than opening a file."""
        return f"{self._folder}/{check_key(key)}"

    def _place(self, key: str) -> Path:
        target = self._root / check_key(key)
        self._make_folder(target.parent)
        return target

    def _make_folder(self, folder: Path) -> None:
        """Make a folder that survives a power cut: each new one is fsynced into its parent."""
        if folder in self._known:
            return
        if not folder.is_dir():
            self._make_folder(folder.parent)
            with contextlib.suppress(FileExistsError):
                folder.mkdir(mode=0o700)
            _sync_folder(folder.parent)
        self._known.add(folder)

    def _write_aside(self, parts: Iterable[bytes | memoryview]) -> str:
        self._make_folder(self._aside)
        path = f"{self._folder}/{_ASIDE}/{os.getpid()}-{secrets.token_hex(8)}"
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            for part in parts:
                _write_all(file, part)
            os.fsync(file)
        except OSError:
            os.unlink(path)  # noqa: PTH108  (as `_path`)
            raise
        finally:
            os.close(file)
        return path


def _swap(target: str, old: bytes, aside: str) -> bool:
    """Put a file in the place of another if that one holds the old bytes; it is gone if not."""
    swapped = False
    try:
        with _held(target) as file:
            if file is not None and os.pread(file, len(old) + 1, 0) == old:
                os.replace(aside, target)  # noqa: PTH105  (as `FolderStore._path`)
                swapped = True
        return swapped
    finally:
        if not swapped:
            os.unlink(aside)  # noqa: PTH108  (as `FolderStore._path`)


@contextlib.contextmanager
def _held(path: str) -> Iterator[int | None]:
    """The file that lies under a path, while nobody else swaps or deletes it; None if absent.

    The lock is on the file, not on its name: who got it may find that the name has moved on.
    """
    while True:
        try:
            file = os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            yield None
            return
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            if _lies_under(path, file):
                yield file
                return
        finally:
            os.close(file)


def _lies_under(path: str, file: int) -> bool:
    try:
        return os.path.samestat(os.fstat(file), os.stat(path))  # noqa: PTH116  (as `FolderStore._path`)
    except FileNotFoundError:
        return False


def _read_all(file: int) -> bytes:
    size = os.fstat(file).st_size + 1
    parts = []
    while part := os.read(file, size):
        parts.append(part)
    return b"".join(parts)


def _write_all(file: int, data: bytes | memoryview) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]


def _sync_folder(folder: Path | str) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _walk(folder: Path, prefix: str) -> Iterator[str]:
    try:
        with os.scandir(folder) as scan:
            # A folder sorts as its name and "/", which is how its keys compare with other keys.
            entries = sorted(
                entry.name + "/" if entry.is_dir(follow_symlinks=False) else entry.name
                for entry in scan
            )
    except (FileNotFoundError, NotADirectoryError):
        return
    for name in entries:
        if not prefix and name == _ASIDE + "/":
            continue
        if name.endswith("/"):
            yield from _walk(folder / name[:-1], prefix + name)
        else:
            yield prefix + name


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise TransientError("store_full") from error
        if error.errno in _FORBIDDEN:
            raise SetupError("store_forbidden") from error
        if error.errno in {errno.ENOTDIR, errno.EISDIR, errno.EEXIST}:
            raise IntegrityError("store_shape") from error
        raise TransientError("store_unreachable") from error
