"""The look of a large hospital's certificate: crest and address, one grid of tinted label cells.

Label columns have one width down the page; column titles stand in two rows where they belong
together; a bar code or a QR code, the time of printing and `1 / 1` stand at the foot.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tests.makers.content import Block, Closing, Column, Fields, Item, Prose, Row, Table
from tests.makers.fonts import Face
from tests.makers.layouts.bilingual import label_in_english
from tests.makers.layouts.column_groups import grouped
from tests.makers.layouts.flow import Flow, Style, draw_lines, leading, shares, shrink, ticked, wrap
from tests.makers.layouts.hospital_parts import (
    GROUPS,
    HEADINGS,
    Look,
    draw_foot,
    draw_head,
    draw_last_line,
    draw_running_head,
    single,
)
from tests.makers.layouts.labels import set_label
from tests.makers.layouts.topics import topic_of

_INSET = 1.3  # between a cell's side and its text, millimetres


@dataclass(frozen=True, slots=True)
class _Pair:
    """A label cell from `left` to `split` and a value cell from there to `right`."""

    item: Item
    left: float
    split: float
    right: float
    label: tuple[list[str], Face]
    english: tuple[str, Face]
    lines: list[str]

    @property
    def label_height(self) -> float:
        lines, face = self.label
        return leading(face) * len(lines) + leading(self.english[1]) * bool(self.english[0])


class HospitalForm:
    """Draws blocks as parts of one grid.

    Args:
        look: how the hospital's forms look. seed: when and where it printed this one.
    """

    name = "hospital_form"
    number_at = ""
    flags: tuple[str, ...] = ()

    def __init__(self, style: Style, look: Look, seed: str) -> None:
        self.style, self._look, self._seed = style, look, seed
        self._label = style.body.at(style.body.size * 0.96, bold=style.label_bold)
        self._opening = self._joined = False

    def airier(self, factor: float) -> "HospitalForm":
        """See `Layout.airier`; where a form is full, its letters are smaller."""
        smaller = min(1.0, 0.66 + factor * 0.34)
        body = self.style.body.at(self.style.body.size * smaller)
        gap = self.style.gap * min(factor, 1.5)
        style = dataclasses.replace(self.style, pad=self.style.pad * factor, body=body, gap=gap)
        return HospitalForm(style, self._look, self._seed)

    def head(self, flow: Flow) -> None:
        """See `draw_head`."""
        self._opening = self._joined = False
        flow.before_turn = lambda: draw_last_line(flow, self._seed)
        draw_head(flow, self._look)

    def running(self, flow: Flow) -> None:
        """Institution and title where they are repeated, the running items in one row."""
        self._joined = False
        draw_running_head(flow, self._look)
        if flow.content.running:
            self._grid(flow, [flow.content.running])
            self._heavy(flow)
            flow.y += 2
        self._opening = True

    def fields(self, flow: Flow, block: Fields) -> None:
        """Tinted label cells and value cells; an item alone takes the whole width."""
        topic = HEADINGS[topic_of(block)] if self._look.headed and len(block.rows) > 1 else ""
        self._heading(flow, block.heading or topic)
        self._grid(flow, block.rows)
        self._close(flow, block)

    def _grid(self, flow: Flow, rows: Sequence[Sequence[Item]]) -> None:
        self._open()
        for pairs in self._set_rows(flow, rows):
            height = self._height(pairs)
            flow.need(height)
            self._pairs(flow, pairs, height)

    def _set_rows(self, flow: Flow, rows: Sequence[Sequence[Item]]) -> list[list[_Pair]]:
        edges = [shares((item.weight for item in row), flow.left, flow.right) for row in rows]
        narrowest = min((b - a for sides in edges for a, b in pairwise(sides)), default=0.0)
        wide = min(self._look.label_width, narrowest * 0.41)
        return [
            [
                self._pair(item, left, right, wide)
                for item, (left, right) in zip(row, pairwise(sides), strict=True)
            ]
            for row, sides in zip(rows, edges, strict=True)
        ]

    def _pairs(self, flow: Flow, pairs: Sequence[_Pair], height: float) -> None:
        top, bottom = flow.y, flow.y + height
        for pair in pairs:
            self._tint(flow, pair.left, pair.split, top, bottom)
        inner = [pair.left for pair in pairs[1:]]
        inner += [pair.split for pair in pairs if self._look.uprights and pair.split > pair.left]
        self._frame(flow, inner, top, bottom)
        flow.canvas.begin_line()
        for pair in pairs:
            self._named(flow, pair, top, bottom)
            box = (pair.split + _INSET, top, pair.right - _INSET, bottom)
            draw_lines(flow.canvas, pair.lines, self.style.body, box)
            flow.state(pair.item.facts)
        flow.y = bottom

    def _pair(self, item: Item, left: float, right: float, wide: float) -> _Pair:
        wide = wide if item.label else 0.0
        split = left + wide
        english = label_in_english(item.label) if self._look.english else ""
        tiny = shrink(english, self.style.body.at(6.5), max(wide - 1.6, 1))
        value = ticked(item.value, self._look.marks)
        return _Pair(
            item,
            left,
            split,
            right,
            set_label(item.label, self._label, wide - 1.6) if item.label else ([], self._label),
            (english, tiny),
            wrap(value, self.style.body, right - split - 2 * _INSET),
        )

    def _height(self, pairs: Sequence[_Pair]) -> float:
        step = leading(self.style.body)
        tallest = max(max(pair.label_height, step * len(pair.lines)) for pair in pairs)
        return tallest + 2 * self.style.pad

    def _named(self, flow: Flow, pair: _Pair, top: float, bottom: float) -> None:
        """Draw a label in the middle of its cell, its English below it."""
        (lines, face), (english, tiny) = pair.label, pair.english
        y = (top + bottom - pair.label_height) / 2
        left, right = pair.left + 0.8, pair.split - 0.8
        align = "left" if self._look.label_left else "centre"
        middle = y + leading(face) * len(lines)
        draw_lines(flow.canvas, lines, face, (left, y, right, middle), align)
        if english:
            box = (left, middle, right, middle + leading(tiny))
            draw_lines(flow.canvas, [english], tiny, box, align, grey=70)

    def table(self, flow: Flow, block: Table) -> None:
        """Titles in one or two tinted rows, thin rules between rows, sums tinted."""
        self._heading(flow, block.heading)
        face = self.style.body.at(self.style.body.size * (0.88 if block.small else 0.98))
        edges = shares((column.weight for column in block.columns), flow.left, flow.right)
        flow.need(leading(face) * 5)
        self._open()
        self._titles(flow, block.columns, face, edges)
        for row in block.rows:
            own = face.at(face.size, bold=row.strong)
            cells = self._cells(row, block.columns, own, edges)
            height = max(len(cell[2]) for cell in cells) * leading(own) + self.style.pad * 1.2
            if height > flow.room:
                flow.turn()
                self._titles(flow, block.columns, face, edges)
            self._row(flow, cells, own, edges, (height, row.strong))
            flow.state(row.facts)
        self._close(flow, block)

    def _cells(
        self, row: Row, columns: Sequence[Column], face: Face, edges: Sequence[float]
    ) -> list[tuple[int, int, list[str], str]]:
        """Cells as (first column, column after the last, lines, align); empty ones are joined."""
        span = 1
        while span < len(columns) and not row.cells[span] and columns[span].align != "right":
            span += 1
        span = span if span > 3 or row.strong else 1
        joined = [(0, span, "centre" if span > 1 else columns[0].align)]
        joined += [(n, n + 1, columns[n].align) for n in range(span, len(columns))]
        return [
            (first, last, wrap(row.cells[first], face, edges[last] - edges[first] - 2), align)
            for first, last, align in joined
        ]

    def _row(
        self,
        flow: Flow,
        cells: Sequence[tuple[int, int, list[str], str]],
        face: Face,
        edges: Sequence[float],
        look: tuple[float, bool],
    ) -> None:
        height, strong = look
        top, bottom = flow.y, flow.y + height
        if strong:
            self._tint(flow, flow.left, flow.right, top, bottom)
        self._frame(flow, [edges[first] for first, *_ in cells[1:]], top, bottom)
        flow.canvas.begin_line()
        for first, last, lines, align in cells:
            box = (edges[first] + 1, top, edges[last] - 1, bottom)
            draw_lines(flow.canvas, lines, face, box, align)
        flow.y = bottom

    def _titles(
        self, flow: Flow, columns: Sequence[Column], face: Face, edges: Sequence[float]
    ) -> None:
        own = face.at(face.size * 0.97, bold=self.style.label_bold)
        groups = grouped([column.title for column in columns], GROUPS)
        deep = any(group for group, _, _ in groups)
        upper = (leading(own) + self.style.pad) if deep else 0.0
        named = {
            n: set_label(
                columns[n].title.removeprefix(f"{group} "), own, edges[n + 1] - edges[n] - 1.4
            )
            for group, first, last in groups
            for n in range(first, last)
        }
        under = max(len(lines) * leading(small) for lines, small in named.values())
        top, bottom = flow.y, flow.y + upper + under + self.style.pad
        self._tint(flow, flow.left, flow.right, top, bottom)
        self._frame(flow, [edges[first] for _, first, _ in groups[1:]], top, bottom)
        flow.canvas.begin_line()
        for group, first, last in groups:
            lines, small = ([group], own) if group else named[first]
            box = (edges[first] + 0.7, top, edges[last] - 0.7, top + upper if group else bottom)
            draw_lines(flow.canvas, lines, small, box, "centre")
        if deep:
            flow.canvas.begin_line()
        for _, first, last in (group for group in groups if group[0]):
            middle = top + upper
            flow.canvas.rule(edges[first], middle, edges[last], middle, self.style.rule)
            for n in range(first, last):
                lines, small = named[n]
                box = (edges[n] + 0.7, middle, edges[n + 1] - 0.7, bottom)
                draw_lines(flow.canvas, lines, small, box, "centre")
                if n > first:
                    flow.canvas.rule(edges[n], middle, edges[n], bottom, self.style.rule)
        flow.y = bottom

    def prose(self, flow: Flow, block: Prose) -> None:
        """A label cell beside the text or above it, both in the grid's rules."""
        face = self.style.body.at(self.style.body.size * (0.88 if block.small else 1))
        step, pad = leading(face) * 1.06, self.style.pad
        beside = bool(block.label) and not self._look.above
        wide = self._look.label_width if beside else flow.right - flow.left
        whole = self._pair(Item(block.label, ""), flow.left, flow.right, wide)
        split = whole.split if beside else flow.left
        texts = (ticked(text, self._look.marks) for text in block.lines)
        lines = [line for text in texts for line in wrap(text, face, flow.right - split - 4)]
        label = whole.label_height + pad
        least = max(step * min(block.room, len(lines) + 6), label if beside else 0) + 2 * pad
        above = label if block.label and not beside else 0.0
        whole_height = max(step * len(lines) + 2 * pad, least)
        self._open()
        flow.need(above + (whole_height if block.facts else step * 2))
        if above:
            self._tint(flow, flow.left, flow.right, flow.y, flow.y + label)
            self._frame(flow, [], flow.y, flow.y + label)
            flow.canvas.begin_line()
            self._named(flow, whole, flow.y, flow.y + label)
            flow.y += label
        while lines or least:
            fitting = int((flow.room - 2 * pad) / step)
            if fitting < min(2, len(lines)) or (least > flow.room and least < 200):
                least = min(least, label + 2 * pad)
                flow.turn()
                continue
            taken, lines = lines[:fitting], lines[fitting:]
            height = max(step * len(taken) + 2 * pad, least)
            self._text(flow, taken, face, (split, height), whole if beside and least else None)
            least = 0.0
        flow.state(block.facts)
        self._close(flow, block)

    def _text(
        self,
        flow: Flow,
        lines: Sequence[str],
        face: Face,
        shape: tuple[float, float],
        named: _Pair | None,
    ) -> None:
        split, height = shape
        top, bottom = flow.y, flow.y + height
        self._tint(flow, flow.left, split, top, bottom)
        upright = [split] if split > flow.left and self._look.uprights else []
        self._frame(flow, upright, top, bottom)
        flow.canvas.begin_line()
        if named:
            self._named(flow, named, top, bottom)
        step, y = leading(face) * 1.06, top + self.style.pad
        for number, line in enumerate(lines):
            if number:
                flow.canvas.begin_line()
            draw_lines(flow.canvas, [line], face, (split + 2, y, flow.right - 2, y + step))
            y += step
        flow.y = bottom

    def closing(self, flow: Flow, block: Closing) -> None:
        """Sentence and date in the middle; signers in the grid, or one a line at the right."""
        face = self.style.body
        step = leading(face) * 1.2
        width = flow.right - flow.left
        sentence = wrap(block.sentence, face, width - 10) if block.sentence else []
        count = len(sentence) + 1.6 * bool(block.date) + 1.5 * bool(block.addressee)
        signed = [item for row in block.signers for item in row]
        flow.need(step * (count + 1) + max(self._rows_height(flow, block), step * len(signed)))
        flow.y += self.style.pad
        for line in sentence:
            single(flow, line, face, "centre")
        if block.date:
            flow.y += step * 0.3
            single(flow, block.date, face.at(face.size + 1), "centre")
            flow.y += step * 0.3
        flow.state(block.facts)
        if block.signers and self._look.signed_grid:
            self._grid(flow, block.signers)
            self._heavy(flow)
        else:
            self._signed(flow, signed, step)
        if block.addressee:
            flow.y += step * 0.4
            single(flow, block.addressee, face.at(face.size + 2, bold=True), "left")
        flow.y += self.style.gap

    def _rows_height(self, flow: Flow, block: Closing) -> float:
        return sum(self._height(pairs) for pairs in self._set_rows(flow, block.signers))

    def _signed(self, flow: Flow, items: Sequence[Item], step: float) -> None:
        start = flow.left + (flow.right - flow.left) * 0.42
        wide = max((self._label.width(item.label) for item in items), default=0) + 4
        for item in items:
            flow.need(step)
            box = (start, flow.y, start + wide, flow.y + step)
            flow.canvas.begin_line()
            draw_lines(flow.canvas, [item.label], self._label, box)
            value = shrink(item.value, self.style.body, flow.right - start - wide)
            draw_lines(flow.canvas, [item.value], value, (start + wide, flow.y, flow.right, box[3]))
            flow.state(item.facts)
            flow.y += step

    def foot(self, flow: Flow) -> None:
        """See `draw_foot` and `draw_last_line`."""
        draw_foot(flow, self._look, self._seed)
        draw_last_line(flow, self._seed)

    def _heading(self, flow: Flow, text: str) -> None:
        if text:
            face = self._label.at(self._label.size * 1.05, bold=True)
            flow.need(leading(face) * 4)
            single(flow, f"■ {text}", face, "left")
            flow.y += 0.6

    def _open(self) -> None:
        """The next rule is the heavy one of a block, unless the block before goes on in it."""
        self._opening, self._joined = not self._joined, False

    def _close(self, flow: Flow, block: Block) -> None:
        """End a block; a visit and the texts that belong to it are one."""
        blocks = flow.content.blocks
        place = next(n for n, other in enumerate(blocks) if other is block)
        after = blocks[place + 1] if place + 1 < len(blocks) else None
        short = isinstance(block, Fields) and len(block.rows) == 1
        text = isinstance(block, Prose) and bool(block.label)
        self._joined = (short or text) and isinstance(after, Prose) and bool(after.label)
        if not self._joined:
            self._heavy(flow)
            flow.y += self.style.gap

    def _heavy(self, flow: Flow) -> None:
        flow.canvas.rule(flow.left, flow.y, flow.right, flow.y, self._look.heavy)

    def _tint(self, flow: Flow, left: float, right: float, top: float, bottom: float) -> None:
        if right > left and self.style.label_grey < 255:
            flow.canvas.fill(left, top, right, bottom, self.style.label_grey)

    def _frame(self, flow: Flow, inner: Sequence[float], top: float, bottom: float) -> None:
        sides = () if self._look.open_sides else (flow.left, flow.right)
        for x in (*sides, *inner):
            flow.canvas.rule(x, top, x, bottom, self.style.rule)
        above = self._look.heavy if self._opening else self.style.rule
        for y, weight in ((top, above), (bottom, self.style.rule)):
            flow.canvas.rule(flow.left, y, flow.right, y, weight)
        self._opening = False
