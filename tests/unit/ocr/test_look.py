"""Flags of a page's look: one page that has it, several that nearly have it."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from ocr.engine import make_engine
from ocr.reading import read_page
from records.values import PageText
from tests.makers.pages import make_page
from tests.makers.scans import Sheet, scan
from tests.unit.ocr import sheets
from tests.unit.ocr.made_pages import page_image
from tests.unit.ocr.sheets import Pixels

_MATERIAL = Path(__file__).parents[4] / "shared" / "material"
_BLACK_PEN, _BLUE_PEN, _RED, _GREY = (25, 25, 30), (40, 60, 160), (196, 38, 44), (90, 90, 90)


_SIGNED = ("treatment_confirmation", "consent_form", "medical_opinion")


def _read(pixels: Pixels, dpi: int = 300) -> PageText:
    """The page's facts, without its words: their flags do not need an engine."""
    return read_page(page_image(pixels, dpi), make_engine("null", "kor")).text


def _form(kind: str = "treatment_confirmation", seed: int = 41) -> Pixels:
    """A mildly scanned form in grey, without seals."""
    faults = ("skew", "gaussian_noise", "punch_holes")
    image = make_page(kind, None, seed, "mild", faults=faults)[0].image
    return np.asarray(image.convert("L"))


def test_ordinary_pages_have_no_flag() -> None:
    """Certificates, tables and charts with borders, holes, folds and seals are just pages."""
    for kind, level in (("fee_detail", "medium"), ("lab_result", "mild"), ("consent_form", "mild")):
        made = make_page(kind, None, 52, level, 200)[0]  # type: ignore[arg-type]

        found = {*_read(np.asarray(made.image), 200).flags}
        assert found <= {"rotated", "upside_down"}, kind  # the null engine cannot tell the way up


