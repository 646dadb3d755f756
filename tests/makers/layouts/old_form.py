"""The look of a form that a typewriter or a word processor set, as from the 1980s to the 2000s.

A heavy or double frame around everything, thin or dotted rules within; narrow label cells with
their letters spread; at the left of a block one merged cell whose letters stand one under another.
"""

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass

from tests.makers.content import Closing, Fields, Item, Prose, Row, Table
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
from tests.makers.layouts.frame import Frame, draw_stamp
from tests.makers.layouts.labels import (
    UPRIGHT,
    draw_spread,
    draw_upright,
    height_upright,
    is_hangul,
    set_label,
    side_label,
)
from tests.makers.layouts.topics import Topic, topic_of

_SIDE_WORDS: dict[Topic, tuple[str, ...]] = {
    "patient": ("인적사항", "환자"),
    "disease": ("진단내용", "상병", "병명"),
    "clinic": ("의료기관", "기관"),
    "visit": ("진료사항", "진료"),
    "surgery": ("수술사항", "수술"),
    "exam": ("검사사항", "검사"),
    "dispensing": ("조제사항", "조제"),
    "fees": ("금액산정", "금액"),
    "": (),
}
_DATE = re.compile(r"^(\d+)년 (\d+)월 (\d+)일$")


@dataclass(frozen=True, slots=True)
class Press:
    """How a form was set and filled in.

    Attributes:
        values: the face of what was filled in. frame: weights of the outer frame's lines, from
            the inner to the outer one. dotted: rows are parted by dots. stacked: labels stand
            upright where they can. narrow: the widest label cell. underlines: lines below the
            title. below: the institution's name stands below the frame, large. tall: the frame
            reaches to the foot of the last page.
    """

    values: Face
    frame: tuple[float, ...]
    dotted: bool
    stacked: bool
    narrow: float
    underlines: int
    below: bool
    tall: bool


@dataclass(frozen=True, slots=True)
class _Pair:
    """A label cell and a value cell: their edges, the lines in them, the label's face."""

    item: Item
    left: float
    split: float
    right: float
    label: tuple[list[str], Face]
    lines: list[str]


