"""PDF pages, counted and rendered by pdfium. Runs in the decoding child only."""

import math
from itertools import islice
from typing import Any

import pypdfium2 as pdfium
from PIL import Image
from pypdfium2 import raw

from intake.images import check_size, grey_if_equal, jpeg_is_whole
from intake.resolution import plausible
from intake.scan_time import of_pdf
from records.errors import RejectedInput

_DPI = 300  # of pages that are drawn, not photographed
_HIGHEST_DPI = 400
_LOWEST_DPI = 72
_FULL_PAGE = 0.8  # share of the page that a scan covers
_OBJECTS = 2_000  # enough to tell a scan from a drawn page


def count(data: bytes, *, max_pixels: int) -> tuple[dict[str, Any], bytes]:
    """Tell how many pages a PDF has.

    Raises:
        RejectedInput: `pdf_encrypted`, `pdf_damaged`.
    """
    del max_pixels
    with opened(data) as document:
        return {"pages": len(document)}, b""


def render(data: bytes, *, index: int, max_pixels: int) -> tuple[dict[str, Any], bytes]:
    """Render one page as it is shown, form values and annotations included.

    A scanned page keeps its own resolution up to 400 dpi; any other is drawn at 300 dpi.
    A page too large for `max_pixels` is drawn smaller.

    Raises:
        RejectedInput: `pdf_page_damaged`, `image_truncated`, `image_too_large`, …
    """
    with opened(data) as document:
        if index >= len(document):
            raise RejectedInput("page_not_there")
        document.init_forms()
        try:
            page = document[index]
        except pdfium.PdfiumError as error:
            raise RejectedInput("pdf_page_damaged") from error
        width, height = page.get_size()
        if not (0 < width < math.inf and 0 < height < math.inf):
            raise RejectedInput("pdf_page_damaged")
        dpi = min(_wanted_dpi(page), _affordable_dpi(width, height, max_pixels))
        if dpi < _LOWEST_DPI / 2:
            raise RejectedInput("image_too_large")
        # pdfium rounds up: 1654.0000001 pixels of a scan would become 1655.
        scale = dpi / 72 * (1 - 1e-6)
        check_size((math.ceil(width * scale), math.ceil(height * scale)), max_pixels)
        scanned_at = of_pdf(document)
        shown = page.render(scale=scale, rev_byteorder=True).to_pil().convert("RGB")
        image = grey_if_equal(shown)
        if _is_uniform(image):
            _check_images(page, dark=image.getpixel((0, 0)) == 0)
    facts = {"width": image.width, "height": image.height, "mode": image.mode}
    facts |= {"dpi": plausible(dpi, image.size), "scanned_at": scanned_at}
    return facts, image.tobytes()


def opened(data: bytes) -> pdfium.PdfDocument:
    """Open a PDF; what is locked or damaged is refused."""
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        locked = error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        raise RejectedInput("pdf_encrypted" if locked else "pdf_damaged") from error


def _affordable_dpi(width: float, height: float, max_pixels: int) -> float:
    return 0.999 * 72 * math.sqrt(max_pixels / (width * height))


def _wanted_dpi(page: pdfium.PdfPage) -> float:
    """Return the resolution at which nothing of the page is lost."""
    area = page.get_width() * page.get_height()
    scanned = 0.0
    drawn = False
    for item in islice(page.get_objects(), _OBJECTS):
        if item.type == raw.FPDF_PAGEOBJ_IMAGE:
            scanned = max(scanned, _scan_dpi(item, area))
        elif not _is_unseen(item):
            drawn = True
    if not scanned:
        return _DPI
    return min(max(scanned, _DPI if drawn else _LOWEST_DPI), _HIGHEST_DPI)


def _scan_dpi(item: pdfium.PdfImage, page_area: float) -> float:
    """Return an image's resolution where it covers the page, else 0; refuse it where it is cut."""
    a, b, c, d, _, _ = item.get_matrix().get()
    across, down = math.hypot(a, b), math.hypot(c, d)  # points
    if across * down < _FULL_PAGE * page_area or not across or not down:
        return 0.0
    if item.get_filters() == ["DCTDecode"] and not jpeg_is_whole(bytes(item.get_data())):
        raise RejectedInput("image_truncated")
    pixels_across, pixels_down = item.get_px_size()
    return float(72 * max(pixels_across / across, pixels_down / down))


def _is_unseen(item: pdfium.PdfObject) -> bool:
    """Tell whether an object is the invisible text that scanning programs lay under a page."""
    if item.type != raw.FPDF_PAGEOBJ_TEXT:
        return False
    mode: int = raw.FPDFTextObj_GetTextRenderMode(item)
    return mode == int(raw.FPDF_TEXTRENDERMODE_INVISIBLE)


def _is_uniform(image: Image.Image) -> bool:
    return image.mode == "L" and len(set(image.getextrema())) == 1


def _check_images(page: pdfium.PdfPage, dark: bool) -> None:
    """Refuse a page that is empty only because its images cannot be decoded.

    pdfium leaves such an image out, or paints it black and calls it good.
    """
    for item in islice(page.get_objects(), _OBJECTS):
        if item.type == raw.FPDF_PAGEOBJ_IMAGE:
            if dark:
                raise RejectedInput("image_damaged")
            try:
                item.get_bitmap()
            except pdfium.PdfiumError as error:
                raise RejectedInput("image_damaged") from error
