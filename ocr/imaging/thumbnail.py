"""A small picture of a page for people who decide about it."""

import cv2

from ocr.imaging.pixels import Pixels

_WIDEST = 360
_QUALITY = 60


def thumbnail(pixels: Pixels) -> bytes:
    """Return an upright page's original look as WebP, at most 360 pixels wide."""
    height, width = pixels.shape[:2]
    scale = min(_WIDEST / width, 1.0)
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    if small.ndim == 3:
        small = cv2.cvtColor(small, cv2.COLOR_RGB2BGR)
    _, encoded = cv2.imencode(".webp", small, [cv2.IMWRITE_WEBP_QUALITY, _QUALITY])
    return encoded.tobytes()
