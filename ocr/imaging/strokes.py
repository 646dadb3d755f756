"""How much each place of a page looks like a stroke of a pen, a pencil, a stamp or print."""

import functools
import math
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

Depth: TypeAlias = npt.NDArray[np.float32]
"""height x width, levels darker than the paper round it; below 0 where it is lighter."""

_HALF_INCHES = 0.06
_DIRECTIONS = 12
_GRAIN_WINDOW_INCHES = 0.8
_NOISE_WINDOW_INCHES = 0.8
_MOST_GRAIN = 15  # levels; a deeper difference between neighbours is a stroke, not grain
_OF_NORMAL_NOISE = 1.33  # its standard deviation, by the mean difference from a 3 x 3 mean


def stroke_depth(depth: Depth, dpi: int) -> Depth:
    """Return for each pixel the depth of the best stroke of three millimetres through it.

    A stroke is as deep as the shallower of its halves: grain and specks hardly ever darken both.
    """
    best = np.full(depth.shape, -np.inf, np.float32)
    for halves in _kernels(max(round(_HALF_INCHES * dpi), 2)):
        first, second = (
            cv2.filter2D(depth, -1, half, borderType=cv2.BORDER_REPLICATE) for half in halves
        )
        np.maximum(best, np.minimum(first, second), out=best)
    return best


def grain_of(depth: Depth, dpi: int) -> Depth:
    """Return the standard deviation of grain round each pixel, the page's middle one at least."""
    side = 2 * (round(_GRAIN_WINDOW_INCHES * dpi) // 2) + 1
    differences = np.abs(depth - cv2.blur(depth, (3, 3)))
    local = cv2.blur(np.minimum(differences, _MOST_GRAIN), (side, side)) * _OF_NORMAL_NOISE
    return np.asarray(np.maximum(local, np.median(local)), np.float32)


def stroke_noise(strokes: Depth, dpi: int) -> Depth:
    """Return the distance of the quartiles of `stroke_depth` round each pixel, the page's at least.

    It tells how deep strokes are that grain makes by chance, whatever the grain: what JPEG left
    is as large as strokes, and smoothed grain is, where the grain itself seems fine.
    """
    side = round(_NOISE_WINDOW_INCHES * dpi)
    rows, columns = (max(length // side, 1) for length in strokes.shape)
    high, wide = (min(side, length) for length in strokes.shape)
    tiles = strokes[: rows * high, : columns * wide].reshape(rows, high, columns, wide)
    lower, upper = np.percentile(tiles, (25, 75), axis=(1, 3))
    of_tiles = np.asarray(upper - lower, np.float32)
    spread = cv2.medianBlur(of_tiles, 3)  # a stamp fills a tile, but not five of nine
    at_least = np.maximum(spread, np.median(spread)).astype(np.float32)
    enlarged = cv2.resize(at_least, strokes.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(enlarged, np.float32)


@functools.cache
def _kernels(reach: int) -> tuple[tuple[Depth, Depth], ...]:
    """Return means along two half strokes of `reach` pixels, for each direction."""
    angles = [math.pi * turn / _DIRECTIONS for turn in range(_DIRECTIONS)]
    return tuple((_half(angle, reach), _half(angle + math.pi, reach)) for angle in angles)


def _half(angle: float, reach: int) -> Depth:
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    for along in np.linspace(0, reach, 4 * reach + 1):
        x, y = reach + along * math.cos(angle), reach + along * math.sin(angle)
        left, top = math.floor(x), math.floor(y)
        for column in (left, left + 1):
            for row in (top, top + 1):
                share = (1 - abs(x - column)) * (1 - abs(y - row))
                if share > 0 and max(column, row) <= 2 * reach:
                    kernel[row, column] += share
    return np.asarray(kernel / kernel.sum(), np.float32)
