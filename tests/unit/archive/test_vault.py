"""Promises of the vault: what is put is got, once, by its institution, or not at all."""

import base64
import io
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from archive.opening import Archive
from archive.vault import vault as archive_vault
from archive.vault.commitment import commitment_of
from archive.vault.folder_store import FolderStore
from archive.vault.names import ObjectName
from archive.verify import verify
from records.codec import canonical
from records.errors import GiroksilError, IntegrityError, RejectedInput, TransientError
from tests.damage import flipped

from .conftest import ONE, TWO, an_id, in_processes, open_at

PLAIN = "김가상의 진료기록부".encode()


@pytest.mark.parametrize("size", [0, 1, 20_000, 3_000_000])
@pytest.mark.parametrize("stream_above", [archive_vault.STREAM_ABOVE_BYTES, 1_000])
def test_what_is_put_is_got(
    opened: Archive, monkeypatch: pytest.MonkeyPatch, size: int, stream_above: int
) -> None:
    """Bytes of any size come back, whole or streamed."""
    monkeypatch.setattr(archive_vault, "STREAM_ABOVE_BYTES", stream_above)
    data = os.urandom(size)
    vault = opened.vault(ONE)

    stored = vault.put("original", "f-1", data)

    assert vault.get("original", "f-1") == data
    assert vault.stored("original", "f-1") == stored
    assert (stored.institution, stored.kind, stored.id) == (ONE, "original", "f-1")
    assert stored.size == size
    assert stored.commitment == commitment_of(vault.salt("original", "f-1"), data)


