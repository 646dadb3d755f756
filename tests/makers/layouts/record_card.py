"""The look of a clinic's own card: upright labels, small labels above their values, lined paper."""

import dataclasses
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.makers.content import Fields, Item, Prose
from tests.makers.fonts import Face
from tests.makers.layouts.flow import Flow, Style, draw_lines, leading, shares, shrink, spaced, wrap
from tests.makers.layouts.labels import (
    Cell,
    draw_spread,
    draw_upright,
    height_upright,
    set_label,
    side_label,
)
from tests.makers.layouts.statutory import Statutory

_GROUPS = ("환자", "인적사항", "진료", "사항", "기본사항")
_GROUP = 7.5  # millimetres, width of the cell of a group's upright label
_PEN = "un_pilgi"
_APPROVAL = ("담당", "과장", "원장")
_BOX = 45.0  # millimetres, width of the box for signatures


@dataclass(frozen=True, slots=True)
class Ruling:
    """How a card is ruled and filled in.

    Attributes:
        values: the face of what is filled in: a printer's, a typewriter's, a pen's.
        grouped: rows of fields have an upright label of their group at their left.
        above: labels stand small above their values. upright: labels of texts stand upright.
        lined: texts stand on lines; `dotted` ones. approval: a box for three signatures.
        spread: the letters of labels stand apart.
    """

    values: Face
    grouped: bool
    above: bool
    upright: bool
    lined: bool
    dotted: bool
    approval: bool
    spread: bool


