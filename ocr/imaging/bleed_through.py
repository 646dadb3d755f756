"""Bleed-through: the other side's print, seen through the paper, told from a page's own ink.

The other side is laid over the page (`registration.py`). How much of it shines through is measured
where it is seen, so only what both sides bear out is taken away: a mark that the other side does
not have stays, also across what shines through.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr.imaging.borders import without_borders
from ocr.imaging.colour import grey_without_seals
from ocr.imaging.light import even_light
from ocr.imaging.pixels import Grey, Mask, Pixels, as_grey, as_mask, box_kernel, reduced
from ocr.imaging.placing import Depth
from ocr.imaging.registration import Registration, register
from ocr.imaging.specks import without_dust_lines

_WORKING_DPI = 150
_SHEET_INCHES = 2.0  # a smaller piece has too little to be laid over
_OWN_DEPTH = 110  # levels; ink that shone through severely has 65
_OWN_REACH_INCHES = 0.014  # a dark stroke's soft edges
_FAINT_DEPTH = 80
_PRINT_DEPTH = 60  # of the other side; fainter is this page's ink seen there

_SEEN_DPI = 75
_SEEN_OWN_DEPTH = 70
_SEEN_REACH = 7  # pixels
_SEEN_DEPTH = (5, 3.0)  # levels, and times the grain
_SEEN_PIXELS = (4, 75)  # least area and longest side of one piece
_FAINT_SHARE = 0.004  # of the page; made pages that nothing shines through have up to 0.008,
# those of mild and medium scans up to 0.0036, pages that something shines through 0.0055 and more
_EMPTY_SHARE = 0.01  # of the page near own dark ink; an emptier page is asked about at once
_EMPTY_FAINT_SHARE = 0.0003

_BLURS = (0.0, 0.5, 0.8, 1.2, 1.8, 2.6)  # pixels at 150 dpi: paper scatters what shines through
_SAMPLED = 2  # every so many pixels, both ways, when blur and strength are measured
_STRENGTH_INCHES = 0.4  # over which the strength is averaged
_STRENGTH_REDUCTION = 8
_PRIOR = 20.0  # levels squared a pixel: less ink than this has the page's own strength
_STRONGEST = 1.3  # times the page's strength
_SEEN_SHARE = 0.3  # of what should show; where less is seen, it does not show there
_MOSTLY_SEEN = 0.25  # of the ink round a place; else none of it is taken away
_SEAL_STRENGTH = 0.03  # less is chance: the seal was stamped on the other side and does not show
_EDGE_SHARE = 0.3  # of the step at a stroke's edge: there the two scans' blur differs
_GRAIN_LEVELS = 2
_GRAIN_PIXELS = 0.8  # over which grain is averaged before what is left is called paper
_SHOWN_DEPTH = 4  # levels


@dataclass(frozen=True, slots=True)
class BleedThrough:
    """What shines through a page.

    Attributes:
        cleaned: the page without it, the other side's faint ink replaced by paper.
        shown: where the other side's ink shows, 255, at the page's resolution.
        share: of the page where it shows, 0..1.
        strength: of the other side's ink that is seen, 0..1.
        borne_out: of what should show through by the other side, the share that does, 0..1. Two
            forms of one kind can be laid over each other: then labels show and values do not.
        registration: how the other side lies on the page.
    """

    cleaned: Grey
    shown: Mask
    share: float
    strength: float
    borne_out: float
    registration: Registration


def shows_faint_ink(evened: Grey, dpi: int) -> bool:
    """Tell whether a page has much faint ink apart from its dark strokes: it may shine through.

    This only saves asking for the other side: nothing is decided by it.
    """
    small = reduced(evened, dpi, _SEEN_DPI)
    depth = _depth(small)
    own = as_mask(depth > _SEEN_OWN_DEPTH)
    apart = cv2.dilate(own, box_kernel(_SEEN_REACH, _SEEN_REACH)) == 0
    if not apart.any():
        return False
    grain = float(np.median(cv2.absdiff(small, cv2.blur(small, (3, 3)))[apart]))
    least, times = _SEEN_DEPTH
    faint = as_mask((depth > least + times * grain) & apart)
    _, _, stats, _ = cv2.connectedComponentsWithStats(faint, connectivity=8)
    area, sides = stats[1:, cv2.CC_STAT_AREA], stats[1:, (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT)]
    fewest, longest = _SEEN_PIXELS
    share = float(area[(area >= fewest) & (sides.max(axis=1) < longest)].sum()) / small.size
    empty = np.count_nonzero(own) <= _EMPTY_SHARE * own.size
    return share >= (_EMPTY_FAINT_SHARE if empty else _FAINT_SHARE)


def find_bleed_through(
    evened: Grey, dpi: int, other: Pixels, other_dpi: int
) -> BleedThrough | None:
    """Return what of a page is the other side seen through; None where that cannot be proven.

    Args:
        evened: the page, evenly lit.
        dpi: its resolution.
        other: the sheet's other side as scanned, in any of four orientations.
        other_dpi: its resolution.
    """
    working = min(dpi, other_dpi, _WORKING_DPI)
    if min(evened.shape) < _SHEET_INCHES * dpi or min(other.shape[:2]) < _SHEET_INCHES * other_dpi:
        return None
    depth = _depth(reduced(evened, dpi, working))
    behind = _other_print(reduced(other, other_dpi, working), working)
    reach = 2 * round(_OWN_REACH_INCHES * working) + 1
    own = cv2.dilate(as_mask(depth > _OWN_DEPTH), box_kernel(reach, reach)) > 0
    faint = np.where(own, np.float32(0), np.minimum(depth, np.float32(_FAINT_DEPTH)))
    registration = register(faint, behind.print, working)
    if registration is None:
        return None
    size = depth.shape[::-1]
    soft, strength = _seen_through(depth, registration.laid(behind.ink, size), working)
    there = (soft > _PRINT_DEPTH) & ~own
    borne = depth[there] > strength * soft[there] / 2
    borne_out = float(borne.mean()) if borne.size else 0.0
    printed = cv2.dilate(as_mask(registration.laid(behind.print, size) > 0), box_kernel(3, 3)) > 0
    ghost = _in_each_place(depth, soft, strength, working, printed)
    if behind.seals.any():
        seals = registration.laid(behind.seals, size)
        seal_strength = _strength(np.maximum(depth - ghost, 0), seals, depth < _OWN_DEPTH)
        if seal_strength >= _SEAL_STRENGTH:
            left = np.maximum(depth - ghost, 0)
            ghost += _in_each_place(left, seals, seal_strength, working, seals > 0)
    cleaned, shown = _without(evened, ghost)
    share = round(cv2.countNonZero(shown) / shown.size, 6)
    return BleedThrough(
        cleaned, shown, share, round(strength, 4), round(borne_out, 4), registration
    )


@dataclass(frozen=True, slots=True)
class _Behind:
    """The other side's ink without seals; its own print, without lines of dust; its seals."""

    ink: Depth
    print: Depth
    seals: Depth


