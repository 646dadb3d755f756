"""The look of an EMR's own print: letterhead bar, labels with colons, tables without upright rules.

`Slip` is the same hand on narrow paper: dashed rules, one item a row, as receipt printers do.
"""

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


class EmrPrint:
    """Draws blocks sparsely."""

    name = "emr_print"
    number_at = "centre"
    flags: tuple[str, ...] = ()

    def __init__(self, style: Style) -> None:
        self.style = style
        self._label = style.body.at(style.body.size, bold=style.label_bold)

    def airier(self, factor: float) -> "EmrPrint":
        """See `Layout.airier`: a printer's lines have one distance."""
        del factor
        return self

    def head(self, flow: Flow) -> None:
        """Letterhead bar, form line, title with a rule under it."""
        content = flow.content
        if content.letterhead:
            face = shrink(content.letterhead, self._label, flow.right - flow.left - 4)
            step = leading(face) + 2
            if self.style.label_grey < 255:
                flow.canvas.fill(
                    flow.left, flow.y, flow.right, flow.y + step, self.style.label_grey
                )
            self._single(flow, content.letterhead, face, "left", step, inset=2)
            flow.state(content.letterhead_facts)
            flow.y += 2
        title = spaced(content.title, self.style.spacing)
        face = shrink(title, self.style.title, flow.right - flow.left)
        self._single(flow, title, face, "centre", leading(face))
        if content.form_line:
            self._single(flow, content.form_line, self.style.body.at(8), "left", 4)
        if content.stamp:
            self._single(flow, f"[{content.stamp}]", self.style.body.at(9), "right", 5)
        self._separate(flow, strong=True)

    def running(self, flow: Flow) -> None:
        """The running items in one line over a rule, or nothing."""
        if flow.content.running:
            self.fields(flow, Fields((flow.content.running,)))

    def fields(self, flow: Flow, block: Fields) -> None:
        """`label : value` in columns, a rule below."""
        if block.heading:
            self._heading(flow, block.heading)
        for row in block.rows:
            edges = shares((item.weight for item in row), flow.left, flow.right)
            self._pairs(flow, row, edges)
        self._separate(flow)

    def _pairs(self, flow: Flow, row: Sequence[Item], edges: Sequence[float]) -> None:
        cells = []
        for place, item in enumerate(row):
            label = f"{item.label} :" if item.label else ""
            middle = edges[place] + (self._label.width(label) + 2 if label else 0)
            lines = wrap(item.value, self.style.body, edges[place + 1] - middle - 2)
            cells.append((edges[place], label, middle, lines, edges[place + 1]))
        step = leading(self.style.body)
        height = step * max(len(lines) for _, _, _, lines, _ in cells) + self.style.pad
        flow.need(height)
        flow.canvas.begin_line()
        for item, (left, label, middle, lines, right) in zip(row, cells, strict=True):
            draw_lines(flow.canvas, [label], self._label, (left, flow.y, middle, flow.y + step))
            box = (middle, flow.y, right, flow.y + step * len(lines))
            draw_lines(flow.canvas, lines, self.style.body, box)
            flow.state(item.facts)
        flow.y += height

    def table(self, flow: Flow, block: Table) -> None:
        """Titles between two rules, rows without any, a rule at the end."""
        if block.heading:
            self._heading(flow, block.heading)
        face = self.style.body.at(self.style.body.size * (0.86 if block.small else 1))
        edges = shares((column.weight for column in block.columns), flow.left, flow.right)
        aligns = [column.align for column in block.columns]
        titles = tuple(column.title for column in block.columns)
        bold = face.at(face.size, bold=True)
        flow.need(leading(face) * 4)
        self._row(flow, titles, bold, edges, aligns)
        self._rule(flow)
        for row in block.rows:
            weight = bold if row.strong else face
            if self._height(row.cells, weight, edges) > flow.room:
                flow.turn()
                self._row(flow, titles, bold, edges, aligns)
                self._rule(flow)
            if row.strong:
                self._rule(flow)
            self._row(flow, row.cells, weight, edges, aligns)
            flow.state(row.facts)
        self._separate(flow)

    def _height(self, cells: Sequence[str], face: Face, edges: Sequence[float]) -> float:
        counts = [
            len(wrap(text, face, edges[n + 1] - edges[n] - 2)) for n, text in enumerate(cells)
        ]
        return leading(face) * max(counts) + self.style.pad

    def _row(
        self,
        flow: Flow,
        cells: Sequence[str],
        face: Face,
        edges: Sequence[float],
        aligns: Sequence[str],
    ) -> None:
        height = self._height(cells, face, edges)
        flow.need(height)
        flow.canvas.begin_line()
        for n, text in enumerate(cells):
            lines = wrap(text, face, edges[n + 1] - edges[n] - 2)
            box = (edges[n] + 1, flow.y, edges[n + 1] - 1, flow.y + height)
            draw_lines(flow.canvas, lines, face, box, aligns[n])
        flow.y += height

    def prose(self, flow: Flow, block: Prose) -> None:
        """A bold label on its own line, the text below it, indented."""
        indent = 4 if block.label else 0
        face = self.style.body.at(self.style.body.size * (0.86 if block.small else 1))
        step = leading(face) * 1.05
        width = flow.right - flow.left - indent
        lines = [line for paragraph in block.lines for line in wrap(paragraph, face, width)]
        if block.facts:  # stay on one page, so that the page's facts are exact
            flow.need(step * (len(lines) + 1.2))
        if block.label:
            self._heading(flow, f"■ {block.label}")
        for line in lines:
            flow.need(step)
            self._single(flow, line, face, "left", step, inset=indent)
        flow.state(block.facts)
        flow.y += self.style.pad + max(0, min(block.room - len(block.lines), 3)) * step

    def closing(self, flow: Flow, block: Closing) -> None:
        """Sentence, date, signers; no frame."""
        face = self.style.body
        step = leading(face) * 1.2
        sentence = wrap(block.sentence, face, flow.right - flow.left) if block.sentence else []
        flow.need(step * (len(sentence) + len(block.signers) + 4))
        flow.y += step * 0.6
        for line in sentence:
            self._single(flow, line, face, "left", step)
        if block.date:
            flow.y += step * 0.5
            self._single(flow, block.date, face, "right", step)
        for row in block.signers:
            text = "   ".join(f"{item.label} : {item.value}" for item in row)
            self._single(flow, text, shrink(text, face, flow.right - flow.left), "right", step)
            for item in row:
                flow.state(item.facts)
        if block.addressee:
            self._single(flow, block.addressee, face.at(face.size + 1), "left", step)
        flow.state(block.facts)
        flow.y += self.style.pad

    def foot(self, flow: Flow) -> None:
        """Small lines at the end."""
        for line in flow.content.foot:
            face = self.style.body.at(8)
            for part in wrap(line, face, flow.right - flow.left):
                flow.need(leading(face))
                self._single(flow, part, face, "left", leading(face))

    def _single(
        self, flow: Flow, text: str, face: Face, align: str, step: float, inset: float = 0
    ) -> None:
        flow.canvas.begin_line()
        box = (flow.left + inset, flow.y, flow.right, flow.y + step)
        draw_lines(flow.canvas, [text], face, box, align)
        flow.y += step

    def _heading(self, flow: Flow, text: str) -> None:
        face = self._label.at(self._label.size, bold=True)
        flow.need(leading(face) * 3)
        self._single(flow, text, face, "left", leading(face))

    def _rule(self, flow: Flow) -> None:
        flow.canvas.rule(flow.left, flow.y, flow.right, flow.y, self.style.rule)
        flow.y += 0.6

    def _separate(self, flow: Flow, *, strong: bool = False) -> None:
        flow.y += 0.6
        weight = self.style.rule * (2.5 if strong else 1)
        flow.canvas.rule(flow.left, flow.y, flow.right, flow.y, weight)
        flow.y += 1 + self.style.pad


