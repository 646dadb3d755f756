"""What a telephone's camera or an open book does: keystone, shadow, a page that is not flat."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from tests.makers.sheet import Points, Projection, Rng, Sheet


def perspective(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Photograph the sheet on a dark desk: keystone, a soft shadow, 72 dpi or none in the file.

    Corners are off by up to 1.2, 3 or 5.5 percent, besides a turn of up to 1, 2.5 or 4 degrees.
    """
    width, height = sheet.size
    wide, tall = round(width * 1.1), round(height * 1.08)
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float64)
    angle = np.deg2rad(float(rng.uniform(-1, 1)) * (1, 1, 2.5, 4)[step])
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    off = rng.uniform(-1, 1, (4, 2)) * (0.012, 0.012, 0.03, 0.055)[step] * (width, height)
    seen = (corners - corners.mean(axis=0)) @ turn + off
    seen *= min(1.0, 0.97 * wide / np.ptp(seen[:, 0]), 0.98 * tall / np.ptp(seen[:, 1]))
    seen += np.array([wide, tall]) / 2 - (seen.min(axis=0) + seen.max(axis=0)) / 2
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), seen.astype(np.float32))
    move = Projection(np.asarray(matrix, np.float64))
    page = sheet.in_colour().pixels
    photo = cv2.warpPerspective(page, matrix, (wide, tall), flags=cv2.INTER_AREA)
    inside = cv2.warpPerspective(np.full((height, width), 255, np.uint8), matrix, (wide, tall))
    grain = cv2.resize(
        rng.normal(0, 1, (tall // 40, wide // 6)).astype(np.float32), (wide, tall)
    )  # of wood, along the desk
    desk = np.array(((74, 56, 42), (58, 58, 62), (38, 40, 46))[int(rng.integers(3))], np.float32)
    cover = (inside.astype(np.float32) / 255)[:, :, None]
    light = _shadow(rng, (wide, tall), (0.93, 0.93, 0.8, 0.62)[step])[:, :, None]
    warm = np.array((1.0, 0.985, 0.95), np.float32)
    scene = photo * warm * cover + (desk + 5 * grain[:, :, None]) * (1 - cover)
    middle = np.array([(width / 2, height / 2), (width / 2 + 10, height / 2)])
    (x0, y0), (x1, y1) = move(middle)
    leaning = float(np.rad2deg(np.arctan2(y1 - y0, x1 - x0)))
    tag = None if rng.random() < 0.5 else 72
    return sheet.moved(scene * light, move, skew=sheet.skew + leaning, tag=tag)


def _shadow(rng: Rng, size: tuple[int, int], least: float) -> npt.NDArray[Any]:
    """Light from one side, and the soft edge of the shadow of a hand or a head."""
    ys, xs = np.mgrid[0:64, 0:64].astype(np.float32) / 63
    angle = rng.uniform(0, 2 * np.pi)
    along = (xs - 0.5) * np.cos(angle) + (ys - 0.5) * np.sin(angle)
    edge = 1 / (1 + np.exp((along - rng.uniform(0.05, 0.35)) * 14))
    light = (least + (1 - least) * edge) * (1 - (1 - least) * 0.5 * (along + 0.5))
    return np.asarray(cv2.resize(light.astype(np.float32), size, interpolation=cv2.INTER_CUBIC))


@dataclass(frozen=True, slots=True)
class Warp:
    """A page that rises to the spine of a book at its left edge, or at its right one.

    Attributes:
        size: width and height. left: the spine is at the left. reach: pixels over which it rises.
        pinch: share by which the page is narrower at the spine. lift: pixels by which lines at the
            top and the bottom run to the middle there. bow: pixels by which lines sag.
    """

    size: tuple[int, int]
    left: bool
    reach: float
    pinch: float
    lift: float
    bow: float

    def __call__(self, points: Points) -> Points:
        """See `Move`."""
        width, height = self.size
        x, y = points[:, 0], points[:, 1]
        away = x if self.left else width - x
        near = np.exp(-away / self.reach)
        moved = away - self.pinch * self.reach * (1 - near)
        down = self.lift * near * (1 - 2 * y / height) + self._sag(away)
        return np.column_stack([moved if self.left else width - moved, y + down])

    def sources(self) -> tuple[Points, Points]:
        """For each pixel of the warped page, where it comes from: x and y, (h, w) each."""
        width, height = self.size
        flat = np.arange(-width // 4, width * 5 // 4, dtype=np.float64)
        moved = flat - self.pinch * self.reach * (1 - np.exp(-flat / self.reach))
        columns = np.arange(width, dtype=np.float64)
        away = np.interp(columns if self.left else width - columns, moved, flat)
        near = np.exp(-away / self.reach)
        rows = np.arange(height, dtype=np.float64)[:, None]
        y = (rows - self.lift * near - self._sag(away)) / (1 - 2 * self.lift * near / height)
        x = away if self.left else width - away
        return np.broadcast_to(x, (height, width)), y

    def _sag(self, away: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.asarray(self.bow * np.sin(np.pi * away / self.size[0]))


def wave(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Scan a page of a bound book: lines bend by up to 1, 2.5 or 5 millimetres, a dark spine."""
    width, height = sheet.size
    lift = (1.0, 1.0, 2.5, 5.0)[step] * float(rng.uniform(0.6, 1))
    warp = Warp(
        (width, height),
        left=bool(rng.random() < 0.6),
        reach=float(sheet.px(float(rng.uniform(22, 45)))),
        pinch=(0.06, 0.06, 0.14, 0.26)[step] * float(rng.uniform(0.6, 1)),
        lift=float(sheet.px(lift)),
        bow=sheet.px(lift * 0.4) * float(rng.uniform(-1, 1)),
    )
    x, y = (side.astype(np.float32) for side in warp.sources())
    bent = cv2.remap(sheet.pixels, x, y, cv2.INTER_LINEAR, borderValue=sheet.paper)
    away = np.arange(width) if warp.left else width - np.arange(width)
    dark = 1 - (0.18, 0.18, 0.35, 0.55)[step] * np.exp(-away / (warp.reach * 0.3))
    shade = dark[None, :] if bent.ndim == 2 else dark[None, :, None]
    return sheet.moved(bent * shade, warp)


def out_of_focus(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Spread every point over a disc of 2, 3.4 or 5 pixels radius at 300 dpi.

    Medium and severe are `out_of_focus`.
    """
    radius = (2.0, 2.0, 3.4, 5.0)[step] * sheet.dpi / 300 * float(rng.uniform(0.9, 1.1))
    reach = int(np.ceil(radius)) + 1
    ys, xs = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    disc = np.clip(radius + 0.5 - np.hypot(xs, ys), 0, 1)
    done = sheet.painted(cv2.filter2D(sheet.pixels, -1, disc / disc.sum()))
    return done.flagged("out_of_focus") if step >= 2 else done