class RecordCard(Statutory):
    """Draws blocks as the cards that a clinic has printed for itself."""

    name = "record_card"
    number_at = "right"

    def __init__(self, style: Style, ruling: Ruling) -> None:
        super().__init__(style)
        self._ruling, self._values = ruling, ruling.values
        self.flags = ("handwriting",) * (ruling.values.family == _PEN)
        self._small = style.body.at(style.body.size * 0.8)

    def airier(self, factor: float) -> "RecordCard":
        """See `Layout.airier`; a card that is full has no lines to write on."""
        style = dataclasses.replace(self.style, pad=self.style.pad * factor)
        lined = self._ruling.lined and factor >= 1
        return RecordCard(style, dataclasses.replace(self._ruling, lined=lined))

    def head(self, flow: Flow) -> None:
        """The title, and at its right the box for signatures."""
        top = flow.y
        super().head(flow)
        title = spaced(flow.content.title, self.style.spacing)
        reach = self.style.title.width(title) / 2 + _BOX + self.style.margin + 2
        if self._ruling.approval and not flow.content.stamp and reach <= flow.canvas.width / 2:
            self._approval(flow, top)

    def _approval(self, flow: Flow, top: float) -> None:
        wide, high, head = 13.0, 14.0, 5.0
        edges = [flow.right - _BOX]
        edges += [edges[0] + 6 + wide * n for n in range(len(_APPROVAL) + 1)]
        self._frame(flow, edges, top, top + high)
        flow.canvas.rule(edges[1], top + head, edges[-1], top + head, self.style.rule)
        flow.canvas.begin_line()
        draw_upright(flow.canvas, "결재", self._small, (edges[0], top, edges[1], top + high))
        for place, name in enumerate(_APPROVAL, 1):
            box = (edges[place], top, edges[place + 1], top + head)
            draw_lines(flow.canvas, [name], self._small, box, "centre")
        flow.y = max(flow.y, top + high + 2)

    def fields(self, flow: Flow, block: Fields) -> None:
        """Rows of cells, an upright label of the group over all of them."""
        heights = [self._height_of_row(row, self._edges(flow, row)) for row in block.rows]
        name = self._group_name(block, sum(heights))
        left = flow.left + (_GROUP if name else 0)
        if block.heading and not name:
            self._heading(flow, block.heading)
        heights = [
            self._height_of_row(row, self._edges(flow, row, left=left)) for row in block.rows
        ]
        if name:
            flow.need(sum(heights))
            box = (flow.left, flow.y, left, flow.y + sum(heights))
            self._shade(flow, flow.left, left, box[1], box[3])
            self._frame(flow, (flow.left, left), box[1], box[3])
            flow.canvas.begin_line()
            draw_upright(flow.canvas, name, self._label, box)
        for row, height in zip(block.rows, heights, strict=True):
            flow.need(height)
            self._field_row(flow, row, self._edges(flow, row, left=left), height)
        flow.y += self.style.gap

    def _group_name(self, block: Fields, height: float) -> str:
        if not self._ruling.grouped or len(block.rows) < 2:
            return ""
        names = ("".join(block.heading.split()), *_GROUPS)
        fitting = [n for n in names if 0 < height_upright(n, self._label) <= height]
        return fitting[len(block.rows) % 2 if len(fitting) > 1 else 0] if fitting else ""

    def _edges(self, flow: Flow, row: Sequence[Item], left: float | None = None) -> list[float]:
        return shares(
            (item.weight for item in row), flow.left if left is None else left, flow.right
        )

    def _cells(
        self, row: Sequence[Item], edges: Sequence[float]
    ) -> Iterator[tuple[Item, float, float, float]]:
        """Yield each item with its cell's left side, where its value begins, and its right side."""
        for place, item in enumerate(row):
            left, right = edges[place], edges[place + 1]
            label = 0.0 if self._ruling.above else min(24.0, (right - left) * 0.42)
            yield item, left, left + label * bool(item.label), right

    def _height_of_row(self, row: Sequence[Item], edges: Sequence[float]) -> float:
        tallest = 0.0
        for item, left, split, right in self._cells(row, edges):
            face = self._ruling.values
            height = leading(face) * len(wrap(item.value, face, right - split - 3))
            if self._ruling.above:
                height += leading(self._small)
            elif item.label:
                lines, small = set_label(item.label, self._label, split - left - 1.4)
                height = max(height, leading(small) * len(lines))
            tallest = max(tallest, height)
        return tallest + 2 * self.style.pad

    def _field_row(
        self, flow: Flow, row: Sequence[Item], edges: Sequence[float], height: float
    ) -> None:
        top, bottom = flow.y, flow.y + height
        if not self._ruling.above:
            for item, left, split, _ in self._cells(row, edges):
                if item.label:
                    self._shade(flow, left, split, top, bottom)
        flow.canvas.begin_line()
        for item, left, split, right in self._cells(row, edges):
            value_top = top
            if self._ruling.above and item.label:
                value_top = top + leading(self._small) + self.style.pad * 0.5
                box = (left + 1, top + self.style.pad * 0.5, right - 1, value_top)
                face = shrink(item.label, self._small, right - left - 2)
                draw_lines(flow.canvas, [item.label], face, box)
            elif item.label:
                self._label_cell(flow, item.label, (left, top, split, bottom))
            face = self._ruling.values
            lines = wrap(item.value, face, right - split - 3)
            draw_lines(flow.canvas, lines, face, (split + 1.8, value_top, right - 1, bottom))
            sides = (left, right) if self._ruling.above else (left, split, right)
            self._frame(flow, sides, top, bottom)
            flow.state(item.facts)
        flow.y = bottom

    def _label_cell(self, flow: Flow, label: str, cell: Cell) -> None:
        lines, face = set_label(label, self._label, cell[2] - cell[0] - 1.4)
        if self._ruling.spread:
            draw_spread(flow.canvas, lines, face, cell)
        else:
            draw_lines(flow.canvas, lines, face, cell, "centre")

    def prose(self, flow: Flow, block: Prose) -> None:
        """Text at the right of an upright label, on lines."""
        face = self._ruling.values.at(self._ruling.values.size * (0.84 if block.small else 1))
        label = side_label(block.label, self._label, upright=self._ruling.upright)
        split = flow.left + label.width
        step = leading(face) * (1.15 if self._ruling.lined else 1)
        lines = [
            line
            for paragraph in block.lines
            for line in wrap(paragraph, face, flow.right - split - 5)
        ]
        least = max(block.room * step, label.height) + 2 * self.style.pad
        if block.facts:
            flow.need(max(step * len(lines) + 2 * self.style.pad, least))
        named = bool(block.label)
        while lines or named:
            fitting = int((flow.room - 2 * self.style.pad) / step)
            if fitting < min(3, len(lines)) or least > flow.room:
                least = min(least, flow.style.height * 0.5)
                flow.turn()
                continue
            taken, lines = lines[:fitting], lines[fitting:]
            height = max(step * len(taken) + 2 * self.style.pad, least)
            top, bottom = flow.y, flow.y + height
            if named:
                self._shade(flow, flow.left, split, top, bottom)
            self._frame(flow, (flow.left, split, flow.right), top, bottom)
            flow.canvas.begin_line()
            if named:
                label.draw(flow.canvas, (flow.left, top, split, bottom))
            self._text(flow, taken, face, (split, top, flow.right, bottom), step)
            named, least = False, 0.0
            flow.y = bottom
        flow.state(block.facts)
        flow.y += self.style.gap

    def _text(self, flow: Flow, lines: Sequence[str], face: Face, cell: Cell, step: float) -> None:
        left, top, right, bottom = cell
        y = top + self.style.pad
        for number, line in enumerate(lines):
            if number:
                flow.canvas.begin_line()
            draw_lines(flow.canvas, [line], face, (left + 2.5, y, right - 2, y + step))
            y += step
        if not self._ruling.lined:
            return
        y = top + self.style.pad + step
        while y < bottom - 1:
            if self._ruling.dotted:
                flow.canvas.dashes(left, right, y, dotted=True)
            else:
                flow.canvas.rule(left, y, right, y, self.style.rule * 0.7)
            y += step


def record_card(rng: random.Random, family: str) -> RecordCard:
    """Return a card in one of its styles, printed in a family."""
    small = rng.random() < 0.5
    size = rng.choice((8.0, 8.5)) if small else rng.choice((8.5, 9.0, 9.5, 10.0))
    style = Style(
        width=182 if small else 210,
        height=257 if small else 297,
        margin=rng.uniform(11, 17),
        body=Face(family, size),
        title=Face(family, rng.uniform(16, 21), bold=True),
        label_bold=rng.random() < 0.3,
        label_grey=rng.choice((255, 255, 236, 224)),
        rule=rng.choice((0.12, 0.2, 0.3)),
        pad=rng.uniform(0.7, 1.5),
        gap=rng.choice((0.0, 0.0, 1.5)),
        spacing=rng.choice((1, 2, 3)),
    )
    values = rng.choice((family, family, "nanum_coding", "baekmuk_gulim", "un_pilgi"))
    ruling = Ruling(
        values=Face(values, size * (1.2 if values == "un_pilgi" else 1)),
        grouped=rng.random() < 0.6,
        above=rng.random() < 0.35,
        upright=rng.random() < 0.7,
        lined=rng.random() < 0.5,
        dotted=rng.random() < 0.5,
        approval=rng.random() < 0.5,
        spread=rng.random() < 0.5,
    )
    return RecordCard(style, ruling)
