"""Ground darker than paper: bars, heads of columns, shaded labels; and light print on it."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr.imaging.pixels import Grey, Mask, as_grey, as_mask, box_kernel, reduced

_WORKING_DPI = 150
_PAPER_INCHES = 1.6  # a window that is never all dark ground
_PAPER_REDUCTION = 8
_DARK = 0.75  # of the paper's brightness
_WINDOW_INCHES = 0.13
_MOSTLY = 0.5  # of such a window that is dark in dark ground, print on it or not
_SMALLEST_INCHES = (0.4, 0.12)
_GROUND = 0.64  # of an area's pixels at least; the densest dark print covers less
_PRINT = (0.001, 0.3)  # of an area's pixels that are light, least and most
_LIGHT = 0.5  # of the way from ground to paper
_LEVEL = 0.08  # of the paper's brightness: so near to the ground's median ...
_EVEN = 0.5  # ... are so many of its pixels at least; blurred print is all slopes
_BELOW = 0.2  # of the paper's brightness below the ground: a frame's rules
_DARKER = 0.08  # of an area's pixels that are so dark; behind dark print lies a highlighter
_PIECE = 0.1  # of its area's largest piece of ground; a letter is smaller
_LETTER_INCHES = 0.14  # a stroke's width in a title, or the white inside a letter
_GAP_INCHES = 0.35  # a longer light run is paper between two grounds, or a rule that parts them
_RIM_INCHES = 0.02
_GROUND_INCHES = 0.35  # averaged over
_BLACK, _WHITE = 0.2, 0.8  # of the way from ground to paper: no print yet, full print

_SHADED = 0.95  # of the paper's brightness, averaged; lighter shades drown in grain
_SAMPLED = 4  # every so many pixels, for the usual brightness
_GRAIN_INCHES = 0.05
_STROKE_INCHES = 0.1  # print on a shade, closed over

_Levels = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Grounds:
    """Where a page is darker than its paper: `printed` bears light print, `shaded` is all of it."""

    printed: Mask
    shaded: Mask


def find_grounds(grey: Grey, dpi: int) -> Grounds:
    """Return the grounds of a page."""
    small = reduced(grey, dpi, _WORKING_DPI)
    unit = min(dpi, _WORKING_DPI)
    bright = np.asarray(small / _paper(small, unit), np.float32)
    found = _printed_ground(bright, unit), _shaded(bright, unit)
    size = grey.shape[::-1]
    return Grounds(
        *(as_grey(cv2.resize(mask, size, interpolation=cv2.INTER_NEAREST)) for mask in found)
    )


def with_dark_print(grey: Grey, ground: Mask, dpi: int) -> Grey:
    """Return a page whose light print on a dark ground is dark print on paper.

    The ground's rim is painted like paper.
    """
    if not ground.any():
        return grey
    unit = min(dpi, _WORKING_DPI)
    small, areas = reduced(grey, dpi, _WORKING_DPI), as_mask(reduced(ground, dpi, _WORKING_DPI) > 0)
    paper = _paper(small, unit)
    level = _local_mean(small, as_mask((areas > 0) & (small < _DARK * paper)), unit)
    rim = 2 * max(round(_RIM_INCHES * unit), 1) + 1
    around = box_kernel(rim, rim)
    inner, outer = as_grey(cv2.erode(areas, around)), as_grey(cv2.dilate(areas, around))
    turned = grey.copy()
    scale = small.shape[0] / grey.shape[0]
    _, labels, stats, _ = cv2.connectedComponentsWithStats(outer, connectivity=8)
    for label, (x, y, w, h) in enumerate(stats[1:, :4].tolist(), start=1):
        here = np.s_[y : y + h, x : x + w]
        top, bottom, left, right = (round(side / scale) for side in (y, y + h, x, x + w))
        there = np.s_[top:bottom, left:right]
        own = as_mask(labels[here] == label)
        turned[there] = _turned(turned[there], level[here], paper[here], inner[here] & own, own)
    return turned


def without_shades(evened: Grey, shaded: Mask, dpi: int) -> Grey:
    """Return a page whose shaded areas are white: their grain is no ink, their print stays.

    Args:
        evened: the page on even light, which is divided out over larger areas only.
        shaded: where it is darker than paper; see `Grounds`.
        dpi: of both.
    """
    if not shaded.any():
        return evened
    unit = min(dpi, _WORKING_DPI)
    small = cv2.blur(reduced(evened, dpi, _WORKING_DPI), (3, 3))
    stroke, rim = (round(inches * unit) for inches in (_STROKE_INCHES, _RIM_INCHES))
    closed = as_grey(cv2.morphologyEx(small, cv2.MORPH_CLOSE, box_kernel(stroke, stroke)))
    areas = as_mask(reduced(shaded, dpi, _WORKING_DPI) > 0)
    level = _local_mean(closed, areas, unit)
    level[cv2.dilate(areas, box_kernel(2 * rim + 1, 2 * rim + 1)) == 0] = 255
    paper = cv2.resize(level, evened.shape[::-1], interpolation=cv2.INTER_NEAREST)
    return as_grey(np.minimum(evened * (255 / np.maximum(paper, 1)), 255))


def _turned(piece: Grey, level: _Levels, paper: _Levels, inner: Mask, outer: Mask) -> Grey:
    """Return a piece of the page, dark print on paper within `outer`.

    Args:
        piece: of the page, at its own resolution.
        level: brightness of the ground, at working resolution.
        paper: brightness of the paper.
        inner: where there may be print.
        outer: what is painted.
    """
    size = piece.shape[::-1]
    dark = cv2.resize(level, size, interpolation=cv2.INTER_LINEAR)
    white = cv2.resize(paper, size, interpolation=cv2.INTER_LINEAR)
    way = (piece - dark) / np.maximum(white - dark, 1)
    print_ = np.clip((way - _BLACK) / (_WHITE - _BLACK), 0, 1)
    print_[cv2.resize(inner, size, interpolation=cv2.INTER_NEAREST) == 0] = 0
    painted = cv2.resize(outer, size, interpolation=cv2.INTER_NEAREST) > 0
    return np.where(painted, ((1 - print_) * white).clip(0, 255).astype(np.uint8), piece)


def _paper(small: Grey, unit: int) -> _Levels:
    """Return how bright the paper is at each pixel."""
    height, width = small.shape
    size = max(width // _PAPER_REDUCTION, 1), max(height // _PAPER_REDUCTION, 1)
    coarse = cv2.resize(small, size, interpolation=cv2.INTER_AREA)
    window = max(round(_PAPER_INCHES * unit / _PAPER_REDUCTION), 3)
    coarse = cv2.morphologyEx(
        coarse, cv2.MORPH_CLOSE, box_kernel(window, window), borderType=cv2.BORDER_REPLICATE
    )
    smooth = cv2.GaussianBlur(coarse.astype(np.float32), (0, 0), window / 4)
    enlarged = cv2.resize(smooth, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.maximum(np.asarray(enlarged, np.float32), 1)


def _printed_ground(bright: _Levels, unit: int) -> Mask:
    """Return where a page is dark ground with light print on it.

    Args:
        bright: brightness of each pixel, 1 = the paper's.
        unit: pixels to an inch.
    """
    dark = as_mask(bright < _DARK)
    window, letter, length, rim = (
        max(round(inches * unit), 1)
        for inches in (_WINDOW_INCHES, _LETTER_INCHES, _GAP_INCHES, _RIM_INCHES)
    )
    longer, shorter = (inches * unit for inches in _SMALLEST_INCHES)
    mostly = as_mask(cv2.blur(dark, (window, window)) > _MOSTLY * 255)
    inner = cv2.erode(mostly, box_kernel(2 * rim + 1, 2 * rim + 1))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mostly, connectivity=4)
    kept = np.zeros(count, np.bool_)
    for label, (x, y, w, h) in enumerate(stats[:, :4].tolist()):
        if label and max(w, h) >= longer and min(w, h) >= shorter:
            here = np.s_[y : y + h, x : x + w]
            own = (labels[here] == label) & (inner[here] > 0)
            kept[label] = own.any() and _is_printed_ground(bright[here], own)
    if not kept.any():
        return np.zeros_like(dark)
    areas = as_mask(kept[labels])
    thin = box_kernel(round(shorter / 2), round(shorter / 2))
    solid = cv2.morphologyEx(dark, cv2.MORPH_OPEN, thin)
    corners = cv2.bitwise_and(solid, cv2.dilate(areas, box_kernel(window, window)))
    inked = as_grey(cv2.bitwise_or(cv2.bitwise_and(dark, areas), corners))
    ground = _without_letters(inked, areas, np.asarray(labels, np.int32), unit)
    whole = cv2.morphologyEx(ground, cv2.MORPH_CLOSE, box_kernel(letter, letter))
    light = as_grey(cv2.bitwise_not(dark))
    for gap in (box_kernel(length, 1), box_kernel(1, length)):
        whole = cv2.subtract(whole, cv2.morphologyEx(light, cv2.MORPH_OPEN, gap))
    return as_grey(cv2.morphologyEx(whole, cv2.MORPH_OPEN, thin))


def _without_letters(
    dark: npt.NDArray[np.uint8], areas: Mask, labels: npt.NDArray[np.int32], unit: int
) -> Mask:
    """Return the dark pieces that are ground: bold letters beside one are pieces of their own.

    Args:
        dark: what is dark in the areas or at their corners.
        areas: where there is ground, and what lies near it.
        labels: of the areas.
        unit: pixels to an inch.
    """
    count, pieces, measured, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    inside = areas > 0
    area_of = np.zeros(count, np.int32)
    area_of[pieces[inside]] = labels[inside]
    area_of[0] = 0
    *_, width, height, size = np.asarray(measured, np.int32).T
    largest = np.zeros(int(labels.max()) + 1, np.int32)
    np.maximum.at(largest, area_of, size)
    longer, shorter = (inches * unit for inches in _SMALLEST_INCHES)
    label = (np.maximum(width, height) >= longer) & (np.minimum(width, height) >= shorter)
    label &= size >= _GROUND * width * height
    kept = (area_of > 0) & (label | (size >= _PIECE * largest[area_of]))
    return as_mask(kept[pieces])


def _shaded(bright: _Levels, unit: int) -> Mask:
    """Return where a page is darker than its paper, print closed over."""
    grain, stroke = (round(inches * unit) for inches in (_GRAIN_INCHES, _STROKE_INCHES))
    closed = cv2.morphologyEx(cv2.blur(bright, (3, 3)), cv2.MORPH_CLOSE, box_kernel(stroke, stroke))
    even = cv2.blur(closed, (grain, grain))
    mask = as_mask(even < _SHADED * float(np.median(even[::_SAMPLED, ::_SAMPLED])))
    longer, shorter = (round(inches * unit) for inches in _SMALLEST_INCHES)
    sizes = ((longer, shorter), (shorter, longer))
    long = [cv2.morphologyEx(mask, cv2.MORPH_OPEN, box_kernel(*size)) for size in sizes]
    return as_grey(cv2.bitwise_or(*long))


def _is_printed_ground(bright: _Levels, own: npt.NDArray[np.bool_]) -> bool:
    """Tell whether an area is dark ground with light print on it.

    Args:
        bright: brightness of each pixel of the area's rectangle, 1 = the paper's.
        own: which of these pixels are the area's.
    """
    levels = bright[own]
    ground = float(np.median(levels))
    light = float((levels > ground + _LIGHT * (1 - ground)).mean())
    darker = float((levels < ground - _BELOW).mean())
    level = float((np.abs(levels - ground) <= _LEVEL).mean())
    return (
        ground < _DARK
        and float((levels < _DARK).mean()) >= _GROUND
        and _PRINT[0] <= light <= _PRINT[1]
        and darker <= min(light, _DARKER)
        and level >= _EVEN
        and _encloses(own, own & (bright > ground + _LIGHT * (1 - ground)))
    )


def _encloses(own: npt.NDArray[np.bool_], light: npt.NDArray[np.bool_]) -> bool:
    """Tell whether an area has light pixels enough that it encloses: letters, no frayed edge."""
    outside = np.pad(~own, 1, constant_values=True)
    _, labels = cv2.connectedComponents(as_mask(outside | np.pad(light, 1)), connectivity=8)
    reached = np.unique(labels[outside])
    enclosed = np.pad(light, 1) & ~np.isin(labels, reached)
    return bool(enclosed.sum() >= _PRINT[0] * own.sum())


def _local_mean(small: Grey, where: Mask, unit: int) -> _Levels:
    """Return the mean brightness of what a mask holds, round each pixel."""
    weight = (where > 0).astype(np.float32)
    window = (max(round(_GROUND_INCHES * unit), 3),) * 2
    total = cv2.blur(small.astype(np.float32) * weight, window)
    return np.asarray(total / np.maximum(cv2.blur(weight, window), 1e-3), np.float32)
