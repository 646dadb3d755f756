"""Where one document ends and the next begins.

A change of patient always cuts. After that everything that the two pages say is weighed: printed
numbers, "continued", titles, heads and ends, tables, labels, days, whose they are.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from classifiers.boundary_signs import (
    Before,
    is_named,
    is_read_well,
    is_rest,
    signs_between,
)
from classifiers.identity import Comparison, compare
from classifiers.kind import judge
from classifiers.letters import compact
from classifiers.page_facts import PageFacts
from classifiers.ruleset import load_boundary_weights

_SURE = 0.99  # a sheet that somebody laid there, the end of the stack
_MOST = 0.99
_DOUBTED_PERSON = 0.65  # neither a cut nor a join is sure where names differ or are not read
_COPY = 0.9
_SILENT = 0.8  # a page with ink and no letter is no first page: marks, dust, unread handwriting
_REST = 0.9
_REST_LINES = 4  # the shortest leaflets have five
# What a paper's end may say besides: a page with a code, a period or an amount is a paper.
_OF_AN_END = frozenset({"patient_name", "resident_number", "birth_date", "sex", "chart_no",
                        "institution_name", "institution_code", "doctor", "licence_no",
                        "issue_date"})  # fmt: skip
_PLACE = "institution_name"
_CALL_WORDS = 4  # letters: 전화, 팩스
_BIAS = "bias"


@dataclass(frozen=True, slots=True)
class Group:
    """The pages of one document, and how sure its first and its last page are (0..1).

    `reasons`: `cut.…` why it begins, `join.…` why each further page belongs to it.
    """

    pages: tuple[PageFacts, ...]
    boundary_confidence: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Meeting:
    """What was decided where a page meets the document before it."""

    cuts: bool
    sure: float
    reason: str


@dataclass(frozen=True, slots=True)
class _Open:
    """The document that is being collected."""

    pages: tuple[PageFacts, ...]
    sure: float
    reasons: tuple[str, ...]
    before: Before

    def with_page(self, page: PageFacts, met: Meeting) -> "_Open":
        before = self.before
        return _Open(
            (*self.pages, page),
            min(self.sure, met.sure),
            (*self.reasons, met.reason),
            Before(before.first, page, before.identity.joined(page.identity), before.guess),
        )

    def closed(self, sure: float) -> Group:
        """The document, as sure as its least sure boundary."""
        return Group(self.pages, min(self.sure, sure), tuple(dict.fromkeys(self.reasons)))


def separate(
    pages: Iterable[PageFacts],
    suspected: Mapping[str, str] | None = None,
    refused: Collection[str] = (),
) -> tuple[tuple[Group, ...], Mapping[str, str]]:
    """Cut a stack into documents.

    Args:
        pages: in the order of the stack.
        suspected: pages that perhaps repeat one before them: they stay with it.
        refused: separator sheets that are not obeyed: they cut nothing.

    Returns:
        The documents' pages, in order, and the pages set aside with their class. A blank page or a
        duplicate does not cut; a separator does. Where a cut is unsure, so are the documents on
        both its sides.
    """
    groups: list[Group] = []
    aside: dict[str, str] = {}
    current: _Open | None = None
    separated = False
    for page in pages:
        if page.aside is not None:
            aside[page.page_id] = page.aside
            separates = page.aside == "separator" and page.page_id not in refused
            separated = separated or separates
            continue
        if current is None or separated:
            met = Meeting(True, _SURE, "cut.separator" if separated else "cut.stack")
        else:
            met = _meet(current, page, (suspected or {}).get(page.page_id))
        if current is not None and not met.cuts:
            current = current.with_page(page, met)
        else:
            if current is not None:
                groups.append(current.closed(met.sure))
            guess = judge(page.titles, [page.signs])
            before = Before(page, page, page.identity, guess)
            current = _Open((page,), met.sure, (met.reason,), before)
        separated = False
    if current is not None:
        groups.append(current.closed(_SURE))
    return tuple(groups), aside


def _meet(document: _Open, page: PageFacts, original: str | None) -> Meeting:
    """Decide whether a page begins a new document, how sure that is, and for what reason."""
    person = compare(document.before.identity, page.identity)
    if person.clear:
        return Meeting(True, person.sure, "cut.person")
    if original is not None and any(one.page_id == original for one in document.pages):
        return Meeting(False, _DOUBTED_PERSON if person.contradicts else _COPY, "join.copy")
    if not any(sign.isalnum() for sign in page.form.letters):
        return Meeting(False, _SILENT, "join.silent")
    if _ran_over(page, person):
        return Meeting(False, _REST, "join.rest")
    return weigh(document.before, page, person)


def _ran_over(page: PageFacts, person: Comparison) -> bool:
    """Whether a page without a title ran over: a head or a foot, or a paper's last words.

    Who is not named may be anybody, unless nothing but the institution stands there.
    """
    if is_named(page) or (page.number is not None and page.number.number == 1):
        return False
    if person.contradicts:
        return False
    few = sum(bool(line.letters) for line in page.form.lines) <= _REST_LINES
    if person.same is None:
        return few and _says_nothing_but_the_place(page)
    ended = few or (is_rest(page) and page.fields.keys() <= _OF_AN_END)
    return person.same is True and ended


def _says_nothing_but_the_place(page: PageFacts) -> bool:
    """Whether the institution's name and how to call it is all that stands there."""
    names = [compact(field.printed) for field in page.fields.get(_PLACE, ())]
    letters = page.form.letters
    for name in names:
        letters = letters.replace(name, "")
    left = sum("가" <= letter <= "힣" for letter in letters)
    return bool(names) and page.fields.keys() == {_PLACE} and left <= _CALL_WORDS


def _may_begin(page: PageFacts, person: Comparison) -> bool:
    """Whether a page has a title, and is read too badly to tell whose it is."""
    return person.same is None and is_named(page) and not is_read_well(page)


def weigh(before: Before, page: PageFacts, person: Comparison) -> Meeting:
    """Sum the weights of all signs; the strongest one for the decision is the reason."""
    weights = load_boundary_weights()
    signs = signs_between(before, page, person)
    total = weights[_BIAS] + sum(weights.get(sign, 0.0) for sign in signs)
    cuts = total > 0
    likely = 1 / (1 + math.exp(-abs(total)))
    doubted = person.same is False or person.contradicts or (not cuts and _may_begin(page, person))
    sure = min(likely, _DOUBTED_PERSON if doubted else _MOST)
    strongest = max(signs, key=lambda sign: weights.get(sign, 0.0) * (1 if cuts else -1))
    group = strongest.split(".", maxsplit=1)[0]
    return Meeting(cuts, sure, f"{'cut' if cuts else 'join'}.{group}")
