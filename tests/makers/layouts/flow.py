"""Sets blocks on pages from top to bottom, and remembers which facts each page prints."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tests.makers.canvas import Canvas, SketchCanvas
from tests.makers.content import (
    LIST_FIELDS,
    Closing,
    Content,
    Facts,
    Fields,
    Prose,
    Table,
)
from tests.makers.fonts import Face

NewPage = Callable[[float, float], Canvas]
_LEADING = 1.42


@dataclass(frozen=True, slots=True)
class Style:
    """How one layout looks this time: paper in millimetres, faces, ruling."""

    width: float
    height: float
    margin: float
    body: Face
    title: Face
    label_bold: bool
    label_grey: int
    rule: float
    pad: float
    gap: float
    spacing: int


@dataclass(slots=True)
class DrawnPage:
    """One finished page: its canvas and the facts printed on it."""

    canvas: Canvas
    facts: dict[str, object] = field(default_factory=dict)

    def state(self, facts: Facts) -> None:
        """Add facts; the same field may be printed twice, never with two values."""
        for key, value in facts:
            if key in LIST_FIELDS:
                known = self.facts.setdefault(key, [])
                assert isinstance(known, list)
                if value not in known:
                    known.append(value)
            elif self.facts.setdefault(key, value) != value:
                raise ValueError(f"a page prints two values of {key}")


class Flow:
    """The page being filled: `y` is how far it is filled, in millimetres; `total` counts all.

    A layout may set `before_turn`, which draws what stands below the last block of a full page.
    """

    def __init__(self, content: Content, layout: "Layout", new_page: NewPage, total: int) -> None:
        self.content, self.style = content, layout.style
        self.pages: list[DrawnPage] = []
        self.y = 0.0
        self.before_turn: Callable[[], None] = lambda: None
        self.total = total
        self._layout, self._new_page = layout, new_page
        self.turn()

    @property
    def canvas(self) -> Canvas:
        """The page being filled."""
        return self.pages[-1].canvas

    @property
    def left(self) -> float:
        """Left edge of the type area."""
        return self.style.margin

    @property
    def right(self) -> float:
        """Right edge of the type area."""
        return self.canvas.width - self.style.margin

    @property
    def room(self) -> float:
        """Height left on this page; the page number's line stays free."""
        return self.canvas.height - self.style.margin - 6 - self.y

    def turn(self) -> None:
        """Number the page and start the next one."""
        if self.pages:
            self.before_turn()
            self.number()
        width, height = self.style.width, self.style.height
        if self.content.landscape and height > width:
            width, height = height, width
        self.pages.append(DrawnPage(self._new_page(width, height)))
        self.y = self.style.margin
        if len(self.pages) == 1:
            self._layout.head(self)
        else:
            self._layout.running(self)

    def number(self) -> None:
        """Print this page's number where the document has numbers."""
        if not self.content.numbering or self.total == 1 or not self._layout.number_at:
            return
        text = self.content.numbering.format(page=len(self.pages), pages=self.total)
        face = self.style.body.at(9)
        self.canvas.begin_line()
        middle = (self.canvas.width - face.width(text)) / 2
        x = {"centre": middle, "right": self.right - face.width(text)}[self._layout.number_at]
        self.canvas.text(x, self.canvas.height - self.style.margin, text, face)

    def need(self, height: float) -> None:
        """Turn the page unless that much height is left, or the page is fresh."""
        if height > self.room and self.room < self.style.height * 0.8:
            self.turn()

    def state(self, facts: Facts) -> None:
        """Add facts to the page being filled."""
        self.pages[-1].state(facts)


class Layout(Protocol):
    """Draws each kind of block at the flow's `y` and moves it on.

    Attributes:
        name: by which `make_layout` knows it. number_at: where page numbers stand, `centre` or
            `right`; empty: the layout sets its own. flags: page flags that are true of all its
            pages, such as `handwriting`.
    """

    name: str
    style: Style
    number_at: str
    flags: tuple[str, ...]

    def airier(self, factor: float) -> "Layout":
        """The same layout with rows higher by a factor; itself where they have one height."""

    def head(self, flow: Flow) -> None:
        """Draw what stands above the blocks of the first page."""

    def running(self, flow: Flow) -> None:
        """Draw what stands above the blocks of a continuation page."""

    def fields(self, flow: Flow, block: Fields) -> None:
        """Draw labelled values."""

    def table(self, flow: Flow, block: Table) -> None:
        """Draw a table, over several pages if need be."""

    def prose(self, flow: Flow, block: Prose) -> None:
        """Draw labelled running text, over several pages if need be."""

    def closing(self, flow: Flow, block: Closing) -> None:
        """Draw the closing sentence, date and signers, unbroken."""

    def foot(self, flow: Flow) -> None:
        """Draw the small lines at the end of the last page."""


