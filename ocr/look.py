"""What a page's look says, beyond its words: flags, and bits that another scan would repeat."""

from dataclasses import replace

from ocr.flags import DARK
from ocr.imaging.bar_codes import separator_codes
from ocr.imaging.cut_off import is_cut_off
from ocr.imaging.darkness import paper_brightness
from ocr.imaging.handwriting import has_handwriting
from ocr.imaging.page_hash import page_hash
from ocr.imaging.pixels import Grey, Pixels, reduced, upright
from records.values import PageText

_WORKING_DPI = 150
_COARSE_DPI = 50


def with_look(text: PageText, cleaned: Grey, pixels: Pixels, dpi: int) -> PageText:
    """Return a page's text with the flags of its look and its hash; a blank one as it is.

    Args:
        text: the page as read; its rotation and skew say how it is stored.
        cleaned: the page as stored, without borders, shades, seals.
        pixels: the page as stored.
        dpi: resolution of both.
    """
    if "blank" in text.flags:
        return text
    page = reduced(cleaned, dpi, _WORKING_DPI)
    scan = reduced(pixels, dpi, _WORKING_DPI)
    small_dpi = min(dpi, _WORKING_DPI)
    coarse = reduced(scan, small_dpi, _COARSE_DPI)
    coarse_dpi = min(dpi, _COARSE_DPI)
    codes = separator_codes(cleaned, page, scan, dpi)
    separator = codes is not None
    found = {
        "separator": separator,
        "cut_off": not separator and is_cut_off(page, small_dpi),
        "dark": paper_brightness(coarse, coarse_dpi) < DARK,
        "handwriting": has_handwriting(
            upright(page, text.rotation), upright(scan, text.rotation), small_dpi
        ),
    }
    return replace(
        text,
        flags=text.flags + tuple(flag for flag, holds in found.items() if holds),
        look=page_hash(
            reduced(page, small_dpi, _COARSE_DPI), coarse, coarse_dpi, text.rotation, text.skew
        ),
        codes=codes or (),
    )
