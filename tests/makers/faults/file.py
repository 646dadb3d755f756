"""What a file does to a picture: two tones, JPEG, fax lines, a wrong resolution, a turn."""

from io import BytesIO
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from tests.makers.sheet import Fault, Projection, Rng, Sheet


def jpeg(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Pass through JPEG of quality about 82, 58 or 32."""
    quality = (88, 82, 58, 32)[step] + int(rng.integers(-5, 6))
    held = BytesIO()
    Image.fromarray(sheet.pixels).save(held, "JPEG", quality=quality)
    return sheet.painted(np.asarray(Image.open(held)))


def bilevel(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Cut to black and white, as G4 files hold; stored in grey values 0 and 255."""
    grey: npt.NDArray[Any] = sheet.pixels
    if grey.ndim == 3:
        grey = cv2.cvtColor(grey, cv2.COLOR_RGB2GRAY)
    cut = (176, 176, 166, 150)[step] + int(rng.integers(-8, 9))
    return sheet.painted(np.where(grey > cut, 255, 0))


def turn(degrees: int) -> Fault:
    """Store the page turned clockwise."""

    def turned(sheet: Sheet, rng: Rng, step: int) -> Sheet:
        del rng, step
        pixels = np.rot90(sheet.pixels, k=-degrees // 90)
        return sheet.painted(np.ascontiguousarray(pixels), rotation=degrees)

    return turned


def halftone(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Cut to black and white with greys as patterns of dots, as a scanner's photo mode does."""
    del rng
    grey = sheet.in_grey().astype(np.float32) * (0.985, 0.985, 0.95, 0.9)[step]
    pattern = np.array([[0]])
    for _ in range(3):
        pattern = np.block([[4 * pattern, 4 * pattern + 2], [4 * pattern + 3, 4 * pattern + 1]])
    limits = (pattern + 0.5) * 256 / 64
    height, width = grey.shape
    tiled = np.tile(limits, (height // 8 + 1, width // 8 + 1))[:height, :width]
    return sheet.painted(np.where(grey > tiled, 255, 0))


def g4(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Cut to black and white with strokes grown thick or worn thin, as badly set scanners do."""
    grey = cv2.GaussianBlur(sheet.in_grey(), (0, 0), 0.6)
    thick = rng.random() < 0.5
    size = sheet.dpi / 300
    if thick:
        reach = round((1.4, 1.4, 2.2, 3.0)[step] * size)
        grey = cv2.erode(grey, np.ones((reach, reach), np.uint8)) if reach > 1 else grey
        cut = (185, 185, 195, 205)[step]
    else:
        reach = round((1, 1, 1, 2)[step] * size)
        grey = cv2.dilate(grey, np.ones((reach, reach), np.uint8)) if reach > 1 else grey
        cut = (160, 160, 128, 160)[step]
    return sheet.painted(np.where(grey > cut, 255, 0))


def fax(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Send by fax: two tones, 204×196 lines an inch, from medium on 204×98 with each line twice.

    Severe loses and repeats lines. From medium on it is `low_resolution`.
    """
    width, height = sheet.size
    across, down = 204 / sheet.dpi, (196, 196, 98, 98)[step] / sheet.dpi
    size = (round(width * across), round(height * down))
    lines = cv2.resize(sheet.in_grey(), size, interpolation=cv2.INTER_AREA)
    lines = np.where(lines > 188, 255, 0).astype(np.uint8)
    if step == 3:
        for row in rng.integers(2, size[1], size[1] // 120):
            lines[row] = lines[row - 1] if rng.random() < 0.7 else 255 * (rng.random() < 0.8)
    if step >= 2:
        lines = np.repeat(lines, 2, axis=0)
    scale = np.diag((lines.shape[1] / width, lines.shape[0] / height, 1.0))
    sent = sheet.moved(lines, Projection(scale), dpi=200, tag=200)
    return sent.flagged("low_resolution") if step >= 2 else sent


def wrong_dpi(sheet: Sheet, rng: Rng, step: int) -> Sheet:
    """Say 600 or 72 dpi in the file, or nothing."""
    tag = (None, 72, 600)[int(rng.integers(1 if step < 2 else 3))]
    return sheet.painted(sheet.pixels, tag=tag)
