"""Recto and verso of one sheet laid over each other, with a proof that they are of one sheet.

What shines through is mirrored. Coarsely, the other side is laid on the page by correlation at
every angle of a grid, in four orientations; finely, each tile of it is looked for by itself, and
the places where the tiles are found must lie on one affine map. Tiles of a wrong sheet are found
anywhere, so how many agree is the measure against chance. A sheet that did not lie flat is off
that map by some pixels, the more the farther from its middle: it is bent to where its tiles are.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr.imaging.pixels import as_mask, box_kernel
from ocr.imaging.placing import Depth, Matrix, Placing, bent_on, fitted_bend, flat, rescaled

_COARSE_DPI = 25
_MEDIUM_DPI = 75
_ANGLES = np.arange(-8.0, 8.5)  # degrees; both sides may lean by 4
_SLACK_INCHES = 2.4  # by which the sides may lie apart
_SMOOTH_INCHES = 0.3  # of the coarse ink: wider shades are light, not print
_TILE_INCHES = 0.8
_LEAST_INK = 0.01  # of a tile, black; less has nothing to be found by
_MEDIUM_SEARCH_INCHES = 0.12
_FINE_SEARCH_INCHES = 0.04
_AGREE_PIXELS = 1.5  # at 75 dpi, then at the page's
_BEND_INCHES = 0.06  # off the affine map; a tile farther off was found by chance
_CLOSER_INCHES = (0.027, 0.02, 0.013, 0.013, 0.008)  # both sides are blurred by, round by round
_STEEP = 0.1  # of the steepest slope; less is grain
_RULE_INCHES = 0.25  # a longer straight run is a rule; rules of one form agree on any two sheets
_RULE_SPLIT = 70  # levels
# Of 22 wrong sheets at most 11 tiles of 98 agreed, or 5 of 17; of right ones mostly over half.
_FEWEST_AGREEING = 8
_AGREEING_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Registration:
    """Where the other side of a sheet lies on a page.

    Attributes:
        turns: quarter turns, counter-clockwise, of the mirrored other side.
        placing: how those pixels lie on the page.
        tiles: how many tiles were looked for. agreeing: how many were found where the map says.
    """

    turns: int
    placing: Placing
    tiles: int
    agreeing: int

    def laid(self, other: Depth, size: tuple[int, int]) -> Depth:
        """Return the other side as it lies on a page of (width, height)."""
        return self.placing.on_page(mirrored(other, self.turns), size)


def mirrored(other: Depth, turns: int) -> Depth:
    """Return the other side as it is seen through the paper, after quarter turns."""
    return np.ascontiguousarray(np.rot90(other[:, ::-1], turns))


def register(faint: Depth, dark: Depth, dpi: int) -> Registration | None:
    """Return how the other side lies on a page; None where it cannot be proven that it does.

    Args:
        faint: the page's ink that may have shone through, its own dark strokes left out.
        dark: the other side's own print.
        dpi: resolution of both.
    """
    print_ = _without_rules(dark, dpi)
    if not faint.any() or not print_.any():
        return None
    turns, matrix = _laid_coarsely(faint, print_, dpi)
    other = mirrored(print_, turns)
    scale = min(_MEDIUM_DPI / dpi, 1.0)
    start = Placing(rescaled(matrix, scale), flat())
    small = _found_tiles(
        _scaled(faint, scale), _scaled(other, scale), start, dpi * scale, _MEDIUM_SEARCH_INCHES
    )
    if small is None:
        return None
    found = _found_tiles(faint, other, small.placing.rescaled(1 / scale), dpi, _FINE_SEARCH_INCHES)
    if found is None:
        return None
    agreeing = min(small.agreeing, found.agreeing)
    placing = _closer(found.placing, faint, mirrored(dark, turns), dpi)
    return Registration(turns, placing, small.tiles, agreeing)


def _without_rules(dark: Depth, dpi: int) -> Depth:
    scale = min(_MEDIUM_DPI / dpi, 1.0)
    ink = as_mask(_scaled(dark, scale) > _RULE_SPLIT)
    run = round(_RULE_INCHES * dpi * scale)
    rules = cv2.bitwise_or(
        cv2.morphologyEx(ink, cv2.MORPH_OPEN, box_kernel(run, 1)),
        cv2.morphologyEx(ink, cv2.MORPH_OPEN, box_kernel(1, run)),
    )
    rules = cv2.dilate(rules, box_kernel(3, 3))
    where = cv2.resize(rules, dark.shape[::-1], interpolation=cv2.INTER_NEAREST)
    return np.where(where > 0, np.float32(0), dark)


def _laid_coarsely(faint: Depth, dark: Depth, dpi: int) -> tuple[int, Matrix]:
    """Return turns and map of the best correlation of all angles and orientations."""
    scale = min(_COARSE_DPI / dpi, 1.0)
    page, other = (_high_pass(_scaled(ink, scale), dpi * scale) for ink in (faint, dark))
    reach = max(*page.shape, *other.shape) + round(_SLACK_INCHES * dpi * scale)
    side = cv2.getOptimalDFTSize(reach)
    field = np.zeros((side, side), np.float32)
    field[: page.shape[0], : page.shape[1]] = page
    spectrum = cv2.dft(field)
    best, found = -1.0, (0, np.eye(2, 3))
    for turns in range(4):
        turned = mirrored(other, turns)
        for angle in _ANGLES:
            placed = _rotation(turned.shape, float(angle), (side / 2, side / 2))
            seen = cv2.warpAffine(turned, placed, (side, side), flags=cv2.INTER_LINEAR)
            product = cv2.mulSpectrums(spectrum, cv2.dft(seen), 0, conjB=True)
            surface = cv2.idft(product, flags=cv2.DFT_SCALE | cv2.DFT_REAL_OUTPUT)
            _, peak, _, (right, down) = cv2.minMaxLoc(surface)
            likeness = peak / max(float(np.linalg.norm(seen)), 1e-6)
            if likeness > best:
                shift = [offset - side if offset > side / 2 else offset for offset in (right, down)]
                placed[:, 2] += shift
                best, found = likeness, (turns, placed)
    turns, matrix = found
    return turns, rescaled(matrix, 1 / scale)


def _rotation(shape: tuple[int, ...], angle: float, centre: tuple[float, float]) -> Matrix:
    """Return the clockwise turn of a picture round its middle, which comes to `centre`."""
    middle = ((shape[1] - 1) / 2, (shape[0] - 1) / 2)
    matrix = np.asarray(cv2.getRotationMatrix2D(middle, -angle, 1.0), np.float64)
    matrix[:, 2] += np.array(centre) - middle
    return matrix


@dataclass(frozen=True, slots=True)
class _Tiles:
    """How tiles agree that the other side lies, and how many do."""

    placing: Placing
    tiles: int
    agreeing: int


def _found_tiles(
    page: Depth, other: Depth, start: Placing, dpi: float, search_inches: float
) -> _Tiles | None:
    """Return where most tiles agree on; None where too few do."""
    sigma = dpi / 150
    there = start.on_page(other, (page.shape[1], page.shape[0]))
    soft, laid = (
        np.asarray(cv2.GaussianBlur(ink, (0, 0), sigma), np.float32) for ink in (page, there)
    )
    found = np.array(list(_tiles(soft, laid, round(dpi), search_inches))).reshape(-1, 4)
    if len(found) < _FEWEST_AGREEING:
        return None
    before, after = np.split(found, 2, axis=1)
    before = before - np.column_stack(start.bend.off(*before.T.astype(np.float32)))
    # RANSAC draws from a generator that starts anew on every call.
    moved, inliers = cv2.estimateAffine2D(
        before, np.ascontiguousarray(after), method=cv2.RANSAC, ransacReprojThreshold=_AGREE_PIXELS
    )
    agreeing = 0 if moved is None else int(np.count_nonzero(inliers))
    if agreeing < max(_FEWEST_AGREEING, _AGREEING_SHARE * len(found)):
        return None
    whole = np.vstack([moved, (0, 0, 1)]) @ np.vstack([start.matrix, (0, 0, 1)])
    off = after - cv2.transform(before[None], moved)[0]
    bend = fitted_bend(after, off, _BEND_INCHES * dpi)
    return _Tiles(Placing(whole[:2], bend), len(found), agreeing)


def _closer(placing: Placing, page: Depth, other: Depth, dpi: int) -> Placing:
    """Return how the other side lies when its rules too are brought to those of the page."""
    for softening in _CLOSER_INCHES:
        sigma = softening * dpi
        laid = placing.on_page(other, (page.shape[1], page.shape[0]))
        here, there = (
            np.asarray(cv2.GaussianBlur(ink, (0, 0), sigma), np.float32) for ink in (page, laid)
        )
        there *= float(np.vdot(here, there)) / max(float(np.vdot(there, there)), 1.0)
        right, down = (cv2.Sobel(there, cv2.CV_32F, *way, scale=1 / 8) for way in ((1, 0), (0, 1)))
        steep = np.hypot(right, down)
        rows, columns = np.nonzero(steep > _STEEP * steep.max())
        if not len(rows):
            return placing
        at = np.s_[rows, columns]
        parts = np.column_stack([columns, rows, right[at], down[at], (here - there)[at]])
        places, slopes, missing = np.split(parts.astype(np.float64), (2, 4), axis=1)
        bend = bent_on(placing.bend, places, slopes, missing[:, 0])
        placing = Placing(placing.matrix, bend)
    return placing


def _tiles(
    page: Depth, laid: Depth, dpi: int, search_inches: float
) -> Iterator[tuple[float, float, float, float]]:
    """Yield (x, y) of each tile with ink, and where on the page it is most alike."""
    height, width = page.shape
    side, reach = round(_TILE_INCHES * dpi), max(round(search_inches * dpi), 2)
    for y in range(reach, height - side - reach, side):
        for x in range(reach, width - side - reach, side):
            tile = laid[y : y + side, x : x + side]
            if tile.mean() < 255 * _LEAST_INK:
                continue
            window = page[y - reach : y + side + reach, x - reach : x + side + reach]
            likeness = cv2.matchTemplate(window, tile, cv2.TM_CCOEFF_NORMED)
            right, down = _peak(np.asarray(likeness, np.float32))
            middle_x, middle_y = x + side / 2, y + side / 2
            yield middle_x, middle_y, middle_x + right - reach, middle_y + down - reach


def _peak(surface: Depth) -> tuple[float, float]:
    """Return (x, y) of a surface's highest place, to parts of a pixel."""
    _, _, _, (x, y) = cv2.minMaxLoc(surface)
    height, width = surface.shape
    along = surface[y, x - 1 : x + 2] if 0 < x < width - 1 else None
    across = surface[y - 1 : y + 2, x] if 0 < y < height - 1 else None
    return x + _vertex(along), y + _vertex(across)


def _vertex(three: npt.NDArray[np.float32] | None) -> float:
    """Return where the parabola through three values has its top, from the middle one."""
    if three is None:
        return 0.0
    before, here, after = (float(value) for value in three)
    bend = before - 2 * here + after
    return 0.0 if bend >= 0 else min(max((before - after) / (2 * bend), -0.5), 0.5)


def _scaled(ink: Depth, scale: float) -> Depth:
    size = (max(round(ink.shape[1] * scale), 1), max(round(ink.shape[0] * scale), 1))
    return np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), np.float32)


def _high_pass(ink: Depth, dpi: float) -> Depth:
    return ink - np.asarray(cv2.GaussianBlur(ink, (0, 0), _SMOOTH_INCHES * dpi))
