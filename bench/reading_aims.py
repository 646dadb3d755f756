"""What the benchmark of reading aims at, and whether a run reached it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.readers import TITLES, Run
from bench.reading_pages import LEVELS
from bench.reading_scores import Growth, ScoredPage, called_blank, figures, turned_right
from bench.text_measures import Count

LEAST_UPRIGHT = 0.995
LEAST_BLANKS = 0.99
FLAT_WITHIN = 0.05
_LONG = 100
_EXACT_LEVELS = ("mild", "medium")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of one way of reading.

    Attributes:
        errors: most character errors without spaces, by level.
        times_ocrmypdf: least pages a minute, OCRmyPDF's being 1.
        memory: most bytes of the largest process.
        exact: least share of exact values on mild and medium pages, by their name.
    """

    errors: Mapping[str, float]
    times_ocrmypdf: float
    memory: int
    exact: Mapping[str, float]


WANTED: Mapping[str, Wanted] = {
    "ours": Wanted(
        {"mild": 0.03, "medium": 0.06, "severe": 0.20},
        5.0,
        700 << 20,
        dict.fromkeys(("resident_number", "date", "disease_code"), 0.97),
    ),
    "our_tesseract": Wanted({"mild": 0.10, "medium": 0.18, "severe": 0.35}, 2.5, 500 << 20, {}),
}
"""Of ours as it is by default, and of ours with Tesseract as the recognizer."""


@dataclass(frozen=True, slots=True)
class Aim:
    """One aim and what was measured; `met` is None where this run does not measure it."""

    what: str
    aim: str
    measured: str
    met: bool | None


def judge_aims(
    scored: Mapping[str, Sequence[ScoredPage]],
    runs: Mapping[str, Run],
    blanks: Run | None,
    marked: Run | None,
    growth: Sequence[Growth],
) -> list[Aim]:
    """Return every aim with what was measured."""
    aims = [aim for reader in WANTED for aim in _reader_aims(reader, scored, runs)]
    aims.append(
        _share_aim("orientation right", turned_right(scored.get("ours", ())), LEAST_UPRIGHT)
    )
    found = called_blank(blanks) if blanks else Count(0, 0)
    aims.append(_share_aim("blank pages called blank", found, LEAST_BLANKS))
    aims.append(_marked_aim(marked))
    if growth:
        aims.append(_growth_aim(growth))
    return aims


def _reader_aims(
    reader: str, scored: Mapping[str, Sequence[ScoredPage]], runs: Mapping[str, Run]
) -> list[Aim]:
    wanted, pages = WANTED[reader], scored.get(reader, ())
    aims = [_error_aim(reader, level, pages, wanted.errors[level]) for level in LEVELS]
    likely = figures([page for page in pages if page.file.truth.level in _EXACT_LEVELS])
    for name, least in wanted.exact.items():
        what = f"{TITLES[reader]}: exact {name.replace('_', ' ')}s, mild and medium"
        aims.append(_share_aim(what, likely.exact.get(name, Count(0, 0)), least))
    aims.append(_speed_aim(reader, runs, wanted.times_ocrmypdf))
    aims.append(_memory_aim(reader, runs.get(reader), wanted.memory))
    return aims


def _error_aim(reader: str, level: str, pages: Sequence[ScoredPage], most: float) -> Aim:
    what = f"{TITLES[reader]}: character errors without spaces, {level}"
    of_level = figures([page for page in pages if page.file.truth.level == level])
    if of_level.errors is None or of_level.errors_spaced is None:
        return Aim(what, f"≤ {most:.2f}", "", None)
    measured = f"{of_level.errors:.3f} (with spaces {of_level.errors_spaced:.3f})"
    return Aim(what, f"≤ {most:.2f}", measured, of_level.errors <= most)


def _speed_aim(reader: str, runs: Mapping[str, Run], least: float) -> Aim:
    what, aim = f"{TITLES[reader]}: pages a minute, against OCRmyPDF", f"≥ {least:g} ×"
    if not {reader, "ocrmypdf"} <= runs.keys():
        return Aim(what, aim, "", None)
    times = runs[reader].pages_a_minute / runs["ocrmypdf"].pages_a_minute
    return Aim(what, aim, f"{times:.1f} ×", times >= least)


def _memory_aim(reader: str, run: Run | None, most: int) -> Aim:
    what, aim = f"{TITLES[reader]}: memory of the largest process", f"≤ {most >> 20} MiB"
    if run is None:
        return Aim(what, aim, "", None)
    return Aim(what, aim, f"{run.peak / 2**20:.0f} MiB", run.peak <= most)


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
