"""The report's sampling section and worst pages: what a steward reads, valid and accessible."""

import dataclasses
import itertools
import re

import pytest

from quality.balance import balance
from quality.check import check
from quality.report import ReportDocument, ReportInput, render
from quality.sampling.inspection_rules import load_inspection_rules
from quality.sampling.lot_result import Judgement
from quality.sampling.sample import draw
from quality.sampling.view import view_before_draw, view_of_sample
from tests.unit.quality.samples import BATCH, make_batch, make_document, make_page
from tests.unit.quality.sampling.test_lots import LOT, SEED
from tests.unit.quality.test_balance import SOUND
from tests.unit.quality.test_report import Outline


@pytest.fixture(scope="module")
def report() -> ReportInput:
    """A batch with two bad pages, before any sample."""
    bad = {"flags": ("cut_off", "out_of_focus"), "sharpness": 0.1}
    pages = [make_page("p-1", **bad), make_page("p-2", skew=9.0), make_page("p-3")]
    documents = [make_document(f"d-{n}", (f"p-{n}",)) for n in (1, 2, 3)]
    return ReportInput(
        batch=BATCH,
        institution="31234567",
        made_at="2026-11-22T14:30+09:00",
        sheet=balance(SOUND),
        quality=check(make_batch(), pages, documents, 0.8),
        documents=tuple(ReportDocument(d.id, d.type, 0.9, "accepted", d.pages) for d in documents),
        failures=(),
        hold_below=0.8,
        sampling=view_before_draw(900, load_inspection_rules()),
    )


def test_the_sentence_that_matters(report: ReportInput) -> None:
    """Before a draw the plans are there, with what they can do in both languages."""
    page = render(report)

    assert "표본을 아직 뽑지 않았습니다." in page
    assert "A batch with 2 % bad pages (18 of 900) would pass this plan in 79 of 100 cases" in page
    assert "나쁜 쪽이 2 %(900쪽 중 18쪽)인 배치는 100번 가운데 79번 통과합니다." in page
    assert page.count('<path class="curve') == 3


def test_a_judged_sample(report: ReportInput) -> None:
    """Result, bad pages by class, recall of the inspector and agreement are in the page."""
    rules = load_inspection_rules()
    sample = draw(LOT, "team", {}, SEED, rules)
    judgements = [
        Judgement(item.id, "kim", (item.known,) * bool(item.known)) for item in sample.items
    ]
    judgements.append(Judgement(sample.items[0].id, "lee", ("defect_turned",)))

    page = render(dataclasses.replace(report, sampling=view_of_sample(sample, judgements, rules)))

    assert "합격" in page
    assert re.search(r"<th scope=\"row\">kim</th>.*?\d / \d \(100%\)", page, re.DOTALL)
    assert "kim · lee" in page
    assert Outline(page).wrong == []
    still_open = view_of_sample(sample, judgements[:3], rules)
    assert (still_open.outcome, still_open.inspectors) == ("open", ())


def test_worst_pages_first(report: ReportInput) -> None:
    """Pages of accepted documents with findings are shown, the gravest first, sound ones not."""
    page = render(report)
    section = page[page.index('id="worst"') : page.index('id="sampling"')]

    assert section.index("p-1.webp") < section.index("p-2.webp")
    assert "p-3" not in section


def test_it_can_be_heard_as_well_as_seen(report: ReportInput) -> None:
    """Headings skip no level, header cells have a scope, pictures have words."""
    page = render(report)
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]

    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert re.findall(r"<th(?![^>]*scope=)[ >]", page) == []
    assert re.findall(r"<svg(?![^>]*role=\"img\" aria-label=)", page) == []
    assert re.findall(r"<img(?![^>]*alt=\")", page) == []
    assert set(re.findall(r"aria-labelledby=\"(\w+)\"", page)) <= set(
        re.findall(r" id=\"(\w+)\"", page)
    )


def test_a_batch_without_pages_has_no_section(report: ReportInput) -> None:
    """Where there is nothing to look at, nothing is said of sampling."""
    assert view_before_draw(0, load_inspection_rules()) is None
    assert 'id="sampling"' not in render(dataclasses.replace(report, sampling=None))
