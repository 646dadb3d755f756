"""Promises of disposal: by two persons, on both sites, from no copy to be opened again."""

import dataclasses
import datetime as dt
import itertools
import json
import shutil
import threading
from pathlib import Path

import pytest

from archive.ledger.check_proof import check_proof
from archive.opening import Archive
from archive.problem import Problem
from archive.replica import replicate
from archive.retention.disposal import answer, dispose, load_proposal, propose
from archive.retention.expiry import Kept
from archive.retention.orders import give_order
from archive.retention.papers import Certificate, Proposal, certificate_id
from archive.retention.periods import load_table
from archive.rotation import rotate_keys
from archive.vault.envelope import parse_record
from archive.vault.folder_store import FolderStore
from archive.vault.names import ObjectName, parse_record_key
from archive.vault.store import ObjectStore
from archive.verify import verify
from records.codec import decode
from records.errors import GiroksilError, RejectedInput, TransientError
from records.reasons import load_reasons
from tests.damage import flipped

from .conftest import ONE, TEXTS, TWO, an_id, killed_at, open_at
from .test_replica import archive_of, files_of

TABLE = load_table()
TODAY = dt.date(2026, 11, 26)
DOCUMENT, ORIGINAL, READ = an_id("d", ONE, 0), an_id("f", ONE, 0), an_id("p", ONE, 0)
OBJECTS = [("document", DOCUMENT), ("original", ORIGINAL), ("work/read", READ)]


@pytest.fixture
def second(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "second" / "store")


def kept(document: str = DOCUMENT, kind: str = "prescription", **other: object) -> Kept:
    old = Kept(document, ONE, kind, "owner", dt.date(2020, 1, 1))
    return dataclasses.replace(old, **other)  # type: ignore[arg-type]


def proposed(archive: Archive, *objects: tuple[str, str]) -> Proposal:
    return propose(archive, TABLE, [kept()], objects or OBJECTS, "kim", TODAY)


def agreed(archive: Archive) -> Proposal:
    proposal = proposed(archive)
    for person in ("kim", "lee"):
        answer(archive, proposal, person, "here", "만료", agrees=True)
    return proposal


def opens_nowhere(archive: Archive, stores: list[ObjectStore], *kinds: tuple[str, str]) -> bool:
    """Whether of these objects neither data key nor ciphertext is in any store."""
    for store in stores:
        keys = list(store.list(f"{ONE}/objects/"))
        for kind, id in kinds:
            raw = store.get(ObjectName(ONE, kind, id).record) or b""
            if b"wrapped_key" in raw or any(f"/{id}." in key for key in keys):
                return False
    return True


def test_two_persons_dispose_on_both_sites(
    filled: Archive,
    second: FolderStore,
    tmp_path: Path,
) -> None:
    """Afterwards no copy opens, the rest does, the certificate is in the ledger and is proven."""
    replicate(filled, second)
    proposal = agreed(filled)

    certificate = dispose(filled, TABLE, proposal, second, TODAY)

    assert (certificate.documents, certificate.objects, certificate.sites) == (1, 3, 2)
    assert certificate.agreed == ("kim", "lee")
    assert opens_nowhere(filled, [filled.store, second], *OBJECTS)
    vault = open_at(tmp_path).vault(ONE)
    for kind, id in OBJECTS:
        assert not vault.has(kind, id)
        assert id not in set(vault.ids(kind))
        for call in (lambda k=kind, i=id: vault.get(k, i), lambda k=kind, i=id: vault.stored(k, i)):
            with pytest.raises(RejectedInput, match="object_disposed"):
                call()
        with pytest.raises(RejectedInput, match="object_disposed"):
            vault.put(kind, id, b"again")
    assert DOCUMENT not in filled.index.document_ids(ONE)
    assert vault.get("document", an_id("d", ONE, 1)).decode().endswith(TEXTS[1])
    proof = filled.ledger.prove("disposal", ONE, certificate.id)
    assert check_proof(proof).leaf.id == certificate_id(proposal.id)
    stored = decode(Certificate, vault.get("disposal", certificate.id))
    assert stored == certificate
    for site in (filled, archive_of(tmp_path, second)):
        codes = {problem.code for problem in verify(site).problems}
        assert codes <= {"index_missing"}
    assert verify(filled).ok


def test_what_was_disposed_of_does_not_come_back(
    filled: Archive,
    second: FolderStore,
    tmp_path: Path,
) -> None:
    """Not by replication in either direction, not by rotation, not by sweeping or a rebuild."""
    replicate(filled, second)
    dispose(filled, TABLE, agreed(filled), second, TODAY)

    assert replicate(filled, second).equal
    assert rotate_keys(filled, "all").problems == ()
    assert replicate(filled, second).equal
    back = replicate(archive_of(tmp_path, second), filled.store)
    filled.sweep(0)

    assert back.equal
    assert opens_nowhere(filled, [filled.store, second], *OBJECTS)
    assert verify(filled).ok


