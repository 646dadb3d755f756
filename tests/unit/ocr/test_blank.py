"""Blank sheets, worn and not, and sheets that somebody left one mark on."""

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from ocr.engine import make_engine
from ocr.imaging.blank import is_blank
from ocr.imaging.borders import without_borders
from ocr.imaging.resolution import believed_dpi
from ocr.reading import read_page
from tests.makers.blanks import MARKS, make_marked_blank, make_worn_blank
from tests.makers.pages import MadePage, make_page
from tests.unit.ocr.made_pages import Pixels, page_image, page_of

_DPI = 200


@pytest.mark.parametrize(
    "wear",
    ["stain", "fold", "toner_streaks", "punch_holes", "borders", "uneven_light", "speckle"],
)
def test_a_worn_sheet_is_blank(wear: str) -> None:
    """What scanners and years leave on paper is no mark."""
    assert _flags(make_worn_blank(900_021, "medium", _DPI, wear=(wear,))) == ("blank",)


@pytest.mark.parametrize("mark", sorted(MARKS))
def test_a_mark_on_a_stained_and_folded_sheet_keeps_it(mark: str) -> None:
    """Wear hides no mark, however faint."""
    faults = ("skew", "stain", "fold")
    assert "blank" not in _flags(make_marked_blank(mark, 900_033, "medium", _DPI, faults=faults))


def test_a_stroke_across_a_stain_is_a_mark() -> None:
    """A stain is forgiven, what is written on it is not."""
    page = _paper()
    cv2.circle(page, (800, 1130), 200, 205, 20)
    page = cv2.GaussianBlur(page, (0, 0), 8).astype(np.uint8)
    written = page.copy()
    cv2.line(written, (920, 1100), (1040, 1160), 90, 3, cv2.LINE_AA)

    assert _is_blank(page)
    assert not _is_blank(written)


def test_a_stain_is_told_on_a_coarse_scan() -> None:
    """At 96 dpi grain is as large as a pen's dot: on a ring of coffee it is no stroke."""
    rng = np.random.default_rng(5)
    ring = np.zeros((1123, 794), np.float32)
    cv2.circle(ring, (400, 500), 90, 80, 7)
    grain = cv2.GaussianBlur(rng.normal(0, 12, ring.shape).astype(np.float32), (0, 0), 0.7)
    page = (250 - cv2.GaussianBlur(ring, (0, 0), 2) + grain).clip(0, 255).astype(np.uint8)
    written = page.copy()
    cv2.line(written, (350, 480), (380, 520), 120, 2, cv2.LINE_AA)

    assert is_blank(page, page, 96)
    assert not is_blank(written, written, 96)


def test_a_wide_pen_is_a_mark() -> None:
    """A marker's stroke and a highlighter's, however pale, have an edge; a stain has none."""
    for colour in ((190, 190, 190), (255, 250, 190), (236, 236, 236)):
        page = np.repeat(_paper()[:, :, None], 3, axis=2)
        cv2.line(page, (500, 1100), (900, 1080), colour, 28, cv2.LINE_AA)

        assert not _is_blank(page), colour


def test_a_line_drawn_by_hand_is_a_mark() -> None:
    """A stroke of a pen down the sheet, that wavers, is no streak."""
    page, rows = _paper(), np.arange(400, 1270)
    x = 800 + 0.02 * rows + 3 * np.sin(rows / 60)
    points = np.round(np.column_stack([x, rows]) * 8).astype(np.int32)
    cv2.polylines(page, [points], False, 150, 2, cv2.LINE_AA, 3)

    assert not _is_blank(page)


