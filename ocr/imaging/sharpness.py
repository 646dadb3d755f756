"""How crisp the edges of print are."""

import cv2
import numpy as np

from ocr.imaging.pixels import Grey, Mask, box_kernel

_FEWEST_EDGES = 500


def sharpness(evened: Grey, ink: Mask) -> float | None:
    """Return the share of an edge's contrast that is crossed within one pixel, 0..1.

    1.0 is a step from paper to ink between two pixels; a blur of sigma s pixels gives about
    0.4 / s. The contrast of the ink does not matter. None where there is hardly any ink.
    """
    if min(evened.shape) < 2:
        return None
    edge = cv2.morphologyEx(ink, cv2.MORPH_GRADIENT, box_kernel(3, 3))
    where = edge > 0
    if int(where.sum()) < _FEWEST_EDGES:
        return None
    step_x = cv2.absdiff(evened[:, 1:], evened[:, :-1])
    step_y = cv2.absdiff(evened[1:], evened[:-1])
    steps = np.zeros_like(evened)
    steps[:, 1:] = step_x
    steps[1:] = cv2.max(steps[1:], step_y)
    window = box_kernel(9, 9)
    contrast = cv2.subtract(cv2.dilate(evened, window), cv2.erode(evened, window))
    steepest = cv2.dilate(steps, box_kernel(3, 3))
    return float(np.median(steepest[where] / np.maximum(contrast[where], 1).astype(np.float32)))
