"""The engine seam: what a text recogniser promises to the rest of the house.

An engine sees one prepared image at a time: grey, upright, cleaned.
Everything before and after (cleaning, ordering, boxes of the page) is `ocr.reading`.
"""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from ocr.engines.null import NullEngine
from ocr.engines.tesseract import TesseractEngine
from ocr.layout import Layout
from records.errors import SetupError
from records.values import Line


class OcrEngine(Protocol):
    """Turns one image into lines of words.

    Promises: the image is not changed; the same image gives the same lines; nothing of the image or
    its text is left on disk or written to a log; at most one thread of work runs at a time, in this
    process or in one child.
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

    def recognise(
        self, image: npt.NDArray[np.uint8], dpi: int, layout: Layout = "page"
    ) -> list[Line]:
        """Read dark text on a light, upright image.

        Args:
            image: height x width, grey, 8 bits.
            dpi: resolution of this image (not of the scan it came from).
            layout: what may be taken for granted of its lines.

        Returns:
            Lines in the engine's order; boxes in pixels of `image`; confidences 0..1.

        Raises:
            RejectedInput: `page_too_slow`, `page_not_recognised`.
            TransientError: `ocr_engine_killed`.
        """
        ...


def make_engine(name: str, languages: str, max_seconds: int = 120) -> OcrEngine:
    """Return the engine called `name`: `tesseract`, or `null`, which reads nothing.

    Args:
        name: the setting `ocr_engine`.
        languages: the setting `ocr_languages`, e.g. `kor+eng`.
        max_seconds: longest time for one page.

    Raises:
        SetupError: `ocr_engine_unknown`, `ocr_engine_missing`, `ocr_language_missing`.
    """
    if name == "tesseract":
        return TesseractEngine(languages, max_seconds)
    if name == "null":
        return NullEngine(languages)
    raise SetupError("ocr_engine_unknown", name)
