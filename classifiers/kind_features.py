"""What speaks for each kind that a document may be, in figures: title, signs, text and shape."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from classifiers.kind import NONE, join_signs
from classifiers.phrases import SignHit
from classifiers.titles import TitleHit

FEATURES = ("title", "clear_title", "signs", "text", "text_and_rule", "untrained", "none")
CLEAR_TITLE = 0.93
_TITLE_FLOOR = 0.72
_MOST_SIGNS = 9.0
_LEAST_TEXT = 1e-4  # a text's probability below which kinds are equally unlikely
_SPEAKS = 1.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A kind that a document may be.

    `likeness`: of its title, 0..1; `signs`: weight of each sign, by id; `text`: the probability of
    the text classifier, None where it does not know the kind.
    """

    kind: str
    likeness: float
    signs: Mapping[str, float]
    text: float | None

    @property
    def weight(self) -> float:
        """What its signs weigh together, in log-odds."""
        return sum(self.signs.values())

    @property
    def features(self) -> tuple[float, ...]:
        """In the order of `FEATURES`."""
        title = max(0.0, (self.likeness - _TITLE_FLOOR) / (1 - _TITLE_FLOOR))
        text = 0.0 if self.text is None else math.log(max(self.text, _LEAST_TEXT))
        ruled = self.likeness >= CLEAR_TITLE or self.weight >= _SPEAKS
        return (
            title,
            float(self.likeness >= CLEAR_TITLE),
            min(self.weight, _MOST_SIGNS) / 3,
            text / 3,
            float(ruled) * (self.text or 0.0),
            float(self.text is None),
            float(self.kind == NONE),
        )


def candidates(
    titles: Sequence[TitleHit],
    signs: Sequence[Mapping[str, tuple[SignHit, ...]]],
    text: Mapping[str, float],
) -> tuple[Candidate, ...]:
    """Gather the kinds of one document.

    Args:
        titles: the titles of its first page.
        signs: what was found on each of its pages; a sign counts once.
        text: what the text classifier says.
    """
    likeness = {hit.kind: hit.likeness for hit in titles}
    found = join_signs(signs)
    return tuple(
        Candidate(kind, likeness.get(kind, 0.0), found.get(kind, {}), text.get(kind))
        for kind in sorted(likeness.keys() | found.keys() | text.keys() | {NONE})
    )


def probabilities(
    given: Sequence[Candidate], weights: Mapping[str, float]
) -> Iterator[tuple[Candidate, float]]:
    """Yield each candidate with its probability against the others, before calibration."""
    sums = [
        sum(weights[name] * value for name, value in zip(FEATURES, one.features, strict=True))
        for one in given
    ]
    highest = max(sums)
    shares = [math.exp(value - highest) for value in sums]
    for candidate, share in zip(given, shares, strict=True):
        yield candidate, share / sum(shares)
