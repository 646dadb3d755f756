"""Photographed sheets: their outline, laid flat, and the way back of the boxes."""

from typing import Literal

import numpy as np
import pytest

from ocr.engine import OcrEngine, make_engine
from ocr.imaging.dots import joined_dots
from ocr.imaging.outline import sheet_outline
from ocr.reading import read_page
from records.values import Box, Line, Word
from tests.makers.pages import MadePage, make_page
from tests.unit.ocr.made_pages import character_errors, page_of

Turn = Literal[0, 90, 180, 270]


@pytest.fixture(scope="module")
def engine() -> OcrEngine:
    """Tesseract as in production."""
    return make_engine("tesseract", "Hangul+eng")


def _photograph(level: Literal["mild", "medium", "severe"], rotation: Turn = 0) -> MadePage:
    return make_page(
        "diagnosis_certificate",
        "statutory",
        5401,
        level,
        faults=("perspective",),
        rotation=rotation,
    )[0]


@pytest.mark.parametrize("level", ["mild", "medium", "severe"])
def test_a_photographed_sheet_has_an_outline(
    level: Literal["mild", "medium", "severe"],
) -> None:
    """Keystone, a dark desk and a soft shadow: the four corners are found, A4 is A4."""
    outline = sheet_outline(np.asarray(_photograph(level).image))

    assert outline is not None
    assert outline.height / outline.width == pytest.approx(297 / 210, rel=0.04)


@pytest.mark.parametrize("faults", [("skew",), ("borders",), ("uneven_light", "punch_holes")])
def test_a_scan_has_none(faults: tuple[str, ...]) -> None:
    """A sheet that fills its picture, dark borders or not, is left as it is."""
    page = make_page("prescription", "statutory", 5402, "severe", faults=faults)[0]

    assert sheet_outline(np.asarray(page.image)) is None


def test_a_photograph_is_read_and_its_words_lie_on_the_photograph(engine: OcrEngine) -> None:
    """Text is right, and boxes are those of the picture as stored, not of the flat sheet."""
    page = _photograph("medium")

    text = read_page(page_of(page.image, page.truth.tagged_dpi), engine).text

    assert character_errors(page.truth.text, text.text) <= 0.18
    assert (text.width, text.height) == page.image.size
    printed = {w.text: w.box for line in page.truth.lines for w in line.words if len(w.text) > 3}
    read = {w.text: w.box for line in text.lines for w in line.words}
    shared = printed.keys() & read.keys()
    assert len(shared) >= 8
    for word in shared:
        assert abs(read[word].x0 - printed[word].x0) < 40, word
        assert abs(read[word].y0 - printed[word].y0) < 40, word


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_boxes_return_to_the_upright_picture(rotation: Turn) -> None:
    """A box in the middle of the flat upright sheet is in the middle of the upright picture."""
    page = _photograph("mild", rotation)
    outline = sheet_outline(np.asarray(page.image))
    assert outline is not None
    sideways = rotation in {90, 270}
    width, height = (outline.height, outline.width) if sideways else (outline.width, outline.height)
    flat = Box(width // 4, height // 4, width // 4 + 200, height // 4 + 40)

    (line,) = outline.on_picture((Line((Word("x", flat),)),), rotation)

    box = line.words[0].box
    picture = page.image.size[::-1] if sideways else page.image.size
    assert box.x0 / picture[0] == pytest.approx(0.25, abs=0.05)
    assert box.y0 / picture[1] == pytest.approx(0.25, abs=0.05)
    assert box.x1 - box.x0 == pytest.approx(200, rel=0.15)


def test_needle_print_is_joined_and_specks_are_not() -> None:
    """Strokes of separate dots close; a page of scattered specks stays as it is."""
    rng = np.random.default_rng(5)
    needles = np.full((1200, 1600), 255, np.uint8)
    for top in range(100, 1100, 60):
        for left in range(100, 1500, 50):
            for step in range(6):
                needles[top + 6 * step : top + 6 * step + 4, left : left + 4] = 0
                needles[top : top + 4, left + 6 * step : left + 6 * step + 4] = 0
    specks = np.full((1200, 1600), 255, np.uint8)
    for y, x in zip(rng.integers(0, 1190, 900), rng.integers(0, 1590, 900), strict=True):
        specks[y : y + 4, x : x + 4] = 0

    joined = joined_dots(needles, 300)

    assert joined[104:106, 100:104].max() < 200
    assert joined_dots(specks, 300) is specks
