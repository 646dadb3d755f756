"""Cells, lines and their order: nothing lost between cells, read as a person would."""

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr.imaging.pixels import Grey
from ocr.imaging.rules import find_rules, sides_of, without_rules
from ocr.imaging.specks import without_specks
from ocr.layout.boxes import Area
from ocr.layout.cells import find_cells
from ocr.layout.gutters import find_gutters
from ocr.layout.lines import find_lines
from ocr.layout.reading_order import reading_order
from tests.makers.pages import MadePage, make_page

_DPI = 300
_FONT = "/usr/share/fonts/truetype/nanum/NanumGothic.ttf"
_NO_CELLS = find_cells(find_rules(np.full((3300, 2400), 255, np.uint8), _DPI), _DPI)


def _sheet() -> Image.Image:
    return Image.new("L", (2400, 3300), 255)


def _write(sheet: Image.Image, x: int, y: int, text: str, size: int = 42) -> None:
    ImageDraw.Draw(sheet).text((x, y), text, 0, ImageFont.truetype(_FONT, size))


def _lines_of(page: Grey) -> list[Area]:
    rules = find_rules(page, _DPI)
    cells = find_cells(rules, _DPI)
    found = find_lines(without_rules(page, rules, _DPI), rules, cells, _DPI)
    areas = [line.area for line in found.lines]
    unshaded = sides_of(np.zeros_like(page), _DPI)
    order = reading_order(areas, cells, find_gutters(rules, unshaded, areas, _DPI))
    return [found.lines[place].area for row in order for place in row]


def _table(sheet: Image.Image, xs: list[int], ys: list[int]) -> None:
    draw = ImageDraw.Draw(sheet)
    for x in xs:
        draw.line([(x, ys[0]), (x, ys[-1])], 0, 3)
    for y in ys:
        draw.line([(xs[0], y), (xs[-1], y)], 0, 3)


def test_a_table_s_cells_are_found() -> None:
    """Each cell is one, and lies between its rules."""
    sheet = _sheet()
    _table(sheet, [200, 700, 2200], [400, 520, 640, 760])

    cells = find_cells(find_rules(np.asarray(sheet), _DPI), _DPI)

    assert len(cells.areas) == 6
    assert cells.at(Area(250, 430, 400, 490)) != cells.at(Area(750, 430, 900, 490))
    assert cells.at(Area(250, 1000, 400, 1100)) is None


def test_a_table_without_sides_has_cells() -> None:
    """Korean forms leave the left and right side open; the rows are told apart all the same."""
    sheet = _sheet()
    draw = ImageDraw.Draw(sheet)
    for y in (400, 520, 640):
        draw.line([(200, y), (2200, y)], 0, 3)
    draw.line([(700, 400), (700, 640)], 0, 3)

    cells = find_cells(find_rules(np.asarray(sheet), _DPI), _DPI)

    places = [cells.at(Area(x, y, x + 100, y + 40)) for y in (440, 560) for x in (300, 1500)]
    assert len(set(places)) == 4
    assert None not in places


def test_underlined_blanks_below_each_other_are_no_cells() -> None:
    """The same side with other lengths is no table; its rows are read label with value."""
    sheet = _sheet()
    draw = ImageDraw.Draw(sheet)
    for row, label in enumerate(("성명", "주민등록번호", "주소", "연락처")):
        x, y = 200 + 46 * len(label), 400 + 110 * row
        draw.line([(x, y + 56), (1100, y + 56)], 0, 3)
        _write(sheet, 200, y, label)

    assert find_cells(find_rules(np.asarray(sheet), _DPI), _DPI).areas == ()


def test_a_table_between_two_blanks_is_not_cut_by_their_side() -> None:
    """Two rules of one length with a longer one between them close no side across it."""
    sheet = _sheet()
    draw = ImageDraw.Draw(sheet)
    for x, y in ((700, 400), (200, 500), (200, 600), (700, 700)):
        draw.line([(x, y), (1500 if x == 700 else 2200, y)], 0, 3)

    cells = find_cells(find_rules(np.asarray(sheet), _DPI), _DPI)

    assert [round(area.width, -2) for area in cells.areas] == [2000]


def test_a_column_that_stops_short_of_its_rule_parts_cells() -> None:
    """A rule's worn end lets no cell run into the next."""
    sheet = _sheet()
    _table(sheet, [200, 2200], [400, 640])
    ImageDraw.Draw(sheet).line([(1000, 420), (1000, 640)], 0, 3)

    assert len(find_cells(find_rules(np.asarray(sheet), _DPI), _DPI).areas) == 2


