"""What a run was worth: each page against its truth."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bench.readers import PageRead, Run
from bench.reading_pages import PageFile
from bench.text_measures import Count, TextScore, f1, score_text, total


@dataclass(frozen=True, slots=True)
class ScoredPage:
    """A page, what a reader made of it, and how far that is from what is printed."""

    file: PageFile
    read: PageRead
    score: TextScore


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares over some pages; errors and characters are added up before they are divided."""

    pages: int
    errors: float | None
    errors_spaced: float | None
    bag_errors: float | None
    words_found: float | None
    words_f1: float | None
    exact: Mapping[str, Count]


@dataclass(frozen=True, slots=True)
class Growth:
    """CPU seconds a page, and the largest process, over so many pages after the first few."""

    pages: int
    cpu_a_page: float
    peak: int


def score_run(files: Sequence[PageFile], run: Run) -> list[ScoredPage]:
    """Compare every page of a run with its truth; an unread page has no text."""
    return [
        ScoredPage(file, read, score_text(file.truth.text, read.text, file.truth.patient))
        for file, read in zip(files, run.pages, strict=True)
    ]


def figures(pages: Sequence[ScoredPage]) -> Figures:
    """Return the shares over pages."""
    scores = [page.score for page in pages]
    recall = total(score.words_found for score in scores).share
    names = scores[0].exact if scores else ()
    return Figures(
        pages=len(pages),
        errors=total(score.errors for score in scores).share,
        errors_spaced=total(score.errors_spaced for score in scores).share,
        bag_errors=total(score.bag_errors for score in scores).share,
        words_found=recall,
        words_f1=f1(recall, total(score.words_right for score in scores).share),
        exact={name: total(score.exact[name] for score in scores) for name in names},
    )


def turned_right(pages: Iterable[ScoredPage]) -> Count:
    """Count the pages whose turn was found."""
    return total(Count(int(p.read.rotation == p.file.truth.rotation), 1) for p in pages)


def called_blank(run: Run) -> Count:
    """Count the pages that were called blank."""
    return total(Count(int("blank" in page.flags), 1) for page in run.pages)


def growth_of(run: Run, round_pages: int) -> list[Growth]:
    """Return the cost of 10, 100, 1,000, … pages of a run that reads the same pages in rounds.

    The first round is left out: it holds the start of the workers.
    """
    start = run.in_turn[round_pages - 1]
    grown = []
    pages = round_pages
    while pages + round_pages <= len(run.in_turn):
        end = run.in_turn[pages + round_pages - 1]
        grown.append(Growth(pages, (end.cpu - start.cpu) / pages, end.peak))
        pages *= 10
    return grown
