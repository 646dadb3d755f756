"""The look of a paper that a small clinic wrote with a word processor.

A title in a box, in brackets or over lines; numbered items with a colon, two of them on a line
where they fit; few rules but those of a plain table; date and signers below, the institution large.
"""

import dataclasses
import re
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
    ticked,
    wrap,
)
from tests.makers.layouts.word_items import Hand, ItemTyper

_DATE = re.compile(r"^(\d+)년 (\d+)월 (\d+)일$")
_TABLES = {
    "diagnosis_certificate": "병명 및 질병분류기호",
    "injury_certificate": "병명 및 질병분류기호",
    "prescription": "처방 의약품",
    "fee_receipt": "진료비 내역",
    "fee_detail": "세부 산정 내역",
    "payment_confirmation": "진료비 납입 내역",
    "lab_result": "검사 결과",
}
_IN_WON = frozenset({"fee_receipt", "fee_detail", "payment_confirmation"})


class WordDocument:
    """Draws blocks as numbered items and plain tables."""

    name = "word_document"
    number_at = "centre"
    flags: tuple[str, ...] = ()

    def __init__(self, style: Style, hand: Hand) -> None:
        self.style, self._hand = style, hand
        self._typer = ItemTyper(style, hand)
        self._step = self._typer.step

    def airier(self, factor: float) -> "WordDocument":
        """See `Layout.airier`; where a paper is full, letters and margins are smaller."""
        smaller = min(1.0, 0.72 + factor * 0.28)
        style = dataclasses.replace(
            self.style,
            pad=self.style.pad * min(factor, 2.0),
            gap=self.style.gap * factor,
            body=self.style.body.at(self.style.body.size * smaller),
        )
        tabbed = self._hand.tabbed or factor < 1
        return WordDocument(style, dataclasses.replace(self._hand, tabbed=tabbed))

    def head(self, flow: Flow) -> None:
        """Form line, name and telephone if they stand here, stamp, title."""
        self._typer.count = 0
        content, small = flow.content, self.style.body.at(8.5)
        self._border(flow)
        if content.form_line:
            self._single(flow, content.form_line, small.at(8), "left", leading(small))
            flow.y += 1
        if content.letterhead and not self._hand.contact_below:
            self._contact(flow)
            flow.y += 2
        if content.stamp:
            self._single(flow, f"({content.stamp})", small, "right", leading(small))
        flow.y += 1.5
        self._title(flow)
        flow.y += 3 + self.style.gap

    def running(self, flow: Flow) -> None:
        """The running items in brackets, or nothing."""
        self._border(flow)
        items = flow.content.running
        if items:
            text = ", ".join(f"{item.label} : {item.value}" for item in items)
            small = self.style.body.at(self.style.body.size * 0.92)
            self._single(flow, f"( {text} )", small, "right", leading(small))
            for item in items:
                flow.state(item.facts)
            flow.y += 2

    def _border(self, flow: Flow) -> None:
        canvas = flow.canvas
        for number, weight in enumerate(self._hand.border):
            out = 5.0 + number * 1.1
            left, right = flow.left - out, flow.right + out
            top, bottom = self.style.margin - out, canvas.height - self.style.margin + out
            for y in (top, bottom):
                canvas.rule(left, y, right, y, weight)
            for x in (left, right):
                canvas.rule(x, top, x, bottom, weight)

    def _title(self, flow: Flow) -> None:
        hand, canvas = self._hand, flow.canvas
        text = spaced(ticked(flow.content.title, hand.marks), self.style.spacing)
        if hand.title == "bracketed":
            text = f"{hand.brackets[0]} {text} {hand.brackets[1]}"
        face = shrink(text, self.style.title, flow.right - flow.left - 14)
        boxed = hand.title in {"boxed", "double"}
        inside = 2.2 if boxed else 0.0
        height = leading(face) + 2 * inside
        middle, half = (flow.left + flow.right) / 2, face.width(text) / 2 + (6 if boxed else 1.5)
        top, bottom = flow.y, flow.y + height
        if boxed:
            for out in (0.0, 0.9)[: 2 if hand.title == "double" else 1]:
                for y in (top - out, bottom + out):
                    canvas.rule(middle - half - out, y, middle + half + out, y, 0.3)
                for x in (middle - half - out, middle + half + out):
                    canvas.rule(x, top - out, x, bottom + out, 0.3)
        elif hand.title == "underlined":
            for out in (0.6, 1.5):
                canvas.rule(middle - half, bottom + out, middle + half, bottom + out, 0.25)
        self._single(flow, text, face, "centre", height)
        flow.y = bottom + 2

    def _contact(self, flow: Flow) -> None:
        name, *rest = re.split(" {3,}", flow.content.letterhead)
        bold = self.style.body.at(self.style.body.size + 1.5, bold=True)
        small = self.style.body.at(8.5)
        self._single(flow, name, bold, "centre", leading(bold))
        if rest:
            text = ", ".join(rest).replace("TEL", "전화").replace("FAX", "팩스")
            self._single(flow, text, small, "centre", leading(small))
        flow.state(flow.content.letterhead_facts)

    def fields(self, flow: Flow, block: Fields) -> None:
        """Numbered items; those of one row on one line where they fit and the typist tabs."""
        if self._typer.count and "진료일시" in _labels(block):
            self._typer.count = 0  # each visit is counted anew
            flow.need(self._step * 4)
            flow.canvas.dashes(flow.left, flow.right, flow.y + self.style.gap / 2)
            flow.y += self.style.gap + 1
        if block.heading:
            self._heading(flow, block.heading)
        wide = self._typer.label_width(_labels(block))
        for row in block.rows:
            self._typer.row(flow, row, wide)
        flow.y += self.style.gap

    def table(self, flow: Flow, block: Table) -> None:
        """A caption, then a plain grid with heavier sides; its titles stand out."""
        face = self.style.body.at(self.style.body.size * (0.82 if block.small else 0.94))
        edges = shares((column.weight for column in block.columns), flow.left, flow.right)
        flow.need(leading(face) * 8)
        self._caption(flow, block)
        aligns = [column.align for column in block.columns]
        top = self._titles(flow, block, face, edges)
        for row in block.rows:
            own = face.at(face.size, bold=row.strong)
            cells = [wrap(t, own, edges[n + 1] - edges[n] - 2) for n, t in enumerate(row.cells)]
            height = max(len(lines) for lines in cells) * leading(own) + self.style.pad + 0.6
            if height > flow.room:
                self._sides(flow, edges, top)
                flow.turn()
                top = self._titles(flow, block, face, edges)
            self._row(flow, cells, own, edges, (aligns, height))
            flow.state(row.facts)
        self._sides(flow, edges, top)
        flow.y += 2 + self.style.gap

    def _caption(self, flow: Flow, block: Table) -> None:
        text = block.heading or _TABLES.get(flow.content.kind, "")
        flow.canvas.begin_line()
        if text:
            left = flow.left + self._hand.indent
            self._typer.put(flow, f"{self._typer.next_mark} {text}", left)
            self._typer.count += 1
        if flow.content.kind in _IN_WON:
            small = self.style.body.at(8)
            box = (flow.left, flow.y, flow.right, flow.y + self._step)
            draw_lines(flow.canvas, ["(단위 : 원)"], small, box, "right")
        flow.y += self._step + 0.4

    def _titles(self, flow: Flow, block: Table, face: Face, edges: Sequence[float]) -> float:
        own = face.at(face.size, bold=self.style.label_bold)
        cells = [
            wrap(column.title, own, edges[n + 1] - edges[n] - 1.6)
            for n, column in enumerate(block.columns)
        ]
        height = max(len(lines) for lines in cells) * leading(own) + self.style.pad + 1.2
        top = flow.y
        if self._hand.header == "grey":
            flow.canvas.fill(edges[0], top, edges[-1], top + height, self.style.label_grey)
        self._row(flow, cells, own, edges, (["centre"] * len(cells), height))
        if self._hand.header == "double":
            flow.y += 0.7
            flow.canvas.rule(edges[0], flow.y, edges[-1], flow.y, self.style.rule)
        return top

    def _row(
        self,
        flow: Flow,
        cells: Sequence[Sequence[str]],
        face: Face,
        edges: Sequence[float],
        look: tuple[Sequence[str], float],
    ) -> None:
        aligns, height = look
        flow.canvas.begin_line()
        for n, lines in enumerate(cells):
            box = (edges[n] + 1, flow.y, edges[n + 1] - 1, flow.y + height)
            draw_lines(flow.canvas, lines, face, box, aligns[n])
        flow.y += height
        flow.canvas.rule(edges[0], flow.y, edges[-1], flow.y, self.style.rule)

    def _sides(self, flow: Flow, edges: Sequence[float], top: float) -> None:
        """The upright rules of a table, and the heavier ones around it."""
        for x in edges[1:-1]:
            flow.canvas.rule(x, top, x, flow.y, self.style.rule)
        for x in (edges[0], edges[-1]):
            flow.canvas.rule(x, top, x, flow.y, self.style.rule * 2)
        for y in (top, flow.y):
            flow.canvas.rule(edges[0], y, edges[-1], y, self.style.rule * 2)

    def prose(self, flow: Flow, block: Prose) -> None:
        """A numbered label; a short text on its line, a longer one indented below."""
        face = self.style.body.at(self.style.body.size * (0.88 if block.small else 1))
        step = leading(face) * 1.06 + self.style.pad * 0.5
        left = flow.left + self._hand.indent * (2 if block.label else 1) + 3 * bool(block.label)
        texts = [ticked(text, self._hand.marks) for text in block.lines]
        if self._hand.dashed and len(texts) > 1 and not re.match(r"\d\.|.\)", texts[0]):
            texts = [f"- {text}" for text in texts]
        lines = [line for text in texts for line in wrap(text, face, flow.right - left)]
        named = f"{self._typer.next_mark} {block.label} : {texts[0]}"
        start = flow.left + self._hand.indent
        short = len(lines) == 1 and start + self._typer.width(named) + 4 < flow.right
        if block.facts:  # stay on one page, so that the page's facts are exact
            flow.need(step * (len(lines) + 2))
        if block.label and short and not block.small:
            self._typer.item(flow, Item(block.label, block.lines[0]))
        else:
            if block.label:
                self._typer.item(flow, Item(block.label, ""))
            for line in lines:
                flow.need(step)
                box = (left, flow.y, flow.right, flow.y + step)
                flow.canvas.begin_line()
                draw_lines(flow.canvas, [line], face, box)
                flow.y += step
        flow.state(block.facts)
        flow.y += self.style.gap + max(0, min(block.room - len(lines), 4)) * self.style.gap * 0.6

    def closing(self, flow: Flow, block: Closing) -> None:
        """Sentence, date in the middle, signers one below the other, addressee, name large."""
        face, step = self.style.body, self._step * 1.1
        sentence = wrap(block.sentence, face, flow.right - flow.left - 12) if block.sentence else []
        items = [item for row in block.signers for item in row]
        flow.need(step * (len(sentence) + len(items) + 2 * bool(block.date) + 3))
        flow.y += self.style.gap
        for number, line in enumerate(sentence):
            inset = 10 if not number else 6
            self._single(flow, line, face, "left", step, inset=inset)
        if block.date:
            flow.y += step * 0.5
            date = _DATE.sub(r"\1년  \2월  \3일", block.date)
            self._single(flow, date, face.at(face.size + 0.5), "centre", step)
            flow.y += step * 0.4
        left = flow.left + (flow.right - flow.left) * self._hand.signed_at
        wide = self._typer.label_width(item.label for item in items)
        for item in items:
            flow.canvas.begin_line()
            start = self._typer.label(flow, item.label, left, wide)
            own = shrink(item.value, face, flow.right - start)
            box = (start, flow.y, flow.right, flow.y + self._step)
            draw_lines(flow.canvas, [item.value], own, box)
            flow.state(item.facts)
            flow.y += step
        flow.state(block.facts)
        name = flow.content.letterhead.partition("   ")[0]
        if self._hand.large and name and flow.content.sealed and block.sentence:
            own = face.at(face.size + 5, bold=True)
            flow.y += step * 0.4
            self._single(flow, f"{spaced(name, 1)}  (직인)", own, "centre", leading(own))
            flow.state(flow.content.letterhead_facts)
        if block.addressee:
            flow.y += step * 0.3
            self._single(flow, block.addressee, face.at(face.size + 2, bold=True), "left", step)
        flow.y += self.style.gap

    def foot(self, flow: Flow) -> None:
        """Small lines; below them over a rule the name and telephone, if there is room left."""
        content, face = flow.content, self.style.body.at(8)
        width = flow.right - flow.left
        for line in (part for text in content.foot for part in wrap(text, face, width)):
            flow.need(leading(face))
            self._single(flow, line, face, "left", leading(face))
        if content.letterhead and self._hand.contact_below and flow.room > leading(face) + 2:
            flow.y = max(flow.y, flow.y + flow.room - leading(face) - 2)
            flow.canvas.rule(flow.left, flow.y, flow.right, flow.y, 0.3)
            flow.y += 1
            text = " / ".join(re.split(" {3,}", content.letterhead))
            self._single(flow, text, shrink(text, face, width), "left", leading(face))
            flow.state(content.letterhead_facts)

    def _heading(self, flow: Flow, text: str) -> None:
        face = self.style.body.at(self.style.body.size + 0.5, bold=True)
        first, last = self._hand.brackets
        flow.need(self._step * 3)
        self._single(flow, f"{first} {text} {last}", face, "left", self._step)

    @staticmethod
    def _single(
        flow: Flow, text: str, face: Face, align: str, step: float, inset: float = 0
    ) -> None:
        flow.canvas.begin_line()
        box = (flow.left + inset, flow.y, flow.right, flow.y + step)
        draw_lines(flow.canvas, [text], face, box, align)
        flow.y += step


def _labels(block: Fields) -> list[str]:
    return [item.label for row in block.rows for item in row]
