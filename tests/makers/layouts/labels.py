"""Labels of ruled forms: letters that stand one under another, letters spread over a cell."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.makers.canvas import Canvas, stacking
from tests.makers.fonts import Face
from tests.makers.layouts.flow import draw_lines, leading, shrink, wrap

UPRIGHT = 8.5  # width of a cell whose label stands upright, millimetres
_LEVEL = 24.0  # of a side cell whose label lies
_LONGEST = 8  # letters that stand upright
_SMALLEST = 0.75  # share of its size to which a label's letters shrink
Cell = tuple[float, float, float, float]  # left, top, right, bottom


def is_hangul(text: str) -> bool:
    """True for syllables and nothing else."""
    return bool(text) and all("가" <= letter <= "힣" for letter in text)


def height_upright(word: str, face: Face) -> float:
    """The least height of a cell in which a word's letters stand upright; 0 where they cannot."""
    return stacking(face) * len(word) + 1.5 if is_hangul(word) else 0.0


def draw_upright(canvas: Canvas, word: str, face: Face, cell: Cell) -> None:
    """Draw a word's letters one under another in the middle of a cell."""
    left, top, right, bottom = cell
    step, tall = stacking(face), face.size * 25.4 / 72
    y = (top + bottom - step * len(word)) / 2 + (step - tall) / 2 + tall * 0.86
    canvas.stack((left + right) / 2, y, word, face)


@dataclass(frozen=True, slots=True)
class SideLabel:
    """A label in a cell at the left of a text; `width` is the cell's, 0 without a label."""

    text: str
    face: Face
    width: float
    upright: bool

    @property
    def height(self) -> float:
        """The least height of its cell."""
        if self.upright:
            return height_upright(self.text, self.face)
        if not self.text:
            return leading(self.face)
        lines, face = set_label(self.text, self.face, self.width - 1.4)
        return leading(face) * len(lines)

    def draw(self, canvas: Canvas, cell: Cell) -> None:
        """Draw it in the middle of its cell."""
        if self.upright:
            draw_upright(canvas, self.text, self.face, cell)
        elif self.text:
            lines, face = set_label(self.text, self.face, self.width - 1.4)
            draw_spread(canvas, lines, face, cell)


def side_label(label: str, face: Face, *, upright: bool) -> SideLabel:
    """How a text's label is set: upright, without its spaces, if it may be and can be."""
    closed = "".join(label.split())
    if not label:
        return SideLabel("", face, 0.0, upright=False)
    if upright and is_hangul(closed) and 2 <= len(closed) <= _LONGEST:
        return SideLabel(closed, face, UPRIGHT, upright=True)
    small = shrink(label, face, UPRIGHT - 1.4)
    if upright and small.size > 6.8:
        return SideLabel(label, small, UPRIGHT, upright=False)
    return SideLabel(label, face, _LEVEL, upright=False)


def set_label(label: str, face: Face, width: float) -> tuple[list[str], Face]:
    """Break a label into lines that fit a width, its letters a little smaller if that helps."""
    longest = max(label.split(" "), key=face.width)
    small = shrink(longest, face, width)
    own = small if small.size > face.size * _SMALLEST else face
    return wrap(label, own, width), own


def draw_spread(canvas: Canvas, lines: Sequence[str], face: Face, cell: Cell) -> None:
    """Draw a label in the middle of a cell; letters of a short one stand apart, each a word."""
    left, top, right, bottom = cell
    word = lines[0] if len(lines) == 1 else ""
    if is_hangul(word) and 2 <= len(word) <= 4:
        em = face.width("가")
        gap = min((right - left - 3 - em * len(word)) / (len(word) - 1), em * 2)
        if gap > em * 0.4:
            x = (left + right - em * len(word) - gap * (len(word) - 1)) / 2
            for letter in word:
                draw_lines(canvas, [letter], face, (x, top, x + em, bottom), "centre")
                x += em + gap
            return
    draw_lines(canvas, lines, face, (left + 0.7, top, right - 0.7, bottom), "centre")
