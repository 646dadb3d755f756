"""Rings that cups leave, on pages of two tones: black there like a pen's circle, but frayed."""

import math
from collections.abc import Iterator, Sequence

import cv2
import numpy as np
import numpy.typing as npt

from ocr.imaging.pixels import Grey, Mask, as_grey, as_mask, box_kernel, reduced
from ocr.imaging.two_tones import has_two_tones

_MIDDLE, _WHITE = 128, 253  # of two tones: one that lay askew has greys along its edges
_SMOOTHED_MM = 0.2
_FITTED_DPI = 75
_SOLID_MM = 6.0  # wide; where two rings cross they have 4
_MOST_INK = 0.1  # of the page: more is no ring on an empty sheet
_RADIUS_MM = (13.0, 50.0)
_ROUND = 1.35  # times its shorter axis, at most
_WINDOWS_MM = (25.0, 50.0, 90.0)  # along an edge: of one ring, though others cross it
_STEP_MM = 8.0
_FITTED_POINTS, _LEAST_POINTS = 60, 6  # of fewer no ellipse can be made
_CUT_OFF = 2  # pixels: where the sheet ends, and no ring does
_ON_RING_MM = 1.0
_REFINED = 3  # times
_TURN = 120  # parts of a whole turn ...
_LEAST_TURN = 30  # ... and how many are black; a pencil's bow turns less
_MOST_RINGS = 6
_REACH_MM = 3.0  # from the ellipse: a ring is no perfect one, and wide where two meet
_FRINGE_MM = 0.6
_FRAYED_MM, _FRAYED_WIDER_MM = 0.045, 0.05  # off its smoothed edge; a pen's circle is 0.03
_CORE_MM = 0.2  # from a ring's edge, and how much of it that is: less says nothing of holes
_CORE_SHARE, _HOLES = 0.2, 0.055  # a crayon leaves more

_Points = npt.NDArray[np.float32]
"""Columns and rows, one pair each."""


class _Ellipse:
    """An ellipse in pixels, its angle in degrees, as OpenCV fits it."""

    def __init__(self, points: _Points) -> None:
        (x, y), (width, height), degrees = cv2.fitEllipseDirect(points)
        self._middle = np.array((x, y), np.float32)
        self._half_axes = np.array((width / 2, height / 2), np.float32)
        turn = math.radians(degrees)
        cosine, sine = math.cos(turn), math.sin(turn)
        self._axes = np.array(((cosine, -sine), (sine, cosine)), np.float32)

    def is_of_a_cup(self, per_mm: float) -> bool:
        least, most = (float(side(self._half_axes)) for side in (np.min, np.max))
        sized = _RADIUS_MM[0] * per_mm <= least and most <= _RADIUS_MM[1] * per_mm
        return sized and most <= _ROUND * least

    def offsets(self, points: _Points) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.intp]]:
        """Return how far off the ellipse points lie, in pixels, and in which part of its turn."""
        away = points - self._middle
        unit = away @ self._axes / self._half_axes
        share = np.maximum(np.hypot(*unit.T), 1e-6)
        off = np.abs(1 - 1 / share) * np.hypot(*away.T)
        turn = np.arctan2(unit[:, 1], unit[:, 0]) / math.tau
        parts = np.floor(turn * _TURN).astype(np.intp) % _TURN
        return off, parts


def find_rings(page: Grey, dpi: int) -> Mask:
    """Return where rings of cups lie on a page of two tones; on any other page, nowhere.

    A ring has no edge: it fades, and the paper's grain frays it where it is cut into two tones.
    What is drawn or stamped has a clean edge there. A ring is sought as an ellipse of which at
    least a quarter is black; what stands beside it, or runs on beyond it, is no part of it.
    """
    rings = np.zeros(page.shape, np.uint8)
    if not has_two_tones(page):
        return rings
    per_mm, unit = dpi / 25.4, min(dpi, _FITTED_DPI) / 25.4
    ink = as_mask(page < _MIDDLE)
    band = as_mask(as_grey(cv2.GaussianBlur(ink, (0, 0), _SMOOTHED_MM * per_mm)) > 127)
    small = _without_solid(as_mask(reduced(band, dpi, _FITTED_DPI) > 127), unit)
    if not 0 < cv2.countNonZero(small) < _MOST_INK * small.size:
        return rings
    found = list(_ellipses(small, unit))
    left = small.copy()
    for _ in range(_MOST_RINGS):
        ellipse = _fullest(found, _points(left), unit)
        if ellipse is None:
            break
        ring = _ring(band, ellipse, unit / per_mm, per_mm)
        if _is_of_a_cup(ring, ink, band, per_mm):
            rings |= _with_fringe(ring, page, band, per_mm)
        left[_grown(reduced(ring, dpi, _FITTED_DPI), _ON_RING_MM * unit) > 0] = 0
    return rings


