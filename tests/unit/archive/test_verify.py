"""Promises of verification: every flipped byte, every missing and every strange file is named."""

import random
from pathlib import Path

import pytest

from archive.opening import Archive
from archive.problem import Problem
from archive.vault.names import parse_blob_key, parse_record_key
from archive.verify import verify
from records.archived import LedgerLeaf
from records.reasons import explain
from tests.damage import flipped

from .conftest import ONE, TWO, an_id, entry, open_at

_FLIPS_PER_FILE = 6


def store_files(folder: Path) -> dict[str, Path]:
    root = folder / "store"
    return {
        str(path.relative_to(root)): path
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".tmp" not in path.parts
    }


def subject_of(key: str) -> str:
    """What a problem with this file of the store must be named by."""
    if name := parse_record_key(key):
        return name.id
    if parsed := parse_blob_key(key):
        return parsed[0].id
    return key


def test_a_whole_archive_is_whole(filled: Archive) -> None:
    """Nothing is named where nothing is wrong, and everything was looked at."""
    heard: list[int] = []

    report = verify(filled, progress=heard.append)

    assert (report.problems, report.warnings) == ((), ())
    assert report.ok
    assert report.objects == len(heard) == heard[-1] == 24
    assert report.leaves == len(list(filled.ledger.leaves())) == 16


def test_every_flipped_byte_is_named(filled: Archive, tmp_path: Path) -> None:
    """In each file of the store, first and last byte and some between: the file's own name."""
    chance = random.Random(36)
    filled.index.close()
    missed = []
    for key, path in store_files(tmp_path).items():
        raw = path.read_bytes()
        places = {0, len(raw) - 1, *(chance.randrange(len(raw)) for _ in range(_FLIPS_PER_FILE))}
        for place in sorted(places):
            bit = chance.choice([1, 2, 4, 8, 16, 32, 64, 128])
            path.write_bytes(raw[:place] + bytes([raw[place] ^ bit]) + raw[place + 1 :])
            named = {problem.subject for problem in verify(open_at(tmp_path)).problems}
            if subject_of(key) not in named:
                missed.append((key, place, bit))
        path.write_bytes(raw)

    assert missed == []
    assert verify(open_at(tmp_path)).ok


def test_every_flipped_byte_of_the_index_is_named(filled: Archive, tmp_path: Path) -> None:
    """In every page of the index's file, and in its salt, a flip is found and is the index's."""
    chance = random.Random(37)
    filled.index.close()
    path = tmp_path / "index" / "search.db"
    raw = path.read_bytes()
    places = [0, 15, 16, len(raw) - 1]
    places += [start + chance.randrange(4096) for start in range(0, len(raw), 4096)]
    missed = []
    for place in places:
        path.write_bytes(flipped(raw, place))
        archive = open_at(tmp_path)
        if {problem.kind for problem in verify(archive).problems} != {"index"}:
            missed.append(place)
        archive.index.close()
    path.write_bytes(raw)

    assert missed == []
    assert verify(open_at(tmp_path)).ok


def test_every_missing_file_is_named(filled: Archive, tmp_path: Path) -> None:
    """Each file of the store taken away alone: something is wrong, and its name is told."""
    filled.index.close()
    unnamed = []
    for key, path in store_files(tmp_path).items():
        if (name := parse_record_key(key)) and name.kind in {"work/read", "thumbnail"}:
            continue  # kept by no leaf: that it was there is known to its batch, not to the archive
        raw = path.read_bytes()
        path.unlink()
        problems = verify(open_at(tmp_path)).problems
        path.write_bytes(raw)
        path.chmod(0o600)
        if not problems:
            unnamed.append(key)

    assert unnamed == ["ledger/heads/000000000016"]  # then all leaves are an unsigned tail
    assert verify(open_at(tmp_path)).ok


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("stranger", "stranger"),
        (f"{ONE}/records/page/p-1.bak", f"{ONE}/records/page/p-1.bak"),
        (f"{ONE}/objects/page/00/p-1.{'ab' * 32}", f"{ONE}/objects/page/00/p-1.{'ab' * 32}"),
        ("ledger/segments/00000001.old", "ledger/segments/00000001.old"),
        ("keys/other", "keys/other"),
        ("김가상.pdf", None),
    ],
)
def test_a_strange_file_is_named(
    filled: Archive, tmp_path: Path, key: str, shown: str | None
) -> None:
    """Whatever lies in the store and belongs to nothing is told, a name in clear is not."""
    path = tmp_path / "store" / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"?")

    problems = verify(filled).problems

    subjects = {problem.subject for problem in problems if problem.kind in {"store", "ledger"}}
    if shown is not None:
        assert shown in subjects
    else:
        assert len(subjects) == 1
        assert "김" not in subjects.pop()


