"""Tesseract behind the seam: which model reads a line first, and which looks again.

The library runs in a child (`ocr.engines.tesseract_child`) that is spoken to by pipe: nothing of a
page touches the disk, a page that hangs is ended, and models are loaded once.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import cv2

from ocr.engines.confidence import confidence
from ocr.engines.second_look import is_doubtful, looked_once, surer
from ocr.engines.tesseract_models import model_folder
from ocr.engines.tesseract_process import TesseractProcess
from ocr.engines.word_gaps import Symbol, by_word, ink_words, word_of
from ocr.imaging.pixels import Grey, as_grey
from records.values import Box, Word

_LINE_MODE = 7  # page segmentation: the image is one line
_MARGIN_INCHES = 0.01
_WORD_MARGIN_INCHES = 0.03
_SOFTENED_INCHES = 0.0035  # sigma; character errors 0.069 without, 0.061 with it


class TesseractEngine:
    """Tesseract with fixed languages: the first reads every line, the second looks again."""

    name = "tesseract"

    def __init__(self, languages: str, max_seconds: int = 120) -> None:
        self.languages = languages
        self._first, *others = languages.split("+")
        self._second = "+".join(others)
        folder = model_folder(languages.split("+"))
        digests = [f"{name}:{_digest(folder, name)}" for name in languages.split("+")]
        self.version = f"tesseract {version('tesserocr')} {' '.join(digests)}"
        self._process = TesseractProcess(folder, max_seconds)

    def recognise(self, lines: Sequence[Grey], dpi: int) -> list[tuple[Word, ...]]:
        """Read line images; see `OcrEngine.recognise`."""
        softened = [_Softened.of(line, dpi) for line in lines]
        symbols = self._process.read([s.image for s in softened], dpi, self._first, _LINE_MODE)
        found = []
        for line, soft, letters in zip(lines, softened, symbols, strict=True):
            parted = by_word(soft.on_line(letters), ink_words(line, dpi), line.shape[0])
            found.append([(box, word_of(own, box)) for box, own in parted])
        doubtful = [
            (number, place)
            for number, words in enumerate(found)
            for place, (_, word) in enumerate(words)
            if self._second and is_doubtful(word)
        ]
        pieces = [softened[number].cut(found[number][place][0], dpi) for number, place in doubtful]
        again = self._process.read(pieces, dpi, self._second, _LINE_MODE)
        looks = dict(zip(doubtful, again, strict=True))
        return [
            tuple(
                chosen
                for place, (box, word) in enumerate(words)
                if (chosen := _chosen(box, word, looks.get((number, place))))
            )
            for number, words in enumerate(found)
        ]


def _chosen(box: Box, word: Word | None, again: list[Symbol] | None) -> Word | None:
    """Return what is believed of one word's ink; `again` is None where it was read once only."""
    best = surer(word, word_of(again, box)) if again is not None else None
    if best is None:
        best = (word, looked_once(word)) if word else None
    if best is None:
        return None
    read, look = best
    return replace(read, confidence=confidence(look, read.confidence or 0.0))


@dataclass(frozen=True, slots=True)
class _Softened:
    """A line as Tesseract likes it: a little blurred, on a margin of white."""

    image: Grey
    margin: int

    @classmethod
    def of(cls, line: Grey, dpi: int) -> "_Softened":
        margin = round(_MARGIN_INCHES * dpi)
        return cls(as_grey(cv2.GaussianBlur(_framed(line, margin), (0, 0), _blur(dpi))), margin)

    def on_line(self, symbols: Sequence[Symbol]) -> list[Symbol]:
        """Return symbols with their places on the line itself."""
        return [replace(s, left=s.left - self.margin, right=s.right - self.margin) for s in symbols]

    def cut(self, box: Box, dpi: int) -> Grey:
        """Return one word's piece, with a margin of its own."""
        more = round(_WORD_MARGIN_INCHES * dpi) - self.margin
        rows = slice(max(box.y0 - more, 0), box.y1 + 2 * self.margin + more)
        columns = slice(max(box.x0 - more, 0), box.x1 + 2 * self.margin + more)
        return _framed(self.image[rows, columns], self.margin)


def _blur(dpi: int) -> float:
    return _SOFTENED_INCHES * dpi


def _framed(image: Grey, margin: int) -> Grey:
    sides = (margin, margin, margin, margin)
    return as_grey(cv2.copyMakeBorder(image, *sides, cv2.BORDER_CONSTANT, value=(255.0,)))


def _digest(folder: Path, name: str) -> str:
    return hashlib.sha256((folder / f"{name}.traineddata").read_bytes()).hexdigest()[:12]
