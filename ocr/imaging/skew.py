"""By how many degrees the lines of a page lean, told only when it is clear."""

import numpy as np
import numpy.typing as npt

from ocr.imaging.ink import ink_mask
from ocr.imaging.pixels import Grey, reduced

_WORKING_DPI = 100
_WIDEST = 15.0
_COARSE_STEP = 0.5
_FINE_STEP = 0.1
_CLEAR = 1.6  # how far the best angle's score stands above the median of all
_FEWEST_POINTS = 400


def skew_angle(evened: Grey, dpi: int) -> float:
    """Return the clockwise lean of horizontal lines in degrees, -15 to 15; 0.0 where unclear.

    The ink's lower edges are projected along each angle; at the true one they fall into few rows.
    """
    ink = ink_mask(reduced(evened, dpi, _WORKING_DPI))
    lower_edges = (ink[:-1] > 0) & (ink[1:] == 0)
    rows, columns = np.nonzero(lower_edges)
    if rows.size < _FEWEST_POINTS:
        return 0.0
    y, x = rows.astype(np.float32), columns.astype(np.float32)
    coarse = np.arange(-_WIDEST, _WIDEST + _COARSE_STEP, _COARSE_STEP)
    scores = np.array([_concentration(x, y, angle) for angle in coarse])
    best = coarse[scores.argmax()]
    if scores.max() < _CLEAR * np.median(scores):
        return 0.0
    fine = np.arange(best - _COARSE_STEP, best + _COARSE_STEP + _FINE_STEP / 2, _FINE_STEP)
    scores = np.array([_concentration(x, y, angle) for angle in fine])
    return round(float(fine[scores.argmax()]), 1) + 0.0


def _concentration(x: npt.NDArray[np.float32], y: npt.NDArray[np.float32], angle: float) -> float:
    """Score how well points fall into few rows when a clockwise lean of `angle` is undone."""
    radians = np.deg2rad(angle)
    heights = y * np.cos(radians) - x * np.sin(radians)
    counts = np.bincount((heights - heights.min()).astype(np.int64))
    return float((counts.astype(np.float64) ** 2).sum())
