"""Sampling inspection of a stored batch: drawn once, judged by others, and heeded by release."""

import dataclasses
import io
import json
from pathlib import Path

import pytest

from archive.verify import verify
from pipeline.assembly import Workshop
from pipeline.command_line import main
from pipeline.reader import Reader
from pipeline.releasing import must_wait, require_passed_sample
from pipeline.rescanning import print_rescan_list, rescan_list
from pipeline.reviewing import decide
from pipeline.sample_pages import pages_to_judge
from pipeline.sampling import draw_sample, inspection_of, judge, standing_of
from quality.sampling.draw import frame_digest, in_drawn_order
from quality.sampling.lot_result import Judgement
from records.errors import RejectedInput
from records.judgements import Decision
from records.settings import Settings
from tests.unit.pipeline.judged_batch import CODE, make_judged_batch

KIM = Reader("kim", "127.0.0.1", "시험")
LEE = Reader("lee", "127.0.0.1", "시험")


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """An empty house."""
    return Workshop(Settings(home=str(tmp_path)))


def judge_all(workshop: Workshop, batch: str, defect: str = "", bad: int = 0) -> str:
    """Judge every open item, the first `bad` of the lot's own with a defect; the outcome."""
    inspection = draw_sample(workshop, batch)
    ranks = {item.id: item.rank for item in inspection.sample.items}
    for page in pages_to_judge(workshop, batch, KIM):
        found = (defect,) if 0 <= ranks[page.item] < bad else ()
        inspection = judge(workshop, batch, Judgement(page.item, "kim", found), inspection)
    return inspection.result.outcome


def test_a_sample_is_drawn_once(workshop: Workshop) -> None:
    """Drawing again finds the same sample; its leaf stands before the first answer."""
    batch = make_judged_batch(workshop)
    first = draw_sample(workshop, batch).sample

    assert draw_sample(workshop, batch).sample == first
    leaves = [leaf.id for leaf in workshop.archive.ledger.leaves() if leaf.kind == "decision"]
    assert len(leaves) == 1
    assert leaves[0].startswith("sd-")


def test_the_draw_can_be_checked(workshop: Workshop) -> None:
    """With the seed and the list of pages, anybody gets the lot's sample."""
    batch = make_judged_batch(workshop)
    sample = draw_sample(workshop, batch).sample
    pages = [ref.id for ref in workshop.work(batch).triaged().each_page()]
    order = in_drawn_order(bytes.fromhex(sample.seed), pages, "lot")
    ranked = sorted((item.rank, item.page) for item in sample.items if item.why == "lot")

    assert sample.frame == frame_digest(pages)
    assert [page for _, page in ranked] == order[: len(ranked)]
    assert sample.lot == 81


def test_a_clean_lot_is_released(workshop: Workshop) -> None:
    """Where sampling is required, a batch waits for its sample, and goes on when it passed."""
    workshop = Workshop(dataclasses.replace(workshop.settings, sampling="required"))
    batch = make_judged_batch(workshop)
    assert must_wait(workshop, held=0)
    with pytest.raises(RejectedInput, match="sample_unfinished"):
        require_passed_sample(workshop, batch)

    assert judge_all(workshop, batch) == "accepted"

    require_passed_sample(workshop, batch)
    assert verify(workshop.archive).problems == ()


def test_a_bad_lot_goes_back_whole(workshop: Workshop) -> None:
    """One page of a wrong patient rejects the lot; put right, it is drawn anew, tightened."""
    workshop = Workshop(dataclasses.replace(workshop.settings, sampling="required"))
    batch = make_judged_batch(workshop)
    first = draw_sample(workshop, batch).sample
    with pytest.raises(RejectedInput, match="lot_not_rejected"):
        draw_sample(workshop, batch, resubmit=True)

    assert judge_all(workshop, batch, "defect_wrong_patient", 1) == "rejected"

    with pytest.raises(RejectedInput, match="lot_rejected"):
        require_passed_sample(workshop, batch)
    again = draw_sample(workshop, batch, resubmit=True).sample
    assert (again.submission, again.resubmission_of) == (2, batch)
    assert {one.plan.stage for one in again.plans} == {"tightened"}
    assert again.seed != first.seed
    assert judge_all(workshop, batch) == "accepted"
    require_passed_sample(workshop, batch)


def test_a_team_is_switched(workshop: Workshop) -> None:
    """Two rejected lots of a team tighten its next lot in that class; another team's stays."""
    for name in ("one", "two"):
        batch = make_judged_batch(workshop, name, documents=12)
        assert judge_all(workshop, batch, "defect_wrong_kind", 3) == "rejected"

    next_lot = draw_sample(workshop, make_judged_batch(workshop, "three")).sample

    stages = {one.defect_class: one.plan.stage for one in next_lot.plans}
    assert stages == {"critical": "normal", "major": "tightened", "minor": "normal"}
    assert standing_of(workshop, "team B", "major").stage == "normal"


def test_who_scanned_may_not_inspect(workshop: Workshop) -> None:
    """The scanner's operator may neither judge a page nor decide a held document."""
    batch = make_judged_batch(workshop, scanned_by="Park, KIM", worse=frozenset({3}))
    item = draw_sample(workshop, batch).sample.items[0].id
    held = next(iter(workshop.work(batch).checked().report.verdicts[3:4])).document_id

    for who in ("kim", " park"):
        with pytest.raises(RejectedInput, match="inspector_scanned_it"):
            judge(workshop, batch, Judgement(item, who, ()))
        with pytest.raises(RejectedInput, match="inspector_scanned_it"):
            decide(workshop, batch, Decision(held, "accept", who, "seen"), LEE)
    judge(workshop, batch, Judgement(item, "lee", ()))
    decide(workshop, batch, Decision(held, "accept", "lee", "seen"), LEE)


