"""A value as it would be with one doubted sign exchanged, for the grammar to choose from."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from classifiers.form import Form, Piece
from classifiers.letters import fold

T = TypeVar("T")
_SURE = 0.8  # of a word that needs no doubts named


def only_one(form: Form, piece: Piece, accepted: Callable[[str], T | None]) -> T | None:
    """Return the one value that some reading with one sign exchanged gives; None of several.

    Args:
        form: the page.
        piece: a value shape.
        accepted: the value of a reading, None where the grammar refuses it.
    """
    values = {value for text in _readings(form, piece) if (value := accepted(text)) is not None}
    return values.pop() if len(values) == 1 else None


def is_settled(form: Form, piece: Piece, accepted: Callable[[str], T | None], value: T) -> bool:
    """Whether no doubted sign touches a value: exchanged, each gives the same one, or none at all.

    Every word that was read with doubt must say which of its signs are doubted, and all its letters
    must be the value's: of "J00" the O for a 0 is refused, of "10.25.," the comma is no part.
    """
    tokens = range(piece.start, piece.end)
    words = [form.words[index] for index in dict.fromkeys(form.word_of[piece.start : piece.end])]
    said = sum(sign.isalnum() for token in tokens for sign in form.tokens[token])
    if said != sum(sign.isalnum() for word in words for sign in fold(word.text)):
        return False
    if any((word.confidence or 0.0) < _SURE and not word.doubts for word in words):
        return False
    return {accepted(text) for text in _readings(form, piece)} <= {value, None}


def _readings(form: Form, piece: Piece) -> Iterator[str]:
    """Yield the letters of a value, without spaces, each doubted sign exchanged in turn."""
    words = [form.words[index] for index in dict.fromkeys(form.word_of[piece.start : piece.end])]
    texts = ["".join(word.text.split()) for word in words]
    said = "".join(form.tokens[piece.start : piece.end])
    if texts:
        texts[-1] = _without_end(texts[-1], said)
    if said != "".join(map(fold, texts)) or any(len(fold(text)) != len(text) for text in texts):
        return
    start = 0
    for word, text in zip(words, texts, strict=True):
        for doubt in word.doubts if word.text.startswith(text) else ():
            if doubt.place >= len(text):
                continue
            place = start + doubt.place
            yield said[:place] + doubt.sign + said[place + 1 :]
        start += len(text)


def _without_end(text: str, said: str) -> str:
    """A last word without the signs behind the value: "10.25.," of 1926.10.25."""
    end = text
    while end and not said.endswith(fold(end)) and not end[-1].isalnum():
        end = end[:-1]
    return end if said.endswith(fold(end)) else text
