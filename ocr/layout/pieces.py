"""Pieces of ink put together: strokes above each other to letters, dots to colons."""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ocr.layout.boxes import Area, around

_LARGE = 1.3  # of the usual height: a title's letter
LETTER_WIDTH = 1.2  # of its height; a wider piece is more than a letter
_STROKE_GAP = 0.35  # of the usual height, between the strokes of a title's letter
_SQUARE = 0.6  # of its height that a letter is wide at least, and of its width that it is high
_WHOLE = 0.7  # of a letter's height that its strokes reach over, a tick at its head not counted
_WIDE = 1.4  # of another letter's height that a flat one is wide at most
_UPRIGHT_STEP = 1.12  # of an upright label's letters, from one to the next, in their width
_NARROW, _BROAD = 0.7, 1.6  # of the usual height, a letter's width
_CUT_REACH = 0.25  # of a letter's height, above and below where the next one should begin
_CUT_INK = 0.6  # of a usual row's ink
_COLON_MARKS = 2  # that one mark has above or below it; one with more is grain
_ABOVE = 0.5  # of the narrower piece's width, that both share


@dataclass(frozen=True, slots=True)
class TextLine:
    """One piece of text to be read in one go: where it stands, and its parts' labels."""

    area: Area
    parts: tuple[int, ...]


def whole_letters(lines: list[TextLine], usual: float) -> list[TextLine]:
    """Join the strokes of a title's letter that stand above each other, alone on their lines."""
    lone = [line for line in lines if _is_lone(line.area, usual)]
    if not lone:
        return lines
    pairs = _Pairs.of(lone)
    letter = (pairs.width >= _SQUARE * pairs.height) & (pairs.width * _SQUARE <= pairs.height)
    letter &= (pairs.height >= _LARGE * usual) & (pairs.gap <= _STROKE_GAP * usual)
    found = gathered(lone, _merged(pairs.above & letter))
    rest = [line for line in lines if line not in lone]
    return sorted(_beside_letters([*rest, *found], usual), key=lambda line: line.area.x0)


def _is_lone(area: Area, usual: float) -> bool:
    return area.width <= LETTER_WIDTH * max(area.height, _LARGE * usual)


def _beside_letters(lines: list[TextLine], usual: float) -> list[TextLine]:
    """Join strokes, one above the other, to a letter as high as a whole one in the same row.

    So large a letter's flat strokes are as wide as a word of other print.
    """
    large = [
        line.area
        for line in lines
        if line.area.height >= _LARGE * usual
        and _SQUARE * line.area.height <= line.area.width <= LETTER_WIDTH * line.area.height
    ]
    if not large:
        return lines
    widest = _WIDE * max(area.height for area in large)
    near = [line for line in lines if line.area.width <= widest]
    pairs = _Pairs.of(near)
    flat = np.array([not _is_lone(line.area, usual) for line in near])
    letter = pairs.above & (pairs.height >= _LARGE * usual) & (pairs.gap <= _STROKE_GAP * usual)
    letter &= np.triu(flat | flat[:, None])
    for one, two in np.argwhere(letter):
        both = around((near[one].area, near[two].area))
        letter[one, two] = any(_are_in_row(both, area) for area in large)
    found = gathered(near, _merged(letter))
    return [*(line for line in lines if line not in near), *found]


def _are_in_row(strokes: Area, letter: Area) -> bool:
    """Tell whether strokes are a letter nearly as high as another one, beside it."""
    return (
        _WHOLE * letter.height <= strokes.height <= letter.height / _WHOLE
        and strokes.width <= _WIDE * letter.height
        and strokes.overlap_y(letter) >= _WHOLE * letter.height
        and strokes.overlap_x(letter) < 0
    )


def letters_below(line: TextLine, labels: npt.NDArray[np.int32], usual: float) -> list[TextLine]:
    """Part the letters of an upright label that touch; any other line stays as it is.

    Args:
        line: a piece of text.
        labels: the part of the ink at each place.
        usual: height of print.
    """
    area = line.area
    count = round(area.height / (_UPRIGHT_STEP * area.width))
    if count < 2 or not _NARROW * usual <= area.width <= _BROAD * usual:
        return [line]
    inked = np.isin(labels[area.y0 : area.y1, area.x0 : area.x1], line.parts).mean(axis=1)
    step = area.height / count
    cuts = [0]
    for number in range(1, count):
        low, high = (round((number + side) * step) for side in (-_CUT_REACH, _CUT_REACH))
        cut = low + int(inked[low : high + 1].argmin())
        if inked[cut] > _CUT_INK * inked.mean():
            return [line]
        cuts.append(cut)
    return [
        TextLine(Area(area.x0, area.y0 + top, area.x1, area.y0 + bottom), line.parts)
        for top, bottom in pairwise([*cuts, area.height])
    ]


def colons(marks: list[TextLine], usual: float) -> list[TextLine]:
    """Join the dots of a colon, and the strokes of an equals sign."""
    if not marks:
        return []
    pairs = _Pairs.of(marks)
    near = pairs.above & (pairs.gap > 0) & (pairs.height <= usual)
    near &= (near.sum(axis=0) <= _COLON_MARKS) & (near.sum(axis=1) <= _COLON_MARKS)[:, None]
    return gathered(marks, _merged(near))


class _Pairs(NamedTuple):
    """Of each pair of pieces: whether one stands above the other, their gap and common size."""

    above: npt.NDArray[np.bool_]
    gap: npt.NDArray[np.float32]
    height: npt.NDArray[np.float32]
    width: npt.NDArray[np.float32]

    @classmethod
    def of(cls, pieces: list[TextLine]) -> "_Pairs":
        edges = np.array([[p.area.x0, p.area.y0, p.area.x1, p.area.y1] for p in pieces], np.float32)
        x0, y0, x1, y1 = edges.T
        shared = np.minimum(x1, x1[:, None]) - np.maximum(x0, x0[:, None])
        above = shared >= _ABOVE * np.minimum(x1 - x0, (x1 - x0)[:, None])
        np.fill_diagonal(above, val=False)
        return cls(
            above=above,
            gap=np.maximum(y0, y0[:, None]) - np.minimum(y1, y1[:, None]),
            height=np.maximum(y1, y1[:, None]) - np.minimum(y0, y0[:, None]),
            width=np.maximum(x1, x1[:, None]) - np.minimum(x0, x0[:, None]),
        )


def _merged(pairs: npt.NDArray[np.bool_]) -> list[int]:
    """Return for each piece the number of the group that pairs put it in."""
    group_of = np.arange(len(pairs))
    for first, second in np.argwhere(pairs):
        lower, higher = sorted((group_of[first], group_of[second]))
        group_of[group_of == higher] = lower
    return [int(group) for group in group_of]


def gathered(parts: list[TextLine], chain_of: list[int]) -> list[TextLine]:
    """Join the parts of each chain."""
    chains: dict[int, list[TextLine]] = {}
    for chain, part in zip(chain_of, parts, strict=True):
        chains.setdefault(chain, []).append(part)
    return [joined(chain) for chain in chains.values()]


def joined(lines: list[TextLine]) -> TextLine:
    """Join lines, or parts of them, to one."""
    return TextLine(
        around(line.area for line in lines), tuple(part for line in lines for part in line.parts)
    )
