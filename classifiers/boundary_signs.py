"""What speaks for a new document, or against one, where two pages meet.

Each sign is a fact about the page, the page before it, or both; how much it weighs is data
(`rules/boundaries.yaml`), fitted on pages that are kept for tuning.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz

from classifiers.entry_days import follow
from classifiers.fields.lab_tests import known_test
from classifiers.form import Form, FormLine
from classifiers.identity import Comparison, Identity
from classifiers.kind import KindGuess, judge
from classifiers.letters import compact
from classifiers.page_facts import PageFacts
from classifiers.ruleset import load_kinds, load_page_marks
from records.values import Field

_TITLE = 0.8
_READ_WELL = 0.7
_CLEAR_TITLE = 0.93
_TALL = 1.35
_HEAD = 0.25
_LETTERHEAD = 0.15
_FOOT = 0.55
_TITLE_LETTERS = (3, 30)
_SENTENCE_ENDS = ("다.", "오.", "요.", "함.", "음.")
_TOP_LINES = 8
_ROW_LETTERS = 8
_SAME_ROW = 88.0  # likeness 0..100 of two readings of one row of column titles
_SAME_LINES = (0.25, 0.6)
_ENDS_EARLY = 0.62
_FULL = 0.85
_SAME_PAPER = 0.04  # most difference of two pages' height to width
_MANY_IDENTITY = 3
_OPENING = 0.5  # the upper half: the head, and what only a first page asks, as of a first visit
_OPENING_LABELS = 4  # with fewer labels there a first page has nothing to be repeated
_REPEATED, _SHORTER = 0.7, 0.45  # share of those labels that come again
_REST_LINES = 8
_TESTS = 3  # of a laboratory's sheet; fewer tell nothing
_TESTS_AGAIN, _OTHER_TESTS = 0.5, 0.2  # share of a sheet's tests that stood before
_LAB = "lab_result"
_DAYS = ("visit_date", "issue_date", "admission_date", "exam_date", "surgery_date")
_IDENTITY = ("patient_name", "resident_number", "birth_date", "sex", "chart_no")


@dataclass(frozen=True, slots=True)
class Before:
    """The document that may go on: its first page, its last one, whose it is, what it is."""

    first: PageFacts
    last: PageFacts
    identity: Identity
    guess: KindGuess


def signs_between(before: Before, page: PageFacts, person: Comparison) -> tuple[str, ...]:
    """Return the ids of all signs that hold between a document and the page after it."""
    return (
        *_number(before.last, page),
        *_title(before, page),
        *_kind(before, page),
        *_head(page),
        *_opening(before, page),
        *_end(before.last),
        *_likeness(before, page),
        {True: "person.same", False: "person.other", None: "identity.unknown"}[person.same],
        *_day(before, page),
        *_entries(before, page),
        *_tests(before, page),
    )


def _number(last: PageFacts, page: PageFacts) -> Iterator[str]:
    """What the printed page numbers and "continued" say."""
    mine, theirs = page.number, last.number
    if mine is not None and mine.number == 1:
        yield "number.first"
    elif mine is not None and theirs is None:
        yield "number.later"
    elif mine is not None and theirs is not None:
        follows = mine.number == theirs.number + 1 and mine.of == theirs.of
        yield "number.next" if follows else "number.other"
    elif theirs is not None:
        is_last = theirs.of == theirs.number
        yield "number.last_before" if is_last else "number.missing"
    if page.continued or last.continues:
        yield "mark.continued"


def _title(before: Before, page: PageFacts) -> Iterator[str]:
    """Whether a title stands here: the document's own again, another, or the first one read."""
    if not is_named(page):
        yield "title.none"
        if _has_tall_head(page):
            yield "tall.line"
        return
    hit = page.titles[0]
    clear = "clear" if hit.likeness >= _CLEAR_TITLE else "faint"
    if _comes_again(before, page):
        yield f"title.same.{clear}.{_length(hit.kind)}"
    else:
        yield f"title.{'other' if is_named(before.first) else 'alone'}.{clear}"


