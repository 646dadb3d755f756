"""Faint sides of table cells: upright rules looked for between two rules across.

A side of a cell runs from one rule to the next. Averaged over a part of that height, grain and
breaks vanish; letters leave white above and below them, so that not every part is dark. A streak,
or a rule of the other side of the sheet, is lighter, or runs between the letters of a word.
"""

from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from ocr.imaging.pixels import Grey, Mask, as_grey, box_kernel

_WINDOW_INCHES = 0.5  # of the page's width, looked at in turn: a rule leans a little
_RULED = 0.6  # of a window's width that a rule across fills
_BREAK_INCHES = 0.6  # of a rule across, where it faded
_HEIGHT_INCHES = (0.14, 3.0)  # of a cell
_BESIDE_INCHES = 0.033  # from a side's middle to the paper beside it
_AVERAGED_ROWS = 3
_DEPTH = 8  # levels darker than the paper beside it
_MEAN_DEPTH = 10
_LIKE_ROWS = 0.3  # of the depth of the lighter of the two rules; a streak is lighter
_DARK = 0.75  # of a side's height
_PARTS = (4, 12)
_PART_INCHES = 0.04
_PART_DEPTH = 0.5  # of the mean depth, in each part
_PRINT_INCHES = (0.027, 0.06)  # from a streak's middle to the letters that it runs between
_CROSSED_INCHES = 0.035  # of a streak's height with print on both sides
_HALO = 1  # pixel of grey on each side of what was found, which is as wide as it may lean


def sides_between(straight: Grey, ink: Mask, rows: Mask, dpi: int) -> Mask:
    """Return the upright rules that run from one horizontal rule to the next, however faint.

    Args:
        straight: a straightened page.
        ink: what is dark on it.
        rows: its horizontal rules.
        dpi: of all three.
    """
    closed = as_grey(
        cv2.morphologyEx(rows, cv2.MORPH_CLOSE, box_kernel(round(_BREAK_INCHES * dpi), 1))
    )
    beside = round(_BESIDE_INCHES * dpi)
    depth = _depth(straight, beside)
    sides, streaks = np.zeros_like(rows), np.zeros((1, rows.shape[1]), np.uint8)
    width = round(_WINDOW_INCHES * dpi)
    for left in range(0, rows.shape[1], width):
        window = np.s_[left : left + width]
        ruled = np.flatnonzero(closed[:, window].mean(axis=1) >= _RULED * 255)
        for top, bottom in _cells(ruled, dpi):
            cell = np.s_[top:bottom, window]
            found = _sides(depth[cell], dpi)
            if found.any():
                least = min(_rule_depth(straight[:, window], y, beside) for y in (top, bottom))
                found &= depth[cell].mean(axis=0) >= _LIKE_ROWS * least
                sides[cell][:, found] = 255
                crossed = _printed_on_both_sides(ink[top:bottom], left, len(found), dpi)
                streaks[0, window][found & crossed] = 255
    near = cv2.dilate(streaks, box_kernel(2 * beside + 1, 1))
    sides[:, near[0] > 0] = 0
    return as_grey(cv2.dilate(sides, box_kernel(1 + 2 * _HALO, 1)))


def _depth(straight: Grey, beside: int) -> Grey:
    """Return how much darker each pixel, or one next to it, is than the paper left and right."""
    along = as_grey(cv2.blur(straight, (1, _AVERAGED_ROWS)))
    padded = cv2.copyMakeBorder(along, 0, 0, beside, beside, cv2.BORDER_REPLICATE)
    paper = cv2.min(padded[:, : -2 * beside], padded[:, 2 * beside :])
    return as_grey(cv2.dilate(cv2.subtract(paper, along), box_kernel(3, 1)))


def _rule_depth(window: Grey, y: int, beside: int) -> float:
    """Return how much darker a rule across is than the paper above and below it."""
    near = window[max(y - 2 * beside, 0) : y + 2 * beside].astype(np.int16)
    return float(np.median(np.minimum(near[0], near[-1]) - near.min(axis=0)))


def _printed_on_both_sides(row: Mask, left: int, width: int, dpi: int) -> npt.NDArray[np.bool_]:
    """Return which columns from `left` on have ink near them, left and right, in enough places."""
    near, far = (round(inches * dpi) for inches in _PRINT_INCHES)
    start = max(left - far, 0)
    found = row[:, start : left + width + far]
    margins = far - left + start, left + width + far - start - found.shape[1]
    ink = as_grey(cv2.copyMakeBorder(found, 0, 0, *margins, cv2.BORDER_CONSTANT, value=(0.0,)))
    reached = cv2.dilate(ink, box_kernel(far - near + 1, 1), anchor=(0, 0))
    both = cv2.bitwise_and(reached[:, :width], reached[:, far + near : far + near + width])
    return np.asarray(np.count_nonzero(both, axis=0) >= _CROSSED_INCHES * dpi)


def _cells(ruled: npt.NDArray[np.intp], dpi: int) -> list[tuple[int, int]]:
    """Return the heights between rules across a window that may be those of cells."""
    lowest, highest = (inches * dpi for inches in _HEIGHT_INCHES)
    between = ((int(above) + 1, int(below)) for above, below in pairwise(ruled))
    return [(top, bottom) for top, bottom in between if lowest <= bottom - top <= highest]


def _sides(depth: Grey, dpi: int) -> npt.NDArray[np.bool_]:
    """Return which columns of a window between two rules are dark from one to the other."""
    height = len(depth)
    dark = np.asarray(depth.mean(axis=0) >= _MEAN_DEPTH)
    if not dark.any():
        return dark
    parts = int(np.clip(height / (_PART_INCHES * dpi), *_PARTS))
    ends = np.linspace(0, height, parts + 1).astype(np.intp)
    sums = np.add.reduceat(depth, ends[:-1], axis=0, dtype=np.float32)
    steady = sums >= _PART_DEPTH * sums.sum(axis=0) / height * np.diff(ends)[:, None]
    whole = np.count_nonzero(depth >= _DEPTH, axis=0) >= _DARK * height
    return np.asarray(dark & steady.all(axis=0) & whole)
