"""The shadow beside a bound book's spine: what of a side's darkness is no ink."""

import cv2
import numpy as np
import numpy.typing as npt

from ocr.imaging.strokes import Depth

Places = npt.NDArray[np.bool_]

_STRIP_INCHES = 1.0  # from the sheet's side
_WINDOW_INCHES = 2.4  # along the side; a shadow is dark for more than half of it
_REDUCTION = 8
_STEEPEST = 650.0  # levels an inch, from paper into the shadow; a marker's edge is steeper
_STEP = 12.0  # levels; what rises by more at once is ink
_LEAST_DEPTH = 30.0  # of a shadow where it is darkest; a highlighter in grey has less
_EDGE_ROWS = 0.3  # of a side's, in shadow, tell where the sheet ends
_EDGE_INCHES = 0.02  # the sheet's own edge, where the shadow ends in a step


def spine_shade(depth: Depth, dpi: int) -> tuple[Depth, Places]:
    """Return by how many levels each pixel lies in a shadow along one of the sheet's sides.

    A shadow deepens slowly towards the side and is nearly the same all along it. Ink that is as
    long begins at once.

    Args:
        depth: the page's, at 100 dpi or less.
        dpi: of `depth`.

    Returns:
        The shadow's levels, and where the page is at the sheet's edge or beyond: there the shadow
        is darkest, or ends.
    """
    shade, beyond = np.zeros_like(depth), np.zeros(depth.shape, np.bool_)
    for turns in range(4):
        own, outside = _along_left(np.rot90(depth, turns), dpi)
        np.maximum(np.rot90(shade, turns), own, out=np.rot90(shade, turns))
        np.logical_or(np.rot90(beyond, turns), outside, out=np.rot90(beyond, turns))
    return shade, beyond


def _along_left(depth: Depth, dpi: int) -> tuple[Depth, Places]:
    height, width = depth.shape
    shade = np.zeros_like(depth)
    beyond = np.zeros(depth.shape, np.bool_)
    strip = min(round(_STRIP_INCHES * dpi), width)
    rows = max(height // _REDUCTION, 1)
    means = cv2.resize(
        np.ascontiguousarray(depth[:, :strip]), (strip, rows), interpolation=cv2.INTER_AREA
    )
    half = round(_WINDOW_INCHES * dpi / _REDUCTION / 2)
    padded = np.pad(means, ((half, half), (0, 0)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1, axis=0)
    level = np.maximum(np.median(windows, axis=-1), 0)
    slow = level.copy()
    for column in range(strip - 1, -1, -1):
        inner = slow[:, column + 1] if column + 1 < strip else 0
        slow[:, column] = np.minimum(slow[:, column], inner + _STEEPEST / dpi)
    begins_at_once = (level - slow).max(axis=1) > _STEP
    slow[begins_at_once | (slow.max(axis=1) < _LEAST_DEPTH)] = 0
    if slow.any():
        edge = 2 * round(_EDGE_INCHES * dpi) + 1
        grown = cv2.dilate(slow.astype(np.float32), np.ones((1, edge), np.uint8))
        resized = cv2.resize(grown, (strip, height), interpolation=cv2.INTER_LINEAR)
        own = np.asarray(resized, np.float32)
        shade[:, :strip] = own
        beyond[:, :strip] = _beyond(own, edge)
    return shade, beyond


def _beyond(shade: Depth, edge: int) -> Places:
    """Return what is left of a straight line through the darkest place of each row."""
    rows = np.flatnonzero(shade.max(axis=1) >= _LEAST_DEPTH)
    if len(rows) < _EDGE_ROWS * len(shade):
        return np.zeros(shade.shape, np.bool_)
    slope, start = np.polyfit(rows, shade[rows].argmax(axis=1), 1)
    line = start + slope * np.arange(len(shade)) + edge
    return np.asarray(np.arange(shade.shape[1]) <= line[:, np.newaxis])
