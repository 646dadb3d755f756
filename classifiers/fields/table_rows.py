"""The rows of a table: what stands at one height, whatever lines it was read in."""

import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from classifiers.form import Form
from classifiers.letters import fold
from records.values import Word

_SAME_HEIGHT = 0.45  # of a usual word's height: how far apart the middles of two words may be
_NEARLY = 0.8
_TALLEST = 2.2  # usual heights of a word; what is taller is a brace, or a line down the page


@dataclass(frozen=True, slots=True)
class Row:
    """Words at one height, from left to right, and what they say."""

    text: str
    words: tuple[Word, ...]


def printed_lines(form: Form) -> tuple[Row, ...]:
    """The lines of a page as they were read."""
    return tuple(Row(line.text, line.words) for line in form.lines)


def table_rows(form: Form) -> tuple[Row, ...]:
    """The words of a page by the heights they stand at; without boxes, its lines."""
    words = [word for word in form.words if word.box.y1 > word.box.y0]
    if not words:
        return printed_lines(form)
    usual = statistics.median(word.box.y1 - word.box.y0 for word in words)
    low = [word for word in words if word.box.y1 - word.box.y0 <= _TALLEST * usual]
    rows: list[list[Word]] = []
    for word in sorted(low, key=lambda word: word.box.x0):
        # Each row is continued from its last word, so that a tilted row stays one.
        near = min(rows, key=lambda row: abs(middle(row[-1]) - middle(word)), default=None)
        if near is None or abs(middle(near[-1]) - middle(word)) > _SAME_HEIGHT * usual:
            rows.append([word])
        else:
            near.append(word)
    return tuple(row_of(row) for row in _closed(sorted(rows, key=_height), usual))


def _closed(rows: Sequence[list[Word]], usual: float) -> list[list[Word]]:
    """Rows of which two that stand side by side, nearly at one height, are one."""
    closed: list[list[Word]] = []
    for row in rows:
        above = closed[-1] if closed else None
        if above is None or _height(row) - _height(above) > _NEARLY * usual:
            closed.append(row)
        elif above[-1].box.x1 <= row[0].box.x0:
            closed[-1] = [*above, *row]
        elif row[-1].box.x1 <= above[0].box.x0:
            closed[-1] = [*row, *above]
        else:
            closed.append(row)
    return closed


def row_of(words: Sequence[Word]) -> Row:
    """Words in this order as one row."""
    return Row(" ".join(_spelled(words)), tuple(words))


def middle(word: Word) -> float:
    """The height, in pixels from the top, of a word's middle."""
    return (word.box.y0 + word.box.y1) / 2


def _height(row: Sequence[Word]) -> float:
    return statistics.fmean(middle(word) for word in row)


def _spelled(words: Iterable[Word]) -> Iterator[str]:
    return (folded for word in words if (folded := "".join(fold(word.text).split())))
