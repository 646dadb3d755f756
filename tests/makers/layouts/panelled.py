"""The look of a coloured print-out: white print on dark bars, panels beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tests.makers.content import Fields, Item, Prose, Table
from tests.makers.fonts import Face
from tests.makers.layouts.emr_print import EmrPrint
from tests.makers.layouts.flow import Flow, Style, draw_lines, leading, shares, shrink, wrap

_LIGHTEST_DARK = 165
_GAP = 4.0  # millimetres between panels beside each other
_SIDES = ("환자 사항", "진료 사항")


@dataclass(frozen=True, slots=True)
class Paint:
    """Greys of a panelled page: 0 black to 255 white; and how its panels are drawn.

    Attributes:
        title: behind the title. heading: behind a panel's heading. columns: behind the titles of
            a table's columns. label: behind a label.
        framed: panels have a frame. beside: fields stand in two panels side by side.
        ruled: there are thin rules between a panel's rows.
    """

    title: int
    heading: int
    columns: int
    label: int
    framed: bool
    beside: bool
    ruled: bool


class Panelled(EmrPrint):
    """Draws every block in a panel under a bar."""

    name = "panelled"
    number_at = "right"

    def __init__(self, style: Style, paint: Paint) -> None:
        super().__init__(style)
        self._paint = paint
        self._small = style.body.at(style.body.size * 0.9)

    def head(self, flow: Flow) -> None:
        """A bar with the title at the left and the institution small at its right."""
        content, face = flow.content, self.style.title
        width = flow.right - flow.left
        face = shrink(content.title, face, width * 0.5)
        note = shrink(content.letterhead, self._small, width * 0.42) if content.letterhead else None
        top, bottom = flow.y, flow.y + leading(face) + 3
        flow.canvas.begin_line()
        flow.canvas.fill(flow.left, top, flow.right, bottom, self._paint.title)
        box = (flow.left + 3, top, flow.right, bottom)
        self._print(flow, [content.title], face, box, self._paint.title)
        if note:
            box = (flow.left, top, flow.right - 3, bottom)
            self._print(flow, [content.letterhead], note, box, self._paint.title, "right")
            flow.state(content.letterhead_facts)
        flow.y = bottom + 1
        for text, side in ((content.form_line, "left"), (content.stamp, "right")):
            if text:
                self._single(flow, text, self.style.body.at(8), side, 4)
        flow.y += 1.5

    def fields(self, flow: Flow, block: Fields) -> None:
        """One panel; or two side by side, the left one read first."""
        items = [item for row in block.rows for item in row]
        if not self._paint.beside or len(items) < 4:
            self._panel(flow, block.heading, block.rows, (flow.left, flow.right))
            flow.y += self.style.gap
            return
        middle = (flow.left + flow.right) / 2
        half = (len(items) + 1) // 2
        sides = (
            (block.heading or _SIDES[0], items[:half], (flow.left, middle - _GAP / 2)),
            (_SIDES[1], items[half:], (middle + _GAP / 2, flow.right)),
        )
        heights = [
            self._heading_height() + sum(self._height_of((item,), edges) for item in own)
            for _, own, edges in sides
        ]
        flow.need(max(heights))
        top = flow.y
        for heading, own, edges in sides:
            flow.y = top
            self._panel(flow, heading, [(item,) for item in own], edges)
        flow.y = top + max(heights) + self.style.gap

    def _panel(
        self,
        flow: Flow,
        heading: str,
        rows: Sequence[Sequence[Item]],
        edges: tuple[float, float],
    ) -> None:
        if heading:
            self._bar(flow, heading, edges)
        top = flow.y
        for place, row in enumerate(rows):
            if _turns(flow, self._height_of(row, edges)):
                top = flow.y
            elif place and self._paint.ruled:
                flow.canvas.rule(edges[0], flow.y, edges[1], flow.y, self.style.rule)
            self._labelled(flow, row, edges)
        self._frame(flow, top, edges)

    def _labelled(self, flow: Flow, row: Sequence[Item], edges: tuple[float, float]) -> None:
        """Labels on grey at the left of their values."""
        height = self._height_of(row, edges)
        cells = shares((item.weight for item in row), *edges)
        flow.canvas.begin_line()
        for n, item in enumerate(row):
            left, split, right = cells[n], self._split(cells[n], cells[n + 1]), cells[n + 1]
            if item.label:
                grey = self._paint.label
                flow.canvas.fill(left, flow.y + 0.25, split, flow.y + height - 0.25, grey)
                face = shrink(item.label, self._label, split - left - 2)
                box = (left + 1, flow.y, split, flow.y + height)
                self._print(flow, [item.label], face, box, grey)
            lines = wrap(item.value, self.style.body, right - split - 3)
            self._print(flow, lines, self.style.body, (split + 2, flow.y, right, flow.y + height))
            flow.state(item.facts)
        flow.y += height

    def _height_of(self, row: Sequence[Item], edges: tuple[float, float]) -> float:
        cells = shares((item.weight for item in row), *edges)
        counts = [
            len(wrap(item.value, self.style.body, right - self._split(left, right) - 3))
            for item, (left, right) in zip(row, pairwise(cells), strict=True)
        ]
        return leading(self.style.body) * max(counts) + self.style.pad

    @staticmethod
    def _split(left: float, right: float) -> float:
        return left + min((right - left) * 0.36, 30)

    def table(self, flow: Flow, block: Table) -> None:
        """Titles in white on a dark row, white rules between them."""
        if block.heading:
            self._bar(flow, block.heading, (flow.left, flow.right))
        face = self._small.at(self._small.size * (0.9 if block.small else 1))
        edges = shares((column.weight for column in block.columns), flow.left, flow.right)
        aligns = [column.align for column in block.columns]
        titles = tuple(column.title for column in block.columns)
        flow.need(leading(face) * 4)
        top = self._titles(flow, titles, face, edges)
        for row in block.rows:
            bold = face.at(face.size, bold=row.strong)
            height = self._height(row.cells, bold, edges)
            if height > flow.room:
                self._frame(flow, top, (flow.left, flow.right))
                flow.turn()
                top = self._titles(flow, titles, face, edges)
            self._row(flow, row.cells, bold, edges, aligns)
            if self._paint.ruled:
                flow.canvas.rule(flow.left, flow.y, flow.right, flow.y, self.style.rule)
            flow.state(row.facts)
        self._frame(flow, top, (flow.left, flow.right))
        flow.y += self.style.gap

    def _titles(
        self, flow: Flow, titles: Sequence[str], face: Face, edges: Sequence[float]
    ) -> float:
        top, bottom = flow.y, flow.y + self._height(titles, face, edges) + 1
        grey = self._paint.columns
        flow.canvas.begin_line()
        flow.canvas.fill(flow.left, top, flow.right, bottom, grey)
        for n, title in enumerate(titles):
            if n and grey < _LIGHTEST_DARK:
                flow.canvas.fill(edges[n] - 0.15, top, edges[n] + 0.15, bottom, 255)
            lines = wrap(title, face, edges[n + 1] - edges[n] - 2)
            self._print(flow, lines, face, (edges[n] + 1, top, edges[n + 1] - 1, bottom), grey)
        flow.y = bottom
        return top

    def prose(self, flow: Flow, block: Prose) -> None:
        """The label in a bar, the text in a frame below."""
        face = self.style.body.at(self.style.body.size * (0.86 if block.small else 1))
        step = leading(face) * 1.05
        edges = (flow.left, flow.right)
        lines = [line for text in block.lines for line in wrap(text, face, edges[1] - edges[0] - 6)]
        bar = self._heading_height() if block.label else 0.0
        flow.need(bar + step * (len(lines) if block.facts else 2) + 2)
        if block.label:
            self._bar(flow, block.label, edges)
        top = flow.y
        flow.y += 1
        for line in lines:
            if _turns(flow, step):
                top = flow.y
            self._single(flow, line, face, "left", step, inset=3)
        flow.state(block.facts)
        flow.y += 1 + max(0, min(block.room - len(block.lines), 3)) * step
        self._frame(flow, top, edges)
        flow.y += self.style.gap

    def _heading_height(self) -> float:
        return leading(self._small) + 1.6

    def _bar(self, flow: Flow, text: str, edges: tuple[float, float]) -> None:
        height = self._heading_height()
        flow.need(height + leading(self.style.body) * 2)
        flow.canvas.begin_line()
        grey = self._paint.heading
        flow.canvas.fill(edges[0], flow.y, edges[1], flow.y + height, grey)
        box = (edges[0] + 2, flow.y, edges[1], flow.y + height)
        self._print(flow, [text], self._small.at(self._small.size, bold=True), box, grey)
        flow.y += height

    def _frame(self, flow: Flow, top: float, edges: tuple[float, float]) -> None:
        if self._paint.framed and flow.y > top:
            left, right = edges
            for y in (top, flow.y):
                flow.canvas.rule(left, y, right, y, self.style.rule)
            for x in (left, right):
                flow.canvas.rule(x, top, x, flow.y, self.style.rule)

    @staticmethod
    def _print(
        flow: Flow,
        lines: Sequence[str],
        face: Face,
        box: tuple[float, float, float, float],
        ground: int = 255,
        align: str = "left",
    ) -> None:
        ink = 255 if ground < _LIGHTEST_DARK else 0
        draw_lines(flow.canvas, lines, face, box, align, grey=ink)


def _turns(flow: Flow, height: float) -> bool:
    """Turn the page where that much height is not left; tell whether that was done."""
    before = len(flow.pages)
    flow.need(height)
    return len(flow.pages) > before
