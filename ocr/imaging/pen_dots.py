"""A pen's dots told from specks of dust and toner: by their size."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr.imaging.pixels import Grey, Mask, as_mask, box_kernel

_HALO = 50  # levels below the paper, round a speck
_DARK = 100  # in its middle; a faint stroke is nowhere so dark
_SPECK_SQUARE_MM = 0.7  # with its halo, smeared by JPEG
_BLACK = 140  # a pen's dot is so dark over its whole size, what JPEG smears is not
_DOT_SQUARE_MM = 0.13  # 0.4 mm across
_SPECK_PIXELS = 9  # a speck may have, whatever the resolution
_AMONG_SPECKS_SQUARE_MM = 0.19  # 0.5 mm across: on a page full of specks two lie side by side
_IN_GRAIN_SQUARE_MM = 0.28
_LARGEST_SQUARE_MM = 4.0  # print, stamps and stains are judged as strokes are
_FULL_OF_SPECKS = 200
_COARSE_GRAIN = 4.0  # levels, at 100 dpi
_GAP_MM = 0.6
_DOTS_OF_PRINT = 10  # specks so near one another: needle print, a dotted line


@dataclass(frozen=True, slots=True)
class SpecksAndDots:
    """What is small and dark on a page.

    Attributes:
        specks: where a speck is, with its halo: dust, toner, and nothing that somebody wrote.
        dots: columns and rows of the middles of what is too large for a speck, one row each;
            print and strokes are among them.
        sides: the shorter side of each dot's box, pixels.
        spreads: how large each is with what is dark round it, square millimetres.
    """

    specks: Mask
    dots: npt.NDArray[np.intp]
    sides: npt.NDArray[np.int32]
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
    count, labels, measured, middles = cv2.connectedComponentsWithStats(
        as_mask(below_paper > _HALO), connectivity=8
    )
    stats = np.asarray(measured, np.int32)
    black = np.bincount(labels[below_paper > _BLACK], minlength=count) / per_mm**2
    dark = np.bincount(labels[below_paper > _DARK], minlength=count) > 0
    crowded = int(dark.sum()) > _FULL_OF_SPECKS
    least = _AMONG_SPECKS_SQUARE_MM if crowded else _DOT_SQUARE_MM
    large = black >= (_IN_GRAIN_SQUARE_MM if grain > _COARSE_GRAIN else least)
    large &= black * per_mm**2 > _SPECK_PIXELS + 0.5
    large[0] = False
    small = dark & ~large & (stats[:, cv2.CC_STAT_AREA] <= _SPECK_SQUARE_MM * per_mm**2)
    height, width = below_paper.shape
    places = np.asarray(middles).round().astype(np.intp).clip(0, (width - 1, height - 1))
    gap = 2 * max(round(_GAP_MM * per_mm / 2), 1) + 1
    near = cv2.dilate(as_mask(small)[labels], box_kernel(gap, gap))
    groups_count, groups = cv2.connectedComponents(near, connectivity=8)
    group = groups[places[:, 1], places[:, 0]]
    lone = small & (np.bincount(group[small], minlength=groups_count)[group] < _DOTS_OF_PRINT)
    halo = 2 * max(round(0.25 * per_mm), 1) + 1
    return SpecksAndDots(
        specks=np.asarray(cv2.dilate(as_mask(lone)[labels], box_kernel(halo, halo)), np.uint8),
        dots=places[large],
        sides=stats[large][:, (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT)].min(axis=1),
        spreads=stats[large][:, cv2.CC_STAT_AREA] / per_mm**2,
    )
