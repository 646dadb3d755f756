"""What a run was worth: each page against its truth, and what the benchmark aims at."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bench.readers import PageRead, Run
from bench.reading_pages import LEVELS, PageFile
from bench.text_measures import Count, TextScore, f1, score_text, total

ENOUGH_ERRORS = {"mild": 0.10, "medium": 0.18, "severe": 0.35}
TIMES_OCRMYPDF = 2.5
MOST_MEMORY = 500 * 1024 * 1024
LEAST_UPRIGHT = 0.995
LEAST_BLANKS = 0.99
FLAT_WITHIN = 0.05
_LONG = 100


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


@dataclass(frozen=True, slots=True)
class Aim:
    """One aim and what was measured; `met` is None where this run does not measure it."""

    what: str
    aim: str
    measured: str
    met: bool | None


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


def judge_aims(
    scored: Mapping[str, Sequence[ScoredPage]],
    runs: Mapping[str, Run],
    blanks: Run | None,
    marked: Run | None,
    growth: Sequence[Growth],
) -> list[Aim]:
    """Return every aim with what was measured."""
    ours = scored.get("ours", ())
    aims = [_error_aim(level, ours) for level in LEVELS]
    aims += [_speed_aim(runs), _memory_aim(runs.get("ours"))]
    aims.append(_share_aim("orientation right", turned_right(ours), LEAST_UPRIGHT))
    found = called_blank(blanks) if blanks else Count(0, 0)
    aims.append(_share_aim("blank pages called blank", found, LEAST_BLANKS))
    aims.append(_marked_aim(marked))
    if growth:
        aims.append(_growth_aim(growth))
    return aims


def _error_aim(level: str, ours: Sequence[ScoredPage]) -> Aim:
    of_level = figures([page for page in ours if page.file.truth.level == level])
    most = ENOUGH_ERRORS[level]
    if of_level.errors is None or of_level.errors_spaced is None:
        return Aim(f"character errors, {level}", f"≤ {most:.2f}", "", None)
    return Aim(
        f"character errors, {level}, without spaces",
        f"≤ {most:.2f}",
        f"{of_level.errors:.3f} (with spaces {of_level.errors_spaced:.3f})",
        of_level.errors <= most,
    )


def _speed_aim(runs: Mapping[str, Run]) -> Aim:
    what, aim = "pages a minute, against OCRmyPDF", f"≥ {TIMES_OCRMYPDF} ×"
    if not {"ours", "ocrmypdf"} <= runs.keys():
        return Aim(what, aim, "", None)
    times = runs["ours"].pages_a_minute / runs["ocrmypdf"].pages_a_minute
    return Aim(what, aim, f"{times:.1f} ×", times >= TIMES_OCRMYPDF)


def _memory_aim(ours: Run | None) -> Aim:
    what, aim = "memory of the largest process", f"≤ {MOST_MEMORY >> 20} MiB"
    if ours is None:
        return Aim(what, aim, "", None)
    return Aim(what, aim, f"{ours.peak / 2**20:.0f} MiB", ours.peak <= MOST_MEMORY)


def _share_aim(what: str, found: Count, least: float) -> Aim:
    aim = f"≥ {100 * least:g} %"
    if found.share is None:
        return Aim(what, aim, "", None)
    return Aim(what, aim, f"{found.hits} of {found.of}", found.share >= least)


def _marked_aim(marked: Run | None) -> Aim:
    what = "pages with one faint mark called blank"
    if marked is None:
        return Aim(what, "0", "", None)
    lost = called_blank(marked)
    unread = sum(page.failure is not None for page in marked.pages)
    beside = f", {unread} not read" if unread else ""
    return Aim(what, "0", f"{lost.hits} of {lost.of}{beside}", lost.hits == 0)


def _growth_aim(growth: Sequence[Growth]) -> Aim:
    # Two workers end their pages in any order: ten pages are known to one page, no better.
    long = [g for g in growth if g.pages >= _LONG] or growth
    apart = max(g.cpu_a_page for g in long) / min(g.cpu_a_page for g in long) - 1
    what = f"CPU seconds a page, {long[0].pages:,} and {long[-1].pages:,} pages, apart"
    return Aim(what, f"≤ {100 * FLAT_WITHIN:g} %", f"{100 * apart:.1f} %", apart <= FLAT_WITHIN)
