"""What lies round the page and is not of it: the scanner's dark bed, punch holes."""

import cv2
import numpy as np
import numpy.typing as npt

from ocr.imaging.pixels import Grey, Mask, as_grey, as_mask, box_kernel, reduced

_WORKING_DPI = 50
_SHEET_INCHES = 2.0  # a smaller piece has print at its edges
_DARK_SHARE = 0.5  # of the paper's brightness
_EDGE_REACH = 0.2  # a border runs along at least this share of a side
_FILL_REACH = 3
_LETTERS_DPI = 150
_LETTER_MM = (1.2, 15.0)  # the longer side of a letter, or of a part of one
_STROKE_MM = 0.25
_INKED = 0.15  # of its box
_SURROUNDED = 0.5  # of what lies round a letter is the area's; noise at its edge is not
_LETTERS = 5  # in a row or a column
_LEVEL, _EVEN = 16, 0.5  # so near to the median are so many of a bar's pixels
_HOLE_INCHES = (0.15, 0.36)  # diameters of punch holes, 4 to 9 mm
_HOLE_MARGIN_INCHES = 1.0
_HOLE_SHARE = 0.64  # of its box: a disc of twelve pixels with frayed edges; a diamond has half
_HOLE_CORE, _HOLE_FILLED = 0.7, 0.9  # of its sides, and dark there; a bold letter shows paper


def without_borders(grey: Grey, dpi: int) -> Grey:
    """Return the page with dark borders and punch holes painted like the paper beside them.

    A dark bar that runs off the sheet with print on it, as a letterhead does, is no border.
    """
    if min(grey.shape) < _SHEET_INCHES * dpi:
        return grey
    small = reduced(grey, dpi, _WORKING_DPI)
    paper = int(np.percentile(small, 80))
    dark = as_mask(small < paper * _DARK_SHARE)
    edges = _at_the_edge(dark)
    if cv2.countNonZero(edges):
        fine = reduced(grey, dpi, _LETTERS_DPI) >= paper * _DARK_SHARE
        edges = _without_print(edges, small, as_mask(fine), min(dpi, _LETTERS_DPI) / 25.4)
    foreign = cv2.bitwise_or(edges, _holes(dark, grey < paper * _DARK_SHARE))
    if not cv2.countNonZero(foreign):
        return grey
    grown = cv2.dilate(foreign, box_kernel(5, 5))
    paper_only = cv2.inpaint(small, grown, _FILL_REACH, cv2.INPAINT_TELEA)
    size = (grey.shape[1], grey.shape[0])
    filling = cv2.resize(paper_only, size, interpolation=cv2.INTER_LINEAR)
    mask = cv2.resize(grown, size, interpolation=cv2.INTER_NEAREST)
    return np.where(mask > 0, as_grey(filling), grey)


def _at_the_edge(dark: Mask) -> Mask:
    """Keep the solid dark areas that run along a side of the page."""
    height, width = dark.shape
    framed = cv2.copyMakeBorder(dark, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    solid = cv2.morphologyEx(framed, cv2.MORPH_OPEN, box_kernel(2, 2))[1:-1, 1:-1]
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=4)
    kept = np.zeros(count, np.uint8)
    for label in range(1, count):
        x, y, w, h, _ = (int(value) for value in stats[label])
        touches_side = x == 0 or x + w == width
        touches_end = y == 0 or y + h == height
        if (touches_side and h >= _EDGE_REACH * height) or (
            touches_end and w >= _EDGE_REACH * width
        ):
            kept[label] = 255
    return as_grey(kept[labels])


