"""People asked by the orchestrator: ids out, answers in, the same rules as at the terminal."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.assembly import Workshop
from pipeline.inspectors import record_of_inspectors
from pipeline.outcomes import Outcomes
from pipeline.questions import heed_decision, heed_judgement, open_questions
from pipeline.reader import Reader
from pipeline.reviewing import held
from pipeline.sampling import inspection_of
from quality.sampling.inspection_rules import load_inspection_rules
from quality.sampling.inspectors import agreements
from records.errors import RejectedInput
from records.settings import Settings
from tests.unit.pipeline.judged_batch import CODE, make_judged_batch


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """An empty house."""
    return Workshop(Settings(home=str(tmp_path)))


def found(by: str, *defects: str) -> dict[str, Any]:
    return {"by": by, "defects": defects, "kind": "", "why": "airflow"}


def test_answers_are_kept_as_those_of_the_terminal(workshop: Workshop) -> None:
    """Asked once a document and page, and of some pages twice, apart; nothing is asked again."""
    batch = make_judged_batch(workshop, documents=7, worse=frozenset({2}))
    asked = open_questions(workshop, batch, sample=True)
    (document,), pages, again = (asked.chunks[of] for of in ("held", "sample", "second"))
    assert set(again) <= set(pages)
    assert again, "a share of the items is asked twice"

    decided = {"by": "kim", "outcome": "accept", "kind": "medical_opinion", "why": "제목"}
    heed_decision(workshop, batch, document, decided)
    for item in again:
        heed_judgement(workshop, batch, item, found("lee"))
    for item in pages:
        heed_judgement(workshop, batch, item, found("kim"))

    assert Outcomes(workshop.work(batch)).final(document).type == "medical_opinion"
    done = inspection_of(workshop, batch)
    assert done
    assert done.result.outcome == "accepted"
    (pair,) = agreements(done.judgements, load_inspection_rules())
    assert (pair.first, pair.second, pair.items) == ("kim", "lee", len(again))
    record = record_of_inspectors(workshop)
    assert record.lots == 1
    assert [one.who for one in record.inspectors] == ["kim", "lee"]
    assert [pair.items for pair in record.agreements] == [len(again)]
    left = open_questions(workshop, batch, sample=True)
    assert set(left.counts.values()) == {0}


def test_a_second_look_may_come_after_the_decision(workshop: Workshop) -> None:
    """What a second person finds then is kept, and changes no lot that was accepted."""
    batch = make_judged_batch(workshop, documents=7)
    asked = open_questions(workshop, batch, sample=True)
    for item in asked.chunks["sample"]:
        heed_judgement(workshop, batch, item, found("kim"))
    late = asked.chunks["second"][0]

    heed_judgement(workshop, batch, late, found("lee", "defect_page_lost"))

    done = inspection_of(workshop, batch)
    assert done
    assert done.judged_by(late) == ("kim", "lee")
    assert done.result.outcome == "accepted"
    other = next(item for item in asked.chunks["sample"] if item not in asked.chunks["second"])
    with pytest.raises(RejectedInput, match="sample_decided"):
        heed_judgement(workshop, batch, other, found("lee"))


@pytest.mark.parametrize(
    ("by", "code"), [("", "answer_by_nobody"), ("scanner", "inspector_scanned_it")]
)
def test_nobody_and_who_scanned_are_refused(workshop: Workshop, by: str, code: str) -> None:
    """An answer without an account, or of the scanner's operator, decides nothing."""
    batch = make_judged_batch(workshop, documents=3, worse=frozenset({2}))
    asked = open_questions(workshop, batch, sample=True)
    decided = {"by": by, "outcome": "accept", "kind": "", "why": "seen"}

    with pytest.raises(RejectedInput, match=code):
        heed_decision(workshop, batch, asked.chunks["held"][0], decided)
    with pytest.raises(RejectedInput, match=code):
        heed_judgement(workshop, batch, asked.chunks["sample"][0], found(by))
    assert open_questions(workshop, batch, sample=True) == asked


def test_who_scanned_is_not_even_shown_what_is_held(workshop: Workshop) -> None:
    """At the terminal too, nothing is opened for the scanner's operator, and no look is logged."""
    batch = make_judged_batch(workshop, documents=2, worse=frozenset({1}))

    with pytest.raises(RejectedInput, match="inspector_scanned_it"):
        held(workshop, batch, Reader("scanner", "desk", "review"))
    assert list(workshop.archive.access.entries(CODE)) == []
    assert len(held(workshop, batch, Reader("kim", "desk", "review"))) == 1
