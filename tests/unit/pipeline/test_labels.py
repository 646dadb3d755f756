"""What people said is kept as labelled data: who, when, why, beside what the machine said."""

from pathlib import Path

import pytest

from pipeline.assembly import Workshop
from pipeline.labels import Label, labels_of
from pipeline.outcomes import Outcomes
from pipeline.reader import Reader
from pipeline.retention import bundles
from pipeline.reviewing import decide
from pipeline.sampling import draw_sample, judge
from pipeline.teaching import gather
from quality.sampling.lot_result import Judgement
from records.judgements import Decision
from records.settings import Settings
from tests.unit.pipeline.judged_batch import CODE, make_judged_batch
from tests.unit.pipeline.labelled_batches import KINDS, make_labelled_batches

KIM = Reader("kim", "127.0.0.1", "시험")


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """An empty house."""
    return Workshop(Settings(home=str(tmp_path)))


def labels(workshop: Workshop) -> list[Label]:
    return list(labels_of(workshop.vault(CODE)))


def test_a_decision_is_kept_as_a_label(workshop: Workshop) -> None:
    """The machine's kind and reasons stand beside the person's kind, name, time and reason."""
    batch = make_judged_batch(workshop, documents=12, worse=frozenset({3, 4}))
    first, second = Outcomes(workshop.work(batch)).by_outcome()["held"]
    decide(workshop, batch, Decision(first, "accept", "kim", "제목", "medical_opinion"), KIM)
    decide(workshop, batch, Decision(second, "reject", "kim", "흐림"), KIM)

    by_document = {one.document: one for one in labels(workshop)}
    named, back = by_document[first], by_document[second]
    assert (named.said.kind, named.said.confidence) == ("diagnosis_certificate", 0.4)
    assert "document_type_unsure" in named.said.reasons
    assert (named.kind, named.by, named.why) == ("medical_opinion", "kim", "제목")
    assert named.at.endswith("+00:00")
    assert (back.outcome, back.kind) == ("reject", "")
    assert workshop.work(batch).decision(first).at == named.at  # type: ignore[union-attr]


def test_an_inspector_labels_what_is_not_shown_on_purpose(workshop: Workshop) -> None:
    """A good page confirms the machine, a wrong kind names the right one; known defects do not."""
    batch = make_judged_batch(workshop, documents=90)
    sample = draw_sample(workshop, batch).sample
    good, wrong = [item for item in sample.items if item.document and not item.known][:2]
    known = next(item for item in sample.items if item.known)
    judge(workshop, batch, Judgement(good.id, "kim", (), "2026-11-26T09:00Z"))
    defect = ("defect_wrong_kind",)
    judge(workshop, batch, Judgement(wrong.id, "kim", defect, kind="fee_receipt"))
    judge(workshop, batch, Judgement(known.id, "kim", ()))

    by_document = {one.document: one for one in labels(workshop)}
    assert set(by_document) == {good.document, wrong.document}
    assert by_document[good.document].kind == by_document[good.document].said.kind
    assert (by_document[wrong.document].kind, by_document[wrong.document].outcome) == (
        "fee_receipt",
        "bad",
    )


def test_labels_go_with_their_document(workshop: Workshop) -> None:
    """What is disposed of together holds the labels of its documents, and no other's."""
    one = make_judged_batch(workshop, "one", documents=12, worse=frozenset({3}))
    two = make_judged_batch(workshop, "two", documents=12, worse=frozenset({3}))
    for batch in (one, two):
        (held,) = Outcomes(workshop.work(batch)).by_outcome()["held"]
        decide(workshop, batch, Decision(held, "accept", "kim", "seen"), KIM)

    (bundle,) = bundles(workshop, CODE, [one])

    label = next(label.id for label in labels(workshop) if label.batch == one)
    assert [id for kind, id in bundle.objects if kind == "label"] == [label]


def test_labels_are_gathered_by_batch_and_made_up_for(workshop: Workshop) -> None:
    """A decision whose label was never written is learned from; one batch is held out whole."""
    first, second = make_labelled_batches(workshop, 4, 4)
    assert labels(workshop) == []

    found = gather(workshop, CODE)

    assert found.labels == len(found.examples) == 8
    assert {one.batch for one in found.examples if one.held_out} == {second}
    assert {one.batch for one in found.examples if not one.held_out} == {first}
    assert {one.kind for one in found.examples} == set(KINDS)
    assert all(page.lines for one in found.examples for page in one.pages)


def test_nobody_learns_from_another_institution(workshop: Workshop) -> None:
    """Unless a setting allows it, labelled documents of other institutions are not gathered."""
    make_labelled_batches(workshop, 1, 1)
    other = "98765432"
    workshop.vault(other).put("batch", "b-other", b"{}")

    assert gather(workshop, other).examples == ()
    workshop.vault(other)
    allowed = Workshop(Settings(home=workshop.settings.home, learn_across="allowed"))
    assert len(gather(allowed, other).examples) == 2
