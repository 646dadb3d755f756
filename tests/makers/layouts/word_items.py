"""Numbered items with a colon, as people type them: `3. 주    소 : 가온시 …`."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.makers.content import Item
from tests.makers.layouts.flow import Flow, Style, draw_lines, leading, shares, ticked, wrap
from tests.makers.layouts.labels import is_hangul

_CIRCLED = re.compile("[①-⑮]")
_SPACE = 1.5  # around a colon and behind a number, millimetres


@dataclass(frozen=True, slots=True)
class Hand:
    """How whoever typed a paper sets it.

    Attributes:
        title: `boxed`, `double`, `underlined` or `bracketed`. brackets: around such a title, and
            around headings. number: a format of a count, or a bullet. spread: labels are as wide
            as the widest one. tabbed: two items stand on a line where they fit. indent: of items,
            millimetres. border: weights of the lines around the page, none or two. contact_below:
            name and telephone stand at the foot, not at the head. header: `grey`, `double` or
            `plain`, of a table's titles. dashed: paragraphs begin with a dash. signed_at: where
            the signers begin, as a share of the width. large: the institution's name ends the
            paper, large. marks: of a choice that is ticked and of one that is not.
    """

    title: str
    brackets: tuple[str, str]
    number: str
    spread: bool
    tabbed: bool
    indent: float
    border: tuple[float, ...]
    contact_below: bool
    header: str
    dashed: bool
    signed_at: float
    large: bool
    marks: tuple[str, str]


class ItemTyper:
    """Types items one below the other and counts them; `count` is how many have a number."""

    def __init__(self, style: Style, hand: Hand) -> None:
        self._style, self._hand = style, hand
        self.count = 0

    @property
    def step(self) -> float:
        """Height of an item of one line."""
        return leading(self._style.body) * 1.06 + self._style.pad

    @property
    def next_mark(self) -> str:
        """The number or bullet of the next item."""
        return self._hand.number.format(self.count + 1)

    def width(self, text: str) -> float:
        """Width of a text in the face of items."""
        return self._style.body.width(text)

    def label_width(self, labels: Iterable[str]) -> float:
        """The width to which labels are spread: that of the widest, from four to six letters."""
        if not self._hand.spread:
            return 0.0
        em = self.width("가")
        return min(max([em * 4, *(self.width(label) for label in labels)]), em * 6)

    def row(self, flow: Flow, items: Sequence[Item], wide: float) -> None:
        """Type a row's items on one line where they fit and the typist tabs, else one a line."""
        places = self._places(flow, items, wide)
        if not places:
            for item in items:
                self.item(flow, item, wide)
            return
        flow.need(self.step)
        flow.canvas.begin_line()
        for item, left in zip(items, places, strict=True):
            self._begin(flow, item, left, wide)
        flow.y += self.step

    def _places(self, flow: Flow, items: Sequence[Item], wide: float) -> list[float]:
        """Where the items of a line begin; empty where they do not fit on one."""
        if not self._hand.tabbed or len(items) < 2:
            return []
        edges = shares([1.0] * len(items), flow.left + self._hand.indent, flow.right)
        mark = self.width(self._hand.number.format(len(items) + self.count)) + _SPACE
        for n, item in enumerate(items):
            used = mark + max(wide, self.width(item.label)) + 4 * _SPACE
            if used + self.width(self._value(item)) > edges[n + 1] - edges[n]:
                return []
        return edges[:-1]

    def item(self, flow: Flow, item: Item, wide: float = 0.0) -> None:
        """Type one item; the lines of a long value stand below its beginning."""
        value, face = self._value(item), self._style.body
        flow.need(self.step * 2)
        flow.canvas.begin_line()
        x = self._begin(flow, item, flow.left + self._hand.indent, wide)
        if x + face.width(value) > flow.right:
            for number, line in enumerate(wrap(value, face, flow.right - x)):
                if number:
                    flow.y += leading(face)
                    flow.canvas.begin_line()
                self.put(flow, line, x)
        flow.y += self.step

    def _begin(self, flow: Flow, item: Item, left: float, wide: float) -> float:
        """Type number, label, colon, and the value if it fits; return where the value begins."""
        x = left
        if item.label and not _CIRCLED.match(item.label):
            x = self.put(flow, self.next_mark, x) + _SPACE
            self.count += 1
        x = self.label(flow, item.label, x, wide)
        value = self._value(item)
        if x + self.width(value) <= flow.right:
            self.put(flow, value, x)
        flow.state(item.facts)
        return x

    def label(self, flow: Flow, label: str, x: float, wide: float) -> float:
        """Type a label and its colon; its letters stand apart where others are wider.

        Returns:
            Where the value begins.
        """
        if not label:
            return x
        em, count = self.width("가"), len(label)
        gap = (wide - em * count) / (count - 1) if count > 1 else 0.0
        if is_hangul(label) and gap > em * 0.4:
            for n, letter in enumerate(label):
                self.put(flow, letter, x + n * (em + gap))
        else:
            self.put(flow, label, x)
        return self.put(flow, ":", x + max(wide, self.width(label)) + _SPACE) + _SPACE

    def put(self, flow: Flow, text: str, x: float) -> float:
        """Type a text on the line at which the flow is, and return where it ends."""
        end = x + self.width(text)
        box = (x, flow.y, end, flow.y + self.step)
        draw_lines(flow.canvas, [text] if text else [], self._style.body, box)
        return end

    def _value(self, item: Item) -> str:
        return ticked(item.value, self._hand.marks)
