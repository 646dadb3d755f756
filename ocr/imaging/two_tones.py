"""Pages that a scanner or a fax cut into black and white."""

import cv2

from ocr.imaging.pixels import Grey

_BLACK, _WHITE = 32, 253
_BLACK_SHARE = 0.25  # of what is not white; of grey pages 0.05
_GREYS = 0.02  # of the pixels at most: one that lay askew has some along its edges


def has_two_tones(page: Grey) -> bool:
    """Tell whether a page is black and white; an empty one, all white, counts as such."""
    levels = cv2.calcHist([page], [0], None, [256], [0, 256]).ravel()
    black, ink = levels[:_BLACK].sum(), levels[:_WHITE].sum()
    return bool(black >= _BLACK_SHARE * ink and levels[_BLACK:_WHITE].sum() <= _GREYS * page.size)
