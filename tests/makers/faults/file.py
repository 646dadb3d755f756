"""What a file does to a picture: two tones, JPEG, fax lines, a wrong resolution, a turn."""

from io import BytesIO
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from tests.makers.sheet import Fault, Rng, Sheet


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