def test_answers_stay(workshop: Workshop) -> None:
    """Nobody answers twice, to an unknown item, with an unknown defect, or after the decision."""
    batch = make_judged_batch(workshop)
    with pytest.raises(RejectedInput, match="sample_not_drawn"):
        judge(workshop, batch, Judgement("i-1", "kim", ()))
    sample = draw_sample(workshop, batch).sample
    item = next(one.id for one in sample.items if not one.second)
    judge(workshop, batch, Judgement(item, "kim", ()))

    for wrong, code in (
        (Judgement(item, "kim", ("defect_turned",)), "sample_item_judged"),
        (Judgement("i-nowhere", "kim", ()), "sample_item_unknown"),
        (Judgement(item, "lee", ("defect_of_tomorrow",)), "decision_unknown"),
    ):
        with pytest.raises(RejectedInput, match=code):
            judge(workshop, batch, wrong)
    assert judge_all(workshop, batch) == "accepted"
    with pytest.raises(RejectedInput, match="sample_decided"):
        judge(workshop, batch, Judgement(item, "lee", ("defect_page_lost",)))


def test_known_defects_look_like_any_page(workshop: Workshop) -> None:
    """A known defect shows another kind or another patient; nothing of it is stored that way."""
    batch = make_judged_batch(workshop, documents=90)
    sample = draw_sample(workshop, batch).sample
    known = {item.id: item for item in sample.items if item.known}
    shown = {page.item: page for page in pages_to_judge(workshop, batch, KIM)}
    stack = workshop.work(batch).triaged().stacks[0]
    truth = {d.id: d for d in workshop.work(batch).stack(stack).documents}

    assert known
    for item in known.values():
        page, document = shown[item.id], truth[item.document]
        wrong_kind = page.kind != document.type
        wrong_patient = page.fields["patient_name"] != document.fields["patient_name"]
        assert (wrong_kind, wrong_patient) == (
            item.known == "defect_wrong_kind",
            item.known == "defect_wrong_patient",
        )
    honest = next(i for i in sample.items if not i.known and i.document)
    assert shown[honest.id].fields == truth[honest.document].fields


def test_a_second_person_sees_what_the_first_has_judged(workshop: Workshop) -> None:
    """Second looks are offered to another person only, and every look is logged first."""
    batch = make_judged_batch(workshop)
    draw_sample(workshop, batch)
    assert pages_to_judge(workshop, batch, LEE, second=True) == []
    for page in pages_to_judge(workshop, batch, KIM)[:-1]:
        judge(workshop, batch, Judgement(page.item, "kim", ()))

    assert pages_to_judge(workshop, batch, KIM, second=True) == []
    second = pages_to_judge(workshop, batch, LEE, second=True)
    assert second
    accesses = [leaf for leaf in workshop.archive.ledger.leaves() if leaf.kind == "access"]
    assert len(accesses) == 2


def test_a_draw_that_was_killed_goes_on(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between object and leaf, the sample is found, and gets its leaf."""
    batch = make_judged_batch(workshop)
    ledger = workshop.archive.ledger
    with monkeypatch.context() as patch:
        patch.setattr(type(ledger), "append", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            draw_sample(workshop, batch)

    sample = draw_sample(workshop, batch).sample

    assert inspection_of(workshop, batch)
    assert {leaf.id[:3] for leaf in ledger.leaves() if leaf.kind == "decision"} == {"sd-"}
    assert sample.submission == 1


def test_bad_images_are_listed_for_scanning(workshop: Workshop) -> None:
    """A page that inspectors call unreadable is on the rescan list, with box, reason and page."""
    batch = make_judged_batch(workshop)
    judge_all(workshop, batch, "defect_unreadable", 1)

    (row,) = rescan_list(workshop, batch)
    printed = print_rescan_list(workshop, batch)

    assert (row.path, row.box, row.reasons) == ("scans/상자1.tif", "상자1", ("defect_unreadable",))
    assert row.page_id in printed
    assert "사람이 읽기 어려운 화면이다." in printed
    assert "The image is hard to read for a person." in printed
    assert "<script" not in printed


def test_the_terminal(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Drawn, inspected and decided by commands; the report is written and names no patient."""
    batch = make_judged_batch(workshop, documents=12)
    monkeypatch.setenv("GIROKSIL_HOME", workshop.settings.home)
    monkeypatch.setattr("pipeline.reader.account_here", lambda: "kim")
    assert main(["sample", batch]) == 0
    drawn = capsys.readouterr().out
    assert "AQL 0.15" in drawn

    monkeypatch.setattr("sys.stdin", io.StringIO("?\nx\n" + "0\n" * 99))
    assert main(["review", batch, "--sample"]) == 0
    seen = capsys.readouterr().out
    assert "합격 accepted" in seen
    assert "환자00" in seen

    assert main(["sample", batch, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["outcome"], told["judged"]) == ("accepted", told["items"])
    assert len(told["seed"]) == 64
    report = (workshop.settings.reports / batch / "report.html").read_text("utf-8")
    assert 'id="sampling"' in report
    assert "환자00" not in report
    assert CODE in report
