"""Whether print runs over an edge of the sheet: letters cut in half, rules without an end."""

import cv2
import numpy as np

from ocr.imaging.pixels import Grey, Mask, as_mask, reduced

_WORKING_DPI = 150
_INK = 150  # levels, on paper of 255: half a stroke's grey at this resolution
_STRIP_INCHES = 0.5
_SHEET_INCHES = 2.0  # a smaller piece is cut out of a sheet, close to its print
_TOUCHING = 2  # pixels: what ends nearer to the edge than this touches it
_LETTER_INCHES = (0.03, 0.35)  # what is left of a cut letter: how deep at least, how wide at most
_STROKE_INCHES = 0.2  # widest contact of a letter with the edge; a border or a picture has more
_RULE_INCHES = 0.03
_RULE_DEPTH_INCHES = 0.25
_LEAN = 3  # pixels within that depth
# Of 120 made pages cut through their print, 109 are found; of 88 whole ones, none.
_CUT_LETTERS = 4
_CUT_RULES = 2


def is_cut_off(cleaned: Grey, dpi: int) -> bool:
    """Tell whether print of a page ends at an edge of its scan and not at its own end.

    Looked at is the page without the scanner's borders. A side is cut where four letters touch it,
    or two rules run out of it while none reaches the opposite side: ruled paper is printed from
    edge to edge. Lines lost as a whole leave no trace and are not noticed.
    """
    if min(cleaned.shape) < _SHEET_INCHES * dpi:
        return False
    left, right, top, bottom = (_contacts(strip) for strip in _strips(cleaned, dpi))
    return any(
        letters >= _CUT_LETTERS or (rules >= _CUT_RULES and opposite == 0)
        for (letters, rules), (_, opposite) in (
            (left, right),
            (right, left),
            (top, bottom),
            (bottom, top),
        )
    )


def _strips(cleaned: Grey, dpi: int) -> tuple[Mask, Mask, Mask, Mask]:
    """Return the ink along the left, right, top and bottom edge, each with the edge on top."""
    depth = round(_STRIP_INCHES * dpi)
    pieces = (
        cleaned[:, :depth].T,
        cleaned[:, : -depth - 1 : -1].T,
        cleaned[:depth],
        cleaned[: -depth - 1 : -1],
    )
    left, right, top, bottom = (
        as_mask(reduced(np.ascontiguousarray(piece), dpi, _WORKING_DPI) < _INK) for piece in pieces
    )
    return left, right, top, bottom


def _contacts(strip: Mask) -> tuple[int, int]:
    """Count the letters and the rules that touch the first row."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(strip, connectivity=8)
    touching = np.concatenate(([False], (strip[:_TOUCHING] > 0).any(axis=0), [False]))
    edges = np.flatnonzero(np.diff(touching.astype(np.int8)))
    letters = rules = 0
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        length = (end - start) / _WORKING_DPI
        if length <= _RULE_INCHES and _runs_inward(strip, start, end):
            rules += 1
        elif length <= _STROKE_INCHES:
            label = labels[:_TOUCHING, start:end].max()
            depth = int(stats[label, cv2.CC_STAT_HEIGHT])
            width = int(stats[label, cv2.CC_STAT_WIDTH]) / _WORKING_DPI
            deep = _LETTER_INCHES[0] * _WORKING_DPI <= depth < strip.shape[0]
            letters += int(deep and width <= _LETTER_INCHES[1])
    return letters, rules


def _runs_inward(strip: Mask, start: int, end: int) -> bool:
    """Tell whether ink at the edge goes on straight, leaning by a few degrees at most."""
    depth = round(_RULE_DEPTH_INCHES * _WORKING_DPI)
    way = strip[:depth, max(start - _LEAN, 0) : end + _LEAN]
    return bool((way > 0).any(axis=1).all())
