"""Our own recognizer of Korean medical print behind the seam: a small network, run by ONNX Runtime.

How it was made: `ocr.training`; what it knows and how well: `models/line-recognizer.md`.
"""

import functools
import hashlib
import json
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from ocr.engines.confidence import confidence
from ocr.engines.line_shape import HEIGHT, FittedLine, fitted
from ocr.engines.read_spaces import by_read_space
from ocr.engines.word_gaps import Symbol
from ocr.imaging.pixels import Grey
from records.values import Box, Doubt, Word

MODEL = Path(__file__).parent / "models" / "line-recognizer.onnx"
_BLANK = 0
_STRIDE = 4  # columns of a line to one guess
_COLUMNS = 6000  # of one batch, its padding counted
_WIDTH_STEP = 32
_FULL_WIDTH = ord("！") - ord("!")
_CERTAIN, _LIKELY = 0.98, 0.02  # of a sign that is not doubted, and of one that is thought of
_PERSON_NUMBER = re.compile(r"\W*(?=(?:\D*\d){11})[\dIlOo|]{6}-[\dIlOo|]{7}\W*")
_AS_FIGURES = str.maketrans("Il|Oo", "11100")
_SPECKS = ".,'`·"
Odds = npt.NDArray[np.float32]


class RecognizerEngine:
    """Reads Hangul, Latin, figures, signs and Hanja of forms, in this process, on one thread."""

    name = "recognizer"

    def __init__(self, languages: str) -> None:
        self.languages = languages
        self.version = f"recognizer {_digest(MODEL)}"
        self._session = _session(MODEL)
        signs = json.loads(self._session.get_modelmeta().custom_metadata_map["signs"])
        self._signs = tuple(map(_plain, signs))
        self._space = self._signs.index(" ")

    def recognise(self, lines: Sequence[Grey], dpi: int) -> list[tuple[Word, ...]]:
        """Read line images; see `OcrEngine.recognise`. Their resolution is of no account."""
        del dpi
        return [
            tuple(_word(own, box) for box, own in by_read_space(symbols, line))
            for line, symbols in zip(lines, self.symbols(lines), strict=True)
        ]

    def symbols(self, lines: Sequence[Grey]) -> list[list[Symbol]]:
        """Return what is read of each line, sign by sign, spaces among them."""
        shaped = [(place, own) for place, line in enumerate(lines) if (own := fitted(line))]
        found: list[list[Symbol]] = [[] for _ in lines]
        for batch in _batches(shaped):
            images = np.zeros((len(batch), 1, HEIGHT, _padded(batch[0][1])), np.float32)
            for row, (_, line) in zip(images, batch, strict=True):
                row[0, :, : line.image.shape[1]] = line.image
            (odds,) = self._session.run(None, {"lines": images / 255})
            for own, (place, line) in zip(odds, batch, strict=True):
                found[place] = list(self._decoded(own, line))
        return found

    def _decoded(self, odds: Odds, line: FittedLine) -> Iterator[Symbol]:
        """Yield the likeliest signs of one line (steps x classes, log odds)."""
        odds = odds[: -(-line.image.shape[1] // _STRIDE)]
        best = odds.argmax(axis=1)
        total = np.exp(odds - odds.max(axis=1, keepdims=True)).sum(axis=1)
        sure = 1 / total
        edges = np.flatnonzero(np.diff(best, prepend=-1, append=-1))
        for start, end in pairwise(edges.tolist()):
            sign = self._signs[best[start]]
            if best[start] != _BLANK:
                left, right = (line.left + step * _STRIDE / line.scale for step in (start, end))
                step = start + int(sure[start:end].argmax())
                doubted = sure[step] < _CERTAIN
                other = self._other(odds[step], float(total[step])) if doubted else None
                yield Symbol(sign, left, right, float(sure[step]), other)

    def _other(self, odds: Odds, total: float) -> tuple[str, float]:
        """Return the sign that is next likely at one step, spaces left out."""
        likely = np.exp(odds - odds.max()) / total
        likely[[_BLANK, int(odds.argmax()), self._space]] = 0
        second = int(likely.argmax())
        return self._signs[second], round(float(likely[second]), 4)


def _plain(sign: str) -> str:
    """Return a full-width sign as the plain one: print does not tell them apart."""
    return chr(ord(sign) - _FULL_WIDTH) if len(sign) == 1 and "！" <= sign <= "～" else sign


def _word(symbols: list[Symbol], box: Box) -> Word:
    """Join symbols into a word, as sure as all of them together."""
    certainty = math.prod(symbol.confidence for symbol in symbols)
    symbols = _person_number(symbols) or symbols
    text = "".join(symbol.text for symbol in symbols)
    return Word(text, box, confidence("recognizer", certainty), _doubts(text, symbols))


def _person_number(symbols: list[Symbol]) -> list[Symbol] | None:
    """Return a person's number without specks and letters among its figures; None of others.

    Thirteen figures with a dash are one, whatever one or two of them look like.
    """
    figures = [place for place, symbol in enumerate(symbols) if symbol.text.isalnum()]
    among = range(figures[0], figures[-1]) if figures else range(0)
    kept = [own for n, own in enumerate(symbols) if n not in among or own.text not in _SPECKS]
    if not _PERSON_NUMBER.fullmatch("".join(symbol.text for symbol in kept)):
        return None
    return [replace(symbol, text=symbol.text.translate(_AS_FIGURES)) for symbol in kept]


def _doubts(text: str, symbols: list[Symbol]) -> tuple[Doubt, ...]:
    if not any(sign.isdigit() for sign in text):
        return ()
    return tuple(
        Doubt(place, *symbol.other)
        for place, symbol in enumerate(symbols)
        if symbol.other and symbol.other[1] >= _LIKELY and symbol.other[0] != text[place]
    )


def _batches(lines: list[tuple[int, FittedLine]]) -> Iterator[list[tuple[int, FittedLine]]]:
    """Yield lines of one padded width together: no line's text depends on its neighbours."""
    by_width: dict[int, list[tuple[int, FittedLine]]] = {}
    for line in lines:
        by_width.setdefault(_padded(line[1]), []).append(line)
    for width, alike in by_width.items():
        most = max(_COLUMNS // width, 1)
        for start in range(0, len(alike), most):
            yield alike[start : start + most]


def _padded(line: FittedLine) -> int:
    return -(-int(line.image.shape[1]) // _WIDTH_STEP) * _WIDTH_STEP


@functools.cache
def _session(model: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


@functools.cache
def _digest(model: Path) -> str:
    return hashlib.sha256(model.read_bytes()).hexdigest()[:12]