def test_large_objects_share_memory_not_bytes(
    opened: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Large objects of falling size, twelve at once and after one that failed, come back."""
    vault, real = opened.vault(ONE), FolderStore.put
    items = [(f"f-{n}", os.urandom(2_400_000 - 100_000 * n)) for n in range(12)]

    def failing(store: FolderStore, key: str, data: memoryview, digest: str = "") -> None:
        monkeypatch.setattr(FolderStore, "put", real)
        raise TransientError("store_full")

    monkeypatch.setattr(FolderStore, "put", failing)
    with pytest.raises(TransientError):
        vault.put("original", "f-0", items[0][1])
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda item: vault.put("original", *item), items))

    assert [vault.get("original", id) for id, _ in items] == [data for _, data in items]


@pytest.mark.parametrize("size", [0, 20_000, 3_000_000])
def test_files_are_stored_and_opened(opened: Archive, tmp_path: Path, size: int) -> None:
    """A file is the same object as its bytes would be, opened into a file or into memory."""
    vault, data = opened.vault(ONE), os.urandom(size)
    source = tmp_path / "source"
    source.write_bytes(b"before" + data)

    with source.open("rb") as file, (tmp_path / "target").open("w+b") as target:
        file.seek(6)
        stored = vault.put_file("original", "f-1", file)
        assert vault.get_into("original", "f-1", target) == stored
        target.seek(0)
        assert target.read() == data
        assert vault.put_file("original", "f-1", file) == stored

    assert stored == vault.put("original", "f-1", data, same=True)
    assert (stored.size, vault.get("original", "f-1")) == (size, data)
    vault.put("original", "f-2", data)
    into = io.BytesIO()
    vault.get_into("original", "f-2", into)
    assert into.getvalue() == data


@pytest.mark.parametrize("at", [0, 50, -1])
def test_a_damaged_file_is_not_opened(opened: Archive, at: int) -> None:
    """A flipped byte of a streamed object is found before anything of it is written."""
    vault = opened.vault(ONE)
    digest = vault.put_file("original", "f-1", io.BytesIO(b"x" * 2_000_000)).ciphertext_sha256
    key = ObjectName(ONE, "original", "f-1").blob(digest)
    raw = bytearray(opened.store.get(key) or b"")
    raw[at] ^= 1
    opened.store.put(key, bytes(raw))
    into = io.BytesIO()

    with pytest.raises(IntegrityError, match="ciphertext_damaged f-1"):
        vault.get_into("original", "f-1", into)
    assert into.getvalue() == b""


def test_the_first_writer_stands(opened: Archive) -> None:
    """A second put writes nothing and is told what the first one stored."""
    vault = opened.vault(ONE)
    first = vault.put("page", "p-1", b"first")

    assert vault.put("page", "p-1", b"second") == first
    assert vault.put("page", "p-1", b"first", same=True) == first
    with pytest.raises(IntegrityError, match="object_differs p-1"):
        vault.put("page", "p-1", b"second", same=True)
    assert vault.get("page", "p-1") == b"first"


def test_many_are_put_as_each_would_be(opened: Archive) -> None:
    """Several objects at once: their answers in order, the first ones stand, `same` is heeded."""
    vault = opened.vault(ONE)
    first = vault.put("page", "p-7", b"first")
    items = [(f"p-{number}", b"page %d" % number) for number in range(40)]

    stored = vault.put_all("page", items)

    assert [one.id for one in stored] == [id for id, _ in items]
    assert stored[7] == first
    assert [vault.get("page", id) for id, data in items if id != "p-7"] == [
        data for id, data in items if id != "p-7"
    ]
    with pytest.raises(IntegrityError, match="object_differs p-7"):
        vault.put_all("page", items, same=True)


def test_writers_at_once_end_with_one_object(tmp_path: Path) -> None:
    """Six processes put six contents under one id: one stands, all hear of it, no orphan stays."""
    open_at(tmp_path).vault(ONE)

    def write(number: int) -> str:
        vault = open_at(tmp_path).vault(ONE)
        return vault.put("page", "p-1", b"content %d" % number).commitment

    answers = in_processes(6, write)

    vault = open_at(tmp_path).vault(ONE)
    assert len(set(answers)) == 1
    assert vault.commitment("page", "p-1", vault.get("page", "p-1")) == answers[0]
    assert vault.sweep_orphans(0) == 0


def test_a_lost_answer_to_the_own_commit_is_no_loss(
    opened: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the store wrote the record and said False, the writer finds that it has won."""
    vault = opened.vault(ONE)
    write = opened.store.put_if_absent
    monkeypatch.setattr(opened.store, "put_if_absent", lambda *a: write(*a) and False)

    vault.put("page", "p-1", b"content")

    assert vault.get("page", "p-1") == b"content"


def test_ids_are_of_one_kind_and_sorted(opened: Archive) -> None:
    """Listing a kind gives its ids and no other kind's, work inside `work/` included."""
    vault = opened.vault(ONE)
    names = [("page", "b"), ("page", "a"), ("work/page", "c"), ("work/text", "d")]
    for kind, id in names:
        vault.put(kind, id, b"x")

    assert {kind: list(vault.ids(kind)) for kind, _ in names} == {
        "page": ["a", "b"],
        "work/page": ["c"],
        "work/text": ["d"],
    }
    assert vault.has("work/page", "c")
    assert not vault.has("page", "c")


def test_only_work_is_deleted(opened: Archive) -> None:
    """Work goes, record and ciphertext; what is kept does not."""
    vault = opened.vault(ONE)
    vault.put("work/text", "p-1", b"x")
    vault.put("document", "d-1", b"x")

    vault.delete("work/text", "p-1")
    vault.delete("work/text", "never-was")

    with pytest.raises(RejectedInput, match="object_is_kept"):
        vault.delete("document", "d-1")
    assert [key for key in opened.store.list() if "work" in key] == []
    assert vault.has("document", "d-1")


def test_what_is_absent_is_said_to_be(opened: Archive) -> None:
    """Reading what was never put is an error with its id."""
    vault = opened.vault(ONE)

    for read in (vault.get, vault.stored):
        with pytest.raises(IntegrityError, match="object_missing p-none"):
            read("page", "p-none")


@pytest.mark.parametrize(
    "kind", ["", "Page", "work", "work/", "pa ge", "../page", "work/a/b", "페이지"]
)
def test_a_kind_that_is_none_is_refused(opened: Archive, kind: str) -> None:
    """Kinds are words; anything else is refused and not repeated."""
    with pytest.raises(RejectedInput, match=r"^object_kind_invalid$"):
        opened.vault(ONE).put(kind, "p-1", b"x")


@pytest.mark.parametrize("id", ["", ".", "a/b", "../a", "a.b", "a b", "김가상", "a" * 101, "a\n"])
def test_an_id_that_is_none_is_refused(opened: Archive, id: str) -> None:
    """Ids cannot leave their kind; what was given is not repeated, it may be a name."""
    with pytest.raises(RejectedInput, match=r"^object_id_invalid$"):
        opened.vault(ONE).get("page", id)


@pytest.mark.parametrize(
    "code", ["", "abc", "ledger", "Keys", "../abcd", "1234 567", "a" * 17, "기관코드"]
)
def test_a_code_that_is_none_is_refused(opened: Archive, code: str) -> None:
    """An institution's code cannot be a path, nor the name of the archive's own folders."""
    with pytest.raises(RejectedInput, match=r"^institution_code_invalid$"):
        opened.vault(code)


def test_nothing_in_the_store_is_readable(filled: Archive, tmp_path: Path) -> None:
    """No file of store or index holds a piece of what was put, in any usual encoding."""
    secrets = ["김가상", "고혈압", "아목시실린", "auditor", "시험"]
    needles = [word.encode(code) for word in secrets for code in ("utf-8", "cp949", "utf-16-le")]
    needles += [base64.b64encode(needle)[:-2] for needle in needles]
    files = [path for path in tmp_path.rglob("*") if path.is_file()]

    assert len(files) > 40
    for path in files:
        raw = path.read_bytes()
        assert [needle for needle in needles if needle in raw] == []


def _transplant(
    archive: Archive, source: tuple[str, str, str], target: tuple[str, str, str]
) -> None:
    """Copy an object's files under another object's name, as an attacker with the disk would."""
    raw = archive.store.get(ObjectName(*source).record)
    assert raw is not None
    fields = json.loads(raw)
    digest = fields["ciphertext_sha256"]
    blob = archive.store.get(ObjectName(*source).blob(digest))
    assert blob is not None
    fields |= dict(zip(("institution", "kind", "id"), target, strict=True))
    archive.store.put(ObjectName(*target).blob(digest), blob)
    archive.store.put(ObjectName(*target).record, canonical(fields))


@pytest.mark.parametrize(
    "target",
    [(ONE, "page", "p-2"), (ONE, "document", "p-1"), (TWO, "page", "p-1")],
    ids=["another id", "another kind", "another institution"],
)
def test_an_object_does_not_open_in_anothers_place(
    opened: Archive, target: tuple[str, str, str]
) -> None:
    """Record and ciphertext moved to another id, kind or institution, relabelled, stay shut."""
    opened.vault(ONE).put("page", "p-1", PLAIN)
    opened.vault(TWO).put("page", "p-other", PLAIN)

    _transplant(opened, (ONE, "page", "p-1"), target)

    with pytest.raises(IntegrityError, match="record_damaged"):
        opened.vault(target[0]).get(*target[1:])
    with pytest.raises(IntegrityError, match="record_damaged"):
        opened.vault(target[0]).stored(*target[1:])
    assert target[2] in [problem.subject for problem in verify(opened).problems]


def test_a_ciphertext_does_not_open_under_anothers_record(opened: Archive) -> None:
    """Two objects' ciphertexts exchanged on the disk: neither opens."""
    vault = opened.vault(ONE)
    names = {id: vault.put("page", id, id.encode()) for id in ("p-1", "p-2")}
    keys = {
        id: f"{ONE}/objects/page/{s.ciphertext_sha256[:2]}/{id}.{s.ciphertext_sha256}"
        for id, s in names.items()
    }
    blobs = {id: opened.store.get(key) or b"" for id, key in keys.items()}
    opened.store.put(keys["p-1"], blobs["p-2"])
    opened.store.put(keys["p-2"], blobs["p-1"])

    for id in names:
        with pytest.raises(IntegrityError, match=f"ciphertext_damaged {id}"):
            vault.get("page", id)


def test_one_institution_never_opens_anothers(opened: Archive, tmp_path: Path) -> None:
    """Even all of A's files copied under B's name, wrapped keys too, do not open as B's."""
    opened.vault(ONE).put("document", "d-1", PLAIN)
    for key in list(opened.store.list(f"{ONE}/")):
        opened.store.put(key.replace(ONE, TWO, 1), opened.store.get(key) or b"")
    again = open_at(tmp_path)

    with pytest.raises(IntegrityError, match="secret_damaged"):
        again.vault(TWO)
    problems = {(problem.kind, problem.code) for problem in verify(again).problems}
    assert ("secret", "secret_damaged") in problems
    assert again.vault(ONE).get("document", "d-1") == PLAIN


def test_commitments_are_the_same_again_and_tell_nothing(opened: Archive, tmp_path: Path) -> None:
    """A rerun commits to the same value; equal contents under two names commit to two."""
    vault, again = opened.vault(ONE), open_at(tmp_path).vault(ONE)
    committed = {
        vault.commitment("page", "p-1", PLAIN),
        vault.commitment("page", "p-2", PLAIN),
        vault.commitment("document", "p-1", PLAIN),
        opened.vault(TWO).commitment("page", "p-1", PLAIN),
    }

    assert len(committed) == 4
    assert again.commitment("page", "p-1", PLAIN) in committed


def test_orphans_are_swept_and_objects_are_not(opened: Archive) -> None:
    """A ciphertext no record names goes once it is old enough; every object still opens."""
    vault = opened.vault(ONE)
    stored = vault.put("page", "p-1", PLAIN)
    digest = "ab" * 32
    orphan = f"{ONE}/objects/page/ab/p-1.{digest}"
    opened.store.put(orphan, b"left behind")

    assert vault.sweep_orphans(3600) == 0
    assert opened.store.exists(orphan)
    assert vault.sweep_orphans(0) == 1
    assert not opened.store.exists(orphan)
    assert vault.get("page", "p-1") == PLAIN
    assert stored == vault.stored("page", "p-1")


def test_a_sweep_spares_what_a_damaged_record_may_name(opened: Archive) -> None:
    """A flipped byte in a record must not cost its ciphertext."""
    vault = opened.vault(ONE)
    vault.put("page", "p-1", PLAIN)
    key = f"{ONE}/records/page/p-1"
    raw = opened.store.get(key) or b""
    at = raw.index(b"ciphertext_sha256") + 25
    opened.store.put(key, flipped(raw, at))

    assert vault.sweep_orphans(0) == 0

    opened.store.put(key, raw)
    assert vault.get("page", "p-1") == PLAIN


def test_errors_name_ids_only(opened: Archive) -> None:
    """What a damaged object raises holds its code and its id, nothing else."""
    vault = opened.vault(ONE)
    id = an_id("p", 1)
    stored = vault.put("page", id, PLAIN)
    digest = stored.ciphertext_sha256
    opened.store.put(f"{ONE}/objects/page/{digest[:2]}/{id}.{digest}", PLAIN)

    with pytest.raises(GiroksilError) as caught:
        vault.get("page", id)

    assert str(caught.value) == f"ciphertext_damaged {id}"
