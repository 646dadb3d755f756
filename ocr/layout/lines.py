"""Lines of text: pieces of ink joined into words, words into lines, none across a rule."""

from dataclasses import dataclass
from math import ceil
from statistics import median_low

import cv2
import numpy as np
import numpy.typing as npt

from ocr.imaging.ink import ink_mask
from ocr.imaging.pixels import Grey, Mask, as_grey, box_kernel, reduced
from ocr.imaging.rules import Rules
from ocr.layout.boxes import Area
from ocr.layout.cells import Cells
from ocr.layout.crossed_words import parted_words
from ocr.layout.no_text import no_text, streaks
from ocr.layout.pieces import (
    LETTER_WIDTH,
    TextLine,
    colons,
    gathered,
    joined,
    letters_below,
    whole_letters,
)

_WORKING_DPI = 150
_STREAK = -1
_LONG = 10  # times its height
_FLAT_INCHES = 0.036  # print of 4 pt is higher
_EMPTY = 0.2  # of its rectangle that is ink; a line of print has more
_LETTER_GAP_INCHES = 0.045  # between the parts of a letter and between letters of a word
_STROKE_GAP_INCHES = 0.014  # between strokes above each other: ㅎ, i, =
_SPECK_INCHES = 0.013
_MOST_PIECES = 2500  # a crowded A4 page has 1,500 words; pairs of more would take all memory
_SMALLEST_INCHES = 0.03  # a line that is smaller on both sides is a lone speck
_TALLEST_INCHES = 0.9  # 65 pt; a picture is taller
_WORD_GAP = 1.3  # of a line's height; wider is another piece of text
_SHARED = 0.5  # of the lower part's height, on one line
_LIKE_HEIGHT = 0.6  # of the taller part's; less like parts must be near
_NEAR = 0.6  # of the taller part's height
_LETTER_HEIGHT = 0.45  # of the usual part's; a full stop, a dash, a stroke are lower
_MARK_REACH = 1.3  # of the usual height
_TALL = 1.8  # of the usual height: a title, or a seal with the lines it was pressed on
_TITLE_WIDTH = 2.5  # times its height; a seal is square
_TITLE_EDGE = 0.15  # of its height, above and below what is inked throughout
_TITLE_INK = 0.36  # of the usual row's ink, in each row
_HOLLOW, _SOLID = 0.18, 0.5  # of its area; a frame has less, bold letters that touch have more
_HIGHEST = 1.5  # times the usual height of its letters
_SLIM = 0.35  # of its height that a bracket, or a stroke of a pen, is wide at most
_MARK_SLACK = 0.25  # of its line's height, above and below it
_RULED = 0.5  # of the rows between two parts that a rule crosses
_INSIDE = 0.7  # of the lower one's height that two pieces of one line share


@dataclass(frozen=True, slots=True)
class LinesFound:
    """The lines of a page, in no order.

    Attributes:
        lines: areas in pixels of the page.
        labels: the page at `scale`: 0 = paper, -1 = a streak, else the part of the ink there.
    """

    lines: tuple[TextLine, ...]
    labels: npt.NDArray[np.int32]
    scale: float

    def image_of(self, line: TextLine, page: Grey, padding: int) -> tuple[Grey, int, int]:
        """Cut a line out of the page, the ink of its neighbours left out.

        Returns:
            The piece on white, and where its left and top lie on the page.
        """
        height, width = page.shape
        x0, y0 = max(line.area.x0 - padding, 0), max(line.area.y0 - padding, 0)
        x1, y1 = min(line.area.x1 + padding, width), min(line.area.y1 + padding, height)
        piece = page[y0:y1, x0:x1]
        rows = (np.arange(y0, y1) * self.scale).astype(np.intp).clip(0, self.labels.shape[0] - 1)
        columns = (np.arange(x0, x1) * self.scale).astype(np.intp).clip(0, self.labels.shape[1] - 1)
        near = self.labels[np.ix_(rows, columns)]
        foreign = (near != 0) & ~np.isin(near, line.parts)
        return np.where(foreign, np.uint8(255), piece), x0, y0


