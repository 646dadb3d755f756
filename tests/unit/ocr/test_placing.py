"""A bent sheet is laid where it lies, and places found by chance do not bend it."""

import cv2
import numpy as np
import pytest

from ocr.imaging.placing import Bend, Depth, Placing, bent_on, fitted_bend, flat, rescaled

_TERMS = np.array([[1, -1], [2, 0], [-1, 3], [-2, 1], [4, -3], [0.5, 2]], np.float64)
_MATRIX = np.array([[0.999, -0.02, 9], [0.02, 1.001, -6]])
_SIZE = (1200, 1600)


def _off(bend: Bend, x: float, y: float) -> list[float]:
    moves = bend.off(np.array([x], np.float32), np.array([y], np.float32))
    return [float(move[0]) for move in moves]


def _strokes() -> Depth:
    rng = np.random.default_rng(5)
    ink = np.zeros((1650, 1250), np.uint8)
    for x, y in rng.integers((60, 60), (1100, 1550), (300, 2)):
        cv2.line(ink, (int(x), int(y)), (int(x) + 30, int(y) + int(rng.integers(-9, 9))), 255, 3)
    return ink.astype(np.float32)


def test_a_fit_finds_the_bend_among_places_found_by_chance() -> None:
    """Four places in ten are anywhere, up to 20 pixels off."""
    rng = np.random.default_rng(3)
    places = rng.uniform((0, 0), _SIZE, (80, 2))
    off = np.array([_off(Bend(_TERMS), x, y) for x, y in places])
    off[::5] += rng.uniform(-20, 20, off[::5].shape)
    off[1::5] += rng.uniform(-20, 20, off[1::5].shape)

    fitted = fitted_bend(places, off, 12.0)

    for x, y in ((100, 100), (600, 800), (1100, 1500)):
        assert _off(fitted, x, y) == pytest.approx(_off(Bend(_TERMS), x, y), abs=0.3)


def test_few_places_leave_a_sheet_flat() -> None:
    """None at all is no reason to bend one."""
    nowhere = np.zeros((0, 2))

    assert not fitted_bend(nowhere, nowhere, 12.0).terms.any()


def test_a_flat_sheet_is_laid_by_its_map_alone() -> None:
    """As an affine warp lays it."""
    ink = _strokes()

    laid = Placing(_MATRIX, flat()).on_page(ink, _SIZE)

    warped = np.maximum(cv2.warpAffine(ink, _MATRIX, _SIZE, flags=cv2.INTER_CUBIC), 0)
    assert np.abs(laid - warped).mean() < 1


def test_a_stroke_lies_where_the_bend_takes_it() -> None:
    """A dot that the map takes to a place of the page is found as far from there as it is off."""
    ink = np.zeros((1650, 1250), np.float32)
    cv2.circle(ink, (900, 1200), 4, 255.0, -1)
    placing = Placing(_MATRIX, Bend(_TERMS))

    rows, columns = np.nonzero(placing.on_page(ink, _SIZE) > 128)

    x, y = _MATRIX @ (900, 1200, 1)
    right, down = _off(placing.bend, columns.mean(), rows.mean())
    assert (columns.mean(), rows.mean()) == pytest.approx((x + right, y + down), abs=0.3)


def test_a_placing_of_a_larger_picture_is_the_same_one() -> None:
    """Twice as large, everything is twice as far."""
    bend = Bend(_TERMS)

    assert _off(bend.rescaled(2), 800, 1000) == pytest.approx(
        [2 * move for move in _off(bend, 400, 500)], rel=1e-4
    )
    assert rescaled(_MATRIX, 2) @ (800, 1000, 1) == pytest.approx(2 * _MATRIX @ (400, 500, 1))


def test_steps_bring_a_laid_picture_to_the_page() -> None:
    """A bend of a pixel or two is found from the slopes of what was laid."""
    ink, true = _strokes(), Bend(_TERMS / 3)
    page = cv2.GaussianBlur(Placing(_MATRIX, true).on_page(ink, _SIZE), (0, 0), 3)
    bend = flat()

    for _ in range(5):
        laid = cv2.GaussianBlur(Placing(_MATRIX, bend).on_page(ink, _SIZE), (0, 0), 3)
        right, down = (cv2.Sobel(laid, cv2.CV_32F, *way, scale=1 / 8) for way in ((1, 0), (0, 1)))
        rows, columns = np.nonzero(np.hypot(right, down) > 3)
        at = np.s_[rows, columns]
        places, slopes = np.column_stack([columns, rows]), np.column_stack([right[at], down[at]])
        bend = bent_on(
            bend, places.astype(float), slopes.astype(float), (page - laid)[at].astype(float)
        )

    for x, y in ((200, 200), (600, 800), (1000, 1400)):
        assert _off(bend, x, y) == pytest.approx(_off(true, x, y), abs=0.2)
