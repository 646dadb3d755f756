"""Ink that is no text: streaks, what is left of rules, dashed lines."""

import cv2
import numpy as np
import numpy.typing as npt

from ocr.imaging.pixels import Mask, as_grey, as_mask, box_kernel, turned
from ocr.imaging.rules import Rules

_STREAK_INCHES = (0.4, 0.022)  # shortest and thickest; the ㅣ of a 24 pt title is 0.3 long
_SLENDER_INCHES = 0.33  # a piece no thicker than a streak and this long, though it is not straight
_REST_INCHES = 0.035
_ON_RULE = 0.6  # of a piece's pixels
_ON_STREAK_INCHES = 1.0  # of streaks in one column, or row, that other thin pieces continue
_LONG_INCHES = 0.2  # longer than the stroke of a letter of 12 pt
_STRAY_INCHES = 0.06  # from an upright rule's end to the next rule across
_DASH_INCHES = (0.02, 0.25, 0.025)  # shortest, longest and thickest dash of a dashed line
_LONGEST_SIGN_INCHES = 0.15  # a printed dash; flat and longer are dashes that ran together
_DASHES_NEAR = (0.6, 0.03)  # inches to the left and right, above and below, where others are sought
_MOST_DASHES = 3000  # more are grain, and their pairs would take all memory
_FEWEST_DASHES = 6  # five hyphens of dates may stand so near each other


def streaks(ink: Mask, unit: float) -> Mask:
    """Return the thin straight runs of ink, up or across, that are longer than any stroke.

    Args:
        ink: what is dark on a straightened page.
        unit: pixels an inch.
    """
    straight = cv2.bitwise_or(_upright(ink, unit), _upright(turned(ink), unit).T)
    return as_grey(cv2.bitwise_or(straight, _slender(ink, unit)))


def _slender(ink: Mask, unit: float) -> Mask:
    """Return the upright pieces of ink that are thinner and longer than any letter."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    thin = stats[:, cv2.CC_STAT_WIDTH] <= round(_STREAK_INCHES[1] * unit) + 1
    long = stats[:, cv2.CC_STAT_HEIGHT] >= _SLENDER_INCHES * unit
    return as_grey(as_mask(thin & long)[labels])


def _upright(ink: Mask, unit: float) -> Mask:
    shortest, thickest = (round(inches * unit) for inches in _STREAK_INCHES)
    runs = cv2.morphologyEx(ink, cv2.MORPH_OPEN, box_kernel(1, shortest))
    thick = cv2.morphologyEx(runs, cv2.MORPH_OPEN, box_kernel(thickest + 1, 1))
    return as_grey(cv2.subtract(runs, cv2.dilate(thick, box_kernel(3, 3))))


def no_text(
    labels: npt.NDArray[np.int32],
    stats: npt.NDArray[np.int32],
    rules: Rules,
    streaked: Mask,
    unit: float,
) -> npt.NDArray[np.bool_]:
    """Return for each piece of ink whether it is no text.

    Args:
        labels: the pieces; 0 is paper.
        stats: of OpenCV's connected components.
        rules: of the page, at any scale.
        streaked: of `streaks`, at the scale of `labels`.
        unit: pixels an inch.
    """
    size = labels.shape[::-1]
    rows, columns = (
        as_grey(cv2.resize(mask, size, interpolation=cv2.INTER_NEAREST))
        for mask in (rules.rows, rules.columns)
    )
    ruled = cv2.bitwise_or(rows, columns) > 0
    on_rule = np.bincount(labels[ruled], minlength=len(stats))
    slight = stats[:, 2:4].min(axis=1) <= _REST_INCHES * unit
    rests = slight & (on_rule >= _ON_RULE * stats[:, cv2.CC_STAT_AREA])
    long = (stats[:, 2] <= round(_STREAK_INCHES[1] * unit)) & (stats[:, 3] >= _LONG_INCHES * unit)
    strays = cv2.bitwise_or(_stray(columns, rows, unit), as_mask(long)[labels])
    strays = as_grey(cv2.bitwise_or(strays, streaked))
    return np.asarray(rests | _continuing(stats, strays, unit) | _dashes(stats, unit))


def _stray(columns: Mask, rows: Mask, unit: float) -> Mask:
    """Return the upright rules that touch no other: dust and folds are found as such in pieces."""
    reach = 2 * round(_STRAY_INCHES * unit) + 1
    near = cv2.dilate(rows, box_kernel(1, reach))
    count, labels = cv2.connectedComponents(columns, connectivity=8)
    stray = np.full(count, 255, np.uint8)
    stray[labels[near > 0]] = 0
    stray[0] = 0
    return as_grey(stray[labels])


def _continuing(stats: npt.NDArray[np.int32], streaked: Mask, unit: float) -> npt.NDArray[np.bool_]:
    """Return which thin pieces stand in a column, or row, of streaks."""
    left, top, width, height = stats.T[:4]
    thickest = round(_STREAK_INCHES[1] * unit)
    found = np.zeros(len(stats), np.bool_)
    for axis, start, thickness, length in ((0, left, width, height), (1, top, height, width)):
        inches = np.count_nonzero(streaked, axis=axis) / unit
        crowded = np.concatenate(([0], np.cumsum(inches >= _ON_STREAK_INCHES)))
        inside = crowded[np.minimum(start + thickness, len(crowded) - 1)] > crowded[start]
        found |= inside & (thickness <= thickest) & (length > thickness)
    return found


def _dashes(stats: npt.NDArray[np.int32], unit: float) -> npt.NDArray[np.bool_]:
    """Return which pieces are dashes of a dashed line."""
    left, top, width, height = stats.T[:4].astype(np.float32)
    shortest, longest, thickest = (inches * unit for inches in _DASH_INCHES)
    flat = np.flatnonzero((width >= shortest) & (width <= longest) & (height <= thickest))
    found = np.asarray((width > _LONGEST_SIGN_INCHES * unit) & (height <= thickest))
    if flat.size > _MOST_DASHES:
        return found
    x, y = (left + width / 2)[flat], (top + height / 2)[flat]
    beside, above = (inches * unit for inches in _DASHES_NEAR)
    near = (np.abs(x - x[:, None]) <= beside) & (np.abs(y - y[:, None]) <= above)
    found[flat[near.sum(axis=1) > _FEWEST_DASHES]] = True
    return found
