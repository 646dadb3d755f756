"""Words with a stroke of a pen through them: parted from what sticks out above and below."""

import numpy as np
import numpy.typing as npt

_TALL = 1.8  # of the usual height of print
_WIDE = 3.0  # of the usual height, and no less than its own: more than a letter of a title
_STROKE = 0.7  # of the usual height: so wide is a row of a single stroke at most
_LETTERS = 0.6  # of the piece's ink
_ROW = (0.5, 1.6)  # of the usual height that a row of letters has


def parted_words(
    labels: npt.NDArray[np.int32], stats: npt.NDArray[np.int32], usual: float, rest: int
) -> npt.NDArray[np.int32]:
    """Part the tall pieces of ink that are rows of letters with a stroke from one to the next.

    Args:
        labels: the pieces; 0 is paper. What was parted is written into it.
        stats: of OpenCV's connected components.
        usual: height of print.
        rest: the label that the strokes' ends get.

    Returns:
        The statistics, with those of the parted pieces; of the first five columns, at their end.
    """
    width, height = stats[:, 2], stats[:, 3]
    tall = (height >= _TALL * usual) & (width >= np.maximum(_WIDE * usual, height))
    tall[0] = False
    measured = stats.copy()
    found: list[tuple[int, ...]] = []
    for label in np.flatnonzero(tall).tolist():
        x, y, w, h = (int(side) for side in stats[label, :4])
        window = labels[y : y + h, x : x + w]
        own = window == label
        rows = _rows_of_letters(own, usual)
        if not rows:
            continue
        window[own] = rest
        for place, (top, bottom) in enumerate(rows):
            row = own[top:bottom]
            inked = np.flatnonzero(row.any(axis=0))
            left, right = int(inked[0]), int(inked[-1]) + 1
            own_label = label if not place else len(stats) + len(found)
            window[top:bottom][row] = own_label
            area = (x + left, y + top, right - left, bottom - top, int(row.sum()))
            if place:
                found.append(area)
            else:
                measured[label, :5] = area
    return np.concatenate((measured, np.array(found, np.int32).reshape(-1, stats.shape[1])))


def _rows_of_letters(piece: npt.NDArray[np.bool_], usual: float) -> list[tuple[int, int]]:
    """Return top and bottom of the rows of letters that a piece is made of, none if it is not."""
    across = np.arange(1, piece.shape[1] + 1) * piece
    reach = across.max(axis=1) - np.where(piece, across, piece.shape[1] + 1).min(axis=1) + 1
    wide = reach > _STROKE * usual
    edges = np.flatnonzero(np.diff(wide.astype(np.int8), prepend=0, append=0))
    rows = [(int(top), int(bottom)) for top, bottom in zip(edges[::2], edges[1::2], strict=True)]
    lowest, highest = (share * usual for share in _ROW)
    letters = [
        (top, bottom)
        for top, bottom in rows
        if lowest <= bottom - top
        and np.ptp(np.flatnonzero(piece[top:bottom].any(axis=0))) >= _WIDE * usual
    ]
    kept = sum(int(piece[top:bottom].sum()) for top, bottom in letters)
    low = all(bottom - top <= highest for top, bottom in rows)
    return letters if low and kept >= _LETTERS * piece.sum() else []
