"""An operator's kind classifier: learned from labelled documents beside the made ones.

What people said is split by batch and document, so that no document that is learned from measures
what was learned. The classifier in use and the new one are asked about the same documents.
"""

import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from classifiers.fields.merge import merge_fields
from classifiers.kind_classifier import KindClassifier, shipped_classifier
from classifiers.kind_decision import worst_confidence
from classifiers.kind_model import KindModel
from classifiers.kind_text import pieces_of, textcat_of
from classifiers.page_facts import look
from classifiers.stack import setting_of
from classifiers.training.fitting import Fitted, Rounds, answers_of, fit, made_pieces
from classifiers.training.joining import Answer
from classifiers.training.lessons import Lesson
from classifiers.training.measures import Measures, measures
from classifiers.training.public_runs import (
    Seen,
    fields_of_persons,
    learnable,
    public_runs,
    without_persons,
)
from classifiers.training.reading_errors import load_errors
from records.errors import RejectedInput
from records.values import Institution, PageText

FEWEST_TAUGHT = 20
FEWEST_HELD_OUT = 20
_TIMES = 3  # how often a labelled document is shown for once that a made one is
_RISK = 4  # one in so many documents sets thresholds and is not learned from
# Likeness (0..100) from which two documents are one paper: of one patient, of unknown ones.
_SAME, _SAME_FORM = 90.0, 98.0


@dataclass(frozen=True, slots=True)
class Example:
    """One document that a person has named.

    `patient`: who it is of, as a name that cannot be read; "" where nobody knows. `held_out`: its
    batch is kept for measuring.
    """

    document: str
    batch: str
    kind: str
    patient: str
    institution: Institution
    pages: tuple[PageText, ...]
    held_out: bool


@dataclass(frozen=True, slots=True)
class Retrained:
    """A new classifier beside the one in use: over labelled documents and over made ones.

    `taught`, `risk`, `held_out`: how many labelled documents each part had.
    """

    fitted: Fitted
    taught: int
    risk: int
    held_out: int
    now: Measures
    new: Measures
    now_made: Measures
    new_made: Measures

    @property
    def is_better(self) -> bool:
        """Whether it errs no more where it accepts, and names or accepts more."""
        careful = all(
            new.wrong_at_most <= now.wrong_at_most or new.wrong <= now.wrong
            for now, new in ((self.now, self.new), (self.now_made, self.new_made))
        )
        gains = (self.new.right, self.new.accepted) > (self.now.right, self.now.accepted)
        return careful and gains and self.new.right >= self.now.right


def retrain(
    examples: Sequence[Example],
    in_use: KindClassifier,
    rounds: Rounds | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Retrained:
    """Learn anew and measure.

    Raises:
        RejectedInput: `labels_too_few`; the subject says how many there are, `taught/held out`.
    """
    rounds, errors = rounds or Rounds(), load_errors()
    known = frozenset(textcat_of(shipped_classifier().language).labels)
    usable = [one for one in examples if one.kind in known]
    learned = [one for one in usable if not one.held_out]
    measured = _not_learned([one for one in usable if one.held_out], learned)
    risky = [one for one in learned if zlib.crc32(one.document.encode()) % _RISK == 0]
    taught = [one for one in learned if one not in risky]
    if len(taught) < FEWEST_TAUGHT or len(measured) < FEWEST_HELD_OUT:
        raise RejectedInput("labels_too_few", f"{len(taught)}/{len(measured)}")
    seen = [_seen(one) for one in taught]
    made = made_pieces(rounds, errors)
    allowed = public_runs((pieces for _, pieces in made), seen)
    shown = [
        (example.kind, learnable(one.pieces, allowed))
        for example, one in zip(taught, seen, strict=True)
    ]
    fitted = fit(
        rounds,
        errors,
        taught=[*made, *shown * _TIMES],
        risk=[lesson_of(one) for one in risky],
        beside=in_use,
        tell=tell,
    )
    new, held_out = fitted.classifier(), [lesson_of(one) for one in measured]
    return Retrained(
        fitted=fitted,
        taught=len(taught),
        risk=len(risky),
        held_out=len(measured),
        now=_measured(in_use, held_out),
        new=_measured(new, held_out),
        now_made=measures(fitted.beside),
        new_made=measures(_held_without_proof(fitted.proved, new.model)),
    )


def lesson_of(example: Example) -> Lesson:
    """A labelled document as training knows documents."""
    setting = setting_of(example.institution)
    pages = tuple(look(page, setting) for page in example.pages)
    return Lesson(example.kind, pages, example.institution, "", worst_confidence(pages))


def _measured(classifier: KindClassifier, given: Iterable[Lesson]) -> Measures:
    return measures(list(answers_of(given, classifier.language, classifier.model)))


def _held_without_proof(answers: Iterable[Answer], model: KindModel) -> list[Answer]:
    """Answers of the part `proof` as they are given in the end: a band without proof is held."""
    proven = {band.name for band in model.bands if band.thresholds}
    return [one if one.band in proven else replace(one, doubted=True) for one in answers]


def _seen(example: Example) -> Seen:
    lesson = lesson_of(example)
    persons = fields_of_persons(merge_fields([page.fields for page in lesson.pages]))
    pieces = list(pieces_of([page.form for page in lesson.pages]))
    return Seen(example.patient, without_persons(pieces, persons))


def _not_learned(held_out: Sequence[Example], learned: Sequence[Example]) -> list[Example]:
    """Those to measure by that are not learned from under another id: a paper delivered twice."""
    by_patient: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in learned:
        by_patient[one.patient, one.kind].append(_text(one))
    return [
        one
        for one in held_out
        if not any(
            fuzz.ratio(_text(one), other, score_cutoff=_SAME if one.patient else _SAME_FORM)
            for other in by_patient[one.patient, one.kind]
        )
    ]


def _text(example: Example) -> str:
    return "".join("".join(page.text.split()) for page in example.pages)