def test_a_second_site_that_was_away_follows(
    filled: Archive,
    second: FolderStore,
) -> None:
    """Disposed of while no second site was set: the next replication destroys its copy too."""
    replicate(filled, second)
    dispose(filled, TABLE, agreed(filled), None, TODAY)
    assert not opens_nowhere(filled, [second], *OBJECTS)

    report = replicate(filled, second)

    assert report.equal
    assert report.buried == 3
    assert opens_nowhere(filled, [filled.store, second], *OBJECTS)


def test_a_restored_backup_is_named_and_disposed_of_again(
    filled: Archive,
    second: FolderStore,
) -> None:
    """An old copy of the first site brought back: verify and replicate say so, dispose ends it."""
    backup = files_of(filled.store)
    replicate(filled, second)
    proposal = agreed(filled)
    dispose(filled, TABLE, proposal, second, TODAY)
    for key, data in backup.items():
        if DOCUMENT in key:
            filled.store.put(key, data)
    filled.store.delete(ObjectName(ONE, "document", DOCUMENT).disposed)

    assert Problem("document", DOCUMENT, "disposed_is_back") in verify(filled).problems
    named = replicate(filled, second).problems
    assert named == (Problem("document", DOCUMENT, "disposed_on_replica"),)
    assert opens_nowhere(filled, [second], *OBJECTS)

    dispose(filled, TABLE, proposal, second, TODAY)

    assert opens_nowhere(filled, [filled.store, second], *OBJECTS)
    assert verify(filled).ok
    assert replicate(filled, second).equal


@pytest.mark.parametrize(
    ("persons", "refusing"),
    [([], []), (["kim"], []), (["kim", " KIM "], []), (["kim", "lee"], ["park"])],
    ids=["nobody", "one", "one by two spellings", "one refuses"],
)
def test_one_person_disposes_of_nothing(
    filled: Archive, persons: list[str], refusing: list[str]
) -> None:
    """Without two different persons, or against one's word, not a byte changes."""
    proposal = proposed(filled)
    for person in persons:
        answer(filled, proposal, person, "here", "만료", agrees=True)
    for person in refusing:
        answer(filled, proposal, person, "here", "아니오", agrees=False)
    before = files_of(filled.store)

    with pytest.raises(RejectedInput, match="disposal_not_agreed"):
        dispose(filled, TABLE, proposal, None, TODAY)

    assert files_of(filled.store) == before


def test_answers_stand(filled: Archive) -> None:
    """Nobody takes an answer back, and one needs a name and a reason."""
    proposal = proposed(filled)
    first = answer(filled, proposal, "kim", "here", "만료", agrees=True)

    assert answer(filled, proposal, "KIM", "there", "again", agrees=True) == first
    with pytest.raises(RejectedInput, match="disposal_answered"):
        answer(filled, proposal, "kim", "here", "만료", agrees=False)
    for by, why in (("", "why"), ("kim", " ")):
        with pytest.raises(RejectedInput, match="disposal_answer_invalid"):
            answer(filled, proposal, by, "here", why, agrees=True)
    with pytest.raises(RejectedInput, match="disposal_unknown"):
        load_proposal(filled, ONE, first.id)
    assert load_proposal(filled, ONE, proposal.id) == proposal


def test_what_is_not_due_is_not_disposed_of(filled: Archive) -> None:
    """Neither proposed, nor carried out where a hold or an extension came after the answers."""
    for documents, code in (
        ([kept(kind="medical_record")], "disposal_not_due"),
        ([kept(started=None)], "disposal_not_due"),
        ([kept(holder="health_centre", kind="medical_record")], "disposal_not_due"),
        ([kept(), kept(institution=TWO)], "disposal_invalid"),
        ([], "disposal_invalid"),
    ):
        with pytest.raises(RejectedInput, match=code):
            propose(filled, TABLE, documents, OBJECTS, "kim", TODAY)
    for kind in ("seal", "access", "disposal"):
        with pytest.raises(RejectedInput, match="disposal_invalid"):
            proposed(filled, (kind, "x"))
    proposal = agreed(filled)
    hold = give_order(filled, ONE, "hold", "park", "here", "소송")
    before = files_of(filled.store)
    with pytest.raises(RejectedInput, match="disposal_not_due"):
        dispose(filled, TABLE, proposal, None, TODAY)
    assert files_of(filled.store) == before

    give_order(filled, ONE, "release", "park", "here", "종결", releases=hold.id)
    give_order(filled, ONE, "extend", "park", "here", "계속 진료", years=2)
    assert dispose(filled, TABLE, proposal, None, TODAY).objects == 3


