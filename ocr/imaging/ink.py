"""Which pixels are ink: print, stamps, pen strokes; not paper, not the scanner's bed."""

import cv2

from ocr.imaging.pixels import Grey, Mask, as_grey

_LIGHTEST_INK = 215  # on white paper; lighter is the grain of paper and JPEG
_DARKEST_SPLIT = 120


def ink_mask(evened: Grey) -> Mask:
    """Return where an evenly lit page is dark: Otsu's split, held within sane bounds."""
    split, _ = cv2.threshold(evened, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    split = min(max(split, _DARKEST_SPLIT), _LIGHTEST_INK)
    _, mask = cv2.threshold(evened, split, 255, cv2.THRESH_BINARY_INV)
    return as_grey(mask)