def test_specks_of_a_coarse_scan_are_no_dots_of_a_pen() -> None:
    """At 96 dpi a scanner's specks are as large as a pen's dots; many of them are no marks."""
    rng = np.random.default_rng(3)
    page = rng.normal(250, 3, (1123, 794)).clip(0, 255).astype(np.uint8)
    for x, y in zip(rng.integers(0, 790, 150), rng.integers(0, 1119, 150), strict=True):
        side = int(rng.integers(1, 4))
        page[y : y + side, x : x + side] = 0
    _, coded = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, 60])
    smeared = np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.uint8)
    written = smeared.copy()
    cv2.line(written, (350, 480), (390, 490), 120, 2, cv2.LINE_AA)

    assert is_blank(smeared, smeared, 96)
    assert not is_blank(written, written, 96)


def test_a_drums_lesser_scratches_run_beside_a_long_one() -> None:
    """A short straight line is a streak only where a long one runs the same way."""
    rows = np.arange(200, 2140)
    lesser = _paper()
    _scratch(lesser, 500, rows[200:500], 210)
    both = lesser.copy()
    _scratch(both, 1000, rows, 190)

    assert not _is_blank(lesser)
    assert _is_blank(both)


def test_what_is_left_of_the_other_sides_print_is_no_mark() -> None:
    """Where it was taken away faint rests stay; a stroke beside or across them is seen."""
    page = _paper()
    shown = np.zeros_like(page)
    cv2.putText(shown, "RECORD", (400, 900), cv2.FONT_HERSHEY_DUPLEX, 4, 255, 9)
    edges = cv2.morphologyEx(shown, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    page[edges > 0] -= 22
    written = page.copy()
    cv2.line(written, (420, 860), (520, 900), 150, 3, cv2.LINE_AA)

    assert not is_blank(page, page, _DPI)
    assert is_blank(page, page, _DPI, shown)
    assert not is_blank(written, written, _DPI, shown)


def test_a_short_straight_line_is_a_mark() -> None:
    """A stroke of four centimetres is nobody's scratch, however straight along the sheet."""
    page = _paper()
    cv2.line(page, (800, 1000), (802, 1314), 150, 2, cv2.LINE_AA)

    assert not _is_blank(page)


def test_a_ring_of_coffee_is_blank() -> None:
    """Brown is no seal's colour: a ring of which only half were faded would look like print."""
    page = np.repeat(_paper()[:, :, None], 3, axis=2).astype(np.float32)
    ring = np.zeros(page.shape[:2], np.float32)
    cv2.circle(ring, (800, 1130), 200, 1, 14)
    ring = cv2.GaussianBlur(ring, (0, 0), 4)[:, :, None]
    page -= ring * np.array([56, 84, 112], np.float32)
    drawn = page[:, :, ::-1].clip(0, 255).astype(np.uint8)
    _, jpeg = cv2.imencode(".jpg", drawn, [cv2.IMWRITE_JPEG_QUALITY, 40])
    stained = cv2.imdecode(jpeg, cv2.IMREAD_COLOR)[:, :, ::-1]

    assert _is_blank(np.ascontiguousarray(stained))


@pytest.mark.parametrize("gap", [0, 260])
def test_a_blurred_or_broken_line_along_the_sheet_is_blank(gap: int) -> None:
    """A fold seen out of focus is wide; one that was smoothed out is missing in places."""
    page = _paper()
    cv2.line(page, (300, 1000), (1300, 1020), 190, 3 if gap else 9, cv2.LINE_AA)
    page[960:1060, 650 : 650 + gap] = _paper()[960:1060, 650 : 650 + gap]

    assert _is_blank(cv2.GaussianBlur(page, (0, 0), 1).astype(np.uint8))


def test_a_wide_line_drawn_by_hand_is_a_mark() -> None:
    """A felt pen's line down the sheet, that wavers, is no fold."""
    page, rows = _paper(), np.arange(400, 1270)
    x = 800 + 0.02 * rows + 5 * np.sin(rows / 60)
    points = np.round(np.column_stack([x, rows]) * 8).astype(np.int32)
    cv2.polylines(page, [points], False, 120, 6, cv2.LINE_AA, 3)

    assert not _is_blank(page)


def test_a_row_of_dots_is_a_mark() -> None:
    """Needles leave dots no larger than specks: so many side by side are print."""
    page = _paper()
    for column in range(12):
        for row in range(0, 12, 2 - column % 2):
            cv2.circle(page, (800 + 3 * column, 1000 + 3 * row), 1, 40, -1)

    assert not _is_blank(page)


def test_specks_that_touch_are_told_from_a_pens_dot() -> None:
    """On a page strewn with specks two may touch; a dot wider than all of them is a mark."""
    page = _strewn(12)
    for x, y in ((300, 900), (300, 903), (900, 600), (903, 602)):
        page[y : y + 3, x : x + 3] = 10
    written = page.copy()
    cv2.circle(written, (800, 1010), 3, 10, -1, cv2.LINE_AA)

    assert is_blank(page, page, _DPI)
    assert not is_blank(written, written, _DPI)


@pytest.mark.parametrize("dpi", [120, 300])
def test_a_pens_lone_dot_out_of_focus_or_in_few_pixels_is_a_mark(dpi: int) -> None:
    """A dot of 0.6 mm on an empty page is nobody's dust, in a coarse scan and out of focus too."""
    rng = np.random.default_rng(4)
    page = rng.normal(250, 10 if dpi == 300 else 3, (10 * dpi, 7 * dpi)).astype(np.float32)
    dot = np.zeros(page.shape, np.float32)
    cv2.circle(
        dot, (3 * dpi * 8, 4 * dpi * 8), round(dpi * 0.3 / 25.4 * 8), 215, -1, cv2.LINE_AA, 3
    )
    soft = cv2.GaussianBlur(dot, (0, 0), 1.5 * dpi / 300)
    written = (page - soft).clip(0, 255).astype(np.uint8)
    plain = page.clip(0, 255).astype(np.uint8)

    assert is_blank(plain, plain, dpi)
    assert not is_blank(written, written, dpi)


def test_a_faint_stroke_that_was_screened_is_a_mark() -> None:
    """Of a pencil's line a screen keeps dots here and there, on paper without any grain."""
    page = np.full((2339, 1654), 255, np.uint8)
    for place in range(0, 120, 2):
        page[1000 + place // 12, 800 + place] = 165

    assert not is_blank(page, page, _DPI)


def test_what_jpeg_left_is_told_on_a_coarse_scan() -> None:
    """Grain in few pixels makes JPEG draw bars as long as a stroke; a pen's stroke is deeper."""
    rng = np.random.default_rng(8)
    grain = cv2.GaussianBlur(rng.normal(0, 16, (1123, 794)), (0, 0), 0.5)
    plain = _jpeg(240 + grain, 20)
    drawn = plain.copy()
    cv2.line(drawn, (350, 480), (380, 520), 120, 2, cv2.LINE_AA)

    assert is_blank(plain, plain, 96)
    assert not is_blank(drawn, drawn, 96)


def test_faint_print_in_coarse_grain_is_a_mark() -> None:
    """Grain is as deep as the print, but nowhere lies in a row as its strokes do."""
    faults = ("skew", "low_resolution", "uneven_light", "blur", "gaussian_noise")
    printed = make_marked_blank("faint_print", 830_170, "severe", faults=faults)
    plain = make_page("blank", None, 830_170, "severe", faults=faults)[0]

    assert "blank" not in _flags(printed)
    assert _flags(plain) == ("blank",)


def test_the_shadow_at_a_books_spine_is_no_ink() -> None:
    """It deepens towards the sheet's edge; ink as long and as wide begins at once."""
    faults = ("fold", "wave", "skew", "uneven_light", "blur", "speckle", "gaussian_noise", "jpeg")
    scanned = make_page("blank", None, 830_053, "severe", faults=faults)[0]
    highlighted = _paper()
    cv2.line(highlighted, (90, 700), (90, 1400), 195, 36)

    assert _flags(scanned) == ("blank",)
    assert not is_blank(highlighted, highlighted, _DPI)


def test_ink_in_a_spines_shadow_is_a_mark() -> None:
    """The shadow is taken away, not what is written in it."""
    page = _paper().astype(np.float32)
    page -= 110 * np.clip(1 - np.arange(1654) / 120, 0, 1) ** 2
    written = page.copy()
    cv2.line(written, (70, 1100), (100, 1160), 60, 3, cv2.LINE_AA)
    shaded, marked = (levels.clip(0, 255).astype(np.uint8) for levels in (page, written))

    assert is_blank(shaded, shaded, _DPI)
    assert not is_blank(marked, marked, _DPI)


def test_a_line_that_two_tones_cut_into_dashes_is_blank() -> None:
    """Each dash is small as a speck or a dot, but they lie in one line; a dot on it is thicker."""
    page = np.full((2339, 1654), 255, np.uint8)
    for place, y in enumerate(range(400, 1600, 10)):
        page[y : y + (4 if place % 15 else 14), 800:802] = 0
    written = page.copy()
    cv2.circle(written, (801, 1003), 3, 0, -1)

    assert is_blank(page, page, _DPI)
    assert not is_blank(written, written, _DPI)


def test_a_stroke_along_a_streak_is_a_mark() -> None:
    """A line of dust is as faint all along; a pen that went down it is not."""
    page = _paper()
    cv2.line(page, (800, 200), (806, 2100), 238, 2, cv2.LINE_AA)
    written = page.copy()
    cv2.line(written, (803, 1150), (803, 1190), 120, 2, cv2.LINE_AA)

    assert is_blank(page, page, _DPI)
    assert not is_blank(written, written, _DPI)


def test_a_photographs_resolution_is_not_guessed_from_specks() -> None:
    """Specks and grain as high as print of a sheet one metre long leave the page's own size."""
    page = np.full((3500, 2480), 250, np.uint8)
    for place in range(200):
        y, x = 100 + place // 20 * 330, 80 + place % 20 * 118
        page[y : y + 9, x : x + 6] = 60

    assert 280 <= believed_dpi(page, 72) <= 320


def test_a_punch_hole_of_few_pixels_is_painted_over() -> None:
    """A hole that frays where it meets the pixels of the working copy is a hole."""
    page = np.full((3508, 2480), 245, np.uint8)
    cv2.circle(page, (43, 1286), 33, 30, -1, cv2.LINE_AA)

    assert without_borders(page, 300).min() > 200


def _jpeg(levels: npt.ArrayLike, quality: int) -> Pixels:
    page = np.clip(levels, 0, 255).astype(np.uint8)
    _, coded = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.uint8)


def _strewn(seed: int) -> Pixels:
    """Return paper with 800 specks of one to three pixels."""
    page, rng = _paper(), np.random.default_rng(seed)
    for x, y, side in zip(
        rng.integers(0, 200, 800) * 8,
        rng.integers(0, 280, 800) * 8,
        rng.integers(1, 4, 800),
        strict=True,
    ):
        page[y : y + side, x : x + side] = 10
    return page


def _paper() -> Pixels:
    noise = np.random.default_rng(3).normal(0, 2, (2339, 1654))
    return np.clip(250 + noise, 0, 255).astype(np.uint8)


def _scratch(page: Pixels, x: int, rows: npt.NDArray[np.intp], shade: int) -> None:
    page[rows[0] : rows[-1], x : x + 2] = np.minimum(page[rows[0] : rows[-1], x : x + 2], shade)


def _flags(page: MadePage) -> tuple[str, ...]:
    return read_page(page_of(page.image, page.truth.dpi), make_engine("null", "kor")).text.flags


def _is_blank(pixels: Pixels) -> bool:
    return "blank" in read_page(page_image(pixels, _DPI), make_engine("null", "kor")).text.flags
