"""One page image becomes text: the order of the steps."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import cv2

from ocr.engine import OcrEngine
from ocr.flags import flags_of_look, flags_of_turn
from ocr.imaging.blank import is_blank
from ocr.imaging.borders import without_borders
from ocr.imaging.colour import grey_without_seals
from ocr.imaging.depth import deepened, print_depth
from ocr.imaging.dots import joined_dots
from ocr.imaging.ground import Grounds, find_grounds, with_dark_print, without_shades
from ocr.imaging.halftone import without_halftone
from ocr.imaging.ink import ink_mask
from ocr.imaging.light import even_light
from ocr.imaging.outline import Outline, sheet_outline
from ocr.imaging.pixels import Grey, Pixels, decode, upright
from ocr.imaging.resolution import believed_dpi
from ocr.imaging.sharpness import sharpness
from ocr.imaging.specks import without_dust_lines, without_specks
from ocr.imaging.thumbnail import thumbnail
from ocr.layout.page_lines import page_lines
from ocr.look import with_look
from ocr.memory import keep_freed_memory
from ocr.other_side import seen_through
from ocr.pdf_text import TEXT_LAYER_ENGINE, text_layer
from ocr.prepared import prepare_upright
from records.codec import canonical
from records.errors import RejectedInput
from records.values import PageImage, PageText, Word

READING_VERSION = "16"
"""Changes whenever the same pixels could give another text."""

_HARDLY_A_LETTER = 0.3  # of a word's letters, confidence on average; less is grain and strokes
_GRAIN = ".,'`\"·:;"  # what specks are read as; no line says only that


@dataclass(frozen=True, slots=True)
class Reading:
    """What one page says, and a small upright picture of it (WebP, at most 360 pixels wide)."""

    text: PageText
    thumbnail: bytes


def read_page(
    image: PageImage, engine: OcrEngine, other_sides: Iterable[PageImage] = ()
) -> Reading:
    """Read one page; its pixels are not changed.

    `other_sides` are pages that may be the other side of its sheet, likelier ones first; one is
    asked for only where the page shows faint ink. What the other side explains is taken out
    before the page is read, and before it is told whether anything is on it.

    Boxes are in pixels of the upright page at its own resolution. `skew` is clockwise, `dpi` is
    the one believed in, `sharpness` is the share of an edge's contrast crossed within one pixel
    (1.0 = a perfect step). A page read from its PDF's text layer has no confidence: nothing
    scored it. A blank page is not recognised.

    Raises:
        RejectedInput: `page_pixels_wrong`, `page_too_slow`, `page_not_recognised`.
        TransientError: `ocr_engine_killed`.
    """
    cv2.setNumThreads(1)
    keep_freed_memory()
    stored = decode(image)
    outline = sheet_outline(stored)
    pixels = outline.flat(stored) if outline else stored
    pixels = without_halftone(pixels)
    dpi = believed_dpi(pixels, image.dpi)
    evened, grounds = _evened(pixels, dpi)
    blank, through = is_blank(evened, pixels, dpi), None
    if not blank and (through := seen_through(evened, dpi, other_sides)):
        evened = through.cleaned
        blank = is_blank(evened, pixels, dpi, through.shown)
    whole = joined_dots(without_shades(evened, grounds.shaded, dpi), dpi)
    page = without_specks(deepened(whole, dpi), dpi)
    text = _unread(image, page, print_depth(whole, dpi), dpi, engine)
    try:
        if blank:
            text = replace(text, flags=("blank",))
        elif not outline and (lines := text_layer(image, page, dpi, engine)):
            text = replace(text, lines=lines, source="text_layer", engine=TEXT_LAYER_ENGINE)
        else:
            text = _recognised(text, page, grounds, dpi, engine, outline)
    except RejectedInput as error:
        raise RejectedInput(error.code, image.page_id) from error
    text = with_look(text, page, pixels, dpi)
    if through:
        flags = (*text.flags, "bleed_through")
        text = replace(text, flags=flags, bleed_through=through.share)
    return Reading(text, thumbnail(upright(stored, text.rotation)))


def _evened(pixels: Pixels, dpi: int) -> tuple[Grey, Grounds]:
    """Return the page as black on white: no seals, borders, dust lines, shades, light print.

    Returns:
        The page, and the grounds it had.
    """
    grey = grey_without_seals(pixels)
    grey = without_borders(without_dust_lines(grey, dpi), dpi)
    grounds = find_grounds(grey, dpi)
    grey = with_dark_print(grey, grounds.printed, dpi)
    return even_light(grey, dpi), grounds


def _unread(image: PageImage, page: Grey, depth: float, dpi: int, engine: OcrEngine) -> PageText:
    """Return what can be said of a page's look, before a word is read; `depth` is its print's."""
    ink = ink_mask(page)
    crispness = sharpness(page, ink)
    return PageText(
        page_id=image.page_id,
        width=image.width,
        height=image.height,
        dpi=dpi,
        rotation=0,
        skew=0.0,
        lines=(),
        flags=flags_of_look(dpi, crispness, depth),
        ink=round(cv2.countNonZero(ink) / ink.size, 6),
        sharpness=None if crispness is None else round(crispness, 4),
        source="none",
        engine=engine.version,
        settings_digest=settings_digest(engine),
    )


def _recognised(
    unread: PageText,
    page: Grey,
    grounds: Grounds,
    dpi: int,
    engine: OcrEngine,
    outline: Outline | None,
) -> PageText:
    """Return a page's text as the engine reads it, upright, straight and without rules."""
    prepared = prepare_upright(page, grounds, dpi, engine)
    shaded = prepared.placement.prepare_mask(upright(grounds.shaded, prepared.rotation))
    cut = page_lines(prepared.image, prepared.rules, shaded, prepared.dpi)
    read = engine.recognise(cut.images, prepared.dpi)
    legible = cut.in_order([_legible(words) for words in read])
    lines = tuple(prepared.placement.on_page(legible))
    if outline:
        lines = outline.on_picture(lines, prepared.rotation)
    sideways = prepared.rotation in {90, 270}
    return replace(
        unread,
        width=unread.height if sideways else unread.width,
        height=unread.width if sideways else unread.height,
        rotation=prepared.rotation,
        skew=prepared.placement.skew,
        lines=lines,
        flags=flags_of_turn(prepared.rotation) + unread.flags,
        confidence=_mean_confidence(read),
        source="ocr",
    )


def _legible(words: Sequence[Word]) -> list[Word]:
    """Return what an image says: nothing where grain, stains and strokes were read as letters."""
    kept = [word for word in words if _is_legible(word)]
    said = "".join(word.text for word in kept)
    return kept if said.strip(_GRAIN) else []


def _is_legible(word: Word) -> bool:
    """Tell whether a word's letters are likely enough, all together."""
    return word.confidence is None or word.confidence >= _HARDLY_A_LETTER ** len(word.text)


def _mean_confidence(read: Sequence[Sequence[Word]]) -> float | None:
    scores = [w.confidence for words in read for w in words if w.confidence is not None]
    return round(sum(scores) / len(scores), 4) if scores else None


def settings_digest(engine: OcrEngine) -> str:
    """Return the digest of all that decides a reading besides the pixels."""
    parts = [READING_VERSION, TEXT_LAYER_ENGINE, engine.name, engine.version, engine.languages]
    return hashlib.sha256(canonical(parts)).hexdigest()
