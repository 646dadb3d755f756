"""Specks that lie closer together than chance brings them: what two tones leave of a mark."""

import math

import cv2
import numpy as np
import numpy.typing as npt

_CELL_MM = 0.5
_WINDOWS_MM = ((4, 4), (10, 3), (3, 10), (20, 2), (2, 20), (14, 14))  # strokes, words, a line
_PLACED = 24  # ways to lay a window, of which the fullest is taken, times how often it fits
_CHANCE = 1e-6  # that specks of one page lie so by chance
_LEAST_EXPECTED = 0.02  # specks: of a page that has hardly any


def have_cluster(places: npt.NDArray[np.intp], page: tuple[int, int], dpi: int) -> bool:
    """Tell whether specks strewn at random would hardly lie as these do (a scan statistic).

    Args:
        places: columns and rows of specks, one row each.
        page: height and width in the same pixels.
        dpi: of the page.
    """
    cell = _CELL_MM * dpi / 25.4
    size = round(page[0] / cell) + 1, round(page[1] / cell) + 1
    cells = np.zeros(size, np.float32)
    columns, rows = (places / cell).astype(np.intp).T
    np.add.at(cells, (rows, columns), 1)
    area = cells.size * _CELL_MM**2
    for width, height in _WINDOWS_MM:
        window = round(width / _CELL_MM), round(height / _CELL_MM)
        sums = cv2.boxFilter(cells, -1, window, normalize=False, borderType=cv2.BORDER_CONSTANT)
        share = width * height / area
        expected = max(len(places) * share, _LEAST_EXPECTED)
        if _chance(float(np.max(sums)), expected) * _PLACED / share < _CHANCE:
            return True
    return False


def _chance(count: float, expected: float) -> float:
    """Return the most that chance allows for so many or more (Chernoff, Poisson)."""
    if count <= expected:
        return 1.0
    return math.exp(count - expected - count * math.log(count / expected))
