"""Separator sheets that we print come back from the scanner; other systems' are known as such."""

import io

import numpy as np
import pikepdf
import pytest
from PIL import Image

from ocr.engine import make_engine
from ocr.reading import read_page
from ocr.separator_sheets import SheetOrder, draw_sheet, separator_pdf
from records.separator_code import SeparatorCode
from records.values import PageText
from tests.makers.scans import scan
from tests.makers.sheet import Level, fresh
from tests.unit.ocr import sheets
from tests.unit.ocr.made_pages import page_image

_CHART = SeparatorCode("31234567", "2026-117", "상자01", "00123456")
_SCANS = (
    ("mild", ("skew", "gaussian_noise")),
    ("medium", ("skew", "gaussian_noise", "blur", "fold", "uneven_light", "turn_90")),
    ("severe", ("skew", "gaussian_noise", "blur", "speckle", "stain", "turn_180")),
    ("severe", ("skew", "gaussian_noise", "toner_streaks", "blue_stamp", "pen_marks", "turn_270")),
    ("severe", ("skew", "gaussian_noise", "speckle", "borders", "g4")),
)


def _read(pixels: np.ndarray, dpi: int | None = 300) -> PageText:
    return read_page(page_image(pixels, dpi), make_engine("null", "")).text


def _printed(code: SeparatorCode) -> Image.Image:
    """A sheet as a printer prints it: its black is not quite black."""
    pixels = np.asarray(draw_sheet(SheetOrder(code, "가람내과의원")).convert("L"))
    return Image.fromarray(np.clip(pixels, 10, 252).astype(np.uint8))


@pytest.mark.parametrize(("level", "faults"), _SCANS)
def test_a_printed_sheet_is_read_after_scanning(level: Level, faults: tuple[str, ...]) -> None:
    """Skewed, grainy, folded, stained, faded, turned any way: box and chart are read."""
    scanned = scan(fresh(_printed(_CHART), 300), faults, level, "separator")

    text = _read(scanned.pixels)

    assert text.codes == (_CHART.text,)
    assert "separator" in text.flags


def test_the_pdf_has_one_sheet_an_order_and_one_side() -> None:
    """Each order is a page of A4, and a printer is told not to use the back."""
    orders = [SheetOrder(SeparatorCode("31234567", "", box), "가람내과의원") for box in "123"]

    with pikepdf.open(io.BytesIO(separator_pdf(orders))) as pdf:
        boxes = [[round(float(edge)) for edge in page.mediabox] for page in pdf.pages]
        duplex = str(pdf.Root.ViewerPreferences.Duplex)

    assert boxes == [[0, 0, 595, 842]] * 3
    assert duplex == "/Simplex"


@pytest.mark.parametrize("wide", ["1100", "1010", "1001", "0110", "0101", "0011"])
@pytest.mark.parametrize("level", ["medium", "severe"])
def test_every_patch_code_separates(wide: str, level: Level) -> None:
    """The six arrangements of two wide and two narrow bars (patch 1, 2, 3, 4, 6, T) are known."""
    bars = tuple(bar == "1" for bar in wide)
    sheet = sheets.with_code(sheets.plain(), sheets.patch(bars), (700, 1200))  # type: ignore[arg-type]
    turned = ("turn_90",) if wide[0] == "0" else ()
    faults = ("skew", "gaussian_noise", "blur", *turned)

    text = _read(scan(fresh(Image.fromarray(sheet), 300), faults, level, wide).pixels)

    assert "separator" in text.flags
    assert text.codes == ()


def test_what_another_code_says_is_not_told() -> None:
    """A large bar code of another system separates; its text, perhaps a number, is not kept."""
    code = sheets.code("0012345678", "Code128", 1500, 350)

    text = _read(sheets.with_code(sheets.plain(), code, (480, 1500)))

    assert ("separator" in text.flags, text.codes) == (True, ())
