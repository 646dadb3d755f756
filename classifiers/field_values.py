"""What a field written in one piece (a cell, an element of a message) means."""

import re
from collections.abc import Callable, Mapping

from classifiers import grammar

Value = str | int | list[object]

_LATEST_YEAR = 2059
_SEPARATORS = re.compile(r"[,;|/\s]+")
_LINES = re.compile(r"\s*[\n;|]\s*")


def value_of(key: str, printed: str) -> Value | None:
    """The value of a field that is written so; None where it is no such value."""
    parse = _PARSERS.get(key)
    if parse is not None:
        return parse(printed)
    return _date(printed) if key.endswith("_date") else " ".join(printed.split())


def joined(first: Value, more: list[object]) -> list[object]:
    """A list with what it did not have yet."""
    known = list(first) if isinstance(first, list) else [first]
    return known + [value for value in more if value not in known]


def _date(text: str) -> str | None:
    """A date alone, or the date of a time stamp."""
    for part in (text, text.split("T", maxsplit=1)[0].split(" ", maxsplit=1)[0]):
        if date := grammar.parse_date(part, _LATEST_YEAR):
            return date.iso
    return None


def _resident(text: str) -> str | None:
    number = grammar.parse_resident(text)
    return None if number is None else number.text


def _codes(text: str) -> list[object]:
    return [code for part in _SEPARATORS.split(text) if (code := grammar.parse_kcd(part))]


def _lines(text: str) -> list[object]:
    return [line for line in _LINES.split(text) if line]


_PARSERS: Mapping[str, Callable[[str], Value | None]] = {
    "resident_number": _resident,
    "sex": grammar.parse_sex,
    "chart_no": grammar.parse_chart_no,
    "institution_code": grammar.parse_institution_code,
    "licence_no": grammar.parse_licence,
    "disease_codes": _codes,
    "diagnoses": _lines,
    "drugs": _lines,
    "total_amount": grammar.parse_money,
    "patient_amount": grammar.parse_money,
}
