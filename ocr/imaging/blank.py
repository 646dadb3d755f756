"""Whether nothing is on a page: blank is a class of its own, so a faint mark must be seen."""

import cv2
import numpy as np
import numpy.typing as npt

from ocr.imaging.pixels import Grey, Pixels, as_mask, reduced

_WORKING_DPI = 75
_MARK_DEPTH = 14  # levels of 255 below the paper; show-through of the other side reaches about 10
_MARK_CHROMA = 22  # levels of colour; a faint red stamp is hardly darker than paper
_MARK_PIXELS = 6  # at 75 dpi: 2 mm of a pen's stroke
_MARGIN_INCHES = 0.12


def is_blank(evened: Grey, pixels: Pixels, dpi: int) -> bool:
    """Tell whether nothing was written, printed or stamped on a page.

    Looked at is the page on even light, without borders and punch holes, at 75 dpi, where the
    grain of paper and single specks average away and a faint stroke does not.
    """
    small = reduced(evened, dpi, _WORKING_DPI)
    marks = small < 255 - _MARK_DEPTH
    if pixels.ndim == 3:
        marks |= _coloured(reduced(pixels, dpi, _WORKING_DPI))
    margin = round(_MARGIN_INCHES * _WORKING_DPI)
    inner = as_mask(marks[margin:-margin, margin:-margin])
    _, _, stats, _ = cv2.connectedComponentsWithStats(inner, connectivity=8)
    return not bool((stats[1:, cv2.CC_STAT_AREA] >= _MARK_PIXELS).any())


def _coloured(small: Pixels) -> npt.NDArray[np.bool_]:
    """Return where a page's colour differs from that of the paper round it."""
    _, *chroma = cv2.split(cv2.cvtColor(small, cv2.COLOR_RGB2LAB))
    depths = [cv2.absdiff(channel, cv2.medianBlur(channel, 31)) for channel in chroma]
    return np.asarray(cv2.max(*depths) > _MARK_CHROMA)
