"""Blank sheets in black and white: cups' rings, dust and faint lines as a fax leaves them."""

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from ocr.engine import make_engine
from ocr.imaging.blank import is_blank
from ocr.imaging.borders import without_borders
from ocr.imaging.rings import find_rings
from ocr.reading import read_page
from tests.makers.blanks import make_marked_blank
from tests.makers.pages import MadePage, make_page
from tests.unit.ocr.made_pages import Pixels, page_of

_DPI = 200
_STAINED = ("skew", "stain", "fax", "gaussian_noise")
_DUSTY = ("skew", "blur", "speckle", "fax", "gaussian_noise")


@pytest.mark.parametrize(("seed", "faults"), [(900_012, _STAINED), (935_004, _DUSTY)])
def test_a_worn_sheet_sent_by_fax_is_blank(seed: int, faults: tuple[str, ...]) -> None:
    """Three rings of cups, black as ink; 1,700 specks, each twice as high as it was."""
    assert _flags(make_page("blank", None, seed, "severe", faults=faults)[0]) == ("blank",)


def test_a_pens_dot_among_the_specks_of_a_fax_is_a_mark() -> None:
    """Half a millimetre across is wider than a speck, there too."""
    page = make_marked_blank("pen_dot", 935_004, "severe", faults=_DUSTY)

    assert "blank" not in _flags(page)


def test_rings_that_cross_are_found() -> None:
    """Where they meet they are wider, and neither is whole."""
    page = _two_tones(_ring((600, 900), 240, 14) + _ring((900, 1000), 250, 14))

    assert is_blank(page, page, _DPI)
    assert cv2.countNonZero(~page & ~find_rings(page, _DPI)) < 0.01 * cv2.countNonZero(~page)


@pytest.mark.parametrize("width", [3, 6, 14])
def test_a_circle_drawn_by_a_pen_is_a_mark(width: int) -> None:
    """Its edge is clean, whatever its width; a cup's ring is frayed by the paper's grain."""
    drawn = np.zeros(_SIZE, np.float32)
    cv2.ellipse(drawn, (800, 1000), (240, 260), 10, 0, 360, 200, width, cv2.LINE_AA)
    page = _two_tones(drawn)

    assert not is_blank(page, page, _DPI)


def test_a_circle_drawn_with_a_crayon_is_a_mark() -> None:
    """Frayed as a ring is, but with holes in it."""
    drawn = np.zeros(_SIZE, np.float32)
    cv2.ellipse(drawn, (800, 1000), (240, 260), 10, 0, 360, 1, 12, cv2.LINE_AA)
    grain = cv2.GaussianBlur(np.random.default_rng(4).random(_SIZE, np.float32), (0, 0), 0.8)
    page = _two_tones(drawn * (grain > 0.42) * 200)

    assert not is_blank(page, page, _DPI)


def test_what_is_written_beside_a_ring_is_a_mark() -> None:
    """Only the ring is forgiven: a dot a millimetre off it, a stroke across it."""
    ring = _ring((800, 1000), 250, 14)
    dotted, crossed = ring.copy(), ring.copy()
    cv2.circle(dotted, (800, 1000 - 275), 4, 200, -1, cv2.LINE_AA)
    cv2.line(crossed, (1000, 900), (1120, 860), 200, 3, cv2.LINE_AA)

    for drawn in (dotted, crossed):
        page = _two_tones(drawn)
        assert not is_blank(page, page, _DPI)


def test_a_rings_size_is_a_cups() -> None:
    """A round stamp is smaller, and its rim may be as frayed."""
    page = _two_tones(_ring((800, 1000), 86, 14))

    assert not find_rings(page, _DPI).any()
    assert not is_blank(page, page, _DPI)


def test_a_faint_streak_of_which_dots_are_left_is_blank() -> None:
    """They lie in one line along half of the sheet, a millimetre apart."""
    page, rng = np.full(_SIZE, 255, np.uint8), np.random.default_rng(7)
    for y in np.cumsum(rng.integers(4, 13, 150)) + 300:
        page[y : y + int(rng.integers(2, 6)), 800 + y // 60] = 0

    assert is_blank(page, page, _DPI)


def test_specks_that_lie_close_together_are_a_mark() -> None:
    """So two tones leave a faint word; strewn over the sheet the same specks are dust."""
    rng = np.random.default_rng(9)
    dust, word = (np.full(_SIZE, 255, np.uint8) for _ in range(2))
    for page, columns, rows in ((dust, (80, 1570), (80, 2250)), (word, (700, 800), (500, 525))):
        for x, y in zip(rng.integers(*columns, 24), rng.integers(*rows, 24), strict=True):
            page[y : y + 2, x] = 0

    assert is_blank(dust, dust, _DPI)
    assert not is_blank(word, word, _DPI)


def test_a_sheet_of_which_much_is_black_is_not_blank() -> None:
    """What lies there cannot be seen; a scanner's bed round a sheet covers less."""
    page = np.full(_SIZE, 255, np.uint8)
    page[-500:] = 0
    assert is_blank(without_borders(page, _DPI), page, _DPI)

    page[-900:] = 0
    assert not is_blank(without_borders(page, _DPI), page, _DPI)


def test_no_ring_is_sought_on_a_grey_page() -> None:
    """There its depth tells it from ink."""
    page = (250 - _ring((800, 1000), 250, 14)).clip(0, 255).astype(np.uint8)

    assert not find_rings(page, _DPI).any()


_SIZE = (2292, 1686)


def _ring(middle: tuple[int, int], radius: int, width: int) -> npt.NDArray[np.float32]:
    """Return how much darker than paper a ring of coffee is, its sides soft."""
    rows, columns = np.mgrid[: _SIZE[0], : _SIZE[1]].astype(np.float32)
    away = np.hypot(columns - middle[0], rows - middle[1])
    return np.asarray(110 * np.exp(-(((away - radius) / width) ** 2)), np.float32)


def _two_tones(depth: npt.NDArray[np.float32]) -> Pixels:
    """Return paper with grain, darkened and cut as a fax cuts it."""
    grain = np.random.default_rng(3).normal(0, 9, _SIZE)
    return np.where(250 - depth + grain > 188, 255, 0).astype(np.uint8)


def _flags(page: MadePage) -> tuple[str, ...]:
    return read_page(page_of(page.image, page.truth.dpi), make_engine("null", "kor")).text.flags
