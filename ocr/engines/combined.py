"""Both recognizers: ours reads every line, Tesseract looks at what ours is unsure of."""

import re
from collections.abc import Sequence
from dataclasses import replace

import cv2

from ocr.engines.confidence import confidence
from ocr.engines.recognizer import RecognizerEngine
from ocr.engines.tesseract import TesseractEngine
from ocr.imaging.pixels import Grey, as_grey
from records.values import Box, Doubt, Word

_SURE = 0.8
_MARGIN_INCHES = 0.02
_ALIKE = str.maketrans("IlOo", "1100")
_C_CODE = re.compile(r"\W*(C)\d{2,4}(\.\d{1,2})?\W*")
_BARRED = "G6"  # what a C with a bar is read as
_CODE = re.compile(r"\W*[A-Z]{1,2}\d{2,4}(\.\d{1,2})?\W*")


class CombinedEngine:
    """Each word as the engine read it that is surer; confidences of both mean the same."""

    name = "combined"

    def __init__(self, languages: str, max_seconds: int = 120) -> None:
        self.languages = languages
        self._first = RecognizerEngine(languages)
        self._second = TesseractEngine(languages, max_seconds)
        self.version = f"{self._first.version}; {self._second.version}"

    def recognise(self, lines: Sequence[Grey], dpi: int) -> list[tuple[Word, ...]]:
        """Read line images; see `OcrEngine.recognise`."""
        found = [list(words) for words in self._first.recognise(lines, dpi)]
        margin = round(_MARGIN_INCHES * dpi)
        doubtful = [
            (number, place)
            for number, words in enumerate(found)
            for place, word in enumerate(words)
            if (word.confidence or 0.0) < _SURE or _C_CODE.fullmatch(word.text)
        ]
        pieces = [_piece(lines[n], found[n][place].box, margin) for n, place in doubtful]
        looks = self._second.recognise(pieces, dpi)
        for (number, place), again in zip(doubtful, looks, strict=True):
            found[number][place] = surer(found[number][place], again)
        return [tuple(words) for words in found]


def _piece(line: Grey, box: Box, margin: int) -> Grey:
    """Return one word's part of a line, on a margin of white."""
    part = line[:, box.x0 : box.x1]
    sides = (0, 0, margin, margin)
    return as_grey(cv2.copyMakeBorder(part, *sides, cv2.BORDER_CONSTANT, value=(255.0,)))


def surer(word: Word, again: Sequence[Word]) -> Word:
    """Return a word as it was read first or again, whichever is surer, given the other.

    A code keeps its letter: Tesseract reads I10 as 110 and J00 as JOO, and says to be sure.
    But its C is a G where the second reader saw a bar: of 450 made codes with C it saw none.
    """
    text = "".join(other.text for other in again)
    first = word.confidence or 0.0
    code = _C_CODE.fullmatch(word.text)
    if code and text in (_with_letter(code, letter) for letter in _BARRED):
        sure = confidence("doubted", first)
        doubts = (Doubt(code.start(1), "C", 1 - sure), *word.doubts)
        return replace(word, text=_with_letter(code, "G"), confidence=sure, doubts=doubts)
    if first >= _SURE:
        return word
    if text == word.text:
        return replace(word, confidence=confidence("seconded", first))
    second = min((other.confidence or 0.0 for other in again), default=0.0)
    doubted, overruled = confidence("doubted", first), confidence("overruled", second)
    if text and overruled > doubted and not _is_same_code(word.text, text):
        return Word(text, word.box, overruled, _doubts(text, word.text, doubted))
    others = {(doubt.place, doubt.sign): doubt for doubt in _doubts(word.text, text, overruled)}
    others |= {(doubt.place, doubt.sign): doubt for doubt in word.doubts}
    return replace(word, confidence=doubted, doubts=tuple(others.values()))


def _with_letter(code: re.Match[str], letter: str) -> str:
    return code.string[: code.start(1)] + letter + code.string[code.end(1) :]


def _is_same_code(text: str, other: str) -> bool:
    """Tell whether a text is a code, and another the same but for I and 1, O and 0."""
    return bool(_CODE.fullmatch(text)) and text.translate(_ALIKE) == other.translate(_ALIKE)


def _doubts(text: str, other: str, likely: float) -> tuple[Doubt, ...]:
    """Return the signs of another reading that is as long, where there are figures."""
    if len(text) != len(other) or not any(sign.isdigit() for sign in text + other):
        return ()
    pairs = enumerate(zip(text, other, strict=True))
    return tuple(Doubt(place, sign, likely) for place, (own, sign) in pairs if own != sign)
