"""The other side of a page's sheet: looked at only where something may shine through the page."""

from collections.abc import Iterable

from ocr.imaging.bleed_through import BleedThrough, find_bleed_through, shows_faint_ink
from ocr.imaging.halftone import without_halftone
from ocr.imaging.outline import sheet_outline
from ocr.imaging.pixels import Grey, decode
from ocr.imaging.resolution import believed_dpi
from records.values import PageImage

_SURELY_BORNE_OUT = 0.65  # right sheets have 0.67 and more; below it the next page is tried too


def seen_through(evened: Grey, dpi: int, other_sides: Iterable[PageImage]) -> BleedThrough | None:
    """Return what shines through a page from the first side that surely does, or the best one.

    Args:
        evened: the page, evenly lit.
        dpi: its resolution.
        other_sides: pages that may be the other side of its sheet, likelier ones first. None is
            asked for where the page shows no faint ink.

    Returns:
        None where no page is proven to be the other side.
    """
    if not shows_faint_ink(evened, dpi):
        return None
    best: BleedThrough | None = None
    for image in other_sides:
        stored = decode(image)
        outline = sheet_outline(stored)
        pixels = without_halftone(outline.flat(stored) if outline else stored)
        found = find_bleed_through(evened, dpi, pixels, believed_dpi(pixels, image.dpi))
        if found and (best is None or found.borne_out > best.borne_out):
            best = found
        if best and best.borne_out >= _SURELY_BORNE_OUT:
            break
    return best
