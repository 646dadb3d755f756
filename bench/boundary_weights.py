"""`python -m bench.boundary_weights`: fits `classifiers/rules/boundaries.yaml` on tuning stacks.

Each sign starts from a weight that the field suggests (`_BELIEVED`), with a standard deviation of
`_SPREAD`, and is moved by what made stacks show: read as printed, with letters lost, and as our
reader reads them; among them stacks of charts and results, two of a kind behind each other. Few
layouts of the tuning part repeat their title on further pages, as EMRs and cards do; so in every
other stack half of the longer documents are given such titles, or the whole head.
"""

import argparse
import random
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from importlib import resources
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.chart_stacks import chart_stack
from bench.document_readings import ReadPage, ReadStack, clean_stack, read_stack
from classifiers.boundary_signs import Before, signs_between
from classifiers.identity import compare
from classifiers.kind import judge
from classifiers.page_facts import look
from classifiers.ruleset import load_boundary_weights
from classifiers.stack import setting_of
from ocr.engine import make_engine
from records.settings import Settings
from records.values import Line, PageText, Word

_SPREAD = 0.8
# What the makers' papers show more often than a clinic's: they leave much of their one page empty,
# and no hand writes large on them.
_NARROW = {"end.early": 0.4, "end.full": 0.4, "paper.other": 0.5, "tall.line": 0.4}
_FIXED = 1e-4
_REPEATS = 0.5  # share of the longer documents of a stack that repeat something
_WHOLE = 0.35  # of those: the whole head, not the title alone
_TOP = 0.2
_LOST = (0.02, 0.05, 0.10, 0.20, 0.35)
_LETTERS = "가나다라마바사아자차카타파하이고기니리미비시지어여오요우유으0123456789.-,:"
_BELIEVED = {
    "bias": 0.5,
    "number.first": 4.5,
    "number.next": -3.5,
    "number.later": -2.0,
    "number.other": 0.3,
    "number.missing": -0.5,
    "number.last_before": 1.0,
    "mark.continued": -3.0,
    "title.other.clear": 2.5,
    "title.other.faint": 1.2,
    "title.alone.clear": 1.2,
    "title.alone.faint": 0.6,
    "title.same.clear.one": 2.0,
    "title.same.faint.one": 1.0,
    "title.same.clear.many": 0.5,
    "title.same.faint.many": 0.2,
    "title.none": -1.0,
    "tall.line": 1.5,
    "before.one": 0.7,
    "before.many": -0.7,
    "kind.same": 0.0,
    "kind.beside": 0.0,
    "kind.other": 0.6,
    "kind.silent": -0.3,
    "head.letterhead": 0.4,
    "head.form_number": 1.5,
    "opening.repeated": 1.5,
    "opening.shorter": -1.5,
    "head.full_identity": 0.8,
    "head.no_identity": -0.5,
    "head.bare": -2.0,
    "head.closes": -1.5,
    "end.closed": 0.5,
    "end.early": 0.7,
    "end.full": -0.5,
    "paper.other": 1.2,
    "table.continues": -1.0,
    "words.alike": -0.5,
    "words.some": 0.0,
    "words.few": 0.5,
    "person.same": -0.3,
    "identity.unknown": 0.0,
    "person.other": 2.5,
    "day.same": -0.5,
    "day.other": 0.5,
    "entries.go_on": -1.5,
    "entries.later": 0.3,
    "entries.back": 1.0,
    "tests.again": 4.0,  # a sheet names a test once
    "tests.further": -0.5,
}
_HEAD = """\
# How much each sign (classifiers/boundary_signs.py) speaks for a new document, in log-odds; they
# are summed. Fitted by bench/boundary_weights.py on pages of the makers' tuning part: do not edit.
"""
Row = tuple[tuple[str, ...], bool]


def main() -> int:
    """Fit the weights and write the rules."""
    parser = argparse.ArgumentParser(prog="python -m bench.boundary_weights")
    parser.add_argument("--clean", default="100-123", help="seeds of unread stacks; %(default)s")
    parser.add_argument("--charts", default="100-123", help="seeds of charts; %(default)s")
    parser.add_argument("--read", default="1", help="seeds of stacks to be read; %(default)s")
    parser.add_argument("--keep", type=Path, help="keep readings here, take them from here")
    parser.add_argument("--only", nargs="*", help="signs to be moved; the others stay as they are")
    options = parser.parse_args()
    rows: list[Row] = []
    for stack in (
        *(clean_stack(seed, "tuning") for seed in _seeds(options.clean)),
        *(chart_stack(seed) for seed in _seeds(options.charts)),
    ):
        printed = with_heads(stack) if stack.seed % 2 else stack
        rows += meetings(printed)
        rows += meetings(_garbled(printed))
    settings = Settings()
    engine = make_engine(settings.ocr_engine, settings.ocr_languages)
    for seed in filter(None, options.read.split(",")):
        rows += 2 * list(meetings(read_stack(int(seed), "tuning", engine, options.keep)))
    weights = fit(rows, options.only)
    text = _HEAD + "".join(f"{sign}: {weight:.2f}\n" for sign, weight in weights.items())
    file = resources.files("classifiers").joinpath("rules", "boundaries.yaml")
    Path(str(file)).write_text(text, "utf-8")
    sys.stdout.write(text)
    return 0


