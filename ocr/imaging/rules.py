"""Ruled lines: found, and painted out with the strokes that cross them left standing."""

from dataclasses import dataclass

import cv2
import numpy as np

from ocr.imaging.cell_sides import sides_between
from ocr.imaging.ink import ink_mask
from ocr.imaging.pixels import (
    Grey,
    Mask,
    as_grey,
    as_mask,
    box_kernel,
    reduced,
    reduced_mask,
    turned,
)

_SHORTEST_ROW_INCHES = 0.5  # horizontal strokes of a 28 pt title are 0.3 long
_SHORTEST_COLUMN_INCHES = 0.32
_SHORTEST_THIN_INCHES = 0.22  # the sides of a lone table row, between its two rules
_THIN_INCHES = 0.02
_BREAK_INCHES = 0.04  # of a thin side, where two tones lost it
_SHORTEST_ALONE_INCHES = 0.27  # a thin one with paper on both sides, its ends free
_SIDE_ALONE_INCHES = 0.035
_LETTER_INCHES = 0.2  # where the rest of a title's letter stands beside its upright stroke
_LETTER = 0.6  # of the stroke's height that it reaches over
_TOUCHING = 0.7  # of the places beside the rules that a side crosses or ends at
_SIDE_SLACK_INCHES = 0.06  # between a side's end and the rule it belongs to
_THICKEST_INCHES = 0.035
_WORKING_DPI = 150
_WANDER = 1  # working pixels a straightened rule may still leave its row within its shortest length
_HALO = 2  # working pixels of grey on each side of a rule
_FAINT_DEPTHS = ((0.25, 12), (0.04, 6))  # inches averaged over, levels: the second finds the ends
_FAINT_HEIGHT_INCHES = 0.045
_FAINT_SURE = 0.3  # of a rule's pixels that must be plain ink
_BAR_INCHES = (1.0, 0.12)  # shortest, thickest: a bar across the page
_LONE_INCHES = (3.0, 0.1)  # shortest lone faint rule, its longest break
_LONE_DEPTH = 10  # levels darker than the paper, averaged along
_LONE_BESIDE = (0.026, 0.02)  # from its middle to that of the strip looked at; height of the strip
_LONE_PRINT = 0.08  # share of ink in that strip; rows of print have strokes there
_LIGHT_INCHES = 0.03  # averaged along: a break longer than a few dots ends a light rule
_LIGHT_DEPTH = 36  # levels darker than the paper; print of the other side shows through lighter
_STREAK_END_INCHES = 0.06
_EDGE_INCHES = 0.4  # from a page's edges
_DOT_PITCH_INCHES = 0.05
_SIDE = 5  # pixels that the side of an area is wide
_SHORTEST_SIDE_INCHES = 0.09  # shorter is a step where the area leaned


@dataclass(frozen=True, slots=True)
class Rules:
    """The horizontal (`rows`) and vertical (`columns`) rules of a straightened page, with halo.

    Attributes:
        streaks: upright lines that nobody drew; painted out like rules, they part nothing.
    """

    rows: Mask
    columns: Mask
    streaks: Mask | None = None

    def joined(self, others: "Rules") -> "Rules":
        """Return these rules and others of the same page."""
        return Rules(
            as_grey(cv2.bitwise_or(self.rows, others.rows)),
            as_grey(cv2.bitwise_or(self.columns, others.columns)),
            self.streaks,
        )


def find_rules(page: Grey, dpi: int, known: Rules | None = None) -> Rules:
    """Return the long thin straight runs of ink of a straightened page, and what is known already.

    A short side of a cell may begin or end at a known rule.
    """
    straight, size = reduced(page, dpi, _WORKING_DPI), page.shape[::-1]
    page_dpi, dpi = dpi, min(dpi, _WORKING_DPI)
    ink = ink_mask(straight)
    thin = _rules(ink, _SHORTEST_ROW_INCHES, _THICKEST_INCHES, dpi)
    rows = _with_faint_parts(thin, straight, dpi)
    for others in (
        _rules(ink, *_BAR_INCHES, dpi),
        _lone(straight, ink, dpi),
        _light(straight, ink, _SHORTEST_ROW_INCHES, dpi),
    ):
        rows = as_grey(cv2.bitwise_or(rows, others))
    if known:
        rows = as_grey(cv2.bitwise_or(rows, reduced_mask(known.rows, page_dpi, dpi)))
    standing = turned(ink)
    long_columns = _with_faint_parts(
        _rules(standing, _SHORTEST_COLUMN_INCHES, _THICKEST_INCHES, dpi), turned(straight), dpi
    )
    light = _within_page(_light(turned(straight), standing, _SHORTEST_COLUMN_INCHES, dpi), dpi)
    long_columns = as_grey(cv2.bitwise_or(long_columns, light))
    whole = cv2.morphologyEx(standing, cv2.MORPH_CLOSE, box_kernel(round(_BREAK_INCHES * dpi), 1))
    short_columns = _rules(as_grey(whole), _SHORTEST_THIN_INCHES, _THIN_INCHES, dpi)
    sides = _sides(short_columns, turned(rows), standing, dpi)
    columns = turned(as_grey(cv2.bitwise_or(long_columns, sides)))
    streaks = _streaks(columns, rows, dpi)
    between = cv2.bitwise_or(columns, sides_between(straight, ink, rows, dpi))
    columns = as_grey(cv2.subtract(between, cv2.dilate(streaks, box_kernel(1 + 2 * _HALO, 1))))
    masks = (rows, columns, streaks)
    large = (cv2.resize(mask, size, interpolation=cv2.INTER_NEAREST) for mask in masks)
    found = Rules(*map(as_grey, large))
    return found.joined(known) if known else found