class OldForm:
    """Draws blocks as rows of one closed grid."""

    name = "old_form"
    number_at = "centre"
    flags: tuple[str, ...] = ()

    def __init__(self, style: Style, press: Press) -> None:
        self.style, self._press = style, press
        self._label, self._values = style.body, press.values
        self._frame = Frame(press.frame)

    def airier(self, factor: float) -> "OldForm":
        """See `Layout.airier`; where a form is full, its letters are smaller."""
        smaller = min(1.0, 0.62 + factor * 0.38)
        body, values = self.style.body, self._press.values
        style = dataclasses.replace(
            self.style, pad=self.style.pad * factor, body=body.at(body.size * smaller)
        )
        values = values.at(values.size * smaller)
        return OldForm(style, dataclasses.replace(self._press, values=values))

    def head(self, flow: Flow) -> None:
        """Form line in brackets, stamp box, title with its underlines; then the frame begins."""
        content = flow.content
        small = self.style.body.at(7.5)
        if content.form_line:
            self._single(flow, _bracketed(content.form_line), small, "left", leading(small))
        if content.stamp:
            draw_stamp(flow, content.stamp, self.style.body.at(8.5))
        flow.y += 2.5
        title = spaced(content.title, self.style.spacing)
        face = shrink(title, self.style.title, flow.right - flow.left - 10)
        self._single(flow, title, face, "centre", leading(face))
        wide, middle = face.width(title) / 2 + 1.5, (flow.left + flow.right) / 2
        for number in range(self._press.underlines):
            y = flow.y + number * 0.9
            flow.canvas.rule(middle - wide, y, middle + wide, y, 0.3)
        flow.y += 4
        if content.letterhead and not self._press.below:
            face = shrink(content.letterhead, small.at(8.5), flow.right - flow.left)
            self._single(flow, content.letterhead, face, "right", leading(face))
            flow.state(content.letterhead_facts)
            flow.y += len(self._press.frame)
        self._frame.open(flow)

    def running(self, flow: Flow) -> None:
        """The frame begins anew, with the running items in its first row if there are any."""
        self._frame.open(flow)
        if flow.content.running:
            self.fields(flow, Fields((flow.content.running,)))

    def fields(self, flow: Flow, block: Fields) -> None:
        """Narrow label cells beside value cells; one merged upright cell says what they are."""
        word, rows = self._set_rows(flow, block)
        if block.heading and not word:
            self._banner(flow, block.heading)
        flow.need(sum(height for _, height in rows))
        top, left = flow.y, flow.left + (UPRIGHT if word else 0)
        if word:
            flow.canvas.begin_line()
            bottom = top + sum(height for _, height in rows)
            draw_upright(flow.canvas, word, self._label, (flow.left, top, left, bottom))
        for number, (pairs, height) in enumerate(rows):
            if number:
                self._inner(flow, left, flow.y)
            self._pairs(flow, pairs, height)
        if word:
            flow.canvas.rule(left, top, left, flow.y, self.style.rule)
        self._finish(flow, top)

    def _set_rows(self, flow: Flow, block: Fields) -> tuple[str, list[tuple[list[_Pair], float]]]:
        """The word of the merged cell, if one fits, and each row's cells and height."""
        words: tuple[str, ...] = ()
        if self._press.stacked and len(block.rows) > 1:
            words = (block.heading,) if block.heading else _SIDE_WORDS[topic_of(block)]
            words = tuple(word for word in words if is_hangul(word))
        for word in (*words, ""):
            left = flow.left + (UPRIGHT if word else 0)
            rows = [self._set_row(row, block, left, flow.right) for row in block.rows]
            if height_upright(word, self._label) <= sum(height for _, height in rows):
                break
        return word, rows

    def _set_row(
        self, row: Sequence[Item], block: Fields, left: float, right: float
    ) -> tuple[list[_Pair], float]:
        edges = shares((item.weight for item in row), left, right)
        pairs = []
        for n, item in enumerate(row):
            labels = [other[n].label for other in block.rows if n < len(other)]
            widest = max(self._label.width(label) for label in labels) + 3
            room = (edges[n + 1] - edges[n]) * 0.5
            split = edges[n] + min(max(widest, 14), self._press.narrow, room)
            label = set_label(_closed(item.label), self._label, split - edges[n] - 1.6)
            lines = wrap(item.value, self._values, edges[n + 1] - split - 2.4)
            pairs.append(_Pair(item, edges[n], split, edges[n + 1], label, lines))
        tallest = max(
            max(leading(self._label) * len(pair.label[0]), leading(self._values) * len(pair.lines))
            for pair in pairs
        )
        return pairs, tallest + 2 * self.style.pad

    def _pairs(self, flow: Flow, pairs: Sequence[_Pair], height: float) -> None:
        top, bottom = flow.y, flow.y + height
        flow.canvas.begin_line()
        for number, pair in enumerate(pairs):
            draw_spread(flow.canvas, *pair.label, (pair.left, top, pair.split, bottom))
            box = (pair.split + 1.4, top, pair.right - 0.8, bottom)
            draw_lines(flow.canvas, pair.lines, self._values, box)
            for x in (pair.left, pair.split)[number == 0 :]:
                flow.canvas.rule(x, top, x, bottom, self.style.rule)
            flow.state(pair.item.facts)
        flow.y = bottom

    def table(self, flow: Flow, block: Table) -> None:
        """All columns closed; a double line below the titles, a heavy one above sums."""
        if block.heading:
            self._banner(flow, block.heading)
        face = self._values.at(self._values.size * (0.84 if block.small else 0.96))
        edges = shares((column.weight for column in block.columns), flow.left, flow.right)
        aligns = [column.align for column in block.columns]
        flow.need(leading(face) * 6)
        top = self._titles(flow, block, edges)
        for number, row in enumerate(block.rows):
            cells, height = self._cells(row, face, edges)
            if height > flow.room:
                self._finish(flow, top)
                flow.turn()
                top = self._titles(flow, block, edges)
            elif number and row.strong:
                flow.canvas.rule(flow.left, flow.y, flow.right, flow.y, self.style.rule * 2)
            elif number:
                self._inner(flow, flow.left, flow.y)
            flow.canvas.begin_line()
            for n, lines in enumerate(cells):
                box = (edges[n] + 0.9, flow.y, edges[n + 1] - 0.9, flow.y + height)
                draw_lines(flow.canvas, lines, face, box, aligns[n])
            self._columns(flow, edges, height)
            flow.state(row.facts)
        self._finish(flow, top)

    def _cells(self, row: Row, face: Face, edges: Sequence[float]) -> tuple[list[list[str]], float]:
        cells = [
            wrap(text, face, edges[n + 1] - edges[n] - 1.8) for n, text in enumerate(row.cells)
        ]
        height = max(len(lines) for lines in cells) * leading(face) + 1.4 * self.style.pad
        return cells, height

    def _titles(self, flow: Flow, block: Table, edges: Sequence[float]) -> float:
        face = self._label.at(self._label.size * (0.82 if block.small else 0.95))
        named = [
            wrap(column.title, face, edges[n + 1] - edges[n] - 1.4)
            for n, column in enumerate(block.columns)
        ]
        height = max(len(lines) for lines in named) * leading(face) + 1.6 * self.style.pad
        top = flow.y
        flow.canvas.begin_line()
        for n, lines in enumerate(named):
            draw_spread(flow.canvas, lines, face, (edges[n], top, edges[n + 1], top + height))
        self._columns(flow, edges, height)
        for y in (flow.y, flow.y + 0.7):
            flow.canvas.rule(flow.left, y, flow.right, y, self.style.rule)
        self._columns(flow, edges, 0.7)
        return top

    def _columns(self, flow: Flow, edges: Sequence[float], height: float) -> None:
        for x in edges[1:-1]:
            flow.canvas.rule(x, flow.y, x, flow.y + height, self.style.rule)
        flow.y += height

    def prose(self, flow: Flow, block: Prose) -> None:
        """An upright or a lying label in a cell at the left, the text at the right."""
        face = self._values.at(self._values.size * (0.86 if block.small else 1))
        step = leading(face) * 1.05
        label = side_label(block.label, self._label, upright=self._press.stacked)
        split = flow.left + label.width
        lines = [s for text in block.lines for s in wrap(text, face, flow.right - split - 4)]
        least = max(block.room * step * 0.9, label.height) + 2 * self.style.pad
        if block.facts:  # stay on one page, so that the page's facts are exact
            flow.need(max(step * len(lines) + 2 * self.style.pad, least))
        begun = False
        while lines or not begun:
            fitting = int((flow.room - 2 * self.style.pad) / step)
            if fitting < min(2, len(lines)) or (not begun and least > flow.room):
                least = min(least, flow.style.height * 0.4)
                flow.turn()
                continue
            taken, lines = lines[:fitting], lines[fitting:]
            top = flow.y
            flow.y += max(step * len(taken) + 2 * self.style.pad, 0 if begun else least)
            if split > flow.left:
                flow.canvas.rule(split, top, split, flow.y, self.style.rule)
            flow.canvas.begin_line()
            if not begun:
                label.draw(flow.canvas, (flow.left, top, split, flow.y))
            y = top + self.style.pad
            for number, line in enumerate(taken):
                if number:
                    flow.canvas.begin_line()
                box = (split + 2, y, flow.right - 2, y + step)
                draw_lines(flow.canvas, [line], face, box)
                y += step
            self._finish(flow, top)
            begun = True
        flow.state(block.facts)

    def closing(self, flow: Flow, block: Closing) -> None:
        """Sentence, date spread out, signers with their labels spread, all in one wide cell."""
        face, step = self._label, leading(self._label) * 1.3
        width = flow.right - flow.left
        sentence = wrap(block.sentence, face, width - 16) if block.sentence else []
        count = len(sentence) + 1.6 * bool(block.date) + len(block.signers)
        height = step * (count + 1.2 * bool(block.addressee) + 0.8)
        flow.need(height)
        top = flow.y
        flow.y += step * 0.4
        for line in sentence:
            self._single(flow, line, face, "left", step, inset=8)
        if block.date:
            date = _DATE.sub(r"\1 년   \2 월   \3 일", block.date)
            flow.y += step * 0.3
            self._single(flow, date, self._values, "centre", step)
            flow.y += step * 0.3
        labels = [item.label for row in block.signers for item in row]
        named = max([20, *(min(self._label.width(label) + 3, 34) for label in labels)])
        for row in block.signers:
            self._signers(flow, row, named, step)
        if block.addressee:
            large = shrink(block.addressee, face.at(face.size * 1.25), width - 16)
            self._single(flow, block.addressee, large, "left", step * 1.2, inset=8)
        flow.state(block.facts)
        flow.y = top + height
        self._finish(flow, top)

    def _signers(self, flow: Flow, row: Sequence[Item], named: float, step: float) -> None:
        start = flow.left + (flow.right - flow.left) * (0.32 if len(row) == 1 else 0.18)
        edges = shares((1 for _ in row), start, flow.right - 4)
        flow.canvas.begin_line()
        for n, item in enumerate(row):
            split = edges[n] + min(named, (edges[n + 1] - edges[n]) * 0.5)
            label = shrink(item.label, self._label, split - edges[n] - 1)
            cell = (edges[n], flow.y, split, flow.y + step)
            draw_spread(flow.canvas, [item.label], label, cell)
            box = (split + 2, flow.y, edges[n + 1] - 2, flow.y + step)
            value = shrink(item.value, self._values, box[2] - box[0])
            draw_lines(flow.canvas, [item.value], value, box)
            flow.state(item.facts)
        flow.y += step

    def foot(self, flow: Flow) -> None:
        """The frame ends; below it the small print in brackets and the institution's name."""
        content, small = flow.content, self.style.body.at(7.5)
        named = bool(content.letterhead) and self._press.below
        width = flow.right - flow.left
        lines = [part for line in content.foot for part in wrap(_noted(line), small, width)]
        name, _, rest = content.letterhead.partition("   ")
        face = shrink(spaced(name, 1), self.style.title.at(self.style.title.size * 0.85), width)
        height = leading(small) * len(lines) + (leading(face) + 5.5) * named + 1.5
        flow.need(height)
        if self._press.tall and not content.airy and flow.room > height:
            top, flow.y = flow.y, flow.y + flow.room - height
            self._frame.sides(flow, top)
        self._frame.close(flow)
        flow.y += 1.5
        for line in lines:
            self._single(flow, line, small, "left", leading(small))
        if named:
            self._single(flow, spaced(name, 1), face, "centre", leading(face))
            flow.state(content.letterhead_facts)
            if rest:
                self._single(flow, rest, small, "centre", leading(small))

    def _finish(self, flow: Flow, top: float) -> None:
        """The frame's sides along a block, and a rule below it."""
        self._frame.sides(flow, top)
        flow.canvas.rule(flow.left, flow.y, flow.right, flow.y, self.style.rule)

    def _inner(self, flow: Flow, left: float, y: float) -> None:
        if self._press.dotted:
            flow.canvas.dashes(left, flow.right, y, dotted=True)
        else:
            flow.canvas.rule(left, y, flow.right, y, self.style.rule * 0.7)

    def _banner(self, flow: Flow, text: str) -> None:
        """A heading in a row of its own, between pointed brackets."""
        step = leading(self._label) + 1.2 * self.style.pad
        flow.need(step * 4)
        top = flow.y
        self._single(flow, f"< {spaced(text, 1)} >", self._label, "centre", step)
        self._finish(flow, top)

    @staticmethod
    def _single(
        flow: Flow, text: str, face: Face, align: str, step: float, inset: float = 0
    ) -> None:
        flow.canvas.begin_line()
        box = (flow.left + inset, flow.y, flow.right - inset, flow.y + step)
        draw_lines(flow.canvas, [text], face, box, align)
        flow.y += step


def _closed(label: str) -> str:
    """`성 명` as `성명`: the cell spreads the letters."""
    parts = label.split(" ")
    return "".join(parts) if all(len(part) == 1 for part in parts) else label


def _bracketed(form_line: str) -> str:
    """`■ 의료법 시행규칙 [별지 제9호서식]` as `(의료법 시행규칙 별지 제9호서식)`."""
    if not form_line.startswith("■ "):
        return form_line
    return f"({form_line[2:].replace('[', '').replace(']', '')})"


def _noted(line: str) -> str:
    return f"({line})" if line[:1].isdigit() else line
