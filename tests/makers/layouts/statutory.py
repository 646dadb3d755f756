"""The statutory look: ruled boxes with label cells, a letter-spaced title, small print on top."""

import dataclasses
from collections.abc import Sequence

from tests.makers.content import Closing, Fields, Item, Prose, Table
from tests.makers.fonts import Face
from tests.makers.layouts.flow import (
    Flow,
    Style,
    draw_lines,
    leading,
    shares,
    shrink,
    spaced,
    wrap,
)


class Statutory:
    """Draws blocks as the forms annexed to the rules do."""

    name = "statutory"
    number_at = "centre"
    flags: tuple[str, ...] = ()

    def __init__(self, style: Style) -> None:
        self.style = style
        self._label = style.body.at(style.body.size, bold=style.label_bold)
        self._values = style.body

    def airier(self, factor: float) -> "Statutory":
        """See `Layout.airier`."""
        return Statutory(dataclasses.replace(self.style, pad=self.style.pad * factor))

    def head(self, flow: Flow) -> None:
        """Form line, stamp box, title."""
        content = flow.content
        if content.form_line:
            self._plain(flow, content.form_line, self.style.body.at(8))
        if content.stamp:
            self._stamp(flow, content.stamp)
        flow.y += 3
        title = spaced(content.title, self.style.spacing)
        face = shrink(title, self.style.title, flow.right - flow.left - 40 * bool(content.stamp))
        flow.canvas.begin_line()
        step = leading(face)
        draw_lines(
            flow.canvas, [title], face, (flow.left, flow.y, flow.right, flow.y + step), "centre"
        )
        flow.y += step + 4

    def running(self, flow: Flow) -> None:
        """The running items in one boxed row, or nothing."""
        if flow.content.running:
            self.fields(flow, Fields((flow.content.running,)))
            flow.y += 2

    def fields(self, flow: Flow, block: Fields) -> None:
        """A grid of label cells and value cells."""
        if block.heading:
            self._heading(flow, block.heading)
        widths = self._label_widths(block)
        for row in block.rows:
            edges = shares((item.weight for item in row), flow.left, flow.right)
            cells: list[tuple[float, float, list[str], Face, bool]] = []
            for place, item in enumerate(row):
                middle = min(edges[place] + widths[place], edges[place + 1] - 8)
                cells.append(self._cell(edges[place], middle, item.label, self._label, True))
                cells.append(
                    self._cell(middle, edges[place + 1], item.value, self.style.body, False)
                )
            self._row(flow, cells, ["centre", "left"] * len(row))
            for item in row:
                flow.state(item.facts)
        flow.y += self.style.gap

    def table(self, flow: Flow, block: Table) -> None:
        """A full grid; the titles come again on each page."""
        if block.heading:
            self._heading(flow, block.heading)
        share = 0.84 if block.small else 1
        face = self.style.body.at(self.style.body.size * share)
        values = self._values.at(self._values.size * share)
        edges = shares((column.weight for column in block.columns), flow.left, flow.right)
        self._titles(flow, block, face, edges)
        for row in block.rows:
            own = face.at(face.size, bold=True) if row.strong else values
            cells = [
                self._cell(edges[n], edges[n + 1], text, own, row.strong)
                for n, text in enumerate(row.cells)
            ]
            if self._height(cells) > flow.room:
                flow.turn()
                self._titles(flow, block, face, edges)
            self._row(flow, cells, [column.align for column in block.columns])
            flow.state(row.facts)
        flow.y += self.style.gap

    def prose(self, flow: Flow, block: Prose) -> None:
        """A label cell at the left and text at the right; without label, one wide cell."""
        face = self.style.body.at(self.style.body.size * (0.84 if block.small else 1))
        split = flow.left + 26 if block.label else flow.left
        width = flow.right - split - 4
        lines = [line for paragraph in block.lines for line in wrap(paragraph, face, width)]
        step = leading(face)
        named = wrap(block.label, self._label, split - flow.left - 3) if block.label else []
        least = max(block.room * step, len(named) * leading(self._label)) + 2 * self.style.pad
        if block.facts:  # stay on one page, so that the page's facts are exact
            flow.need(max(step * len(lines) + 2 * self.style.pad, least))
        while lines or named:
            fitting = int((flow.room - 2 * self.style.pad) / step)
            if fitting < min(3, len(lines)) or least > flow.room:
                least = min(least, flow.style.height * 0.5)
                flow.turn()
                continue
            taken, lines = lines[:fitting], lines[fitting:]
            height = max(step * len(taken) + 2 * self.style.pad, least)
            self._prose_box(flow, named, taken, face, (split, height))
            named, least = [], 0.0
        flow.state(block.facts)
        flow.y += self.style.gap

    def _prose_box(
        self,
        flow: Flow,
        named: Sequence[str],
        lines: Sequence[str],
        face: Face,
        shape: tuple[float, float],
    ) -> None:
        split, height = shape
        top, bottom = flow.y, flow.y + height
        if split > flow.left:
            self._shade(flow, flow.left, split, top, bottom)
        self._frame(flow, (flow.left, split, flow.right), top, bottom)
        flow.canvas.begin_line()
        draw_lines(flow.canvas, named, self._label, (flow.left, top, split, bottom), "centre")
        step = leading(face)
        y = top + self.style.pad
        for number, line in enumerate(lines):
            if number:
                flow.canvas.begin_line()
            draw_lines(flow.canvas, [line], face, (split + 2, y, flow.right - 2, y + step))
            y += step
        flow.y = bottom

    def closing(self, flow: Flow, block: Closing) -> None:
        """Sentence, date in the middle, signers to the right, all in one frame."""
        face = self.style.body
        step = leading(face) * 1.25
        sentence = wrap(block.sentence, face, flow.right - flow.left - 16) if block.sentence else []
        count = len(sentence) + bool(block.date) + len(block.signers) + bool(block.addressee)
        height = step * (count + 2.5)
        flow.need(height)
        top = flow.y
        self._frame(flow, (flow.left, flow.right), top, top + height)
        flow.y += step * 0.5
        for line in sentence:
            self._single(flow, line, face, "left", step, inset=8)
        if block.date:
            flow.y += step * 0.5
            self._single(flow, block.date, face, "centre", step)
            flow.y += step * 0.5
        for row in block.signers:
            self._signers(flow, row, face, step)
            for item in row:
                flow.state(item.facts)
        if block.addressee:
            self._single(flow, block.addressee, face.at(face.size + 1.5), "left", step, inset=8)
        flow.state(block.facts)
        flow.y = top + height + self.style.gap

    def _signers(self, flow: Flow, row: Sequence[Item], face: Face, step: float) -> None:
        flow.canvas.begin_line()
        text = "   ".join(f"{item.label} {item.value}".strip() for item in row)
        inner = (flow.left + 8, flow.y, flow.right - 8, flow.y + step)
        start = max(flow.left + 8, flow.left + (flow.right - flow.left) * 0.30)
        small = shrink(text, face, inner[2] - start)
        draw_lines(flow.canvas, [text], small, (start, inner[1], inner[2], inner[3]))
        flow.y += step

    def foot(self, flow: Flow) -> None:
        """Small lines under the last frame."""
        for line in flow.content.foot:
            face = self.style.body.at(8)
            for part in wrap(line, face, flow.right - flow.left):
                flow.need(leading(face))
                self._plain(flow, part, face)

    def _plain(self, flow: Flow, text: str, face: Face) -> None:
        self._single(flow, text, face, "left", leading(face))

    def _single(
        self, flow: Flow, text: str, face: Face, align: str, step: float, inset: float = 0
    ) -> None:
        flow.canvas.begin_line()
        box = (flow.left + inset, flow.y, flow.right - inset, flow.y + step)
        draw_lines(flow.canvas, [text], face, box, align)
        flow.y += step

    def _heading(self, flow: Flow, text: str) -> None:
        flow.need(leading(self._label) * 4)
        self._plain(flow, text, self._label.at(self._label.size, bold=True))
        flow.y += 0.6

    def _stamp(self, flow: Flow, text: str) -> None:
        face = self.style.body.at(9)
        width, height = face.width(text) + 6, leading(face) + 3
        left, top = flow.right - width, flow.y
        for x0, y0, x1, y1 in (
            (left, top, left + width, top),
            (left, top + height, left + width, top + height),
            (left, top, left, top + height),
            (left + width, top, left + width, top + height),
        ):
            flow.canvas.rule(x0, y0, x1, y1, 0.35)
        flow.canvas.begin_line()
        draw_lines(flow.canvas, [text], face, (left, top, left + width, top + height), "centre")
        flow.y += height

    def _label_widths(self, block: Fields) -> list[float]:
        places = max(len(row) for row in block.rows)
        return [
            min(
                40.0,
                max(self._label.width(row[n].label) for row in block.rows if n < len(row)) + 4,
            )
            for n in range(places)
        ]

    def _cell(
        self, left: float, right: float, text: str, face: Face, label: bool
    ) -> tuple[float, float, list[str], Face, bool]:
        return left, right, wrap(text, face, right - left - 2.4), face, label

    def _height(self, cells: Sequence[tuple[float, float, list[str], Face, bool]]) -> float:
        tallest = max(leading(face) * len(lines) for _, _, lines, face, _ in cells)
        return tallest + 2 * self.style.pad

    def _titles(self, flow: Flow, block: Table, face: Face, edges: Sequence[float]) -> None:
        bold = face.at(face.size, bold=self.style.label_bold)
        cells = [
            self._cell(edges[n], edges[n + 1], column.title, bold, True)
            for n, column in enumerate(block.columns)
        ]
        flow.need(self._height(cells) * 2.2)
        self._row(flow, cells, ["centre"] * len(cells))

    def _row(
        self,
        flow: Flow,
        cells: Sequence[tuple[float, float, list[str], Face, bool]],
        aligns: Sequence[str],
    ) -> None:
        height = self._height(cells)
        flow.need(height)
        top, bottom = flow.y, flow.y + height
        for left, right, _, _, label in cells:
            if label:
                self._shade(flow, left, right, top, bottom)
        self._frame(flow, [cells[0][0], *(cell[1] for cell in cells)], top, bottom)
        flow.canvas.begin_line()
        for (left, right, lines, face, _), align in zip(cells, aligns, strict=True):
            draw_lines(flow.canvas, lines, face, (left + 1.2, top, right - 1.2, bottom), align)
        flow.y = bottom

    def _shade(self, flow: Flow, left: float, right: float, top: float, bottom: float) -> None:
        if self.style.label_grey < 255:
            flow.canvas.fill(left, top, right, bottom, self.style.label_grey)

    def _frame(self, flow: Flow, edges: Sequence[float], top: float, bottom: float) -> None:
        for x in edges:
            flow.canvas.rule(x, top, x, bottom, self.style.rule)
        for y in (top, bottom):
            flow.canvas.rule(edges[0], y, edges[-1], y, self.style.rule)
