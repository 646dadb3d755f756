"""The page `docs/benchmarks/reading.md`: aims, readers side by side, where ours goes wrong."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence

from bench.calibration import Judged, expected_calibration_error, judge, reliability
from bench.peers import LANGUAGES
from bench.reader_process import WORKERS
from bench.readers import TITLES, Run
from bench.reading_aims import Aim
from bench.reading_pages import LEVELS, SEED, PageFile
from bench.reading_scores import Figures, Growth, ScoredPage, figures, turned_right
from bench.text_measures import Count

Scored = Mapping[str, Sequence[ScoredPage]]
_RULES = f"""\
Each reader takes the same files in turn, {WORKERS} worker processes each with one thread \
(`OMP_THREAD_LIMIT=1`); the peers read with `{LANGUAGES}`, ours with the models named above.
Character errors are edits a printed character over the whole page's text, so the order of reading \
counts; texts are compared as they are, letter case and all, without Unicode normalisation.
White space is left out, or any run of it is one space ("with spaces"); the aims are for errors \
without spaces.
"In any order" counts the characters missing or too many, whichever are more: errors that no other \
order could save.
Words are what stands between spaces, found as multisets.
Exact values are found by their pattern in the printed text, and as they are printed in the read \
text without spaces.
Tesseract alone does not turn pages.
CPU seconds hold all child processes and their start; memory is the kernel's peak of resident \
memory of the largest process (VmHWM of the living, ru_maxrss of the ended).
The pages are of the makers' test part (`tests/makers/parts.py`): no layout, font or seed of \
theirs was used while tuning, and the scan faults are drawn by other shares.
Their words are those of the tuning part, and all were made, not scanned: they say how the readers \
compare, not how a strange clinic's paper is read.
"""


def render_page(
    files: Sequence[PageFile],
    scored: Scored,
    runs: Mapping[str, Run],
    aims: Sequence[Aim],
    growth: Sequence[Growth],
    readers: Sequence[str],
) -> str:
    """Return the whole page as Markdown.

    Args:
        files: the pages with text.
        scored: each reader's pages, in the order of `files`.
        runs: each reader's run over them.
        aims: with what was measured.
        growth: empty where it was not measured.
        readers: a line on each reader, its version and flags.
    """
    turned = sum(file.truth.rotation != 0 for file in files)
    parts = [
        "# Reading pages\n",
        f"`make bench-reading`: {len(files)} pages ({turned} of them stored turned), "
        f"{', '.join(LEVELS)}, seed {SEED}, {len(os.sched_getaffinity(0))} cores.\n",
        _table(("what", "aim", "measured", ""), [_aim_row(aim) for aim in aims]),
        "\n".join(f"- {line}" for line in readers) + "\n",
        _RULES,
        "## Readers\n",
        _readers_table(scored, runs),
        "## By level\n",
        "Character errors without spaces (with spaces).\n",
        _by_reader(scored, _levels(files)),
        "## By kind\n",
        "Character errors without spaces (with spaces).\n",
        _by_reader(scored, _groups(files, lambda file: (file.truth.kind,))),
    ]
    if ours := scored.get("ours"):
        parts += _ours(ours)
    if growth:
        rows = [
            (f"{g.pages:,}", f"{g.cpu_a_page:.2f}", f"{g.peak / 2**20:.0f} MiB") for g in growth
        ]
        parts += [
            "## Growth\n",
            "Ours over the same ten pages again and again, after a first round.\n",
            _table(("pages", "CPU seconds a page", "largest process"), rows),
        ]
    return "\n".join(parts)


def _aim_row(aim: Aim) -> tuple[str, ...]:
    mark = {True: "met", False: "**missed**", None: "not measured"}[aim.met]
    return aim.what, aim.aim, aim.measured, mark


def _readers_table(scored: Scored, runs: Mapping[str, Run]) -> str:
    all_figures = {reader: figures(pages) for reader, pages in scored.items()}
    exact = next(iter(all_figures.values())).exact
    rows: list[tuple[str, Callable[[str], str]]] = [
        ("character errors, without spaces", lambda r: _share(all_figures[r].errors)),
        ("character errors, with spaces", lambda r: _share(all_figures[r].errors_spaced)),
        ("character errors, in any order", lambda r: _share(all_figures[r].bag_errors)),
        ("words found", lambda r: _share(all_figures[r].words_found)),
        ("words, F1", lambda r: _share(all_figures[r].words_f1)),
        *(
            (f"exact: {name.replace('_', ' ')} ({count.of})", _exact(all_figures, name))
            for name, count in exact.items()
        ),
        ("pages a minute", lambda r: f"{runs[r].pages_a_minute:.1f}"),
        ("CPU seconds a page", lambda r: f"{runs[r].cpu / len(runs[r].pages):.2f}"),
        ("largest process", lambda r: f"{runs[r].peak / 2**20:.0f} MiB"),
        ("orientation right", lambda r: _orientation(scored[r])),
        ("pages not read", lambda r: str(sum(p.read.failure is not None for p in scored[r]))),
    ]
    return _table(
        ("", *(TITLES[reader] for reader in scored)),
        [(name, *(cell(reader) for reader in scored)) for name, cell in rows],
    )


def _exact(all_figures: Mapping[str, Figures], name: str) -> Callable[[str], str]:
    return lambda reader: _share(all_figures[reader].exact[name].share)


def _orientation(pages: Sequence[ScoredPage]) -> str:
    if all(page.read.rotation is None for page in pages):
        return "does not say"
    found = turned_right(pages)
    return f"{found.hits} of {found.of}"


def _by_reader(scored: Scored, groups: Mapping[str, Sequence[int]]) -> str:
    rows = []
    for name, places in groups.items():
        shares = [figures([pages[place] for place in places]) for pages in scored.values()]
        cells = [f"{_share(f.errors)} ({_share(f.errors_spaced)})" for f in shares]
        rows.append((name, str(len(places)), *cells))
    return _table(("", "pages", *(TITLES[reader] for reader in scored)), rows)


def _levels(files: Sequence[PageFile]) -> dict[str, list[int]]:
    """Return the places of each level's pages, and of those stored upright and turned."""
    by_level = _groups(files, lambda file: (file.truth.level,))
    by_turn = _groups(
        files, lambda file: ("stored turned",) if file.truth.rotation else ("upright",)
    )
    return {level: by_level[level] for level in LEVELS if level in by_level} | by_turn