def _depth(evened: Grey) -> Depth:
    paper = np.float32(np.median(evened))
    return np.asarray(np.maximum(paper - evened.astype(np.float32), 0), np.float32)


def _other_print(small: Pixels, dpi: int) -> _Behind:
    grey = without_borders(grey_without_seals(small), dpi)
    ink = _depth(even_light(grey, dpi))
    print_ = _depth(even_light(without_dust_lines(grey, dpi), dpi))
    print_ = np.where(print_ > _PRINT_DEPTH, print_, np.float32(0))
    seals = np.zeros_like(ink)
    if small.ndim == 3:
        plain = without_borders(as_grey(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)), dpi)
        seals = np.maximum(_depth(even_light(plain, dpi)) - ink, np.float32(0))
        seals[seals < _PRINT_DEPTH] = 0
    return _Behind(ink, print_, seals)


def _seen_through(depth: Depth, laid: Depth, dpi: int) -> tuple[Depth, float]:
    """Return the other side's ink as blurred by the paper, and the share of it that shines through.

    The blur is the one that leaves least of the page's faint ink.
    """
    seen = depth < _OWN_DEPTH
    sampled = np.s_[::_SAMPLED, ::_SAMPLED]
    here = depth[sampled][seen[sampled]]
    least, blurred = np.inf, laid
    for blur in _BLURS:
        sigma = blur * dpi / _WORKING_DPI
        soft = np.asarray(cv2.GaussianBlur(laid, (0, 0), sigma), np.float32) if sigma else laid
        there = soft[sampled][seen[sampled]]
        share = float(here @ there) / max(float(there @ there), 1.0)
        left = float(np.square(here - share * there).mean())
        if left < least:
            least, blurred = left, soft
    return blurred, _strength(depth, blurred, seen)


