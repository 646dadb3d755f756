"""Promises of the folder as a store, beyond the contract: full disks, leftovers, modes."""

import errno
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from archive.vault.folder_store import FolderStore
from records.errors import IntegrityError, SetupError, TransientError


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "store")


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("call", ["write", "fsync", "link", "replace"])
@pytest.mark.parametrize(
    ("number", "error", "code"),
    [
        (errno.ENOSPC, TransientError, "store_full"),
        (errno.EDQUOT, TransientError, "store_full"),
        (errno.EIO, TransientError, "store_unreachable"),
        (errno.EROFS, SetupError, "store_forbidden"),
    ],
)
def test_a_failing_disk_leaves_nothing(
    store: FolderStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    call: str,
    number: int,
    error: type[Exception],
    code: str,
) -> None:
    """Whatever call fails: the error says who acts, nothing is visible, nothing is left aside."""

    def fail(*_: object, **__: object) -> None:
        raise OSError(number, "made to fail")

    monkeypatch.setattr(os, call, fail)
    if call in {"write", "fsync"}:
        writes = [store.put, store.put_if_absent]
    else:
        writes = [store.put if call == "replace" else store.put_if_absent]
    for write in writes:
        with pytest.raises(error, match=f"^{code}$"):
            write("k/one", b"x" * 1000)
    monkeypatch.undo()

    assert not store.exists("k/one")
    assert files(tmp_path) == []


def test_a_really_full_disk_is_transient(tmp_path: Path) -> None:
    """On a file system of 64 KiB: what fits is kept, what does not is `store_full`."""
    mount = tmp_path / "small"
    mount.mkdir()
    program = (
        "import sys; from pathlib import Path\n"
        "from archive.vault.folder_store import FolderStore\n"
        "from records.errors import TransientError\n"
        "store = FolderStore(Path(sys.argv[1]))\n"
        "store.put('k/small', b'x' * 1000)\n"
        "try: store.put_if_absent('k/large', b'x' * 200_000)\n"
        "except TransientError as error: print(error.code)\n"
        "print(*store.list(), len(store.get('k/small') or b''))\n"
        "print(len(list((Path(sys.argv[1]) / '.tmp').iterdir())))\n"
    )
    shell = 'mount -t tmpfs -o size=64k tmpfs "$1" && shift && exec "$@"'
    inside = ["unshare", "-rm", "sh", "-c", shell, "sh", str(mount)]
    if not shutil.which("unshare") or subprocess.run([*inside, "true"], check=False).returncode:
        pytest.skip("this machine lets no test mount a small file system")

    done = subprocess.run(
        [*inside, sys.executable, "-c", program, str(mount)],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
    )

    assert done.stdout.split("\n")[:3] == ["store_full", "k/small 1000", "0"]


def test_what_killed_writers_left_is_swept(store: FolderStore, tmp_path: Path) -> None:
    """Unfinished files are no keys, and go once they are old enough."""
    store.put("k/one", b"x")
    leftover = tmp_path / "store" / ".tmp" / "123-abc"
    leftover.write_bytes(b"half")

    assert list(store.list()) == ["k/one"]
    assert (store.sweep(3600), leftover.exists()) == (0, True)
    assert (store.sweep(0), leftover.exists()) == (1, False)


def test_files_are_their_owners_alone(store: FolderStore, tmp_path: Path) -> None:
    """Nothing the store makes can be read by others."""
    store.put("k/one", b"x")
    store.put_if_absent("k/two", b"x")

    modes = {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in (tmp_path / "store").rglob("*")}
    assert modes == {0}


def test_strangers_are_listed(store: FolderStore, tmp_path: Path) -> None:
    """Names that are no keys are still told, so that they can be found."""
    store.put("k/one", b"x")
    for name in ("k/.hidden", "낯선 파일.txt", "k/zz"):
        (tmp_path / "store" / name).write_bytes(b"?")

    assert set(store.list()) == {"k/.hidden", "k/one", "k/zz", "낯선 파일.txt"}


def test_a_file_where_a_folder_belongs(store: FolderStore, tmp_path: Path) -> None:
    """A key below another key is a fault of the store's shape, not a time-out."""
    store.put("k", b"x")

    with pytest.raises(IntegrityError, match="store_shape"):
        store.put("k/one", b"x")
    assert store.get("k/one") is None
    assert files(tmp_path / "store" / ".tmp") == []


def test_what_is_answered_is_synced(
    store: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before put answers, the file, its folder and every new folder's parent were fsynced."""
    synced: list[str] = []
    real = os.fsync

    def note(file: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{file}").readlink()))
        real(file)

    monkeypatch.setattr(os, "fsync", note)
    root = tmp_path / "store"

    store.put_if_absent("a/b/one", b"x")

    *_, file, folder = synced
    assert Path(file).parent == root / ".tmp"
    assert folder == str(root / "a" / "b")
    assert {str(tmp_path), str(root), str(root / "a")} <= set(synced)
