"""The look of a printed screen of an EMR: title bar, tabs, panels with shaded heading bars.

A first panel may stand at the left of all others; two short panels stand side by side. They are
read panel by panel. Tables have a light grid; a status line ends each page.
"""

import dataclasses
import random
from collections.abc import Sequence

from tests.makers.canvas import Canvas, SketchCanvas
from tests.makers.content import Block, Closing, Fields, Item, Prose, Row, Table
from tests.makers.fonts import Face
from tests.makers.layouts.flow import Flow, Style, draw_lines, leading, shares, shrink, ticked, wrap
from tests.makers.layouts.screen_parts import (
    LABEL,
    Skin,
    box,
    heading_bar,
    heading_of,
    status_line,
    title_bar,
    tool_line,
)

_MARKS = ("■", "□")
_GUTTER = 2.0  # between two panels, millimetres
_SIDE = 58.0  # width of a panel at the left
_WIDE = 165.0  # least width in which two panels stand side by side
_ROW_NUMBER = 6.0


class ScreenPrint:
    """Draws blocks as panels of a screen.

    Args:
        skin: how the program looks. seed: what it says of itself, and when it printed.
    """

    name = "screen_print"
    number_at = ""
    flags: tuple[str, ...] = ()

    def __init__(self, style: Style, skin: Skin, seed: str) -> None:
        self.style, self._skin, self._seed = style, skin, seed
        self._label = style.body.at(max(style.body.size * 0.95, 6.8), bold=style.label_bold)
        self._step = leading(style.body)
        self._beside: Fields | None = None
        self._under = 0.0
        self._couples: list[tuple[Fields | Prose, Fields | Prose]] = []

    def airier(self, factor: float) -> "ScreenPrint":
        """See `Layout.airier`: a screen's rows have one height; letters shrink if they must."""
        if factor >= 1:
            return self
        body = self.style.body.at(max(6.5, self.style.body.size * (0.6 + factor * 0.4)))
        style = dataclasses.replace(self.style, body=body, pad=self.style.pad * factor)
        return ScreenPrint(style, self._skin, self._seed)

    def head(self, flow: Flow) -> None:
        """Title bar with the institution's name, tabs or tools, form line."""
        flow.before_turn = lambda: status_line(flow, self.style.body, self._seed)
        content = flow.content
        rng = random.Random(self._seed)
        name = content.letterhead.partition("   ")[0]
        title_bar(flow, ticked(content.title, _MARKS), name, self.style, self._skin, rng)
        if name:
            flow.state(content.letterhead_facts)
        tool_line(flow, self.style.body, self._skin, rng)
        notes = "   ".join(text for text in (content.stamp, content.form_line) if text)
        if notes:
            face = self.style.body.at(7)
            self._single(flow, notes, face, (flow.left, flow.right), "right")
        self._beside = self._side_panel(content.blocks)
        self._under = 0.0
        width = flow.right - flow.left - (_SIDE + _GUTTER if self._beside else 0)
        self._couples = self._paired(content.blocks) if width > _WIDE else []

    def running(self, flow: Flow) -> None:
        """Title bar, and the running items if there are any."""
        rng = random.Random(self._seed)
        title_bar(flow, ticked(flow.content.title, _MARKS), "", self.style, self._skin, rng)
        if flow.content.running:
            self._panels(flow, [Fields((flow.content.running,))])

    def _side_panel(self, blocks: Sequence[Block]) -> Fields | None:
        first = blocks[0]
        widest = max([len(block.columns) for block in blocks if isinstance(block, Table)] or [0])
        if not isinstance(first, Fields) or not self._skin.side or widest >= 7:
            return None
        return first if 1 < len(first.rows) < 8 and len(blocks) > 1 else None

    def _area(self, flow: Flow) -> tuple[float, float]:
        beside = self._beside is not None and len(flow.pages) == 1 and self._under > 0
        return flow.left + (_SIDE + _GUTTER if beside else 0), flow.right

    def fields(self, flow: Flow, block: Fields) -> None:
        """A panel of labels and values in boxes; the first block may stand at the left of all."""
        if block is not self._beside:
            self._pair_up(flow, block)
            return
        single = Fields(tuple((item,) for row in block.rows for item in row), block.heading)
        single = dataclasses.replace(single, heading=block.heading or heading_of(block))
        edges = (flow.left, flow.left + _SIDE)
        self._under = self._panel(flow.canvas, single, edges, flow.y)
        box(flow.canvas, (edges[0], flow.y, edges[1], self._under), self._skin.grid)
        self._state(flow, block)

    def prose(self, flow: Flow, block: Prose) -> None:
        """A panel with a heading bar and text in a box."""
        self._pair_up(flow, block)

    def _pair_up(self, flow: Flow, block: Fields | Prose) -> None:
        """Draw a block, or, if it is the second one of a pair, both; wait with the first one."""
        for first, second in self._couples:
            if block is first:
                return
            if block is second:
                self._panels(flow, [first, second])
                return
        self._panels(flow, [block])

    def _paired(self, blocks: Sequence[Block]) -> list[tuple[Fields | Prose, Fields | Prose]]:
        couples = []
        waiting: Fields | Prose | None = None
        for block in blocks:
            short = block is not self._beside and self._is_short(block)
            turned = isinstance(waiting, Prose) and isinstance(block, Fields)  # of the next visit
            if waiting and short and not turned and isinstance(block, Fields | Prose):
                couples.append((waiting, block))
                waiting = None
            else:
                waiting = block if short and isinstance(block, Fields | Prose) else None
        return couples

    def _is_short(self, block: Block) -> bool:
        if isinstance(block, Fields):
            return len(block.rows) < 5 and max(len(row) for row in block.rows) < 3
        return isinstance(block, Prose) and sum(map(len, block.lines)) < 260

    def _panels(self, flow: Flow, blocks: Sequence[Fields | Prose]) -> None:
        """Draw one panel, or two side by side, each as high as the other."""
        heights = [self._height(flow, block, len(blocks)) for block in blocks]
        flow.need(max(heights))
        left, right = self._area(flow)
        half = (right - left - _GUTTER * (len(blocks) - 1)) / len(blocks)
        top = flow.y
        for number, block in enumerate(blocks):
            start = left + number * (half + _GUTTER)
            self._panel(flow.canvas, block, (start, start + half), top)
            box(flow.canvas, (start, top, start + half, top + max(heights)), self._skin.grid)
            self._state(flow, block)
        flow.y = top + max(heights) + self.style.gap

    def _height(self, flow: Flow, block: Fields | Prose, count: int) -> float:
        left, right = self._area(flow)
        half = (right - left - _GUTTER * (count - 1)) / count
        return self._panel(SketchCanvas(0, 0), block, (left, left + half), 0)

    @staticmethod
    def _state(flow: Flow, block: Fields | Prose) -> None:
        if isinstance(block, Prose):
            flow.state(block.facts)
            return
        for row in block.rows:
            for item in row:
                flow.state(item.facts)

    def _panel(
        self, canvas: Canvas, block: Fields | Prose, sides: tuple[float, float], y: float
    ) -> float:
        """Draw a panel from a height on, and return where it ends."""
        heading = block.label if isinstance(block, Prose) else block.heading or heading_of(block)
        if heading:
            y = heading_bar(canvas, heading, self._label, (*sides, y), self._skin)
        y += 0.8
        if isinstance(block, Fields):
            for row in block.rows:
                y = self._pairs(canvas, row, block, (*sides, y))
            return y + 0.6
        face = self.style.body.at(self.style.body.size * (0.9 if block.small else 1))
        lines = [
            line
            for text in block.lines
            for line in wrap(ticked(text, _MARKS), face, sides[1] - sides[0] - 4)
        ]
        end = y + leading(face) * max(len(lines), min(block.room, 6)) + self.style.pad
        for line in lines:
            canvas.begin_line()
            place = (sides[0] + 2, y, sides[1] - 1.5, y + leading(face))
            draw_lines(canvas, [line], face, place)
            y += leading(face)
        return end

    def _pairs(
        self,
        canvas: Canvas,
        row: Sequence[Item],
        block: Fields,
        place: tuple[float, float, float],
    ) -> float:
        """Labels on grey or before a colon, each value in a box; returns where the row ends."""
        left, right, top = place
        edges = shares((item.weight for item in row), left + 0.8, right - 0.8)
        cells = []
        for n, item in enumerate(row):
            labels = [other[n].label for other in block.rows if n < len(other)]
            widest = max(self._label.width(label) for label in labels) + 2.6
            split = edges[n] + min(widest, (edges[n + 1] - edges[n]) * 0.5)
            named = wrap(item.label, self._label, split - edges[n] - 1.6)
            value = ticked(item.value, _MARKS)
            lines = wrap(value, self.style.body, edges[n + 1] - split - 2.2)
            cells.append((edges[n], split, edges[n + 1] - 0.6, named, lines))
        count = max(max(len(cell[3]), len(cell[4])) for cell in cells)
        bottom = top + self._step * count + self.style.pad
        canvas.begin_line()
        for start, split, end, named, lines in cells:
            if self._skin.label_grey < 255:
                canvas.fill(start, top, split - 0.3, bottom, self._skin.label_grey)
            align = "right" if self._skin.label_right else "left"
            draw_lines(
                canvas,
                named,
                self._label,
                (start + 0.8, top, split - 0.8, bottom),
                align,
                grey=LABEL,
            )
            if self._skin.boxed:
                box(canvas, (split, top, end, bottom), self._skin.grid)
            draw_lines(canvas, lines, self.style.body, (split + 1, top, end - 0.6, bottom))
        return bottom + 0.7

    def table(self, flow: Flow, block: Table) -> None:
        """Titles on grey, light rules, every second row shaded, one row marked by the cursor."""
        face = self.style.body.at(self.style.body.size * (0.92 if block.small else 1))
        flow.need(leading(face) * 7)
        if block.heading:
            left, right = self._area(flow)
            place = (left, right, flow.y)
            flow.y = heading_bar(flow.canvas, block.heading, self._label, place, self._skin)
        edges = self._edges(flow, block)
        self._titles(flow, block, face, edges)
        chosen = len(block.rows) // 3 if self._skin.cursor and len(block.rows) > 3 else -1
        for number, row in enumerate(block.rows):
            own = face.at(face.size, bold=row.strong)
            height = self._row_height(row, own, edges)
            if height > flow.room:
                flow.turn()
                edges = self._edges(flow, block)
                self._titles(flow, block, face, edges)
                height = self._row_height(row, own, edges)
            shade = self._skin.zebra if number % 2 else 255
            if row.strong:
                shade = self._skin.label_grey - 10
            dark = number == chosen and not row.strong
            self._row(flow, number + 1, row, own, edges, block, (height, 80 if dark else shade))
            flow.state(row.facts)
        flow.y += self.style.gap

    def _edges(self, flow: Flow, block: Table) -> list[float]:
        left, right = self._area(flow)
        start = left + (_ROW_NUMBER if self._skin.numbered else 0)
        return shares((column.weight for column in block.columns), start, right)

    def _row_height(self, row: Row, face: Face, edges: Sequence[float]) -> float:
        counts = [
            len(wrap(text, face, edges[n + 1] - edges[n] - 1.6)) for n, text in enumerate(row.cells)
        ]
        return leading(face) * max(counts) + self.style.pad * 0.6

    def _row(
        self,
        flow: Flow,
        number: int,
        row: Row,
        face: Face,
        edges: Sequence[float],
        block: Table,
        look: tuple[float, int],
    ) -> None:
        height, shade = look
        top, bottom = flow.y, flow.y + height
        ink = 255 if shade < 128 else 0
        if shade < 255:
            flow.canvas.fill(edges[0], top, edges[-1], bottom, shade)
        flow.canvas.begin_line()
        if self._skin.numbered:
            cell = (edges[0] - _ROW_NUMBER, top, edges[0], bottom)
            flow.canvas.fill(*cell, self._skin.label_grey)
            draw_lines(flow.canvas, [str(number)], face, cell, "centre", grey=LABEL)
            box(flow.canvas, cell, self._skin.grid)
        for n, text in enumerate(row.cells):
            lines = wrap(text, face, edges[n + 1] - edges[n] - 1.6)
            cell = (edges[n] + 0.8, top, edges[n + 1] - 0.8, bottom)
            draw_lines(flow.canvas, lines, face, cell, block.columns[n].align, grey=ink)
            box(flow.canvas, (edges[n], top, edges[n + 1], bottom), self._skin.grid)
        flow.y = bottom

    def _titles(self, flow: Flow, block: Table, face: Face, edges: Sequence[float]) -> None:
        titles = [
            wrap(column.title, self._label.at(face.size), edges[n + 1] - edges[n] - 1.4)
            for n, column in enumerate(block.columns)
        ]
        height = leading(face) * max(len(lines) for lines in titles) + self.style.pad
        top, bottom = flow.y, flow.y + height
        left = edges[0] - (_ROW_NUMBER if self._skin.numbered else 0)
        flow.canvas.fill(left, top, edges[-1], bottom, self._skin.titles)
        flow.canvas.begin_line()
        for n, lines in enumerate(titles):
            cell = (edges[n], top, edges[n + 1], bottom)
            draw_lines(
                flow.canvas,
                lines,
                self._label.at(face.size),
                (edges[n] + 0.7, top, edges[n + 1] - 0.7, bottom),
                "centre",
            )
            box(flow.canvas, cell, self._skin.grid - 40)
        flow.y = bottom

    def closing(self, flow: Flow, block: Closing) -> None:
        """The sentence in a panel, below it date, signers and addressee as labelled values."""
        rows = [*block.signers]
        if block.date:
            rows.insert(0, (Item("작성일자", block.date),))
        if block.addressee:
            rows.append((Item("수신", block.addressee),))
        panels: list[Fields | Prose] = [Prose((block.sentence,))] if block.sentence else []
        panels += [Fields(tuple(rows), "발급정보")] if rows else []
        flow.need(sum(self._height(flow, panel, 1) + self.style.gap for panel in panels))
        for panel in panels:
            self._panels(flow, [panel])
        flow.state(block.facts)

    def foot(self, flow: Flow) -> None:
        """Small lines, and the last page's status line."""
        face = self.style.body.at(6.8)
        left, right = self._area(flow)
        for line in flow.content.foot:
            for part in wrap(line, face, right - left):
                flow.need(leading(face))
                self._single(flow, part, face, self._area(flow), "left")
        if len(flow.pages) == 1:
            flow.y = max(flow.y, self._under)
        status_line(flow, self.style.body, self._seed)

    @staticmethod
    def _single(flow: Flow, text: str, face: Face, sides: tuple[float, float], align: str) -> None:
        flow.canvas.begin_line()
        own = shrink(text, face, sides[1] - sides[0])
        place = (sides[0], flow.y, sides[1], flow.y + leading(face))
        draw_lines(flow.canvas, [text], own, place, align, grey=LABEL)
        flow.y += leading(face)
