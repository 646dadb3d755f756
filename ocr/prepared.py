"""A page made ready for the engine: upright, straight, about 300 dpi, without ruled lines."""

from dataclasses import dataclass

from ocr.engine import OcrEngine
from ocr.imaging.dashes import without_dashes
from ocr.imaging.ground import Grounds
from ocr.imaging.pixels import Grey, upright
from ocr.imaging.rules import Rules, find_rules, sides_of, without_rules
from ocr.imaging.skew import skew_angle
from ocr.imaging.text_axis import sidewaysness
from ocr.placement import Placement
from ocr.upright import SURELY_READ, confidence_each_way, confidence_of_more

READING_DPI = 300
_KEPT_DPI = (200, 330)  # enlarging 300 dpi to 400 does harm; below 200 strokes run together
_STRIP = 4  # times as wide as high: a cut-out line, too little to tell head from foot
_CLOSE = 0.15  # no further apart, two ways up are told by more lines
_CLEARLY_ONE_WAY = 1.15  # ratio of sidewaysness, or its inverse, that misled on tables only


@dataclass(frozen=True, slots=True)
class Prepared:
    """The image that lines are read from, and where its pixels lie on the upright page."""

    image: Grey
    rules: Rules
    dpi: int
    rotation: int
    placement: Placement


def prepare(cleaned: Grey, grounds: Grounds, dpi: int, rotation: int) -> Prepared:
    """Undo a clockwise turn, straighten, scale to reading resolution, paint the rules out.

    Args:
        cleaned: the page, dark print on white.
        grounds: of the page; the sides of those that bore light print are rules.
        dpi: of the page.
        rotation: the page's clockwise turn.
    """
    page = upright(cleaned, rotation)
    scaled = not _KEPT_DPI[0] <= dpi <= _KEPT_DPI[1]
    placement = Placement(
        width=page.shape[1],
        height=page.shape[0],
        skew=skew_angle(page, dpi),
        scale=READING_DPI / dpi if scaled else 1.0,
    )
    reading_dpi = READING_DPI if scaled else dpi
    straight = placement.prepare(page)
    known = None
    if grounds.printed.any():
        printed = placement.prepare_mask(upright(grounds.printed, rotation))
        known = sides_of(printed, reading_dpi)
    rules = find_rules(straight, reading_dpi, known)
    image = without_dashes(without_rules(straight, rules, reading_dpi), reading_dpi)
    return Prepared(image, rules, reading_dpi, rotation, placement)


def prepare_upright(cleaned: Grey, grounds: Grounds, dpi: int, engine: OcrEngine) -> Prepared:
    """Find which way up a page is and prepare it so.

    The layout of its ink tells lines that run across from lines that run up; a few lines read by
    the engine tell head from foot. Where the layout is not clear, or what it said is read badly,
    both axes are read; where two ways up are read about as badly, more lines of each.
    """
    height, width = cleaned.shape
    if width > _STRIP * height:
        return prepare(cleaned, grounds, dpi, 0)
    sideways = sidewaysness(cleaned, dpi)
    axes = (90, 0) if sideways > 1 else (0, 90)
    clear = max(sideways, 1 / sideways) >= _CLEARLY_ONE_WAY
    tried: list[tuple[float, int, Prepared]] = []
    for rotation in axes:
        if clear and tried and max(tried, key=_sureness)[0] >= SURELY_READ:
            break
        page = prepare(cleaned, grounds, dpi, rotation)
        ways = confidence_each_way(page.image, page.dpi, engine)
        tried += [(confidence, way, page) for way, confidence in ways]
    if not tried:
        return prepare(cleaned, grounds, dpi, 0)
    surest, way, page = max(tried, key=_sureness)
    close = [one for one in tried if one[0] > surest - _CLOSE]
    if surest < SURELY_READ and len(close) > 1:
        again = [(confidence_of_more(p.image, p.dpi, w, engine), w, p) for _, w, p in close]
        _, way, page = max(again, key=_sureness)
    return prepare(cleaned, grounds, dpi, page.rotation + way) if way else page


def _sureness(tried: tuple[float, int, Prepared]) -> float:
    return tried[0]
