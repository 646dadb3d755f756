"""A value as it would be with one doubted sign exchanged, for the grammar to choose from."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from classifiers.form import Form, Piece
from classifiers.letters import fold

T = TypeVar("T")


def only_one(form: Form, piece: Piece, accepted: Callable[[str], T | None]) -> T | None:
    """Return the one value that some reading with one sign exchanged gives; None of several.

    Args:
        form: the page.
        piece: a value shape.
        accepted: the value of a reading, None where the grammar refuses it.
    """
    values = {value for text in _readings(form, piece) if (value := accepted(text)) is not None}
    return values.pop() if len(values) == 1 else None


def _readings(form: Form, piece: Piece) -> Iterator[str]:
    """Yield the letters of a value, without spaces, each doubted sign exchanged in turn."""
    words = [form.words[index] for index in dict.fromkeys(form.word_of[piece.start : piece.end])]
    texts = ["".join(word.text.split()) for word in words]
    said = "".join(form.tokens[piece.start : piece.end])
    if said != "".join(map(fold, texts)) or any(len(fold(text)) != len(text) for text in texts):
        return
    start = 0
    for word, text in zip(words, texts, strict=True):
        for doubt in word.doubts if text == word.text else ():
            place = start + doubt.place
            yield said[:place] + doubt.sign + said[place + 1 :]
        start += len(text)
