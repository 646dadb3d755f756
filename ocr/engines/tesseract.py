"""Tesseract as a child process: the only place that knows its flags and its table of words.

The image goes in and the words come out by pipe.
pytesseract writes both to files in the shared temp folder, where a killed worker would leave a
patient's page, and it cannot set the child's environment; it is asked for the version only.
"""

import csv
import hashlib
import io
import os
import re
import subprocess
from itertools import groupby
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytesseract

from ocr.engines.second_look import look_again
from ocr.engines.word_gaps import words_by_gaps
from ocr.layout import Layout
from records.errors import RejectedInput, SetupError, TransientError
from records.values import Box, Line, Word

_PROGRAM = "tesseract"
_MODELS = re.compile(r'"(?P<folder>[^"]+)"')
# On cleaned pages psm 4 reads tables row by row; psm 3 cuts them into columns.
_PAGE_SEGMENTATION: dict[Layout, int] = {"page": 4, "block": 6}
_WORD_LEVEL = "5"
_NON_LATIN = frozenset({"kor"})


class TesseractEngine:
    """Tesseract with fixed languages."""

    name = "tesseract"

    def __init__(self, languages: str, max_seconds: int = 120) -> None:
        self.languages = languages
        self._max_seconds = max_seconds
        folder, installed = _installed_models()
        digests = []
        for language in languages.split("+"):
            if language not in installed:
                raise SetupError("ocr_language_missing", language)
            model = folder / f"{language}.traineddata"
            digests.append(f"{language}:{hashlib.sha256(model.read_bytes()).hexdigest()[:12]}")
        self.version = f"tesseract {pytesseract.get_tesseract_version()} {' '.join(digests)}"

    def recognise(
        self, image: npt.NDArray[np.uint8], dpi: int, layout: Layout = "page"
    ) -> list[Line]:
        """Read one image, each time with a child of its own; see `OcrEngine.recognise`."""
        lines = words_by_gaps(self._read(image, dpi, layout, self.languages), image)
        first, *others = self.languages.split("+")
        if layout == "block" or not others or first not in _NON_LATIN:
            return lines
        return look_again(
            lines,
            image,
            dpi,
            lambda piece: words_by_gaps(self._read(piece, dpi, "block", first), piece),
        )

    def _read(
        self, image: npt.NDArray[np.uint8], dpi: int, layout: Layout, languages: str
    ) -> list[Line]:
        flags = ["-l", languages, "--dpi", str(dpi), "--psm", str(_PAGE_SEGMENTATION[layout])]
        _, portable = cv2.imencode(".pgm", image)
        try:
            done = subprocess.run(
                [_PROGRAM, "stdin", "stdout", *flags, "tsv"],
                input=portable.tobytes(),
                capture_output=True,
                check=False,
                timeout=self._max_seconds,
                env=_child_environment(),
            )
        except subprocess.TimeoutExpired:
            # `from None`: the original would carry the child's output, the page's text.
            raise RejectedInput("page_too_slow") from None
        except FileNotFoundError as error:
            raise SetupError("ocr_engine_missing", _PROGRAM) from error
        if done.returncode < 0:
            raise TransientError("ocr_engine_killed", str(-done.returncode))
        if done.returncode > 0:
            raise RejectedInput("page_not_recognised")
        return _lines(done.stdout.decode("utf-8", "replace"))


def _child_environment() -> dict[str, str]:
    # Without the limit two workers on two cores take 2.5 times as long for the same text.
    return os.environ | {"OMP_THREAD_LIMIT": "1"}


def _installed_models() -> tuple[Path, set[str]]:
    """Return Tesseract's model folder and the languages in it."""
    try:
        listed = subprocess.run(
            [_PROGRAM, "--list-langs"],
            capture_output=True,
            text=True,
            check=False,
            env=_child_environment(),
        ).stdout
    except FileNotFoundError as error:
        raise SetupError("ocr_engine_missing", _PROGRAM) from error
    folder = _MODELS.search(listed)
    if folder is None:
        raise SetupError("ocr_engine_missing", _PROGRAM)
    return Path(folder["folder"]), set(listed.splitlines()[1:])


def _lines(table: str) -> list[Line]:
    rows = csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE)
    words = (row for row in rows if row["level"] == _WORD_LEVEL and row["text"].strip())
    by_line = groupby(words, key=lambda row: (row["block_num"], row["par_num"], row["line_num"]))
    return [Line(tuple(_word(row) for row in line)) for _, line in by_line]


def _word(row: dict[str, str]) -> Word:
    x, y, w, h = (int(row[key]) for key in ("left", "top", "width", "height"))
    confidence = min(max(float(row["conf"]) / 100, 0.0), 1.0)
    return Word(row["text"].strip(), Box(x, y, x + w, y + h), confidence)