def test_a_second_site_that_does_not_answer_stops_it(
    filled: Archive,
    second: FolderStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing is destroyed on the first site, nothing certified, and the next try ends it."""
    replicate(filled, second)
    proposal = agreed(filled)

    def refuse(*_: object) -> bool:
        raise TransientError("store_unreachable")

    monkeypatch.setattr(second, "put_if_absent", refuse)
    with pytest.raises(TransientError):
        dispose(filled, TABLE, proposal, second, TODAY)
    monkeypatch.undo()
    assert filled.vault(ONE).get("document", DOCUMENT)
    assert not filled.vault(ONE).has("disposal", certificate_id(proposal.id))

    assert dispose(filled, TABLE, proposal, second, TODAY).sites == 2


def test_killed_at_every_system_call_it_ends(filled: Archive, tmp_path: Path) -> None:
    """Whatever was reached, nothing is certified that still opens; run again, all is gone."""
    agreed_id = agreed(filled).id
    filled.index.close()
    before, copy = tmp_path / "store", tmp_path / "before"
    shutil.copytree(before, copy)
    shutil.copytree(tmp_path / "index", tmp_path / "index-before")
    second_root = tmp_path / "second" / "store"
    replicate(open_at(tmp_path), FolderStore(second_root))
    shutil.copytree(second_root, tmp_path / "second-before")

    def carry_out() -> Certificate:
        archive = open_at(tmp_path)
        proposal = load_proposal(archive, ONE, agreed_id)
        try:
            return dispose(archive, TABLE, proposal, FolderStore(second_root), TODAY)
        finally:
            archive.index.close()

    for step in itertools.count(1, 5):
        for made, kept_copy in (
            (before, copy),
            (second_root, tmp_path / "second-before"),
            (tmp_path / "index", tmp_path / "index-before"),
        ):
            shutil.rmtree(made)
            shutil.copytree(kept_copy, made)
        killed = killed_at(step, carry_out)
        if killed:
            archive = open_at(tmp_path)
            if archive.vault(ONE).has("disposal", certificate_id(agreed_id)):
                stores = [archive.store, FolderStore(second_root)]
                assert opens_nowhere(archive, stores, *OBJECTS)
            harmless = {"leaf_missing", "index_entry_stray"}
            assert {problem.code for problem in verify(archive).problems} <= harmless
            archive.index.close()
        carry_out()
        archive = open_at(tmp_path)
        assert opens_nowhere(archive, [archive.store, FolderStore(second_root)], *OBJECTS)
        assert verify(archive).problems == ()
        archive.index.close()
        if not killed:
            break

    assert step > 40


def test_rotation_and_disposal_at_once(filled: Archive, tmp_path: Path) -> None:
    """Twenty times side by side: the data key is gone in the end, and nothing else is harmed."""
    for turn in range(20):
        id = f"d-turn-{turn}"
        stored = filled.vault(ONE).put("page", id, b"x")
        assert stored.id == id
        proposal = proposed(filled, ("page", id))
        for person in ("kim", "lee"):
            answer(filled, proposal, person, "here", "만료", agrees=True)
        rotation = threading.Thread(target=lambda: rotate_keys(open_at(tmp_path), "institutions"))
        rotation.start()
        dispose(filled, TABLE, proposal, None, TODAY)
        rotation.join()

        assert opens_nowhere(filled, [filled.store], ("page", id))
    assert {problem.code for problem in verify(filled).problems} <= {"index_entry_missing"}
    assert rotate_keys(filled, "nothing").problems == ()


def test_a_tombstone_with_a_flipped_bit_is_named(filled: Archive) -> None:
    """In either place, whatever bit: the object's name is told."""
    dispose(filled, TABLE, agreed(filled), None, TODAY)
    name = ObjectName(ONE, "document", DOCUMENT)
    raw = filled.store.get(name.record) or b""
    for key in (name.record, name.disposed):
        for place in range(0, len(raw), 7):
            filled.store.put(key, flipped(raw, place))
            assert DOCUMENT in {problem.subject for problem in verify(filled).problems}, (
                key,
                place,
            )
        filled.store.put(key, raw)
    assert verify(filled).ok


def test_every_object_can_be_told_from_its_record(filled: Archive) -> None:
    """A tombstone is no record and a record no tombstone."""
    dispose(filled, TABLE, agreed(filled), None, TODAY)
    tombstones = 0
    for key in filled.store.list(f"{ONE}/records/"):
        name = parse_record_key(key)
        assert name
        raw = filled.store.get(key) or b""
        try:
            parse_record(name, raw)
        except GiroksilError:
            tombstones += 1
            assert json.loads(raw)["disposal"].startswith("x-")

    assert tombstones == 3


def test_the_codes_of_retention_have_words() -> None:
    """In both languages, with what to do."""
    codes = [code for code in load_reasons() if code.startswith(("dispos", "retention", "hold"))]

    assert len(codes) >= 14
    for code in codes:
        reason = load_reasons()[code]
        assert reason.do_korean
        assert reason.do_english
