"""The steps of cleaning, each on what it is for and on what it must leave alone."""

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr.imaging.borders import without_borders
from ocr.imaging.colour import grey_without_seals
from ocr.imaging.halftone import without_halftone
from ocr.imaging.light import even_light
from ocr.imaging.resolution import believed_dpi
from ocr.imaging.rules import find_rules, without_rules
from ocr.imaging.skew import skew_angle
from ocr.imaging.specks import without_dust_lines, without_specks
from ocr.line_order import in_reading_order
from ocr.placement import Placement
from records.values import Box, Line, Word
from tests.makers.pages import make_page
from tests.unit.ocr.made_pages import Pixels, made


def _paper(height: int = 900, width: int = 700) -> Pixels:
    return np.full((height, width), 255, np.uint8)


def test_a_seal_fades_and_the_strokesbelow_it_stays() -> None:
    """Red ink on paper becomes light, black under red stays black."""
    page = np.full((300, 300, 3), 255, np.uint8)
    page[140:160] = 20
    page[120:180, 100:120] = (196, 38, 44)
    page[140:160, 100:120] = (18, 5, 5)

    grey = grey_without_seals(page)

    assert grey[130, 110] > 240
    assert grey[150, 110] < 60
    assert grey[150, 200] < 60


def test_a_form_printed_in_blue_keeps_its_ink() -> None:
    """A colour that makes up most of the ink is print."""
    page = np.full((300, 300, 3), 255, np.uint8)
    page[140:160] = (30, 40, 150)

    assert grey_without_seals(page)[150, 150] < 100


def test_borders_and_punch_holes_go_and_strokesstays() -> None:
    """The scanner's bed and the binder's holes are painted over; a black box of print is not."""
    page = _paper(3508, 2480)
    page[:, :60] = 20
    cv2.circle(page, (130, 1200), 35, 30, -1)
    page[1000:1040, 1000:1300] = 0

    cleaned = without_borders(page, 300)

    assert cleaned[:, :60].min() > 200
    assert cleaned[1150:1250, 90:170].min() > 200
    assert cleaned[1020, 1100] == 0


def test_shade_is_divided_out() -> None:
    """Paper is white from corner to corner, print dark in light and shade."""
    page = np.repeat(np.linspace(250, 150, 1200)[np.newaxis], 800, axis=0).astype(np.uint8)
    page[400:410, 100:1100] = page[400:410, 100:1100] // 5

    evened = even_light(page, 300)

    assert np.delete(evened, slice(390, 420), axis=0).min() > 240
    assert evened[405, 150:1050].max() < 70


def test_rules_go_and_the_strokes_across_them_stay() -> None:
    """A table's lines vanish; a stroke through one is whole, a long title stroke untouched."""
    page = _paper()
    page[300:304, 50:650] = 0
    page[100:800, 60:63] = 0
    page[270:330, 400:406] = 0
    page[500:510, 200:320] = 0

    cleaned = without_rules(page, find_rules(page, 300), 300)

    assert cleaned[302, 200] == 255
    assert cleaned[600, 61] == 255
    assert (cleaned[270:330, 402] == 0).all()
    assert (cleaned[505, 200:320] == 0).all()


def test_specks_go_only_where_they_are() -> None:
    """Lone dots vanish, the full stop of a sentence stays."""
    page = _paper()
    page[100:105, 600:605] = 0
    page[500:540, 100:140] = 0
    page[535:540, 150:155] = 0

    cleaned = without_specks(page, 300)

    assert cleaned[102, 602] == 255
    assert cleaned[537, 152] == 0


def test_the_dark_places_of_a_light_line_are_no_specks() -> None:
    """Grain makes a thin light rule ink in places only."""
    page = _paper()
    page[100:300, 100:700:3] = 0
    page[500:502, 100:700] = 170
    page[500:502, 300:304] = 90

    assert (without_specks(page, 300)[500:502, 100:700] < 255).all()


