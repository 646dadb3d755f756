"""Specks and dust lines: removed only where they are."""

import cv2
import numpy as np
import numpy.typing as npt

from ocr.imaging.ink import ink_mask
from ocr.imaging.pixels import Grey, as_mask, box_kernel, turned

_LONE_INCHES = 0.022  # side of the largest lone speck; a 9 pt full stop is 0.017, but not alone
_LONELY_INCHES = 0.12
_TINY_INCHES = 0.012
_TINY_PER_SQUARE_INCH = 3.0
_LINE_INCHES = 0.12
_LIGHTEST_LINE = 195  # levels on white paper; rules of the other side show through lighter
_DOT_MAP_DPI = 100
_DOT_ROW_INCHES = (0.5, 0.05)  # looked at along a dotted rule, and across it
_DOTS_IN_ROW = 7  # their pitch is 0.05 inches at most
_DUST_WIDTH_INCHES = 0.03
_NEARLY_NOWHERE_PERCENT = 6  # dust runs through the margins too, a table's rule ends before them
_FLANK_INCHES = 0.006  # of a dust line, on each side, where grain hides it in places
_FADED_INCHES = 0.01  # of ink that touches a dust line on one side
_INK_DEPTH = 60  # levels
_OF_DUST = 0.5  # of a dust line's depth: it is not as dark everywhere
_SHEET_INCHES = 2.0  # a smaller piece is crossed by strokes as a sheet is by dust
_LEAST_DEPTH = 4  # levels by which a dust line is darker; grain is, too, but not everywhere
_BED, _MOSTLY_BED = 64.0, 0.5  # levels of a dark bed, and of a column that such bed takes
_PIECE_INCHES = 0.0135  # along a dust line, averaged: less grain; no wider than white in print
_COARSE_PIXELS = 5  # dust covers up to four of the scanner's own pixels, however coarse they are
_COARSE_DEPTH = 20  # of a line that wide on a coarse page, where rows of print are no wider

Levels = npt.NDArray[np.float32]


def without_specks(evened: Grey, dpi: int) -> Grey:
    """Return the page without specks.

    A speck far from all print goes. One near print goes if it is smaller than any full stop and
    the page is full of such.
    """
    ink = ink_mask(evened)
    _, labels, measured, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    stats = np.asarray(measured, np.int32)
    side = stats[:, (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT)].max(axis=1)
    strewn = ~_in_rows(stats, side, dpi)
    strewn[labels[_on_lines(evened, dpi)]] = False
    small = strewn & (side <= max(_LONE_INCHES * dpi, 1))
    tiny = strewn & (side <= max(_TINY_INCHES * dpi, 1))
    print_only = cv2.subtract(ink, as_mask(small)[labels])
    reach = 2 * round(_LONELY_INCHES * dpi) + 1
    near_print = cv2.dilate(print_only, box_kernel(reach, reach)) > 0
    lone = small.copy()
    lone[labels[near_print]] = False
    full = tiny.sum() >= _TINY_PER_SQUARE_INCH * evened.size / dpi**2
    specks = as_mask(lone | tiny if full else lone)
    specks[0] = 0
    grown = cv2.dilate(specks[labels], box_kernel(3, 3))
    return np.where(grown > 0, np.uint8(255), evened)


def _on_lines(evened: Grey, dpi: int) -> npt.NDArray[np.bool_]:
    """Return where thin light lines run, whose darkest places are no specks."""
    darker = as_mask(evened < _LIGHTEST_LINE)
    run = max(round(_LINE_INCHES * dpi), 2)
    runs = (cv2.morphologyEx(darker, cv2.MORPH_OPEN, box_kernel(*s)) for s in ((run, 1), (1, run)))
    return np.asarray(np.logical_or(*runs))


def _in_rows(
    stats: npt.NDArray[np.int32], side: npt.NDArray[np.int32], dpi: int
) -> npt.NDArray[np.bool_]:
    """Return which pieces of ink are dots of a dotted rule: many along it, none beside it."""
    dots = np.flatnonzero(side <= max(_LONE_INCHES * dpi, 1))
    places = stats[dots, :2] + stats[dots, 2:4] // 2
    x, y = (places * (_DOT_MAP_DPI / dpi)).astype(np.intp).T
    high, wide = int(y.max(initial=0)) + 1, int(x.max(initial=0)) + 1
    seen = np.zeros((high, wide), np.float32)
    np.add.at(seen, (y, x), 1)
    along, across = (round(inches * _DOT_MAP_DPI) for inches in _DOT_ROW_INCHES)
    rows, columns = (
        cv2.boxFilter(seen, -1, size, normalize=False, borderType=cv2.BORDER_CONSTANT)[y, x]
        for size in ((along, across), (across, along))
    )
    many, few = np.maximum(rows, columns), np.minimum(rows, columns)
    found = np.zeros(len(stats), np.bool_)
    found[dots] = (many >= _DOTS_IN_ROW) & (few <= many / 3)
    return found