def find_lines(page: Grey, rules: Rules, cells: Cells, dpi: int) -> LinesFound:
    """Find the lines of a straightened page.

    Args:
        page: dark text on white, its rules painted out.
        rules: these rules; what is left of them is no text.
        cells: of the same page; no line crosses their sides.
        dpi: of the page.
    """
    scale = min(_WORKING_DPI / dpi, 1.0)
    unit = scale * dpi
    ink = ink_mask(reduced(page, dpi, _WORKING_DPI))
    sides = as_grey(cv2.resize(cells.columns, ink.shape[::-1], interpolation=cv2.INTER_NEAREST))
    gaps = box_kernel(round(_LETTER_GAP_INCHES * unit), round(_STROKE_GAP_INCHES * unit) + 1)
    streaked = streaks(ink, unit)
    ink = as_grey(cv2.subtract(ink, streaked))
    joined = as_grey(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, gaps))
    joined = as_grey(cv2.subtract(joined, cv2.subtract(sides, ink)))
    _, labelled, measured, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    labels, stats = np.asarray(labelled, np.int32), np.asarray(measured, np.int32)
    dropped = no_text(labels, stats, rules, streaked, unit)
    labels[streaked > 0] = _STREAK
    parts = _parts(stats, dropped, unit)
    if parts:
        stats = parted_words(labels, stats, _usual_height(parts), _STREAK)
        dropped = np.pad(dropped, (0, len(stats) - len(dropped)))
        parts = _parts(stats, dropped, unit)
    usual = _usual_height(parts) if parts else 0.0
    lines = [
        TextLine(_enlarged(found.area, scale), found.parts)
        for whole in _absorbed(_linked(parts, usual, sides, labels))
        for found in letters_below(whole, labels, usual)
        if max(found.area.width, found.area.height) >= _SMALLEST_INCHES * unit
        and not _is_rule(found, stats, unit)
    ]
    return LinesFound(tuple(lines), labels, scale)


def _is_rule(line: TextLine, stats: npt.NDArray[np.int32], unit: float) -> bool:
    """Tell whether a line is a rule, dotted or thin: long and flat; leaning, long and empty."""
    ink = int(stats[list(line.parts), cv2.CC_STAT_AREA].sum())
    area = line.area
    is_long, flat = area.width >= _LONG * area.height, area.height <= _FLAT_INCHES * unit
    return is_long and (flat or ink < _EMPTY * area.width * area.height)


def _parts(
    stats: npt.NDArray[np.int32], dropped: npt.NDArray[np.bool_], unit: float
) -> list[TextLine]:
    """Return the pieces of ink that may be text, left to right; of very many the largest."""
    pieces = [
        TextLine(Area(x, y, x + w, y + h), (label,))
        for label, (x, y, w, h) in enumerate(stats[:, :4].tolist())
        if label
        and not dropped[label]
        and max(w, h) >= _SPECK_INCHES * unit
        and h <= _TALLEST_INCHES * unit
    ]
    pieces.sort(key=lambda piece: piece.area.width * piece.area.height, reverse=True)
    return sorted(pieces[:_MOST_PIECES], key=lambda piece: piece.area.x0)


def _linked(
    parts: list[TextLine], usual: float, sides: Mask, labels: npt.NDArray[np.int32]
) -> list[TextLine]:
    """Join letters with their neighbours to the right, then marks with the line they stand on."""
    if not parts:
        return []
    letters = [part for part in parts if part.area.height >= _LETTER_HEIGHT * usual]
    marks = [part for part in parts if part.area.height < _LETTER_HEIGHT * usual]
    tall = [part for part in letters if part.area.height >= _TALL * usual]
    letters = [part for part in letters if part.area.height < _TALL * usual]
    titles, tall, letters = _titles(tall, letters, usual, sides, labels)
    lines = _chained(letters, usual, sides)
    lines, untouched = _through(lines, tall, usual)
    lines = sorted([*lines, *titles, *untouched], key=lambda line: line.area.x0)
    lines = _chained(whole_letters(lines, usual), usual, sides)
    alone: list[TextLine] = []
    reach = [line.area for line in lines]
    for mark in colons(marks, usual):
        host = _host(mark.area, reach, usual, sides)
        if host is None:
            alone.append(mark)
        else:
            lines[host] = joined([lines[host], mark])
            reach[host] = reach[host].widened(mark.area)
    return lines + _chained(alone, usual, sides)


def _usual_height(parts: list[TextLine]) -> float:
    """Return the median height of print, each part counted by its width: grain is narrow."""
    heights = np.array([part.area.height for part in parts], np.float64)
    widths = np.array([part.area.width for part in parts], np.float64)
    order = heights.argsort()
    sums = widths[order].cumsum()
    return float(heights[order[int(np.searchsorted(sums, sums[-1] / 2))]])


