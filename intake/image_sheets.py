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
        picture = _as_it_is(image, data, media, orientation) or _packed_anew(image)
    if media == "tiff":
        orientation = 1  # Pillow has turned it
    size = (width * 72 / dpi, height * 72 / dpi)
    pdf, conforming = one_page.with_picture(picture, size, orientation)
    return {"how": "image", "conforming": conforming}, pdf


def _as_it_is(image: Image.Image, data: bytes, media: str, orientation: int) -> bytes | None:
    """Return the file where img2pdf takes it as it is, else None."""
    if media == "jpeg":
        return data if _is_baseline_or_progressive(data) else None
    if media == "png":
        return data
    if media == "tiff" and image.mode == "1" and orientation == 1:
        return data
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
