"""Rules and the cells between them: what is one, what only looks like one."""

import numpy as np
from PIL import ImageDraw

from ocr.imaging.rules import find_rules, without_rules
from ocr.imaging.specks import without_specks
from ocr.layout.boxes import Area
from ocr.layout.cells import find_cells
from tests.unit.ocr.drawn_sheets import DPI, blank_sheet, draw_table, lines_of, write


def test_a_table_s_cells_are_found() -> None:
    """Each cell is one, and lies between its rules."""
    sheet = blank_sheet()
    draw_table(sheet, [200, 700, 2200], [400, 520, 640, 760])

    cells = find_cells(find_rules(np.asarray(sheet), DPI), DPI)

    assert len(cells.areas) == 6
    assert cells.at(Area(250, 430, 400, 490)) != cells.at(Area(750, 430, 900, 490))
    assert cells.at(Area(250, 1000, 400, 1100)) is None


def test_a_table_without_sides_has_cells() -> None:
    """Korean forms leave the left and right side open; the rows are told apart all the same."""
    sheet = blank_sheet()
    draw = ImageDraw.Draw(sheet)
    for y in (400, 520, 640):
        draw.line([(200, y), (2200, y)], 0, 3)
    draw.line([(700, 400), (700, 640)], 0, 3)

    cells = find_cells(find_rules(np.asarray(sheet), DPI), DPI)

    places = [cells.at(Area(x, y, x + 100, y + 40)) for y in (440, 560) for x in (300, 1500)]
    assert len(set(places)) == 4
    assert None not in places


def test_underlined_blanks_below_each_other_are_no_cells() -> None:
    """The same side with other lengths is no table; its rows are read label with value."""
    sheet = blank_sheet()
    draw = ImageDraw.Draw(sheet)
    for row, label in enumerate(("성명", "주민등록번호", "주소", "연락처")):
        x, y = 200 + 46 * len(label), 400 + 110 * row
        draw.line([(x, y + 56), (1100, y + 56)], 0, 3)
        write(sheet, 200, y, label)

    assert find_cells(find_rules(np.asarray(sheet), DPI), DPI).areas == ()


def test_a_table_between_two_blanks_is_not_cut_by_their_side() -> None:
    """Two rules of one length with a longer one between them close no side across it."""
    sheet = blank_sheet()
    draw = ImageDraw.Draw(sheet)
    for x, y in ((700, 400), (200, 500), (200, 600), (700, 700)):
        draw.line([(x, y), (1500 if x == 700 else 2200, y)], 0, 3)

    cells = find_cells(find_rules(np.asarray(sheet), DPI), DPI)

    assert [round(area.width, -2) for area in cells.areas] == [2000]


def test_a_column_that_stops_short_of_its_rule_parts_cells() -> None:
    """A rule's worn end lets no cell run into the next."""
    sheet = blank_sheet()
    draw_table(sheet, [200, 2200], [400, 640])
    ImageDraw.Draw(sheet).line([(1000, 420), (1000, 640)], 0, 3)

    assert len(find_cells(find_rules(np.asarray(sheet), DPI), DPI).areas) == 2


def test_upright_strokes_in_close_rows_are_no_column() -> None:
    """The same word in every row of a close table stands whole in its cell."""
    sheet = blank_sheet()
    ys = [400 + 46 * row for row in range(8)]
    draw_table(sheet, [200, 700, 2200], ys)
    for y in ys[:-1]:
        write(sheet, 212, y + 6, "주사 기시", 34)

    cells = find_cells(find_rules(np.asarray(sheet), DPI), DPI)

    assert len(cells.areas) == 14


def test_light_thin_rules_are_rules() -> None:
    """A grid of one light dot's width, as a program's screen is printed with, makes cells."""
    sheet = blank_sheet()
    draw = ImageDraw.Draw(sheet)
    for x in (200, 700, 2200):
        draw.line([(x, 400), (x, 640)], 165, 2)
    for y in (400, 520, 640):
        draw.line([(200, y), (2200, y)], 165, 2)
    for row in range(20):
        write(sheet, 200, 800 + 100 * row, "등록번호 174309")

    assert len(find_cells(find_rules(np.asarray(sheet), DPI), DPI).areas) == 4


def test_dust_from_edge_to_edge_is_no_light_rule() -> None:
    """A light line along the whole page is the scanner's glass."""
    sheet = blank_sheet()
    ImageDraw.Draw(sheet).line([(1000, 0), (1000, sheet.height)], 180, 2)
    for row in range(20):
        write(sheet, 1100, 100 * row, "등록번호 174309")

    assert not find_rules(np.asarray(sheet), DPI).columns.any()


def test_a_dotted_rule_is_a_rule_and_its_dots_are_no_specks() -> None:
    """Dots in a row close cells as a rule does, and are painted out; a lone speck goes before."""
    sheet = blank_sheet()
    draw = ImageDraw.Draw(sheet)
    for y in (400, 520, 640):
        for x in range(200, 2200, 12):
            draw.rectangle([x, y, x + 3, y + 3], 0)
    draw.rectangle([1200, 2000, 1204, 2004], 0)
    write(sheet, 260, 440, "성명")

    page = without_specks(np.asarray(sheet), DPI)
    rules = find_rules(page, DPI)
    rest = without_rules(page, rules, DPI)

    assert page[2002, 1202] == 255
    assert page[401, 201] == 0
    assert len(find_cells(rules, DPI).areas) == 2
    assert (rest[380:420] == 255).all()
    assert (rest[440:500, 260:400] < 128).any()


def test_a_thick_bar_is_no_line_of_text() -> None:
    """A bar across the page, thicker than any rule, is painted out; print below it stays."""
    sheet = blank_sheet()
    ImageDraw.Draw(sheet).rectangle([200, 300, 2200, 322], 0)
    write(sheet, 200, 360, "진단서", 80)

    assert [area.y0 > 340 for area in lines_of(np.asarray(sheet))] == [True]


def test_a_faint_rule_leaves_the_letters_that_it_crosses() -> None:
    """A rule shown through from the other side goes; the number printed across it is whole."""
    plain, crossed = blank_sheet(), blank_sheet()
    ImageDraw.Draw(crossed).line([(200, 421), (2200, 421)], 225, 4)
    for sheet in (plain, crossed):
        write(sheet, 300, 400, "169834")

    page = np.asarray(crossed)
    cleaned = without_rules(page, find_rules(page, DPI), DPI)

    assert (cleaned[415:428, 1000:2000] == 255).mean() > 0.95
    ink = np.asarray(plain)[400:450, 290:480] < 128
    assert (cleaned[400:450, 290:480][ink] < 128).mean() > 0.98
