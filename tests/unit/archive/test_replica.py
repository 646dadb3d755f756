"""Promises of the second site: equal byte for byte, and never worse than it was."""

import itertools
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from archive.opening import Archive
from archive.portion import Portion
from archive.problem import Problem
from archive.replica import replicate
from archive.rotation import rotate_keys
from archive.vault.file_master_key import FileMasterKey
from archive.vault.folder_store import FolderStore
from archive.vault.names import ObjectName, parse_blob_key, parse_record_key
from archive.vault.store import ObjectStore
from archive.vault.tombstone import Tombstone
from archive.verify import verify
from records.archived import LedgerLeaf
from records.errors import SetupError, TransientError
from records.reasons import explain
from tests.damage import flipped

from .conftest import ONE, TWO, an_id, fill, killed_at, open_at
from .test_verify import store_files, subject_of


@pytest.fixture
def second(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "second" / "store")


def files_of(store: ObjectStore) -> dict[str, bytes]:
    return {key: store.get(key) or b"" for key in store.list()}


def archive_of(folder: Path, store: FolderStore) -> Archive:
    """The second site, opened as an archive with the same master key."""
    master = FileMasterKey.open(folder / "keys" / "master.key", lambda: False)
    return Archive(store, master, folder / "none" / "search.db")


def test_both_sites_hold_the_same_bytes(filled: Archive, second: FolderStore) -> None:
    """Secrets, ciphertexts, records and ledger are copied, read back and compared."""
    heard: list[int] = []

    report = replicate(filled, second, progress=heard.append)

    assert report.equal
    assert (report.objects, report.proven, report.leaves) == (24, 24, 16)
    assert report.root == filled.ledger.root().hex()
    assert files_of(second) == files_of(filled.store)
    assert heard[-1] == 24


def test_only_what_is_new_is_copied(filled: Archive, second: FolderStore) -> None:
    """A second run copies nothing; after a new object, that object and its leaf alone."""
    replicate(filled, second)
    assert replicate(filled, second).copied == 0
    stored = filled.vault(ONE).put("original", "f-new", b"new")
    filled.ledger.append([LedgerLeaf("original", ONE, "b", "f-new", stored.commitment)])
    filled.ledger.sign_head()

    report = replicate(filled, second)

    assert report.copied == 3  # the object, a segment, a head
    assert report.equal
    assert files_of(second) == files_of(filled.store)


def test_the_second_site_is_an_archive(
    filled: Archive, second: FolderStore, tmp_path: Path
) -> None:
    """Opened by itself with the master key, everything there opens and agrees with the ledger."""
    replicate(filled, second)

    report = verify(archive_of(tmp_path, second))

    assert {problem.code for problem in report.problems} == {"index_missing"}
    assert report.objects == 24


def test_no_damage_of_the_first_site_reaches_the_second(
    filled: Archive, second: FolderStore, tmp_path: Path
) -> None:
    """Each file flipped in turn: it is named, and the good copy stays as it was."""
    replicate(filled, second)
    good = files_of(second)
    filled.index.close()
    unnamed = []
    for key, path in store_files(tmp_path).items():
        raw = path.read_bytes()
        path.write_bytes(raw[:-3] + bytes([raw[-3] ^ 4]) + raw[-2:])
        problems = replicate(open_at(tmp_path), second).problems
        if subject_of(key) not in {problem.subject for problem in problems}:
            unnamed.append(key)
        assert files_of(second) == good, key
        path.write_bytes(raw)

    assert unnamed == []
    assert replicate(open_at(tmp_path), second).equal


@pytest.mark.parametrize("how", ["flipped", "cut", "empty", "gone"])
def test_damage_of_the_second_site_is_mended(
    filled: Archive, second: FolderStore, tmp_path: Path, how: str
) -> None:
    """Each file of the second site damaged in turn is made whole from the first."""
    replicate(filled, second)
    filled.index.close()
    good = files_of(second)
    for key, raw in good.items():
        path = tmp_path / "second" / "store" / key
        if how == "gone":
            path.unlink()
        else:
            flipped = raw[:-3] + bytes([raw[-3] ^ 4]) + raw[-2:]
            path.write_bytes({"flipped": flipped, "cut": raw[:-1], "empty": b""}[how])

        report = replicate(open_at(tmp_path), second)

        if how == "empty" and key.startswith("keys/") | key.endswith("keys/institution"):
            # By which master key it was wrapped cannot be told: it may be another archive's.
            assert report.problems == (Problem("secret", key, "replica_secret_shut"),)
            second.delete(key)
            report = replicate(open_at(tmp_path), second)
        assert report.equal, key
        assert files_of(second) == good, key


