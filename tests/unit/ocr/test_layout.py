"""Lines and their order: nothing lost between cells, read as a person would."""

import cv2
import numpy as np
import pytest
from PIL import ImageDraw

from ocr.imaging.rules import find_rules
from ocr.layout.boxes import Area
from ocr.layout.cells import find_cells
from ocr.layout.lines import find_lines
from ocr.layout.reading_order import reading_order
from tests.makers.pages import MadePage, make_page
from tests.unit.ocr.drawn_sheets import DPI, blank_sheet, draw_table, lines_of, write

_NO_CELLS = find_cells(find_rules(np.full((3300, 2400), 255, np.uint8), DPI), DPI)


def test_a_table_beside_a_cell_that_spans_its_rows_is_read_row_by_row() -> None:
    """What spans several rows is read with the first of them, the others follow one by one."""
    areas = [
        Area(200, 420, 400, 460),
        *(Area(x, y, x + 200, y + 40) for y in (410, 530, 650) for x in (700, 1200, 1700)),
    ]
    sheet = blank_sheet()
    draw_table(sheet, [600, 1100, 1600, 2200], [390, 510, 630, 750])
    draw_table(sheet, [180, 600], [390, 750])

    order = reading_order(areas, find_cells(find_rules(np.asarray(sheet), DPI), DPI))

    assert order == [(0, 1, 2, 3), (4, 5, 6), (7, 8, 9)]


def test_grain_draws_no_lines_together() -> None:
    """Specks above each other between two lines are not one mark that makes them one."""
    sheet = blank_sheet()
    draw = ImageDraw.Draw(sheet)
    for y in (400, 600, 800):
        write(sheet, 300, y, "위와 같이 진단합니다")
    for y in range(380, 900, 14):
        draw.rectangle([760, y, 766, y + 6], 0)

    heights = [area.height for area in lines_of(np.asarray(sheet)) if area.width > 200]

    assert len(heights) == 3
    assert max(heights) < 100


def test_a_label_of_three_lines_is_read_before_the_value_beside_it() -> None:
    """What stands in one cell stays together, the cell on the left first."""
    sheet = blank_sheet()
    draw_table(sheet, [200, 700, 2200], [400, 800])
    for number, text in enumerate(("치료 내용 및", "향후 치료에", "대한 소견")):
        write(sheet, 240, 500 + 64 * number, text)
    write(sheet, 740, 420, "단순 봉합술을 시행하였으며")
    write(sheet, 740, 490, "상처 치료가 필요함")

    lines = lines_of(np.asarray(sheet))

    assert [area.x0 < 700 for area in lines] == [True, True, True, False, False]
    assert [area.y0 for area in lines] == sorted(a.y0 for a in lines[:3]) + sorted(
        a.y0 for a in lines[3:]
    )


