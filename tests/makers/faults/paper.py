"""What happens to paper: holes, folds, stains, the print of the other side."""

import cv2
import numpy as np

from tests.makers.sheet import Rng, Sheet


def punch_holes(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Two binder holes in the left margin, dark because the lid behind is dark."""
    pixels = np.ascontiguousarray(sheet.pixels)
    pixels = pixels.copy()
    _, height = sheet.size
    x = sheet.px(float(rng.uniform(6.5, 8)))
    dark = int(rng.integers(15, 70))
    for half in (-40, 40):
        centre = (x, height // 2 + sheet.px(40) * (1 if half > 0 else -1))
        cv2.circle(pixels, centre, sheet.px(2.7 + 0.1 * step), (dark,) * 3, -1, cv2.LINE_AA)
    return sheet.painted(pixels)


def fold(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """A crease across the sheet: a thin dark line beside a thin light one."""
    width, height = sheet.size
    place = int(height * float(rng.uniform(0.3, 0.7)))
    slope = float(rng.uniform(-0.01, 0.01))
    lift = np.zeros((height, width), np.int16)
    depth = (30, 30, 55, 85)[step]
    ends = (place, place + round(slope * width))
    thick = sheet.px(0.25)
    cv2.line(lift, (0, ends[0]), (width, ends[1]), -depth, thick)
    cv2.line(lift, (0, ends[0] + thick), (width, ends[1] + thick), depth // 2, thick)
    if sheet.pixels.ndim == 3:
        lift = lift[:, :, None]
    return sheet.painted(sheet.pixels.astype(np.int16) + lift)


def stain(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Rings of a cup or blotches of water, one, two or three, ever darker."""
    width, height = sheet.size
    pixels = sheet.in_colour().pixels.astype(np.float32)
    ys, xs = np.mgrid[0 : height // 4 + 1, 0 : width // 4 + 1].astype(np.float32) * 4
    water = bool(rng.random() < 0.4)
    tint = np.array((0.75, 0.68, 0.5) if water else (0.62, 0.45, 0.28), np.float32)
    for _ in range((1, 1, 2, 3)[step]):
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        reach = sheet.px(float(rng.uniform(16, 42)))
        wobble = cv2.GaussianBlur(rng.normal(0, 1, (ys.shape)).astype(np.float32), (0, 0), 12) * (
            2.0 if water else 0.3
        )
        away = np.hypot(xs - x, (ys - y) * rng.uniform(0.85, 1.2)) / reach + wobble
        inside = 1 / (1 + np.exp(np.clip((away - 1) * 30, -60, 60)))
        ring = np.exp(-(((away - 0.97) / 0.045) ** 2))
        depth = (0.1, 0.1, 0.2, 0.32)[step]
        cover = np.clip(inside * depth * 0.55 + ring * depth * 1.5, 0, 0.75)
        cover = cv2.resize(cover, (width, height), interpolation=cv2.INTER_LINEAR)[:, :, None]
        pixels *= 1 - cover * (1 - tint)
    return sheet.painted(pixels)


def bleed_through(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """The print of the other side, mirrored, shows with 8, 15 or 25 percent of its ink.

    Raises:
        ValueError: the sheet has no other side.
    """
    if sheet.reverse is None:
        raise ValueError("bleed_through needs a sheet with a reverse")
    width, height = sheet.size
    other = cv2.resize(sheet.reverse[:, ::-1], (width, height), interpolation=cv2.INTER_AREA)
    shift = rng.integers(-sheet.px(2), sheet.px(2) + 1, 2)
    moved = np.array([[1, 0, shift[0]], [0, 1, shift[1]]], np.float32)
    other = cv2.warpAffine(other, moved, (width, height), borderValue=255)
    soft = cv2.GaussianBlur(other, (0, 0), sheet.dpi / 300 * 1.1)
    seen = 1 - (1 - soft.astype(np.float32) / 255) * (0.08, 0.08, 0.15, 0.25)[step]
    if sheet.pixels.ndim == 3:
        seen = seen[:, :, None]
    return sheet.painted(sheet.pixels * seen)
