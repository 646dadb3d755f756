"""Find the title of a page: letters only, misread syllables allowed.

Likeness is measured on jamo, not syllables: readers mistake one stroke ("진단시" for "진단서"), and
a syllable counted as wholly wrong would make three-letter titles unfindable. A line that spells a
label better than a title is none: "주민등록번" is the number's label cut short, not the card.
"""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from classifiers.form import Form, FormLine
from classifiers.letters import compact, strokes
from classifiers.ruleset import load_kinds, load_labels

_TOP = 0.35
_TALL = 1.5
_LEAST = 80.0
_SHORTEST = 2
_MISREAD = 0.98  # the most that letters with a wrong one among them are given
_LONGEST_LINE = 40  # letters, the figures of a letterhead's telephone left out
_LONGEST_PRINT = 200
# A title with other words on its line is a weaker sign than one that stands alone.
_AT_START = 0.88
_AT_END = 0.84
_BRACKETED = re.compile(r"[\[(【〔<{][^\])】〕>}]{0,24}[\])】〕>}]")
_WITH_DIGIT = re.compile(r"\S*\d\S*")


@dataclass(frozen=True, slots=True)
class TitleHit:
    """A kind's best title on a page; `likeness` 0..1, 1 = every letter and nothing else."""

    kind: str
    likeness: float
    line: int


def find_titles(form: Form) -> tuple[TitleHit, ...]:
    """The kinds named by a title of this page, best first; at most one hit a kind."""
    best: dict[str, TitleHit] = {}
    for index, line in enumerate(form.lines):
        if not _may_be_title(line):
            continue
        label = _label_likeness(line)
        for kind, likeness in _named(line):
            if likeness < label:
                continue
            if kind not in best or likeness > best[kind].likeness:
                best[kind] = TitleHit(kind, likeness, index)
    return tuple(sorted(best.values(), key=lambda hit: (-hit.likeness, hit.line)))


def named_kind(text: str) -> TitleHit | None:
    """The kind that a short text (a column's value, a file's label) names, if it names one."""
    line = FormLine(text, compact(text), 0.0, 1.0, ())
    hits = [TitleHit(kind, likeness, 0) for kind, likeness in _named(line)]
    return max(hits, key=lambda hit: hit.likeness, default=None)


def _may_be_title(line: FormLine) -> bool:
    words = sum(not letter.isdigit() for letter in line.letters)
    if not 2 <= words <= _LONGEST_LINE or len(line.text) > _LONGEST_PRINT:
        return False
    return line.depth <= _TOP or line.tallness >= _TALL


def _candidates(line: FormLine) -> set[str]:
    """The letters of a line, and those without brackets and figures; "*** 처 방 전 ***"."""
    bare = compact(_WITH_DIGIT.sub(" ", _BRACKETED.sub(" ", line.text)))
    return {one for one in (line.letters.strip("*"), bare.strip("*")) if len(one) >= _SHORTEST}


def _label_likeness(line: FormLine) -> float:
    """How nearly a line spells a label that announces a value, 0..1, as titles are measured."""
    found = (
        process.extractOne(strokes(one), _labels(), scorer=fuzz.ratio, score_cutoff=_LEAST)
        for one in _candidates(line)
    )
    return max((hit[1] / 100 * _MISREAD for hit in found if hit), default=0.0)


def _named(line: FormLine) -> Iterator[tuple[str, float]]:
    kinds, letters, spelled = _titles()
    for candidate in _candidates(line):
        for _, score, index in process.extract(
            strokes(candidate), spelled, scorer=fuzz.ratio, score_cutoff=_LEAST, limit=None
        ):
            yield kinds[index], 1.0 if candidate == letters[index] else score / 100 * _MISREAD
    parted = [
        (compact("".join(words[:count])), compact("".join(words[count:])))
        for words in (line.text.split(), _BRACKETED.sub(" ", line.text).split())
        for count in range(1, len(words))
    ]
    heads, tails = {head for head, _ in parted}, {tail for _, tail in parted}
    for kind, title in zip(kinds, letters, strict=True):
        if len(title) >= 3 and title in heads:
            yield kind, _AT_START
        elif len(title) >= 3 and title in tails:
            yield kind, _AT_END


@functools.cache
def _labels() -> tuple[str, ...]:
    return tuple(
        strokes(compact(phrase)) for phrases in load_labels().values() for phrase in phrases
    )


@functools.cache
def _titles() -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    titles = [title for rules in load_kinds().values() for title in rules.titles]
    return (
        tuple(title.kind for title in titles),
        tuple(title.letters for title in titles),
        tuple(strokes(title.letters) for title in titles),
    )
