"""A pen's dots told from specks of dust and toner: by their size."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr.imaging.pixels import Grey, Mask, as_mask, box_kernel

SMEARED_PIXELS = 20
"""A speck may have with its halo, whatever the resolution."""

_HALO = 50  # levels below the paper, round a speck
_DARK = 100  # in its middle; a faint stroke is nowhere so dark
_SPECK_SQUARE_MM = 0.7  # with its halo, smeared by JPEG
_BLACK = 140  # a pen's dot is so dark over its whole size, what JPEG smears is not
_DOT_SQUARE_MM = 0.13  # 0.4 mm across
_ROUND = 0.6  # the shorter side, of the longer
_SOFT_DOT_SQUARE_MM = 0.18  # where it is dark, if nowhere black: out of focus
_SPECK_PIXELS = 9  # a speck may have, whatever the resolution
_SPECK_PIXELS_TWICE = 16  # four across and two lines high, where each line is there twice
_LEAST_PERCENT = 10  # of the spots: twice as high as wide where a fax has 98 lines to the inch
_HALO_PIXELS = 2  # beyond which nothing of a speck is seen
_FEW_SPECKS = 20  # of so few, one that is large enough for a dot is one, in few pixels too
_AMONG_SPECKS_SQUARE_MM = 0.19  # 0.5 mm across: on a page full of specks two lie side by side
_IN_GRAIN_SQUARE_MM = 0.28
_LARGEST_SQUARE_MM = 4.0  # print, stamps and stains are judged as strokes are
_FULL_OF_SPECKS = 200
_COARSE_GRAIN = 4.0  # levels, at 100 dpi
_UNIT_PERCENT = 98  # of the dark spots on a page full of specks, by width: the largest specks
_AS_WIDE = 1.25  # times such a speck, at most; a pen's dots are 1.6 times as wide and more
_FEW_PIXELS = 3.0  # from a speck's middle to its edge; with fewer a drawn dot lacks its corners
_AS_WIDE_IN_PIXELS = (0.95, 1.1)  # thinner ones may be dashes of a faint stroke
_LONG_AS_WIDE_IN_PIXELS = 1.45  # at most, if it is long
_LONG = 2.0  # times as long as wide
_WIDER = 1.35  # than such a speck: a pen's dot, however small
_WIDER_IN_PIXELS = 1.65  # where a speck's half width is two pixels, of the next size is 2.8
_CHAIN, _CHAIN_OF_FEW_PIXELS = 3.0, 2.5  # specks that touch by chance, at most
_CHAIN_SQUARE_MM = 1.4  # with their halo
_THICK_MM = 0.45  # a scratched drum draws thinner lines
_GAP_MM = 0.6
_DOTS_OF_PRINT = 10  # specks so near one another: needle print, a dotted line


@dataclass(frozen=True, slots=True)
class SpecksAndDots:
    """What is small and dark on a page.

    Attributes:
        specks: where a speck is, with its halo: dust, toner, and nothing that somebody wrote.
        middles: columns and rows of their middles, one row each.
        dots: columns and rows of the middles of what is too large for a speck, one row each;
            print and strokes are among them.
        thick: which of them are thicker than a line that a scratched drum draws.
        spreads: how large each is with what is dark round it, square millimetres.
    """

    specks: Mask
    middles: npt.NDArray[np.intp]
    dots: npt.NDArray[np.intp]
    thick: npt.NDArray[np.bool_]
    spreads: npt.NDArray[np.float64]

    @property
    def of_a_pen(self) -> npt.NDArray[np.bool_]:
        """Which dots are no larger than a pen makes them."""
        return self.spreads <= _LARGEST_SQUARE_MM


def find_specks(below_paper: Grey, dpi: int, grain: float) -> SpecksAndDots:
    """Tell specks from what is too large for one, or for two that touch.

    Args:
        below_paper: levels that each pixel is darker than the paper round it.
        dpi: at least 150 for specks to be told from a stroke's bits.
        grain: levels, at 100 dpi.
    """
    per_mm = dpi / 25.4
    spotted = as_mask(below_paper > _HALO)
    count, labelled, measured, middles = cv2.connectedComponentsWithStats(spotted, connectivity=8)
    labels, stats = np.asarray(labelled, np.int32), np.asarray(measured, np.int32)
    black = np.bincount(labels[below_paper > _BLACK], minlength=count) / per_mm**2
    areas = np.bincount(labels[below_paper > _DARK], minlength=count) / per_mm**2
    dark = areas > 0
    crowded = int(dark.sum()) > _FULL_OF_SPECKS
    least = _DOT_SQUARE_MM
    if crowded:
        least = _IN_GRAIN_SQUARE_MM if grain > _COARSE_GRAIN else _AMONG_SPECKS_SQUARE_MM
    twice = crowded and _have_lines_twice(stats[dark])
    speck_pixels = _SPECK_PIXELS_TWICE if twice else _SPECK_PIXELS
    large = (black >= least) & (black * per_mm**2 > speck_pixels + 0.5)
    large[0] = False
    smeared = max(_SPECK_SQUARE_MM * per_mm**2, SMEARED_PIXELS)
    small = dark & ~large & (stats[:, cv2.CC_STAT_AREA] <= smeared)
    wider = 1
    if crowded and small.any():
        spots = _Spots(as_mask(below_paper > _DARK), labels, stats, small)
        near_enough = stats[:, cv2.CC_STAT_AREA] <= _CHAIN_SQUARE_MM * per_mm**2
        touching = [spot for spot in np.flatnonzero(large & near_enough) if spots.touch(spot)]
        large[touching], small[touching] = False, True
        larger = small & spots.wider
        large[larger], small[larger] = True, False
        wider = spots.least_wider
    elif not crowded:
        soft = small & (areas >= _SOFT_DOT_SQUARE_MM) & _round(stats)
        soft &= (areas * per_mm**2 > speck_pixels + 0.5) | (dark.sum() <= _FEW_SPECKS)
        large[soft], small[soft] = True, False
    height, width = below_paper.shape
    places = np.asarray(middles).round().astype(np.intp).clip(0, (width - 1, height - 1))
    gap = 2 * max(round(_GAP_MM * per_mm / 2), 1) + 1
    near = cv2.dilate(as_mask(small)[labels], box_kernel(gap, gap))
    groups_count, groups = cv2.connectedComponents(near, connectivity=8)
    group = groups[places[:, 1], places[:, 0]]
    lone = small & (np.bincount(group[small], minlength=groups_count)[group] < _DOTS_OF_PRINT)
    halo = 2 * max(round(0.25 * per_mm), _HALO_PIXELS) + 1
    return SpecksAndDots(
        specks=np.asarray(cv2.dilate(as_mask(lone)[labels], box_kernel(halo, halo)), np.uint8),
        middles=places[small],
        dots=places[large],
        thick=_thick(labels, count, max(round(_THICK_MM * per_mm + 0.5), wider))[large],
        spreads=stats[large][:, cv2.CC_STAT_AREA] / per_mm**2,
    )


def _have_lines_twice(stats: npt.NDArray[np.int32]) -> bool:
    """Tell by the least of a page's spots whether each of its lines is there twice."""
    sides = stats[:, (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT)]
    width, height = np.percentile(sides, _LEAST_PERCENT, axis=0)
    return bool(height >= 2 * width)


