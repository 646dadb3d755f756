"""The look of a preprinted card: a heavy double frame, upright labels, values typed a little off.

Labels are printed, in Hanja or Hangul; values are of another face, typed or written by hand.
"""

import dataclasses
import random
from collections.abc import Sequence

from tests.makers.canvas import stacking
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
from tests.makers.layouts.hanja import in_hanja

_UPRIGHT = 8.0  # width of a cell whose label stands upright, millimetres
_LEVEL = 19.0  # of a cell whose label lies


class ChartCard:
    """Draws blocks as a card that was printed first and filled in later.

    Args:
        values: the face of what was filled in. hanja: labels are in Hanja where they can be.
        hand: the values are written by hand. seed: how far each value is off its line.
    """

    name = "chart_card"
    number_at = "right"

    def __init__(self, style: Style, values: Face, seed: str, *, hanja: bool, hand: bool) -> None:
        self.style = style
        self.flags: tuple[str, ...] = ("handwriting",) if hand else ()
        self._values, self._seed, self._hanja, self._hand = values, seed, hanja, hand
        self._label = style.body
        self._step = max(leading(values) * (0.86 if hand else 1.0), leading(style.body))

    def airier(self, factor: float) -> "ChartCard":
        """See `Layout.airier`; where a card is full, its letters are smaller."""
        smaller = min(1.0, 0.55 + factor / 2)
        style = dataclasses.replace(
            self.style,
            pad=self.style.pad * factor,
            body=self.style.body.at(self.style.body.size * smaller),
        )
        values = self._values.at(self._values.size * smaller)
        return ChartCard(style, values, self._seed, hanja=self._hanja, hand=self._hand)

    def head(self, flow: Flow) -> None:
        """Frame, form line, title with its Hanja below it, the institution at the right."""
        content = flow.content
        self._page_frame(flow)
        small = self.style.body.at(7)
        if content.form_line:
            self._printed(flow, content.form_line, small, "left")
        title = spaced(content.title, self.style.spacing)
        face = shrink(title, self.style.title, flow.right - flow.left - 4)
        self._printed(flow, title, face, "centre")
        hanja = in_hanja(content.title)
        if self._hanja and hanja != content.title:
            self._printed(flow, f"( {spaced(hanja, 1)} )", self.style.body, "centre")
        if content.letterhead:
            width = flow.right - flow.left - 4
            self._printed(
                flow, content.letterhead, shrink(content.letterhead, small, width), "right"
            )
            flow.state(content.letterhead_facts)
        if content.stamp:
            self._printed(flow, content.stamp, small, "left")
        flow.y += 1
        self._bar(flow)

    def running(self, flow: Flow) -> None:
        """Frame and the running items, or the frame alone."""
        self._page_frame(flow)
        flow.y += 2
        if flow.content.running:
            self.fields(flow, Fields((flow.content.running,)))

    def fields(self, flow: Flow, block: Fields) -> None:
        """Cells ruled all around; labels with their letters spread, values typed beside them."""
        if block.heading:
            flow.need(self._step * 4)
            self._printed(flow, in_hanja(block.heading), self._label, "left")
        for row in block.rows:
            edges = shares((item.weight for item in row), flow.left, flow.right)
            cells = []
            for place, item in enumerate(row):
                label = self._name(item.label)
                widest = (edges[place + 1] - edges[place]) * 0.5
                split = edges[place] + min(max(self._label.width(label) + 4, 17), widest)
                named = wrap(label, self._label, split - edges[place] - 2)
                lines = wrap(item.value, self._values, edges[place + 1] - split - 4)
                cells.append((item, edges[place], split, edges[place + 1], named, lines))
            tallest = max(
                max(len(cell[4]) * leading(self._label), len(cell[5]) * self._step)
                for cell in cells
            )
            height = tallest + 2 * self.style.pad
            flow.need(height)
            top, bottom = flow.y, flow.y + height
            for number, (item, left, split, right, named, lines) in enumerate(cells):
                flow.canvas.begin_line()
                self._spread(flow, named, (left + 1, top, split - 1, bottom))
                self._typed(flow, lines, (split + 1, top, right - 1, bottom), number)
                flow.canvas.rule(split, top, split, bottom, self.style.rule)
                if number:
                    flow.canvas.rule(left, top, left, bottom, self.style.rule)
                flow.state(item.facts)
            flow.canvas.rule(flow.left, bottom, flow.right, bottom, self.style.rule)
            flow.y = bottom

    def table(self, flow: Flow, block: Table) -> None:
        """Heavy line under the titles, thin upright rules, dotted lines between the rows."""
        if block.heading:
            flow.need(self._step * 5)
            self._printed(flow, block.heading, self._label, "left")
        size = 0.82 if block.small else 0.94
        values = self._values.at(self._values.size * size)
        edges = shares((column.weight for column in block.columns), flow.left, flow.right)
        flow.need(self._step * 4)
        self._titles(flow, block, edges)
        for row in block.rows:
            cells = [
                wrap(t, values, edges[n + 1] - edges[n] - 1.6) for n, t in enumerate(row.cells)
            ]
            height = max(len(lines) for lines in cells) * self._step + self.style.pad
            if height > flow.room:
                flow.turn()
                self._titles(flow, block, edges)
            top, bottom = flow.y, flow.y + height
            flow.canvas.begin_line()
            dy = self._random(flow, 0).uniform(-0.35, 0.35)
            for n, lines in enumerate(cells):
                box = (edges[n] + 0.8, top + dy, edges[n + 1] - 0.8, bottom + dy)
                draw_lines(flow.canvas, lines, values, box, block.columns[n].align)
            self._uprights(flow, edges, top, bottom)
            flow.canvas.dashes(flow.left, flow.right, bottom, dotted=not row.strong)
            flow.state(row.facts)
            flow.y = bottom
        self._bar(flow)

    def _titles(self, flow: Flow, block: Table, edges: Sequence[float]) -> None:
        face = self._label.at(self._label.size * (0.8 if block.small else 0.92))
        titles = [self._name(column.title) for column in block.columns]
        named = [wrap(t, face, edges[n + 1] - edges[n] - 1.4) for n, t in enumerate(titles)]
        height = max(len(lines) for lines in named) * leading(face) + 2 * self.style.pad
        top, bottom = flow.y, flow.y + height
        flow.canvas.begin_line()
        for n, lines in enumerate(named):
            box = (edges[n] + 0.7, top, edges[n + 1] - 0.7, bottom)
            draw_lines(flow.canvas, lines, face, box, "centre")
        self._uprights(flow, edges, top, bottom)
        flow.canvas.rule(flow.left, bottom, flow.right, bottom, self.style.rule * 2.5)
        flow.y = bottom

    @staticmethod
    def _uprights(flow: Flow, edges: Sequence[float], top: float, bottom: float) -> None:
        for x in edges[1:-1]:
            flow.canvas.rule(x, top, x, bottom, 0.15)

    def prose(self, flow: Flow, block: Prose) -> None:
        """An upright label at the left, the text on dotted lines at the right."""
        label = self._name(block.label)
        upright = len(label) > 1 and all("가" <= c <= "힣" or "一" <= c <= "鿿" for c in label)
        upright = upright and len(label) <= 6
        split = flow.left + (0 if not label else _UPRIGHT if upright else _LEVEL)
        width = flow.right - split - 4
        lines = [line for text in block.lines for line in wrap(text, self._values, width)]
        named = [] if upright or not label else wrap(label, self._label, _LEVEL - 2)
        tall = stacking(self._label) * len(label) if upright else leading(self._label) * len(named)
        least = max(block.room * self._step * 0.8, tall) + 2 * self.style.pad
        if block.facts:  # stay on one page, so that the page's facts are exact
            flow.need(max(self._step * len(lines) + 2 * self.style.pad, least))
        begun = False
        while lines or not begun:
            fitting = int((flow.room - 2 * self.style.pad) / self._step)
            if fitting < min(2, len(lines)) or (not begun and least > flow.room):
                least = min(least, flow.style.height * 0.4)
                flow.turn()
                continue
            taken, lines = lines[:fitting], lines[fitting:]
            height = max(self._step * len(taken) + 2 * self.style.pad, 0 if begun else least)
            box = (flow.left, flow.y, split, flow.y + height)
            if not begun:
                flow.canvas.begin_line()
                self._side_label(flow, label if upright else "", named, box)
            self._ruled_text(flow, taken, split, height, first=not begun)
            begun = True
        flow.state(block.facts)

    def _side_label(
        self, flow: Flow, upright: str, named: Sequence[str], box: tuple[float, float, float, float]
    ) -> None:
        left, top, right, bottom = box
        if upright:
            step, tall = stacking(self._label), self._label.size * 25.4 / 72
            y = (top + bottom - step * len(upright)) / 2 + tall * 0.92
            flow.canvas.stack((left + right) / 2, y, upright, self._label)
        elif named:
            draw_lines(flow.canvas, named, self._label, (left + 1, top, right - 1, bottom))

    def _ruled_text(
        self, flow: Flow, lines: Sequence[str], split: float, height: float, *, first: bool
    ) -> None:
        top, bottom = flow.y, flow.y + height
        if split > flow.left:
            flow.canvas.rule(split, top, split, bottom, self.style.rule)
        shift = self._random(flow, 0)
        dx, dy = shift.uniform(0, 2), shift.uniform(-0.5, 0.2)
        y = top + self.style.pad
        while y + self._step <= bottom:
            flow.canvas.dashes(split + 1, flow.right - 1, y + self._step * 0.98, dotted=True)
            y += self._step
        y = top + self.style.pad + dy
        for number, line in enumerate(lines):
            if number or not first:
                flow.canvas.begin_line()
            box = (split + 1.5 + dx, y, flow.right - 1, y + self._step)
            draw_lines(flow.canvas, [line], self._values, box)
            y += self._step
        flow.canvas.rule(flow.left, bottom, flow.right, bottom, self.style.rule)
        flow.y = bottom

    def closing(self, flow: Flow, block: Closing) -> None:
        """The printed sentence, the date typed between 年 月 日, signers on lines."""
        step = max(self._step, leading(self._label)) * 1.15
        width = flow.right - flow.left - 8
        sentence = wrap(block.sentence, self._label, width) if block.sentence else []
        count = len(sentence) + bool(block.date) + len(block.signers) + bool(block.addressee)
        flow.need(step * (count + 1))
        flow.y += step * 0.4
        for line in sentence:
            self._printed(flow, line, self._label, "left", step, inset=4)
        if block.date:
            self._date(flow, block.date, step)
        for row in block.signers:
            self._signers(flow, row, step)
        if block.addressee:
            face = self._label.at(self._label.size + 1)
            self._printed(flow, block.addressee, face, "left", step, inset=4)
        flow.state(block.facts)
        flow.y += step * 0.2

    def _date(self, flow: Flow, date: str, step: float) -> None:
        units = {"년": "年", "월": "月", "일": "日"} if self._hanja else {}
        parts: list[tuple[str, Face]] = []
        for word in date.split():
            digits = word.rstrip("년월일")
            parts.append((digits, self._values))
            if digits != word:
                unit = word[len(digits) :]
                parts.append((units.get(unit, unit), self._label))
        wide = sum(face.width(text) + 2 for text, face in parts)
        x = flow.left + (flow.right - flow.left - wide) / 2
        flow.canvas.begin_line()
        for text, face in parts:
            draw_lines(flow.canvas, [text], face, (x, flow.y, x + 50, flow.y + step))
            x += face.width(text) + 2
        flow.y += step

    def _signers(self, flow: Flow, row: Sequence[Item], step: float) -> None:
        start = flow.left + (flow.right - flow.left) * 0.2
        labels = [self._name(item.label) for item in row]
        room = flow.right - start - sum(self._label.width(label) + 4 for label in labels)
        text = "".join(item.value for item in row)
        face = shrink(text, self._values, room - 2)
        flow.canvas.begin_line()
        x = start
        for item, label in zip(row, labels, strict=True):
            box = (x, flow.y, flow.right, flow.y + step)
            draw_lines(flow.canvas, [label], self._label, box)
            x += self._label.width(label) + 2
            draw_lines(flow.canvas, [item.value], face, (x, flow.y - 0.4, x, flow.y + step - 0.4))
            end = min(x + face.width(item.value) + 2, flow.right)
            flow.canvas.rule(x - 1, flow.y + step, end, flow.y + step, 0.15)
            x = end + 2
            flow.state(item.facts)
        flow.y += step

    def foot(self, flow: Flow) -> None:
        """Small print under the last block."""
        for line in flow.content.foot:
            face = self.style.body.at(6.5)
            for part in wrap(line, face, flow.right - flow.left - 2):
                flow.need(leading(face))
                self._printed(flow, part, face, "left")

    def _name(self, label: str) -> str:
        return in_hanja(label) if self._hanja else label

    def _random(self, flow: Flow, number: int) -> random.Random:
        return random.Random(f"{self._seed}/{len(flow.pages)}/{flow.y:.2f}/{number}")

    def _spread(
        self, flow: Flow, named: Sequence[str], box: tuple[float, float, float, float]
    ) -> None:
        left, top, right, bottom = box
        only = named[0] if len(named) == 1 else ""
        if 1 < len(only) <= 4 and only.isalpha():
            wide = " ".join(only)
            if self._label.width(wide) < right - left:
                draw_lines(flow.canvas, [wide], self._label, box, "centre")
                return
        draw_lines(flow.canvas, named, self._label, (left, top, right, bottom), "centre")

    def _typed(
        self,
        flow: Flow,
        lines: Sequence[str],
        box: tuple[float, float, float, float],
        number: int,
    ) -> None:
        left, top, right, bottom = box
        shift = self._random(flow, number)
        slack = right - left - max(self._values.width(line) for line in lines)
        dx, dy = shift.uniform(0, max(0.0, min(slack, 3))), shift.uniform(-0.7, 0.5)
        step = self._step
        y = top + (bottom - top - step * len(lines)) / 2 + dy
        for line in lines:
            box = (left + dx, y, right, y + step)
            draw_lines(flow.canvas, [line], self._values, box)
            y += step

    def _page_frame(self, flow: Flow) -> None:
        height = flow.canvas.height
        for out, weight in ((3.0, 0.9), (1.4, 0.25)):
            left, right = flow.left - out, flow.right + out
            top, bottom = self.style.margin - out, height - self.style.margin + out + 1
            for x in (left, right):
                flow.canvas.rule(x, top, x, bottom, weight)
            for y in (top, bottom):
                flow.canvas.rule(left, y, right, y, weight)

    def _bar(self, flow: Flow) -> None:
        flow.canvas.rule(flow.left, flow.y, flow.right, flow.y, self.style.rule * 2.5)

    def _printed(
        self, flow: Flow, text: str, face: Face, align: str, step: float = 0, inset: float = 1
    ) -> None:
        step = step or leading(face)
        flow.canvas.begin_line()
        box = (flow.left + inset, flow.y, flow.right - inset, flow.y + step)
        draw_lines(flow.canvas, [text], face, box, align)
        flow.y += step
