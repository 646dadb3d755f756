"""A sheet of paper on its way through a scanner, and where its words have gone."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from records.values import Box

Level = Literal["clean", "mild", "medium", "severe"]
Pixels = npt.NDArray[np.uint8]
Points = npt.NDArray[np.float64]  # (n, 2): x and y
Rng = np.random.Generator


class Move(Protocol):
    """Where the points of a picture go."""

    def __call__(self, points: Points) -> Points:
        """The places of points after the move."""


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """A move by a 3×3 matrix: scaling, turning, shifting, keystone."""

    matrix: npt.NDArray[np.float64]

    def __call__(self, points: Points) -> Points:
        """See `Move`."""
        moved = np.column_stack([points, np.ones(len(points))]) @ self.matrix.T
        return np.asarray(moved[:, :2] / moved[:, 2:])


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A sheet being scanned.

    Attributes:
        pixels: grey (h, w) or RGB (h, w, 3). dpi: real pixels an inch.
        tag: pixels an inch as the file will say; None: it says nothing.
        moves: from the drawn page's pixels to those of this sheet, `rotation` not counted.
        words: boxes of the printed words, on the drawn page.
        reverse: grey print of the other side, not mirrored, or None.
        seal_at: where the signature is, in pixels of this sheet.
        rotation: clockwise degrees by which the stored sheet is turned. skew: degrees, clockwise.
        flags: page flags that the faults have made true.
    """

    pixels: Pixels
    dpi: int
    tag: int | None
    moves: tuple[Move, ...] = ()
    words: tuple[Box, ...] = ()
    reverse: Pixels | None = None
    seal_at: tuple[int, int] | None = None
    rotation: int = 0
    skew: float = 0.0
    faults: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.pixels.shape[1], self.pixels.shape[0]

    @property
    def paper(self) -> Any:
        """White, as a border value for OpenCV."""
        return 255 if self.pixels.ndim == 2 else (255, 255, 255)

    def px(self, millimetres: float) -> int:
        """A length in pixels."""
        return max(1, round(millimetres * self.dpi / 25.4))

    def painted(self, pixels: npt.NDArray[Any], **changes: Any) -> "Sheet":
        """The sheet with other pixels, cut to 0 to 255."""
        clipped = np.clip(pixels, 0, 255).astype(np.uint8)
        return dataclasses.replace(self, pixels=clipped, **changes)

    def moved(self, pixels: npt.NDArray[Any], move: Move, **changes: Any) -> "Sheet":
        """The sheet with other pixels after a move that its words and its signature follow."""
        last = self.moves[-1] if self.moves else None
        if isinstance(last, Projection) and isinstance(move, Projection):
            moves = (*self.moves[:-1], Projection(move.matrix @ last.matrix))
        else:
            moves = (*self.moves, move)
        seal = self.seal_at
        if seal is not None:
            x, y = move(np.array([seal], float))[0]
            seal = (round(x), round(y))
        return self.painted(pixels, moves=moves, seal_at=seal, **changes)

    def flagged(self, *flags: str) -> "Sheet":
        """The sheet with further flags."""
        new = tuple(flag for flag in flags if flag not in self.flags)
        return dataclasses.replace(self, flags=(*self.flags, *new))

    def in_colour(self) -> "Sheet":
        """The sheet in RGB, its pixels a copy."""
        pixels = self.pixels
        if pixels.ndim == 2:
            pixels = np.repeat(pixels[:, :, None], 3, axis=2)
        return dataclasses.replace(self, pixels=pixels.copy())

    def in_grey(self) -> Pixels:
        """The pixels in grey."""
        if self.pixels.ndim == 2:
            return self.pixels
        return np.asarray(cv2.cvtColor(self.pixels, cv2.COLOR_RGB2GRAY))


Fault = Callable[[Sheet, Rng, int], Sheet]


def fresh(
    image: Image.Image,
    dpi: int,
    seal_at: tuple[int, int] | None = None,
    words: tuple[Box, ...] = (),
    reverse: Image.Image | None = None,
) -> Sheet:
    """A sheet as printed, before any fault."""
    other = None if reverse is None else np.asarray(reverse.convert("L"))
    return Sheet(np.asarray(image), dpi, dpi, words=words, reverse=other, seal_at=seal_at)


def follow(box: Box, sheet: Sheet) -> Box:
    """The smallest box around where a box of the drawn page lies on the upright scanned sheet."""
    xs, ys = np.linspace(box.x0, box.x1, 5), np.linspace(box.y0, box.y1, 5)
    points = np.array([(x, y) for x in xs for y in ys], np.float64)
    for move in sheet.moves:
        points = move(points)
    low, high = points.min(axis=0), points.max(axis=0)
    return Box(round(low[0]), round(low[1]), round(high[0]), round(high[1]))


def at_dpi(sheet: Sheet, dpi: int) -> Sheet:
    """Scan at another resolution."""
    if dpi == sheet.dpi:
        return sheet
    factor = dpi / sheet.dpi
    width, height = (round(side * factor) for side in sheet.size)
    pixels = cv2.resize(sheet.pixels, (width, height), interpolation=cv2.INTER_AREA)
    tag = dpi if sheet.tag == sheet.dpi else sheet.tag
    return sheet.moved(pixels, Projection(np.diag((factor, factor, 1.0))), dpi=dpi, tag=tag)
