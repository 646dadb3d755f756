"""Which way up a prepared page is, proved by reading a few of its lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ocr.engine import OcrEngine
from ocr.imaging.ink import ink_mask
from ocr.imaging.pixels import Grey, as_grey, reduced

SURELY_READ = 0.65  # upside down or sideways, no made sample of 78 was read above 0.46
_FEW_LETTERS = 4
_SAMPLE_LINES = 4
_MORE_LINES = 16
_SAMPLE_INCHES = 3.0
_WORKING_DPI = 75
_LINE_INCHES = (0.07, 0.4)  # heights of a line of text, 5 to 28 pt
_PADDING_INCHES = 0.03
_LEAST_FILLED = 0.008  # of a strip's row
_ONE_LINE = 1.5  # times the usual height


def sample_lines(prepared: Grey, dpi: int, most: int = _SAMPLE_LINES) -> list[Grey]:
    """Return pieces of the page's fullest lines, each of one line."""
    scale = min(_WORKING_DPI / dpi, 1.0)
    ink = ink_mask(reduced(prepared, dpi, _WORKING_DPI))
    width = min(round(_SAMPLE_INCHES * _WORKING_DPI), ink.shape[1])
    padding = round(_PADDING_INCHES * dpi)
    crops = []
    for piece in sorted(_fullest(_pieces(ink, width), most), key=lambda piece: piece.top):
        y0, y1 = max(round(piece.top / scale) - padding, 0), round(piece.bottom / scale) + padding
        x0 = round(piece.left / scale)
        crops.append(prepared[y0:y1, x0 : x0 + round(width / scale)])
    return crops


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of a line: how much ink it holds, and where it lies, in pixels at 75 dpi."""

    ink: float
    left: int
    top: int
    bottom: int


def _pieces(ink: Grey, width: int) -> list[_Piece]:
    """Return the lines of each strip of a page; strips overlap by half.

    Lines are told apart within a strip, for over the whole page's width a label beside two lines
    makes one of them.
    """
    lowest, highest = (inches * _WORKING_DPI for inches in _LINE_INCHES)
    last = ink.shape[1] - width
    pieces = []
    for left in sorted({*range(0, last, max(width // 2, 1)), last}):
        strip = ink[:, left : left + width]
        rows = strip.sum(axis=1, dtype=np.int64) / 255
        filled = np.concatenate(([0], (rows > _LEAST_FILLED * width).astype(np.int8), [0]))
        edges = np.flatnonzero(np.diff(filled))
        for top, bottom in zip(edges[::2], edges[1::2], strict=True):
            if lowest <= bottom - top <= highest:
                amount = float(rows[top:bottom].sum())
                pieces.append(_Piece(amount, left, int(top), int(bottom)))
    return pieces


def _fullest(pieces: Sequence[_Piece], most: int) -> list[_Piece]:
    """Return the fullest pieces, none of two lines where others are of one, none twice."""
    if not pieces:
        return []
    usual = float(np.median([piece.bottom - piece.top for piece in pieces]))
    chosen: list[_Piece] = []
    for piece in sorted(pieces, key=lambda piece: -piece.ink):
        again = any(piece.top < one.bottom and one.top < piece.bottom for one in chosen)
        if not again and piece.bottom - piece.top <= _ONE_LINE * usual:
            chosen.append(piece)
    return chosen[:most]


def read_confidence(sample: Sequence[Grey], dpi: int, engine: OcrEngine) -> float:
    """Return how sure the engine is of a sample, 0..1, each word by its length.

    A word's confidence is that of all its letters together, so long words read rightly would count
    less than single signs read into a sample that lies down: the root of its length evens that
    out. Of a few letters the engine is not sure.
    """
    words = [word for line in engine.recognise(sample, dpi) for word in line]
    letters = sum(len(word.text) for word in words)
    sure = sum(
        len(word.text) * (word.confidence or 0.0) ** len(word.text) ** -0.5 for word in words
    )
    return float(sure / (letters + _FEW_LETTERS))


def confidence_each_way(prepared: Grey, dpi: int, engine: OcrEngine) -> Iterator[tuple[int, float]]:
    """Yield (turn, confidence) for a page as it is, and turned by 180 where that may be better.

    A page without lines yields nothing.
    """
    sample = sample_lines(prepared, dpi)
    if not sample:
        return
    as_it_is = read_confidence(sample, dpi, engine)
    yield 0, as_it_is
    if as_it_is < SURELY_READ:
        yield 180, read_confidence(_turned(sample), dpi, engine)


def confidence_of_more(prepared: Grey, dpi: int, turn: int, engine: OcrEngine) -> float:
    """Return how sure the engine is of more lines of a page, turned by 0 or 180."""
    sample = sample_lines(prepared, dpi, _MORE_LINES)
    return read_confidence(_turned(sample) if turn else sample, dpi, engine)


def _turned(sample: Sequence[Grey]) -> list[Grey]:
    return [as_grey(cv2.rotate(piece, cv2.ROTATE_180)) for piece in sample]
