"""Promises of the keys: made once, kept private, never made anew over what they lock."""

import re
import stat
from pathlib import Path

import pytest

from archive.opening import Archive, open_archive
from archive.verify import verify
from records.errors import IntegrityError, SetupError

from .conftest import ONE, TWO, fill, in_processes, open_at


def test_the_master_key_is_the_owners_alone(opened: Archive, tmp_path: Path) -> None:
    """The file of the first start is 0600 in a folder of its owner, and alone in it."""
    file = tmp_path / "keys" / "master.key"

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert list(file.parent.iterdir()) == [file]
    assert opened.institutions


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_an_exposed_master_key_is_refused(opened: Archive, tmp_path: Path, mode: int) -> None:
    """A key others may read stops the start."""
    (tmp_path / "keys" / "master.key").chmod(mode)

    with pytest.raises(SetupError, match="master_key_exposed"):
        open_at(tmp_path)
    assert not list(opened.store.list())


@pytest.mark.parametrize("content", [b"", b"not a key", bytes(108)])
def test_a_master_key_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    """An empty or strange file is not replaced by a new key."""
    file = tmp_path / "keys" / "master.key"
    file.parent.mkdir()
    file.write_bytes(content)
    file.chmod(0o600)

    with pytest.raises(SetupError, match="master_key_unreadable"):
        open_at(tmp_path)
    assert file.read_bytes() == content


def test_no_new_master_key_over_a_store(filled: Archive, tmp_path: Path) -> None:
    """With objects in the store and no key file, nothing is made: the key is to be restored."""
    file = tmp_path / "keys" / "master.key"
    kept = file.read_bytes()
    file.unlink()

    with pytest.raises(SetupError, match="master_key_missing"):
        open_at(tmp_path)
    assert not file.exists()

    file.write_bytes(kept)
    file.chmod(0o600)
    assert verify(open_at(tmp_path)).ok
    assert filled.ledger.newest_head()


def test_another_master_key_opens_nothing(filled: Archive, tmp_path: Path) -> None:
    """A stranger's key neither opens an institution nor writes over its keys."""
    index = tmp_path / "index" / "search.db"
    other = tmp_path / "other.key"
    open_archive((tmp_path / "empty").as_uri(), other, tmp_path / "i.db")
    before = filled.store.get(f"{ONE}/keys/institution")

    stranger = open_archive((tmp_path / "store").as_uri(), other, index)

    with pytest.raises(IntegrityError, match="secret_damaged"):
        stranger.vault(ONE)
    with pytest.raises(IntegrityError, match="secret_damaged"):
        stranger.index.count()
    assert filled.store.get(f"{ONE}/keys/institution") == before


def test_processes_at_first_start_share_their_keys(tmp_path: Path) -> None:
    """Eight processes begin one archive at once; each reads what all the others wrote."""

    def begin(number: int) -> str:
        archive = open_at(tmp_path)
        archive.vault(ONE).put("page", f"p-{number}", b"x")
        return archive.ledger.sign_head().key_id + archive.index.person_hash(ONE, "chart_no", "1")

    answers = in_processes(8, begin)

    archive = open_at(tmp_path)
    assert len(set(answers)) == 1
    assert [archive.vault(ONE).get("page", f"p-{number}") for number in range(8)] == [b"x"] * 8
    assert verify(archive).ok
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["master.key"]
    assert [path.name for path in (tmp_path / "index").iterdir()] == ["search.db"]


@pytest.mark.parametrize("key", [f"{ONE}/keys/institution", "keys/signing"])
def test_no_new_secret_over_what_it_locks(filled: Archive, tmp_path: Path, key: str) -> None:
    """A lost key of the store is said to be lost, not made anew."""
    filled.store.delete(key)
    archive = open_at(tmp_path)

    with pytest.raises(IntegrityError, match=f"secret_missing {key}"):
        archive.vault(ONE) if key.startswith(ONE) else archive.signing_key()

    assert not filled.store.exists(key)
    problems = {(problem.kind, problem.subject) for problem in verify(archive).problems}
    assert ("secret", key) in problems


def test_keys_differ_from_institution_to_institution(tmp_path: Path) -> None:
    """No wrapped secret opens in another's place, although one master key wraps both."""
    archive = open_at(tmp_path)
    fill(archive)
    one, two = f"{ONE}/keys/institution", f"{TWO}/keys/institution"
    archive.store.put(two, archive.store.get(one) or b"")

    with pytest.raises(IntegrityError, match=re.escape(f"secret_damaged {two}")):
        archive.secrets.read(two)
