"""Stains told from ink: what spreads in paper has no edge, and no thin stroke in it."""

import cv2
import numpy as np

from ocr.imaging.pixels import Mask, as_mask
from ocr.imaging.strokes import Depth

_DPI = 150  # at which a ring's width and a stroke's differ by whole pixels
_SOFTENED_MM = 0.12
_STROKE_MM = 0.8  # wide: a stamp's rim has 0.7, the narrowest ring of a cup 1.2
_STROKE_DEPTH = 12.0  # levels
_STROKE_GRAINS = 4.0
_STROKE_SHARE = 0.4  # of all depth; a ring's middle stands out of its sides by 0.3 at most
_STROKE_SQUARE_MM = (0.3, 1.0)  # in a small place, in a large one
_STROKES_OF_PIECES = 3  # times as much, in pieces that are no strokes: a large ring has many
_STROKE_PART = 0.12  # of the place
_PIECE_SQUARE_MM = 0.2  # of a stroke; less is a speck's halo on a stain's edge
_PIECE_PIXELS = 7  # of the page; less is grain
_SHARP = 0.8  # a wide pen's edge has 0.95, a ring's 0.7 and less
_BAND_MM = (0.25, 0.45)  # from the edge
_LEAST_PIXELS = 6  # of the page
_HALF = 0.5
_DEEPEST_PERCENT = 90


class StainTest:
    """Tells of places of one page whether they are stains.

    Args:
        depth: the page's, at 150 dpi or less.
        dpi: of `depth`; `self.dpi` and `self.width` are of the finer one that is looked at.
        lines: where streaks run, at any resolution: what is thin there is no stroke.
    """

    def __init__(self, depth: Depth, dpi: int, lines: Mask) -> None:
        a_pixel = max(_DPI / dpi, 1.0) ** 2  # a pixel of the page, in finer ones
        self._least_inner = _LEAST_PIXELS * a_pixel
        if dpi < _DPI:
            size = (round(depth.shape[1] * _DPI / dpi), round(depth.shape[0] * _DPI / dpi))
            depth = np.asarray(cv2.resize(depth, size, interpolation=cv2.INTER_CUBIC), np.float32)
        self.dpi = max(dpi, _DPI)
        self.width = depth.shape[1]
        self._per_mm = self.dpi / 25.4
        sigma = max(_SOFTENED_MM * self._per_mm, 0.1)
        self._depth = np.asarray(cv2.GaussianBlur(depth, (0, 0), sigma), np.float32)
        side = 2 * round(_STROKE_MM * self._per_mm / 2) + 1
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
        thin = self._depth - cv2.morphologyEx(self._depth, cv2.MORPH_OPEN, disc)
        least = np.maximum(_STROKE_SHARE * self._depth, _STROKE_GRAINS * np.median(thin))
        strokes = as_mask(thin > np.maximum(least, _STROKE_DEPTH))
        strokes[cv2.resize(lines, strokes.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0] = 0
        _, labels, stats, _ = cv2.connectedComponentsWithStats(strokes, connectivity=8)
        least_piece = max(_PIECE_SQUARE_MM * self._per_mm**2, _PIECE_PIXELS * a_pixel)
        pieces = stats[:, cv2.CC_STAT_AREA] >= least_piece
        pieces[0] = False
        self._thin = pieces[labels]

    def is_stain(self, place: Mask, left: int, top: int) -> bool:
        """Tell whether what is dark at a place is soft, and wide throughout.

        Args:
            place: the place and a millimetre or two round it.
            left: its column in the page's depth.
            top: its row.
        """
        height, width = self._depth[top:, left:][: place.shape[0], : place.shape[1]].shape
        window = np.s_[top : top + height, left : left + width]
        mask = place[:height, :width]
        if self._has_strokes(as_mask(self._thin[window] & (mask > 0)), cv2.countNonZero(mask)):
            return False
        edge = self._edge(self._depth[window], mask)
        return edge is not None and edge < _SHARP

    def _has_strokes(self, strokes: Mask, place: int) -> bool:
        """Tell whether there is more of strokes than a place of so many pixels has by chance."""
        area = cv2.countNonZero(strokes)
        least, most = (square * self._per_mm**2 for square in _STROKE_SQUARE_MM)
        if area < most:
            return area >= max(_STROKE_PART * place, least)
        _, _, stats, _ = cv2.connectedComponentsWithStats(strokes, connectivity=8)
        longest = int(stats[1:, cv2.CC_STAT_AREA].max())
        return longest >= most or area >= _STROKES_OF_PIECES * most

    def _edge(self, depth: Depth, mask: Mask) -> float | None:
        """Return by what share of its depth a place falls off within 0.7 mm; None: it is tiny."""
        if not mask.any():
            return None
        deepest = float(np.percentile(depth[mask > 0], _DEEPEST_PERCENT))
        grown = cv2.dilate(mask, np.ones((3, 3), np.uint8)) > 0
        core = ((depth > _HALF * deepest) & grown).astype(np.uint8)
        near, far = (step * self._per_mm for step in _BAND_MM)
        within = cv2.distanceTransform(core, cv2.DIST_L2, 3)
        without = cv2.distanceTransform(1 - core, cv2.DIST_L2, 3)
        inner, outer = ((near < d) & (d < far) for d in (within, without))
        if inner.sum() < self._least_inner or not outer.any():
            return None
        return float((depth[inner].mean() - depth[outer].mean()) / max(deepest, 1))