def test_boxes_beside_each_other_are_read_one_after_the_other() -> None:
    """Rows of two boxes are as high as each other, yet no row runs over the gap between them."""
    sheet = blank_sheet()
    for x in (200, 1250):
        draw_table(sheet, [x, x + 950], [400, 760])
        for row in range(4):
            write(sheet, x + 30, 420 + 80 * row, "성명")
            write(sheet, x + 300, 420 + 80 * row, "홍길동")

    lines = lines_of(np.asarray(sheet))

    assert [area.x0 < 1200 for area in lines] == [True] * 8 + [False] * 8
    assert [area.y0 // 80 for area in lines] == [5, 5, 6, 6, 7, 7, 8, 8] * 2


def test_boxes_close_beside_each_other_are_read_one_after_the_other() -> None:
    """A hair's breadth between two panels is a gutter, under a rule that runs over both."""
    sheet = blank_sheet()
    draw = ImageDraw.Draw(sheet)
    draw.line([(200, 376), (2210, 376)], 0, 3)
    draw_table(sheet, [200, 900], [396, 1000])
    for top in (396, 720):
        draw_table(sheet, [916, 2200], [top, top + 280])
    for row in range(4):
        write(sheet, 230, 430 + 90 * row, "등록번호 174309")
        write(sheet, 950, 430 + (90 * row if row < 3 else 324), "치료기간 5일")

    lines = lines_of(np.asarray(sheet))

    assert [area.x0 < 900 for area in lines] == [True] * 4 + [False] * 4


def test_an_empty_column_of_a_table_is_no_gutter() -> None:
    """Its sides face each other too, but its rules close it."""
    sheet = blank_sheet()
    draw_table(sheet, [200, 900, 1100, 2200], [400, 760])
    for row in range(4):
        write(sheet, 230, 420 + 80 * row, "혈색소")
        write(sheet, 1130, 420 + 80 * row, "12.6")

    lines = lines_of(np.asarray(sheet))

    assert [area.x0 < 1000 for area in lines] == [True, False] * 4


def test_values_without_rules_between_them_are_read_with_their_labels() -> None:
    """A box of values beside ruled labels is one cell, and is read row by row all the same."""
    sheet = blank_sheet()
    draw_table(sheet, [200, 600], [400, 500, 600, 700])
    draw_table(sheet, [600, 2200], [400, 700])
    for row, (label, value) in enumerate([("성명", "홍길동"), ("병실", "301"), ("과", "내과")]):
        write(sheet, 230, 425 + 100 * row, label)
        write(sheet, 700, 425 + 100 * row, value)

    lines = lines_of(np.asarray(sheet))

    assert [area.x0 < 600 for area in lines] == [True, False] * 3


def test_labels_and_values_without_rules_are_read_row_by_row() -> None:
    """Two columns of labels with their values are no columns of text."""
    sheet = blank_sheet()
    rows = [("성명 : 곽동현", "등록번호 : 369602"), ("생년월일 : 1943-05-05", "성별 : 남")] * 3
    for number, (left, right) in enumerate(rows):
        write(sheet, 200, 400 + 70 * number, left)
        write(sheet, 1300, 400 + 70 * number, right)

    lines = lines_of(np.asarray(sheet))

    assert [area.x0 < 1200 for area in lines] == [True, False] * len(rows)
    assert [round(area.y0 / 70) for area in lines] == sorted(round(a.y0 / 70) for a in lines)


def test_columns_of_running_text_are_read_one_after_the_other() -> None:
    """Lines broken because their column ended belong to it, not to the row."""
    sheet = blank_sheet()
    text = "환자는 어제부터 열이 나고 기침을 하여 내원함"
    for number in range(8):
        write(sheet, 200, 400 + 70 * number, text)
        write(sheet, 1300, 400 + 70 * number, text)

    lines = lines_of(np.asarray(sheet))

    assert [area.x0 < 1200 for area in lines] == [True] * 8 + [False] * 8


def test_rows_that_no_cut_parts_are_read_by_height() -> None:
    """Slightly staggered values do not break the order of the rows."""
    areas = [Area(100, 100, 400, 140), Area(500, 112, 900, 152), Area(100, 160, 400, 200)]

    assert reading_order(areas, _NO_CELLS) == [(0, 1), (2,)]


def test_close_lines_stay_apart() -> None:
    """Lines of Latin text set as tight as typewriters do are lines of their own."""
    sheet = blank_sheet()
    for number in range(6):
        write(sheet, 200, 400 + 50 * number, "jumped over the lazy dog quickly", 44)

    assert len(lines_of(np.asarray(sheet))) == 6


def test_a_letter_spaced_title_is_one_line_and_its_letters_are_whole() -> None:
    """The strokes of a large letter that stand apart are not lines of their own."""
    sheet = blank_sheet()
    write(sheet, 700, 300, "진  료  확  인  서", 92)
    for number in range(10):
        write(sheet, 200, 600 + 90 * number, "환자의 주소와 성명을 적은 줄")

    lines = lines_of(np.asarray(sheet))

    assert len([area for area in lines if area.y0 < 500]) == 1


def test_letters_of_a_title_far_apart_are_whole() -> None:
    """A flat stroke below the rest of so large a letter is as wide as a word of other print."""
    sheet = blank_sheet()
    for place, letter in enumerate("초진기록지"):
        write(sheet, 500 + 330 * place, 300, letter, 110)
    for number in range(10):
        write(sheet, 200, 700 + 90 * number, "환자의 주소와 성명을 적은 줄")
        write(sheet, 1900, 700 + 90 * number, "성명")

    lines = lines_of(np.asarray(sheet))

    title = [area for area in lines if area.y0 < 600]
    assert len(title) == 5
    assert all(title[place].height > 80 for place in (0, 1, 3))
    assert len(lines) == 5 + 20


def test_a_tall_title_is_one_line_with_the_feet_of_its_letters() -> None:
    """Letters that touch, twice as high as other print, and flat strokes that stand below them."""
    sheet = blank_sheet()
    write(sheet, 700, 300, "사망진단서(시체검안서)", 96)
    for number in range(10):
        write(sheet, 200, 600 + 90 * number, "환자의 주소와 성명을 적은 줄", 34)

    title = [area for area in lines_of(np.asarray(sheet)) if area.y0 < 500]

    assert len(title) == 1
    assert title[0].height > 80


def test_a_ring_around_words_makes_no_title_of_their_line() -> None:
    """A pen's ring joins a line to one tall piece; the lines above and below it stay lines."""
    sheet = blank_sheet()
    for number in range(10):
        write(sheet, 200, 600 + 60 * number, "환자의 주소와 성명을 적은 줄", 44)
    ImageDraw.Draw(sheet).ellipse((380, 765, 560, 855), outline=0, width=6)

    heights = [area.height for area in lines_of(np.asarray(sheet))]

    assert len(heights) == 10
    assert max(heights) < 60


def test_letters_of_an_upright_label_that_touch_are_parted() -> None:
    """Set close below each other they are one piece of ink; a bracket as high is none of them."""
    sheet = blank_sheet()
    for place, letter in enumerate("환자상태"):
        write(sheet, 300, 600 + 40 * place, letter, 44)
    write(sheet, 1500, 600, "(", 90)
    for number in range(8):
        write(sheet, 500, 600 + 90 * number, "환자의 주소와 성명을 적은 줄")

    lines = lines_of(np.asarray(sheet))

    assert [area.height < 50 for area in lines if area.x0 < 400] == [True] * 4
    assert len([area for area in lines if area.x0 > 1400]) == 1


def test_a_crest_beside_a_name_takes_no_line_below_the_name() -> None:
    """The crest is as high as the name and the address below it together."""
    sheet = blank_sheet()
    ImageDraw.Draw(sheet).ellipse((300, 290, 440, 430), outline=0, width=14)
    ImageDraw.Draw(sheet).rectangle((350, 320, 390, 400), fill=0)
    write(sheet, 470, 290, "새솔이비인후과의원", 80)
    write(sheet, 470, 385, "라온군 보람읍 들꽃로 202, 124동 1103호", 34)
    for number in range(10):
        write(sheet, 200, 600 + 90 * number, "환자의 주소와 성명을 적은 줄", 34)

    heights = sorted(area.height for area in lines_of(np.asarray(sheet)) if area.y0 < 500)

    assert len([height for height in heights if height < 40]) == 1
    assert len([height for height in heights if 55 < height < 90]) == 1


def test_lines_run_through_a_seal() -> None:
    """A grey seal over three lines leaves three lines."""
    sheet = blank_sheet()
    for number in range(3):
        write(sheet, 300, 600 + 75 * number, "의사 성명 안병철 서명 또는 날인")
    draw = ImageDraw.Draw(sheet)
    draw.ellipse([(700, 560), (920, 840)], outline=90, width=8)

    lines = lines_of(np.asarray(sheet))

    middles = {round((area.y0 + area.y1) / 2 / 75) for area in lines if area.width > 300}
    assert len(middles) == 3
    assert all(area.height < 75 for area in lines if area.width > 300)


def test_streaks_and_dashed_lines_are_no_text() -> None:
    """A drum's streak and a line of dashes are not read."""
    sheet = blank_sheet()
    write(sheet, 300, 600, "영수증")
    draw = ImageDraw.Draw(sheet)
    draw.line([(1500, 200), (1500, 2600)], 0, 3)
    for x in range(300, 2100, 31):
        draw.line([(x, 800), (x + 19, 800)], 0, 2)

    (line,) = lines_of(np.asarray(sheet))

    assert line.y0 < 700


def test_an_empty_page_has_no_lines() -> None:
    """White paper, and paper with a lone speck."""
    sheet = blank_sheet()
    ImageDraw.Draw(sheet).point((900, 900), 0)

    assert lines_of(np.asarray(sheet)) == []


def test_a_page_of_nothing_but_grain_is_answered() -> None:
    """A hundred thousand specks cost neither all memory nor the text among them."""
    rng = np.random.default_rng(7)
    sheet = blank_sheet()
    write(sheet, 300, 600, "영수증 번호", 80)
    page = np.array(sheet)
    grain = cv2.resize(
        rng.integers(0, 2, (660, 480), np.uint8) * 255,
        (2400, 3300),
        interpolation=cv2.INTER_NEAREST,
    )
    page[1200:] = grain[1200:]

    lines = lines_of(page)

    assert any(area.y0 < 700 and area.width > 300 for area in lines)


@pytest.fixture(scope="module")
def made() -> MadePage:
    """The clean print of a form full of cells."""
    return make_page("fee_detail", "statutory", 5301, "clean")[0]


def test_no_word_of_a_form_is_lost(made: MadePage) -> None:
    """Every printed word of a clean form lies in exactly one line."""
    lines = lines_of(np.asarray(made.image.convert("L")))

    for word in (word for line in made.truth.lines for word in line.words):
        x, y = (word.box.x0 + word.box.x1) / 2, (word.box.y0 + word.box.y1) / 2
        holding = [a for a in lines if a.x0 <= x <= a.x1 and a.y0 <= y <= a.y1]
        assert len(holding) == 1, word.text


def test_a_line_s_image_holds_no_neighbour() -> None:
    """Ink of the line below, and of a large letter beside it, is left out of a line's image."""
    page = np.full((900, 1200), 255, np.uint8)
    cv2.putText(page, "first line", (100, 300), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (0,), 4)
    cv2.putText(page, "second gy", (100, 350), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (0,), 4)
    rules = find_rules(page, DPI)
    found = find_lines(page, rules, find_cells(rules, DPI), DPI)

    images = [found.image_of(line, page, 20)[0] for line in found.lines]

    inks = [int((image < 128).sum()) for image in images]
    assert len(images) == 2
    assert sum(inks) == pytest.approx(int((page < 128).sum()), rel=0.02)
