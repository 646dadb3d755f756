"""The completeness statement: what is here, what is not, and when "not found" may be said."""

import dataclasses
from pathlib import Path

import pytest

from pipeline.assembly import Workshop
from pipeline.completeness import completeness
from pipeline.reader import Reader
from quality.completeness import BoxState, Completeness, as_html, ranges
from records.errors import RejectedInput
from records.settings import Settings
from tests.unit.pipeline.judged_batch import CODE, make_judged_batch

CENTRE = Reader("centre", "127.0.0.1", "민원")
WHOLE = Completeness(CODE, "한빛내과의원", 1, (), (), 0, (BoxState("상자1", 10, 5, ("00001",)),))


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """An empty house."""
    return Workshop(Settings(home=str(tmp_path)))


def test_a_batch_is_counted_by_box(workshop: Workshop) -> None:
    """Pages, documents, held ones and charts stand under their box; an open batch is named."""
    batch = make_judged_batch(workshop, documents=12, worse=frozenset({3}))

    found = completeness(workshop, CODE, CENTRE)
    (box,) = found.boxes

    assert (box.box, box.pages, box.documents, box.held) == ("상자1", 25, 12, 1)
    assert "00003" not in box.charts_found
    assert len(box.charts_found) == 11
    assert found.unfinished == (batch,)
    assert not found.whole
    accesses = [leaf for leaf in workshop.archive.ledger.leaves() if leaf.kind == "access"]
    assert len(accesses) == 1


def test_another_institution_is_refused(workshop: Workshop) -> None:
    """An institution that has nothing here is unknown, not complete."""
    make_judged_batch(workshop, documents=2)

    with pytest.raises(RejectedInput, match="institution_unknown"):
        completeness(workshop, "39999999", CENTRE)


@pytest.mark.parametrize(
    "change",
    [
        {"batches": 0},
        {"unfinished": ("b-1",)},
        {"undeclared": ("b-1",)},
        {"sheets_open": 1},
        {"boxes": (BoxState("1", files_missing=1),)},
        {"boxes": (BoxState("1", damaged=1),)},
        {"boxes": (BoxState("1", held=1),)},
        {"boxes": (BoxState("1", rejected=1),)},
        {"boxes": (BoxState("1", charts_missing=("00002",)),)},
    ],
)
def test_one_open_end_forbids_the_answer(change: dict[str, object]) -> None:
    """Only where nothing is open may "no such record" be said; each single open end forbids it."""
    assert WHOLE.whole
    assert not dataclasses.replace(WHOLE, **change).whole  # type: ignore[arg-type]


def test_the_page_says_which(workshop: Workshop) -> None:
    """The printed statement says in both languages whether "not found" is a true answer."""
    yes = as_html(WHOLE, "2026-11-26")
    no = as_html(
        dataclasses.replace(WHOLE, boxes=(BoxState("<1>", charts_missing=("00002", "00003")),)),
        "2026-11-26",
    )

    assert "답할 수 있습니다" in yes
    assert "is a true answer" in yes
    assert "look at the following before answering" in no
    assert "00002–00003" in no
    assert "&lt;1&gt;" in no


def test_chart_ranges() -> None:
    """Numbers that follow each other are one range; length and letters tell charts apart."""
    assert ranges(["0003", "0001", "0002", "3", "A-7", "0009"]) == ("3", "0001–0003", "0009", "A-7")
    assert ranges([]) == ()
