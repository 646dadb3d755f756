"""One page prepared for the rules: its letters, its labels, its values, and where they lie."""

import functools
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from classifiers.language import LABELS, VALUES, load_language
from classifiers.letters import compact, fold
from classifiers.near_labels import LONGEST, near_label
from classifiers.ruleset import load_kinds
from classifiers.stacked_labels import stacked
from records.values import Box, PageText, Word

if TYPE_CHECKING:
    from spacy.tokens import Doc

_SHORT_LABEL = 2
# Behind a word they make it part of a sentence ("위임인은"); common surnames are none.
_PARTICLES = frozenset("은는을를과와의에로")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of tokens, `start` to `end` (exclusive), with the key or kind it stands for.

    `under`: of a label set in two lines, the tokens of the second.
    """

    key: str
    start: int
    end: int
    under: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FormLine:
    """One line: its letters, its place down the page (0..1) and its height against the others."""

    text: str
    letters: str
    depth: float
    tallness: float
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A page with its tokens, labels and values.

    `word_of[i]` is the index in `words` of token i, `line_of[i]` its line; -1 for a line end.
    """

    page: PageText
    lines: tuple[FormLine, ...]
    letters: str
    tokens: tuple[str, ...]
    spaced: tuple[bool, ...]  # white space follows the token
    word_of: tuple[int, ...]
    line_of: tuple[int, ...]
    words: tuple[Word, ...]
    labels: tuple[Piece, ...]
    values: tuple[Piece, ...]

    @property
    def placed(self) -> bool:
        """Whether the words have boxes: plain text and rows have none."""
        return any(word.box.x1 > word.box.x0 for word in self.words)

    def text(self, tokens: Iterable[int]) -> str:
        """Tokens as printed, with the spaces that were read."""
        parts: list[str] = []
        last = None
        for index in tokens:
            if last is not None and (self.spaced[last] or index != last + 1):
                parts.append(" ")
            parts.append(self.tokens[index])
            last = index
        return "".join(parts)

    def box(self, tokens: Iterable[int]) -> Box | None:
        """The box around the tokens' words; None where there are no boxes."""
        return around(self._words(tokens))

    def confidence(self, tokens: Iterable[int]) -> float | None:
        """The least confidence of the tokens' words; None where no word was scored."""
        scored = [word.confidence for word in self._words(tokens) if word.confidence is not None]
        return min(scored, default=None)

    def _words(self, tokens: Iterable[int]) -> list[Word]:
        return [self.words[index] for index in {self.word_of[token] for token in tokens} - {-1}]


def around(words: Sequence[Word]) -> Box | None:
    """The box around words; None where none of them has one."""
    boxes = [word.box for word in words if word.box.x1 > word.box.x0]
    if not boxes:
        return None
    return Box(
        min(box.x0 for box in boxes),
        min(box.y0 for box in boxes),
        max(box.x1 for box in boxes),
        max(box.y1 for box in boxes),
    )


def read_form(page: PageText) -> Form:
    """Tokenize a page and find every label and value shape on it."""
    rows = [
        [(word, folded) for word in line.words if (folded := "".join(fold(word.text).split()))]
        for line in page.lines
    ]
    words = tuple(word for row in rows for word, _ in row)
    texts = [" ".join(folded for _, folded in row) for row in rows]
    doc = load_language()("\n".join(texts))
    line_of, word_of, spaced = _places(doc)
    lines = _lines(page, texts)
    titles = _titles()
    titled = {place for place, line in enumerate(lines) if line.letters in titles}
    labels = tuple(
        Piece(span.label_, span.start, span.end)
        for span in doc.spans[LABELS]
        if _stands_alone(doc, span.start, span.end)
        and line_of[span.start] not in titled
        and compact(words[word_of[span.start]].text) not in titles
    )
    values = tuple(Piece(span.label_, span.start, span.end) for span in doc.spans[VALUES])
    tokens = tuple(token.text for token in doc)
    near = (
        *_misread_labels(tokens, word_of, (*labels, *values)),
        *_stacked_labels(word_of, line_of, words),
    )
    taken = {token for label in near for token in label.under}
    labels = tuple(label for label in labels if label.start not in taken)
    return Form(
        page=page,
        lines=lines,
        letters="".join(line.letters for line in lines),
        tokens=tokens,
        spaced=spaced,
        word_of=word_of,
        line_of=line_of,
        words=words,
        labels=tuple(sorted((*labels, *near), key=lambda label: label.start)),
        values=values,
    )


