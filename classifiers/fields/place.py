"""Where the value of a label may stand: on its right, else below it.

With boxes the neighbouring cell counts, whatever order the lines were read in; without boxes the
order of the text does.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from classifiers.form import Form, Piece
from records.values import Box

RIGHT = "right"
BELOW = "below"

# What stands between a label and its value, and what readers make of a rule or a colon.
_LEADERS = frozenset(":;|.,=·ㆍ\u119e•-_ㅣ『「!'’“”—")
# In line heights: how far right a value's cell may begin, how far below its line may be.
_REACH_RIGHT = 14.0
_REACH_BELOW = 2.6
_COLUMN_SLACK = 1.0
_COLUMN_REACH = 6.0
_TRANSLATED = 1.0
_OVERLAPS = 0.3  # lines of a cell may overlap a little
_LATIN_LETTERS = 3


@dataclass(frozen=True, slots=True)
class Region:
    """Tokens where a value may stand, and how they lie to the label."""

    way: str
    tokens: tuple[int, ...]


class Places:
    """The places of one page, looked up by label."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self._label_tokens = frozenset(
            token
            for label in form.labels
            for token in (*range(label.start, label.end), *label.under)
        )
        self._lines: dict[int, list[int]] = {}
        self._tokens_of: dict[int, list[int]] = {}
        for token, line in enumerate(form.line_of):
            if line >= 0:
                self._lines.setdefault(line, []).append(token)
                self._tokens_of.setdefault(form.word_of[token], []).append(token)

    def line(self, line: int) -> tuple[int, ...]:
        """All tokens of a line; none where there is no such line."""
        return tuple(self._lines.get(line, ()))

    def regions(self, label: Piece) -> Iterator[Region]:
        """Yield the places where a label's value may stand, best first; empty ones are left out."""
        right = () if label.under else self._rest_of_line(label)
        if not self._says(right) and self.form.placed:
            right = self._beside(label)
        if self._says(right):
            yield Region(RIGHT, right)
        below = self._under(label) if self.form.placed else self._next_line(label)
        if self._says(below):
            yield Region(BELOW, below)

    def _says(self, tokens: tuple[int, ...]) -> bool:
        return any(self.form.tokens[token].isalnum() for token in tokens)

    def _rest_of_line(self, label: Piece) -> tuple[int, ...]:
        return self._until_label(
            token for token in self._lines[self.form.line_of[label.start]] if token >= label.end
        )

    def _until_label(self, tokens: Iterator[int]) -> tuple[int, ...]:
        found: list[int] = []
        for token in tokens:
            if token in self._label_tokens:
                break
            if found or self.form.tokens[token] not in _LEADERS:
                found.append(token)
        return tuple(found)

    def _beside(self, label: Piece) -> tuple[int, ...]:
        box = self._box(label)
        if box is None:
            return ()
        height = box.y1 - box.y0
        own = {self.form.word_of[token] for token in (*range(label.start, label.end), *label.under)}
        box = self._with_translation(label, box)
        near = [
            (word.box.x0, index)
            for index, word in enumerate(self.form.words)
            if index not in own
            and word.box.x0 >= box.x1 - height / 3
            and word.box.x0 - box.x1 <= _REACH_RIGHT * height
            and _overlap(word.box.y0, word.box.y1, box.y0, box.y1) >= 0.5
        ]
        return self._until_label(token for _, index in sorted(near) for token in self._word(index))

    def _with_translation(self, label: Piece, box: Box) -> Box:
        """The box of a label and of one that says the same below it: 생년월일 over Date of Birth.

        A form in two languages sets the value beside the middle of both.
        """
        for other in self.form.labels:
            place = self._box(other) if other.key == label.key and other != label else None
            if place is None or place.y0 + place.y1 < box.y0 + box.y1:
                continue
            near = place.y0 - box.y1 <= _TRANSLATED * (box.y1 - box.y0)
            if near and abs(place.x0 - box.x0) <= _COLUMN_SLACK * (box.y1 - box.y0):
                return Box(box.x0, box.y0, max(box.x1, place.x1), place.y1)
        return self._with_latin(box)

    def _with_latin(self, box: Box) -> Box:
        """The same where the words below are no label as they were read: "Dateof Birth"."""
        height = box.y1 - box.y0
        for word in self.form.words:
            letters = word.text.strip(".,:")
            latin = letters.isascii() and letters.isalpha() and len(letters) >= _LATIN_LETTERS
            gap = word.box.y0 - box.y1
            close = -_OVERLAPS * height <= gap <= _TRANSLATED * height
            if latin and close and abs(word.box.x0 - box.x0) <= _COLUMN_SLACK * height:
                return Box(box.x0, box.y0, max(box.x1, word.box.x1), word.box.y1)
        return box

    def _under(self, label: Piece) -> tuple[int, ...]:
        box = self._box(label)
        if box is None:
            return ()
        height = box.y1 - box.y0
        left, right = self._column(label, box, height)
        near = sorted(
            (word.box.y0, word.box.x0, index)
            for index, word in enumerate(self.form.words)
            if 0 < (word.box.y0 + word.box.y1) / 2 - box.y1 <= _REACH_BELOW * height
            and left <= (word.box.x0 + word.box.x1) / 2 <= right
        )
        if not near:
            return ()
        first = near[0][0]
        same_row = sorted((x, index) for y, x, index in near if y - first <= height * 0.6)
        return self._until_label(token for _, index in same_row for token in self._word(index))

    def _column(self, label: Piece, box: Box, height: int) -> tuple[float, float]:
        left: float = box.x0 - _COLUMN_SLACK * height
        right: float = box.x1 + _COLUMN_REACH * height
        for other in self.form.labels:
            place = self._box(other)
            if place is None or other == label:
                continue
            if _overlap(place.y0, place.y1, box.y0, box.y1) < 0.5:
                continue
            if place.x0 >= box.x1:
                right = min(right, (box.x1 + place.x0) / 2)
            elif place.x1 <= box.x0:
                left = max(left, (place.x1 + box.x0) / 2)
        return left, right

    def _next_line(self, label: Piece) -> tuple[int, ...]:
        """Without boxes: the next line, where this one is a row of labels only."""
        line = self.form.line_of[label.start]
        printed = [token for token in self._lines[line] if self.form.tokens[token].isalnum()]
        if any(token not in self._label_tokens for token in printed):
            return ()
        row = [other for other in self.form.labels if self.form.line_of[other.start] == line]
        below = self._lines.get(line + 1, [])
        if len(row) == 1:
            return self._until_label(iter(below))
        words = sorted({self.form.word_of[token] for token in below})
        if len(words) != len(row):
            return ()
        return self._until_label(iter(self._word(words[row.index(label)])))

    def _word(self, index: int) -> list[int]:
        return self._tokens_of[index]

    def _box(self, label: Piece) -> Box | None:
        return self.form.box((*range(label.start, label.end), *label.under))


def _overlap(a0: int, a1: int, b0: int, b1: int) -> float:
    shorter = min(a1 - a0, b1 - b0)
    return (min(a1, b1) - max(a0, b0)) / shorter if shorter > 0 else 0.0
