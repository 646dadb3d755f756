"""Whether nothing is on a page: blank is a class of its own, so a faint mark must be seen."""

import cv2
import numpy as np
import numpy.typing as npt

from ocr.imaging.pixels import Grey, Mask, Pixels, as_grey, as_mask, box_kernel, reduced, turned

# Set on 102 blank made sheets (grain, folds, holes, borders, stains, print shown through), 100 of
# them found, and 65 with one faint mark, none called blank; of the test part's worn sheets fewer
# are found (docs/benchmarks/reading.md). Grain of 16 levels in shade is not.
_WORKING_DPI = 75
_MARK_DEPTH = 10  # levels below the paper: a faint pencil stroke has 16, grain and shades up to 9
_FAINT_DEPTH = 5  # levels: print faded to a twentieth has a hundred such marks, grain up to 15
_FAINT_MARKS = 25
_MARK_CHROMA = 8  # levels of colour; a faint red stamp has 10 and more, plain paper 2
_MARK_PIXELS = 6  # at 75 dpi: 2 mm of a pen's stroke
_CERTAINLY_WRITTEN = 60  # marks; folds and dust in pieces are fewer
_MARGIN_INCHES = 0.25  # where the bed was painted over, and dust lines end in a drop
_MARGIN_PARTS = 20  # of a small sheet's shorter side
_SHEET_INCHES = 2.0  # a smaller piece is crossed by strokes as a sheet is by folds
_GRAIN_FACTORS = (3.0, 2.2)  # a mark, a faint one: so many times as deep as the grain round it
_GRAIN_WINDOW_INCHES = 0.8
_COARSE_GRAIN = 3.0  # levels; no faint print could be told from it
_STROKE_GRAIN = 15  # levels; a deeper difference between neighbours is a stroke, not grain
_DESPECKLED_DPI = 250  # from here on a filter of five pixels keeps strokes; below it, of three
_CREASE_SLOPES = np.linspace(-0.08, 0.08, 41)
_CREASE_PERCENT = 90  # a fold runs from side to side, a ruled pen line hardly ever
_CREASE_DEPTH = 2  # levels
_CREASE_WIDTH = 7


def is_blank(evened: Grey, pixels: Pixels, dpi: int) -> bool:
    """Tell whether nothing was written, printed or stamped on a page.

    Looked at is the page on even light, without borders, punch holes and folds, at 75 dpi, where
    the grain of paper and single specks average away and a faint stroke does not. Specks are not
    removed by their size: of a faint small figure only bits are dark, and they would go with them.
    """
    filtered = cv2.medianBlur(evened, 5 if dpi >= _DESPECKLED_DPI else 3)
    small = reduced(as_grey(filtered), dpi, _WORKING_DPI)
    window = 2 * (round(_GRAIN_WINDOW_INCHES * _WORKING_DPI) // 2) + 1
    depth = cv2.medianBlur(small, window).astype(np.float32) - small
    grain = _grain(small)
    marks = depth > np.maximum(_MARK_DEPTH, _GRAIN_FACTORS[0] * grain)
    if pixels.ndim == 3:
        marks |= _coloured(reduced(pixels, dpi, _WORKING_DPI))
    if _count(marks) > _CERTAINLY_WRITTEN:
        return False
    paper = (_creases(small) == 0) & (turned(_creases(turned(small))) == 0)
    faint = depth > np.maximum(_FAINT_DEPTH, _GRAIN_FACTORS[1] * grain)
    faint &= grain < _COARSE_GRAIN
    return _count(marks & paper) == 0 and _count(faint & paper) < _FAINT_MARKS


def _count(marks: npt.NDArray[np.bool_]) -> int:
    """Return how many marks of a stroke's size there are, the sheet's very edge left out."""
    height, width = marks.shape
    margin = min(round(_MARGIN_INCHES * _WORKING_DPI), min(height, width) // _MARGIN_PARTS)
    inner = as_mask(marks[margin : height - margin, margin : width - margin])
    _, _, stats, _ = cv2.connectedComponentsWithStats(inner, connectivity=8)
    return int((stats[1:, cv2.CC_STAT_AREA] >= _MARK_PIXELS).sum())


def _grain(small: Grey) -> npt.NDArray[np.float32]:
    """Return how much neighbouring pixels differ round each place (standard deviation, levels)."""
    window = round(_GRAIN_WINDOW_INCHES * _WORKING_DPI)
    differences = cv2.absdiff(small, cv2.blur(small, (3, 3)))
    capped = np.minimum(differences, _STROKE_GRAIN).astype(np.float32)
    return np.asarray(cv2.blur(capped, (window, window)) / 0.75, np.float32)


def _creases(small: Grey) -> Mask:
    """Return the straight lines that run from side to side: folds, and what dust drew.

    Such a line darkens nearly all of its row, once the page is sheared to its slope; a line of
    print does not.
    """
    height, width = small.shape
    found = np.zeros_like(small)
    if min(height, width) < _SHEET_INCHES * _WORKING_DPI:
        return found
    for slope in _CREASE_SLOPES:
        shear = np.array([[1, 0, 0], [slope, 1, -slope * width / 2]])
        sheared = cv2.warpAffine(small, shear, (width, height), borderMode=cv2.BORDER_REPLICATE)
        levels = as_grey(np.percentile(sheared[:, ::4], _CREASE_PERCENT, axis=1))[:, np.newaxis]
        surroundings = cv2.morphologyEx(levels, cv2.MORPH_CLOSE, box_kernel(1, _CREASE_WIDTH))
        dark = cv2.subtract(surroundings, levels) >= _CREASE_DEPTH
        if dark.any():
            rows = cv2.dilate(as_mask(dark), box_kernel(1, 5))
            lines = np.repeat(rows, width, axis=1)
            back = np.array([[1, 0, 0], [-slope, 1, slope * width / 2]])
            straight = cv2.warpAffine(lines, back, (width, height), flags=cv2.INTER_NEAREST)
            found = as_grey(cv2.bitwise_or(found, straight))
    return found


def _coloured(small: Pixels) -> npt.NDArray[np.bool_]:
    """Return where a page's colour differs from that of the paper round it."""
    _, *chroma = cv2.split(cv2.cvtColor(small, cv2.COLOR_RGB2LAB))
    depths = [cv2.absdiff(channel, cv2.medianBlur(channel, 31)) for channel in chroma]
    return np.asarray(cv2.max(*depths) > _MARK_CHROMA)