def _thick(labels: npt.NDArray[np.int32], count: int, across: int) -> npt.NDArray[np.bool_]:
    """Return which spots hold a disc: a dash does not, nor does one that a speck touches."""
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (across, across))
    held = cv2.erode(as_mask(labels > 0), disc) > 0
    return np.bincount(labels[held], minlength=count) > 0


def _round(stats: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    """Return which spots are about as wide as high; the pieces of a streak are not."""
    sides = stats[:, (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT)]
    return np.asarray(sides.min(axis=1) >= _ROUND * sides.max(axis=1))


class _Spots:
    """The dark spots of a page full of specks, by their width.

    Args:
        dark: where they are dark.
        labels: of the spots, with their halo.
        stats: of the same.
        small: which of them are specks.
    """

    def __init__(
        self,
        dark: Mask,
        labels: npt.NDArray[np.int32],
        stats: npt.NDArray[np.int32],
        small: npt.NDArray[np.bool_],
    ) -> None:
        self._dark, self._labels, self._stats = dark, labels, stats
        within = np.asarray(cv2.distanceTransform(dark, cv2.DIST_L2, 5), np.float32)
        inner = within > 0
        spots = labels[inner]
        self._widths = np.zeros(len(stats), np.float32)
        np.maximum.at(self._widths, spots, within[inner])
        self._areas = np.bincount(spots, minlength=len(stats))
        self._unit = float(np.percentile(self._widths[small], _UNIT_PERCENT))
        self._area = float(np.percentile(self._areas[small], _UNIT_PERCENT))
        few = self._unit < _FEW_PIXELS
        self._wider = (_WIDER_IN_PIXELS if few else _WIDER) * self._unit
        self._largest = (_CHAIN_OF_FEW_PIXELS if few else _CHAIN) * self._area

    @property
    def wider(self) -> npt.NDArray[np.bool_]:
        """Which spots are wider than the page's specks, or larger than some that touch: a pen's."""
        larger = (self._widths >= self._wider) | (self._areas > self._largest)
        return np.asarray(larger & (self._areas > _SPECK_PIXELS))

    @property
    def least_wider(self) -> int:
        """How many pixels a spot that is wider than the page's specks has across."""
        return round(2 * self._wider - 1)

    def touch(self, spot: np.intp) -> bool:
        """Tell whether a spot is two or three specks that touch: long, and as wide as one."""
        few = self._unit < _FEW_PIXELS
        least, most = 0.0, _AS_WIDE
        if few:
            least, most = _AS_WIDE_IN_PIXELS
            sides = self._stats[spot, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
            if sides.max() >= _LONG * sides.min():
                most = _LONG_AS_WIDE_IN_PIXELS
        return bool(
            least * self._unit <= self._widths[spot] <= most * self._unit
            and self._areas[spot] <= self._largest
            and self._reach(spot) <= _CHAIN * math.sqrt(self._area) + 1
        )

    def _reach(self, spot: np.intp) -> int:
        """Return the longer side of what is dark of a spot, in pixels."""
        left, top, width, height = (int(value) for value in self._stats[spot, :4])
        window = np.s_[top : top + height, left : left + width]
        of_spot = as_mask((self._labels[window] == spot) & (self._dark[window] > 0))
        return max(cv2.boundingRect(of_spot)[2:])
