"""Where one document ends and the next begins.

A change of patient always cuts. After that the page's own words decide, in this order: its printed
number, "continued", its title, and last how much it looks like what came before.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from classifiers.identity import Comparison, Identity, compare
from classifiers.kind import KindGuess, judge
from classifiers.page_facts import PageFacts
from classifiers.ruleset import load_kinds

_TITLE = 0.8
_CLEAR_TITLE = 0.93


@dataclass(frozen=True, slots=True)
class Group:
    """The pages of one document, and how sure the cut before the first is (0..1)."""

    pages: tuple[PageFacts, ...]
    boundary_confidence: float


@dataclass(frozen=True, slots=True)
class _Open:
    """The document that is being collected."""

    pages: tuple[PageFacts, ...]
    boundary_confidence: float
    identity: Identity
    guess: KindGuess

    @property
    def last(self) -> PageFacts:
        return self.pages[-1]

    def with_page(self, page: PageFacts, sure: float) -> "_Open":
        return _Open(
            (*self.pages, page),
            min(self.boundary_confidence, sure),
            self.identity.joined(page.identity),
            self.guess,
        )


def separate(pages: Iterable[PageFacts]) -> tuple[tuple[Group, ...], Mapping[str, str]]:
    """Cut a stack into documents.

    Returns:
        The documents' pages, in order, and the pages set aside with their class. A blank page or a
        duplicate does not cut; a separator does.
    """
    groups: list[Group] = []
    aside: dict[str, str] = {}
    current: _Open | None = None
    separated = True
    for page in pages:
        if page.aside is not None:
            aside[page.page_id] = page.aside
            separated = separated or page.aside == "separator"
            continue
        cuts, sure = (True, 0.99) if current is None or separated else _cuts(current, page)
        if current is not None and not cuts:
            current = current.with_page(page, sure)
        else:
            if current is not None:
                groups.append(Group(current.pages, current.boundary_confidence))
            current = _Open((page,), sure, page.identity, judge(page.titles, [page.signs]))
        separated = False
    if current is not None:
        groups.append(Group(current.pages, current.boundary_confidence))
    return tuple(groups), aside


def _cuts(document: _Open, page: PageFacts) -> tuple[bool, float]:
    """Whether a page begins a new document, and how sure that is."""
    person = compare(document.identity, page.identity)
    if person.same is False:
        return True, person.sure
    if (numbered := _by_number(document.last, page)) is not None:
        return numbered
    title = page.titles[0] if page.titles and page.titles[0].likeness >= _TITLE else None
    if (page.continued or document.last.continues) and (
        title is None or title.kind == document.guess.kind
    ):
        return False, 0.92
    if title is not None:
        return _by_title(document, page, title.kind, title.likeness)
    return _by_likeness(document, page, person)


def _by_number(last: PageFacts, page: PageFacts) -> tuple[bool, float] | None:
    """Judge by the printed page number: 1 begins, the next number of the same total continues."""
    if page.number is None:
        return None
    if page.number.number == 1:
        return True, 0.97
    if last.number is None:
        return None if page.titles else (False, 0.8)
    if page.number.of != last.number.of:
        return True, 0.7
    follows = page.number.number == last.number.number + 1
    return (False, 0.98) if follows else (False, 0.55)


def _by_title(document: _Open, page: PageFacts, kind: str, likeness: float) -> tuple[bool, float]:
    if kind != document.guess.kind:
        return True, 0.97 if likeness >= _CLEAR_TITLE else 0.85
    if not _runs_over_pages(kind):
        return True, 0.95
    days = _day(document.pages[0]), _day(page)
    if all(days) and days[0] == days[1]:
        return False, 0.6
    return True, 0.6


def _by_likeness(document: _Open, page: PageFacts, person: Comparison) -> tuple[bool, float]:
    """Without number, mark and title: does the page look like more of the same?"""
    guess = judge((), [page.signs])
    ours = document.guess.kind
    if guess.evidence and guess.kind != ours and ours not in page.signs:
        return True, 0.6
    if _runs_over_pages(ours):
        alike = person.same is True or ours in page.signs
        return False, 0.85 if alike else 0.65
    return True, 0.6 if page.signs else 0.5


def _runs_over_pages(kind: str) -> bool:
    rules = load_kinds().get(kind)
    return rules is not None and rules.pages == "many"


def _day(page: PageFacts) -> str | None:
    for key in ("visit_date", "issue_date", "admission_date"):
        if found := page.fields.get(key):
            return str(found[0].value)
    return None
