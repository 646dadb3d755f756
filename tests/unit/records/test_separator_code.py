"""The text that our separator sheets carry."""

import pytest

from records.separator_code import SeparatorCode, parse_separator_code

_CODES = (
    SeparatorCode("31234567", "2026-117", "상자01", "00123456"),
    SeparatorCode("31234567", "", "7", ""),
    SeparatorCode("31234567", "이관/3", "", "A-12 3"),
    SeparatorCode("31234567"),
)


@pytest.mark.parametrize("code", _CODES)
def test_what_is_written_is_read(code: SeparatorCode) -> None:
    """Every code is ASCII and gives back its institution, reference, box and chart number."""
    assert code.text.isascii()
    assert parse_separator_code(code.text) == code


@pytest.mark.parametrize("place", [6, 15, 24, -1])
def test_a_misread_letter_is_no_code(place: int) -> None:
    """One wrong character anywhere, and the code is none of ours."""
    text = _CODES[0].text
    wrong = text[:place] + ("X" if text[place] != "X" else "Y") + text[place:][1:]

    assert parse_separator_code(wrong) is None


@pytest.mark.parametrize("text", ["", "0012345678", "GRK1/1/2/3", "GRK2/31234567////EA8A"])
def test_other_codes_are_not_ours(text: str) -> None:
    """A patient's number and a code of another make are no separator of ours."""
    assert parse_separator_code(text) is None
