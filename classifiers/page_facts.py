"""Everything one page says for itself, before its neighbours are asked."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from classifiers.entry_days import entry_days
from classifiers.fields.page_fields import page_fields
from classifiers.fields.readers import Setting
from classifiers.form import Form, FormLine, read_form
from classifiers.identity import Identity, identity_of
from classifiers.phrases import SignHit, find_signs
from classifiers.ruleset import load_page_marks
from classifiers.titles import TitleHit, find_titles
from records.values import Field, PageText

_SEPARATOR_LETTERS = 80
_COVER_WORDS = 2
_EDGE_LINES = 3
_NUMBER_OF = re.compile(
    r"(?:page|쪽|페이지|면|p\.?)?\s*[:.]?\s*\(?(\d{1,3})\s*(?:/|of|중)\s*(\d{1,3})\)?\s*"
    r"(?:page|쪽|페이지|면|매)?",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"[-–—]\s*(\d{1,3})\s*[-–—]|(?:page|페이지|p\.)\s*(\d{1,3})|(\d{1,3})\s*(?:쪽|페이지)",
    re.IGNORECASE,
)
# In a line of when the page was printed: "출력일시 : 2023-07-10 15:09 1 / 2 MR-488".
_NUMBER_IN_STAMP = re.compile(r"(?<![\d/.:-])(\d{1,3}) ?/ ?(\d{1,3})(?![\d/.:-])")
_MOST_PAGES = 500
_OF_A_PERSON = frozenset({"patient_name", "resident_number", "birth_date", "sex", "chart_no"})


@dataclass(frozen=True, slots=True)
class PageNumber:
    """What a page prints as its number; `of` is None where no total is printed."""

    number: int
    of: int | None


@dataclass(frozen=True, slots=True)
class PageFacts:
    """A page's own testimony; `aside` is blank | separator | duplicate for one of no document.

    `days`: of the entries of a record, from top to bottom.
    """

    form: Form
    aside: str | None
    titles: tuple[TitleHit, ...]
    signs: Mapping[str, tuple[SignHit, ...]]
    fields: Mapping[str, tuple[Field, ...]]
    unread: frozenset[str]
    identity: Identity
    number: PageNumber | None
    continued: bool
    continues: bool
    days: tuple[dt.date, ...]

    @property
    def page_id(self) -> str:
        """The page's id."""
        return self.form.page.page_id

    @property
    def asks_nobody(self) -> bool:
        """Whether no label asks whose this page is and nothing says it, as of a leaflet."""
        asked = {label.key for label in self.form.labels} | self.fields.keys()
        return asked.isdisjoint(_OF_A_PERSON)


def look(page: PageText, setting: Setting) -> PageFacts:
    """Gather what one page says."""
    form = read_form(page)
    found = page_fields(form, setting)
    marks = load_page_marks()
    edges = _edges(form)
    return PageFacts(
        form=form,
        aside=_aside(form),
        titles=find_titles(form),
        signs=find_signs(form),
        fields=found.fields,
        unread=found.unread,
        identity=identity_of(found.fields),
        number=_page_number(edges),
        continued=any(
            mark in line.letters for line in edges[0] for mark in marks["continued_from"]
        ),
        continues=any(line.letters in marks["continues"] for line in edges[1]),
        days=entry_days(form, setting),
    )


def _aside(form: Form) -> str | None:
    page = form.page
    if "duplicate" in page.flags:
        return "duplicate"
    if "separator" in page.flags:
        return "separator"
    if "blank" in page.flags or (not form.words and page.ink is None):
        return "blank"
    marks = load_page_marks()
    ends = (*marks["separator"], *marks["cover"])
    if len(form.letters) > _SEPARATOR_LETTERS:
        return None
    named = any(line.letters.endswith(ends) for line in form.lines)
    speaks = sum(word in form.letters for word in marks["cover_words"]) >= _COVER_WORDS
    return "separator" if named or speaks else None


def _edges(form: Form) -> tuple[tuple[FormLine, ...], tuple[FormLine, ...]]:
    said = tuple(line for line in form.lines if line.text)
    return said[:_EDGE_LINES], said[-_EDGE_LINES:]


def _page_number(edges: tuple[tuple[FormLine, ...], tuple[FormLine, ...]]) -> PageNumber | None:
    for line in (*edges[1][::-1], *edges[0]):
        if match := _NUMBER_OF.fullmatch(line.text.strip()):
            number, of = int(match[1]), int(match[2])
            if 1 <= number <= of <= _MOST_PAGES:
                return PageNumber(number, of)
        if match := _NUMBER.fullmatch(line.text.strip()):
            number = int(next(group for group in match.groups() if group))
            if 1 <= number <= _MOST_PAGES:
                return PageNumber(number, None)
        if number_in_stamp := _number_in_stamp(line):
            return number_in_stamp
    return None


def _number_in_stamp(line: FormLine) -> PageNumber | None:
    if not any(mark in line.letters for mark in load_page_marks()["print_stamp"]):
        return None
    found = [(int(number), int(of)) for number, of in _NUMBER_IN_STAMP.findall(line.text)]
    if len(found) != 1:
        return None
    number, of = found[0]
    return PageNumber(number, of) if 1 <= number <= of <= _MOST_PAGES else None
