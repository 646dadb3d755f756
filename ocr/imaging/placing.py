"""How one picture of a sheet lies on another, though neither lay flat: a map, and a bend."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Depth = npt.NDArray[np.float32]
"""height x width, levels by which each pixel is darker than paper."""
Matrix = npt.NDArray[np.float64]
"""2 x 3, affine."""
Places = npt.NDArray[np.float64]
"""N x 2: places or moves, (x, y) in pixels."""

_UNIT = 1000.0  # pixels
_TERMS = 6
_PIXELS = (4.0, 2.0, 1.0, 1.0, 1.0)  # off the fit, round by round: places so far off count half
_PRIOR = 0.05  # places' worth of lying flat
_USUAL = 3.0  # times what is mostly missing: a place that lacks so much counts half


@dataclass(frozen=True, slots=True)
class Bend:
    """Pixels that a place of the page lies off its map.

    Attributes:
        terms: 6 x 2, of 1, x, y, x squared, xy and y squared in thousands of pixels.
    """

    terms: npt.NDArray[np.float64]

    def off(
        self, x: npt.NDArray[np.float32], y: npt.NDArray[np.float32]
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Return how far to the right and down, at arrays of places that go together."""
        x, y = x / np.float32(_UNIT), y / np.float32(_UNIT)
        right, down = (
            one + (by_x + by_xx * x) * x + (by_y + by_xy * x + by_yy * y) * y
            for one, by_x, by_y, by_xx, by_xy, by_yy in self.terms.T.astype(np.float32)
        )
        return right, down

    def rescaled(self, scale: float) -> "Bend":
        """Return the same bend of a page `scale` times as large."""
        return Bend(self.terms * np.array([scale, 1, 1, *[1 / scale] * 3])[:, None])


@dataclass(frozen=True, slots=True)
class Placing:
    """How one picture lies on another.

    Attributes:
        matrix: from pixels of the one to those of the other, affine.
        bend: what the map is off by, at places of the other.
    """

    matrix: Matrix
    bend: Bend

    def on_page(self, other: Depth, size: tuple[int, int]) -> Depth:
        """Return the picture as it lies on a page of (width, height)."""
        width, height = size
        x, y = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)[:, None]
        right, down = self.bend.off(x, y)
        x, y = x - right, y - down
        (a, b, c), (d, e, f) = cv2.invertAffineTransform(self.matrix).astype(np.float32)
        warped = cv2.remap(other, a * x + b * y + c, d * x + e * y + f, cv2.INTER_CUBIC)
        return np.maximum(warped, 0)

    def rescaled(self, scale: float) -> "Placing":
        """Return the same for pictures `scale` times as large."""
        return Placing(rescaled(self.matrix, scale), self.bend.rescaled(scale))


def rescaled(matrix: Matrix, scale: float) -> Matrix:
    """Return the same map for pictures `scale` times as large."""
    scaled = matrix.copy()
    scaled[:, 2] *= scale
    return scaled


def flat() -> Bend:
    """Return the bend of a sheet that lies flat."""
    return Bend(np.zeros((_TERMS, 2)))


def fitted_bend(places: Places, off: Places, most: float) -> Bend:
    """Return the bend that most places bear out.

    Args:
        places: of the page.
        off: how far each is off the map.
        most: pixels; what is farther off was found by chance.
    """
    near = (np.abs(off) < most).all(axis=1)
    terms, off = _terms(places[near]), off[near]
    bend = flat().terms
    for pixels in _PIXELS:
        apart = np.square(off - terms @ bend).sum(axis=1) / pixels**2
        weighed = terms / (1 + apart)[:, None]
        bend = np.linalg.solve(weighed.T @ terms + _PRIOR * np.eye(_TERMS), weighed.T @ off)
    return Bend(bend)


def bent_on(bend: Bend, places: Places, slopes: Places, missing: npt.NDArray[np.float64]) -> Bend:
    """Return a bend under which a picture differs less from the page it is laid on.

    One step of Lucas and Kanade's method (1981) for a bend.

    Args:
        bend: under which it was laid.
        places: of the page, where the laid picture has slopes.
        slopes: of the laid picture there, levels a pixel to the right and down.
        missing: levels that it lacks of the page's there.
    """
    terms = _terms(places)
    usual = max(float(np.median(np.abs(missing))), 1.0)
    weights = 1 / (1 + np.square(missing / (_USUAL * usual)))
    both = -np.hstack([slopes[:, :1] * terms, slopes[:, 1:] * terms])
    weighed = both * weights[:, None]
    prior = _PRIOR * float(np.square(slopes).mean()) * np.eye(2 * _TERMS)
    more = np.linalg.solve(weighed.T @ both + prior, weighed.T @ missing)
    return Bend(bend.terms + more.reshape(2, _TERMS).T)


def _terms(places: Places) -> Places:
    x, y = places.T / _UNIT
    return np.column_stack([np.ones_like(x), x, y, x * x, x * y, y * y])
