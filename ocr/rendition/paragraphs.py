"""Text broken into lines of a given width; nothing of it is lost."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from ocr.rendition.letterforms import Weight, advance

_MOST_TAB = 4


@dataclass(frozen=True, slots=True)
class Style:
    """How text is written: size and leading in points, colour as RGB of 0..1."""

    size: float = 9.0
    leading: float = 13.0
    weight: Weight = "regular"
    colour: tuple[float, float, float] = (0.1, 0.11, 0.13)
    align: str = "left"  # left | center | right


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line as it will stand, and how wide it is in points."""

    text: str
    width: float
    style: Style


def lines_of(text: str, style: Style, width: float) -> tuple[TextLine, ...]:
    """Break a text at its ends of line, then between words, then within words too long."""
    return tuple(
        TextLine(line, measure(line, style), style)
        for part in text.split("\n")
        for line in _broken(shown(part), style, width)
    )


def measure(text: str, style: Style) -> float:
    """How wide a text is in points."""
    return sum(advance(letter, style.weight) for letter in text) * style.size / 1000


def shown(text: str) -> str:
    """Return a text with what no PDF/A may hold written out: `‹U+0000›`."""
    if text.isprintable():
        return text
    return "".join(_told(letter) for letter in text.expandtabs(_MOST_TAB))


def _told(letter: str) -> str:
    code = ord(letter)
    none = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF or code == 0xFEFF
    if none or unicodedata.category(letter) in {"Cc", "Cs"}:
        return f"‹U+{code:04X}›"
    return letter


def _broken(text: str, style: Style, width: float) -> Iterator[str]:
    line, used = "", 0.0
    for word in _words(text):
        size = measure(word, style)
        if line and used + measure(word.rstrip(" "), style) > width:
            yield line.rstrip(" ")
            line, used = "", 0.0
        if size <= width:
            line, used = line + word, used + size
            continue
        for letter in word:
            one = measure(letter, style)
            if line and used + one > width:
                yield line
                line, used = "", 0.0
            line, used = line + letter, used + one
    yield line.rstrip(" ")


def _words(text: str) -> Iterator[str]:
    """Cut behind spaces: each word with those that follow it."""
    start = 0
    for place, letter in enumerate(text[:-1]):
        if letter == " " and text[place + 1] != " ":
            yield text[start : place + 1]
            start = place + 1
    if start < len(text):
        yield text[start:]
