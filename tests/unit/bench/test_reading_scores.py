"""What the benchmark concludes from what its readers said."""

from pathlib import Path

import pytest

from bench.readers import PageRead, Run
from bench.reading_aims import judge_aims
from bench.reading_pages import PageFile
from bench.reading_scores import figures, growth_of, score_run
from records.values import Box
from tests.makers.truth import PageTruth, TruthLine, TruthWord

TRUTH = PageTruth(
    "prescription",
    (TruthLine((TruthWord("abcdefghij", Box(0, 0, 100, 10)),)),),
    {},
    None,
    level="mild",
    rotation=90,
)
FILES = [PageFile(Path("1.png"), "png", TRUTH)]
MIB = 1024 * 1024


def page(text: str = "", rotation: int | None = 90, cpu: float = 1.0, *flags: str) -> PageRead:
    return PageRead(text, None, rotation, flags, (), cpu, 100 * MIB)


def run(*pages: PageRead, reader: str = "ours", seconds: float = 60.0, peak: int = 100) -> Run:
    return Run(reader, pages, pages, seconds, pages[-1].cpu, peak * MIB)


def met(ours: Run, other: Run | None = None, marked: Run | None = None) -> dict[str, bool | None]:
    """Which aims were met; None where the run does not say."""
    runs = {"ours": ours, "our_tesseract": ours} | ({"ocrmypdf": other} if other else {})
    scored = {reader: score_run(FILES, one) for reader, one in runs.items()}
    aims = judge_aims(scored, runs, None, marked, ())
    return {aim.what: aim.met for aim in aims}


@pytest.mark.parametrize(("read", "expected"), [("abcdefghi", True), ("abcdefgh", False)])
def test_errors_are_held_against_the_aim_of_their_level(read: str, expected: bool) -> None:
    """One letter in ten is enough of Tesseract on mild pages, two are too many."""
    result = met(run(page(read)))

    assert result["ours, Tesseract alone: character errors without spaces, mild"] is expected
    assert result["ours: character errors without spaces, mild"] is False
    assert result["ours: character errors without spaces, severe"] is None


@pytest.mark.parametrize(("seconds", "expected"), [(150.0, True), (149.0, False)])
def test_speed_is_held_against_ocrmypdf(seconds: float, expected: bool) -> None:
    """Pages a minute are compared with those of OCRmyPDF in the same run."""
    result = met(run(page()), run(page(), reader="ocrmypdf", seconds=seconds))

    assert result["ours, Tesseract alone: pages a minute, against OCRmyPDF"] is expected


def test_turn_memory_and_lost_marks_are_held_against_their_aims() -> None:
    """A wrong turn, a large process and a marked page called blank each miss their aim."""
    good = met(run(page()), marked=run(page("", 0, 1.0)))
    bad = met(run(page(rotation=0), peak=501), marked=run(page("", 0, 1.0, "blank")))

    assert {name for name in good if good[name] and bad[name] is False} == {
        "orientation right",
        "ours, Tesseract alone: memory of the largest process",
        "pages with one faint mark called blank",
    }


def test_unread_pages_count_as_empty() -> None:
    """A page that was not read has every letter wrong."""
    scored = score_run(FILES, run(page("")))

    assert figures(scored).errors == 1.0


def test_growth_leaves_out_the_first_round() -> None:
    """Cost is counted from the end of the first round on: the start of the workers is not in it."""
    pages = [page(cpu=50 + place) for place in range(22)]

    (two, twenty) = growth_of(run(*pages), 2)

    assert (two.pages, two.cpu_a_page) == (2, 1.0)
    assert (twenty.pages, twenty.cpu_a_page) == (20, 1.0)