def lay_out(content: Content, layout: Layout, new_page: NewPage) -> list[DrawnPage]:
    """Draw a document and return its pages."""
    if content.airy:
        return _fill(content, _filling(content, layout), new_page, total=1)
    total = len(_fill(content, layout, SketchCanvas, total=2))
    return _fill(content, layout, new_page, total)


def _filling(content: Content, layout: Layout) -> Layout:
    for factor in (2.6, 2.2, 1.8, 1.4, 1.0, 0.6, 0.35):
        airier = layout.airier(factor)
        if len(_fill(content, airier, SketchCanvas, total=1)) == 1:
            return airier
    raise ValueError(f"{content.kind} does not fit on one page")


def _fill(content: Content, layout: Layout, new_page: NewPage, total: int) -> list[DrawnPage]:
    flow = Flow(content, layout, new_page, total)
    for block in content.blocks:
        if isinstance(block, Fields):
            layout.fields(flow, block)
        elif isinstance(block, Table):
            layout.table(flow, block)
        elif isinstance(block, Prose):
            layout.prose(flow, block)
        else:
            layout.closing(flow, block)
    layout.foot(flow)
    flow.number()
    return flow.pages


def leading(face: Face) -> float:
    """Distance of two baselines in millimetres."""
    return face.size * 25.4 / 72 * _LEADING


def wrap(text: str, face: Face, width: float) -> list[str]:
    """Break a text into lines that fit a width: at spaces, else inside a word."""
    lines: list[str] = []
    line = ""
    for given in text.split(" "):
        word = given
        joined = f"{line} {word}" if line else word
        if face.width(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        while face.width(word) > width and len(word) > 1:
            cut = max(1, _fitting(word, face, width))
            lines.append(word[:cut])
            word = word[cut:]
        line = word
    return [*lines, line]


def _fitting(word: str, face: Face, width: float) -> int:
    return next(n for n in range(len(word), 0, -1) if n == 1 or face.width(word[:n]) <= width)


def shrink(text: str, face: Face, width: float) -> Face:
    """The face, smaller where the text would not fit the width."""
    needed = face.width(text)
    return face if needed <= width else face.at(face.size * width / needed * 0.995)


def draw_lines(
    canvas: Canvas,
    lines: Sequence[str],
    face: Face,
    box: tuple[float, float, float, float],
    align: str = "left",
    *,
    grey: int = 0,
) -> None:
    """Draw lines into a box (left, top, right, bottom), centred from top to bottom."""
    left, top, right, bottom = box
    step = leading(face)
    tall = face.size * 25.4 / 72
    y = top + (bottom - top - step * len(lines)) / 2 + (step - tall) / 2 + tall * 0.86
    for line in lines:
        slack = right - left - face.width(line)
        offset = {"left": 0.0, "centre": slack / 2, "right": slack}[align]
        canvas.text(left + offset, y, line, face, grey=grey)
        y += step


def spaced(title: str, spaces: int) -> str:
    """Letter-space a title, as forms do; long ones and ones with brackets stay as they are."""
    if spaces == 0 or len(title) > 9 or not title.isalpha():
        return title
    return (" " * spaces).join(title)


def ticked(text: str, marks: tuple[str, str]) -> str:
    """A text whose `[√]` is the first of the marks, and whose `[ ]` is the second."""
    on, off = marks
    return text.replace("[√]", f"{on} ").replace("[ ]", f"{off} ").replace("  ", " ")


def shares(weights: Iterable[float], left: float, right: float) -> list[float]:
    """Edges of columns that share a width by weight; one more than there are weights."""
    given = list(weights)
    unit = (right - left) / sum(given)
    edges = [left]
    for weight in given:
        edges.append(edges[-1] + weight * unit)
    return edges