class Slip(EmrPrint):
    """Draws blocks on narrow paper: one item a row, dashed rules."""

    name = "slip"

    def fields(self, flow: Flow, block: Fields) -> None:
        """Label at the left, value at the right; a dashed rule below."""
        if block.heading:
            self._heading(flow, block.heading)
        face = self.style.body
        for item in (item for row in block.rows for item in row):
            split = flow.left + self._label.width(item.label) + 3
            lines = wrap(item.value, face, flow.right - split)
            height = leading(face) * len(lines) + self.style.pad
            flow.need(height)
            flow.canvas.begin_line()
            draw_lines(
                flow.canvas,
                [item.label],
                self._label,
                (flow.left, flow.y, split, flow.y + leading(face)),
            )
            box = (split, flow.y, flow.right, flow.y + height - self.style.pad)
            draw_lines(flow.canvas, lines, face, box, "right")
            flow.state(item.facts)
            flow.y += height
        self._separate(flow)

    def _rule(self, flow: Flow) -> None:
        flow.canvas.dashes(flow.left, flow.right, flow.y)
        flow.y += 0.6

    def _separate(self, flow: Flow, *, strong: bool = False) -> None:
        flow.y += 0.6
        flow.canvas.dashes(flow.left, flow.right, flow.y)
        if strong:
            flow.y += 0.8
            flow.canvas.dashes(flow.left, flow.right, flow.y)
        flow.y += 1 + self.style.pad
