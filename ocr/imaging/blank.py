"""Whether nothing is on a page: blank is a class of its own, so a faint mark must be seen."""

import cv2
import numpy as np
import numpy.typing as npt

from ocr.imaging.clusters import have_cluster
from ocr.imaging.pen_dots import SMEARED_PIXELS, find_specks
from ocr.imaging.pixels import Grey, Mask, Pixels, as_grey, as_mask, box_kernel, reduced
from ocr.imaging.rings import find_rings
from ocr.imaging.spine import spine_shade
from ocr.imaging.stains import StainTest
from ocr.imaging.streaks import streaks
from ocr.imaging.strokes import Depth, grain_of, stroke_depth, stroke_noise
from ocr.imaging.two_tones import has_two_tones

# Set on made sheets of the tuning part, blank ones (grain, folds, holes, borders, stains, streaks,
# print shown through) and ones with one faint mark; docs/benchmarks/reading.md has what they miss.
_WORKING_DPI = 100
_FINE_DPI = 150  # at which edges and colours are looked at
_PAPER_INCHES = 0.8
_CAPPED = 70  # levels: so that a speck does not outweigh the faint stroke it lies beside
_MARK_DEPTH, _MARK_GRAINS = 12.0, 4.2  # levels, and times the grain: the faintest print has 13
_MARK_NOISE = 8.5  # times what strokes of grain differ by: the deepest of a page has 8
_AROUND_DEPTH, _AROUND_NOISE = 6.0, 6.0  # what is deeper belongs to the mark it touches
_FAINT_PIXELS = 20  # of a mark that is nowhere surely one: 5 mm of a stroke
_LINE_RUN_INCHES = 0.3  # of a streak's pixels in a row, the way it runs
_LINE_PERCENT = 75  # a streak is missing in places, and taken for longer than it is
_LINE_TIMES = 1.5  # times its depth, and a mark's: no streak is anywhere so deep
_NO_GRAIN = 0.3  # levels: two tones; screened ones keep few of a faint stroke's dots
_MARK_WITHOUT_GRAIN = 10.5
_LEAST_PIXELS, _SURE_PIXELS = 3, 2
_MARGIN_INCHES = 0.25  # where the bed was painted over, and dust lines end in a drop
_MARGIN_PARTS = 20  # of a small sheet's shorter side
_BESIDE_INCHES = 0.08
_REST_DEPTH = 30  # levels, of what shone through and was taken away
_REST_REACH_INCHES = 0.005
_REST_WIDE_INCHES = 0.03  # less than a ring of a stain is
_GLANCE_DPI = 75
_BLACK, _HIDDEN = 64, 0.25  # level, and how much of a page: a bed beside a sheet covers less
_STROKE_SQUARE_MM = 0.7  # 2 mm of a pen
_STROKES_OF_A_PAGE = 150  # specks, folds and streaks in pieces make fewer
_MARK_CHROMA = 8.0  # levels of colour; a faint red stamp has 10 and more, plain paper 2
_CHROMA_SQUARE_MM = 0.7
_CHROMA_WINDOW_INCHES = 0.4


def is_blank(evened: Grey, pixels: Pixels, dpi: int, shown: Mask | None = None) -> bool:
    """Tell whether nothing was written, printed or stamped on a page.

    Specks are told from dots by their size, streaks and folds from strokes by running straight
    and far along the sheet, stains by having no edge. Whatever else is deeper than the grain is
    a mark, and one is enough.

    Args:
        evened: the page on even light, without seals, borders and punch holes.
        pixels: the same page as it is, for its colours.
        dpi: of both.
        shown: where the other side's print was taken away; what is left of it there is no mark.
    """
    if _is_hidden(pixels, dpi):
        return False
    if shown is not None:
        evened = _without_rests(evened, shown, dpi)
    if _is_written(reduced(evened, dpi, _GLANCE_DPI), min(dpi, _GLANCE_DPI), dpi):
        return False
    two_tones = None
    if pixels.ndim == 2 and has_two_tones(pixels):
        rings = find_rings(pixels, dpi)
        evened, two_tones = evened | rings, pixels | rings
    if pixels.ndim == 3 and _has_coloured_mark(pixels, dpi):
        return False
    return not _has_dark_mark(evened, dpi, two_tones)


def _is_hidden(pixels: Pixels, dpi: int) -> bool:
    """Tell whether so much of a sheet is black that nobody can say what is on it."""
    small = reduced(pixels, dpi, _GLANCE_DPI)
    grey = small if small.ndim == 2 else small.max(axis=2)
    return bool((grey < _BLACK).mean() > _HIDDEN)