def _titles(
    tall: list[TextLine],
    letters: list[TextLine],
    usual: float,
    sides: Mask,
    labels: npt.NDArray[np.int32],
) -> tuple[list[TextLine], list[TextLine], list[TextLine]]:
    """Join the tall pieces that are words of a title with the strokes between their heads and feet.

    Returns:
        The titles, the tall pieces that are none, and the letters that are of no title.
    """
    heads = [part for part in letters if any(_goes_on(part.area, one.area) for one in tall)]
    places = {part.parts[0]: part for part in (*tall, *heads)}
    titles: list[TextLine] = []
    for chain in _chained(sorted(places.values(), key=lambda part: part.area.x0), usual, sides):
        word = _of_like_height([places[label] for label in chain.parts])
        feet = [part for part in letters if _stands_in(part.area, word.area)]
        title = joined([word, *(part for part in feet if part not in heads)])
        if _is_title(title, labels):
            titles.append(title)
    used = {part for title in titles for part in title.parts}
    tall, letters = (
        [part for part in own if used.isdisjoint(part.parts)] for own in (tall, letters)
    )
    return titles, tall, letters


def _of_like_height(pieces: list[TextLine]) -> TextLine:
    """Join pieces but those much higher than most: a crest beside a name, a seal."""
    usual = median_low(piece.area.height for piece in pieces)
    return joined([piece for piece in pieces if piece.area.height <= _HIGHEST * usual])


def _goes_on(piece: Area, tall: Area) -> bool:
    """Tell whether a piece is nearly as high as a tall one, and in its row."""
    high = piece.height >= _LIKE_HEIGHT * tall.height
    return high and piece.overlap_y(tall) >= _INSIDE * piece.height


def _is_title(line: TextLine, labels: npt.NDArray[np.int32]) -> bool:
    """Tell whether tall pieces are letters, inked from head to foot.

    Lines of print that a pen's ring, a seal or a frame joins have white above, between or below.
    """
    area = line.area
    if area.width < _TITLE_WIDTH * area.height:
        return False
    edge = round(_TITLE_EDGE * area.height)
    inked = np.isin(labels[area.y0 + edge : area.y1 - edge, area.x0 : area.x1], line.parts)
    rows = inked.mean(axis=1)
    usual = float(rows.mean())
    least = _HOLLOW if len(line.parts) > 1 else _SOLID
    return usual >= least and bool(rows.min() >= _TITLE_INK * usual)


def _stands_in(small: Area, line: Area) -> bool:
    """Tell whether a piece is within a line's height, and not beside it."""
    inside = small.overlap_y(line) >= _INSIDE * small.height
    return inside and small.overlap_x(line) >= _SHARED * small.width


def _through(
    lines: list[TextLine], tall: list[TextLine], usual: float
) -> tuple[list[TextLine], list[TextLine]]:
    """Lead lines through the tall pieces that they touch: a seal, a bracket, letters run together.

    Returns:
        The lines, longer by the width of such pieces; and the tall pieces that no line touches.
    """
    untouched: list[TextLine] = []
    for piece in tall:
        touching = [n for n, line in enumerate(lines) if _touches(line.area, piece.area, usual)]
        for place in touching:
            line = lines[place]
            area = Area(
                min(line.area.x0, piece.area.x0),
                line.area.y0,
                max(line.area.x1, piece.area.x1),
                line.area.y1,
            )
            lines[place] = TextLine(area, line.parts + piece.parts)
        if not touching:
            untouched.append(piece)
    return lines, untouched


def _touches(line: Area, tall: Area, usual: float) -> bool:
    lower = line.height <= _LIKE_HEIGHT * tall.height
    return (
        lower
        and tall.overlap_y(line) >= _INSIDE * line.height
        and tall.overlap_x(line) >= -_NEAR * usual
    )


def _chained(parts: list[TextLine], usual: float, sides: Mask) -> list[TextLine]:
    """Join each part with its nearest neighbour to the right, where both choose each other."""
    if not parts:
        return []
    edges = np.array([[p.area.x0, p.area.y0, p.area.x1, p.area.y1] for p in parts], np.float32)
    left: dict[int, int] = {}
    for place in range(len(parts)):
        neighbour = _nearest(edges, place, usual)
        if neighbour is not None:
            known = left.get(neighbour)
            if known is None or edges[known, 2] < edges[place, 2]:
                left[neighbour] = place
    chain_of = list(range(len(parts)))
    for place, part in enumerate(parts):
        before = left.get(place)
        if before is not None and not _crossed(parts[before].area, part.area, sides):
            chain_of[place] = chain_of[before]
    return gathered(parts, chain_of)


