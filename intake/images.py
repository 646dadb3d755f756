"""Image files decoded to 8-bit grey or colour. Runs in the decoding child only."""

import io
from typing import Any, cast

from PIL import Image

from intake import tiff_pages
from intake.resolution import plausible
from intake.scan_time import of_image
from records.errors import RejectedInput

_FORMATS = {"tiff": "TIFF", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "heic": "HEIF"}
_MAX_SIDE = 65_535
_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_PHOTOMETRIC, _MIN_IS_WHITE = 262, 0
_SQUARE_WITHIN = 1.1  # fax pages have 204 by 98 dots an inch

Image.MAX_IMAGE_PIXELS = None  # our own limit is checked on every page, before it is loaded


def count(data: bytes, *, media: str, max_pixels: int) -> tuple[dict[str, Any], bytes]:
    """Tell how many images a HEIC file holds."""
    del max_pixels
    with opened(data, media) as image:
        return {"pages": getattr(image, "n_frames", 1)}, b""


def decode(data: bytes, *, media: str, index: int, max_pixels: int) -> tuple[dict[str, Any], bytes]:
    """Decode one page. The camera's orientation is applied: it says how the page was held.

    Raises:
        RejectedInput: `image_truncated`, `image_too_large`, `image_kind_unsupported`,
            `page_not_there`.
    """
    if media == "jpeg" and not jpeg_is_whole(data):
        raise RejectedInput("image_truncated")
    if media == "tiff":
        data = tiff_page(data, index)
    with opened(data, media) as image:
        if media == "heic":
            image.seek(index)
        check_size(image.size, max_pixels)
        try:
            image.load()
        except OSError as error:
            raise RejectedInput(_reason(media, data)) from error
        if media == "jpeg" and _ends_grey(image):
            raise RejectedInput("image_truncated")
        page = to_grey_or_colour(image)
        turned = orientation(image) if media != "tiff" else 1  # Pillow turns TIFFs itself
        across, down = _resolution(image)
        scanned_at = of_image(image)
    if turned in _UPRIGHT:
        page = page.transpose(_UPRIGHT[turned])
        across, down = (down, across) if turned >= 5 else (across, down)
    page = _with_square_pixels(page, across, down, max_pixels)
    dpi = plausible(max(across, down), page.size)
    facts = {"width": page.width, "height": page.height, "mode": page.mode, "dpi": dpi}
    return {**facts, "scanned_at": scanned_at}, page.tobytes()


def check_size(size: tuple[int, int], max_pixels: int) -> None:
    """Refuse a page by the size its header names, before memory is taken for it."""
    if size[0] * size[1] > max_pixels or max(size) > _MAX_SIDE:
        raise RejectedInput("image_too_large")


def to_grey_or_colour(image: Image.Image) -> Image.Image:
    """Return the image in mode L or RGB, as it looks on white paper."""
    if image.mode in ("I", "F") or image.mode.startswith("I;"):
        return _eight_bits(image)
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        return grey_if_equal(Image.alpha_composite(paper, layer).convert("RGB"))
    if image.mode in ("1", "L"):
        return image.convert("L")
    if image.mode == "P":
        return grey_if_equal(image.convert("RGB"))
    if image.mode == "LAB":
        raise RejectedInput("image_kind_unsupported")
    return image.convert("RGB")


def grey_if_equal(image: Image.Image) -> Image.Image:
    """Return an RGB image as L where its three channels are the same."""
    red, green, blue = image.split()
    same = red.tobytes() == green.tobytes() == blue.tobytes()
    return red if same else image


def opened(data: bytes, media: str) -> Image.Image:
    """Open an image file as the kind that triage found it to be, and as no other."""
    if media == "heic":
        import pi_heif  # noqa: PLC0415  (photographs are rare, the library is large)

        pi_heif.register_heif_opener()
    try:
        return Image.open(io.BytesIO(data), formats=[_FORMATS[media]])
    except OSError as error:
        raise RejectedInput("image_damaged") from error


def tiff_page(data: bytes, index: int) -> bytes:
    """Return a TIFF that begins with page `index`; refuse it where strips are missing."""
    offsets = tiff_pages.find_pages(data, index + 1).offsets
    if index >= len(offsets):
        raise RejectedInput("page_not_there")
    if not tiff_pages.is_whole(data, offsets[index]):
        raise RejectedInput("image_truncated")
    return tiff_pages.starting_at(data, offsets[index])


def _reason(media: str, data: bytes) -> str:
    """Tell a cut PNG from a damaged one: a whole one ends with its IEND chunk."""
    if media == "png" and b"IEND" not in data[-64:]:
        return "image_truncated"
    return "image_damaged"


def jpeg_is_whole(data: bytes) -> bool:
    """Tell whether an end marker follows the first scan: Pillow does not ask for it.

    A tail of zeros (an interrupted copy) decodes to a picture without any error.
    """
    scan = data.find(b"\xff\xda")
    return scan >= 0 and data.find(b"\xff\xd9", scan) >= 0


def _ends_grey(image: Image.Image) -> bool:
    """Tell whether the last block row is what libjpeg writes where data is missing: exact 128."""
    strip = image.crop((0, max(image.height - 8, 0), image.width, image.height))
    extrema = strip.getextrema()
    bands = [extrema] if image.mode == "L" else list(extrema)
    return all(band == (128, 128) for band in bands)


def _eight_bits(image: Image.Image) -> Image.Image:
    """Bring deep greys to 8 bits; scanners put 8, 12 or 16 of them into a wider number."""
    if image.mode == "F":
        raise RejectedInput("image_kind_unsupported")
    deep = image.convert("I")
    low, high = cast(tuple[int, int], deep.getextrema())
    depth = next((depth for depth in (8, 12, 16) if high < 1 << depth), None)
    if low < 0 or depth is None:
        raise RejectedInput("image_kind_unsupported")
    scale = 1 / (1 << (depth - 8))
    grey = deep.point(lambda value: value * scale).convert("L")
    tags = getattr(image, "tag_v2", {})
    if tags.get(_PHOTOMETRIC) == _MIN_IS_WHITE:
        return grey.point(lambda value: 255 - value)
    return grey


def orientation(image: Image.Image) -> int:
    """Return how the camera or scanner was held, as EXIF counts it: 1 = upright."""
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except (SyntaxError, ValueError, OSError, TypeError, KeyError, IndexError, OverflowError):
        return 1  # a spoilt tag must not cost the page


def _resolution(image: Image.Image) -> tuple[float, float]:
    try:
        across, down = image.info["dpi"]
        return float(across), float(down)
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return 0.0, 0.0


def _with_square_pixels(
    page: Image.Image, across: float, down: float, max_pixels: int
) -> Image.Image:
    if not (50 <= across <= 1200 and 50 <= down <= 1200):
        return page
    if max(across, down) <= _SQUARE_WITHIN * min(across, down):
        return page
    dense = max(across, down)
    size = (round(page.width * dense / across), round(page.height * dense / down))
    check_size(size, max_pixels)
    return page.resize(size)
