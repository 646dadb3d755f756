"""Where a pixel of the prepared image lies on the upright page, and back."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from ocr.imaging.pixels import Grey, Mask, as_grey
from records.values import Box, Line

_LEAST_TURN = 0.15  # degrees; less is not worth the blur of a turn


@dataclass(frozen=True, slots=True)
class Placement:
    """An upright page of `width` x `height`, leaning clockwise by `skew`, enlarged by `scale`."""

    width: int
    height: int
    skew: float
    scale: float

    def prepare(self, page: Grey) -> Grey:
        """Return the page straightened and scaled, on white."""
        return self._moved(page, cv2.INTER_CUBIC, 255)

    def prepare_mask(self, mask: Mask) -> Mask:
        """Return a mask of the page moved as the page is."""
        return self._moved(mask, cv2.INTER_NEAREST, 0)

    def _moved(self, pixels: Grey, method: int, beyond: int) -> Grey:
        if abs(self.skew) >= _LEAST_TURN:
            pixels = as_grey(
                cv2.warpAffine(
                    pixels,
                    self._turn(),
                    self._turned_size(),
                    flags=method,
                    borderValue=(float(beyond),),
                )
            )
        if self.scale == 1.0:
            return pixels
        if self.scale < 1 and method != cv2.INTER_NEAREST:
            method = cv2.INTER_AREA
        return as_grey(cv2.resize(pixels, None, fx=self.scale, fy=self.scale, interpolation=method))

    def on_page(self, lines: list[Line]) -> list[Line]:
        """Return lines read from the prepared image with their boxes on the upright page."""
        return [Line(tuple(replace(w, box=self._box(w.box)) for w in line.words)) for line in lines]

    def _box(self, box: Box) -> Box:
        corners: npt.NDArray[np.float64] = np.array(
            [(x, y) for x in (box.x0, box.x1) for y in (box.y0, box.y1)], dtype=np.float64
        )
        corners = corners / self.scale
        if abs(self.skew) >= _LEAST_TURN:
            # The middle of each side: the upright box round a leaning one would be too tall.
            back = cv2.invertAffineTransform(self._turn())
            (x0, y0), (x1, y1) = corners[0], corners[3]
            sides = np.array(
                [(x0, (y0 + y1) / 2), (x1, (y0 + y1) / 2), ((x0 + x1) / 2, y0), ((x0 + x1) / 2, y1)]
            )
            corners = np.asarray(sides @ back[:, :2].T + back[:, 2], np.float64)
        left, top = np.floor(corners.min(axis=0)).astype(int)
        right, bottom = np.ceil(corners.max(axis=0)).astype(int)
        return Box(
            max(int(left), 0),
            max(int(top), 0),
            min(int(right), self.width),
            min(int(bottom), self.height),
        )

    def _turned_size(self) -> tuple[int, int]:
        radians = np.deg2rad(abs(self.skew))
        width = self.width * np.cos(radians) + self.height * np.sin(radians)
        height = self.width * np.sin(radians) + self.height * np.cos(radians)
        return round(width), round(height)

    def _turn(self) -> npt.NDArray[np.float64]:
        width, height = self._turned_size()
        matrix = np.asarray(
            cv2.getRotationMatrix2D((self.width / 2, self.height / 2), self.skew, 1.0), np.float64
        )
        matrix[:, 2] += ((width - self.width) / 2, (height - self.height) / 2)
        return matrix
