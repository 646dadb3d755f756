"""Greys that a scanner cut into patterns of black dots: smoothed into greys again."""

import cv2
import numpy as np

from ocr.imaging.pixels import Pixels, as_grey

_TWO_TONES = 0.75  # of its pixels are as good as black or white; a JPEG of bad quality keeps 0.8
_BLACK, _WHITE = 32, 223
_CELL = 30  # pixels
_CHANGES = 0.1  # of a cell's pixels, unlike their left neighbour; noise on bad scans has 0.04
# Pixels of the file, whatever its resolution: the patterns are made of them, four or eight a side.
_PATTERN, _SMOOTHED = 4, 0.6


def without_halftone(pixels: Pixels) -> Pixels:
    """Return a page of two tones whose paper is strewn with dots in grey; any other as it is.

    Such a page changes between black and white in nearly every place, another only where print
    stands.
    """
    if pixels.ndim == 3 or min(pixels.shape) < 2 * _CELL:
        return pixels
    levels = cv2.calcHist([pixels], [0], None, [256], [0, 256]).ravel() / pixels.size
    if levels[_BLACK:_WHITE].sum() > 1 - _TWO_TONES:
        return pixels
    changes = cv2.absdiff(pixels[:, 1:], pixels[:, :-1])
    height, width = (side // _CELL for side in changes.shape)
    shares = cv2.resize(changes, (width, height), interpolation=cv2.INTER_AREA)
    if np.median(shares) < _CHANGES * 255:
        return pixels
    averaged = cv2.blur(pixels, (_PATTERN, _PATTERN))
    return as_grey(cv2.GaussianBlur(averaged, (0, 0), _SMOOTHED))