def test_killed_at_every_system_call_the_second_site_is_whole(
    filled: Archive, second: FolderStore, tmp_path: Path
) -> None:
    """Whatever is there opens, no leaf is without its object, and the next run ends equal."""
    filled.index.close()
    root = tmp_path / "second"
    wanted = files_of(filled.store)
    for step in itertools.count(1, 7):
        shutil.rmtree(root, ignore_errors=True)
        killed = killed_at(step, lambda: replicate(open_at(tmp_path), FolderStore(root / "store")))
        if killed and (root / "store").exists():
            found = verify(archive_of(tmp_path, FolderStore(root / "store")))
            harmless = {"leaf_missing", "index_missing", "store_file_unknown"}
            assert {problem.code for problem in found.problems} <= harmless
        report = replicate(open_at(tmp_path), FolderStore(root / "store"))
        left = files_of(second)
        probes = [key for key in left if key.startswith("keys/probe-")]
        assert report.equal
        assert {key: left[key] for key in left if key not in probes} == wanted
        if not killed:
            break

    assert step > 100


def test_a_full_second_site_is_told_and_then_goes_on(
    filled: Archive, second: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`store_full` ends the run; what was copied stays, and with room again the rest follows."""
    put, calls = second.put, []

    def full(key: str, data: bytes) -> None:
        calls.append(key)
        if len(calls) > 8:
            raise TransientError("store_full")
        put(key, data)

    monkeypatch.setattr(second, "put", full)
    with pytest.raises(TransientError, match="store_full"):
        replicate(filled, second)
    monkeypatch.undo()

    report = replicate(filled, second)

    assert report.equal
    assert report.copied < 30
    assert files_of(second) == files_of(filled.store)


def test_a_really_full_second_site(filled: Archive, tmp_path: Path) -> None:
    """On a file system of 160 KiB: `store_full`, and everything that fitted is whole."""
    filled.index.close()
    mount = tmp_path / "small"
    mount.mkdir()
    program = (
        "import sys; from pathlib import Path\n"
        "from archive.replica import replicate\n"
        "from archive.vault.folder_store import FolderStore\n"
        "from archive.vault.names import parse_record_key\n"
        "from records.errors import TransientError\n"
        "from tests.unit.archive.conftest import open_at\n"
        "archive, second = open_at(Path(sys.argv[1])), FolderStore(Path(sys.argv[2]))\n"
        "try: replicate(archive, second)\n"
        "except TransientError as error: print(error.code)\n"
        "there = list(second.list())\n"
        "print(0 < len(there) < len(list(archive.store.list())))\n"
        "print(all(second.get(key) == archive.store.get(key) for key in there"
        " if 'probe' not in key))\n"
    )
    shell = 'mount -t tmpfs -o size=160k tmpfs "$1" && shift && exec "$@"'
    inside = ["unshare", "-rm", "sh", "-c", shell, "sh", str(mount)]
    if not shutil.which("unshare") or subprocess.run([*inside, "true"], check=False).returncode:
        pytest.skip("this machine lets no test mount a small file system")

    done = subprocess.run(
        [*inside, sys.executable, "-c", program, str(tmp_path), str(mount)],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
    )

    assert done.stdout.split() == ["store_full", "True", "True"]


def test_rotation_reaches_the_second_site(
    filled: Archive, second: FolderStore, tmp_path: Path
) -> None:
    """Re-wrapped records and secrets replace the older ones; no ciphertext is copied again."""
    replicate(filled, second)
    rotate_keys(filled, "all")

    report = replicate(filled, second)

    assert report.equal
    assert report.renewed == 24 + 4
    assert (report.copied, report.bytes, report.mended) == (0, 0, 0)
    assert files_of(second) == files_of(filled.store)


def test_an_archive_begun_anew_does_not_overwrite_the_good_copy(
    filled: Archive, second: FolderStore, tmp_path: Path
) -> None:
    """After the first site was lost and made again, by the same or by a new master key."""
    replicate(filled, second)
    filled.index.close()
    good = files_of(second)
    for keep_master in (True, False):
        shutil.rmtree(tmp_path / "store")
        shutil.rmtree(tmp_path / "index")
        if not keep_master:
            shutil.rmtree(tmp_path / "keys")
        anew = open_at(tmp_path)
        fill(anew)

        report = replicate(anew, second)

        codes = {problem.code for problem in report.problems}
        assert codes & {"replica_secret_differs", "replica_secret_shut"}
        assert files_of(second) == good
        anew.index.close()


def test_what_the_first_site_lost_is_named_and_kept(filled: Archive, second: FolderStore) -> None:
    """An object, a whole institution, or the end of the ledger gone here stays there."""
    replicate(filled, second)
    good = files_of(second)
    lost = ObjectName(ONE, "document", an_id("d", ONE, 0))
    filled.store.delete(lost.record)
    filled.store.delete(ObjectName(ONE, "work/read", an_id("p", ONE, 0)).record)
    for key in list(filled.store.list(f"{TWO}/")):
        filled.store.delete(key)

    report = replicate(filled, second)

    assert Problem("document", lost.id, "object_only_on_replica") in report.problems
    other = Problem("document", an_id("d", TWO, 0), "object_only_on_replica")
    assert other in report.problems
    assert {problem.code for problem in report.warnings} == {"replica_leftover"}
    assert files_of(second) == good


def test_a_ledger_that_was_rolled_back_is_named(
    filled: Archive, second: FolderStore, tmp_path: Path
) -> None:
    """Neither a shorter ledger nor one with another history replaces what was signed."""
    old = files_of(filled.store)
    filled.access.record(ONE, "auditor", "here", "view", "why")
    filled.ledger.sign_head()
    replicate(filled, second)
    good = files_of(second)
    for key in [key for key in filled.store.list("ledger/") if key not in old]:
        filled.store.delete(key)

    ahead = replicate(open_at(tmp_path), second)
    other = open_at(tmp_path)
    other.access.record(TWO, "auditor", "here", "view", "why")
    other.ledger.sign_head()
    forked = replicate(open_at(tmp_path), second)

    assert {problem.code for problem in ahead.problems} >= {"replica_ledger_ahead"}
    assert {problem.code for problem in forked.problems} >= {"replica_ledger_forked"}
    assert {k: second.get(k) for k in good if k.startswith("ledger/")} == {
        k: v for k, v in good.items() if k.startswith("ledger/")
    }


def test_a_forged_tombstone_destroys_nothing(filled: Archive, second: FolderStore) -> None:
    """Who can write to the first site cannot have the second destroy its copy."""
    replicate(filled, second)
    good = files_of(second)
    document = an_id("d", ONE, 0)
    stored = filled.vault(ONE).stored("document", document)
    name = ObjectName(ONE, "document", document)
    forged = Tombstone(name, stored.commitment, stored.ciphertext_sha256, an_id("x"))
    filled.store.put(name.record, forged.to_bytes())

    report = replicate(filled, second)

    assert Problem("document", document, "disposal_unproven") in report.problems
    assert files_of(second) == good
    assert Problem("document", document, "disposal_unproven") in verify(filled).problems


def test_a_portion_is_read_and_the_rest_is_compared(
    filled: Archive, second: FolderStore, tmp_path: Path
) -> None:
    """Every object is in one of the parts; a flip there is found when the part has its turn."""
    replicate(filled, second)
    names = [name for key in filled.store.list() if (name := parse_record_key(key))]
    parts = [Portion(frozenset({part}), 3) for part in range(3)]
    assert [sum(part.holds(name) for part in parts) for name in names] == [1] * 24
    key = next(key for key in second.list() if parse_blob_key(key))
    path = tmp_path / "second" / "store" / key
    path.write_bytes(flipped(path.read_bytes(), 0))

    reports = [replicate(filled, second, content=part) for part in parts]

    assert [report.mended for report in reports].count(1) == 1
    assert sum(report.proven for report in reports) == 24
    assert all(report.objects == 24 for report in reports)


def test_a_night_costs_what_is_new(
    filled: Archive, second: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of objects that are there and have no turn nothing is got; what changed or came is."""
    replicate(filled, second)
    nothing_due = Portion(frozenset(), 1)
    for number in range(3):
        filled.vault(ONE).put("page", f"p-new-{number}", b"new")
    renewed = next(filled.store.list(f"{TWO}/records/"))
    second.put(renewed, flipped(second.get(renewed) or b""))
    asked: list[str] = []
    get_all = FolderStore.get_all

    def counted(store: FolderStore, keys: Sequence[str]) -> list[bytes | None]:
        asked.extend(keys if store is second else ())
        return get_all(store, keys)

    monkeypatch.setattr(FolderStore, "get_all", counted)
    report = replicate(filled, second, content=nothing_due)

    assert sorted(asked) == sorted([renewed, *(f"{ONE}/records/page/p-new-{n}" for n in range(3))])
    assert (report.objects, report.copied, report.mended) == (24 + 3, 3, 1)
    assert report.equal
    assert files_of(second) == files_of(filled.store)


def test_a_second_site_that_answers_wrong_bytes_is_not_proven(
    filled: Archive, second: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written there is read back: a disk that returns something else is named."""
    get = second.get
    name = ObjectName(ONE, "original", an_id("f", ONE, 1))
    stored = filled.vault(ONE).stored("original", name.id)
    blob = name.blob(stored.ciphertext_sha256)

    def wrong(key: str) -> bytes | None:
        raw = get(key)
        return flipped(raw) if raw and key == blob else raw

    monkeypatch.setattr(second, "get", wrong)
    report = replicate(filled, second)

    assert report.problems == (Problem("original", name.id, "replica_differs"),)
    assert not second.exists(name.record)


def test_a_store_is_no_copy_of_itself(filled: Archive, tmp_path: Path) -> None:
    """An address that leads to the first site is refused, also by another way to it."""
    (tmp_path / "link").symlink_to(tmp_path / "store")

    with pytest.raises(SetupError, match="replica_is_the_store"):
        replicate(filled, FolderStore(tmp_path / "link"))
    assert verify(filled).ok


def test_every_code_of_the_second_site_has_its_words() -> None:
    """What replication names is explained in both languages."""
    codes = """replica_differs replica_leftover replica_secret_differs replica_secret_shut
        replica_ledger_differs replica_ledger_ahead replica_ledger_forked replica_is_the_store
        object_only_on_replica disposed_on_replica disposal_unproven"""

    for code in codes.split():
        assert explain(code, "ko") != code != explain(code, "en")
