"""Colour to grey, without the ink of seals and pens."""

import cv2
import numpy as np

from ocr.imaging.pixels import Grey, Pixels, as_grey, as_mask

_CHROMA = 48  # JPEG leaves colour fringes of up to about 40 round black print
_PRINTED_SHARE = 0.25  # a form printed in blue has most of its ink in that colour
_DARK = 170
_LEAD = 8  # levels by which another channel may be brighter


def grey_without_seals(pixels: Pixels) -> Grey:
    """Return grey pixels in which red and blue ink is faded and black ink below it kept.

    A coloured pixel takes the brightness of its own colour, the ink's own being white: a red seal
    on paper vanishes, black print under the seal stays black.
    A colour that makes up much of the page's ink is print, and is kept.
    """
    if pixels.ndim == 2:
        return pixels
    grey = as_grey(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY))
    red, green, blue = (as_grey(channel) for channel in cv2.split(pixels))
    brightest = cv2.max(cv2.max(red, green), blue)
    dark = grey < _DARK
    ink = np.count_nonzero(dark)
    for own, others in ((red, cv2.min(green, blue)), (blue, cv2.min(red, green))):
        coloured = (cv2.subtract(own, others) > _CHROMA) & (cv2.subtract(brightest, own) <= _LEAD)
        if coloured.any() and np.count_nonzero(coloured & dark) <= _PRINTED_SHARE * ink:
            own_white = max(float(np.median(brightest[coloured])), 1.0)
            faded = cv2.convertScaleAbs(brightest, alpha=255 / own_white)
            cv2.copyTo(faded, as_mask(coloured), grey)
    return grey
