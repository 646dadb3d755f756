"""Bars, heads of columns and shades: light print is turned dark, and nothing else is touched."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr.imaging.borders import without_borders
from ocr.imaging.ground import find_grounds, with_dark_print, without_shades
from ocr.imaging.pixels import Grey
from tests.makers.pages import make_page

_DPI = 300
_FONT = "/usr/share/fonts/truetype/nanum/NanumGothic.ttf"


def _page(*bars: tuple[tuple[int, int, int, int], int, str, int]) -> Grey:
    """A page with bars: corners, grey, text on it, grey of the text."""
    sheet = Image.new("L", (2400, 3300), 250)
    draw = ImageDraw.Draw(sheet)
    for corners, grey, text, ink in bars:
        draw.rectangle(corners, fill=grey)
        draw.text((corners[0] + 40, corners[1] + 15), text, ink, ImageFont.truetype(_FONT, 42))
    return np.asarray(sheet)


def _turned(page: Grey) -> Grey:
    return with_dark_print(page, find_grounds(page, _DPI).printed, _DPI)


@pytest.mark.parametrize("grey", [0, 60, 140])
def test_light_print_on_a_bar_becomes_dark_print_on_paper(grey: int) -> None:
    """However dark the bar, letters are dark where they were light, and the rest is white."""
    page = _page(((200, 300, 2200, 375), grey, "환자 인적 사항", 250))

    turned = _turned(page)

    inside = page[310:365, 210:2190]
    letters, ground = inside > 240, inside < grey + 10
    assert turned[310:365, 210:2190][letters].mean() < 40
    assert turned[310:365, 210:2190][ground].mean() > 235
    assert turned[290:385, 190:2210].min(axis=0)[[10, -10]].min() > 200


def test_a_turned_page_s_bars_are_turned_too() -> None:
    """A bar that runs down is a bar."""
    page = _page(((200, 300, 2200, 375), 40, "외래 진료 기록", 250))

    across, down = np.rot90(_turned(page)), _turned(np.rot90(page).copy())

    assert (page != _turned(page)).mean() > 0.01
    assert (np.abs(across.astype(np.int16) - down) > 60).mean() < 1e-4


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_printed_bar_that_runs_off_the_sheet_is_no_border(turns: int) -> None:
    """A letterhead's print stays, on whichever side; the scanner's bed beside a page does not."""
    letterhead = _page(((0, 0, 2400, 240), 40, "기록의원 진료비 계산서", 250))
    bed = _page(((0, 0, 2400, 240), 40, "", 250))

    kept, painted = (
        without_borders(np.rot90(page, turns).copy(), _DPI) for page in (letterhead, bed)
    )

    assert (kept == np.rot90(letterhead, turns)).all()
    assert painted.min() > 200


def test_bold_print_beside_a_dark_label_stays() -> None:
    """Letters as heavy as the ground they nearly touch are not painted over."""
    page = _page(
        ((200, 300, 1100, 380), 215, "", 0),
        ((200, 380, 600, 460), 110, "등록번호", 250),
    ).copy()
    for left in (240, 300):
        page[325:368, left : left + 44] = 100  # a bold blurred syllable

    turned = _turned(page)

    assert turned[395:450, 420:590].min() > 235
    assert turned[330:364, 304:340].max() == 100


@pytest.mark.parametrize("grain", [0, 14])
def test_a_shade_is_white_and_its_dark_print_stays(grain: int) -> None:
    """A head of columns is paper, however grainy; its letters are as deep as before or deeper."""
    page = _page(((200, 300, 2200, 375), 215, "진료과목", 40))
    letters = page < 60
    noise = np.random.default_rng(4).normal(0, grain, page.shape)
    grainy = (page + noise).clip(0, 255).astype(np.uint8)

    white = without_shades(grainy, find_grounds(grainy, _DPI).shaded, _DPI)

    assert white[305:370, 900:2190].mean() > 240
    assert white[letters].mean() < 60
    assert np.array_equal(white[600:], grainy[600:])


@pytest.mark.parametrize(
    ("bar", "why"),
    [
        (((200, 300, 2200, 375), 40, "", 0), "a bar without print"),
        (((200, 300, 2200, 375), 160, "형광펜이 지나간 글자들을 그대로 둔다", 20), "a highlighter"),
        (((200, 300, 2200, 375), 225, "성명", 0), "a shaded label"),
        (((200, 300, 201, 301), 250, "굵은 글씨가 빽빽한 줄은 바탕이 아니다", 0), "plain print"),
    ],
)
def test_what_bears_no_light_print_stays(
    bar: tuple[tuple[int, int, int, int], int, str, int], why: str
) -> None:
    """Dark print is not turned, whatever it stands on."""
    page = _page(bar)

    assert np.array_equal(_turned(page), page), why


def test_white_rules_part_the_grounds_of_a_table_s_head() -> None:
    """A light rule from edge to edge is no letter: it is paper between two grounds."""
    page = _page(((200, 300, 2200, 375), 40, "검사명", 250)).copy()
    page[300:376, 1200:1204] = 250

    printed = find_grounds(page, _DPI).printed

    assert not printed[310:365, 1201:1203].any()
    assert printed[340, 1100]
    assert printed[340, 1300]
    assert _turned(page)[310:365, 1190:1214].min() > 200


def test_shades_are_found_behind_print_and_in_grain() -> None:
    """A pale label with print on it is shaded; paper, print on paper and grain are not."""
    page = _page(((200, 300, 700, 400), 222, "환자의 성명", 0)).astype(np.float32)
    page += np.random.default_rng(1).normal(0, 12, page.shape)

    shaded = find_grounds(page.clip(0, 255).astype(np.uint8), _DPI).shaded

    assert (shaded[320:380, 220:680] > 0).mean() > 0.95
    assert not shaded[500:].any()


def test_a_made_page_without_bars_has_no_printed_ground() -> None:
    """Forms, tables and titles are no dark ground."""
    for layout in ("statutory", "dense"):
        page = np.asarray(make_page("lab_result", layout, 71, "medium")[0].image.convert("L"))

        assert not find_grounds(page, _DPI).printed.any()
