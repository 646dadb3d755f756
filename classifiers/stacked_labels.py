"""Labels that a narrow cell sets in two lines: 환자부담 over 총액, its value beside both."""

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from classifiers.letters import compact, strokes
from classifiers.ruleset import load_labels
from records.values import Box, Word

_SHORTEST = 2  # letters of either line
_COUNTS = (1, 2)  # words of either line
_LEAST = 80.0  # likeness of the jamo of a second line of two syllables, one stroke misread
# In heights of the first line: how far the second may lie below it and beside its middle or left.
_GAP = (-0.3, 1.2)
_ASIDE = 1.2


@dataclass(frozen=True, slots=True)
class Stacked:
    """A label's key, and the indices of its words in the first line and in the second."""

    key: str
    over: tuple[int, ...]
    under: tuple[int, ...]


def stacked(words: Sequence[Word], rows: Sequence[Sequence[int]]) -> Iterator[Stacked]:
    """Yield the labels of a page that are set in two lines.

    Args:
        words: all words of the page.
        rows: the words of each line, by their indices.
    """
    runs = [tuple(row[at : at + n]) for row in rows for at in range(len(row)) for n in _COUNTS]
    for run in dict.fromkeys(runs):
        ends = _splits().get(compact("".join(words[one].text for one in run)))
        over = _around(words, run)
        for under in runs if ends else ():
            if not _lies_under(over, _around(words, under)):
                continue
            key = _named(compact("".join(words[one].text for one in under)), ends or {})
            if key is not None:
                yield Stacked(key, run, under)
                break


def _named(letters: str, ends: Mapping[str, str]) -> str | None:
    """The key of the end that these letters are, one stroke of them misread at most."""
    if letters in ends:
        return ends[letters]
    near = {
        key
        for end, key in ends.items()
        if len(end) == len(letters) and fuzz.ratio(strokes(end), strokes(letters)) >= _LEAST
    }
    return near.pop() if len(near) == 1 else None


@functools.cache
def _splits() -> Mapping[str, Mapping[str, str]]:
    """First line → second line → key, of every label that may be parted; none that is one whole."""
    whole = {compact(phrase) for phrases in load_labels().values() for phrase in phrases}
    splits: dict[str, dict[str, str]] = {}
    for key, phrases in load_labels().items():
        for letters in map(compact, phrases):
            for cut in range(_SHORTEST, len(letters) - _SHORTEST + 1):
                if letters[:cut] not in whole:
                    splits.setdefault(letters[:cut], {})[letters[cut:]] = key
    return splits


def _lies_under(over: Box, under: Box) -> bool:
    height = over.y1 - over.y0
    if height <= 0 or not _GAP[0] * height <= under.y0 - over.y1 <= _GAP[1] * height:
        return False
    left = abs(under.x0 - over.x0)
    middle = abs(under.x0 + under.x1 - over.x0 - over.x1) / 2
    return min(left, middle) <= _ASIDE * height


def _around(words: Sequence[Word], run: Sequence[int]) -> Box:
    boxes = [words[index].box for index in run]
    return Box(
        min(box.x0 for box in boxes),
        min(box.y0 for box in boxes),
        max(box.x1 for box in boxes),
        max(box.y1 for box in boxes),
    )
