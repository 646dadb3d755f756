"""The look of a crowded modern form: shaded bands, small grey labels above values, merged cells.

Rules are thin or dotted; choices are ticked boxes; equal cells of a table's first column are one.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from tests.makers.content import Closing, Column, Fields, Item, Prose, Row, Table
from tests.makers.fonts import Face
from tests.makers.layouts.column_groups import grouped
from tests.makers.layouts.flow import (
    Flow,
    Style,
    draw_lines,
    leading,
    shares,
    shrink,
    ticked,
    wrap,
)

_LABEL_GREY = 84


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of a table's row: from one edge to another, by number."""

    first: int
    last: int
    text: str
    align: str


class Dense:
    """Draws blocks close together, in small print.

    Args:
        marks: the signs of a choice that is ticked and of one that is not.
    """

    name = "dense"
    number_at = "right"
    flags: tuple[str, ...] = ()

    def __init__(self, style: Style, marks: tuple[str, str]) -> None:
        self.style = style
        self._label = style.body.at(style.body.size * 0.76)
        self._marks = marks

    def airier(self, factor: float) -> "Dense":
        """See `Layout.airier`."""
        style = dataclasses.replace(self.style, pad=self.style.pad * factor)
        return Dense(style, self._marks)

    def head(self, flow: Flow) -> None:
        """A dark line, the title at the left, institution and form line small at the right."""
        content = flow.content
        flow.canvas.fill(flow.left, flow.y, flow.right, flow.y + 1.2, 60)
        flow.y += 3
        top = flow.y
        small = self.style.body.at(7)
        width = flow.right - flow.left
        title = ticked(content.title, self._marks)
        face = shrink(title, self.style.title, width * 0.6)
        flow.canvas.begin_line()
        box = (flow.left, top, flow.left + width * 0.6, top + leading(face))
        draw_lines(flow.canvas, [title], face, box)
        notes = [
            part
            for text in (content.letterhead, content.form_line, content.stamp)
            if text
            for part in wrap(text, small, width * 0.36)
        ]
        y = top
        for note in notes:
            flow.canvas.begin_line()
            box = (flow.left + width * 0.62, y, flow.right, y + leading(small))
            draw_lines(flow.canvas, [note], small, box, "right", grey=_LABEL_GREY)
            y += leading(small)
        if content.letterhead:
            flow.state(content.letterhead_facts)
        flow.y = max(top + leading(face), y) + 2

    def running(self, flow: Flow) -> None:
        """The running items in one row of cells, or nothing."""
        if flow.content.running:
            self.fields(flow, Fields((flow.content.running,)))

    def fields(self, flow: Flow, block: Fields) -> None:
        """Cells with a small grey label above the value; rows of unlike widths."""
        if block.heading:
            self._band(flow, block.heading)
        top = flow.y
        for row in block.rows:
            self._cells(flow, row)
        if flow.y > top:
            flow.canvas.rule(flow.left, flow.y, flow.right, flow.y, self.style.rule * 2)
        flow.y += self.style.gap

    def _cells(self, flow: Flow, row: Sequence[Item]) -> None:
        edges = shares((item.weight for item in row), flow.left, flow.right)
        values = [
            wrap(ticked(item.value, self._marks), self.style.body, edges[n + 1] - edges[n] - 2.4)
            for n, item in enumerate(row)
        ]
        named = [
            wrap(item.label, self._label, edges[n + 1] - edges[n] - 2.4)
            for n, item in enumerate(row)
        ]
        above = max(len(lines) for lines in named) * leading(self._label)
        step = leading(self.style.body)
        height = above + max(len(lines) for lines in values) * step + self.style.pad
        flow.need(height)
        top, bottom = flow.y, flow.y + height
        for n, item in enumerate(row):
            left, right = edges[n] + 1.2, edges[n + 1] - 1.2
            flow.canvas.begin_line()
            box = (left, top + 0.4, right, top + 0.4 + len(named[n]) * leading(self._label))
            draw_lines(flow.canvas, named[n], self._label, box, grey=_LABEL_GREY)
            under = bottom - self.style.pad / 2 - len(values[n]) * step
            draw_lines(
                flow.canvas,
                values[n],
                self.style.body,
                (left, under, right, under + step * len(values[n])),
            )
            if n:
                flow.canvas.rule(edges[n], top + 0.6, edges[n], bottom - 0.6, self.style.rule)
            flow.state(item.facts)
        flow.canvas.dashes(flow.left, flow.right, bottom, dotted=True)
        flow.y = bottom

    def table(self, flow: Flow, block: Table) -> None:
        """Grouped titles on grey; equal first cells are one; sums span the columns before them."""
        if block.heading:
            self._band(flow, block.heading)
        face = self.style.body.at(self.style.body.size * (0.86 if block.small else 0.95))
        edges = shares((column.weight for column in block.columns), flow.left, flow.right)
        flow.need(leading(face) * 6)
        self._titles(flow, block.columns, face, edges)
        merged = ""
        for row in block.rows:
            own = face.at(face.size, bold=row.strong)
            cells = self._spanning(row, block.columns)
            wrapped = [wrap(c.text, own, edges[c.last] - edges[c.first] - 1.6) for c in cells]
            height = max(len(lines) for lines in wrapped) * leading(own) + self.style.pad * 0.7
            if height > flow.room:
                flow.canvas.rule(flow.left, flow.y, flow.right, flow.y, self.style.rule)
                flow.turn()
                self._titles(flow, block.columns, face, edges)
                merged = ""
            same = bool(row.cells[0]) and row.cells[0] == merged and not row.strong
            merged = row.cells[0]
            self._row(flow, cells, wrapped, own, edges, (height, same, row.strong))
            flow.state(row.facts)
        flow.canvas.rule(flow.left, flow.y, flow.right, flow.y, self.style.rule * 2)
        flow.y += self.style.gap

    @staticmethod
    def _spanning(row: Row, columns: Sequence[Column]) -> list[_Cell]:
        span = 1
        while row.strong and span < len(row.cells) and not row.cells[span]:
            span += 1
        first = _Cell(0, span, row.cells[0], "centre" if span > 1 else columns[0].align)
        rest = (
            _Cell(n, n + 1, row.cells[n], columns[n].align) for n in range(span, len(row.cells))
        )
        return [first, *rest]

    def _row(
        self,
        flow: Flow,
        cells: Sequence[_Cell],
        wrapped: Sequence[Sequence[str]],
        face: Face,
        edges: Sequence[float],
        look: tuple[float, bool, bool],
    ) -> None:
        height, same, strong = look
        top, bottom = flow.y, flow.y + height
        if strong:
            flow.canvas.fill(flow.left, top, flow.right, bottom, 232)
        ruled = edges[1] if same else flow.left
        flow.canvas.rule(ruled, top, flow.right, top, self.style.rule)
        flow.canvas.begin_line()
        for number, (cell, lines) in enumerate(zip(cells, wrapped, strict=True)):
            left, right = edges[cell.first], edges[cell.last]
            if number:
                flow.canvas.rule(left, top, left, bottom, self.style.rule)
            if not (number == 0 and same):
                box = (left + 0.8, top, right - 0.8, bottom)
                draw_lines(flow.canvas, lines, face, box, cell.align)
        flow.y = bottom

    def _titles(
        self, flow: Flow, columns: Sequence[Column], face: Face, edges: Sequence[float]
    ) -> None:
        small = face.at(face.size * 0.92)
        groups = grouped([column.title for column in columns])
        deep = any(group for group, _, _ in groups)
        upper = leading(small) + 0.8 if deep else 0.0
        under = [
            wrap(columns[n].title.removeprefix(f"{group} "), small, edges[n + 1] - edges[n] - 1.4)
            for group, first, last in groups
            for n in range(first, last)
        ]
        height = upper + max(len(lines) for lines in under) * leading(small) + 0.8
        top, bottom = flow.y, flow.y + height
        flow.canvas.fill(flow.left, top, flow.right, bottom, self.style.label_grey)
        flow.canvas.begin_line()
        for group, first, last in groups:
            box = (edges[first] + 0.7, top, edges[last] - 0.7, top + upper if group else bottom)
            draw_lines(flow.canvas, [group] if group else under[first], small, box, "centre")
            if first:
                flow.canvas.rule(edges[first], top, edges[first], bottom, self.style.rule)
        if deep:
            flow.canvas.begin_line()
        for group, first, last in groups:
            for n in range(first, last) if group else ():
                box = (edges[n] + 0.7, top + upper, edges[n + 1] - 0.7, bottom)
                draw_lines(flow.canvas, under[n], small, box, "centre")
                if n > first:
                    flow.canvas.rule(edges[n], top + upper, edges[n], bottom, self.style.rule)
            if group:
                y = top + upper
                flow.canvas.rule(edges[first], y, edges[last], y, self.style.rule)
        flow.y = bottom

    def prose(self, flow: Flow, block: Prose) -> None:
        """A shaded band with the label, the text close below it."""
        face = self.style.body.at(self.style.body.size * (0.86 if block.small else 1))
        step = leading(face)
        width = flow.right - flow.left - 3
        lines = [s for text in block.lines for s in wrap(ticked(text, self._marks), face, width)]
        if block.facts:  # stay on one page, so that the page's facts are exact
            flow.need(step * (len(lines) + 2) + self.style.pad)
        if block.label:
            self._band(flow, block.label)
        for line in lines:
            flow.need(step)
            self._single(flow, line, face, "left", step, inset=1.5)
        flow.state(block.facts)
        flow.y += self.style.pad * 0.6 + max(0, min(block.room - len(lines), 4)) * step * 0.4

    def closing(self, flow: Flow, block: Closing) -> None:
        """Two cells: sentence, date and addressee at the left; the signers at the right."""
        face, step = self.style.body, leading(self.style.body) * 1.08
        width = flow.right - flow.left
        split = flow.left + width * (0.44 if block.signers else 1.0)
        left = [*wrap(block.sentence, face, split - flow.left - 3)] if block.sentence else []
        left += [text for text in (block.date, block.addressee) if text]
        right = [
            (item, wrap(f"{item.label}  {item.value}".strip(), face, flow.right - split - 3))
            for row in block.signers
            for item in row
        ]
        count = max(len(left), sum(len(lines) for _, lines in right))
        height = step * count + 2 * self.style.pad
        flow.need(height)
        top, bottom = flow.y, flow.y + height
        flow.canvas.rule(flow.left, top, flow.right, top, self.style.rule * 2)
        y = top + self.style.pad
        for text in left:
            flow.canvas.begin_line()
            own = shrink(text, face, split - flow.left - 3)
            draw_lines(flow.canvas, [text], own, (flow.left + 1.5, y, split - 1.5, y + step))
            y += step
        y = top + self.style.pad
        for item, lines in right:
            flow.canvas.begin_line()
            box = (split + 1.5, y, flow.right - 1.5, y + step * len(lines))
            draw_lines(flow.canvas, lines, face, box)
            y += step * len(lines)
            flow.state(item.facts)
        if right:
            flow.canvas.rule(split, top, split, bottom, self.style.rule)
        flow.canvas.rule(flow.left, bottom, flow.right, bottom, self.style.rule * 2)
        flow.state(block.facts)
        flow.y = bottom + self.style.gap

    def foot(self, flow: Flow) -> None:
        """Very small grey lines."""
        face = self.style.body.at(6.5)
        for line in flow.content.foot:
            for part in wrap(line, face, flow.right - flow.left):
                flow.need(leading(face))
                self._single(flow, part, face, "left", leading(face), grey=_LABEL_GREY)

    def _band(self, flow: Flow, text: str) -> None:
        face = self.style.body.at(self.style.body.size * 0.95, bold=True)
        step = leading(face) * 1.1
        flow.need(step * 3)
        flow.canvas.fill(flow.left, flow.y, flow.right, flow.y + step, self.style.label_grey)
        self._single(flow, text, face, "left", step, inset=1.2)
        flow.y += 0.5

    @staticmethod
    def _single(
        flow: Flow,
        text: str,
        face: Face,
        align: str,
        step: float,
        *,
        inset: float = 0,
        grey: int = 0,
    ) -> None:
        flow.canvas.begin_line()
        box = (flow.left + inset, flow.y, flow.right, flow.y + step)
        draw_lines(flow.canvas, [text], face, box, align, grey=grey)
        flow.y += step