def _host(mark: Area, lines: list[Area], usual: float, sides: Mask) -> int | None:
    """Return the line that a small mark stands on: a full stop, a dash, a stroke of a letter.

    Args:
        mark: the mark's area.
        lines: each as high as its letters, however many marks it has, so that grain adds no rows.
        usual: height of print.
        sides: the vertical rules.
    """
    best, nearest = None, _MARK_REACH * usual
    for place, line in enumerate(lines):
        slack = _MARK_SLACK * line.height
        gap = -line.overlap_x(mark)
        on_line = line.y0 - slack <= mark.y0 and mark.y1 <= line.y1 + slack
        if on_line and gap < nearest:
            first, second = sorted((line, mark), key=lambda area: area.x0)
            if not _crossed(first, second, sides):
                best, nearest = place, gap
    return best


def _nearest(edges: npt.NDArray[np.float32], place: int, usual: float) -> int | None:
    """Return the nearest part to the right on the same line, None where the next is too far."""
    x0, y0, x1, y1 = edges[place]
    heights = edges[:, 3] - edges[:, 1]
    height = y1 - y0
    shared = np.minimum(edges[:, 3], y1) - np.maximum(edges[:, 1], y0)
    smaller, taller = np.minimum(heights, height), np.maximum(heights, height)
    gap = edges[:, 0] - x1
    reach = np.where(smaller < _LIKE_HEIGHT * taller, _NEAR * taller, _WORD_GAP * taller)
    stroke = (taller >= _TALL * usual) & _are_slim(edges, place)
    reach = np.where(stroke, 0, reach)
    reach = np.maximum(reach, _NEAR * usual)
    beside = (edges[:, 0] > x0) & (gap > -_SHARED * smaller) & (gap <= reach)
    on_line = beside & (shared >= _SHARED * smaller)
    on_line[place] = False
    if not on_line.any():
        return None
    return int(np.where(on_line, gap, np.inf).argmin())


def _are_slim(edges: npt.NDArray[np.float32], place: int) -> npt.NDArray[np.bool_]:
    """Return for each pair with one part whether the taller one is no wider than a stroke."""
    widths, heights = edges[:, 2] - edges[:, 0], edges[:, 3] - edges[:, 1]
    width = np.where(heights > heights[place], widths, widths[place])
    return np.asarray(width <= _SLIM * np.maximum(heights, heights[place]))


def _crossed(left: Area, right: Area, sides: Mask) -> bool:
    """Tell whether a rule stands between two neighbours."""
    top, bottom = max(left.y0, right.y0), min(left.y1, right.y1)
    between = sides[top : max(bottom, top + 1), left.x1 : right.x0]
    return bool(between.size and between.any(axis=1).mean() > _RULED)


def _absorbed(lines: list[TextLine]) -> list[TextLine]:
    """Join what stands in one line's rectangle: the parts of a title's letter, the dot of an i."""
    kept: list[TextLine] = []
    edges = np.empty((len(lines), 4), np.float32)
    for line in sorted(lines, key=lambda line: -line.area.width * line.area.height):
        hosts = np.flatnonzero(_same_line(line.area, edges[: len(kept)]))
        place = int(hosts[0]) if hosts.size else len(kept)
        if hosts.size:
            kept[place] = joined([kept[place], line])
        else:
            kept.append(line)
        area = kept[place].area
        edges[place] = area.x0, area.y0, area.x1, area.y1
    return kept


def _same_line(small: Area, large: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
    """Return for each of larger areas (left, top, right, bottom) whether it holds a small one."""
    x0, y0, x1, y1 = large.T
    height = y1 - y0
    lower, higher = np.minimum(height, small.height), np.maximum(height, small.height)
    beside = np.minimum(x1, small.x1) - np.maximum(x0, small.x0) > 0
    inside = np.minimum(y1, small.y1) - np.maximum(y0, small.y0) >= _INSIDE * lower
    alike = lower >= _LIKE_HEIGHT * higher
    return np.asarray(beside & inside & (alike | (small.width <= LETTER_WIDTH * height)))


def _enlarged(area: Area, scale: float) -> Area:
    return Area(
        int(area.x0 / scale), int(area.y0 / scale), ceil(area.x1 / scale), ceil(area.y1 / scale)
    )
