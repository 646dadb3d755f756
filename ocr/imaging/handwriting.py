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
_CHROMA = 40  # levels by which blue is brighter; JPEG leaves up to 40 round black print
_FEWEST_BLUE = 100  # pixels: a stroke of half an inch
_PRINTED_SHARE = 0.4  # of the page's ink; a form printed in blue has more, a pen less
_STROKE_INCHES = (0.006, 0.036)  # a ball pen draws 0.012 to 0.03, a marker more, logos more
_SLANTED = 0.35  # share of edges neither upright nor level; print has 0.1 to 0.3
_SLANT_DEGREES = (20, 70)
_SEAL_INCHES = (0.3, 1.6)  # sides of what encloses: seals, date stamps, boxes
_SEAL_PIECE = 0.45  # the same of one piece: a seal with print grown to it; scrawls have 0.2 to 0.4
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


# Measured on made forms: of 10 signatures in blue 10 are found, in black 5 (others lie across
# rules and print); of 10 forms with a seal scanned in grey none is flagged, of 15 with none either.
# Name seals, in grey scans as dark as pens and broken by print, are up to 0.67 inches wide.
_SCRAWL = _Sort(width=(0.68, 2.5), height=(0.12, 1.2), broad=1.2, fill=0.24, length=1.0)
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
    if cv2.countNonZero(blue) < _FEWEST_BLUE:
        return False
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
    red, green, blue = cv2.split(small)
    colour = cv2.subtract(blue, cv2.addWeighted(red, 0.5, green, 0.5, 0.0))
    paper = float(np.median(colour[::8, ::8]))
    return as_mask(colour > paper + _CHROMA), as_grey(cv2.bitwise_not(colour))


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
        if _enclosed(piece) >= _SEAL_PIECE * width * height:
            continue
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


def _enclosed(piece: Mask) -> float:
    """Return how many pixels the outlines of a piece of ink enclose."""
    outlines, _ = cv2.findContours(piece, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return float(sum(map(cv2.contourArea, outlines)))


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
