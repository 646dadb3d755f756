"""How well a classifier answers: the figures by which two are compared."""

from collections.abc import Sequence
from dataclasses import dataclass

from classifiers.training.joining import Answer, most_errors

_BINS = 10


@dataclass(frozen=True, slots=True)
class KindMeasure:
    """One kind: documents that are of it, how many were named so, accepted, accepted wrongly."""

    kind: str
    documents: int
    right: int
    accepted: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Measures:
    """A classifier over documents.

    Attributes:
        documents, right, accepted, wrong: counts; `wrong` of those that are accepted.
        wrong_at_most: the bound on the share of wrong ones among the accepted (95 %).
        macro_f1: mean of the kinds' F1; calibration_error: expected, ten bins, before holding.
    """

    documents: int
    right: int
    accepted: int
    wrong: int
    wrong_at_most: float
    macro_f1: float
    calibration_error: float
    kinds: tuple[KindMeasure, ...]


def measures(answers: Sequence[Answer]) -> Measures:
    """Count a classifier's answers; kinds are those that the documents have."""
    taken = [one for one in answers if not one.doubted]
    wrong = sum(not one.right for one in taken)
    kinds = sorted({one.true_kind for one in answers})
    return Measures(
        documents=len(answers),
        right=sum(one.right for one in answers),
        accepted=len(taken),
        wrong=wrong,
        wrong_at_most=round(most_errors(wrong, len(taken)), 4),
        macro_f1=round(sum(_f1(kind, answers) for kind in kinds) / max(len(kinds), 1), 4),
        calibration_error=round(calibration_error(answers), 4),
        kinds=tuple(_of_kind(kind, answers) for kind in kinds),
    )


def calibration_error(answers: Sequence[Answer]) -> float:
    """How far the calibrated probability lies from how often such answers are right."""
    bins: dict[int, list[Answer]] = {}
    for one in answers:
        bins.setdefault(min(int(one.likely * _BINS), _BINS - 1), []).append(one)
    apart = sum(abs(sum(one.likely - one.right for one in ones)) for ones in bins.values())
    return apart / max(len(answers), 1)


def _f1(kind: str, answers: Sequence[Answer]) -> float:
    hits = sum(one.kind == kind == one.true_kind for one in answers)
    named = sum(one.kind == kind for one in answers)
    there = sum(one.true_kind == kind for one in answers)
    return 2 * hits / (named + there)


def _of_kind(kind: str, answers: Sequence[Answer]) -> KindMeasure:
    mine = [one for one in answers if one.true_kind == kind]
    taken = [one for one in mine if not one.doubted]
    return KindMeasure(
        kind,
        len(mine),
        sum(one.right for one in mine),
        len(taken),
        sum(not one.right for one in taken),
    )