def _without_print(edges: Mask, small: Grey, light: Mask, per_mm: float) -> Mask:
    """Return the areas that hold no row of light letters on an even ground; a picture is uneven.

    Args:
        edges: dark areas at the edge.
        small: the page at the same resolution.
        light: where the page is light, at a higher one.
        per_mm: pixels of `light`.
    """
    count, areas = cv2.connectedComponents(edges, connectivity=4)
    size = (light.shape[1], light.shape[0])
    enlarged = cv2.resize(areas.astype(np.float32), size, interpolation=cv2.INTER_NEAREST)
    _, letters, measured, _ = cv2.connectedComponentsWithStats(light, connectivity=8)
    labels, stats = enlarged.astype(np.int32), np.asarray(measured, np.int32)
    sides = stats[:, (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT)]
    shortest, longest = sides.min(axis=1), sides.max(axis=1)
    sized = (longest >= _LETTER_MM[0] * per_mm) & (longest <= _LETTER_MM[1] * per_mm)
    sized &= (shortest >= _STROKE_MM * per_mm) & (stats[:, 4] >= _INKED * sides.prod(axis=1))
    sized[0] = False
    rows, columns = (np.zeros((count, length), np.int32) for length in light.shape)
    for place in np.flatnonzero(sized):
        x, y, w, h = (int(value) for value in stats[place, :4])
        window = np.s_[max(y - 2, 0) : y + h + 2, max(x - 2, 0) : x + w + 2]
        own = as_mask(letters[window] == place)
        rim = as_grey(cv2.dilate(own, box_kernel(5, 5))) & ~own
        area, share = _most(labels[window][rim > 0])
        if area and share > _SURROUNDED:
            rows[area, y : y + h] += 1
            columns[area, x : x + w] += 1
    printed = np.maximum(rows.max(axis=1), columns.max(axis=1)) >= _LETTERS
    for bar in np.flatnonzero(printed):
        levels = small[areas == bar]
        printed[bar] = (cv2.absdiff(levels, np.median(levels)) <= _LEVEL).mean() >= _EVEN
    return as_mask((edges > 0) & ~printed[areas])


def _most(labels: npt.NDArray[np.int32]) -> tuple[int, float]:
    """Return the commonest of some labels, and what share has it."""
    counts = np.bincount(labels)
    return int(counts.argmax()), float(counts.max() / max(len(labels), 1))


def _holes(dark: Mask, fine: npt.NDArray[np.bool_]) -> Mask:
    """Keep round solid spots of a punch hole's size that lie near a side.

    Args:
        dark: where the page is dark, at the working resolution.
        fine: the same at its own.
    """
    height, width = dark.shape
    margin = int(_HOLE_MARGIN_INCHES * _WORKING_DPI)
    smallest, largest = (inches * _WORKING_DPI for inches in _HOLE_INCHES)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=4)
    kept = np.zeros(count, np.uint8)
    for label in range(1, count):
        x, y, w, h, area = (int(value) for value in stats[label])
        near_side = x < margin or y < margin or x + w > width - margin or y + h > height - margin
        round_shape = max(w, h) <= 1.3 * min(w, h) and area >= _HOLE_SHARE * w * h
        sized = smallest <= min(w, h) and max(w, h) <= largest
        if near_side and round_shape and sized and _is_filled(fine, (x, y, w, h), dark.shape):
            kept[label] = 255
    return as_grey(kept[labels])


def _is_filled(
    fine: npt.NDArray[np.bool_], box: tuple[int, int, int, int], shape: tuple[int, ...]
) -> bool:
    """Tell whether a spot is dark throughout its middle, at the page's own resolution."""
    x, y, w, h = box
    down, across = (whole / small for whole, small in zip(fine.shape, shape, strict=True))
    middle = (x + w / 2) * across, (y + h / 2) * down
    reach = _HOLE_CORE * w * across / 2, _HOLE_CORE * h * down / 2
    (left, right), (top, bottom) = (
        (round(m - r), round(m + r) + 1) for m, r in zip(middle, reach, strict=True)
    )
    core = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (right - left, bottom - top)) > 0
    seen = fine[top:bottom, left:right]
    return bool(seen[core[: seen.shape[0], : seen.shape[1]]].mean() >= _HOLE_FILLED)
