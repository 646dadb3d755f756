"""Made pages as the line hands them over, and how far a reading is from their truth."""

from typing import Literal

import numpy as np
import numpy.typing as npt
from PIL import Image
from rapidfuzz.distance import Levenshtein

from records.ids import page_id
from records.values import PageImage
from tests.makers.pages import MadePage, make_page

Pixels = npt.NDArray[np.uint8]
Turn = Literal[0, 90, 180, 270]


def made(kind: str, seed: int, level: Literal["clean", "mild", "medium", "severe"]) -> MadePage:
    """The first page of one made document."""
    return make_page(kind, None, seed, level)[0]


def page_image(pixels: Pixels, dpi: int | None = 300, pdf: bytes | None = None) -> PageImage:
    """A page image of grey or RGB pixels."""
    height, width = pixels.shape[:2]
    mode = "RGB" if pixels.ndim == 3 else "L"
    return PageImage(page_id("s-test", 0), width, height, mode, dpi, pixels.tobytes(), pdf)


def page_of(image: Image.Image, dpi: int | None = 300) -> PageImage:
    """A page image of a Pillow image."""
    kept = image if image.mode in {"L", "RGB"} else image.convert("L")
    return page_image(np.asarray(kept), dpi)


def character_errors(truth: str, read: str) -> float:
    """Edits per character of the truth, white space left out."""
    told, found = "".join(truth.split()), "".join(read.split())
    return Levenshtein.distance(told, found) / max(len(told), 1)
