"""The keys of one institution are lost: the others work on, and a person is told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from archive.opening import Archive
from archive.rotation import rotate_keys
from archive.verify import verify
from pipeline.assembly import Workshop
from pipeline.batches import list_batches
from pipeline.documents import leaf_of
from pipeline.reader import Reader
from pipeline.searching import Query, search
from pipeline.stage_results import ArchivedDocument, Plan, Registered
from pipeline.upkeep import rebuild_index
from pipeline.upkeep import rotate_keys as rotate_stage
from records.codec import encode
from records.errors import GiroksilError, IntegrityError, RejectedInput
from records.ids import derive_id
from records.judgements import Verdict
from records.settings import Settings
from records.values import Batch, Box, Delivery, Document, Institution, Line, PageText, Word
from tests.damage import flipped

LOST, KEPT = "31234567", "9876ABCD"
AUDITOR = Reader("auditor", "127.0.0.1", "시험")


def _id(prefix: str, institution: str) -> str:
    return derive_id(prefix, "lost", institution)


def _archive_one(archive: Archive, institution: str) -> None:
    """A registered batch with one archived document."""
    vault, batch, page = archive.vault(institution), _id("b", institution), _id("p", institution)
    delivery = Delivery(Institution(institution, "가상의원"))
    plan = Plan("eng", "reading", "classifying", 0.8)
    vault.put("batch", batch, encode(Registered(Batch(batch, delivery, ()), plan)))
    words = (Word("본태성", Box(0, 0, 9, 9)), Word("고혈압", Box(9, 0, 18, 9)))
    document = Document(
        _id("d", institution), batch, _id("t", institution), (page,), "certificate", 0.9, None
    )
    record = ArchivedDocument(
        document,
        Verdict(document.id, "accept"),
        (PageText(page, 100, 100, None, 0, 0.0, (Line(words),)),),
        (),
    )
    stored = vault.put("document", document.id, encode(record))
    archive.ledger.append([leaf_of(stored, batch)])


@pytest.fixture(params=["deleted", "damaged"])
def workshop(request: pytest.FixtureRequest, tmp_path: Path) -> Workshop:
    """Two institutions, indexed; then the wrapped keys of the first are lost."""
    settings = Settings(home=str(tmp_path))
    whole = Workshop(settings)
    for institution in (LOST, KEPT):
        _archive_one(whole.archive, institution)
    rebuild_index(whole)
    whole.archive.ledger.sign_head()
    assert {hit.institution for hit in search(whole, Query("고혈압"), AUDITOR)} == {LOST, KEPT}
    whole.archive.index.close()
    key = f"{LOST}/keys/institution"
    if request.param == "deleted":
        whole.archive.store.delete(key)
    else:
        whole.archive.store.put(key, flipped(whole.archive.store.get(key) or b""))
    return Workshop(settings)


def test_the_others_are_searched_and_read(workshop: Workshop) -> None:
    """A search over everything finds the others' documents, logs and shows them, and no more."""
    found = search(workshop, Query("고혈압", limit=1), AUDITOR)

    assert [hit.document for hit in found] == [_id("d", KEPT)]
    assert "고혈압" in found[0].snippet
    assert len(list(workshop.archive.access.entries(KEPT))) == 2
    assert [line.batch for line in list_batches(workshop)] == [_id("b", KEPT)]
    assert workshop.work(_id("b", KEPT)).batch.id == _id("b", KEPT)
    assert workshop.archive.vault(KEPT).put("page", "p-new", b"x")


@pytest.mark.parametrize(
    "call",
    [
        lambda w: search(w, Query("고혈압", institution=LOST), AUDITOR),
        lambda w: w.vault(LOST),
        lambda w: w.work(_id("b", LOST)),
        lambda w: w.archive.ledger.prove("document", LOST, _id("d", LOST)),
    ],
    ids=["search", "vault", "work", "prove"],
)
def test_the_lost_one_is_said_to_be_lost(
    workshop: Workshop, call: Callable[[Workshop], object]
) -> None:
    """Whoever asks for the institution itself hears why nothing opens, and nothing is made anew."""
    with pytest.raises(IntegrityError, match=f"secret_(missing|damaged) {LOST}/keys/institution"):
        call(workshop)
    with pytest.raises(GiroksilError):
        workshop.work(derive_id("b", "never"))


def test_upkeep_does_the_others_and_ends_red(workshop: Workshop) -> None:
    """The index is rebuilt and keys are rotated for the others; then the stage fails."""
    workshop.archive.index.remove([_id("d", KEPT)])
    before = workshop.archive.vault(KEPT).stored("document", _id("d", KEPT))

    with pytest.raises(IntegrityError, match=f"secret_(missing|damaged) {LOST}"):
        rebuild_index(workshop)
    with pytest.raises(IntegrityError, match="rotation_incomplete 1"):
        rotate_stage(workshop)

    report = rotate_keys(workshop.archive, "nothing")
    assert workshop.archive.index.document_ids(KEPT) == {_id("d", KEPT)}
    assert [problem.subject for problem in report.problems] == [f"{LOST}/keys/institution"]
    assert report.proven == sum(
        key.startswith(f"{KEPT}/records/") for key in workshop.archive.store.list()
    )
    assert workshop.archive.vault(KEPT).stored("document", _id("d", KEPT)) == before
    named = {problem.subject for problem in verify(workshop.archive).problems}
    assert named == {f"{LOST}/keys/institution"}


def test_what_is_nowhere_is_unknown(tmp_path: Path) -> None:
    """With every key there, a batch that was never registered is just unknown."""
    whole = Workshop(Settings(home=str(tmp_path)))
    _archive_one(whole.archive, KEPT)

    with pytest.raises(RejectedInput, match="batch_unknown"):
        whole.work(derive_id("b", "never"))
