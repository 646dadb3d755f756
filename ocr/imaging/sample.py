"""A few pieces of lines put below each other, for a quick reading."""

from collections.abc import Sequence

import cv2
import numpy as np

from ocr.imaging.pixels import Grey, as_grey

_PADDING_INCHES = 0.06


def stacked(pieces: Sequence[Grey], dpi: int) -> Grey:
    """Return pieces of a page, at least one, left-aligned on white with some space round each."""
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
    return as_grey(np.vstack(rows))