def sides_of(areas: Mask, dpi: int) -> Rules:
    """Return the sides of areas of a straightened page as rules round them."""
    sides = [
        cv2.morphologyEx(areas, cv2.MORPH_GRADIENT, box_kernel(*size))
        for size in ((1, _SIDE), (_SIDE, 1))
    ]
    shortest = round(_SHORTEST_SIDE_INCHES * dpi)
    runs = (box_kernel(shortest, 1), box_kernel(1, shortest))
    return Rules(
        *(
            as_grey(cv2.morphologyEx(side, cv2.MORPH_OPEN, run))
            for side, run in zip(sides, runs, strict=True)
        )
    )


def without_rules(straight: Grey, rules: Rules, dpi: int) -> Grey:
    """Return a straightened page with its rules painted white."""
    upright = rules.columns
    if rules.streaks is not None:
        upright = as_grey(cv2.bitwise_or(upright, rules.streaks))
    rest = as_grey(cv2.subtract(ink_mask(straight), cv2.bitwise_or(rules.rows, upright)))
    free_rows = cv2.subtract(rules.rows, _crossed(rules.rows, rest, dpi))
    columns = turned(upright)
    free_columns = cv2.subtract(columns, _crossed(columns, turned(rest), dpi))
    painted = (free_rows > 0) | (free_columns.T > 0)
    return np.where(painted, np.uint8(255), straight)


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


def _lone(straight: Grey, ink: Mask, dpi: int) -> Mask:
    """Return long horizontal rules that are dotted, dashed or faint, with paper on both sides.

    They are left open where strokes of letters cross or touch them.
    """
    length, pitch = (round(inches * dpi) for inches in (_FAINT_DEPTHS[0][0], _DOT_PITCH_INCHES))
    valley = box_kernel(1, round(_FAINT_HEIGHT_INCHES * dpi))
    along, near = (cv2.blur(straight, (reach, 1)) for reach in (length, pitch))
    dark = cv2.morphologyEx(along, cv2.MORPH_BLACKHAT, valley) >= _LONE_DEPTH
    away, high = (round(inches * dpi) for inches in _LONE_BESIDE)
    inked = as_grey(cv2.blur(ink, (length, high)))
    for shift in (away, -away):
        dark &= _shifted(inked, shift) <= _LONE_PRINT * 255
    shortest, longest_break = (round(inches * dpi) for inches in _LONE_INCHES)
    thickened = cv2.dilate(as_mask(dark), box_kernel(1, 1 + 2 * _WANDER))
    closed = cv2.morphologyEx(thickened, cv2.MORPH_CLOSE, box_kernel(longest_break, 1))
    runs = cv2.morphologyEx(closed, cv2.MORPH_OPEN, box_kernel(shortest, 1))
    dots = as_mask(cv2.morphologyEx(near, cv2.MORPH_BLACKHAT, valley) >= _LONE_DEPTH)
    dots = as_grey(cv2.dilate(dots, box_kernel(1, 1 + 2 * _WANDER)))
    whole = cv2.morphologyEx(dots, cv2.MORPH_CLOSE, box_kernel(longest_break, 1))
    rules = cv2.bitwise_and(runs, whole)
    letters = cv2.subtract(ink, cv2.dilate(rules, box_kernel(1, _HALO)))
    strokes = cv2.bitwise_and(ink, cv2.dilate(letters, box_kernel(3, 2 * away)))
    return as_grey(cv2.subtract(rules, cv2.dilate(strokes, box_kernel(3, 3))))


def _light(straight: Grey, ink: Mask, shortest: float, dpi: int) -> Mask:
    """Return unbroken horizontal rules too light to be ink, with paper on both sides."""
    along = cv2.blur(straight, (round(_LIGHT_INCHES * dpi), 1))
    valley = box_kernel(1, round(_FAINT_HEIGHT_INCHES * dpi))
    dark = np.asarray(cv2.morphologyEx(along, cv2.MORPH_BLACKHAT, valley) >= _LIGHT_DEPTH)
    away, high = (round(inches * dpi) for inches in _LONE_BESIDE)
    inked = as_grey(cv2.blur(ink, (round(_FAINT_DEPTHS[0][0] * dpi), high)))
    for shift in (away, -away):
        dark &= _shifted(inked, shift) <= _LONE_PRINT * 255
    return _rules(as_mask(dark), shortest, _THICKEST_INCHES, dpi)


