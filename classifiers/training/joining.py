"""Fits what joins rules and text, calibrates it, and sets from which confidence it is believed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from classifiers.kind_features import FEATURES, Candidate, probabilities

_HOLD = 1.0  # how strongly weights are held at zero
_STEPS = 60
LEAST_ACCEPTED = 0.8
MOST_WRONG = 0.005
_MARGIN = 0.005
_FEW = 12  # documents of a kind and band below which the band's own threshold counts


@dataclass(frozen=True, slots=True)
class Witnessed:
    """What speaks for each kind of one document, and what it is."""

    given: tuple[Candidate, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered for one document: kind, calibrated confidence, rightness, and its band.

    `doubted`: held whatever its confidence; `true_kind`: what it is; `likely`: the calibrated
    probability before anything is held.
    """

    kind: str
    sure: float
    right: bool
    band: str
    doubted: bool = False
    true_kind: str = ""
    likely: float = 0.0


def fit_weights(rows: Sequence[Witnessed]) -> dict[str, float]:
    """The most likely weights by Newton's method: the true kind against the others."""
    count = len(FEATURES)
    weights: npt.NDArray[np.float64] = np.zeros(count)
    tables = [np.array([one.features for one in row.given]) for row in rows]
    places = [
        next((n for n, one in enumerate(row.given) if one.kind == row.kind), None) for row in rows
    ]
    for _ in range(_STEPS):
        slope, bend = _HOLD * weights, np.eye(count) * _HOLD
        for table, place in zip(tables, places, strict=True):
            if place is None:
                continue
            sums = table @ weights
            share = np.exp(sums - sums.max())
            share /= share.sum()
            mean = share @ table
            slope = slope + mean - table[place]
            bend = bend + (table * share[:, None]).T @ table - np.outer(mean, mean)
        step = np.linalg.solve(bend, slope)
        weights = weights - step
        if np.abs(step).max() < 1e-6:
            break
    return {name: round(float(w), 4) for name, w in zip(FEATURES, weights, strict=True)}


def fit_calibration(rows: Iterable[Witnessed], weights: Mapping[str, float]) -> tuple[float, float]:
    """Slope and shift of the log-odds of the likeliest kind, by logistic regression."""
    odds, right = [], []
    for row in rows:
        best, share = max(probabilities(row.given, weights), key=lambda pair: pair[1])
        share = min(max(share, 1e-6), 1 - 1e-6)
        odds.append(np.log(share / (1 - share)))
        right.append(best.kind == row.kind)
    signs = np.column_stack([odds, np.ones(len(odds))])
    hits = np.array(right, np.float64)
    given: npt.NDArray[np.float64] = np.array([1.0, 0.0])
    hold = np.array([1.0, 0.1])
    fitted = given.copy()
    for _ in range(_STEPS):
        likely = 1 / (1 + np.exp(-signs @ fitted))
        slope = signs.T @ (likely - hits) + hold * (fitted - given)
        bend = (signs * (likely * (1 - likely))[:, None]).T @ signs + np.diag(hold)
        fitted = fitted - np.linalg.solve(bend, slope)
    return round(float(fitted[0]), 4), round(float(fitted[1]), 4)


def thresholds(
    answers: Sequence[Answer], bands: Sequence[str], kinds: Sequence[str]
) -> dict[str, dict[str, float]]:
    """By band and kind: above the surest wrong answer, never below `LEAST_ACCEPTED`.

    A kind of which a band has few answers takes the band's threshold over all kinds.
    """
    found: dict[str, dict[str, float]] = {}
    for band in bands:
        here = [one for one in answers if one.band == band and not one.doubted]
        for_all = _above_wrong(here)
        found[band] = {}
        for kind in kinds:
            mine = [one for one in here if one.kind == kind]
            found[band][kind] = _above_wrong(mine) if len(mine) >= _FEW else for_all
    return found


def _above_wrong(answers: Sequence[Answer]) -> float:
    wrong = max((one.sure for one in answers if not one.right), default=0.0)
    return round(max(LEAST_ACCEPTED, wrong + _MARGIN), 3)


def proven(answers: Sequence[Answer], bands: Sequence[str]) -> tuple[str, ...]:
    """The bands whose accepted answers are wrong at most `MOST_WRONG` of the time."""

    def bound(band: str) -> float:
        taken = [one for one in answers if one.band == band and not one.doubted]
        return most_errors(sum(not one.right for one in taken), len(taken))

    return tuple(band for band in bands if bound(band) <= MOST_WRONG)


def most_errors(wrong: int, of: int, sure: float = 0.95) -> float:
    """The Clopper-Pearson bound: with this certainty the share of errors is at most so much."""
    if of == 0 or wrong >= of:
        return 1.0
    return _bisect(lambda share: _at_most(wrong, of, share) - (1 - sure))


def _at_most(wrong: int, of: int, share: float) -> float:
    """The probability of at most so many errors."""
    logs = np.arange(wrong + 1)
    chosen = np.concatenate([[0.0], np.cumsum(np.log((of - logs[:-1]) / (logs[:-1] + 1)))])
    terms = chosen + logs * np.log(share) + (of - logs) * np.log1p(-share)
    return float(np.exp(terms).sum())


def _bisect(falls: Callable[[float], float]) -> float:
    low, high = 1e-12, 1 - 1e-12
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if falls(middle) > 0 else (low, middle)
    return high
