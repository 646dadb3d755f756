"""Two places under one name: what is locked lies in one, all else in the other."""

import io
import os
from pathlib import Path

import pytest

from archive.vault.folder_store import FolderStore
from archive.vault.locked_store import LockedStore
from archive.vault.names import ObjectName
from archive.vault.open_store import open_store
from records.errors import SetupError

BLOB = ObjectName("31234567", "original", "f-1").blob("ab" * 32)
OLD = ObjectName("31234567", "document", "d-1").blob("00" * 32)
WORK = ObjectName("31234567", "work/page", "p-1").blob("cd" * 32)
RECORD = ObjectName("31234567", "original", "f-1").record


def test_only_ciphertexts_are_locked(tmp_path: Path) -> None:
    """Records, secrets and work lie open; all is one store, what was there before too."""
    plain, locked = FolderStore(tmp_path / "open"), FolderStore(tmp_path / "locked")
    plain.put(OLD, b"old")
    store = LockedStore(plain, locked)
    for key in (BLOB, WORK, RECORD, "keys/signing"):
        store.put(key, key.encode())

    assert list(locked.list()) == [BLOB]
    keys = sorted([BLOB, OLD, WORK, RECORD, "keys/signing"], key=os.fsencode)
    assert list(store.list()) == keys
    assert [key for key, _ in store.tags("31234567/")] == [k for k in keys if k[0] == "3"]
    assert list(store.roots()) == ["31234567", "keys"]
    assert store.get_all([OLD, BLOB, RECORD]) == [b"old", BLOB.encode(), RECORD.encode()]
    assert all(store.exists(key) and store.age(key) is not None for key in keys)
    into = io.BytesIO()
    assert store.get_into(OLD, into)
    assert into.getvalue() == b"old"
    for key in keys:
        store.delete(key)
    assert list(store.list()) == []


@pytest.mark.parametrize(
    "query",
    [
        "locked=b&mode=compliance",
        "locked=b&mode=legal&days=1",
        "mode=compliance&days=1",
        "locked=b&mode=governance&days=0",
        "locked=b&mode=governance&days=-1",
        "locked=b&mode=governance&days=1&else=1",
        "lock",
    ],
)
def test_half_a_lock_is_none(query: str) -> None:
    """A lock that is not said in full is refused; nothing is stored unlocked by a slip."""
    with pytest.raises(SetupError, match="store_lock_invalid"):
        open_store(f"s3://bucket/prefix?{query}")