def test_upright_strokes_in_close_rows_are_no_column() -> None:
    """The same word in every row of a close table stands whole in its cell."""
    sheet = _sheet()
    ys = [400 + 46 * row for row in range(8)]
    _table(sheet, [200, 700, 2200], ys)
    for y in ys[:-1]:
        _write(sheet, 212, y + 6, "주사 기시", 34)

    cells = find_cells(find_rules(np.asarray(sheet), _DPI), _DPI)

    assert len(cells.areas) == 14


def test_light_thin_rules_are_rules() -> None:
    """A grid of one light dot's width, as a program's screen is printed with, makes cells."""
    sheet = _sheet()
    draw = ImageDraw.Draw(sheet)
    for x in (200, 700, 2200):
        draw.line([(x, 400), (x, 640)], 165, 2)
    for y in (400, 520, 640):
        draw.line([(200, y), (2200, y)], 165, 2)
    for row in range(20):
        _write(sheet, 200, 800 + 100 * row, "등록번호 174309")

    assert len(find_cells(find_rules(np.asarray(sheet), _DPI), _DPI).areas) == 4


def test_dust_from_edge_to_edge_is_no_light_rule() -> None:
    """A light line along the whole page is the scanner's glass."""
    sheet = _sheet()
    ImageDraw.Draw(sheet).line([(1000, 0), (1000, sheet.height)], 180, 2)
    for row in range(20):
        _write(sheet, 1100, 100 * row, "등록번호 174309")

    assert not find_rules(np.asarray(sheet), _DPI).columns.any()


def test_a_dotted_rule_is_a_rule_and_its_dots_are_no_specks() -> None:
    """Dots in a row close cells as a rule does, and are painted out; a lone speck goes before."""
    sheet = _sheet()
    draw = ImageDraw.Draw(sheet)
    for y in (400, 520, 640):
        for x in range(200, 2200, 12):
            draw.rectangle([x, y, x + 3, y + 3], 0)
    draw.rectangle([1200, 2000, 1204, 2004], 0)
    _write(sheet, 260, 440, "성명")

    page = without_specks(np.asarray(sheet), _DPI)
    rules = find_rules(page, _DPI)
    rest = without_rules(page, rules, _DPI)

    assert page[2002, 1202] == 255
    assert page[401, 201] == 0
    assert len(find_cells(rules, _DPI).areas) == 2
    assert (rest[380:420] == 255).all()
    assert (rest[440:500, 260:400] < 128).any()


def test_a_thick_bar_is_no_line_of_text() -> None:
    """A bar across the page, thicker than any rule, is painted out; print below it stays."""
    sheet = _sheet()
    ImageDraw.Draw(sheet).rectangle([200, 300, 2200, 322], 0)
    _write(sheet, 200, 360, "진단서", 80)

    assert [area.y0 > 340 for area in _lines_of(np.asarray(sheet))] == [True]


def test_a_faint_rule_leaves_the_letters_that_it_crosses() -> None:
    """A rule shown through from the other side goes; the number printed across it is whole."""
    plain, crossed = _sheet(), _sheet()
    ImageDraw.Draw(crossed).line([(200, 421), (2200, 421)], 225, 4)
    for sheet in (plain, crossed):
        _write(sheet, 300, 400, "169834")

    page = np.asarray(crossed)
    cleaned = without_rules(page, find_rules(page, _DPI), _DPI)

    assert (cleaned[415:428, 1000:2000] == 255).mean() > 0.95
    ink = np.asarray(plain)[400:450, 290:480] < 128
    assert (cleaned[400:450, 290:480][ink] < 128).mean() > 0.98


def test_a_table_beside_a_cell_that_spans_its_rows_is_read_row_by_row() -> None:
    """What spans several rows is read with the first of them, the others follow one by one."""
    areas = [
        Area(200, 420, 400, 460),
        *(Area(x, y, x + 200, y + 40) for y in (410, 530, 650) for x in (700, 1200, 1700)),
    ]
    sheet = _sheet()
    _table(sheet, [600, 1100, 1600, 2200], [390, 510, 630, 750])
    _table(sheet, [180, 600], [390, 750])

    order = reading_order(areas, find_cells(find_rules(np.asarray(sheet), _DPI), _DPI))

    assert order == [(0, 1, 2, 3), (4, 5, 6), (7, 8, 9)]


def test_grain_draws_no_lines_together() -> None:
    """Specks above each other between two lines are not one mark that makes them one."""
    sheet = _sheet()
    draw = ImageDraw.Draw(sheet)
    for y in (400, 600, 800):
        _write(sheet, 300, y, "위와 같이 진단합니다")
    for y in range(380, 900, 14):
        draw.rectangle([760, y, 766, y + 6], 0)

    heights = [area.height for area in _lines_of(np.asarray(sheet)) if area.width > 200]

    assert len(heights) == 3
    assert max(heights) < 100