def _comes_again(before: Before, page: PageFacts) -> bool:
    """Whether a page's title names the document's kind, or what its own title may be read as."""
    named = {hit.kind for hit in before.first.titles if hit.likeness >= _TITLE}
    return is_named(page) and page.titles[0].kind in {before.guess.kind, *named}


def _length(kind: str) -> str:
    rules = load_kinds().get(kind)
    return "many" if rules is not None and rules.pages == "many" else "one"


def _has_tall_head(page: PageFacts) -> bool:
    """Whether a line of the head is as tall as a title, read or misread.

    What announces a value or bears a figure is an entry, however large somebody wrote it; a
    sentence is none either.
    """
    least, most = _TITLE_LETTERS
    labelled = {page.form.line_of[label.start] for label in page.form.labels}
    return any(
        line.depth <= _HEAD
        and line.tallness >= _TALL
        and least <= len(line.letters) <= most
        and place not in labelled
        and not any(sign.isdigit() for sign in line.letters)
        and not line.text.rstrip().endswith(_SENTENCE_ENDS)
        for place, line in enumerate(page.form.lines)
    )


def _kind(before: Before, page: PageFacts) -> Iterator[str]:
    ours = before.guess.kind
    yield f"before.{_length(ours)}"
    alone = judge((), [page.signs])
    if not alone.evidence:
        yield "kind.silent"
    elif alone.kind == ours:
        yield "kind.same"
    else:
        yield "kind.beside" if ours in page.signs else "kind.other"


def _head(page: PageFacts) -> Iterator[str]:
    """What only first pages have at their head."""
    if any(_is_high(page, field) for field in page.fields.get("institution_name", ())):
        yield "head.letterhead"
    if any(hit.id.endswith(".form") for hits in page.signs.values() for hit in hits):
        yield "head.form_number"
    printed = [
        key
        for key in _IDENTITY
        if any("from_resident" not in field.rule for field in page.fields.get(key, ()))
    ]
    if len(printed) >= _MANY_IDENTITY:
        yield "head.full_identity"
    elif not printed:
        yield "head.no_identity"
        if not is_named(page) and not _has_tall_head(page):
            yield "head.bare"
            if is_rest(page):
                yield "head.closes"


def _opening(before: Before, page: PageFacts) -> Iterator[str]:
    """Whether the first page's opening comes again, or less of it below a title that does."""
    first, here = _opening_labels(before.first.form), _opening_labels(page.form)
    if len(first) < _OPENING_LABELS or not is_read_well(page):
        return
    share = len(first & here) / len(first)
    if share >= _REPEATED:
        yield "opening.repeated"
    elif share <= _SHORTER and _comes_again(before, page):
        yield "opening.shorter"


def _opening_labels(form: Form) -> frozenset[str]:
    """What is asked in the upper half of a page: fields, and other labels as they are spelled."""
    return frozenset(
        compact(form.text(range(label.start, label.end)))
        if label.key.startswith("_")
        else label.key
        for label in form.labels
        if form.lines[form.line_of[label.start]].depth <= _OPENING
    )


def is_rest(page: PageFacts) -> bool:
    """Whether a page is only a paper's end: the sentence of issue, the day, who signs."""
    said = [line for line in page.form.lines if line.letters]
    return len(said) <= _REST_LINES and any(_closes(line) for line in said)


def is_read_well(page: PageFacts) -> bool:
    """Whether what is not found on a page can be taken for not being there."""
    sure = page.form.page.confidence
    return sure is None or sure >= _READ_WELL


def is_named(page: PageFacts) -> bool:
    """Whether a page has a title, read surely enough to be one."""
    return bool(page.titles) and page.titles[0].likeness >= _TITLE


def _is_high(page: PageFacts, field: Field) -> bool:
    height = page.form.page.height
    return height > 0 and field.box is not None and field.box.y0 <= _LETTERHEAD * height