@functools.cache
def _titles() -> frozenset[str]:
    """Titles as letters: "진료의뢰서" names no doctor, though it begins with "진료의"."""
    return frozenset(title.letters for rules in load_kinds().values() for title in rules.titles)


def _misread_labels(
    tokens: Sequence[str],
    word_of: Sequence[int],
    taken: Sequence[Piece],
) -> list[Piece]:
    """Find labels with a wrong stroke among the words that are neither label nor value."""
    used = {token for piece in taken for token in range(piece.start, piece.end)}
    runs: list[list[list[int]]] = [[]]
    for token, word in enumerate(word_of):
        if token in used or word < 0:
            runs.append([])
        elif runs[-1] and word == word_of[token - 1]:
            runs[-1][-1].append(token)
        else:
            runs[-1].append([token])
    found: list[Piece] = []
    for run in runs:
        start = 0
        while start < len(run):
            words = tuple(
                "".join(tokens[token] for token in word) for word in run[start : start + LONGEST]
            )
            near = near_label(words)
            if near is not None:
                key, count = near
                found.append(Piece(key, run[start][0], run[start + count - 1][-1] + 1))
            start += near[1] if near else 1
    return found


def _stacked_labels(
    word_of: Sequence[int], line_of: Sequence[int], words: Sequence[Word]
) -> Iterator[Piece]:
    """Yield the labels that stand in two lines."""
    tokens: dict[int, list[int]] = {}
    rows: dict[int, list[int]] = {}
    for token, word in enumerate(word_of):
        if word < 0:
            continue
        if word not in tokens:
            rows.setdefault(line_of[token], []).append(word)
        tokens.setdefault(word, []).append(token)
    for label in stacked(words, tuple(rows.values())):
        under = tuple(token for word in label.under for token in tokens[word])
        yield Piece(label.key, tokens[label.over[0]][0], tokens[label.over[-1]][-1] + 1, under)


def _places(doc: "Doc") -> tuple[tuple[int, ...], tuple[int, ...], tuple[bool, ...]]:
    line, word = 0, -1
    new_word = True
    line_of: list[int] = []
    word_of: list[int] = []
    spaced: list[bool] = []
    for token in doc:
        if token.text == "\n":
            line_of.append(-1)
            word_of.append(-1)
            spaced.append(True)
            line += 1
            new_word = True
            continue
        word += new_word
        line_of.append(line)
        word_of.append(word)
        new_word = bool(token.whitespace_)
        spaced.append(new_word)
    return tuple(line_of), tuple(word_of), tuple(spaced)


def _stands_alone(doc: "Doc", start: int, end: int) -> bool:
    """Tell a label from the same syllables inside a sentence or a longer word.

    A label begins a word and is no part of a sentence; a short one also ends its word.
    """
    if any(token.text == "\n" for token in doc[start:end]):
        return False
    before = doc[start - 1] if start else None
    if before is not None and not before.whitespace_ and before.text.isalnum():
        return False
    after = doc[end] if end < len(doc) else None
    if sum(token.text.isalnum() for token in doc[start:end]) > _SHORT_LABEL:
        joined = after is not None and not doc[end - 1].whitespace_
        return not (joined and after is not None and after.text in _PARTICLES)
    apart = bool(doc[end - 1].whitespace_) or not doc[end - 1].text.isalnum()
    return after is None or apart or not _is_hangul(after.text)


def _is_hangul(text: str) -> bool:
    return "가" <= text[0] <= "힣"


def _lines(page: PageText, texts: Sequence[str]) -> tuple[FormLine, ...]:
    heights = [
        max((word.box.y1 - word.box.y0 for word in line.words), default=0) for line in page.lines
    ]
    usual = statistics.median([height for height in heights if height > 0] or [0])
    lines: list[FormLine] = []
    for index, (line, text) in enumerate(zip(page.lines, texts, strict=True)):
        top = min((word.box.y0 for word in line.words), default=0)
        placed = page.height > 0 and heights[index] > 0
        lines.append(
            FormLine(
                text=text,
                letters=compact(text),
                depth=top / page.height if placed else index / max(len(texts), 40),
                tallness=heights[index] / usual if placed and usual else 1.0,
                words=line.words,
            )
        )
    return tuple(lines)
