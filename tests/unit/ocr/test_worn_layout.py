"""Lines and their order on worn sheets: faint sides, pens, folds and specks."""

import numpy as np
from PIL import Image, ImageDraw

from ocr.imaging.rules import find_rules, sides_of, without_rules
from ocr.layout.boxes import Area
from ocr.layout.cells import Cells, find_cells
from ocr.layout.gutters import find_gutters
from ocr.layout.page_lines import page_lines
from ocr.layout.reading_order import reading_order
from ocr.reading import _legible
from records.values import Box, Word
from tests.unit.ocr.drawn_sheets import DPI, blank_sheet, draw_table, in_order, lines_of, write


def _labels_above_values(sheet: Image.Image, top: int = 400) -> None:
    for x, label, value in ((230, "성명", "홍길동"), (1230, "생년월일", "1943-05-05")):
        write(sheet, x, top + 20, label)
        write(sheet, x, top + 84, value)


def _draw_worn_side(sheet: Image.Image, x: int, top: int, bottom: int) -> None:
    draw = ImageDraw.Draw(sheet)
    for y in range(top, bottom, 12):
        draw.line([(x, y), (x, min(y + 6, bottom))], 175, 2)


def _cells_of(sheet: Image.Image) -> Cells:
    return find_cells(find_rules(np.asarray(sheet), DPI), DPI)


def test_a_worn_side_between_two_rules_parts_their_cells() -> None:
    """Light, and gone in every other place: all of it together is a side."""
    sheet = blank_sheet()
    draw = ImageDraw.Draw(sheet)
    for y in (400, 560):
        draw.line([(200, y), (2200, y)], 120, 3)
    _draw_worn_side(sheet, 1200, 402, 558)
    _labels_above_values(sheet)

    assert len(_cells_of(sheet).areas) == 2
    assert [area.x0 < 1200 for area in lines_of(np.asarray(sheet))] == [True, True, False, False]


def test_a_streak_through_words_is_no_side() -> None:
    """It runs between the words of one row, so it parts no other row either."""
    sheet = blank_sheet()
    draw = ImageDraw.Draw(sheet)
    for y in (400, 500, 600):
        draw.line([(200, y), (2200, y)], 120, 3)
    write(sheet, 230, 425, "의료급여")
    write(sheet, 406, 425, "제한")
    _draw_worn_side(sheet, 394, 402, 598)

    assert len(_cells_of(sheet).areas) == 2


def test_an_upright_rule_parts_labels_above_their_values() -> None:
    """No cell is closed, as the sheet has no rule above; the rule parts all the same."""
    sheet = blank_sheet()
    draw = ImageDraw.Draw(sheet)
    draw.line([(200, 560), (2200, 560)], 0, 3)
    draw.line([(1200, 410), (1200, 560)], 0, 3)
    _labels_above_values(sheet)

    assert [area.x0 < 1200 for area in lines_of(np.asarray(sheet))] == [True, True, False, False]


def test_an_upright_rule_in_a_table_without_others_parts_no_rows() -> None:
    """Three rows that match left and right of it are a table's."""
    sheet = blank_sheet()
    ImageDraw.Draw(sheet).line([(1200, 390), (1200, 610)], 0, 3)
    for row in range(3):
        write(sheet, 230, 400 + 70 * row, "혈색소")
        write(sheet, 1230, 400 + 70 * row, "12.6")

    assert [area.x0 < 1200 for area in lines_of(np.asarray(sheet))] == [True, False] * 3


def test_the_blank_beside_a_shaded_label_is_no_gutter() -> None:
    """Shade that ends within a cell leaves a strip, which parts the label from no value."""
    sheet = blank_sheet()
    draw_table(sheet, [200, 700, 2200], [400, 500, 600, 700])
    shaded = np.zeros((sheet.height, sheet.width), np.uint8)
    for y in (420, 520, 620):
        shaded[y : y + 60, 270:620] = 255
    page = np.asarray(sheet)
    rules = find_rules(page, DPI)

    assert not find_gutters(rules, sides_of(shaded, DPI), find_cells(rules, DPI), [], DPI)


def test_a_word_with_a_stroke_of_a_pen_through_it_is_a_line() -> None:
    """The stroke joins its letters with a row below; each row is read."""
    sheet = blank_sheet()
    for y in (400, 560):
        write(sheet, 230, y, "주민등록번호")
        write(sheet, 900, y, "890101-1234567")
    ImageDraw.Draw(sheet).line([(420, 390), (470, 600)], 0, 7)

    labels = [area for area in lines_of(np.asarray(sheet)) if area.x0 < 600 and area.width > 150]

    assert len(labels) == 2
    assert all(area.height < 70 for area in labels)


def test_a_bracket_drawn_beside_rows_joins_none() -> None:
    """A high thin stroke is no title's letter that goes on in the next piece."""
    sheet = blank_sheet()
    for y in (400, 480, 560):
        write(sheet, 230, y, "직접 사인")
    ImageDraw.Draw(sheet).line([(140, 380), (190, 500), (140, 620)], 0, 9)

    rows = [area for area in lines_of(np.asarray(sheet)) if area.width > 120]

    assert len(rows) == 3
    assert all(area.height < 70 for area in rows)


def test_a_dotted_rule_that_leans_is_no_line() -> None:
    """What is long and nearly empty has no letters."""
    sheet = blank_sheet()
    write(sheet, 230, 400, "등록번호 174309")
    draw = ImageDraw.Draw(sheet)
    for step in range(100):
        x, y = 230 + 11 * step, 620 - step
        draw.ellipse([x, y, x + 4, y + 4], 0)

    assert len(lines_of(np.asarray(sheet))) == 1