def _without_rests(evened: Grey, shown: Mask, dpi: int) -> Grey:
    """Return a page with what is left of the other side's print painted like what is round it.

    A mark across it is deeper, or goes on beside it; a stain goes on there too.
    """
    reach = 2 * round(_REST_REACH_INCHES * dpi) + 1
    near = cv2.dilate(shown, box_kernel(reach, reach)) > 0
    side = 2 * round(_REST_WIDE_INCHES * dpi / 2) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    around = as_grey(cv2.morphologyEx(cv2.medianBlur(evened, 3), cv2.MORPH_CLOSE, disc))
    seen = cv2.blur(evened, (max(dpi // _WORKING_DPI, 1),) * 2)
    return np.where(near & (cv2.subtract(around, as_grey(seen)) < _REST_DEPTH), around, evened)


def _is_written(small: Grey, dpi: int, scanned_dpi: int) -> bool:
    """Tell at a glance whether there are so many strokes that none need be told from wear."""
    depth = cv2.medianBlur(small, _odd(_PAPER_INCHES * dpi)).astype(np.float32) - small
    deep = depth > np.maximum(_MARK_DEPTH, _MARK_GRAINS * grain_of(depth, dpi))
    _, _, stats, _ = cv2.connectedComponentsWithStats(as_mask(deep & _inner(small, dpi)))
    a_speck = SMEARED_PIXELS * (dpi / scanned_dpi) ** 2
    least = max(_STROKE_SQUARE_MM * (dpi / 25.4) ** 2, a_speck)
    return int((stats[1:, cv2.CC_STAT_AREA] >= least).sum()) > _STROKES_OF_A_PAGE


def _has_dark_mark(evened: Grey, dpi: int, two_tones: Grey | None) -> bool:
    """Tell whether there is a mark that is darker than the paper.

    Args:
        evened: the page on even light.
        dpi: of the page.
        two_tones: the page as it is, if it is black and white; its lines are still whole.
    """
    working = min(dpi, _WORKING_DPI)
    small = reduced(evened, dpi, _WORKING_DPI)
    paper = cv2.medianBlur(small, _odd(_PAPER_INCHES * working))
    shade, beyond = spine_shade(paper.astype(np.float32) - small, working)
    paper = cv2.subtract(paper, as_grey(shade))
    paper = cv2.resize(paper, evened.shape[::-1], interpolation=cv2.INTER_LINEAR)
    below = as_grey(cv2.subtract(paper, evened))
    full = below.astype(np.int16) - cv2.subtract(evened, as_grey(paper))
    specked = _reduced_depth(np.clip(full, -_CAPPED, _CAPPED), dpi, _WORKING_DPI)
    found = find_specks(below, dpi, float(np.median(grain_of(specked, working))))
    full[found.specks > 0] = 0
    depth = _reduced_depth(np.clip(full, -_CAPPED, _CAPPED), dpi, _WORKING_DPI)
    grain = grain_of(depth, working)
    # Two tones leave dashes of a line, as small as specks: the line is looked for with them.
    lined, dotted = specked, two_tones is not None
    if two_tones is not None:
        lined = _reduced_depth(np.minimum(~two_tones, _CAPPED), dpi, _WORKING_DPI)
    lines, prolonged = streaks(lined, working, dotted=dotted)
    inner = _inner(depth, working) & ~beyond

    off_lines = lines == 0
    dots = found.of_a_pen
    at = _at(found.dots[dots], dpi, depth)
    if (inner[at] & (found.thick[dots] | off_lines[at])).any():
        return True
    side = 2 * round(_BESIDE_INCHES * working) + 1
    flank = box_kernel(side, side)
    if dotted:
        at = _at(found.middles, dpi, depth)
        lone = inner[at] & (cv2.dilate(lines, flank)[at] == 0)
        if have_cluster(found.middles[lone], evened.shape, dpi):
            return True

    strokes = stroke_depth(depth, working)
    noise = stroke_noise(strokes, working)
    crossing = _deeper_than_lines(strokes, specked, lines, working, dotted=dotted)
    lines[crossing] = prolonged[crossing] = 0
    open_paper = inner & (lines == 0)
    sure = (strokes > np.maximum(_MARK_DEPTH, _MARK_NOISE * noise)) & open_paper
    far = cv2.dilate(prolonged, flank) == 0  # from a streak, faint too
    if float(np.median(grain)) < _NO_GRAIN:
        sure |= (strokes > np.maximum(_MARK_WITHOUT_GRAIN, _MARK_NOISE * noise)) & inner & far
    around = (strokes > np.maximum(_AROUND_DEPTH, _AROUND_NOISE * noise)) & open_paper
    fine = _reduced_depth(full, dpi, _FINE_DPI)
    stains = StainTest(fine, min(dpi, _FINE_DPI), lines)
    return _has_mark(sure, around, around & far, stains, prolonged)


def _at(
    places: npt.NDArray[np.intp], dpi: int, working: Depth
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return rows and columns, at working resolution, of places on a page."""
    height, width = working.shape
    columns, rows = (places * min(dpi, _WORKING_DPI) // dpi).clip(0, (width - 1, height - 1)).T
    return rows, columns


def _deeper_than_lines(
    strokes: Depth, depth: Depth, lines: Mask, dpi: int, *, dotted: bool
) -> npt.NDArray[np.bool_]:
    """Return where streaks are far deeper than they mostly are: there a mark lies along one.

    Of a `dotted` one only the dots are looked at.
    """
    deepest = np.zeros(lines.shape, np.float32)
    run = round(_LINE_RUN_INCHES * dpi)
    for axis, kernel in enumerate((box_kernel(run, 1), box_kernel(1, run))):
        one_way = cv2.morphologyEx(lines, cv2.MORPH_OPEN, kernel)
        _, labels, stats, _ = cv2.connectedComponentsWithStats(one_way, connectivity=8)
        for line, (left, top, width, height) in enumerate(stats[1:, :4].tolist(), start=1):
            window = np.s_[top : top + height, left : left + width]
            own = labels[window] == line
            along = np.where(own, depth[window], np.float32(0)).max(axis=axis)
            seen = along[along > 0] if dotted and along.any() else along
            usual = np.percentile(seen, _LINE_PERCENT)
            deepest[window][own] = np.maximum(
                deepest[window][own], _LINE_TIMES * usual + _MARK_DEPTH
            )
    return np.asarray((deepest > 0) & (strokes > deepest))


def _has_coloured_mark(pixels: Pixels, dpi: int) -> bool:
    """Tell whether a page's colour differs somewhere from that of the paper round it."""
    fine = min(dpi, _FINE_DPI)
    small = reduced(pixels, dpi, _FINE_DPI)
    _, *chroma = cv2.split(cv2.cvtColor(small, cv2.COLOR_RGB2LAB))
    window = _odd(_CHROMA_WINDOW_INCHES * fine)
    apart = [cv2.absdiff(channel, cv2.medianBlur(channel, window)) for channel in chroma]
    colour = cv2.max(*apart).astype(np.float32)
    working = _reduced_depth(colour, fine, _GLANCE_DPI)
    inner = _inner(working, min(fine, _GLANCE_DPI))
    deep = np.asarray((working > _MARK_CHROMA) & inner)
    least = round(_CHROMA_SQUARE_MM * (min(fine, _GLANCE_DPI) / 25.4) ** 2)
    nowhere = np.zeros(deep.shape, np.uint8)
    return _has_mark(deep, deep, deep, StainTest(colour, fine, nowhere), nowhere, least)


def _has_mark(
    sure: npt.NDArray[np.bool_],
    around: npt.NDArray[np.bool_],
    faint: npt.NDArray[np.bool_],
    stains: StainTest,
    prolonged: Mask,
    least: int = _LEAST_PIXELS,
) -> bool:
    """Tell whether there is a mark: neither a stain nor what is left of a streak.

    Args:
        sure: deep enough for a mark.
        around: deep enough to belong to one.
        faint: of `around`, what is a mark if there is much of it, deep or not.
        stains: tells stains on this page, at a higher resolution.
        prolonged: where what is left of a streak may lie.
        least: pixels of a mark, of `around`.
    """
    count, labels, stats, _ = cv2.connectedComponentsWithStats(as_mask(around), connectivity=8)
    marked = np.bincount(labels[sure], minlength=count) >= _SURE_PIXELS
    marked |= np.bincount(labels[faint], minlength=count) >= _FAINT_PIXELS
    marked[0] = False
    if not marked.any():
        return False
    off_line = np.bincount(labels[prolonged == 0], minlength=count) > 0
    scale = stains.width / sure.shape[1]
    beside = round(_BESIDE_INCHES * stains.dpi / scale)
    for place in np.flatnonzero(marked & off_line):
        left, top, width, height, area = (int(value) for value in stats[place])
        if area < least:
            continue
        rows = slice(max(top - beside, 0), top + height + beside)
        columns = slice(max(left - beside, 0), left + width + beside)
        mask = as_mask(labels[rows, columns] == place)
        size = (round(mask.shape[1] * scale), round(mask.shape[0] * scale))
        grown = as_grey(cv2.resize(mask, size, interpolation=cv2.INTER_NEAREST))
        if not stains.is_stain(grown, round(columns.start * scale), round(rows.start * scale)):
            return True
    return False


def _reduced_depth(depth: npt.ArrayLike, dpi: int, working_dpi: int) -> Depth:
    """Return depth at a lower resolution, each the mean of those it stands for."""
    full = np.asarray(depth, np.float32)
    scale = min(working_dpi / dpi, 1.0)
    size = (max(round(full.shape[1] * scale), 1), max(round(full.shape[0] * scale), 1))
    return np.asarray(cv2.resize(full, size, interpolation=cv2.INTER_AREA), np.float32)


def _inner(page: npt.NDArray[np.generic], dpi: int) -> npt.NDArray[np.bool_]:
    """Return where the sheet's very edge is not."""
    margin = min(round(_MARGIN_INCHES * dpi), min(page.shape[:2]) // _MARGIN_PARTS)
    inner = np.zeros(page.shape[:2], np.bool_)
    inner[margin : page.shape[0] - margin, margin : page.shape[1] - margin] = True
    return inner


def _odd(pixels: float) -> int:
    return 2 * (round(pixels) // 2) + 1