def _groups(
    files: Sequence[PageFile], names_of: Callable[[PageFile], Iterable[str]]
) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = {}
    for place, file in enumerate(files):
        for name in names_of(file):
            groups.setdefault(name, []).append(place)
    return dict(sorted(groups.items()))


def _ours(pages: Sequence[ScoredPage]) -> list[str]:
    files = [page.file for page in pages]
    judged = [
        one
        for page in pages
        for one in judge(page.file.truth, page.read.rotation or 0, page.read.words)
    ]
    return [
        "## Ours by fault\n",
        "A page stands under each of its faults, so causes mix; turns count as faults.\n",
        _figures_table(pages, _groups(files, lambda file: file.truth.faults)),
        "## Ours by layout and file\n",
        _figures_table(
            pages,
            _groups(files, lambda file: (f"layout {file.truth.layout}", f"file {file.form}")),
        ),
        "## Our confidence\n",
        *_confidence(judged),
    ]


def _figures_table(pages: Sequence[ScoredPage], groups: Mapping[str, Sequence[int]]) -> str:
    rows = []
    for name, places in groups.items():
        of = figures([pages[place] for place in places])
        shares = (of.errors, of.errors_spaced, of.bag_errors, of.words_found)
        rows.append((name, str(of.pages), *(_share(share) for share in shares)))
    header = ("", "pages", "errors", "with spaces", "in any order", "words found")
    return _table(header, rows)


def _confidence(judged: Sequence[Judged]) -> list[str]:
    bins = reliability(judged)
    error = expected_calibration_error(bins)
    rows = [
        (f"{b.low:.1f}–{b.low + 0.1:.1f}", str(b.words), f"{b.confidence:.3f}", f"{b.right:.3f}")
        for b in bins
    ]
    return [
        "A read word is right if it equals the printed words that lie by half or more in its box, "
        "or, where there are none, is a piece of the printed word that its own box lies in; "
        "spaces do not count.\n",
        f"{len(judged)} words, expected calibration error {_share(error)}.\n",
        _table(("confidence", "words", "mean confidence", "right"), rows),
    ]


def _share(share: float | Count | None) -> str:
    value = share.share if isinstance(share, Count) else share
    return "" if value is None else f"{value:.3f}"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
