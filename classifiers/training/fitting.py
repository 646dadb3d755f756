"""One training run: texts, weights, calibration, thresholds, proof; nothing is written."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from classifiers.kind_classifier import KindClassifier, kind_classifier
from classifiers.kind_decision import decide, likeliest, worst_confidence
from classifiers.kind_features import candidates
from classifiers.kind_model import PRINTED, KindModel, kind_model
from classifiers.kind_text import text_probabilities, textcat_of, unpack
from classifiers.training.joining import (
    Answer,
    Witnessed,
    fit_calibration,
    fit_weights,
    proven,
    thresholds,
)
from classifiers.training.lessons import BANDS, Lesson, lessons, taught_pieces
from classifiers.training.reading_errors import ReadingErrors
from classifiers.training.text_classifier import pack, train_text_classifier

if TYPE_CHECKING:
    from spacy.language import Language

_HEAD = """\
# How rules and text are joined into one probability (weights, calibration), and from which
# confidence a document is believed, by how well it was read and by kind. Fitted by
# classifiers/training to the text classifier of this digest: do not edit.
"""


@dataclass(frozen=True, slots=True)
class Rounds:
    """How many documents of each maker every part has."""

    text: int = 70
    join: int = 14
    risk: int = 50
    proof: int = 215


Taught = Sequence[tuple[str, Sequence[str]]]
"""Kind and pieces of documents, as the text classifier may see them."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """What a run made: the two files of a classifier, and its answers on the part `proof`.

    `beside`: what another classifier answered on the same part.
    """

    packed: bytes
    figures: bytes
    kinds: tuple[str, ...]
    bands: tuple[str, ...]
    proved: tuple[Answer, ...] = field(repr=False)
    beside: tuple[Answer, ...] = field(default=(), repr=False)

    def classifier(self) -> KindClassifier:
        """The classifier itself."""
        return kind_classifier(self.packed, self.figures)


def fit(
    rounds: Rounds,
    errors: ReadingErrors,
    *,
    taught: Taught | None = None,
    packed: bytes | None = None,
    risk: Sequence[Lesson] = (),
    beside: KindClassifier | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Fitted:
    """Train and fit.

    Args:
        rounds: documents of each maker.
        errors: how pages are misread.
        taught: what the text classifier learns from; None: made documents.
        packed: a text classifier to keep; None: one is learned.
        risk: an operator's documents, on which thresholds are set too.
        beside: a classifier that is asked about the part `proof` as well.
        tell: is told each part as it begins.
    """
    if packed is None:
        tell("text")
        taught = made_pieces(rounds, errors) if taught is None else taught
        packed = pack(train_text_classifier(taught))
    language = unpack(packed)
    tell("join")
    rows = [_witnessed(one, language) for one in lessons("join", rounds.join, errors)]
    weights = fit_weights(rows)
    slope, shift = fit_calibration(rows, weights)
    kinds = sorted(textcat_of(language).labels)
    bands = {name: least for name, (least, _) in BANDS.items()} | {PRINTED: 0.0}
    figures: dict[str, Any] = {
        "digest": hashlib.sha256(packed).hexdigest(),
        "weights": weights,
        "calibration": {"slope": slope, "shift": shift},
        "bands": {
            name: {"least": least, "thresholds": dict.fromkeys(kinds, 0.0)}
            for name, least in bands.items()
        },
    }
    tell("risk")
    model = kind_model(figures)
    answers = list(answers_of(lessons("risk", rounds.risk, errors), language, model))
    answers += answers_of(risk, language, model)
    for name, found in thresholds(answers, tuple(bands), kinds).items():
        figures["bands"][name]["thresholds"] = found
    tell("proof")
    model = kind_model(figures)
    proved: list[Answer] = []
    others: list[Answer] = []
    for lesson in lessons("proof", rounds.proof, errors):
        proved += answers_of([lesson], language, model)
        if beside:
            others += answers_of([lesson], beside.language, beside.model)
    for name in bands.keys() - proven(proved, tuple(bands)):
        figures["bands"][name]["thresholds"] = {}
    written = (_HEAD + yaml.safe_dump(figures, sort_keys=False)).encode()
    return Fitted(packed, written, tuple(kinds), tuple(bands), tuple(proved), tuple(others))


def made_pieces(rounds: Rounds, errors: ReadingErrors) -> list[tuple[str, list[str]]]:
    """What the text classifier sees of the made documents that it learns from."""
    return [taught_pieces(one) for one in lessons("text", rounds.text, errors)]


def answers_of(given: Iterable[Lesson], language: "Language", model: KindModel) -> Iterator[Answer]:
    """Yield what a classifier answers for each document."""
    for lesson in given:
        text = text_probabilities(language, [page.form for page in lesson.pages])
        _, likely = likeliest(_candidates(lesson, text), model)
        guess = decide(lesson.pages, model, text)
        band = model.band(worst_confidence(lesson.pages))
        doubts = [code for code in guess.evidence if code.startswith("kind.")]
        yield Answer(
            kind=guess.kind,
            sure=guess.confidence,
            right=guess.kind == lesson.kind,
            band="" if band is None else band.name,
            doubted=bool(doubts),
            true_kind=lesson.kind,
            likely=likely,
        )


def _witnessed(lesson: Lesson, language: "Language") -> Witnessed:
    text = text_probabilities(language, [page.form for page in lesson.pages])
    return Witnessed(_candidates(lesson, text), lesson.kind)


def _candidates(lesson: Lesson, text: Mapping[str, float]) -> tuple[Any, ...]:
    signs = [page.signs for page in lesson.pages]
    return candidates(lesson.pages[0].titles, signs, text)
