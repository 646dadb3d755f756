"""The engine seam: what a text recogniser promises to the rest of the house.

An engine sees the lines of a page: grey, upright, cleaned, cut out one by one.
Everything before and after (cleaning, finding the lines, their order) is `ocr.reading`.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ocr.engines.combined import CombinedEngine
from ocr.engines.null import NullEngine
from ocr.engines.recognizer import RecognizerEngine
from ocr.engines.tesseract import TesseractEngine
from records.errors import SetupError
from records.values import Word


class OcrEngine(Protocol):
    """Turns images of single lines into words.

    Promises: the images are not changed; the same images give the same words; nothing of them or
    their text is left on disk or written to a log; at most one thread of work runs at a time, in
    this process or in one child.
    """

    @property
    def name(self) -> str:
        """The engine's name in settings."""
        ...

    @property
    def version(self) -> str:
        """Program version and digest of each model: another string, perhaps another text."""
        ...

    @property
    def languages(self) -> str:
        """Languages in use, joined by `+`, most important first."""
        ...

    def recognise(self, lines: Sequence[npt.NDArray[np.uint8]], dpi: int) -> list[tuple[Word, ...]]:
        """Read lines of dark text on white, each upright and straight, cut close.

        Args:
            lines: each height x width, grey, 8 bits.
            dpi: resolution of these images (not of the scan they came from).

        Returns:
            For each line its words, left to right; none where nothing was read. Boxes in pixels of
            the line's image, confidences 0..1.

        Raises:
            RejectedInput: `page_too_slow`, `page_not_recognised`.
            TransientError: `ocr_engine_killed`.
        """
        ...


def make_engine(name: str, languages: str, max_seconds: int = 120) -> OcrEngine:
    """Return the engine called `name`.

    There are `recognizer` (ours), `tesseract`, `combined` (both) and `null`, which reads nothing.

    Args:
        name: the setting `ocr_engine`.
        languages: the setting `ocr_languages`, e.g. `Hangul+eng`.
        max_seconds: longest time for one call: the lines of one page.

    Raises:
        SetupError: `ocr_engine_unknown`, `ocr_engine_missing`, `ocr_language_missing`.
    """
    if name == "tesseract":
        return TesseractEngine(languages, max_seconds)
    if name == "combined":
        return CombinedEngine(languages, max_seconds)
    if name == "recognizer":
        return RecognizerEngine(languages)
    if name == "null":
        return NullEngine(languages)
    raise SetupError("ocr_engine_unknown", name)
