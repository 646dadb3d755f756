"""One training run: text classifier, weights, calibration, thresholds, proof; nothing is written."""

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


@dataclass(frozen=True, slots=True)
class OwnLessons:
    """An operator's labelled documents beside the made ones.

    `taught`: kind and pieces, as the text classifier may see them; `risk`: documents on which
    thresholds are set too.
    """

    taught: Sequence[tuple[str, Sequence[str]]] = ()
    risk: Sequence[Lesson] = ()


@dataclass(frozen=True, slots=True)
class Fitted:
    """What a run made: the two files of a classifier, and its answers on the part `proof`."""

    packed: bytes
    figures: bytes
    kinds: tuple[str, ...]
    bands: tuple[str, ...]
    proved: tuple[Answer, ...] = field(repr=False)

    def classifier(self) -> KindClassifier:
        """The classifier itself."""
        return kind_classifier(self.packed, self.figures)


def fit(
    rounds: Rounds,
    errors: ReadingErrors,
    own: OwnLessons | None = None,
    packed: bytes | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Fitted:
    """Train and fit.

    Args:
        rounds: documents of each maker.
        errors: how pages are misread.
        own: an operator's documents; None: only made ones.
        packed: a text classifier to keep; None: one is learned.
        tell: is told each part as it begins.
    """
    own = own or OwnLessons()
    if packed is None:
        tell("text")
        made = (taught_pieces(one) for one in lessons("text", rounds.text, errors))
        packed = pack(train_text_classifier([*made, *own.taught]))
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
    risky = [*lessons("risk", rounds.risk, errors), *own.risk]
    answers = list(answers_of(risky, language, kind_model(figures)))
    for name, found in thresholds(answers, tuple(bands), kinds).items():
        figures["bands"][name]["thresholds"] = found
    tell("proof")
    proving = lessons("proof", rounds.proof, errors)
    proved = tuple(answers_of(proving, language, kind_model(figures)))
    for name in bands.keys() - proven(proved, tuple(bands)):
        figures["bands"][name]["thresholds"] = {}
    written = (_HEAD + yaml.safe_dump(figures, sort_keys=False)).encode()
    return Fitted(packed, written, tuple(kinds), tuple(bands), proved)


def answers_of(
    given: Iterable[Lesson], language: "Language", model: KindModel
) -> Iterator[Answer]:
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
