"""Print of a dot-matrix printer: strokes of separate dots, joined."""

import cv2

from ocr.imaging.ink import ink_mask
from ocr.imaging.pixels import Grey, as_grey, box_kernel

_DOT_INCHES = (0.003, 0.016)  # sides of a dot: 9-pin heads print 0.0140, 24-pin heads 0.008
_APART_INCHES = 0.014  # white between the dots of a stroke
_FEWEST = 400
_CLUSTER = 4.0  # dots that fall together when that white is bridged; specks stay alone


def joined_dots(evened: Grey, dpi: int) -> Grey:
    """Return dotted print with its strokes closed; any other page as it is.

    Where most ink stands in dots that lie so near each other that they fall together into strokes,
    the page was printed by needles. Scattered specks do not fall together.
    """
    ink = ink_mask(evened)
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    sides = stats[1:, 2:4].max(axis=1)
    smallest, largest = (inches * dpi for inches in _DOT_INCHES)
    dots = (sides >= smallest) & (sides <= largest)
    if dots.sum() < max(_FEWEST, 0.5 * (count - 1)):
        return evened
    reach = round(_APART_INCHES * dpi)
    bridged = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, box_kernel(reach, reach))
    joined, _ = cv2.connectedComponents(bridged, connectivity=8)
    if (count - 1) < _CLUSTER * (joined - 1):
        return evened
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    closed = cv2.morphologyEx(evened, cv2.MORPH_OPEN, disc)
    return as_grey(cv2.GaussianBlur(closed, (0, 0), reach / 3))
