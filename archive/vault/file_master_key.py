"""The master key in a file of its owner alone: a Tink keyset, unencrypted, mode 0600."""

import contextlib
import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

from archive.vault.keyset import Keyset, key_id_of
from records.errors import SetupError


class FileMasterKey:
    """A `MasterKey` in one file, replaced as a whole when a key comes or goes."""

    def __init__(self, path: Path, keyset: Keyset) -> None:
        self._path = path
        self._keyset = keyset

    @classmethod
    def open(cls, path: Path, is_first_start: Callable[[], bool]) -> "FileMasterKey":
        """Read the file; make it where it is absent and this is the first start.

        Two processes that start at once end with the same key.

        Raises:
            SetupError: others may read the file (`master_key_exposed`), it is no key
                (`master_key_unreadable`), or a store is there without it (`master_key_missing`).
        """
        with _translated():
            if not path.exists():
                # Asked in this order: another process may have made the key since, and used it.
                first = is_first_start()
                if not path.exists():
                    if not first:
                        raise SetupError("master_key_missing")
                    _write_if_absent(path, Keyset().serialised())
            return cls(path, _read(path))

    @classmethod
    def place(cls, path: Path, key_id: str, material: bytes) -> "FileMasterKey":
        """Write a recovered key into a file that is not there yet.

        Raises:
            SetupError: it is there (`master_key_there`).
        """
        with _translated():
            if not _write_if_absent(path, Keyset.of_raw_key(key_id, material).serialised()):
                raise SetupError("master_key_there")
            return cls(path, _read(path))

    def key_ids(self) -> tuple[str, ...]:
        """See `MasterKey`."""
        return self._keyset.key_ids

    def wrap(self, secret: bytes, bound: bytes) -> bytes:
        """See `MasterKey`. Read anew: what is wrapped by a key that was dropped is lost."""
        with _translated():
            self._keyset = _read(self._path)
        return self._keyset.encrypt(secret, bound)

    def unwrap(self, wrapped: bytes, bound: bytes) -> bytes:
        """See `MasterKey`."""
        if key_id_of(wrapped) not in self._keyset.key_ids:
            with _translated():
                self._keyset = _read(self._path)
        return self._keyset.decrypt(wrapped, bound)

    def renew(self, former: str) -> None:
        """See `MasterKey`."""
        with self._changing() as keyset:
            if keyset.key_id == former:
                self._replace(keyset.renewed())

    def drop(self, key_id: str) -> None:
        """See `MasterKey`."""
        with self._changing() as keyset:
            if key_id == keyset.key_id:
                raise SetupError("key_in_use", key_id)
            if key_id in keyset.key_ids:
                self._replace(keyset.without(key_id))

    def material(self) -> bytes:
        """See `MasterKey`."""
        return self._keyset.raw_key()

    @contextlib.contextmanager
    def _changing(self) -> Iterator[Keyset]:
        """The keyset as it lies in the file now, while no other process may replace it."""
        with _translated(), _locked(self._path.parent):
            self._keyset = _read(self._path)
            yield self._keyset

    def _replace(self, keyset: Keyset) -> None:
        with _written_aside(self._path, keyset.serialised()) as aside:
            aside.replace(self._path)
        self._keyset = keyset


def _read(path: Path) -> Keyset:
    if path.stat().st_mode & 0o077:
        raise SetupError("master_key_exposed")
    return Keyset(path.read_bytes())


def _write_if_absent(path: Path, data: bytes) -> bool:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _written_aside(path, data) as aside:
        try:
            os.link(aside, path)
        except FileExistsError:
            return False
    return True


@contextlib.contextmanager
def _written_aside(path: Path, data: bytes) -> Iterator[Path]:
    """The data in a durable file beside its place; what is done with it is durable afterwards."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    file = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(file, data)
        os.fsync(file)
        yield aside
    finally:
        os.close(file)
        with contextlib.suppress(FileNotFoundError):
            aside.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        raise SetupError("master_key_unreadable") from error
