"""Panels beside and below each other: each is read whole before the next."""

import numpy as np
from PIL import ImageDraw

from ocr.imaging.rules import find_rules, without_rules
from ocr.layout.boxes import Area
from ocr.layout.cells import find_cells
from ocr.layout.reading_order import reading_order
from tests.unit.ocr.drawn_sheets import DPI, blank_sheet, draw_table, lines_of, write


def test_panels_open_to_the_right_are_read_one_after_the_other() -> None:
    """The cells of the left one seem to reach to the side of the right one."""
    sheet = blank_sheet()
    draw = ImageDraw.Draw(sheet)
    for x in (200, 1240):
        draw_table(sheet, [x, x + 960], [400, 470])
        draw.line([(x, 470), (x, 770)], 0, 3)
        for y in (570, 670, 770):
            draw.line([(x, y), (x + 960, y)], 0, 3)
        write(sheet, x + 30, 412, "환자 사항")
        for row in range(3):
            write(sheet, x + 30, 495 + 100 * row, "성명")
            write(sheet, x + 400, 495 + 100 * row, "홍길동")

    lines = lines_of(np.asarray(sheet))

    assert [area.x0 < 1200 for area in lines] == [True] * 7 + [False] * 7


def test_pairs_of_panels_below_each_other_are_read_pair_by_pair() -> None:
    """One strip of white parts both pairs, and the lower pair begins below the upper one."""
    sheet = blank_sheet()
    for top in (400, 680):
        for x in (200, 1240):
            draw_table(sheet, [x, x + 960], [top, top + 240])
            for row in range(3):
                write(sheet, x + 30, top + 20 + 70 * row, "성명")
                write(sheet, x + 400, top + 20 + 70 * row, "홍길동")

    lines = lines_of(np.asarray(sheet))

    assert [(area.y0 > 660, area.x0 > 1200) for area in lines] == [
        (low, right) for low in (False, True) for right in (False, True) for _ in range(6)
    ]


def test_a_cell_that_holds_both_sides_of_a_gutter_is_two() -> None:
    """What stands left of the gutter is no part of the right panel's cell."""
    sheet = blank_sheet()
    draw_table(sheet, [200, 600], [400, 480, 560, 640])
    draw_table(sheet, [600, 2200], [400, 640])
    draw_table(sheet, [1240, 1540], [480, 560])
    cells = find_cells(find_rules(np.asarray(sheet), DPI), DPI)
    left = [Area(x, y, x + 200, y + 40) for y in (420, 500, 580) for x in (300, 700)]
    right = [Area(x, y, x + 200, y + 40) for y in (420, 500) for x in (1260, 1600)]

    order = reading_order(left + right, cells, [Area(1180, 380, 1220, 660)])

    assert order == [(0, 1), (2, 3), (4, 5), (6, 7), (8, 9)]


def test_a_value_of_two_lines_is_read_with_the_label_at_its_middle() -> None:
    """The cell of the values has no rules between them; the labels tell which lines are one's."""
    sheet = blank_sheet()
    draw_table(sheet, [200, 600], [400, 480, 560, 700])
    draw_table(sheet, [600, 2200], [400, 700])
    for y, label in ((418, "성별"), (498, "연락처"), (608, "주소")):
        write(sheet, 230, y, label)
    for y, value in ((418, "남"), (498, "010-3286-3564"), (578, "다솜시 달빛로"), (638, "1703호")):
        write(sheet, 700, y, value)

    lines = lines_of(np.asarray(sheet))

    assert [area.x0 < 600 for area in lines] == [True, False, True, False, True, False, False]


def test_two_columns_of_text_are_read_one_after_the_other() -> None:
    """A column may have more short last lines than full ones, if the other has few."""
    sheet = blank_sheet()
    left = ["환자를 앙와위로 눕히고 수술 부위", "베타딘으로 소독한 후 소독포를 덮"]
    right = ["부위는 지혈함.", "병변을 주위 조직과 분리하여 적출", "세척함."]
    for row in range(5):
        write(sheet, 200, 400 + 60 * row, left[row % 2])
        write(sheet, 1200, 400 + 60 * row, right[row % 3])

    lines = lines_of(np.asarray(sheet))

    assert [area.x0 < 1100 for area in lines] == [True] * 5 + [False] * 5


