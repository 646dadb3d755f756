"""Words as they are printed: symbols parted where white lies between them.

Tesseract's Korean models put spaces between syllables (`kor`) or leave them out (`Hangul`); the
white between two pieces of ink tells. Words get their box from their ink: the engine's boxes of
single symbols end anywhere.
"""

from dataclasses import dataclass

import numpy as np

from ocr.imaging.ink import ink_mask
from ocr.imaging.pixels import Grey, Mask
from records.values import Box, Word

_WORD_GAP = 0.3  # of the line's height; between syllables about 0.15, between words 0.35 and more
_FIGURE_GAP = 0.5  # a 1 stands far from its neighbours
_FIGURES = frozenset("0123456789.,-—")
_FLAT = 0.4  # of a line's usual height, at 300 dpi 10 pt: a line of dashes is no measure of height
_USUAL_INCHES = 0.12


@dataclass(frozen=True, slots=True)
class Symbol:
    """A letter as read: its text, left and right end in pixels of the line, certainty 0..1.

    `other`: the sign that was next likely, and how likely it was.
    """

    text: str
    left: float
    right: float
    confidence: float
    other: tuple[str, float] | None = None


def ink_words(image: Grey, dpi: int) -> list[Box]:
    """Return the boxes of a line's words, left to right, as the white between them parts them."""
    ink = ink_mask(image)
    rows = np.flatnonzero(ink.any(axis=1))
    if not rows.size:
        return []
    height = max(int(rows[-1] - rows[0] + 1), round(_FLAT * _USUAL_INCHES * dpi))
    filled = np.concatenate(([0], ink.any(axis=0), [0])).astype(np.int8)
    edges = np.flatnonzero(np.diff(filled))
    starts, ends = edges[::2], edges[1::2]
    gaps = (starts[1:] - ends[:-1]) / height
    wide = np.flatnonzero(gaps >= _WORD_GAP)
    firsts = starts[np.concatenate(([0], wide + 1))]
    lasts = ends[np.concatenate((wide, [-1]))]
    return [_trimmed(ink, int(x0), int(x1)) for x0, x1 in zip(firsts, lasts, strict=True)]


def _trimmed(ink: Mask, x0: int, x1: int) -> Box:
    rows = np.flatnonzero(ink[:, x0:x1].any(axis=1))
    return Box(x0, int(rows[0]), x1, int(rows[-1]) + 1)


def by_word(symbols: list[Symbol], boxes: list[Box], height: int) -> list[tuple[Box, list[Symbol]]]:
    """Give symbols to the words whose ink they stand on; none for ink on which none stands.

    Figures that stand a little apart are one number.

    Args:
        symbols: left to right.
        boxes: the words' ink, left to right.
        height: of the line, in pixels.
    """
    if not symbols or not boxes:
        return [(box, []) for box in boxes]
    middles = np.array([(symbol.left + symbol.right) / 2 for symbol in symbols])
    middles = np.minimum.accumulate(middles[::-1])[::-1]  # a box may reach into the next symbols
    lefts, rights = np.array([b.x0 for b in boxes]), np.array([b.x1 for b in boxes])
    places = np.maximum(lefts - middles[:, None], middles[:, None] - rights).argmin(axis=1)
    found: list[tuple[Box, list[Symbol]]] = []
    for number, box in enumerate(boxes):
        own = [symbol for symbol, place in zip(symbols, places, strict=True) if place == number]
        if found and _one_number(found[-1][1], own):
            before, letters = found[-1]
            if box.x0 - before.x1 < _FIGURE_GAP * height:
                found[-1] = (_around(before, box), letters + own)
                continue
        found.append((box, own))
    return found


def _one_number(before: list[Symbol], after: list[Symbol]) -> bool:
    if not before or not after:
        return False
    return before[-1].text in _FIGURES - {"."} and after[0].text in _FIGURES


def _around(left: Box, right: Box) -> Box:
    return Box(left.x0, min(left.y0, right.y0), right.x1, max(left.y1, right.y1))


def word_of(symbols: list[Symbol], box: Box) -> Word | None:
    """Join symbols into one word, as sure as they are on average; None where there are none."""
    if not symbols:
        return None
    confidence = sum(symbol.confidence for symbol in symbols) / len(symbols)
    return Word("".join(symbol.text for symbol in symbols), box, confidence)
