"""What shines through from a sheet's other side goes; what is on the page stays."""

import functools
from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from ocr.engine import make_engine
from ocr.imaging.bleed_through import BleedThrough, find_bleed_through
from ocr.imaging.light import even_light
from ocr.imaging.pixels import as_grey
from ocr.reading import read_page
from records.values import PageImage, PageText
from tests.makers.blanks import MARKS, make_marked_blank, make_worn_blank
from tests.makers.pages import MadePage, make_both_sides
from tests.makers.sheet import Level
from tests.makers.sides import make_other_side
from tests.unit.ocr.made_pages import Pixels, page_image

_DPI = 200
_KINDS = ("diagnosis_certificate", "treatment_confirmation")
_FAULTS = ("skew", "gaussian_noise", "bleed_through")
_DUSTY = (300, 700, 1100, 1400)  # columns
_STAINED = (910003, 910033)


def _pixels(page: MadePage) -> Pixels:
    return np.asarray(page.image)


@functools.cache
def _blank(seed: int, level: Level) -> tuple[Pixels, Pixels]:
    """A blank back on which the front shows, and that front as scanned."""
    wear = ("bleed_through",) if level == "severe" else ("bleed_through", "gaussian_noise")
    back = make_worn_blank(seed, level, _DPI, wear=wear)
    return _pixels(back), _pixels(make_other_side(back, level, _DPI))


def _read(page: Pixels, *others: Pixels) -> PageText:
    """The page's facts, without its words."""
    sides = [page_image(other, _DPI) for other in others]
    return read_page(page_image(page, _DPI), make_engine("null", "kor"), sides).text


def _seen_through(page: Pixels, other: Pixels) -> BleedThrough | None:
    grey = page if page.ndim == 2 else as_grey(page.mean(axis=2))
    return find_bleed_through(even_light(grey, _DPI), _DPI, other, _DPI)


@pytest.mark.parametrize(("seed", "level"), [(1, "mild"), (3, "medium"), (4, "severe")])
def test_a_blank_back_is_blank_beside_its_front(seed: int, level: Level) -> None:
    """Alone it cannot be told from faint print; with its front it is blank, and says so."""
    back, front = _blank(seed, level)

    alone, beside = _read(back), _read(back, front)

    assert "blank" not in alone.flags
    assert alone.bleed_through is None
    assert beside.flags == ("blank", "bleed_through")
    assert beside.bleed_through is not None
    assert 0.01 < beside.bleed_through < 0.4


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_the_front_may_lie_any_way_round(turns: int) -> None:
    """Turned sheets, and pages turned to be stored, are laid over each other as well."""
    back, front = _blank(1, "mild")

    assert "blank" in _read(back, np.ascontiguousarray(np.rot90(front, turns))).flags


def _bent(pixels: Pixels, reach: float) -> Pixels:
    """A sheet whose edges lie some pixels off, as one that was not pressed flat."""
    height, width = pixels.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    right, down = (2 * x / width - 1) ** 2 * reach, (2 * y / height - 1) ** 2 * -reach
    return cv2.remap(pixels, x + right, y + down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def test_a_front_that_lay_bent_explains_its_back() -> None:
    """Five pixels off at its edges, its print is taken away all the same."""
    back, front = _blank(5, "severe")

    assert "blank" in _read(back, _bent(front, 5)).flags


def test_dust_on_the_front_does_not_shine_through() -> None:
    """Lines that the scanner drew along the front are not missed on the back."""
    back, front = _blank(5, "severe")
    dusty = front.copy()
    for column in _DUSTY:
        dusty[:, column : column + 4] = 40

    assert "blank" in _read(back, dusty).flags


@pytest.mark.parametrize("seed", _STAINED)
def test_a_stain_across_what_shines_through_stays_a_stain(seed: int) -> None:
    """What is left of print on a cup's ring is painted like the ring, not like paper."""
    back = make_worn_blank(seed, "severe", 300, wear=("bleed_through", "stain"))
    front = make_other_side(back, "severe", 300)

    sides = page_image(_pixels(back), 300), [page_image(_pixels(front), 300)]

    assert "blank" in read_page(sides[0], make_engine("null", "kor"), sides[1]).text.flags


def test_a_strange_sheet_explains_nothing() -> None:
    """A page that is not the other side explains nothing; the right one after it does."""
    back, front = _blank(1, "mild")
    _, strange = _blank(3, "medium")

    alone, wrong, both = _read(back), _read(back, strange), _read(back, strange, front)

    assert wrong == alone
    assert "blank" in both.flags


@pytest.mark.parametrize(("seed", "level"), [(2, "mild"), (3, "severe")])
@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_on_a_page_shown_through_is_never_lost(mark: str, seed: int, level: Level) -> None:
    """Pencil, stamp, pen, faint print, a page's number: none goes with what shines through."""
    page = make_marked_blank(mark, seed, level, _DPI, faults=_FAULTS)
    front = make_other_side(page, level, _DPI)

    text = _read(_pixels(page), _pixels(front))

    assert "blank" not in text.flags
    assert "bleed_through" in text.flags


def test_a_mark_across_what_shines_through_keeps_its_depth() -> None:
    """What is taken away is what shone through, not what was written over it."""
    back, front = _blank(1, "mild")
    written = back.copy()
    strokes = np.s_[300:1500, 600:604]
    written[strokes] = (written[strokes] * 0.8).astype(np.uint8)

    with_, without = (_seen_through(page, front) for page in (written, back))

    assert with_ is not None
    assert without is not None
    left = without.cleaned[strokes].astype(float) - with_.cleaned[strokes]
    assert np.median(left) > 0.15 * 255
    assert (left > 0.1 * 255).mean() > 0.95


def test_print_on_both_sides_is_kept_and_the_other_goes() -> None:
    """Own strokes keep their ink; of what shines through hardly any is left."""
    front, back = map(_pixels, make_both_sides(*_KINDS, 3, "medium", _DPI))

    found = _seen_through(front, back)

    assert found is not None
    grey = even_light(front if front.ndim == 2 else as_grey(front.mean(axis=2)), _DPI)
    own, faint = grey < 100, (grey > 180) & (grey < 245) & (found.shown > 0)
    assert (found.cleaned[own] < 130).mean() > 0.99
    assert 255 - found.cleaned[faint].mean() < (255 - grey[faint].mean()) / 2


def test_nobody_asks_for_the_other_side_of_an_ordinary_page() -> None:
    """The other side is looked at only where faint ink is seen."""
    faults = ("skew", "gaussian_noise")
    front, back = map(_pixels, make_both_sides(*_KINDS, 3, "mild", _DPI, faults=faults, also=()))
    asked = []

    def sides() -> Iterator[PageImage]:
        asked.append(True)
        yield page_image(back, _DPI)

    text = read_page(page_image(front, _DPI), make_engine("null", "kor"), sides()).text

    assert asked == []
    assert text.bleed_through is None


@pytest.mark.parametrize(
    "odd",
    [
        np.zeros((1, 1), np.uint8),
        np.zeros((2339, 1654), np.uint8),
        np.full((2339, 1654, 3), 255, np.uint8),
        np.tile(np.array([0, 255], np.uint8), (600, 4000)),
    ],
    ids=["pixel", "black", "white", "stripes"],
)
def test_an_odd_other_side_does_no_harm(odd: Pixels) -> None:
    """A speck, a black page, white paper, stripes: the page is read as if it were alone."""
    back, _ = _blank(1, "mild")

    assert _read(back, odd) == _read(back)
