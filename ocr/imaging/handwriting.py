"""Whether somebody wrote on a page by hand: strokes that no printer makes.

Told are scrawls: strokes that run on over several letters, as signatures and quick notes do.
Letters written one by one look too much like print for the measures here, and are not told.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from ocr.imaging.pixels import Grey, Mask, Pixels, as_grey, as_mask, box_kernel, reduced

_WORKING_DPI = 150
_INK = 170
_RULE_INCHES = 0.4
_CHROMA = 22  # levels of colour; JPEG leaves up to 15 round black print
_PRINTED_SHARE = 0.4  # of the page's ink; a form printed in blue has more, a pen less
_STROKE_INCHES = (0.006, 0.036)  # a ball pen draws 0.012 to 0.03, a marker more, logos more
_SLANTED = 0.35  # share of edges neither upright nor level; print has 0.1 to 0.3
_SLANT_DEGREES = (20, 70)
_SEAL_INCHES = (0.3, 1.6)  # sides of what encloses: seals, date stamps, boxes
_BROKEN_INCHES = 0.06  # gaps that print crossing a seal leaves in it
_SEAL_SOLID = 0.6  # share of its box that an outline encloses


@dataclass(frozen=True, slots=True)
class _Sort:
    """What one piece of ink must be to count: inches, and share of its box that is ink."""

    width: tuple[float, float]
    height: tuple[float, float]
    broad: float  # least width by height
    fill: float
    length: float  # least length of its stroke, were it one line


_SCRAWL = _Sort(width=(0.35, 2.5), height=(0.12, 1.2), broad=1.4, fill=0.24, length=1.0)
_BLUE_SCRAWL = _Sort(width=(0.25, 2.5), height=(0.1, 1.2), broad=1.0, fill=0.28, length=0.6)


def has_handwriting(cleaned: Grey, pixels: Pixels, dpi: int) -> bool:
    """Tell whether there is handwriting on an upright page.

    Args:
        cleaned: the page without seals and borders.
        pixels: the same page as scanned.
        dpi: resolution of both.
    """
    grey = reduced(cleaned, dpi, _WORKING_DPI)
    ink = as_mask(grey < _INK)
    if _holds(_without_rules(ink), grey, _SCRAWL):
        return True
    if pixels.ndim == 2:
        return False
    blue, depth = _blue(reduced(pixels, dpi, _WORKING_DPI))
    inked = cv2.countNonZero(cv2.bitwise_or(ink, blue))
    if cv2.countNonZero(blue) > _PRINTED_SHARE * inked:
        return False
    return _holds(blue, depth, _BLUE_SCRAWL)


def _without_rules(ink: Mask) -> Mask:
    """Return ink without straight lines, also slightly leaning ones."""
    length = round(_RULE_INCHES * _WORKING_DPI)
    rows = cv2.morphologyEx(
        cv2.dilate(ink, box_kernel(1, 3)), cv2.MORPH_OPEN, box_kernel(length, 1)
    )
    columns = cv2.morphologyEx(
        cv2.dilate(ink, box_kernel(3, 1)), cv2.MORPH_OPEN, box_kernel(1, length)
    )
    return as_grey(cv2.subtract(ink, cv2.bitwise_or(rows, columns)))


def _blue(small: Pixels) -> tuple[Mask, Grey]:
    """Return where a page has blue ink, and the page with that ink dark on white.

    Red ink is left out: it is seals more often than pens, and black print breaks them in pieces.
    """
    *_, yellow = cv2.split(cv2.cvtColor(small, cv2.COLOR_RGB2LAB))
    colour = cv2.subtract(np.full_like(yellow, np.median(yellow)), yellow)
    return as_mask(colour > _CHROMA), as_grey(cv2.bitwise_not(cv2.convertScaleAbs(colour, alpha=3)))


def _holds(ink: Mask, grey: Grey, sort: _Sort) -> bool:
    """Tell whether a connected piece of ink of a sort is drawn as a pen draws."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    _, _, wide, high, area = stats[1:].T
    widths, heights = wide / _WORKING_DPI, high / _WORKING_DPI
    fits = (
        (widths >= sort.width[0])
        & (widths <= sort.width[1])
        & (heights >= sort.height[0])
        & (heights <= sort.height[1])
        & (wide >= sort.broad * high)
        & (area <= sort.fill * wide * high)
    )
    seals = _seals(ink) if fits.any() else []
    for label in np.flatnonzero(fits) + 1:
        left, top, width, height = (int(value) for value in stats[label, :4])
        if any(_lies_in((left, top, width, height), seal) for seal in seals):
            continue
        rows, columns = slice(top, top + height), slice(left, left + width)
        piece = as_mask(labels[rows, columns] == label)
        stroke, length = _stroke(piece)
        if (
            _STROKE_INCHES[0] <= stroke <= _STROKE_INCHES[1]
            and length >= sort.length
            and _slanted(piece, grey[rows, columns]) >= _SLANTED
        ):
            return True
    return False


def _seals(ink: Mask) -> list[tuple[int, int, int, int]]:
    """Return the boxes of outlines that enclose most of their box: seals, stamps, frames."""
    gap = round(_BROKEN_INCHES * _WORKING_DPI)
    whole = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, box_kernel(gap, gap))
    least, most = (inches * _WORKING_DPI for inches in _SEAL_INCHES)
    found = []
    outlines, _ = cv2.findContours(whole, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for outline in outlines:
        x, y, width, height = cv2.boundingRect(outline)
        solid = cv2.contourArea(outline) >= _SEAL_SOLID * width * height
        if solid and least <= max(width, height) <= most:
            found.append((x, y, width, height))
    return found


def _lies_in(piece: tuple[int, int, int, int], seal: tuple[int, int, int, int]) -> bool:
    middle_x, middle_y = piece[0] + piece[2] / 2, piece[1] + piece[3] / 2
    return seal[0] <= middle_x <= seal[0] + seal[2] and seal[1] <= middle_y <= seal[1] + seal[3]


def _stroke(piece: Mask) -> tuple[float, float]:
    """Return how wide and how long a piece of ink is, were it one line, in inches."""
    framed = cv2.copyMakeBorder(piece, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=(0.0,))
    area = cv2.countNonZero(framed)
    rim = area - cv2.countNonZero(cv2.erode(framed, box_kernel(3, 3)))
    width = 2 * area / max(rim, 1)
    return width / _WORKING_DPI, area / width / _WORKING_DPI


def _slanted(piece: Mask, grey: Grey) -> float:
    """Return the share of a piece's edges that are neither upright nor level."""
    across = cv2.Sobel(grey, cv2.CV_32F, 1, 0)
    down = cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    strength, angle = cv2.cartToPolar(across, down, angleInDegrees=True)
    strength = strength * (piece > 0)
    low, high = _SLANT_DEGREES
    turned = np.mod(angle, 90)
    return float(strength[(turned > low) & (turned < high)].sum() / max(strength.sum(), 1.0))