def without_dust_lines(grey: Grey, dpi: int) -> Grey:
    """Return the page without the thin straight lines that dust on the glass draws.

    A line of dust runs from one end of the sheet to the other, so it darkens nearly all of its
    column (or row); print darkens less than half. It is bridged from side to side, which keeps
    the strokes that cross it.
    """
    return turned(_without_columns(turned(_without_columns(grey, dpi)), dpi))


def _without_columns(grey: Grey, dpi: int) -> Grey:
    if min(grey.shape) < _SHEET_INCHES * dpi:
        return grey
    pieces = max(round(grey.shape[0] / max(_PIECE_INCHES * dpi, 1)), 1)
    size = (grey.shape[1], pieces)
    resized = cv2.resize(grey.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    means = np.asarray(resized, np.float32)
    width = 2 * (round(_DUST_WIDTH_INCHES * dpi) // 2) + 1
    dusty = _valleys(means, width) >= _LEAST_DEPTH
    if width < _COARSE_PIXELS:
        dusty |= _valleys(means, _COARSE_PIXELS) >= _COARSE_DEPTH
    flank = 2 * round(_FLANK_INCHES * dpi) + 1
    dusty = cv2.dilate(as_mask(dusty)[np.newaxis], box_kernel(flank, 1))[0] > 0
    edges = np.flatnonzero(np.diff(dusty.astype(np.int8), prepend=0, append=0))
    bridged = grey.copy()
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        left, right = grey[:, [max(start - 1, 0)]], grey[:, [min(end, grey.shape[1] - 1)]]
        bridge = _bridge(left, right, end - start, round(_FADED_INCHES * dpi))
        dust = grey[:, start:end]
        bridged[:, start:end] = np.where(_ink_under(dust, left, right), dust, bridge)
    return bridged


def _bridge(left: Grey, right: Grey, width: int, fading: int) -> Levels:
    """Return what lies between two columns: what is dark on one side only goes no further."""
    steps = np.arange(1, width + 1, dtype=np.float32)
    share = steps / (width + 1)
    between = left * (1 - share) + right * share
    lighter = np.maximum(left, right).astype(np.float32)
    into = np.where(left < right, steps, width + 1 - steps)
    faded = lighter - (lighter - np.minimum(left, right)) * np.maximum(1 - into / (fading + 1), 0)
    apart = lighter - np.minimum(left, right) > _INK_DEPTH
    return np.asarray(np.where(apart, np.maximum(between, faded), between), np.float32)


def _ink_under(dust: Grey, left: Grey, right: Grey) -> npt.NDArray[np.bool_]:
    """Return where a line of dust is so much darker than along the sheet that ink lies under it.

    It must touch ink beside the line: a stroke that runs along it comes out of it somewhere.
    """
    paper = np.maximum(left, right).astype(np.float32)
    depth = paper - dust
    usual = np.median(depth, axis=0)
    ink = as_mask(depth - usual > np.maximum(_INK_DEPTH, _OF_DUST * usual))
    beside = np.abs(left.astype(np.float32) - right) > _INK_DEPTH
    count, labels = cv2.connectedComponents(ink, connectivity=8)
    touching = np.bincount(labels[(ink > 0) & beside], minlength=count) > 0
    touching[0] = False
    return np.asarray(touching[labels])


def _valleys(means: Levels, width: int) -> Levels:
    """Return how much darker each column is, nearly everywhere, than those a width around it.

    On the scanner's dark bed nothing would be seen of it; half a column at least is paper.
    """
    around = cv2.morphologyEx(means, cv2.MORPH_CLOSE, box_kernel(width, 1))
    bed = around < _BED
    depth = np.where(bed, _BED, around - means)
    least = np.percentile(depth, _NEARLY_NOWHERE_PERCENT, axis=0)
    return np.where(bed.mean(axis=0) < _MOSTLY_BED, least, 0).astype(np.float32)
