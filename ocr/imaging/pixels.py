"""Arrays of pixels and masks, and how a page's bytes become one."""

from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from records.errors import RejectedInput
from records.values import PageImage

Grey: TypeAlias = npt.NDArray[np.uint8]
"""height x width, 0 black .. 255 white."""
Pixels: TypeAlias = npt.NDArray[np.uint8]
"""height x width, or height x width x 3 (red, green, blue)."""
Mask: TypeAlias = npt.NDArray[np.uint8]
"""height x width, 255 where something is, else 0."""

_COUNTER_CLOCKWISE = {
    90: cv2.ROTATE_90_COUNTERCLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_CLOCKWISE,
}


def decode(image: PageImage) -> Pixels:
    """Return a page's pixels as a read-only array.

    Raises:
        RejectedInput: `page_pixels_wrong`: the bytes are not width x height of that mode.
    """
    channels = {"L": 1, "RGB": 3}.get(image.mode, 0)
    if min(image.width, image.height, channels) < 1 or (
        len(image.pixels) != image.width * image.height * channels
    ):
        raise RejectedInput("page_pixels_wrong", image.page_id)
    shape = (image.height, image.width, channels) if channels > 1 else (image.height, image.width)
    return np.frombuffer(image.pixels, np.uint8).reshape(shape)


def as_grey(array: npt.ArrayLike) -> Grey:
    """Give an OpenCV result back its type."""
    return np.asarray(array, np.uint8)


def as_mask(holds: npt.NDArray[np.bool_]) -> Mask:
    """Turn a condition on pixels into a mask."""
    return holds.astype(np.uint8) * np.uint8(255)


def reduced(pixels: Pixels, dpi: int, working_dpi: int) -> Pixels:
    """Return pixels at a lower resolution, each the mean of those it stands for."""
    scale = min(working_dpi / dpi, 1.0)
    height, width = pixels.shape[:2]
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    return as_grey(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))


def reduced_mask(mask: Mask, dpi: int, working_dpi: int) -> Mask:
    """Return a mask of things at least two working pixels thick at a lower resolution."""
    height, width = mask.shape
    scale = min(working_dpi / dpi, 1.0)
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    return as_grey(cv2.resize(mask, size, interpolation=cv2.INTER_NEAREST))


def turned(grey: Grey) -> Grey:
    """Exchange rows and columns."""
    return as_grey(cv2.transpose(grey))


def upright(pixels: Pixels, rotation: int) -> Pixels:
    """Undo a clockwise turn of 0, 90, 180 or 270 degrees."""
    if rotation == 0:
        return pixels
    return as_grey(cv2.rotate(pixels, _COUNTER_CLOCKWISE[rotation]))


def box_kernel(width: int, height: int) -> Mask:
    """Return a rectangle for morphology; sides of at least one pixel."""
    return as_grey(cv2.getStructuringElement(cv2.MORPH_RECT, (max(width, 1), max(height, 1))))
