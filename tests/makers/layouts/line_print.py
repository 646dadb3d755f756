"""The look of a dot-matrix printer: letters in fixed columns, aligned by white space, no ruling.

Lines of `=` and `-` part the blocks. They are drawn as the printer prints them, as letters, and
are no text.
"""

import dataclasses
from collections.abc import Sequence

from tests.makers.content import Closing, Fields, Item, Prose, Table
from tests.makers.layouts.flow import Flow, Style, leading

_GAP = 2  # columns of white space between two columns of a table


class LinePrint:
    """Draws blocks as lines of letters, all of one size."""

    name = "line_print"
    flags: tuple[str, ...] = ()
    number_at = "right"

    def __init__(self, style: Style) -> None:
        self.style = style
        self._pitch = style.body.width("0")

    def airier(self, factor: float) -> "LinePrint":
        """See `Layout.airier`: a printer's lines have one distance; letters shrink if they must."""
        if factor >= 1:
            return self
        return LinePrint(dataclasses.replace(self.style, body=self.style.body.at(8.0)))

    def head(self, flow: Flow) -> None:
        """Letterhead, form line, title between two double lines."""
        content = flow.content
        if content.letterhead:
            self._line(flow, [(0, content.letterhead)])
            flow.state(content.letterhead_facts)
        if content.form_line:
            self._line(flow, [(0, content.form_line)])
        self._separate(flow, "=")
        title = content.title
        if title.isalpha() and len(title) < 10:
            title = " ".join(title)
        marked = f"<< {title} >>" if self.style.spacing else f"*** {title} ***"
        self._line(flow, [(max(0, (self._columns(flow) - self._columns_of(marked)) // 2), marked)])
        if content.stamp:
            text = f"( {content.stamp} )"
            self._line(flow, [(self._columns(flow) - self._columns_of(text), text)])
        self._separate(flow, "=")

    def running(self, flow: Flow) -> None:
        """The running items in one line over a line of dashes, or nothing."""
        if flow.content.running:
            self.fields(flow, Fields((flow.content.running,)))

    def fields(self, flow: Flow, block: Fields) -> None:
        """Labels padded to one width, their values in columns."""
        if block.heading:
            self._line(flow, [(0, f"[{block.heading}]")])
        places = max(len(row) for row in block.rows)
        labels = [
            max(self._columns_of(row[n].label) for row in block.rows if n < len(row))
            for n in range(places)
        ]
        for row in block.rows:
            self._items(flow, row, labels)
        self._separate(flow, "-")

    def _items(self, flow: Flow, row: Sequence[Item], labels: Sequence[int]) -> None:
        edges = self._edges([item.weight for item in row], self._columns(flow))
        starts = [edge + wide + 3 for edge, wide in zip(edges, labels, strict=False)]
        values = [
            self._fold(item.value, edges[n + 1] - starts[n] - 1) for n, item in enumerate(row)
        ]
        self._need(flow, max(len(lines) for lines in values))
        self._begin(flow)
        for n, item in enumerate(row):
            padding = " " * (labels[n] - self._columns_of(item.label))
            self._put(flow, edges[n], f"{item.label}{padding} :", 0)
            for number, line in enumerate(values[n]):
                self._put(flow, starts[n], line, number)
            flow.state(item.facts)
        self._advance(flow, max(len(lines) for lines in values))

    def table(self, flow: Flow, block: Table) -> None:
        """Columns aligned by white space; titles between two lines of dashes."""
        if block.heading:
            self._line(flow, [(0, f"[{block.heading}]")])
        edges = self._edges([column.weight for column in block.columns], self._columns(flow))
        aligns = [column.align for column in block.columns]
        titles = [column.title for column in block.columns]
        self._need(flow, 6)
        self._row(flow, titles, edges, aligns)
        self._separate(flow, "-")
        for row in block.rows:
            if row.strong:
                self._separate(flow, "-")
            if self._height(row.cells, edges) * self._step > flow.room:
                flow.turn()
                self._row(flow, titles, edges, aligns)
                self._separate(flow, "-")
            self._row(flow, row.cells, edges, aligns)
            flow.state(row.facts)
        self._separate(flow, "-")

    def _height(self, cells: Sequence[str], edges: Sequence[int]) -> int:
        return max(len(self._fold(t, edges[n + 1] - edges[n] - _GAP)) for n, t in enumerate(cells))

    def _row(
        self, flow: Flow, cells: Sequence[str], edges: Sequence[int], aligns: Sequence[str]
    ) -> None:
        height = self._height(cells, edges)
        self._begin(flow)
        for n, text in enumerate(cells):
            wide = edges[n + 1] - edges[n] - _GAP
            for number, line in enumerate(self._fold(text, wide)):
                slack = wide - self._columns_of(line)
                start = {"left": 0, "centre": slack // 2, "right": slack}[aligns[n]]
                self._put(flow, edges[n] + start, line, number)
        self._advance(flow, height)

    def prose(self, flow: Flow, block: Prose) -> None:
        """The label in brackets, the text on the same line, later lines under its beginning."""
        label = f"[{block.label}]" if block.label else ""
        indent = min(self._columns_of(label) + 1, 24) if label else 0
        own_line = self._columns_of(label) > indent
        wide = self._columns(flow) - indent
        lines = [line for paragraph in block.lines for line in self._fold(paragraph, wide)]
        if block.facts:  # stay on one page, so that the page's facts are exact
            self._need(flow, len(lines) + own_line)
        if own_line:
            self._line(flow, [(0, label)])
        for number, line in enumerate(lines):
            first = [(0, label)] if number == 0 and label and not own_line else []
            self._line(flow, [*first, (indent, line)])
        flow.state(block.facts)
        self._advance(flow, 0.5)

    def closing(self, flow: Flow, block: Closing) -> None:
        """Sentence, date in the middle, signers from the middle on."""
        wide = self._columns(flow)
        sentence = self._fold(block.sentence, wide - 4) if block.sentence else []
        self._need(flow, len(sentence) + len(block.signers) + 5)
        self._advance(flow, 1)
        for line in sentence:
            self._line(flow, [(4, line)])
        if block.date:
            self._advance(flow, 0.5)
            self._line(flow, [((wide - self._columns_of(block.date)) // 2, block.date)])
            self._advance(flow, 0.5)
        for row in block.signers:
            text = "  ".join(f"{item.label} : {item.value}" for item in row)
            for line in self._fold(text, wide):
                self._line(flow, [(max(0, min(wide // 3, wide - self._columns_of(line))), line)])
            for item in row:
                flow.state(item.facts)
        if block.addressee:
            self._line(flow, [(0, block.addressee)])
        flow.state(block.facts)

    def foot(self, flow: Flow) -> None:
        """The small lines, in letters of the same size, under a double line."""
        if flow.content.foot:
            self._separate(flow, "=")
        for line in flow.content.foot:
            for part in self._fold(line, self._columns(flow)):
                self._line(flow, [(0, part)])

    def _columns_of(self, text: str) -> int:
        """How many columns a text takes: two for a Hangul syllable or another wide letter."""
        pitch = self._pitch * 1.05
        return sum(1 + (self.style.body.width(letter) > pitch) for letter in text)

    def _fold(self, text: str, wide: int) -> list[str]:
        """Break a text into lines of at most `wide` columns: at spaces, else inside a word."""
        lines, line = [], ""
        for given in text.split(" "):
            word = given
            joined = f"{line} {word}" if line else word
            if self._columns_of(joined) <= wide:
                line = joined
                continue
            if line:
                lines.append(line)
            while self._columns_of(word) > wide and len(word) > 1:
                fitting = (n for n in range(len(word), 0, -1) if self._columns_of(word[:n]) <= wide)
                cut = next(fitting, 1)
                lines.append(word[:cut])
                word = word[cut:]
            line = word
        return [*lines, line]

    @property
    def _step(self) -> float:
        return leading(self.style.body)

    def _columns(self, flow: Flow) -> int:
        return int((flow.right - flow.left) / self._pitch)

    @staticmethod
    def _edges(weights: Sequence[float], wide: int) -> list[int]:
        total, edges = sum(weights), [0.0]
        for weight in weights:
            edges.append(edges[-1] + weight / total * wide)
        return [round(edge) for edge in edges]

    def _need(self, flow: Flow, lines: float) -> None:
        flow.need(lines * self._step)

    def _begin(self, flow: Flow) -> None:
        flow.canvas.begin_line()

    def _put(self, flow: Flow, column: int, text: str, line: int) -> None:
        """Write a text from a column on, word by word, each in its own columns."""
        y = flow.y + line * self._step + self.style.body.size * 25.4 / 72 * 0.95
        for word in text.split():
            at = column + self._columns_of(text[: text.index(word)])
            flow.canvas.text(flow.left + at * self._pitch, y, word, self.style.body)
            column, text = at + self._columns_of(word), text[text.index(word) + len(word) :]

    def _advance(self, flow: Flow, lines: float) -> None:
        flow.y += lines * self._step

    def _line(self, flow: Flow, texts: Sequence[tuple[int, str]]) -> None:
        self._need(flow, 1)
        self._begin(flow)
        for column, text in texts:
            self._put(flow, column, text, 0)
        self._advance(flow, 1)

    def _separate(self, flow: Flow, letter: str) -> None:
        y = flow.y + self.style.body.size * 25.4 / 72 * 0.8
        flow.canvas.ornament(flow.left, y, letter * self._columns(flow), self.style.body)
        self._advance(flow, 1)
