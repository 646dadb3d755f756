"""An image as received becomes a page of a PDF. Runs in the decoding child only."""

import io
from typing import Any

from PIL import Image

from intake import images, one_page
from records.errors import RejectedInput

_ROWS_PER_STRIP = 278


def page(
    data: bytes, *, media: str, index: int, width: int, height: int, dpi: int, max_pixels: int
) -> tuple[dict[str, Any], bytes]:
    """Put one image on a sheet of its own size, its data as they are wherever a PDF can hold them.

    A multi-strip G4 page is packed anew as one strip, any other image that PDF does not know
    (HEIC, WebP, LZW, …) as PNG is: without loss.

    Args:
        data: the received file.
        media: its kind.
        index: which of its pages.
        width: pixels, as reading saw the page.
        height: pixels.
        dpi: the resolution believed in.
        max_pixels: of the page.

    Raises:
        RejectedInput: `image_truncated`, `image_too_large`, `image_damaged`, …
    """
    if media == "jpeg" and not images.jpeg_is_whole(data):
        raise RejectedInput("image_truncated")
    if media == "tiff":
        data = images.tiff_page(data, index)
    with images.opened(data, media) as image:
        if media == "heic":
            image.seek(index)
        images.check_size(image.size, max_pixels)
        orientation = images.orientation(image)
        size = (width * 72 / dpi, height * 72 / dpi)
        pdf, conforming = _as_it_is(image, data, media, size, orientation) or (
            one_page.with_picture(_packed_anew(image), size, 1 if media == "tiff" else orientation)
        )  # Pillow has turned a TIFF
    return {"how": "image", "conforming": conforming}, pdf


def _as_it_is(
    image: Image.Image, data: bytes, media: str, size: tuple[float, float], orientation: int
) -> tuple[bytes, bool] | None:
    """Lay the file's own data on a sheet; None where a PDF cannot hold them."""
    is_jpeg = media == "jpeg" and _is_baseline_or_progressive(data)
    is_bilevel_tiff = media == "tiff" and image.mode == "1" and orientation == 1
    if not (is_jpeg or is_bilevel_tiff or media == "png"):
        return None
    try:
        return one_page.with_picture(data, size, orientation)
    except Exception:  # noqa: BLE001  (img2pdf stumbles over tags and profiles that do not matter)
        if is_jpeg and image.mode in ("L", "RGB"):
            return one_page.with_jpeg(data, image.size, image.mode == "L", size, orientation)
        return None


def _packed_anew(image: Image.Image) -> bytes:
    image.load()
    kept = image if image.mode == "1" else images.to_grey_or_colour(image)
    return as_file(Image.frombytes(kept.mode, kept.size, kept.tobytes()))  # no tags, no profile


def as_file(image: Image.Image) -> bytes:
    """Return pixels as a file that goes into a PDF without loss: G4 for two tones, else PNG."""
    target = io.BytesIO()
    if image.mode == "1":
        one_strip = {_ROWS_PER_STRIP: image.height}
        image.save(target, "TIFF", compression="group4", tiffinfo=one_strip)
    else:
        image.save(target, "PNG")
    return target.getvalue()


def _is_baseline_or_progressive(data: bytes) -> bool:
    """Tell whether a JPEG is of the kinds that PDF readers decode: Huffman codes, 8 bits."""
    at = 2
    while at + 5 < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return marker in (0xC0, 0xC1, 0xC2) and data[at + 4] == 8
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return False
