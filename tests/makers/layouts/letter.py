"""The look of a letter: the institution's name large, underlined blanks, two columns, numbers.

The first items stand in a box beside the title; other items are blanks, two in a row, read row by
row; long text fills two columns, read one after the other; the form's number stands at the foot.
"""

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

_BOX = 62.0  # width of the box beside the title, millimetres
_GUTTER = 8.0
_LONG = 10  # lines that are set in two columns; shorter columns look like a table's


class Letter:
    """Draws blocks as a letter with blanks filled in."""

    name = "letter"
    number_at = "right"
    flags: tuple[str, ...] = ()

    def __init__(self, style: Style) -> None:
        self.style = style
        self._label = style.body.at(style.body.size, bold=style.label_bold)
        self._count = 0

    def airier(self, factor: float) -> "Letter":
        """See `Layout.airier`."""
        return Letter(dataclasses.replace(self.style, pad=self.style.pad * factor))

    def head(self, flow: Flow) -> None:
        """Name large, address and telephone small, a double line; then title and box."""
        self._count = 0
        content = flow.content
        if content.letterhead:
            name, _, rest = content.letterhead.partition("   ")
            face = shrink(name, self.style.title.at(self.style.title.size * 0.8), 120)
            self._single(flow, spaced(name, 1), face, "centre", leading(face))
            flow.state(content.letterhead_facts)
            if rest:
                self._single(flow, rest, self.style.body.at(8), "centre", 4.4)
            flow.y += 0.6
            for weight in (0.7, 0.2):
                flow.canvas.rule(flow.left, flow.y, flow.right, flow.y, weight)
                flow.y += 1.0
            flow.y += 2
        boxed = self._boxed(flow)
        top, right = flow.y, flow.right - (_BOX + 6 if boxed else 0)
        title = spaced(content.title, self.style.spacing)
        face = shrink(title, self.style.title, right - flow.left)
        flow.canvas.begin_line()
        flow.y += 2
        box = (flow.left, flow.y, right, flow.y + leading(face))
        draw_lines(flow.canvas, [title], face, box, "left" if boxed else "centre")
        flow.y += leading(face)
        if content.stamp:
            self._single(flow, f"[ {content.stamp} ]", self.style.body.at(8.5), "left", 4.6)
        under = flow.y
        if boxed:
            under = max(under, self._side_box(flow, boxed, top))
        flow.y = under + 3

    @staticmethod
    def _boxed(flow: Flow) -> tuple[Item, ...]:
        first = flow.content.blocks[0]
        return first.rows[0] if isinstance(first, Fields) and len(first.rows) > 1 else ()

    def _side_box(self, flow: Flow, items: Sequence[Item], top: float) -> float:
        left, y = flow.right - _BOX, top + 1.2
        for item in items:
            label = f"{item.label} "
            middle = left + 2 + self._label.width(label)
            lines = wrap(item.value, self.style.body, flow.right - middle - 1.5)
            step = leading(self.style.body)
            flow.canvas.begin_line()
            draw_lines(flow.canvas, [label.strip()], self._label, (left + 2, y, middle, y + step))
            box = (middle, y, flow.right - 1, y + step * len(lines))
            draw_lines(flow.canvas, lines, self.style.body, box)
            y += step * len(lines) + 0.6
            flow.state(item.facts)
        bottom = y + 0.8
        for x0, y0, x1, y1 in (
            (left, top, flow.right, top),
            (left, bottom, flow.right, bottom),
            (left, top, left, bottom),
            (flow.right, top, flow.right, bottom),
        ):
            flow.canvas.rule(x0, y0, x1, y1, self.style.rule * 1.5)
        return bottom

    def running(self, flow: Flow) -> None:
        """The running items in one line at the right, or nothing."""
        items = flow.content.running
        if items:
            text = " / ".join(f"{item.label} {item.value}" for item in items)
            self._single(flow, text, self.style.body.at(8.5), "right", 5)
            flow.canvas.rule(flow.left, flow.y, flow.right, flow.y, 0.2)
            flow.y += 3
            for item in items:
                flow.state(item.facts)

    def fields(self, flow: Flow, block: Fields) -> None:
        """Underlined blanks two in a row; an item alone takes a line."""
        if block.heading:
            self._heading(flow, block.heading)
        rows = block.rows
        if flow.content.blocks[0] is block and self._boxed(flow):
            rows = rows[1:]
        pending: list[Item] = []
        for row in rows:
            if len(row) == 1:
                self._pairs(flow, pending)
                pending = []
                self._blank(flow, row[0], flow.left, flow.right)
            else:
                pending.extend(row)
        self._pairs(flow, pending)
        flow.y += self.style.gap

    def _pairs(self, flow: Flow, items: Sequence[Item]) -> None:
        middle = (flow.left + flow.right) / 2
        sides = ((flow.left, middle - _GUTTER / 2), (middle + _GUTTER / 2, flow.right))
        for first in range(0, len(items), 2):
            placed = list(zip(items[first : first + 2], sides, strict=False))
            height = max(self._blank_height(item, *side) for item, side in placed)
            flow.need(height)
            top = flow.y
            for item, side in placed:
                flow.y = top
                self._blank(flow, item, *side)
            flow.y = top + height

    def _blank_lines(self, item: Item, left: float, right: float) -> tuple[float, list[str]]:
        start = left + min(self._label.width(item.label) + 3, (right - left) * 0.55)
        return start, wrap(item.value, self.style.body, right - start - 3)

    def _blank_height(self, item: Item, left: float, right: float) -> float:
        _, lines = self._blank_lines(item, left, right)
        named = wrap(item.label, self._label, (right - left) * 0.55)
        return leading(self.style.body) * max(len(lines), len(named)) + self.style.pad

    def _blank(self, flow: Flow, item: Item, left: float, right: float) -> None:
        start, lines = self._blank_lines(item, left, right)
        named = wrap(item.label, self._label, (right - left) * 0.55)
        height = self._blank_height(item, left, right)
        flow.need(height)
        step, y = leading(self.style.body), flow.y + self.style.pad * 0.6
        flow.canvas.begin_line()
        draw_lines(flow.canvas, named, self._label, (left, y, start, y + step * len(named)))
        draw_lines(
            flow.canvas, lines, self.style.body, (start + 2, y, right, y + step * len(lines))
        )
        for number in range(1, len(lines) + 1):
            flow.canvas.rule(start, y + step * number, right, y + step * number, 0.15)
        flow.y += height
        flow.state(item.facts)

    def table(self, flow: Flow, block: Table) -> None:
        """Titles between two heavy lines; every row over a thin one; no upright rules."""
        if block.heading:
            self._heading(flow, block.heading)
        face = self.style.body.at(self.style.body.size * (0.84 if block.small else 0.96))
        edges = shares((column.weight for column in block.columns), flow.left, flow.right)
        titles = [column.title for column in block.columns]
        aligns = [column.align for column in block.columns]
        flow.need(leading(face) * 5)
        self._title_row(flow, titles, face, edges)
        for row in block.rows:
            own = face.at(face.size, bold=row.strong)
            cells = [wrap(t, own, edges[n + 1] - edges[n] - 2) for n, t in enumerate(row.cells)]
            height = max(len(lines) for lines in cells) * leading(own) + self.style.pad
            if height > flow.room:
                flow.turn()
                self._title_row(flow, titles, face, edges)
            if row.strong:
                flow.canvas.rule(flow.left, flow.y, flow.right, flow.y, 0.4)
            self._row(flow, cells, own, edges, aligns, height)
            flow.canvas.rule(flow.left, flow.y, flow.right, flow.y, 0.1)
            flow.state(row.facts)
        flow.canvas.rule(flow.left, flow.y, flow.right, flow.y, 0.4)
        flow.y += 2

    def _title_row(
        self, flow: Flow, titles: Sequence[str], face: Face, edges: Sequence[float]
    ) -> None:
        bold = face.at(face.size, bold=True)
        cells = [wrap(t, bold, edges[n + 1] - edges[n] - 2) for n, t in enumerate(titles)]
        height = max(len(lines) for lines in cells) * leading(bold) + self.style.pad
        flow.canvas.rule(flow.left, flow.y, flow.right, flow.y, 0.4)
        self._row(flow, cells, bold, edges, ["centre"] * len(cells), height)
        flow.canvas.rule(flow.left, flow.y, flow.right, flow.y, 0.4)

    @staticmethod
    def _row(
        flow: Flow,
        cells: Sequence[Sequence[str]],
        face: Face,
        edges: Sequence[float],
        aligns: Sequence[str],
        height: float,
    ) -> None:
        flow.canvas.begin_line()
        for n, lines in enumerate(cells):
            box = (edges[n] + 1, flow.y, edges[n + 1] - 1, flow.y + height)
            draw_lines(flow.canvas, lines, face, box, aligns[n])
        flow.y += height

    def prose(self, flow: Flow, block: Prose) -> None:
        """A numbered heading and indented text; long text stands in two columns."""
        face = self.style.body.at(self.style.body.size * (0.86 if block.small else 1))
        step = leading(face) * 1.08
        half = (flow.right - flow.left - 6 - _GUTTER) / 2
        narrow = [line for text in block.lines for line in wrap(text, face, half)]
        paired = len(block.lines) > 1 and len(narrow) >= _LONG
        wide = flow.right - flow.left - 6
        lines = narrow if paired else [s for text in block.lines for s in wrap(text, face, wide)]
        tall = (len(lines) + 1) // 2 if paired else len(lines)
        if block.facts or paired:  # stay on one page, so that the page's facts are exact
            flow.need(step * (tall + 2))
        if block.label:
            self._count += 1
            self._heading(flow, f"{self._count}. {block.label}")
        if paired and step * tall <= flow.room:
            top = flow.y
            for number, line in enumerate(lines):
                column, row = divmod(number, tall)
                left, y = flow.left + 6 + column * (half + _GUTTER), top + row * step
                flow.canvas.begin_line()
                draw_lines(flow.canvas, [line], face, (left, y, left + half, y + step))
            flow.y = top + tall * step
        else:
            for line in lines:
                flow.need(step)
                self._single(flow, line, face, "left", step, inset=6)
        flow.state(block.facts)
        flow.y += self.style.pad + max(0, min(block.room - tall, 3)) * step * 0.6

    def closing(self, flow: Flow, block: Closing) -> None:
        """Sentence indented, date at the right, signers in the right half with their blanks."""
        face = self.style.body
        step = leading(face) * 1.2
        sentence = wrap(block.sentence, face, flow.right - flow.left - 6) if block.sentence else []
        flow.need(step * (len(sentence) + len(block.signers) + 4))
        flow.y += step * 0.6
        for line in sentence:
            self._single(flow, line, face, "left", step, inset=6)
        if block.date:
            flow.y += step * 0.4
            self._single(flow, block.date, face, "right", step)
        for row in block.signers:
            text = "    ".join(f"{item.label}  {item.value}".strip() for item in row)
            start = flow.left + (flow.right - flow.left) * 0.36
            small = shrink(text, face, flow.right - start)
            flow.canvas.begin_line()
            box = (start, flow.y, flow.right, flow.y + step)
            draw_lines(flow.canvas, [text], small, box)
            flow.canvas.rule(start, flow.y + step, flow.right, flow.y + step, 0.12)
            flow.y += step
            for item in row:
                flow.state(item.facts)
        if block.addressee:
            flow.y += step * 0.3
            self._single(flow, block.addressee, face.at(face.size + 1.5), "left", step)
        flow.state(block.facts)
        flow.y += self.style.pad

    def foot(self, flow: Flow) -> None:
        """The form's number and the small lines at the very foot of the page."""
        content, face = flow.content, self.style.body.at(7.5)
        width = flow.right - flow.left
        given = (*content.foot, *((content.form_line,) if content.form_line else ()))
        lines = [part for line in given for part in wrap(line, face, width)]
        if not lines:
            return
        tall = leading(face) * len(lines)
        flow.need(tall + 2)
        flow.y = max(flow.y, flow.y + flow.room - tall - 1)
        flow.canvas.rule(flow.left, flow.y, flow.right, flow.y, 0.15)
        for line in lines:
            self._single(flow, line, face, "left", leading(face))

    def _heading(self, flow: Flow, text: str) -> None:
        face = self._label.at(self._label.size, bold=True)
        flow.need(leading(face) * 3)
        self._single(flow, text, face, "left", leading(face) * 1.1)

    @staticmethod
    def _single(
        flow: Flow, text: str, face: Face, align: str, step: float, inset: float = 0
    ) -> None:
        flow.canvas.begin_line()
        box = (flow.left + inset, flow.y, flow.right, flow.y + step)
        draw_lines(flow.canvas, [text], face, box, align)
        flow.y += step