@pytest.mark.parametrize("side", ["left", "right", "top", "bottom"])
def test_print_over_an_edge_is_cut_off(side: str) -> None:
    """A page whose letters or rules end at an edge of the scan is flagged, on every side."""
    made = make_page("fee_detail", None, 43, "mild", faults=("skew", "gaussian_noise"))[0]
    page = np.asarray(made.image.convert("L"))
    rows = np.flatnonzero((page < 128).sum(axis=1) > 0.05 * page.shape[1])
    columns = np.flatnonzero((page < 128).sum(axis=0) > 30)
    cut = {
        "left": page[:, columns[0] + 130 :],
        "right": page[:, : columns[-1] - 130],
        "top": page[rows[len(rows) // 4] :],
        "bottom": page[: rows[-len(rows) // 4]],
    }[side]

    assert "cut_off" in _read(np.ascontiguousarray(cut)).flags


def _bordered(page: Pixels) -> Pixels:
    edged = page.copy()
    edged[:, :50] = 20
    edged[-40:] = 30
    return edged


def _bled(page: Pixels) -> Pixels:
    photograph = np.random.default_rng(3).integers(20, 160, (60, 90), np.uint8)
    bled = page.copy()
    bled[200:1000, -900:] = cv2.resize(photograph, (900, 800))
    return bled


def _ruled(page: Pixels) -> Pixels:
    ruled = page.copy()
    ruled[300:3300:100] = 120
    return ruled


def _numbered(page: Pixels) -> Pixels:
    numbered = np.repeat(page[:, :, None], 3, axis=2)
    sheets.write(numbered, (1200, page.shape[0] - 48), "- 3 -", 9, (20, 20, 20))
    return numbered


def _close(page: Pixels) -> Pixels:
    ink = np.argwhere(page < 128)
    (top, left), (bottom, right) = ink.min(axis=0), ink.max(axis=0)
    return np.ascontiguousarray(page[top - 12 : bottom + 12, left - 12 : right + 12])


@pytest.mark.parametrize("nearly", [_bordered, _bled, _ruled, _numbered, _close])
def test_what_merely_reaches_an_edge_is_not_cut_off(nearly: object) -> None:
    """A border, a bleed picture, ruled paper, a low page number and a tight crop are whole."""
    clean = np.asarray(make_page("medical_opinion", None, 44, "clean")[0].image.convert("L"))

    assert "cut_off" not in _read(nearly(clean)).flags  # type: ignore[operator]


@pytest.mark.parametrize(("light", "dark"), [(0.3, True), (0.55, False), (0.8, False)])
def test_a_page_in_the_dark_is_flagged(light: float, dark: bool) -> None:
    """Paper as dark as print is flagged; grey paper and shade are not."""
    page = (_form() * light).astype(np.uint8)

    assert ("dark" in _read(page).flags) == dark


def test_coloured_paper_is_not_dark() -> None:
    """Blue and pink slips are ordinary paper."""
    page = np.repeat(_form()[:, :, None], 3, axis=2)
    for paper in ((170, 200, 235), (240, 190, 200)):
        slip = (page * (np.array(paper) / 255)).astype(np.uint8)

        assert "dark" not in _read(slip).flags


@pytest.mark.parametrize("colour", [_BLACK_PEN, _BLUE_PEN])
def test_a_signature_is_handwriting(colour: tuple[int, int, int]) -> None:
    """At least two of three scrawls on a form are noticed, whatever the ink."""
    found = [
        "handwriting" in _read(sheets.scrawled(_form(_SIGNED[seed % 3], seed), seed, colour)).flags
        for seed in (61, 62, 65)
    ]

    assert sum(found) >= 2


@pytest.mark.parametrize("colour", [_RED, _BLUE_PEN, _GREY])
def test_seals_and_stamps_are_no_handwriting(colour: tuple[int, int, int]) -> None:
    """A name seal and a boxed date stamp are printed, in red, blue or scanned in grey."""
    for seed in (71, 72):
        assert "handwriting" not in _read(sheets.stamped(_form(seed=seed), seed, colour)).flags


def test_printed_marks_are_no_handwriting() -> None:
    """Check marks, circles, rules and a title in blue are print."""
    page = np.repeat(_form(seed=45)[:, :, None], 3, axis=2)
    for x in range(300, 1500, 200):
        cv2.polylines(
            page, [np.array([(x, 300), (x + 20, 330), (x + 60, 260)])], False, (20,) * 3, 6
        )
        cv2.circle(page, (x, 420), 35, (20, 20, 20), 4, cv2.LINE_AA)
    sheets.write(page, (900, 60), "가람내과의원 진료안내", 20, _BLUE_PEN)

    assert "handwriting" not in _read(page).flags


@pytest.mark.parametrize("level", ["mild", "severe"])
@pytest.mark.parametrize("kind", ["code128", "qr", "patch"])
def test_a_sheet_with_a_large_code_is_a_separator(kind: str, level: str) -> None:
    """Bar codes, QR codes and patch codes separate, also skewed and grainy."""
    drawn = {
        "code128": lambda: (sheets.code("BOX-0012-SEP", "Code128", 1500, 350), (480, 1500)),
        "qr": lambda: (sheets.code("SEP", "QRCode", 600, 600), (900, 1500)),
        "patch": lambda: (sheets.patch((False, True, True, False)), (700, 1200)),
    }[kind]()
    sheet = sheets.with_code(sheets.plain(), *drawn)
    faults = ("skew", "gaussian_noise", "blur")
    scanned = scan(Sheet(sheet, 300, np.eye(2, 3)), faults, level, kind).pixels  # type: ignore[arg-type]

    assert "separator" in _read(scanned).flags


def test_codes_of_records_do_not_separate() -> None:
    """A label on a blank sheet, a prescription's QR code and equal stripes are no separators."""
    label = sheets.with_code(
        sheets.plain(), sheets.code("1234567890", "Code128", 450, 160), (1800, 300)
    )
    stripes = sheets.with_code(sheets.plain(), sheets.patch((False,) * 4), (700, 400), 2)
    prescription = np.repeat(_form("prescription", 46)[:, :, None], 3, axis=2)
    square = sheets.code("RX-1234567890", "QRCode", 300, 300)
    prescription = sheets.with_code(prescription, square, (2000, 120), 0)
    large = sheets.code("1234567890", "Code128", 1200, 250)
    lab_sheet = np.repeat(_form("lab_result", 47)[:, :, None], 3, axis=2)
    lab_sheet = sheets.with_code(lab_sheet, large, (500, 3150), 0)

    for page in (label, stripes, prescription, lab_sheet):
        assert "separator" not in _read(page).flags


@pytest.mark.parametrize("seed", [0, 1, 2, 8, 13])
def test_a_blank_sheet_is_blank_and_nothing_else(seed: int) -> None:
    """Grain, folds, stains and the print of the other side are no ink; no look is kept."""
    text = _read(sheets.blank(seed, 200), 200)

    assert (text.flags, text.look) == (("blank",), "")


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4, 23])
def test_one_faint_mark_keeps_its_sheet(seed: int) -> None:
    """Pencil, a pen's dot, a stamp's edge, one small figure: none of these sheets is blank."""
    dpi = 300 if seed == 23 else 200

    assert "blank" not in _read(sheets.marked(seed, dpi), dpi).flags


@pytest.mark.material
@pytest.mark.skipif(not _MATERIAL.is_dir(), reason="the shared material folder is absent")
def test_pages_that_nobody_here_made_have_no_wrong_flag() -> None:
    """Magazine, claim form, invoice, card and notes: not blank, cut off, dark, nor a separator."""
    wrong = {"blank", "cut_off", "dark", "separator"}
    files = [*(_MATERIAL / "A04").rglob("*.tif"), *(_MATERIAL / "A06").rglob("*.png")]
    assert len(files) >= 10
    for file in files:
        with Image.open(file) as image:
            kept = Image.new("RGB", image.size, "white")
            transparent = "A" in image.getbands()
            kept.paste(image.convert("RGB"), mask=image.getchannel("A") if transparent else None)
            tag = image.info.get("dpi")
        dpi = round(float(tag[0])) if tag else None
        text = read_page(page_image(np.asarray(kept), dpi), make_engine("null", "kor")).text

        assert not wrong & {*text.flags}, file.name
        assert text.look, file.name
