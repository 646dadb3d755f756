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
