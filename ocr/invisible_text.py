"""The words of a page as invisible text, each word as wide as its print."""

import math
import unicodedata
from statistics import median

from ocr.glyphless_font import ASCENT, DESCENT, WIDE, Alphabet, advance
from records.values import Line, PageText, Word

FONT = "GiroksilText"

_EM = ASCENT - DESCENT
_LEAST_GAP = 0.2  # of the type size; below 0.15 poppler takes two words for one
_FARTHEST_OFF = 0.45  # of the type size, from a leaning word's middle to the line's level
_MOST_GIVEN = 0.15  # share of its width that a word gives for a gap, at either end


def content(
    text: PageText, box: tuple[float, float, float, float], rotate: int, alphabet: Alphabet
) -> bytes:
    """Return a page's words as a content stream, to stand before or after the page's own.

    Words stand upright also on a page that leans: programs that extract text take turned letters
    for vertical writing. A line goes up or down in steps, as few as keep each word on its print.

    Args:
        text: lines, words and boxes in pixels of the upright page.
        box: the page's left, bottom, right and top in its PDF, in points.
        rotate: clockwise degrees by which a viewer turns the page, so that it is upright.
        alphabet: gives the words their codes.
    """
    left, bottom, right, top = box
    width, height = right - left, top - bottom
    if rotate in (90, 270):
        width, height = height, width
    across, down = width / text.width, height / text.height
    turn = {
        0: (1, 0, 0, 1, left, bottom),
        90: (0, 1, -1, 0, right, bottom),
        180: (-1, 0, 0, -1, right, top),
        270: (0, -1, 1, 0, left, top),
    }[rotate]
    lean = math.tan(math.radians(text.skew))
    out = ["q", " ".join(_number(part) for part in turn) + " cm", "3 Tr"]
    for line in text.lines:
        out += _line(line, lean, across, down, height, alphabet)
    return "\n".join([*out, "Q\n"]).encode("ascii")


def _line(
    line: Line, lean: float, across: float, down: float, height: float, alphabet: Alphabet
) -> list[str]:
    """Return one line as one text object: its words, and a space after each but the last."""
    words = [(word, letters) for word in line.words if (letters := told(word.text))]
    if not words:
        return []
    size = max(_weighted([(w.box.y1 - w.box.y0, len(t)) for w, t in words]) * down, 1.0)
    middles = [_middle(word, lean) for word, _ in words]
    offset = _weighted([(m, len(t)) for m, (_, t) in zip(middles, words, strict=True)])
    spans = _with_gaps(
        [(word.box.x0 * across, word.box.x1 * across) for word, _ in words], _LEAST_GAP * size
    )
    levels = _in_steps(
        [offset + lean * (word.box.x0 + word.box.x1) / 2 for word, _ in words], size / down
    )
    out = ["BT", f"/{FONT} {_number(size)} Tf"]
    for place, ((_, letters), (start, end)) in enumerate(zip(words, spans, strict=True)):
        level = levels[place]
        baseline = height - level * down - size * (ASCENT + DESCENT) / 2 / _EM
        out += [
            f"1 0 0 1 {_number(start)} {_number(baseline)} Tm",
            f"{_scale(end - start, letters, size)} Tz <{alphabet.encode(letters)}> Tj",
        ]
        if place + 1 < len(words):
            gap = max(spans[place + 1][0] - end, _LEAST_GAP * size)
            out.append(f"{_scale(gap, ' ', size)} Tz <{alphabet.encode(' ')}> Tj")
    return [*out, "ET"]


def _in_steps(levels: list[float], size: float) -> list[float]:
    """Return the same level for words in a row as long as none is farther off than allowed.

    A program that copies a line begins a new one where the level changes.
    """
    steps: list[float] = []
    start = 0
    for end in range(1, len(levels) + 1):
        run = levels[start:end]
        following = levels[start : end + 1]
        if end == len(levels) or max(following) - min(following) > 2 * _FARTHEST_OFF * size:
            steps += [(max(run) + min(run)) / 2] * len(run)
            start = end
    return steps


def _with_gaps(spans: list[tuple[float, float]], gap: float) -> list[tuple[float, float]]:
    """Return words' left and right ends with room between neighbours that stand too close.

    The left one gives first, then the right one, each a small part of its width.
    """
    apart = [(start, max(end, start + 0.1)) for start, end in spans]
    for place in range(len(apart) - 1):
        (start, end), (following, last) = apart[place], apart[place + 1]
        lacking = gap - (following - end)
        given = min(max(lacking, 0.0), _MOST_GIVEN * (end - start))
        taken = min(max(lacking - given, 0.0), _MOST_GIVEN * (last - following))
        apart[place], apart[place + 1] = (start, end - given), (following + taken, last)
    return apart


def told(text: str) -> str:
    """Return a word without what is no character of a text: controls, halves of pairs, marks."""
    return "".join(
        character
        for character in text
        if unicodedata.category(character) not in ("Cc", "Cs", "Cn") and character != "\ufeff"
    )


def _middle(word: Word, lean: float) -> float:
    """Return the height of a word's middle, in pixels, with the lean of the page taken out."""
    return (word.box.y0 + word.box.y1) / 2 - lean * (word.box.x0 + word.box.x1) / 2


def _weighted(values: list[tuple[float, int]]) -> float:
    """Return the median, each value counted as often as it has letters."""
    return float(median([value for value, letters in values for _ in range(letters)]))


def _scale(wide: float, letters: str, size: float) -> str:
    """Return the horizontal scaling, in percent, that makes letters as wide as wanted (points)."""
    natural = sum(advance(letter) for letter in letters) / WIDE * size
    return _number(100 * wide / natural)


def _number(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")
