"""The management page over a house: from summaries alone, true to the ledger, without a patient."""

from pathlib import Path

import pytest

from pipeline.assembly import Workshop
from pipeline.overview import overview_of, refresh_changed
from pipeline.reader import Reader
from pipeline.reports import refresh_report, report_path
from pipeline.reviewing import decide
from pipeline.sampling import draw_sample
from pipeline.summaries import summary_path
from quality.overview_page import render_overview
from records.errors import RejectedInput
from records.judgements import Decision
from records.settings import Settings
from tests.unit.pipeline.judged_batch import CODE, make_judged_batch
from tests.unit.quality.samples import NUMBER

KIM = Reader("kim", "127.0.0.1", "review")


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """An empty house."""
    return Workshop(Settings(home=str(tmp_path)))


def test_a_batch_is_told_by_its_newest_report(workshop: Workshop) -> None:
    """Counts come from the report; a decision made since is taken off, a later leaf is told of."""
    batch = make_judged_batch(workshop, documents=6, worse=frozenset({1, 2}))
    refresh_report(workshop, batch)
    before = overview_of(workshop)
    (held, _) = before.open[0].summary.held_documents
    decide(workshop, batch, Decision(held, "reject", "kim", "seen"), KIM)
    decided = overview_of(workshop)
    draw_sample(workshop, batch)
    lagging = overview_of(workshop)
    refreshed = refresh_changed(workshop)
    after = overview_of(workshop)

    assert (before.total.pages, before.total.documents, before.total.held) == (13, 6, 2)
    assert (before.open[0].summary.team, before.total.open) == ("team A", 1)
    assert decided.total.held == 1
    assert (lagging.changed, refreshed, after.changed) == (1, 1, 0)
    assert (after.total.held, after.total.rejected) == (1, 1)


def test_what_is_not_reported_yet_is_still_there(workshop: Workshop) -> None:
    """A batch without a summary, or with a spoilt one, is listed with what the vault knows."""
    batch = make_judged_batch(workshop, documents=2)
    fresh = overview_of(workshop).open[0].summary
    refresh_report(workshop, batch)
    summary_path(workshop, batch).write_text("[]", "utf-8")
    spoilt = overview_of(workshop).open[0].summary

    assert (fresh.batch, fresh.stage, fresh.pages, fresh.documents) == (batch, "checked", 5, 2)
    assert spoilt == fresh


def test_no_patient_on_either_page(workshop: Workshop) -> None:
    """Of the names, numbers and chart numbers in the vault none reaches report or overview."""
    batch = make_judged_batch(workshop, documents=3, worse=frozenset({0}))
    refresh_report(workshop, batch)
    pages = [
        report_path(workshop, batch).read_text("utf-8"),
        render_overview(overview_of(workshop), links=True),
        summary_path(workshop, batch).read_text("utf-8"),
    ]

    for page in pages:
        assert batch in page
        assert not [w for w in ("환자0000", NUMBER, NUMBER[:6], "00001", "남궁") if w in page]


def test_only_what_one_may_see(workshop: Workshop) -> None:
    """One institution's page holds its own batches; an unknown one is refused."""
    make_judged_batch(workshop, documents=2)

    assert overview_of(workshop, CODE).total.batches == 1
    with pytest.raises(RejectedInput, match="institution_unknown"):
        overview_of(workshop, "39999999")
