"""Words as the recognizer reads them: parted where it read a space, or where the white is wide.

It has learned what a space is in each face; a needle printer's wide full stop is none.
"""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ocr.engines.word_gaps import Symbol
from ocr.imaging.ink import ink_mask
from ocr.imaging.pixels import Grey, Mask
from records.values import Box

_WIDE = 0.9  # of the ink's height: white that parts words though no space was read


def by_read_space(symbols: list[Symbol], line: Grey) -> list[tuple[Box, list[Symbol]]]:
    """Return a line's words, left to right: their ink's box, their symbols without spaces."""
    ink = ink_mask(line)
    inked = np.asarray(ink.any(axis=0))
    rows = np.flatnonzero(ink.any(axis=1))
    if not rows.size:
        return []
    wide = _WIDE * (rows[-1] - rows[0] + 1)
    words: list[list[Symbol]] = [[]]
    edges = [0]
    spaced = False
    last: Symbol | None = None
    for symbol in symbols:
        if symbol.text == " ":
            spaced = True
            continue
        if last is not None:
            start, end = _white(inked, last, symbol)
            if spaced or end - start >= wide:
                words.append([])
                edges.append((start + end) // 2)
        words[-1].append(symbol)
        last, spaced = symbol, False
    edges.append(len(inked))
    sides = pairwise(edges)
    return [(_box(ink, *side, own), own) for side, own in zip(sides, words, strict=True) if own]


def _white(inked: npt.NDArray[np.bool_], left: Symbol, right: Symbol) -> tuple[int, int]:
    """Return the widest white between the middles of two symbols; without any, a point."""
    first, last = (round((s.left + s.right) / 2) for s in (left, right))
    first, last = max(first, 0), min(max(last, first + 1), len(inked))
    filled = np.concatenate(([1], inked[first:last], [1])).astype(np.int8)
    steps = np.diff(filled)
    starts, ends = np.flatnonzero(steps == -1), np.flatnonzero(steps == 1)
    if not starts.size:
        middle = (first + last) // 2
        return middle, middle
    place = int((ends - starts).argmax())
    return first + int(starts[place]), first + int(ends[place])


def _box(ink: Mask, x0: int, x1: int, symbols: list[Symbol]) -> Box:
    """Return the box of the ink between two columns; of the symbols where there is none."""
    part = ink[:, x0:x1]
    columns, rows = np.flatnonzero(part.any(axis=0)), np.flatnonzero(part.any(axis=1))
    if not columns.size:
        left = min(max(round(symbols[0].left), 0), ink.shape[1] - 1)
        right = min(max(round(symbols[-1].right), left + 1), ink.shape[1])
        return Box(left, 0, right, ink.shape[0])
    return Box(x0 + int(columns[0]), int(rows[0]), x0 + int(columns[-1]) + 1, int(rows[-1]) + 1)