def test_a_label_of_three_lines_is_read_before_the_value_beside_it() -> None:
    """What stands in one cell stays together, the cell on the left first."""
    sheet = _sheet()
    _table(sheet, [200, 700, 2200], [400, 800])
    for number, text in enumerate(("치료 내용 및", "향후 치료에", "대한 소견")):
        _write(sheet, 240, 500 + 64 * number, text)
    _write(sheet, 740, 420, "단순 봉합술을 시행하였으며")
    _write(sheet, 740, 490, "상처 치료가 필요함")

    lines = _lines_of(np.asarray(sheet))

    assert [area.x0 < 700 for area in lines] == [True, True, True, False, False]
    assert [area.y0 for area in lines] == sorted(a.y0 for a in lines[:3]) + sorted(
        a.y0 for a in lines[3:]
    )


def test_boxes_beside_each_other_are_read_one_after_the_other() -> None:
    """Rows of two boxes are as high as each other, yet no row runs over the gap between them."""
    sheet = _sheet()
    for x in (200, 1250):
        _table(sheet, [x, x + 950], [400, 760])
        for row in range(4):
            _write(sheet, x + 30, 420 + 80 * row, "성명")
            _write(sheet, x + 300, 420 + 80 * row, "홍길동")

    lines = _lines_of(np.asarray(sheet))

    assert [area.x0 < 1200 for area in lines] == [True] * 8 + [False] * 8
    assert [area.y0 // 80 for area in lines] == [5, 5, 6, 6, 7, 7, 8, 8] * 2


def test_boxes_close_beside_each_other_are_read_one_after_the_other() -> None:
    """A hair's breadth between two panels is a gutter, under a rule that runs over both."""
    sheet = _sheet()
    draw = ImageDraw.Draw(sheet)
    draw.line([(200, 376), (2210, 376)], 0, 3)
    _table(sheet, [200, 900], [396, 1000])
    for top in (396, 720):
        _table(sheet, [916, 2200], [top, top + 280])
    for row in range(4):
        _write(sheet, 230, 430 + 90 * row, "등록번호 174309")
        _write(sheet, 950, 430 + (90 * row if row < 3 else 324), "치료기간 5일")

    lines = _lines_of(np.asarray(sheet))

    assert [area.x0 < 900 for area in lines] == [True] * 4 + [False] * 4


def test_an_empty_column_of_a_table_is_no_gutter() -> None:
    """Its sides face each other too, but its rules close it."""
    sheet = _sheet()
    _table(sheet, [200, 900, 1100, 2200], [400, 760])
    for row in range(4):
        _write(sheet, 230, 420 + 80 * row, "혈색소")
        _write(sheet, 1130, 420 + 80 * row, "12.6")

    lines = _lines_of(np.asarray(sheet))

    assert [area.x0 < 1000 for area in lines] == [True, False] * 4


def test_values_without_rules_between_them_are_read_with_their_labels() -> None:
    """A box of values beside ruled labels is one cell, and is read row by row all the same."""
    sheet = _sheet()
    _table(sheet, [200, 600], [400, 500, 600, 700])
    _table(sheet, [600, 2200], [400, 700])
    for row, (label, value) in enumerate([("성명", "홍길동"), ("병실", "301"), ("과", "내과")]):
        _write(sheet, 230, 425 + 100 * row, label)
        _write(sheet, 700, 425 + 100 * row, value)

    lines = _lines_of(np.asarray(sheet))

    assert [area.x0 < 600 for area in lines] == [True, False] * 3


def test_labels_and_values_without_rules_are_read_row_by_row() -> None:
    """Two columns of labels with their values are no columns of text."""
    sheet = _sheet()
    rows = [("성명 : 곽동현", "등록번호 : 369602"), ("생년월일 : 1943-05-05", "성별 : 남")] * 3
    for number, (left, right) in enumerate(rows):
        _write(sheet, 200, 400 + 70 * number, left)
        _write(sheet, 1300, 400 + 70 * number, right)

    lines = _lines_of(np.asarray(sheet))

    assert [area.x0 < 1200 for area in lines] == [True, False] * len(rows)
    assert [round(area.y0 / 70) for area in lines] == sorted(round(a.y0 / 70) for a in lines)


def test_columns_of_running_text_are_read_one_after_the_other() -> None:
    """Lines broken because their column ended belong to it, not to the row."""
    sheet = _sheet()
    text = "환자는 어제부터 열이 나고 기침을 하여 내원함"
    for number in range(8):
        _write(sheet, 200, 400 + 70 * number, text)
        _write(sheet, 1300, 400 + 70 * number, text)

    lines = _lines_of(np.asarray(sheet))

    assert [area.x0 < 1200 for area in lines] == [True] * 8 + [False] * 8


def test_rows_that_no_cut_parts_are_read_by_height() -> None:
    """Slightly staggered values do not break the order of the rows."""
    areas = [Area(100, 100, 400, 140), Area(500, 112, 900, 152), Area(100, 160, 400, 200)]

    assert reading_order(areas, _NO_CELLS) == [(0, 1), (2,)]


def test_close_lines_stay_apart() -> None:
    """Lines of Latin text set as tight as typewriters do are lines of their own."""
    sheet = _sheet()
    for number in range(6):
        _write(sheet, 200, 400 + 50 * number, "jumped over the lazy dog quickly", 44)

    assert len(_lines_of(np.asarray(sheet))) == 6


def test_a_letter_spaced_title_is_one_line_and_its_letters_are_whole() -> None:
    """The strokes of a large letter that stand apart are not lines of their own."""
    sheet = _sheet()
    _write(sheet, 700, 300, "진  료  확  인  서", 92)
    for number in range(10):
        _write(sheet, 200, 600 + 90 * number, "환자의 주소와 성명을 적은 줄")

    lines = _lines_of(np.asarray(sheet))

    assert len([area for area in lines if area.y0 < 500]) == 1


def test_lines_run_through_a_seal() -> None:
    """A grey seal over three lines leaves three lines."""
    sheet = _sheet()
    for number in range(3):
        _write(sheet, 300, 600 + 75 * number, "의사 성명 안병철 서명 또는 날인")
    draw = ImageDraw.Draw(sheet)
    draw.ellipse([(700, 560), (920, 840)], outline=90, width=8)

    lines = _lines_of(np.asarray(sheet))

    middles = {round((area.y0 + area.y1) / 2 / 75) for area in lines if area.width > 300}
    assert len(middles) == 3
    assert all(area.height < 75 for area in lines if area.width > 300)


def test_streaks_and_dashed_lines_are_no_text() -> None:
    """A drum's streak and a line of dashes are not read."""
    sheet = _sheet()
    _write(sheet, 300, 600, "영수증")
    draw = ImageDraw.Draw(sheet)
    draw.line([(1500, 200), (1500, 2600)], 0, 3)
    for x in range(300, 2100, 31):
        draw.line([(x, 800), (x + 19, 800)], 0, 2)

    (line,) = _lines_of(np.asarray(sheet))

    assert line.y0 < 700


def test_an_empty_page_has_no_lines() -> None:
    """White paper, and paper with a lone speck."""
    sheet = _sheet()
    ImageDraw.Draw(sheet).point((900, 900), 0)

    assert _lines_of(np.asarray(sheet)) == []


def test_a_page_of_nothing_but_grain_is_answered() -> None:
    """A hundred thousand specks cost neither all memory nor the text among them."""
    rng = np.random.default_rng(7)
    sheet = _sheet()
    _write(sheet, 300, 600, "영수증 번호", 80)
    page = np.array(sheet)
    grain = cv2.resize(
        rng.integers(0, 2, (660, 480), np.uint8) * 255,
        (2400, 3300),
        interpolation=cv2.INTER_NEAREST,
    )
    page[1200:] = grain[1200:]

    lines = _lines_of(page)

    assert any(area.y0 < 700 and area.width > 300 for area in lines)


@pytest.fixture(scope="module")
def made() -> MadePage:
    """The clean print of a form full of cells."""
    return make_page("fee_detail", "statutory", 5301, "clean")[0]


def test_no_word_of_a_form_is_lost(made: MadePage) -> None:
    """Every printed word of a clean form lies in exactly one line."""
    lines = _lines_of(np.asarray(made.image.convert("L")))

    for word in (word for line in made.truth.lines for word in line.words):
        x, y = (word.box.x0 + word.box.x1) / 2, (word.box.y0 + word.box.y1) / 2
        holding = [a for a in lines if a.x0 <= x <= a.x1 and a.y0 <= y <= a.y1]
        assert len(holding) == 1, word.text


def test_a_line_s_image_holds_no_neighbour() -> None:
    """Ink of the line below, and of a large letter beside it, is left out of a line's image."""
    page = np.full((900, 1200), 255, np.uint8)
    cv2.putText(page, "first line", (100, 300), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (0,), 4)
    cv2.putText(page, "second gy", (100, 350), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (0,), 4)
    rules = find_rules(page, _DPI)
    found = find_lines(page, rules, find_cells(rules, _DPI), _DPI)

    images = [found.image_of(line, page, 20)[0] for line in found.lines]

    inks = [int((image < 128).sum()) for image in images]
    assert len(images) == 2
    assert sum(inks) == pytest.approx(int((page < 128).sum()), rel=0.02)