@pytest.mark.parametrize("quality", [None, 58, 25])
def test_dots_of_a_halftone_become_grey_though_saved_as_jpeg(quality: int | None) -> None:
    """Paper strewn with dots is smooth again; a stroke stays dark."""
    page = _paper()
    page[::4, ::4] = 0
    page[400:406, 200:400] = 0
    if quality is not None:
        _, data = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, quality])
        page = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)

    grey = without_halftone(page)

    assert grey[100:300, 100:300].std() < 0.2 * page[100:300, 100:300].std()
    assert grey[402, 300] < 90


def test_noise_is_no_halftone() -> None:
    """A bad grey scan changes as often, but from grey to grey."""
    noise = np.random.default_rng(1).normal(150, 60, (900, 700))
    page = np.clip(noise, 0, 255).astype(np.uint8)

    assert without_halftone(page) is page


@pytest.mark.parametrize(("letter", "size"), [("로", 64), ("봉", 64), ("물", 80)])
def test_a_bold_letter_near_the_sheets_edge_is_no_punch_hole(letter: str, size: int) -> None:
    """It is as large and as round; a hole is dark throughout."""
    font = ImageFont.truetype("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc", size, 1)
    image = Image.new("L", (2480, 3508), 255)
    pen = ImageDraw.Draw(image)
    pen.text((1200, 180), letter, 0, font)
    pen.ellipse((100, 900, 165, 965), 20)
    page = np.asarray(image)

    cleaned = without_borders(page, 300)

    assert np.array_equal(cleaned[150:400], page[150:400])
    assert cleaned[900:965, 100:165].min() > 200


def test_a_dust_line_goes_and_a_stroke_across_it_stays() -> None:
    """A streak from top to bottom is bridged."""
    page = _paper()
    page[:, 300:302] = 190
    page[400:406, 200:400] = 0

    cleaned = without_dust_lines(page, 300)

    assert cleaned[100, 301] == 255
    assert cleaned[403, 301] == 0


def test_what_touches_a_dust_line_on_one_side_is_not_drawn_along() -> None:
    """A speck beside dust stays a speck; a dash's end is as dark as it was."""
    page = _paper()
    page[:, 300:308] = 190
    page[100:103, 308:311] = 0
    page[400:406, 200:300] = 0

    cleaned = without_dust_lines(page, 300)

    assert (cleaned[99:104, 290:320] < 155).sum() <= 12
    assert cleaned[403, 296] == 0
    assert cleaned[403, 306] > 200


def test_a_stroke_along_a_dust_line_shows_through_it() -> None:
    """The left side of an 8 under a line of dust stays: it is darker there than dust alone."""
    page = _paper()
    cv2.ellipse(page, (312, 420), (12, 20), 0, 0, 360, 30, 3, cv2.LINE_AA)
    cv2.ellipse(page, (312, 460), (12, 20), 0, 0, 360, 30, 3, cv2.LINE_AA)
    printed = page.copy()
    page[:, 298:303] = np.maximum(page[:, 298:303], 90) - 90
    page[700:710, 298:303] = 0

    cleaned = without_dust_lines(page, 300)

    bowls = np.s_[400:481, 296:305]
    assert ((cleaned[bowls] < 128) == (printed[bowls] < 128)).mean() > 0.9
    assert (cleaned[500:, 296:305] > 230).all()


def test_dust_of_a_coarse_scanner_goes_and_print_stays() -> None:
    """Four of the scanner's pixels wide at 96 dpi; rows of small print are as high, not as dark."""
    noise = np.random.default_rng(1).normal(225, 14, (1123, 794))
    page = noise.clip(0, 255).astype(np.uint8)
    strokes = np.flatnonzero(np.arange(794) % 5 < 3)
    page[300:304, strokes] = 0
    page[:, 500:504] = np.maximum(page[:, 500:504], 90) - 90

    cleaned = without_dust_lines(page, 96)

    assert cleaned[:, 500:504].mean() > 200
    assert (cleaned[301, strokes] == 0).mean() > 0.9