def _without_solid(band: Mask, per_mm: float) -> Mask:
    """Return what is black without the scanner's bed, and other areas wider than a ring."""
    side = round(_SOLID_MM * per_mm)
    solid = cv2.morphologyEx(band, cv2.MORPH_OPEN, box_kernel(side, side))
    return as_grey(band & ~_grown(as_grey(solid), _ON_RING_MM * per_mm))


def _points(mask: Mask) -> _Points:
    return np.argwhere(mask)[:, ::-1].astype(np.float32)


def _ellipses(band: Mask, per_mm: float) -> Iterator[_Ellipse]:
    """Yield ellipses of a cup's size that pieces of edges are parts of."""
    height, width = band.shape
    edges, _ = cv2.findContours(band, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    step = max(round(_STEP_MM * per_mm), 1)
    for edge in edges:
        points = np.asarray(edge[:, 0], np.float32)
        last = width - _CUT_OFF, height - _CUT_OFF
        within = np.all((points >= _CUT_OFF) & (points < last), axis=1)
        for window in (round(reach * per_mm) for reach in _WINDOWS_MM):
            for start in range(0, len(points) if len(points) >= window else 0, step):
                piece = np.arange(start, start + window) % len(points)
                piece = piece[within[piece]]
                if len(piece) < max(window / 2, _LEAST_POINTS):
                    continue
                ellipse = _Ellipse(points[piece[:: max(len(piece) // _FITTED_POINTS, 1)]])
                if ellipse.is_of_a_cup(per_mm):
                    yield ellipse


def _fullest(ellipses: Sequence[_Ellipse], points: _Points, per_mm: float) -> _Ellipse | None:
    """Return the ellipse of whose turn most is black, drawn closer to the points on it."""
    if not ellipses or not len(points):
        return None
    best = max(ellipses, key=lambda ellipse: _turn(ellipse, points, per_mm))
    for _ in range(_REFINED):
        off, _ = best.offsets(points)
        on_ring = points[off < _ON_RING_MM * per_mm]
        closer = _Ellipse(on_ring) if len(on_ring) > _FITTED_POINTS else best
        if not closer.is_of_a_cup(per_mm):
            break
        best = max(best, closer, key=lambda ellipse: _turn(ellipse, points, per_mm))
    return best if _turn(best, points, per_mm) >= _LEAST_TURN else None


def _turn(ellipse: _Ellipse, points: _Points, per_mm: float) -> int:
    """Return how many parts of an ellipse's turn are black."""
    off, parts = ellipse.offsets(points)
    return len(np.unique(parts[off < _ON_RING_MM * per_mm]))


def _ring(band: Mask, ellipse: _Ellipse, scale: float, per_mm: float) -> Mask:
    """Return what is black on an ellipse, and beside it if it hangs together with that.

    Args:
        band: the page's ink, its edges smoothed.
        ellipse: in pixels of which there are `scale` to one of the page.
        scale: less than 1 where the ellipse was found at a lower resolution.
        per_mm: pixels of the page.
    """
    points = _points(band)
    off, _ = ellipse.offsets(points * np.float32(scale))
    off /= scale * per_mm
    near, on_ring = np.zeros_like(band), np.zeros_like(band)
    for mask, reach in ((near, _REACH_MM), (on_ring, _ON_RING_MM)):
        columns, rows = points[off < reach].astype(np.intp).T
        mask[rows, columns] = 255
    count, labels = cv2.connectedComponents(near, connectivity=8)
    ring = np.bincount(np.asarray(labels)[on_ring > 0], minlength=count) > 0
    ring[0] = False
    return as_grey(as_mask(ring)[labels])


def _is_of_a_cup(ring: Mask, ink: Mask, band: Mask, per_mm: float) -> bool:
    """Tell a cup's ring from what was drawn: the wider, the more frayed, and no hole within."""
    edge = cv2.countNonZero(ring & ~as_grey(cv2.erode(band, box_kernel(3, 3))))
    off = cv2.countNonZero((ink ^ band) & _grown(ring, _FRINGE_MM * per_mm))
    core = ~_grown(~band, _CORE_MM * per_mm) & ring
    core_area, area = cv2.countNonZero(core), cv2.countNonZero(ring)
    holes = cv2.countNonZero(core & ~ink)
    share = core_area / max(area, 1)
    if share >= _CORE_SHARE and holes > _HOLES * core_area:
        return False
    return off / max(edge, 1) / per_mm >= _FRAYED_MM + _FRAYED_WIDER_MM * share


def _with_fringe(ring: Mask, page: Grey, band: Mask, per_mm: float) -> Mask:
    """Return a ring with its frayed edge, and what was left white round it."""
    fringe = _grown(ring, _FRINGE_MM * per_mm) & ~band
    white = _grown(ring, _REACH_MM * per_mm) & as_mask(page > _WHITE)
    return as_grey(ring | fringe | white)


def _grown(mask: Mask, reach: float) -> Mask:
    """Return a mask that reaches so many pixels further to each side."""
    side = 2 * round(reach) + 1
    return as_grey(cv2.dilate(mask, box_kernel(side, side)))
