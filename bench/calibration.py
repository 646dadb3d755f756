"""Whether a word's confidence says how often such words are right.

A read word is right by this rule, on the upright page, spaces left out:

1. Printed words with at least half of their area in the read word's box are what it stands for: it
   is right if it equals them, one after another in the order of print.
2. Where there is none, the read word may be a piece: it is right if it is contained in the printed
   word that holds at least half of the read word's box.
3. Otherwise nothing is printed there, and it is wrong; so is each word of a page taken for upright
   that is not, or the other way round.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.text_measures import squeezed
from records.values import Box, Word
from tests.makers.truth import PageTruth

BINS = 10
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Judged:
    """One read word: how sure the reader was, and whether it was right."""

    confidence: float
    right: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """Words of about one confidence, from `low` (counted in) to `low` + 0.1."""

    low: float
    words: int
    confidence: float
    right: float


def judge(truth: PageTruth, rotation: int, words: Sequence[Word]) -> list[Judged]:
    """Return each scored word of a page with its rightness; unscored words are left out."""
    printed = [word for line in truth.lines for word in line.words]
    is_upright = rotation == truth.rotation
    return [
        Judged(
            word.confidence,
            is_upright and _is_right(word, [(p.text, p.box) for p in printed]),
        )
        for word in words
        if word.confidence is not None
    ]


def _is_right(word: Word, printed: Sequence[tuple[str, Box]]) -> bool:
    text = squeezed(word.text)
    shared = [(_shared(word.box, box), told, box) for told, box in printed]
    meant = [told for area, told, box in shared if area >= _HALF * _area(box)]
    if meant:
        return text == squeezed("".join(meant))
    whole = _area(word.box)
    return any(text in squeezed(told) for area, told, _ in shared if area >= _HALF * whole)


def _area(box: Box) -> int:
    return max(box.x1 - box.x0, 1) * max(box.y1 - box.y0, 1)


def _shared(one: Box, other: Box) -> int:
    wide = min(one.x1, other.x1) - max(one.x0, other.x0)
    high = min(one.y1, other.y1) - max(one.y0, other.y0)
    return max(wide, 0) * max(high, 0)


def reliability(judged: Iterable[Judged]) -> list[Bin]:
    """Return the filled ones of ten equally wide bins of confidence, lowest first."""
    by_bin: dict[int, list[Judged]] = {}
    for one in judged:
        by_bin.setdefault(min(int(one.confidence * BINS), BINS - 1), []).append(one)
    return [
        Bin(
            low=place / BINS,
            words=len(ones),
            confidence=sum(one.confidence for one in ones) / len(ones),
            right=sum(one.right for one in ones) / len(ones),
        )
        for place, ones in sorted(by_bin.items())
    ]


def expected_calibration_error(bins: Sequence[Bin]) -> float | None:
    """Return how far confidence and rightness are apart, each bin by its words."""
    words = sum(one.words for one in bins)
    if not words:
        return None
    return sum(one.words * abs(one.confidence - one.right) for one in bins) / words
