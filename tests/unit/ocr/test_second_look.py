"""Which words are read again, which reading is believed, and what a confidence means."""

import pytest

from ocr.engines.confidence import Look, confidence
from ocr.engines.second_look import is_doubtful, looked_once, surer
from ocr.engines.word_gaps import Symbol, by_word
from records.values import Box, Word

_BOX = Box(0, 0, 40, 20)


def _word(text: str, sureness: float) -> Word:
    return Word(text, _BOX, sureness)


@pytest.mark.parametrize(
    ("text", "sureness", "doubtful"),
    [
        ("진단서", 0.6, False),
        ("진단서", 0.99, False),
        ("16ㄴ", 0.99, True),
        ("D17.1", 0.99, True),
        ("11d0ㄷa1ne을", 0.93, True),
        ("정10밀리그램", 0.93, False),
        (":", 0.95, False),
        (":", 0.85, True),
    ],
)
def test_what_the_hangul_model_guesses_at_is_read_again(
    text: str, sureness: float, doubtful: bool
) -> None:
    """Latin, figures and mixed words that it is not sure of; Hangul and sure signs are not."""
    assert is_doubtful(_word(text, sureness)) is doubtful


def test_ink_that_was_not_read_is_looked_at_again() -> None:
    """Nothing read is no reading."""
    assert is_doubtful(None)


def test_the_surer_reading_is_believed() -> None:
    """Whichever it is; and it is told whether both models agreed."""
    first, again = _word("DIT:", 0.95), _word("D17.1", 0.98)

    assert surer(first, again) == (again, "differed")
    assert surer(again, _word("D17.1", 0.9)) == (again, "agreed")
    assert surer(None, again) == (again, "differed")
    assert surer(None, None) is None
    assert looked_once(_word("내과", 0.99)) == "hangul"
    assert looked_once(_word(":", 0.99)) == "sign"


@pytest.mark.parametrize("look", ["hangul", "sign", "agreed", "differed"])
def test_confidence_rises_with_certainty_and_stays_within_bounds(look: Look) -> None:
    """A curve of probabilities: monotone, 0 to 1, defined for everything Tesseract may say."""
    told = [confidence(look, certainty / 1000) for certainty in range(1001)]

    assert told == sorted(told)
    assert 0 <= told[0] < 0.6
    assert 0.9 < told[-1] <= 1


def test_agreement_counts_more_than_disagreement() -> None:
    """At one certainty, what both models read is right more often than what one of them did."""
    assert confidence("agreed", 0.99) > confidence("hangul", 0.99) > confidence("differed", 0.99)


def test_figures_a_little_apart_are_one_number() -> None:
    """A 1 stands far from its neighbours; the words beside the number stay apart."""
    symbols = [
        Symbol(text, left, left + 10, 0.99)
        for text, left in (("8", 0), ("1", 25), ("5", 50), ("원", 100))
    ]
    boxes = [Box(0, 0, 10, 40), Box(25, 0, 35, 40), Box(50, 0, 60, 40), Box(100, 0, 110, 40)]

    found = by_word(symbols, boxes, 40)

    assert ["".join(one.text for one in own) for _, own in found] == ["815", "원"]
    assert found[0][0] == Box(0, 0, 60, 40)
