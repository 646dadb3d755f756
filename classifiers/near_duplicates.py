"""Pages that are another scan of a page before them: sure, or only suspected.

A page is set aside only where nothing speaks against it; a suspicion is for a person. Unreadable
pages and blank ones are compared with none, and two forms that differ in one figure are two forms.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel, LCSseq

from classifiers.identity import compare
from classifiers.page_facts import PageFacts
from records.values import Field, PageText

_DIGITS_OF_LOOK = 48  # hexadecimal digits of `PageText.look` that tell how ink is spread
_COLOUR_SIDE = 8  # the other bits: a grid of cells with coloured ink
_SAME_LOOK = 34  # of 192 bits; see docs/adr/0011 for what was measured
_SAME_LETTERS = 92.0  # likeness 0..100 of two readings of one sheet
_ALIKE_LETTERS = 86.0
_BADLY_READ_LETTERS = 80.0  # where one reading is not clear: then it is the figures that tell
_FEWEST_LETTERS = 80
_FEWEST_DIGITS = 12
_READABLE = 0.6
_FIGURES_READABLE = 0.45  # where dozens of figures agree
_WELL_READ = 0.7
_CLEARLY_READ = 0.8
_ALIKE_DIGITS = 0.88  # likeness 0..1 of the digits of two readings of one sheet
_SAME_DATES = 0.5  # share of the dates of both pages that both have
_TRUSTED = 0.5  # confidence of a field that is believed against another
_DECIDING = (
    "visit_date",
    "issue_date",
    "admission_date",
    "discharge_date",
    "birth_date",
    "resident_number",
    "chart_no",
    "total_amount",
    "patient_amount",
)
_SAME_SHEET_DIGITS = 0.96  # of two pages one behind the other, whatever their look
_LEFT_DIGITS = 0.88  # of a sheet's digits where a scan cut off a margin or lost a box
_SHEET_DIGITS = 40  # digits that no two papers of one patient share by chance
_WINDOW = 120  # pages back that are compared by their look
_SAME_FIGURES = 24  # pages with the same figures that are compared, however far back
_FAULTS = frozenset({"cut_off", "out_of_focus", "low_resolution", "faded", "dark", "handwriting"})
_DIGIT = re.compile(r"\d")
# "(7)" or "7." before a line's label: where a margin was cut off, one of two scans lacks it.
_ORDINAL = re.compile(r"^\W{0,2}\d{1,2}[.)]\W{0,2}(?=[^\W\d])", re.MULTILINE)
_DATE = re.compile(r"((?:19|20)\d{2})\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Copies:
    """Page id of a copy → page id of the page before it: `sure` ones, and suspected ones."""

    sure: Mapping[str, str] = field(default_factory=dict)
    suspected: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Print:
    """What of a page is compared; `figures` are the digits but for those that count lines."""

    facts: PageFacts
    spread: int
    coloured: frozenset[tuple[int, int]]
    letters: str
    digits: str
    figures: str
    dates: frozenset[tuple[int, ...]]

    @property
    def page(self) -> PageText:
        return self.facts.form.page


def find_copies(pages: Sequence[PageFacts]) -> Copies:
    """Find the pages of a stack that repeat one before them.

    Each page is compared with those of the same figures and with the last 120 of a like look, so
    that the cost grows with the number of pages and no faster.
    """
    sure: dict[str, str] = {}
    suspected: dict[str, str] = {}
    recent: list[_Print] = []
    same_digits: dict[str, list[_Print]] = defaultdict(list)
    prints = [_print_of(facts) for facts in pages]
    places = {facts.page_id: place for place, facts in enumerate(pages)}
    for place, new in enumerate(prints):
        if new is None:
            continue
        id_ = new.facts.page_id
        near = [old for old in recent[-_WINDOW:] if _look_alike(old, new)]
        far = [old for old in same_digits[new.digits] if _look_alike(old, new)]
        original = next((old for old in (*far, *near) if _surely_same(old, new)), None)
        if original is not None:
            sure[id_] = original.facts.page_id
            continue
        before = pages[place - 1].page_id if place else ""
        copied = sure.get(before, suspected.get(before))
        following = None if copied is None else prints[places[copied] + 1]
        likely = next((old for old in reversed(near) if _perhaps_same(old, new)), None)
        if likely is None and following is not None and _perhaps_next(following, new):
            likely = following
        if likely is None and recent and _repeats(recent[-1], new):
            likely = recent[-1]
        if likely is not None:
            suspected[id_] = likely.facts.page_id
        recent.append(new)
        same_digits[new.digits] = [*same_digits[new.digits][1 - _SAME_FIGURES :], new]
    return Copies(sure, suspected)


def _print_of(facts: PageFacts) -> _Print | None:
    """Return what is compared of a page; None of one that says too little of itself."""
    page = facts.form.page
    letters = facts.form.letters
    unread = not _is_read(page, _FIGURES_READABLE)
    if facts.aside is not None or not page.look or unread or len(letters) < _FEWEST_LETTERS:
        return None
    return _Print(
        facts=facts,
        spread=int(page.look[:_DIGITS_OF_LOOK], 16),
        coloured=_cells(int(page.look[_DIGITS_OF_LOOK:], 16)),
        letters=letters,
        digits="".join(_DIGIT.findall(page.text)),
        figures="".join(_DIGIT.findall(_ORDINAL.sub("", page.text))),
        dates=frozenset(
            tuple(int(part) for part in match.groups()) for match in _DATE.finditer(page.text)
        ),
    )


def _cells(bits: int) -> frozenset[tuple[int, int]]:
    side = _COLOUR_SIDE
    return frozenset(divmod(place, side) for place in range(side * side) if bits >> place & 1)


def _look_alike(old: _Print, new: _Print) -> bool:
    return (old.spread ^ new.spread).bit_count() <= _SAME_LOOK


def _surely_same(old: _Print, new: _Print) -> bool:
    """Tell whether two pages are certainly two scans of one sheet.

    Both are read well, without faults of the scan and without handwriting; both name the patient,
    the same; every digit is the same, a dozen at least; the letters are alike; coloured ink
    (seals, stamps, pens) is in the same places.
    """
    return (
        all(
            _is_read(one.page, _WELL_READ) and not _FAULTS & {*one.page.flags} for one in (old, new)
        )
        and old.digits == new.digits
        and len(new.digits) >= _FEWEST_DIGITS
        and compare(old.facts.identity, new.facts.identity).same is True
        and _coloured_alike(old.coloured, new.coloured)
        and fuzz.ratio(old.letters, new.letters) >= _SAME_LETTERS
    )


def _is_read(page: PageText, least: float) -> bool:
    return page.confidence is None or page.confidence >= least


def _perhaps_same(old: _Print, new: _Print) -> bool:
    """Tell whether two pages of one look that name one patient may be one sheet, a bit misread."""
    same = compare(old.facts.identity, new.facts.identity).same is True
    return same and _are_readable(old, new) and _alike(old, new)


def _perhaps_next(old: _Print, new: _Print) -> bool:
    """Tell whether two pages that name nobody may be one, the pages before them being one."""
    unnamed = compare(old.facts.identity, new.facts.identity).same is None
    return (
        unnamed
        and old is not new
        and _are_readable(old, new)
        and _look_alike(old, new)
        and _alike(old, new)
    )


def _are_readable(old: _Print, new: _Print) -> bool:
    return all(_is_read(one.page, _READABLE) for one in (old, new))


def _repeats(last: _Print, new: _Print) -> bool:
    """Tell whether a page is perhaps another scan of the one compared before it."""
    return _perhaps_scanned_again(last, new) or _perhaps_one_leaflet(last, new)


def _perhaps_one_leaflet(old: _Print, new: _Print) -> bool:
    """Tell whether two pages that ask for nobody's name say the same, every figure of it.

    Two forms that are filled in by hand read alike as well: they have labels that ask whose they
    are. A look that differs, as of a scan that was cut off or folded, asks for more letters alike.
    """
    letters = _ALIKE_LETTERS if _look_alike(old, new) else _SAME_LETTERS
    return (
        all(_asks_nobody(one) and _is_read(one.page, _WELL_READ) for one in (old, new))
        and old.figures == new.figures
        and _alike(old, new, letters)
    )


def _asks_nobody(one: _Print) -> bool:
    return one.facts.asks_nobody and "handwriting" not in one.page.flags


def _perhaps_scanned_again(old: _Print, new: _Print) -> bool:
    """Tell whether a page says what the one before it says, dozens of figures, all but a stroke.

    Their look may differ: a scan that was not set straight looks like none before it. Where neither
    names the patient, the look must agree.
    """
    person = compare(old.facts.identity, new.facts.identity)
    same = person.same is True or (person.same is None and _look_alike(old, new))
    clear = all(_is_read(one.page, _CLEARLY_READ) for one in (old, new))
    letters = _SAME_LETTERS if clear else _BADLY_READ_LETTERS
    return (
        same
        and min(len(old.figures), len(new.figures)) >= _SHEET_DIGITS
        and (
            Indel.normalized_similarity(old.figures, new.figures) >= _SAME_SHEET_DIGITS
            or _is_part(*sorted((old.figures, new.figures), key=len))
        )
        and _alike(old, new, letters)
    )


def _is_part(fewer: str, more: str) -> bool:
    """Tell whether figures are others in their order, but for those of a margin or a box."""
    return LCSseq.similarity(fewer, more) == len(fewer) >= _LEFT_DIGITS * len(more)


def _alike(old: _Print, new: _Print, letters: float = _ALIKE_LETTERS) -> bool:
    """Tell whether two pages read nearly the same and no date, amount or number is another."""
    return (
        not any(_differs(old, new, key) for key in _DECIDING)
        and _are_dated_alike(old.dates, new.dates)
        and Indel.normalized_similarity(old.figures, new.figures) >= _ALIKE_DIGITS
        and fuzz.ratio(old.letters, new.letters) >= letters
    )


def _are_dated_alike(ours: frozenset[tuple[int, ...]], theirs: frozenset[tuple[int, ...]]) -> bool:
    """Tell whether two pages share half of their dates; one without any says nothing."""
    return not ours or not theirs or len(ours & theirs) >= _SAME_DATES * len(ours | theirs)


def _differs(ours: _Print, theirs: _Print, key: str) -> bool:
    """Tell whether both pages have a field and share none of its values.

    Values that stand on both pages are the same, whatever label a cut margin left them.
    """
    values, others = (
        {str(found.value) for found in one.facts.fields.get(key, ()) if _is_trusted(found)}
        for one in (ours, theirs)
    )
    if not values or not others or values & others:
        return False
    return not (_all_stand(values, theirs) and _all_stand(others, ours))


def _all_stand(values: set[str], there: _Print) -> bool:
    return all("".join(_DIGIT.findall(value)) in there.digits for value in values)


def _is_trusted(found: Field) -> bool:
    return found.confidence is None or found.confidence >= _TRUSTED


def _coloured_alike(ours: frozenset[tuple[int, int]], theirs: frozenset[tuple[int, int]]) -> bool:
    return _all_near(ours, theirs) and _all_near(theirs, ours)


def _all_near(cells: frozenset[tuple[int, int]], others: frozenset[tuple[int, int]]) -> bool:
    return all(
        any(abs(row - other_row) <= 1 and abs(column - other) <= 1 for other_row, other in others)
        for row, column in cells
    )
