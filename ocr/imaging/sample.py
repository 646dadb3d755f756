"""Pieces of a page put below each other, to be read in one go."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ocr.imaging.pixels import Grey, as_grey

_PADDING_INCHES = 0.06


@dataclass(frozen=True, slots=True)
class Stacked:
    """Pieces left-aligned on white, `padding` pixels round each; `floors`: where each row ends."""

    image: Grey
    padding: int
    floors: tuple[int, ...]


def stack(pieces: Sequence[Grey], dpi: int) -> Stacked:
    """Return at least one piece of a page in one image."""
    padding = max(round(_PADDING_INCHES * dpi), 1)
    widest = max(piece.shape[1] for piece in pieces)
    rows = [
        cv2.copyMakeBorder(
            piece,
            padding,
            padding,
            padding,
            padding + widest - piece.shape[1],
            cv2.BORDER_CONSTANT,
            value=(255.0,),
        )
        for piece in pieces
    ]
    floors = np.cumsum([row.shape[0] for row in rows])
    return Stacked(as_grey(np.vstack(rows)), padding, tuple(int(floor) for floor in floors))