def _strength(depth: Depth, soft: Depth, seen: npt.NDArray[np.bool_]) -> float:
    """Return the share of the other side's ink that shines through where it is seen to."""
    sampled = np.s_[::_SAMPLED, ::_SAMPLED]
    here, there = (ink[sampled][seen[sampled]] for ink in (depth, soft))
    strength = float(here @ there) / max(float(there @ there), 1.0)
    borne = here > _SEEN_SHARE * strength * there
    strength = float(here[borne] @ there[borne]) / max(float(there[borne] @ there[borne]), 1.0)
    return min(max(strength, 0.0), 1.0)


def _in_each_place(
    depth: Depth, soft: Depth, strength: float, dpi: int, printed: npt.NDArray[np.bool_]
) -> Depth:
    """Return what shines through, in levels, by how strongly it does round each place.

    Where the other side's print is not seen, none is taken away. What only crosses it there, a
    line of dust or a pen on the other side, does not make the rest seem weaker.
    """
    # A page's own strokes that cross what shines through must not make it seem stronger.
    seen = depth < 2.5 * 255 * strength + _GRAIN_LEVELS
    borne = seen & (depth > _SEEN_SHARE * strength * soft)
    squares = soft * soft
    both = _locally(np.where(borne, depth * soft, np.float32(0)), dpi)
    alone = _locally(np.where(borne, squares, np.float32(0)), dpi)
    whole = _locally(np.where(seen & printed, squares, np.float32(0)), dpi)
    strengths = (both + _PRIOR * strength) / (alone + _PRIOR)
    strengths[alone < _MOSTLY_SEEN * whole] = 0
    strengths = np.clip(strengths, 0, _STRONGEST * strength).astype(np.float32)
    return soft * cv2.resize(strengths, soft.shape[::-1], interpolation=cv2.INTER_LINEAR)


def _locally(levels: Depth, dpi: int) -> npt.NDArray[np.float32]:
    """Return the mean of levels round each place, at an eighth of the resolution."""
    size = tuple(max(side // _STRENGTH_REDUCTION, 1) for side in levels.shape[::-1])
    small = cv2.resize(levels, size, interpolation=cv2.INTER_AREA)
    sigma = _STRENGTH_INCHES * dpi / _STRENGTH_REDUCTION
    return np.asarray(cv2.GaussianBlur(small, (0, 0), sigma), np.float32)


def _without(evened: Grey, ghost: Depth) -> tuple[Grey, Mask]:
    """Return the page with what shines through divided out, and where it shone.

    What is left at its edges, where the two scans' blur differs, is paper too.
    """
    kernel = box_kernel(3, 3)
    spread = cv2.dilate(ghost, kernel)
    slack = _EDGE_SHARE * (spread - cv2.erode(ghost, kernel)) + _GRAIN_LEVELS
    paper = int(np.median(evened))
    parts = (np.minimum(ghost, np.float32(paper * 2 / 3)), spread, slack)
    size = evened.shape[::-1]
    levels, reach, most = (
        as_grey(cv2.resize(as_grey(np.rint(part)), size, interpolation=cv2.INTER_LINEAR))
        for part in parts
    )
    divided = as_grey(
        cv2.divide(evened, cv2.subtract(np.full_like(evened, paper), levels), scale=paper)
    )
    shown = as_mask(reach > _SHOWN_DEPTH)
    rest = cv2.subtract(np.full_like(evened, paper), divided)
    rest = cv2.GaussianBlur(rest, (0, 0), _GRAIN_PIXELS)
    divided[(shown > 0) & (rest <= most)] = paper
    return divided, shown
