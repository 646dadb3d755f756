"""The balance sheet in a terminal."""

import dataclasses

import pytest

from quality.balance import balance
from quality.balance_text import as_text, width
from tests.unit.quality.test_balance import SOUND


@pytest.mark.parametrize("language", ["ko", "en"])
def test_columns_stand_under_each_other(language: str) -> None:
    """Every equals sign stands in the same column, Hangul being two columns wide."""
    lines = as_text(balance(SOUND), language).splitlines()[1:-1]
    signs = {width(line[: line.rindex(" = ")]) for line in lines}

    assert len(lines) == 10
    assert len(signs) == 1


def test_sheets_in_words() -> None:
    """The line of declared sheets says where each of them is."""
    text = as_text(balance(SOUND), "ko")

    assert "15 = 받은 쪽 10 + 누락·손상 파일의 쪽 6 − 목록에 없는 파일의 쪽 1" in text
    assert text.endswith("봉인할 수 있습니다.")


def test_gaps_are_named_in_both_languages() -> None:
    """A gap appears with its id, its words and its mark; a warning has a mark of its own."""
    sheet = balance(
        dataclasses.replace(SOUND, leaves=frozenset({"d-1", "d-4"}), declared_sheets=19)
    )

    korean, english = as_text(sheet, "ko"), as_text(sheet, "en")

    assert "d-6  수락한 문서가 원장에 없습니다." in korean
    assert "d-6  An accepted document has no leaf in the ledger." in english
    assert {line[0] for line in english.splitlines()[1:11]} == {"✓", "!", "✗"}
    assert english.endswith("It cannot be sealed.")


def test_many_gaps_are_cut_short() -> None:
    """A batch with very many gaps does not flood the terminal."""
    pages = dict(SOUND.pages) | {f"p-x{n}": "f-1" for n in range(99)}
    sheet = balance(dataclasses.replace(SOUND, pages=pages))

    lines = as_text(sheet).splitlines()

    assert len(lines) < 40
    assert f"  … +{len(sheet.gaps) - 20}" in lines


def test_what_waits_for_its_release_is_no_gap() -> None:
    """Before a release nothing is stored: that is said, and not told as a broken balance."""
    nothing = frozenset[str]()
    sheet = balance(dataclasses.replace(SOUND, objects=nothing, entries=nothing, leaves=nothing))
    told = as_text(sheet, "en", waits=sheet.waits_for_store)

    assert sheet.waits_for_store
    assert "accepted_object_missing" in as_text(sheet, "en")
    assert "accepted_object_missing" not in told
    assert told.count("…") == 3
    assert told.endswith("it waits for its release.")
