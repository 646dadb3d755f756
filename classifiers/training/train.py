"""`make train-kinds`: learns the kind classifier from made pages and writes `classifiers/models/`.

Writes the text classifier, the figures beside it with its digest, and its card. Everything is
drawn from seeds: run again with the same arguments, the same files come out.
"""

import argparse
import hashlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from classifiers.kind_decision import decide, likeliest, worst_confidence
from classifiers.kind_features import candidates
from classifiers.kind_model import CARD, PRINTED, KindModel, kind_model
from classifiers.kind_text import MODEL, text_probabilities, textcat_of, unpack
from classifiers.training.card import Figures, render_card
from classifiers.training.joining import (
    Answer,
    Witnessed,
    fit_calibration,
    fit_weights,
    proven,
    thresholds,
)
from classifiers.training.lessons import BANDS, Lesson, lessons
from classifiers.training.reading_errors import load_errors
from classifiers.training.text_classifier import pack, train_text_classifier

if TYPE_CHECKING:
    from spacy.language import Language

_HEAD = """\
# How rules and text are joined into one probability (weights, calibration), and from which
# confidence a document is believed, by how well it was read and by kind. Fitted by
# classifiers/training to the text classifier of this digest: do not edit.
"""


def main() -> int:
    """Train, fit, set thresholds, prove, write."""
    options = _options()
    errors = load_errors()
    folder = Path(str(resources.files("classifiers").joinpath("models")))
    if not options.keep_text:
        _tell("text")
        taught = lessons("text", options.text, errors)
        (folder / MODEL).write_bytes(pack(train_text_classifier(taught)))
    packed = (folder / MODEL).read_bytes()
    language = unpack(packed)
    _tell("join")
    rows = [_witnessed(one, language) for one in lessons("join", options.join, errors)]
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
    _tell("risk")
    answers = list(_answers(lessons("risk", options.risk, errors), language, kind_model(figures)))
    for name, found in thresholds(answers, tuple(bands), kinds).items():
        figures["bands"][name]["thresholds"] = found
    _tell("proof")
    model = kind_model(figures)
    proved = list(_answers(lessons("proof", options.proof, errors), language, model))
    for name in bands.keys() - proven(proved, tuple(bands)):
        figures["bands"][name]["thresholds"] = {}
    (folder / CARD).write_text(_HEAD + yaml.safe_dump(figures, sort_keys=False), "utf-8")
    about = Figures(
        command=" ".join(sys.argv[1:]),
        digest=str(figures["digest"]),
        size=len(packed),
        kinds=kinds,
        taught=options.text,
        answers=proved,
        bands=tuple(bands),
        profiles=len(errors.profiles),
    )
    (folder / CARD.replace(".yaml", ".md")).write_text(render_card(about, model), "utf-8")
    return 0


def _witnessed(lesson: Lesson, language: "Language") -> Witnessed:
    text = text_probabilities(language, [page.form for page in lesson.pages])
    signs = [page.signs for page in lesson.pages]
    return Witnessed(candidates(lesson.pages[0].titles, signs, text), lesson.kind)


def _answers(given: Iterable[Lesson], language: "Language", model: KindModel) -> Iterator[Answer]:
    for lesson in given:
        text = text_probabilities(language, [page.form for page in lesson.pages])
        signs = [page.signs for page in lesson.pages]
        _, likely = likeliest(candidates(lesson.pages[0].titles, signs, text), model)
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


def _tell(part: str) -> None:
    sys.stderr.write(f"{part}\n")


def _options(given: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m classifiers.training.train")
    for part, rounds in (("text", 70), ("join", 14), ("risk", 50), ("proof", 215)):
        parser.add_argument(
            f"--{part}", type=int, default=rounds, help="documents of each maker; %(default)s"
        )
    parser.add_argument(
        "--keep-text", action="store_true", help="keep the text classifier, fit the rest anew"
    )
    return parser.parse_args(given)


if __name__ == "__main__":
    sys.exit(main())