def test_what_is_left_of_a_streak_found_as_a_rule_is_no_text() -> None:
    """Short pieces of a line down the sheet are not the figure one."""
    sheet = blank_sheet()
    draw = ImageDraw.Draw(sheet)
    write(sheet, 230, 400, "등록번호 174309")
    draw.line([(1200, 900), (1200, 1400)], 0, 3)
    for y in (500, 620, 740):
        draw.line([(1200, y), (1200, y + 30)], 0, 3)

    assert len(lines_of(np.asarray(sheet))) == 1


def test_what_says_nothing_parts_nothing() -> None:
    """A scribble over two columns that nobody can read does not break their order."""
    sheet = blank_sheet()
    draw_table(sheet, [200, 700, 2200], [400, 500])
    write(sheet, 230, 425, "성명")
    write(sheet, 1000, 425, "홍길동")
    ImageDraw.Draw(sheet).rectangle([640, 440, 760, 452], 0)
    page = np.asarray(sheet)
    rules = find_rules(page, DPI)
    cut = page_lines(without_rules(page, rules, DPI), rules, np.zeros_like(page), DPI)

    told = in_order(cut, [area.height > 20 for area in cut.areas])

    assert len(told) == len(cut.areas) - 1
    assert [area.x0 < 700 for area in told] == [True, False]


def test_specks_read_as_points_say_nothing() -> None:
    """A point alone is grain; one behind a word stays."""
    box = Box(0, 0, 9, 9)

    assert _legible([Word(".", box, 0.99), Word(",", box, 0.99)]) == []
    assert len(_legible([Word("여백", box, 0.99), Word(".", box, 0.99)])) == 2


def test_a_frame_stamped_over_a_cell_does_not_undo_its_columns() -> None:
    """Where two cells overlap, their lines are what is cut apart."""
    top, side = Area(200, 400, 2200, 800), Area(1900, 380, 2100, 460)
    labels = np.zeros((1100, 800), np.int32)
    labels[134:266, 67:733] = 1
    labels[127:153, 633:700] = 2
    cells = Cells((top, side), labels, np.zeros((1100, 800), np.uint8), 1 / 3)
    lines = [Area(230, 620, 400, 660), Area(1230, 612, 1400, 652)]
    lines += [Area(230, 690, 400, 730), Area(1230, 682, 1400, 722), Area(1950, 400, 2050, 440)]
    divider = Area(1195, 600, 1205, 740)

    order = reading_order(lines, cells, [divider])

    assert [place for row in order for place in row] == [4, 0, 2, 1, 3]


def test_columns_of_text_with_faded_words_are_read_one_after_the_other() -> None:
    """A row of which a streak took a word is one row in two pieces."""
    sheet = blank_sheet()
    text = "환자는 어제부터 열이 나고 기침을 하여 내원함"
    for number in range(6):
        write(sheet, 200, 400 + 70 * number, text)
        write(sheet, 1300, 400 + 70 * number, text)
    ImageDraw.Draw(sheet).polygon([(1500, 380), (1560, 380), (1760, 830), (1700, 830)], 255)

    lines = lines_of(np.asarray(sheet))

    assert [area.x0 < 1200 for area in lines] == [True] * 6 + [False] * 12


def test_a_seal_on_one_value_leaves_the_values_with_their_labels() -> None:
    """One row that is higher than the others does not make them running text."""
    sheet = blank_sheet()
    draw_table(sheet, [200, 600], [400, 500, 600, 700])
    draw_table(sheet, [600, 2200], [400, 700])
    for row, (label, value) in enumerate([("성명", "홍길동"), ("병실", "301"), ("의사", "김갑동")]):
        write(sheet, 230, 425 + 100 * row, label)
        write(sheet, 700, 425 + 100 * row, value)
    ImageDraw.Draw(sheet).rectangle([830, 611, 880, 689], None, 0, 3)

    lines = [area for area in lines_of(np.asarray(sheet)) if area.width > 40]

    assert [area.x0 < 600 for area in lines] == [True, False] * 3


def test_numbers_that_share_a_cell_are_read_with_the_rows_beside_them() -> None:
    """The rules between the numbers are gone; those of the rows tell what belongs together."""
    sheet = blank_sheet()
    draw_table(sheet, [200, 300], [400, 700])
    draw_table(sheet, [300, 2200], [400, 500, 600, 700])
    for row in range(3):
        write(sheet, 230, 425 + 100 * row, str(row + 5))
        write(sheet, 340, 425 + 100 * row, "보행 운동 격려함")

    assert [area.x0 < 300 for area in lines_of(np.asarray(sheet))] == [True, False] * 3


def test_an_upright_rule_at_which_others_end_is_a_table_s() -> None:
    """Two rows are no label above its value where a rule runs between them."""
    sheet = blank_sheet()
    draw = ImageDraw.Draw(sheet)
    draw.line([(1200, 390), (1200, 560)], 0, 3)
    draw.line([(1200, 475), (1900, 475)], 0, 3)
    for row in range(2):
        write(sheet, 230, 405 + 84 * row, "혈색소")
        write(sheet, 1230, 405 + 84 * row, "12.6")

    assert [area.x0 < 1200 for area in lines_of(np.asarray(sheet))] == [True, False] * 2