def _seeds(span: str) -> range:
    low, high = map(int, span.split("-"))
    return range(low, high + 1)


def meetings(stack: ReadStack) -> Iterator[Row]:
    """Yield the signs between each page and the true document before it, and whether it begins.

    Where the patient surely changes nothing is weighed, and so nothing is learned.
    """
    setting = setting_of(stack.institution)
    before: Before | None = None
    for page in stack.pages:
        facts = look(page.text, setting)
        if page.aside or facts.aside is not None:
            continue
        if before is not None:
            person = compare(before.identity, facts.identity)
            if not person.clear:
                yield signs_between(before, facts, person), page.begins
        if before is None or page.begins:
            guess = judge(facts.titles, [facts.signs])
            before = Before(facts, facts, facts.identity, guess)
        else:
            identity = before.identity.joined(facts.identity)
            before = Before(before.first, facts, identity, before.guess)


def fit(rows: Sequence[Row], only: Collection[str] | None = None) -> dict[str, float]:
    """Return the most likely weights by Newton's method, given what is believed beforehand.

    `only`: signs that are moved; all others stay as the rules have them.
    """
    names = tuple(_BELIEVED)
    place = {name: number for number, name in enumerate(names)}
    signs = np.zeros((len(rows), len(names)))
    signs[:, place["bias"]] = 1
    begins = np.array([begin for _, begin in rows], np.float64)
    for row, (held, _) in enumerate(rows):
        signs[row, [place[sign] for sign in held]] = 1
    kept = (
        {} if only is None else {k: v for k, v in load_boundary_weights().items() if k not in only}
    )
    believed: npt.NDArray[np.float64] = np.array([{**_BELIEVED, **kept}[name] for name in names])
    spread = {name: _FIXED if name in kept else _NARROW.get(name, _SPREAD) for name in names}
    hold = np.array([spread[name] ** -2.0 for name in names])
    weights = believed.copy()
    for _ in range(40):
        likely = 1 / (1 + np.exp(-signs @ weights))
        slope = signs.T @ (likely - begins) + hold * (weights - believed)
        bend = (signs * (likely * (1 - likely))[:, None]).T @ signs + np.diag(hold)
        weights = weights - np.linalg.solve(bend, slope)
    return dict(zip(names, map(float, weights), strict=True))


def with_heads(stack: ReadStack) -> ReadStack:
    """Return a stack in which half of the longer documents repeat title or head on each page."""
    rng = random.Random(f"heads {stack.seed}")
    setting = setting_of(stack.institution)
    pages: list[ReadPage] = []
    head: tuple[Line, ...] = ()
    for given in stack.pages:
        page = given
        if page.begins:
            chance = rng.random()
            head = ()
            if page.truth.pages > 1 and chance < _REPEATS:
                facts = look(page.text, setting)
                titled = {facts.titles[0].line} if facts.titles else set()
                whole = chance < _REPEATS * _WHOLE
                head = tuple(
                    line
                    for place, line in enumerate(page.text.lines)
                    if place in titled or (whole and facts.form.lines[place].depth <= _TOP)
                )
        elif not page.aside and head:
            page = replace(page, text=replace(page.text, lines=head + page.text.lines))
        pages.append(page)
    return replace(stack, pages=tuple(pages))


def _garbled(stack: ReadStack) -> ReadStack:
    """Return a stack whose pages have lost letters, each page its own share of them."""
    rng = random.Random(stack.seed)
    return replace(stack, pages=tuple(_page(page, rng) for page in stack.pages))


def _page(page: ReadPage, rng: random.Random) -> ReadPage:
    share = rng.choice(_LOST)
    lines = tuple(
        Line(words) for line in page.text.lines if (words := tuple(_words(line.words, share, rng)))
    )
    text: PageText = replace(page.text, lines=lines, confidence=1 - share)
    return replace(page, text=text)


def _words(words: Iterable[Word], share: float, rng: random.Random) -> Iterator[Word]:
    for word in words:
        letters = "".join(
            rng.choice(_LETTERS) * (rng.random() < 0.7) if rng.random() < share else letter
            for letter in word.text
        )
        if letters and rng.random() >= share / 2:
            sure = min(max(1 - 1.5 * share + rng.uniform(-0.1, 0.1), 0.05), 0.99)
            yield Word(letters, word.box, sure)


if __name__ == "__main__":
    sys.exit(main())