def test_a_streak_down_a_page_parts_nothing() -> None:
    """It begins and ends in the blank and crosses the rules, and is painted out like one."""
    sheet = blank_sheet()
    draw = ImageDraw.Draw(sheet)
    for y in (400, 500, 600):
        draw.line([(200, y), (2200, y)], 0, 3)
    draw.line([(1200, 150), (1200, 2500)], 90, 3)
    page = np.asarray(sheet)

    rules = find_rules(page, DPI)

    assert len(find_cells(rules, DPI).areas) == 2
    assert (without_rules(page, rules, DPI)[700:2400, 1190:1210] == 255).all()


def test_the_rest_of_a_dotted_rule_is_no_line() -> None:
    """What was not taken for a rule, long and flat, says nothing; the words above it stay."""
    sheet = blank_sheet()
    write(sheet, 200, 400, "온새미정형외과의원")
    draw = ImageDraw.Draw(sheet)
    for number in range(50):
        x, y = 200 + 14 * number, 500 + number // 12
        draw.rectangle([(x, y), (x + 6, y + 5)], 0)

    lines = lines_of(np.asarray(sheet))

    assert [area.y0 // 100 for area in lines] == [4]


def test_labels_with_values_of_one_width_are_no_columns_of_text() -> None:
    """Each is as wide as its column, and shorter than any line of running text."""
    sheet = blank_sheet()
    for row in range(5):
        write(sheet, 200, 400 + 60 * row, "환자성명 곽동현")
        write(sheet, 800, 400 + 60 * row, "등록번호 369602")

    lines = lines_of(np.asarray(sheet))

    assert [area.x0 < 700 for area in lines] == [True, False] * 5


def test_a_box_for_signatures_beside_a_head_is_read_after_it() -> None:
    """The head's two lines first, then the box, whose titles stand between them in height."""
    sheet = blank_sheet()
    draw_table(sheet, [1500, 1560], [300, 480])
    draw_table(sheet, [1560, 1760, 1960, 2160], [300, 360, 480])
    for x, y, text in ((1590, 310, "담당"), (1790, 310, "과장"), (1990, 310, "원장"),
                       (200, 310, "[별지 제4호서식]"), (500, 390, "요양급여의뢰서")):  # fmt: skip
        write(sheet, x, y, text, 36)
    write(sheet, 200, 700, "환자의 성명")

    lines = lines_of(np.asarray(sheet))

    assert [area.x0 > 1400 for area in lines] == [False] * 2 + [True] * 3 + [False]


def test_a_label_that_spans_two_rows_is_read_before_them_though_a_value_is_missing() -> None:
    """The second row's value is empty; its label is still read after the first row's value."""
    sheet = blank_sheet()
    draw_table(sheet, [200, 300], [400, 640])
    draw_table(sheet, [300, 600, 1100, 1400, 1900], [400, 520, 640])
    areas = [
        Area(220, 480, 280, 560),
        Area(320, 440, 560, 480),
        Area(620, 440, 1000, 480),
        Area(1120, 440, 1380, 480),
        Area(320, 530, 560, 570),
        Area(320, 590, 560, 630),
        Area(1120, 560, 1380, 600),
        Area(1420, 560, 1500, 600),
    ]
    areas[3] = Area(1120, 410, 1380, 450)
    areas.append(Area(1120, 460, 1380, 500))

    order = reading_order(areas, find_cells(find_rules(np.asarray(sheet), DPI), DPI))

    assert [place for row in order for place in row] == [0, 1, 2, 3, 8, 4, 5, 6, 7]


def test_a_label_in_the_middle_of_its_cell_is_read_before_the_first_ruled_line_beside_it() -> None:
    """The lines to write on are cells of their own, and only the first is written on."""
    sheet = blank_sheet()
    draw_table(sheet, [200, 500], [400, 960])
    draw_table(sheet, [500, 2200], list(range(400, 961, 80)))
    areas = [Area(540, 420, 900, 460), Area(260, 655, 440, 700)]

    order = reading_order(areas, find_cells(find_rules(np.asarray(sheet), DPI), DPI))

    assert [place for row in order for place in row] == [1, 0]
