"""What the words and the shape of a document say of its kind: a spaCy text classifier.

A document is a bag of runs of one to three pieces: syllables, Latin words, figures by their length,
tall print marked as such, and signs for the shape of the page. Trained by `classifiers/training`.
"""

import gzip
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from classifiers.form import Form

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.pipeline import TextCategorizer

MODEL = "kind-classifier.bin.gz"
_TABLE = 1 << 15  # weights a kind; runs are hashed into them
_LONGEST_RUN = 3
_MOST_PIECES = 3000
_TALL = 1.4
_TITLE_LINES = 4
_LONGEST_TITLE = 40
_LONGEST_FIGURE = 8
_FIGURES = re.compile(r"\d+")
_PIECE = re.compile(r"[A-Za-z]+|\d+|\S")


def text_probabilities(language: "Language", forms: Sequence[Form]) -> Mapping[str, float]:
    """The probability of each kind that a classifier knows."""
    from spacy.tokens import Doc  # noqa: PLC0415

    textcat = textcat_of(language)
    (scores,) = textcat.predict([Doc(language.vocab, words=list(pieces_of(forms)))])
    return dict(zip(textcat.labels, map(float, scores), strict=True))


def pieces_of(forms: Sequence[Form]) -> Iterator[str]:
    """Yield what the classifier sees of a document, at most `_MOST_PIECES` of its text."""
    yield from _shape(forms[0])
    for form in forms[:1]:
        for title in _tall_lines(form):
            yield "^"
            yield from (f"^{piece}" for piece in pieces_of_text(title))
    left = _MOST_PIECES
    for form in forms:
        for line in form.lines:
            for piece in pieces_of_text(line.text):
                yield piece
                left -= 1
                if left == 0:
                    return
            yield "/"


def _tall_lines(form: Form) -> list[str]:
    """The tallest short lines of a page; without boxes, those that begin it."""
    short = [line for line in form.lines if 2 <= len(line.letters) <= _LONGEST_TITLE]
    if form.placed:
        short = [line for line in short if line.tallness >= _TALL]
        short.sort(key=lambda line: -line.tallness)
    return [line.text for line in short[:_TITLE_LINES]]


def pieces_of_text(text: str) -> Iterator[str]:
    """Yield the pieces of a stretch of text: syllables, Latin words, figures by their length."""
    for piece in _PIECE.findall(text.lower()):
        yield _FIGURES.sub(lambda run: "9" * min(len(run.group()), _LONGEST_FIGURE), piece)


def _shape(form: Form) -> Iterator[str]:
    page, letters = form.page, form.letters
    yield "§wide" if page.width > page.height else "§tall"
    figures = sum(letter.isdigit() for letter in letters) / max(len(letters), 1)
    yield f"§figures{min(int(figures * 8), 5)}"
    yield f"§letters{min(len(letters) // 250, 6)}"


def blank_text_classifier(kinds: Sequence[str] = ()) -> "Language":
    """Return an untrained classifier of these kinds."""
    import spacy  # noqa: PLC0415

    language = spacy.blank("xx")
    model = {
        "@architectures": "spacy.TextCatBOW.v3",
        "exclusive_classes": True,
        "ngram_size": _LONGEST_RUN,
        "no_output_layer": False,
        "length": _TABLE,
    }
    textcat = language.add_pipe("textcat", config={"model": model})
    for kind in kinds:
        textcat.add_label(kind)  # type: ignore[attr-defined]
    return language


def textcat_of(language: "Language") -> "TextCategorizer":
    """The one part of a classifier's pipeline."""
    return cast("TextCategorizer", language.get_pipe("textcat"))


def unpack(packed: bytes) -> "Language":
    """Return the classifier that was packed."""
    language = blank_text_classifier()
    textcat_of(language).from_bytes(gzip.decompress(packed), exclude=["vocab"])
    return language
