"""Colour to grey, without the ink of seals and pens."""

import cv2
import numpy as np
import numpy.typing as npt

from ocr.imaging.pixels import Grey, Pixels, as_grey, as_mask

_CHROMA = 48  # JPEG leaves colour fringes of up to about 40 round black print
_BROWN = 0.6  # of red's lead over blue, green's share leaves less: coffee, rust and old tape
_GRID = 16
_PRINTED_SHARE = 0.4  # of the page's inked cells; seals and pens stand in a few, print in most
_DARK = 170
_LEAD = 8  # levels by which another channel may be brighter


def grey_without_seals(pixels: Pixels) -> Grey:
    """Return grey pixels in which red and blue ink is faded and black ink below it kept.

    A coloured pixel takes the brightness of its own colour, the ink's own being white: a red seal
    on paper vanishes, black print under the seal stays black.
    A colour that is spread over much of the page is print, and is kept. So is brown: stains are,
    and half a stain faded would look like print.
    """
    if pixels.ndim == 2:
        return pixels
    grey = as_grey(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY))
    red, green, blue = (as_grey(channel) for channel in cv2.split(pixels))
    brightest = cv2.max(cv2.max(red, green), blue)
    inked = None
    for own, others in ((red, cv2.min(green, blue)), (blue, cv2.min(red, green))):
        coloured = (cv2.subtract(own, others) > _CHROMA) & (cv2.subtract(brightest, own) <= _LEAD)
        if own is red:
            coloured &= cv2.subtract(red, green) > _BROWN * cv2.subtract(red, blue)
        if not coloured.any():
            continue
        inked = _where(grey < _DARK) if inked is None else inked
        if np.count_nonzero(_where(coloured) & inked) <= _PRINTED_SHARE * np.count_nonzero(inked):
            own_white = max(float(np.median(brightest[coloured])), 1.0)
            faded = cv2.convertScaleAbs(brightest, alpha=255 / own_white)
            cv2.copyTo(faded, as_mask(coloured), grey)
    return grey


def _where(holds: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Return in which cells of a coarse grid a condition holds for some pixels."""
    grid = cv2.resize(as_mask(holds), (_GRID, _GRID), interpolation=cv2.INTER_AREA)
    return np.asarray(grid > 0)