def _end(last: PageFacts) -> Iterator[str]:
    """How the page before ends: closed with signer or total, early, or full."""
    said = [line for line in last.form.lines if line.letters]
    if any(_closes(line) for line in said if line.depth >= _FOOT):
        yield "end.closed"
    placed = last.form.placed and bool(said)
    reach = max((line.depth for line in said[:-1]), default=0.0) if placed else _ENDS_EARLY
    if placed and reach < _ENDS_EARLY:
        yield "end.early"
    elif placed and reach > _FULL:
        yield "end.full"


def _closes(line: FormLine) -> bool:
    return any(mark in line.letters for mark in load_page_marks()["closing"])


def _likeness(before: Before, page: PageFacts) -> Iterator[str]:
    """Whether both pages are of one paper, share rows of column titles, and read alike."""
    ours, theirs = before.last.form, page.form
    if ours.page.width and theirs.page.width:
        shapes = [form.page.height / form.page.width for form in (ours, theirs)]
        if abs(shapes[0] - shapes[1]) > _SAME_PAPER * max(shapes):
            yield "paper.other"
    rows = [row for line in theirs.lines[:_TOP_LINES] if (row := _row(line))]
    kept = [row for line in (*before.first.form.lines, *ours.lines) if (row := _row(line))]
    if any(fuzz.ratio(mine, other) >= _SAME_ROW for mine in rows for other in kept):
        yield "table.continues"
    shared = _shared_words(before.last, page)
    low, high = _SAME_LINES
    yield "words.alike" if shared >= high else "words.some" if shared >= low else "words.few"


def _row(line: FormLine) -> str:
    """A line of words without figures, as a table's column titles are; else nothing."""
    letters = line.letters
    plain = len(letters) >= _ROW_LETTERS and not any(sign.isdigit() for sign in letters)
    return letters if plain and len(line.text.split()) >= 3 else ""


def _shared_words(last: PageFacts, page: PageFacts) -> float:
    """Share of the labels of the page with fewer of them that both pages have."""
    sets = [
        {compact(facts.form.text(range(label.start, label.end))) for label in facts.form.labels}
        for facts in (last, page)
    ]
    fewer = min(map(len, sets))
    return len(sets[0] & sets[1]) / fewer if fewer else 0.0


def _day(before: Before, page: PageFacts) -> Iterator[str]:
    """Whether labelled days agree or differ between the first page and this one."""
    for key in _DAYS:
        if key == "visit_date" and _length(before.guess.kind) == "many":
            continue  # a chart lists many visits: `_entries` looks at their order
        ours = {str(field.value) for field in before.first.fields.get(key, ())}
        theirs = {str(field.value) for field in page.fields.get(key, ())}
        if ours and theirs:
            yield "day.same" if ours & theirs else "day.other"
            return


def _entries(before: Before, page: PageFacts) -> Iterator[str]:
    """Whether the entries of a record go on where those of the page before end."""
    order = follow(before.last.days, page.days)
    if order is not None and _length(before.guess.kind) == "many":
        yield f"entries.{order}"


def _tests(before: Before, page: PageFacts) -> Iterator[str]:
    """Whether a laboratory's sheet names the tests of the one before again, or others."""
    if before.guess.kind != _LAB:
        return
    here, there = _tests_of(page.form), _tests_of(before.first.form) | _tests_of(before.last.form)
    if len(here) < _TESTS or len(there) < _TESTS:
        return
    share = len(here & there) / min(len(here), len(there))
    if share >= _TESTS_AGAIN:
        yield "tests.again"
    elif share <= _OTHER_TESTS:
        yield "tests.further"


def _tests_of(form: Form) -> frozenset[str]:
    """The laboratory tests that words of a page name."""
    words = {word for line in form.lines for word in line.text.split() if word[:1].isascii()}
    return frozenset(test for word in words if (test := known_test(word)) is not None)