def test_grain_of_dim_paper_is_no_dust() -> None:
    """No column is bridged for its grain alone, so faint strokes stay whole; dust among it goes."""
    noise = np.random.default_rng(2).normal(215, 16, (3300, 2300))
    noise[1000:1030, 300:2000] -= 60
    noise[:, 1200:1204] -= 70
    page = noise.clip(0, 255).astype(np.uint8)

    changed = without_dust_lines(page, 300) != page

    assert changed[:, 1200:1204].mean() > 0.9
    assert np.delete(changed, slice(1198, 1206), axis=1).mean() < 0.001


@pytest.mark.parametrize("lean", [-12.0, -3.0, 0.0, 1.5, 14.0])
def test_the_lean_of_a_page_is_found(lean: float) -> None:
    """Up to fifteen degrees, clockwise positive, to a fifth of a degree."""
    grey = np.asarray(made("lab_result", 112, "clean").image.convert("L"))
    height, width = grey.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -lean, 1)
    leaning = cv2.warpAffine(grey, turn, (width, height), borderValue=(255.0,))

    assert skew_angle(np.asarray(leaning, np.uint8), 300) == pytest.approx(lean, abs=0.2)


def test_no_lean_is_told_where_none_is_clear() -> None:
    """Noise has no direction."""
    noise = np.random.default_rng(2).integers(0, 256, (1200, 900), np.uint8)

    assert skew_angle(noise, 300) == 0.0


@pytest.mark.parametrize(
    ("size", "tag", "dpi"),
    [
        ((2480, 3508), 300, 300),
        ((2480, 3508), None, 305),
        ((2480, 3508), 72, 305),
        ((1275, 1650), None, 143),
        ((600, 64), None, 200),
    ],
)
def test_a_resolution_is_believed_or_guessed(
    size: tuple[int, int], tag: int | None, dpi: int
) -> None:
    """A tag that makes a sheet of sane size is believed, else a page is taken for a page."""
    assert believed_dpi(_paper(size[1], size[0]), tag) == dpi


@pytest.mark.parametrize("tag", [72, 600, None])
def test_a_tag_that_lies_is_found_out_by_the_print(tag: int | None) -> None:
    """A slip that is no page in its proportions: the height of its print tells 300 dpi."""
    (page,) = make_page("fee_receipt", "slip", 4102, "mild")

    found = believed_dpi(np.asarray(page.image.convert("L")), tag)

    assert page.truth.dpi == 300
    assert found == pytest.approx(300, rel=0.3)


@pytest.mark.parametrize("tag", [72, 600])
def test_specks_are_no_print(tag: int) -> None:
    """An empty A4 sheet, however full of specks, is a page that a scanner was set to read."""
    rng, page = np.random.default_rng(8), _paper(3508, 2480)
    for x, y in rng.integers(50, 2400, (900, 2)):
        page[y : y + 5, x : x + int(rng.integers(5, 9))] = 40

    assert believed_dpi(page, tag) == 305


def test_boxes_return_to_the_page() -> None:
    """What lies at a place of the prepared image is found at its place on the leaning page."""
    placement = Placement(width=800, height=1000, skew=5.0, scale=1.5)
    page = _paper(1000, 800)
    cv2.circle(page, (600, 300), 8, 0, -1)
    rows, columns = np.nonzero(placement.prepare(page) < 128)
    box = Box(int(columns.min()), int(rows.min()), int(columns.max()), int(rows.max()))

    (line,) = placement.on_page([Line((Word("o", box),))])

    found = line.words[0].box
    assert abs((found.x0 + found.x1) / 2 - 600) < 2
    assert abs((found.y0 + found.y1) / 2 - 300) < 2


def test_pieces_of_one_row_are_read_left_to_right() -> None:
    """A label and the value far to its right are one line, whatever the engine's order."""
    value = Line((Word("김민준", Box(500, 101, 580, 131)),))
    label = Line((Word("성명", Box(50, 100, 120, 130)),))
    below = Line((Word("주소", Box(50, 160, 120, 190)),))

    assert [line.text for line in in_reading_order([below, value, label])] == [
        "성명 김민준",
        "주소",
    ]
