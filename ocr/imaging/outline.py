"""The outline of a sheet on a dark desk, and the sheet laid flat: photographs, open lids."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from ocr.imaging.pixels import Pixels, as_grey, as_mask, box_kernel
from records.values import Box, Line

_WORKING_SIDE = 500
_DARK_DESK = 0.45  # of the brightness of lit paper; paper in a soft shadow has 0.55
_LEAST_DESK = 0.015  # of the picture
_SHEET_SHARE = (0.25, 0.985)  # of the picture
_FITS = 0.965  # overlap of the four-cornered outline with the bright area, of both
_FREE_SIDES = 3  # sides of the picture along which a photographed sheet shows the desk
_KEYSTONE = 0.012  # difference of opposite sides, as a share of the longer one

Points = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Outline:
    """Where a sheet's corners lie in a picture, and the size of the sheet laid flat.

    Attributes:
        corners: 4 x 2, in pixels, clockwise from the top left.
        width, height: of the flat sheet in pixels.
        picture: width and height of the picture.
    """

    corners: Points
    width: int
    height: int
    picture: tuple[int, int]

    def flat(self, pixels: Pixels) -> Pixels:
        """Return the sheet alone, its corners in the corners of the image."""
        return as_grey(
            cv2.warpPerspective(
                pixels,
                cv2.invert(self._to_picture())[1],
                (self.width, self.height),
                flags=cv2.INTER_CUBIC,
                borderMode=cv2.BORDER_REPLICATE,
            )
        )

    def on_picture(self, lines: tuple[Line, ...], rotation: int) -> tuple[Line, ...]:
        """Return lines of the flat upright sheet with their boxes on the upright picture."""
        return tuple(
            Line(tuple(replace(w, box=self._box(w.box, rotation)) for w in line.words))
            for line in lines
        )

    def _box(self, box: Box, rotation: int) -> Box:
        middle_x, middle_y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
        sides = np.array(
            [(box.x0, middle_y), (box.x1, middle_y), (middle_x, box.y0), (middle_x, box.y1)]
        )
        stored = _turned_back(sides, rotation, (self.width, self.height))
        moved = cv2.perspectiveTransform(stored[np.newaxis], self._to_picture())[0]
        upright = _turned(moved, rotation, self.picture)
        width, height = self.picture if rotation in {0, 180} else self.picture[::-1]
        left, top = np.floor(upright.min(axis=0)).astype(int)
        right, bottom = np.ceil(upright.max(axis=0)).astype(int)
        return Box(
            min(max(int(left), 0), width - 1),
            min(max(int(top), 0), height - 1),
            min(max(int(right), 1), width),
            min(max(int(bottom), 1), height),
        )

    def _to_picture(self) -> Points:
        flat = [(0, 0), (self.width, 0), (self.width, self.height), (0, self.height)]
        return np.asarray(
            cv2.getPerspectiveTransform(
                np.array(flat, np.float32), self.corners.astype(np.float32)
            ),
            np.float64,
        )


def sheet_outline(pixels: Pixels) -> Outline | None:
    """Return the outline of a sheet that lies askew or in perspective on something dark.

    None for a plain scan: its sheet fills the picture, or its dark borders are straight strips.
    """
    height, width = pixels.shape[:2]
    scale = min(_WORKING_SIDE / max(height, width), 1.0)
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    small = as_grey(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))
    # The brightest channel: paper has all three, a desk at most one.
    light = small if small.ndim == 2 else as_grey(small.max(axis=2))
    paper = float(np.percentile(light, 80))
    bright = as_mask(light > _DARK_DESK * paper)
    bright = as_grey(cv2.morphologyEx(bright, cv2.MORPH_CLOSE, box_kernel(9, 9)))
    bright = as_grey(cv2.morphologyEx(bright, cv2.MORPH_OPEN, box_kernel(9, 9)))
    share = cv2.countNonZero(bright) / bright.size
    if not _SHEET_SHARE[0] <= share <= _SHEET_SHARE[1] or 1 - share < _LEAST_DESK:
        return None
    contours, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    hull = np.asarray(cv2.convexHull(max(contours, key=cv2.contourArea)), np.int32)
    corners = _four_corners(hull)
    if corners is None or _overlap(corners, bright) < _FITS:
        return None
    if _free_sides(corners, size) < _FREE_SIDES and _keystone(corners) < _KEYSTONE:
        return None
    top, right, bottom, left = _side_lengths(corners / scale)
    return Outline(
        corners / scale,
        max(round((top + bottom) / 2), 1),
        max(round((left + right) / 2), 1),
        (width, height),
    )


def _four_corners(hull: npt.NDArray[np.int32]) -> Points | None:
    """Return the four corners of a hull, clockwise from the top left; None where it has others."""
    length = cv2.arcLength(hull, True)
    for tolerance in (0.01, 0.02, 0.03, 0.05):
        found = cv2.approxPolyDP(hull, tolerance * length, True)[:, 0, :].astype(np.float64)
        if len(found) == 4:
            centre = found.mean(axis=0)
            angles = np.arctan2(found[:, 1] - centre[1], found[:, 0] - centre[0])
            clockwise = found[np.argsort(angles)]
            first = int((clockwise.sum(axis=1)).argmin())
            return np.roll(clockwise, -first, axis=0)
    return None


def _overlap(corners: Points, bright: npt.NDArray[np.uint8]) -> float:
    drawn = np.zeros_like(bright)
    cv2.fillConvexPoly(drawn, corners.round().astype(np.int32), (255,))
    both = cv2.countNonZero(cv2.bitwise_and(drawn, bright))
    return both / max(cv2.countNonZero(cv2.bitwise_or(drawn, bright)), 1)


def _side_lengths(corners: Points) -> list[float]:
    """Return the lengths of top, right, bottom and left side."""
    return [float(np.linalg.norm(corners[n] - corners[(n + 1) % 4])) for n in range(4)]


def _keystone(corners: Points) -> float:
    top, right, bottom, left = _side_lengths(corners)
    return max(abs(top - bottom) / max(top, bottom), abs(left - right) / max(left, right))


def _free_sides(corners: Points, size: tuple[int, int]) -> int:
    """Return along how many sides of the picture the sheet's side shows the desk beyond it."""
    width, height = size
    inset = 0.004 * max(size)
    distances = (
        corners[[0, 1], 1].max(),
        (width - 1 - corners[[1, 2], 0]).max(),
        (height - 1 - corners[[2, 3], 1]).max(),
        corners[[3, 0], 0].max(),
    )
    return sum(bool(distance > inset) for distance in distances)


def _turned(points: Points, rotation: int, size: tuple[int, int]) -> Points:
    """Move points of a stored picture to the picture with its clockwise turn undone."""
    width, height = size
    x, y = points[:, 0], points[:, 1]
    turned = {
        0: (x, y),
        90: (y, width - x),
        180: (width - x, height - y),
        270: (height - y, x),
    }[rotation]
    return np.stack(turned, axis=1)


def _turned_back(points: Points, rotation: int, size: tuple[int, int]) -> Points:
    """Move points of an upright picture to the stored one; `size` is the stored one's."""
    width, height = size
    x, y = points[:, 0], points[:, 1]
    turned = {
        0: (x, y),
        90: (width - y, x),
        180: (width - x, height - y),
        270: (y, height - x),
    }[rotation]
    return np.stack(turned, axis=1)
