"""How far a read text is from the printed one: pure arithmetic on strings.

Both texts are compared as they are: letter case, full-width signs and composed letters count, no
Unicode normalisation. Only white space is levelled: a run of it (spaces, line ends, form feeds) is
one space, or nothing where spaces are left out. A page is one string in reading order, so words
read in another order are errors, except in the measures that say they know no order.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein


@dataclass(frozen=True, slots=True)
class Count:
    """So many of so many; counts of pages add up before they are divided."""

    hits: int
    of: int

    def __add__(self, other: "Count") -> "Count":
        return Count(self.hits + other.hits, self.of + other.of)

    @property
    def share(self) -> float | None:
        """Hits of all; None where there is nothing to hit."""
        return self.hits / self.of if self.of else None


def total(counts: Iterable[Count]) -> Count:
    """Return the sum of counts."""
    return sum(counts, Count(0, 0))


@dataclass(frozen=True, slots=True)
class TextScore:
    """One page's text against its truth.

    Attributes:
        errors: edits (insert, delete, replace) to the truth, of the truth's characters, without
            spaces. errors_spaced: the same with single spaces.
        bag_errors: characters missing or too many, whichever are more, whatever their order: the
            edits that no other order of what was read could save. Never above `errors`.
        words_found: words of the truth found among the read ones, as multisets.
        words_right: read words found among the truth's, as multisets.
        exact: per class of value (`VALUES`, `patient_name`), printed values found unharmed.
    """

    errors: Count
    errors_spaced: Count
    bag_errors: Count
    words_found: Count
    words_right: Count
    exact: Mapping[str, Count]


def score_text(truth: str, read: str, patient: str | None = None) -> TextScore:
    """Compare a page's read text with the printed one."""
    told, found = squeezed(truth), squeezed(read)
    told_spaced, found_spaced = " ".join(truth.split()), " ".join(read.split())
    words, read_words = Counter(truth.split()), Counter(read.split())
    shared = (words & read_words).total()
    return TextScore(
        errors=Count(Levenshtein.distance(told, found), len(told)),
        errors_spaced=Count(Levenshtein.distance(told_spaced, found_spaced), len(told_spaced)),
        bag_errors=Count(_bag_errors(Counter(told), Counter(found)), len(told)),
        words_found=Count(shared, words.total()),
        words_right=Count(shared, read_words.total()),
        exact={
            name: _found(values, found) for name, values in printed_values(truth, patient).items()
        },
    )


def squeezed(text: str) -> str:
    """Return a text without white space."""
    return "".join(text.split())


def f1(recall: float | None, precision: float | None) -> float | None:
    """Return the harmonic mean of two shares."""
    if recall is None or precision is None or recall + precision == 0:
        return None
    return 2 * recall * precision / (recall + precision)


def _bag_errors(told: Counter[str], found: Counter[str]) -> int:
    return max((told - found).total(), (found - told).total())


VALUES: Mapping[str, re.Pattern[str]] = {
    "resident_number": re.compile(r"(?<!\d)\d{6}-[1-8]\d{6}(?!\d)"),
    "date": re.compile(
        r"(?<!\d)(?:19|20)\d\d(?:-\d{1,2}-|/\d{1,2}/|\. ?\d{1,2}\. ?)\d{1,2}(?!\d)"
        r"|(?<!\d)(?:19|20)\d\d년 ?\d{1,2}월 ?\d{1,2}일"
    ),
    "disease_code": re.compile(r"(?<![A-Za-z0-9])[A-Z]\d{2}(?:\.?\d{1,2})?(?![A-Za-z0-9])"),
    "amount": re.compile(r"(?<![\d,])\d{1,3}(?:,\d{3})+(?![\d,])"),
}
"""How the values that must be exact are printed. Amounts below 1,000 have no sign to know them by.
"""


def printed_values(truth: str, patient: str | None) -> dict[str, Counter[str]]:
    """Return the values that a page prints, by class, spaces left out; empty classes too."""
    values: dict[str, Counter[str]] = {
        name: Counter(
            squeezed(match) for line in truth.splitlines() for match in pattern.findall(line)
        )
        for name, pattern in VALUES.items()
    }
    name = squeezed(patient or "")
    values["patient_name"] = Counter({name: squeezed(truth).count(name)} if name else {})
    return values


def _found(values: Counter[str], read: str) -> Count:
    """Count values that stand in a text without spaces, each at most as often as it is printed."""
    hits = sum(min(times, read.count(value)) for value, times in values.items())
    return Count(hits, values.total())
