"""Ruled lines: found, and painted out with the strokes that cross them left standing."""

from dataclasses import dataclass

import cv2
import numpy as np

from ocr.imaging.ink import ink_mask
from ocr.imaging.pixels import Grey, Mask, as_grey, as_mask, box_kernel

_SHORTEST_ROW_INCHES = 0.5  # horizontal strokes of a 28 pt title are 0.3 long
_SHORTEST_COLUMN_INCHES = 0.32
_SHORTEST_THIN_INCHES = 0.22  # the sides of a lone table row, between its two rules
_THIN_INCHES = 0.014
_THICKEST_INCHES = 0.035
_WANDER = 1  # pixels a straightened rule may still leave its row within its shortest length
_HALO = 3  # pixels of grey on each side of a rule
_FAINT_DEPTHS = ((0.25, 12), (0.04, 6))  # inches averaged over, levels: the second finds the ends
_FAINT_HEIGHT_INCHES = 0.045
_FAINT_SURE = 0.3  # of a rule's pixels that must be plain ink


@dataclass(frozen=True, slots=True)
class Rules:
    """The horizontal (`rows`) and vertical (`columns`) rules of a straightened page, with halo."""

    rows: Mask
    columns: Mask


def find_rules(straight: Grey, dpi: int) -> Rules:
    """Return the long thin straight runs of ink of a straightened page."""
    ink = ink_mask(straight)
    rows = _with_faint_parts(
        _rules(ink, _SHORTEST_ROW_INCHES, _THICKEST_INCHES, dpi), straight, dpi
    )
    standing = _turned(ink)
    long_columns = _with_faint_parts(
        _rules(standing, _SHORTEST_COLUMN_INCHES, _THICKEST_INCHES, dpi), _turned(straight), dpi
    )
    short_columns = _rules(standing, _SHORTEST_THIN_INCHES, _THIN_INCHES, dpi)
    sides = _between(short_columns, _turned(rows))
    return Rules(rows, _turned(as_grey(cv2.bitwise_or(long_columns, sides))))


def without_rules(straight: Grey, rules: Rules, dpi: int) -> Grey:
    """Return a straightened page with its rules painted white."""
    rest = as_grey(cv2.subtract(ink_mask(straight), cv2.bitwise_or(rules.rows, rules.columns)))
    free_rows = cv2.subtract(rules.rows, _crossed(rules.rows, rest, dpi))
    columns = _turned(rules.columns)
    free_columns = cv2.subtract(columns, _crossed(columns, _turned(rest), dpi))
    painted = (free_rows > 0) | (free_columns.T > 0)
    return np.where(painted, np.uint8(255), straight)


def _turned(mask: Mask) -> Mask:
    """Exchange rows and columns."""
    return np.ascontiguousarray(mask.T)


def _rules(ink: Mask, shortest: float, thickest: float, dpi: int) -> Mask:
    """Return long thin horizontal runs of ink, with the grey beside them."""
    thickened = cv2.dilate(ink, box_kernel(1, 1 + 2 * _WANDER))
    runs = cv2.morphologyEx(thickened, cv2.MORPH_OPEN, box_kernel(round(shortest * dpi), 1))
    too_thick = round(thickest * dpi) + 2 * _WANDER + 1
    panels = cv2.morphologyEx(runs, cv2.MORPH_OPEN, box_kernel(1, too_thick))
    beside = 1 + 2 * (_HALO - _WANDER)
    return as_grey(cv2.dilate(cv2.subtract(runs, panels), box_kernel(beside, beside)))


def _with_faint_parts(rules: Mask, straight: Grey, dpi: int) -> Mask:
    """Return horizontal rules with the parts of them that are too faint or broken to be ink.

    Averaged along a rule, grain and breaks vanish and the rule stays darker than what lies above
    and below it. What is found so is believed where it goes on from a rule.
    """
    valley = box_kernel(1, round(_FAINT_HEIGHT_INCHES * dpi))
    faint = np.ones(straight.shape, np.bool_)
    for inches, depth in _FAINT_DEPTHS:
        along = cv2.blur(straight, (round(inches * dpi), 1))
        faint &= cv2.morphologyEx(along, cv2.MORPH_BLACKHAT, valley) >= depth
    both = as_grey(cv2.bitwise_or(rules, as_mask(faint)))
    count, labels = cv2.connectedComponents(both, connectivity=8)
    size = np.bincount(labels.ravel(), minlength=count)
    sure = np.bincount(labels[rules > 0], minlength=count)
    kept = as_mask(sure >= _FAINT_SURE * size)
    kept[0] = 0
    return as_grey(kept[labels])


def _between(runs: Mask, ends: Mask) -> Mask:
    """Keep the horizontal runs that begin and end at one of `ends`: the sides of table cells."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    kept = np.zeros(count, np.uint8)
    for label in range(1, count):
        x, y, w, h = (int(value) for value in stats[label, :4])
        start = ends[y : y + h, max(x - _HALO, 0) : x + 2 * _HALO]
        end = ends[y : y + h, max(x + w - 2 * _HALO, 0) : x + w + _HALO]
        kept[label] = 255 * bool(start.any() and end.any())
    return as_grey(kept[labels])


def _crossed(rules: Mask, rest: Mask, dpi: int) -> Mask:
    """Return the pixels of horizontal rules that have other ink both above and below."""
    reach = round(_THICKEST_INCHES * dpi) + 2 * _HALO
    line = box_kernel(1, reach)
    under = cv2.dilate(rest, line, anchor=(0, reach - 1))
    over = cv2.dilate(rest, line, anchor=(0, 0))
    return as_grey(cv2.bitwise_and(rules, cv2.bitwise_and(under, over)))
