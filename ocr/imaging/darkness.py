"""How bright the paper of a scan is."""

import numpy as np

from ocr.imaging.pixels import Grey, reduced

_WORKING_DPI = 25
_PAPER_PERCENT = 90


def paper_brightness(grey: Grey, dpi: int) -> float:
    """Return the brightness of the lightest tenth of a page, 0 (black) .. 1 (white).

    Seen coarsely, so that bright specks and gaps between black blots are no paper.
    """
    return float(np.percentile(reduced(grey, dpi, _WORKING_DPI), _PAPER_PERCENT)) / 255