def test_an_orphan_and_an_unsigned_tail_are_warnings(filled: Archive) -> None:
    """What a killed writer leaves, and leaves not signed yet, are told and are no fault."""
    orphan = f"{ONE}/objects/page/ab/p-1.{'ab' * 32}"
    filled.store.put(orphan, b"left behind")
    stored = filled.vault(ONE).put("original", "f-late", b"x")
    filled.ledger.append([LedgerLeaf("original", ONE, "b", "f-late", stored.commitment)])

    report = verify(filled)

    assert report.ok
    assert set(report.warnings) == {
        Problem("page", orphan, "ciphertext_orphaned"),
        Problem("ledger", "1", "ledger_tail_unsigned"),
    }


def test_objects_leaves_and_index_are_compared(filled: Archive) -> None:
    """An object without leaf, a leaf without object or with another commitment, an index astray."""
    vault = filled.vault(ONE)
    vault.put("document", "d-bare", b"no leaf, no entry")
    stored = vault.put("seal", "b-other", b"x")
    assert len(stored.commitment) == 64
    filled.ledger.append(
        [
            LedgerLeaf("seal", ONE, "b", "b-other", "0" * 64),
            LedgerLeaf("original", TWO, "b", "f-never", "0" * 64),
        ]
    )
    filled.ledger.sign_head()
    filled.index.add([entry("d-stray", TWO, "x")])

    assert set(verify(filled).problems) == {
        Problem("document", "d-bare", "leaf_missing"),
        Problem("document", "d-bare", "index_entry_missing"),
        Problem("seal", "b-other", "leaf_differs"),
        Problem("original", "f-never", "object_missing"),
        Problem("document", "d-stray", "index_entry_stray"),
    }


def test_one_institution_is_verified_alone(filled: Archive) -> None:
    """Asked for one institution, another's damage is not told and its leaves are not missed."""
    damaged = next(iter(filled.store.list(f"{TWO}/records/document/")))
    filled.store.put(damaged, b"{}")

    assert verify(filled, institution=ONE).ok
    assert verify(filled, institution=ONE).objects == 12
    assert not verify(filled, institution=TWO).ok


def test_a_rewritten_ledger_is_found(filled: Archive, tmp_path: Path) -> None:
    """A new history with correct roots, but not signed by this archive's key, does not pass."""
    other = open_at(tmp_path / "other")
    for leaf in list(filled.ledger.leaves())[:-1]:
        other.ledger.append([leaf])
    other.ledger.sign_head()
    for key in list(filled.store.list("ledger/")):
        filled.store.delete(key)
    for key in other.store.list("ledger/"):
        filled.store.put(key, other.store.get(key) or b"")

    codes = {problem.code for problem in verify(open_at(tmp_path)).problems}

    assert {"head_key_unknown", "leaf_missing"} <= codes


def test_a_cut_ledger_is_found(filled: Archive, tmp_path: Path) -> None:
    """Leaves that a signed head covers cannot be dropped from the end."""
    last = list(filled.store.list("ledger/segments/"))[-1]
    filled.store.delete(last)

    problems = verify(open_at(tmp_path)).problems

    head = next(iter(filled.store.list("ledger/heads/")))
    assert Problem("ledger", head, "ledger_truncated") in problems


def test_verification_writes_nothing(filled: Archive, tmp_path: Path) -> None:
    """Looking changes no file and makes none, not even in a store it does not know."""
    (tmp_path / "store" / "5555").mkdir()
    (tmp_path / "store" / "5555" / "stranger").write_bytes(b"?")
    filled.index.close()
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    verify(open_at(tmp_path))

    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_every_code_has_its_words(filled: Archive) -> None:
    """What verification names is explained in both languages."""
    filled.store.put("stranger", b"?")
    filled.vault(ONE).put("document", an_id("d", "bare"), b"x")

    for problem in verify(filled).problems:
        assert explain(problem.code, "ko") != problem.code != explain(problem.code, "en")
