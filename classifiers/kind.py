"""What the rules alone say of a page's kind: the boundaries ask it of each page.

The kind of a whole document is decided by rules and text together (`kind_decision.py`).

Weights are log-odds; their sums become probabilities against each other and against "nothing".
Whatever the sums say, only a title and an independent sign together may be called sure.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from classifiers.phrases import SignHit
from classifiers.titles import TitleHit

NONE = "none"

_TITLE_WEIGHT = 6.0
_TITLE_FLOOR = 0.72
_CLEAR_TITLE = 0.93
_NOTHING_WEIGHT = 2.5
_AT_MOST = {
    "clear title and sign": 0.98,
    "title and sign": 0.93,
    "clear title": 0.75,
    "title": 0.6,
    "many signs": 0.85,
    "signs": 0.7,
    "contradicted": 0.7,
}
_NOTHING_AT_MOST = 0.6
_TITLE_NEEDS = 1.0
# Three strong signs without a title, and no other kind near.
_MANY_SIGNS = 8.0
_MANY_SIGNS_AHEAD = 5.0
# A rival kind whose signs outweigh ours by this contradicts the title.
_CONTRADICTION = 1.5


@dataclass(frozen=True, slots=True)
class KindGuess:
    """A kind's code, how sure (0..1), and the ids of the rules that spoke for it."""

    kind: str
    confidence: float
    evidence: tuple[str, ...]


def judge(
    titles: Sequence[TitleHit], signs: Sequence[Mapping[str, tuple[SignHit, ...]]]
) -> KindGuess:
    """Name the kind of one document.

    Args:
        titles: the titles of its first page.
        signs: what was found on each of its pages; a sign counts once.
    """
    title_of = {hit.kind: hit.likeness for hit in titles}
    sign_of = join_signs(signs)
    scores = {
        kind: _title_weight(title_of.get(kind, 0.0)) + sum(sign_of.get(kind, {}).values())
        for kind in title_of.keys() | sign_of.keys()
    }
    if not scores:
        return KindGuess(NONE, _NOTHING_AT_MOST, ())
    total = sum(math.exp(score) for score in scores.values()) + math.exp(_NOTHING_WEIGHT)
    kind = max(sorted(scores), key=lambda code: scores[code])
    if scores[kind] < _NOTHING_WEIGHT:
        sure = math.exp(_NOTHING_WEIGHT) / total
        return KindGuess(NONE, round(min(sure, _NOTHING_AT_MOST), 3), ())
    likeness = title_of.get(kind, 0.0)
    spoken = sign_of.get(kind, {})
    rival = max((sum(row.values()) for code, row in sign_of.items() if code != kind), default=0.0)
    other_title = max((hit.likeness for hit in titles if hit.kind != kind), default=0.0)
    ceiling = _AT_MOST[_how(likeness, other_title, sum(spoken.values()), rival)]
    evidence = (f"title.{kind}",) if likeness else ()
    return KindGuess(
        kind,
        round(min(math.exp(scores[kind]) / total, ceiling), 3),
        evidence + tuple(sorted(spoken)),
    )


def join_signs(
    signs: Sequence[Mapping[str, tuple[SignHit, ...]]],
) -> dict[str, dict[str, float]]:
    """Signs of several pages by kind and id, each with its best weight."""
    joined: dict[str, dict[str, float]] = {}
    for page in signs:
        for kind, hits in page.items():
            row = joined.setdefault(kind, {})
            for hit in hits:
                row[hit.id] = max(hit.weight, row.get(hit.id, 0.0))
    return joined


def _title_weight(likeness: float) -> float:
    return max(0.0, (likeness - _TITLE_FLOOR) / (1 - _TITLE_FLOOR)) * _TITLE_WEIGHT


def _how(likeness: float, other_title: float, signs: float, rival: float) -> str:
    """Which combination of signs this is; a better title of another kind contradicts."""
    clear = likeness >= _CLEAR_TITLE
    if rival > signs + _CONTRADICTION or other_title > likeness:
        return "contradicted"
    if likeness and signs >= _TITLE_NEEDS:
        return "clear title and sign" if clear else "title and sign"
    if likeness:
        return "clear title" if clear else "title"
    many = signs >= _MANY_SIGNS and signs - rival >= _MANY_SIGNS_AHEAD
    return "many signs" if many else "signs"
