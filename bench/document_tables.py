"""The page of `make bench-documents`: aims, ways of cutting side by side, errors one by one."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.document_readings import ReadStack
from bench.document_scores import HOLD_BELOW, Mistake, Score
from bench.kind_tables import KindRun, kind_lines
from bench.kind_tables import table as _table
from bench.reading_aims import Aim
from bench.text_measures import Count

LEAST_F1 = 0.98
LEAST_WHOLE = 0.8
MOST_SECONDS = 0.3


_NOTES = (
    "- title keywords: a page whose upper third bears a title letter by letter begins a document; "
    "blank pages are those that the reader flags",
    "",
    "All stacks are of the makers' test part: no layout, font or seed of theirs was used for "
    "the weights (`bench/boundary_weights.py`).",
    "A stack is one clinic's papers, patient after patient, without separator sheets; with blank "
    "backs, sheets scanned twice, papers upside down, leaflets, and runs of one form over several "
    "patients (`bench/document_stacks.py`).",
    "A boundary stands before each page that begins a document, the first of a stack left out.",
    f"Held is a document with a boundary less sure than {HOLD_BELOW}; so both documents at an "
    "unsure boundary are.",
    "On true text every word is as printed, in its place: what is wrong there is wrong in the "
    "separation, the rest comes from reading.",
    "Nobody had looked at these pages before this run. Mistakes of earlier ones (below; six more "
    "stacks, seeds from 750501, were read only to be mended by) were counted by their causes, and "
    "rules were mended by cause: so the layouts and fonts are no longer ones whose mistakes nobody "
    "knows.",
    "In the unread stacks second scans are told, since their looks cannot be compared.",
    "A first run on other unread stacks (seeds from 750001) showed continuation pages that repeat "
    "their title cut off; no tuning layout repeats one, so tuning stacks were given repeated heads "
    "before these stacks were cut. Their seeds are new, their layouts are not.",
    "All were made, not scanned: they say how the ways of cutting compare, not how a strange "
    "clinic's box is cut.",
)
_EARLIER = (
    # seeds from, F1, stacks whole, accepted, codes and days of visit exact
    ("740001", "0.976", "", "101 of 129", "", ""),
    ("741001", "1.000", "", "149 of 188", "", ""),
    ("742001", "0.989", "", "140 of 183", "", ""),
    ("743001", "0.993", "3 of 5", "153 of 208", "67 of 67", "12 of 12"),
    ("744001", "1.000", "6 of 6", "180 of 224", "75 of 80", "16 of 17"),
    ("745001", "0.997", "5 of 6", "182 of 229", "85 of 88", "16 of 17"),
    ("746001", "1.000", "6 of 6", "208 of 247", "82 of 89", "30 of 33"),
    ("747001", "0.991", "3 of 6", "288 of 370", "119 of 122", "23 of 25"),
    ("748001", "0.991", "3 of 6", "297 of 375", "105 of 105", "33 of 35"),
    ("749001", "0.984", "1 of 6", "285 of 360", "111 of 112", "33 of 34"),
    ("751001", "1.000", "6 of 6", "330 of 394", "144 of 146", "36 of 37"),
    ("752001", "1.000", "6 of 6", "296 of 351", "124 of 126", "28 of 28"),
    ("753001", "1.000", "6 of 6", "316 of 360", "129 of 131", "30 of 31"),
)
"""The runs before this one, each on new seeds; their mistakes were mended afterwards."""


@dataclass(frozen=True, slots=True)
class Run:
    """Everything measured in one run; `unread` stacks are true text, without a scan.

    `singles`: documents read for themselves, for kinds and fields only.
    """

    read: Sequence[ReadStack]
    unread: Sequence[ReadStack]
    ours: Score
    keywords: Score
    ours_on_truth: Score
    ours_unread: Score
    keywords_unread: Score
    cpu_seconds_a_page: float
    engine: str
    kinds: KindRun | None = None
    singles: Sequence[ReadStack] = ()


def judge_aims(run: Run) -> list[Aim]:
    """Return every aim with what was measured on the stacks that were read."""
    if not run.read:
        return []
    ours = run.ours
    patients, whole = ours.patients, ours.whole
    return [
        Aim(
            "boundary F1",
            f"≥ {LEAST_F1}",
            _figure(ours.f1),
            None if ours.f1 is None else ours.f1 >= LEAST_F1,
        ),
        Aim(
            "patient changes found",
            "every one",
            f"{patients.hits} of {patients.of}",
            patients.hits == patients.of,
        ),
        Aim(
            "stacks without any error",
            f"≥ {100 * LEAST_WHOLE:g} %",
            f"{whole.hits} of {whole.of}",
            whole.hits >= LEAST_WHOLE * whole.of,
        ),
        Aim(
            "CPU seconds a page on top of reading",
            f"≤ {MOST_SECONDS}",
            f"{run.cpu_seconds_a_page:.3f}",
            run.cpu_seconds_a_page <= MOST_SECONDS,
        ),
    ]


def render_page(run: Run, aims: Sequence[Aim]) -> str:
    """Return the page as Markdown."""
    return "\n".join(_lines(run, aims)) + "\n"


def _lines(run: Run, aims: Sequence[Aim]) -> Iterator[str]:
    pages = sum(len(stack.pages) for stack in run.read)
    reading = sum(stack.cpu_seconds for stack in run.read) / max(pages, 1)
    yield "# Documents"
    yield ""
    yield (
        f'`make bench-documents ARGS="--stacks {len(run.read)} --unread {len(run.unread)} '
        f'--singles {len(run.singles)}"`: '
        f"{len(run.read)} stacks ({pages} pages) read from mild and medium scans, "
        f"{len(run.unread)} stacks ({sum(len(s.pages) for s in run.unread)} pages) of true text."
    )
    yield (
        f"Besides them {len(run.singles)} single documents "
        f"({sum(len(stack.pages) for stack in run.singles)} pages) for kinds and fields."
    )
    yield ""
    yield from _table(
        ["what", "aim", "measured", ""],
        [[a.what, a.aim, a.measured, "met" if a.met else "**missed**"] for a in aims],
    )
    yield f"- reading: engine {run.engine}, {reading:.2f} CPU seconds a page"
    yield from _NOTES
    yield ""
    yield from _table(
        ["earlier seeds from", "F1", "stacks whole", "accepted", "codes exact", "days exact"],
        [list(earlier) for earlier in _EARLIER],
    )
    if run.kinds is not None:
        stacks = sum(page.begins for stack in run.read for page in stack.pages)
        yield from kind_lines(
            run.kinds,
            f"{run.kinds.ours.documents} documents: {stacks} of the stacks and "
            f"{len(run.singles)} single ones.",
        )
    yield "## Ways of cutting"
    yield ""
    ways = {
        "ours, read": run.ours,
        "title keywords, read": run.keywords,
        "ours, same stacks, true text": run.ours_on_truth,
        "ours, unread stacks": run.ours_unread,
        "title keywords, unread stacks": run.keywords_unread,
    }
    yield from _table(
        ["", *ways],
        [
            ["boundary F1", *(_figure(way.f1) for way in ways.values())],
            ["boundaries found", *(str(way.found) for way in ways.values())],
            ["missed", *(str(way.missed) for way in ways.values())],
            ["false", *(str(way.false) for way in ways.values())],
            ["patient changes found", *(_of(way.patients) for way in ways.values())],
            ["stacks without any error", *(_of(way.whole) for way in ways.values())],
            [
                "stacks whose errors are all held",
                *(_of(way.whole_or_held) for way in ways.values()),
            ],
            ["documents held for their boundaries", *(_held(way) for way in ways.values())],
        ],
    )
    for title, found in (
        ("Errors, read", run.ours),
        ("Errors on true text of the same stacks", run.ours_on_truth),
        ("Errors in the unread stacks", run.ours_unread),
    ):
        yield f"## {title}"
        yield ""
        yield from _errors(found.mistakes)


def _errors(mistakes: Sequence[Mistake]) -> Iterator[str]:
    if not mistakes:
        yield "None."
        yield ""
        return
    counts = Counter((mistake.what, mistake.why or "none") for mistake in mistakes)
    yield ", ".join(f"{what} by `{why}` {count}" for (what, why), count in counts.most_common())
    yield ""
    yield from _table(
        ["stack", "page", "what", "the document before / this page", "reason given", "held"],
        [
            [
                str(m.seed),
                str(m.page),
                m.what + (", patient changes" if m.new_patient else ""),
                m.kinds,
                m.why,
                "held" if m.held else "**not held**",
            ]
            for m in mistakes
        ],
    )


def _figure(share: float | None) -> str:
    return "" if share is None else f"{share:.4f}"


def _of(count: Count) -> str:
    return f"{count.hits} of {count.of}"


def _held(way: Score) -> str:
    return f"{way.held} of {way.documents}" if way.documents else "never"
