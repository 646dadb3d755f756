"""Words where the recognizer read a space, and where the white is wide; boxes on the ink."""

import numpy as np

from ocr.engines.read_spaces import by_read_space
from ocr.engines.word_gaps import Symbol
from ocr.imaging.pixels import Grey

_WIDTH = 20


def _line(*lefts: int) -> Grey:
    """Letters 20 wide and 30 high on a line 40 high, at these places."""
    line = np.full((40, 600), 255, np.uint8)
    for left in lefts:
        line[5:35, left : left + _WIDTH] = 0
    return line


def _signs(text: str, *lefts: int) -> list[Symbol]:
    """Signs at these places; a space lies where the one before it ends."""
    return [Symbol(sign, left, left + _WIDTH, 0.9) for sign, left in zip(text, lefts, strict=True)]


def _words(symbols: list[Symbol], line: Grey) -> list[tuple[str, int, int]]:
    found = by_read_space(symbols, line)
    return [("".join(s.text for s in own), box.x0, box.x1) for box, own in found]


def test_a_read_space_parts_words_however_narrow() -> None:
    """The cut lies in the white between the letters, boxes end at the ink."""
    line = _line(10, 32, 60, 82)

    words = _words(_signs("환자 성명", 10, 32, 54, 60, 82), line)

    assert words == [("환자", 10, 52), ("성명", 60, 102)]


def test_white_that_no_space_was_read_in_does_not_part() -> None:
    """A needle printer's figures stand apart, and are one number."""
    words = _words(_signs("37.8", 10, 40, 70, 100), _line(10, 40, 70, 100))

    assert words == [("37.8", 10, 120)]


def test_wide_white_parts_without_a_space() -> None:
    """A column's gap parts words even where the recognizer saw no space."""
    words = _words(_signs("남여", 10, 200), _line(10, 200))

    assert [text for text, *_ in words] == ["남", "여"]


def test_spaces_at_the_ends_and_twice_make_no_words() -> None:
    """Only signs make words."""
    line = _line(40, 120)

    assert [t for t, *_ in _words(_signs("  가  나 ", 0, 10, 40, 64, 80, 120, 150), line)] == [
        "가",
        "나",
    ]


def test_a_line_without_ink_or_signs_has_no_words() -> None:
    """Nothing is made up."""
    assert by_read_space([], _line(10)) == []
    assert by_read_space(_signs("가", 10), np.full((40, 600), 255, np.uint8)) == []
