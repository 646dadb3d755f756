"""Resident numbers: shape, birth, sex, and a check digit where there is one."""

import datetime as dt

import pytest

from quality.resident_number import check_digit_ok, parse


@pytest.mark.parametrize(
    ("text", "birth", "sex"),
    [
        ("800101-1234560", dt.date(1980, 1, 1), "M"),
        ("8001012234568", dt.date(1980, 1, 1), "F"),
        ("050228-4******", dt.date(2005, 2, 28), "F"),
        ("050228-3", dt.date(2005, 2, 28), "M"),
        ("991231-9123456", dt.date(1899, 12, 31), "M"),
        ("900315-5123456", dt.date(1990, 3, 15), "M"),
        ("100315-8123456", dt.date(2010, 3, 15), "F"),
        ("800230-1234567", None, "M"),
    ],
)
def test_taken_apart(text: str, birth: dt.date | None, sex: str) -> None:
    """Century and sex come from the seventh digit; masked prints have them too."""
    number = parse(text)

    assert number is not None
    assert (number.birth, number.sex) == (birth, sex)


@pytest.mark.parametrize(
    "text", ["", "800101", "800101-12345", "800101-12345678", "80O101-1234567"]
)
def test_not_the_shape(text: str) -> None:
    """Too short, too long or with a letter is no resident number."""
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("800101-1234560", True),
        ("800101-1234566", False),
        ("200930-3234560", True),
        ("200930-3234561", False),
        ("201001-3234561", None),
        ("800101-1******", None),
        ("800230-1234567", None),
        ("190101-3000000", None),
    ],
)
def test_check_digit(text: str, verdict: bool | None) -> None:
    """Judged before October 2020 only; never for masked numbers, unreal dates and placeholders."""
    number = parse(text)

    assert number is not None
    assert check_digit_ok(number) is verdict


def test_foreigners_may_follow_either_scheme() -> None:
    """Of ten last digits a Korean's number allows one, a foreigner's two."""
    allowed = {
        prefix: sum(bool(check_digit_ok(parse(f"{prefix}{last}"))) for last in range(10))  # type: ignore[arg-type]
        for prefix in ("900315-112345", "900315-512345")
    }

    assert allowed == {"900315-112345": 1, "900315-512345": 2}