def _streaks(columns: Mask, rows: Mask, dpi: int) -> Mask:
    """Return upright lines that begin and end in the blank and cross a rule on their way.

    A table's side begins and ends at a rule; a scratched drum and dust draw on past them.
    """
    count, labels, stats, _ = cv2.connectedComponentsWithStats(columns, connectivity=8)
    near = round(_STREAK_END_INCHES * dpi)
    pieces: dict[int, list[int]] = {}
    for label in sorted(range(1, count), key=lambda one: int(stats[one, 0])):
        middle = int(stats[label, 0] + stats[label, 2] // 2)
        known = next((x for x in pieces if abs(x - middle) <= _WANDER + _HALO), middle)
        pieces.setdefault(known, []).append(label)
    kept = np.zeros(count, np.uint8)
    for x, own in pieces.items():
        top, bottom = int(stats[own, 1].min()), int((stats[own, 1] + stats[own, 3]).max())
        beside = np.s_[max(x - near, 0) : x + near + 1]
        ends = (rows[max(y - near, 0) : y + near, beside].any() for y in (top, bottom))
        left, right = (
            rows[top:bottom, max(min(x + s, rows.shape[1] - 1), 0)] for s in (-near, near)
        )
        if not any(ends) and bool((left & right).any()):
            kept[own] = 255
    return as_grey(kept[labels])


def _within_page(columns: Mask, dpi: int) -> Mask:
    """Drop turned columns that reach from edge to edge of a page: dust on the scanner's glass."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(columns, connectivity=8)
    edge = round(_EDGE_INCHES * dpi)
    through = (stats[:, 0] <= edge) & (stats[:, 0] + stats[:, 2] >= columns.shape[1] - edge)
    kept = np.full(count, 255, np.uint8)
    kept[0] = 0
    kept[through] = 0
    return as_grey(kept[labels])


def _shifted(mask: Mask, rows: int) -> Mask:
    """Return a mask moved down by some rows, nothing coming in."""
    moved = np.zeros_like(mask)
    if rows > 0:
        moved[rows:] = mask[:-rows]
    elif rows < 0:
        moved[:rows] = mask[-rows:]
    return moved


def _sides(runs: Mask, ends: Mask, ink: Mask, dpi: int) -> Mask:
    """Keep the short thin runs that are sides of table cells, not strokes of letters.

    Such a run begins and ends at a rule (`ends`), or is longer than a stroke and stands alone, no
    title's letter beside it.
    Strokes that stand in rows below each other stop short of the rules between.
    """
    count, labels, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    kept = np.zeros(count, np.uint8)
    beside, slack, reach = (
        round(x * dpi) for x in (_SIDE_ALONE_INCHES, _SIDE_SLACK_INCHES, _LETTER_INCHES)
    )
    near_ends = cv2.subtract(cv2.dilate(ends, box_kernel(1 + 2 * _HALO, 1)), ends)
    for label in range(1, count):
        x, y, w, h = (int(value) for value in stats[label, :4])
        start = ends[y : y + h, max(x - slack, 0) : x + 2 * _HALO]
        end = ends[y : y + h, max(x + w - 2 * _HALO, 0) : x + w + slack]
        between = bool(start.any() and end.any())
        around = ink[max(y - beside, 0) : y, x : x + w], ink[y + h : y + h + beside, x : x + w]
        alone = all(strip.mean() <= _LONE_PRINT * 255 for strip in around if strip.size)
        at_ends = near_ends[y : y + h, x : x + w].any(axis=0)
        inked = ink[y : y + h, x : x + w].any(axis=0)
        touching = not at_ends.any() or (inked & at_ends).sum() >= _TOUCHING * at_ends.sum()
        long_alone = alone and w >= _SHORTEST_ALONE_INCHES * dpi
        if long_alone and not between:
            near = ink[max(y - reach, 0) : y, x : x + w], ink[y + h : y + h + reach, x : x + w]
            long_alone = all(strip.any(axis=0).mean() < _LETTER for strip in near if strip.size)
        kept[label] = 255 * ((between and touching) or long_alone)
    return as_grey(kept[labels])


def _crossed(rules: Mask, rest: Mask, dpi: int) -> Mask:
    """Return the pixels of horizontal rules that have other ink both above and below."""
    reach = round((_THICKEST_INCHES + 2 * _HALO / _WORKING_DPI) * dpi)
    line = box_kernel(1, reach)
    under = cv2.dilate(rest, line, anchor=(0, reach - 1))
    over = cv2.dilate(rest, line, anchor=(0, 0))
    return as_grey(cv2.bitwise_and(rules, cv2.bitwise_and(under, over)))
