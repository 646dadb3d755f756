"""The rows of a laboratory sheet, and whether one of them is to be doubted.

A row says one thing in three ways: its value, its range, and the flag that one lies outside the
other; where they disagree one of them was misread. A row whose test stands there and that could not
be read is missing. Either makes the whole list doubtful.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from classifiers.fields.lab_tests import known_test, unit_of
from classifiers.fields.table_rows import Row
from records.values import Word

_ROW = re.compile(
    r"^(?P<name>\S.*?)\s+(?P<value>[<>]?\d+(?:\.\d+)?|음성|양성|Negative|Positive|trace|[1-4]\+)"
    r"(?:\s+(?P<flag>[HL▲▼↑↓]))?(?:\s+(?P<unit>[%℃A-Za-zµμ/^0-9.*³]*[%℃A-Za-zµμ/][\w/^³]*))?"
    r"\s+(?P<range>[<>≤≥]?\s?\d+(?:\.\d+)?(?:\s?[-~–]\s?\d+(?:\.\d+)?)?)"
    r"(?:\s+(?P<late>[HL▲▼↑↓]))?\s*$"
)
_APART = re.compile(r"(?<=\d)(?:\. (?=\d)| \.(?=\d))")  # a decimal point read with a space
_COMMA = re.compile(r"(?<=\d),(?=\d{1,2}(?!\d))")  # a decimal point read as a comma
# What readers make of a rule beside a cell, or of a speck: before a word or a figure, or alone.
_SPECKS = re.compile(r"(?:(?<=\s)|^)[|‘’'`·.:;_\-—]+(?=[\s\dA-Za-z가-힣]|$)")
_NO_TEST = re.compile(r"^\W|\d:\d|출력|페이지|[Pp]age")  # the foot of a print: day, hour, page
_HANGUL = re.compile(r"[^\w%]*[가-힣]+[^\w%]*")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_GROUPED = ("검사분류", "분류검사")
_FLAGGED = "판정"
_FLAGS = {"▲": "H", "↑": "H", "▼": "L", "↓": "L"}
_LONGEST = 300
_WELL_READ = 0.8
_MOST_NAME_WORDS = 4
_FEWEST_GROUPED = 3


@dataclass(frozen=True, slots=True)
class Listed:
    """Rows of a table: their values, where they stand, and whether one of them is doubted."""

    values: tuple[Mapping[str, object], ...]
    rows: tuple[Row, ...]
    doubted: bool


def read_lab_rows(rows: Sequence[Row]) -> Listed:
    """Read the results on one page.

    Args:
        rows: what stands at one height each.
    """
    said = [_plain(row.text) for row in rows]
    grouped = _is_grouped(said)
    flagged = any(_FLAGGED in "".join(text.split()) for text in said)
    found: list[tuple[dict[str, object], Row]] = []
    doubted = False
    for row, text in zip(rows, said, strict=True):
        result = _result(text, grouped) if len(text) <= _LONGEST else None
        if result is None:
            doubted |= bool(found) and _names_a_test(text)
            continue
        mended = _mended(result)
        doubted |= mended is None and not _is_well_read(row.words)
        doubted |= _is_doubtful(mended or result, known=mended is not None, flagged=flagged)
        found.append((mended or result, row))
    return Listed(tuple(one for one, _ in found), tuple(row for _, row in found), doubted)


def _plain(text: str) -> str:
    """A row without specks, its decimal points as such."""
    return _SPECKS.sub("", _COMMA.sub(".", _APART.sub(".", text))).strip()


def _is_grouped(said: Sequence[str]) -> bool:
    """Whether the first column names groups of tests: its title says so, or most rows do."""
    if any("".join(text.split()).startswith(_GROUPED) for text in said):
        return True
    results = [result for text in said if (result := _ROW.match(text))]
    behind = [one for one in results if _HANGUL.match(one["name"]) and _without_group(one["name"])]
    return len(behind) >= max(_FEWEST_GROUPED, len(results) / 2)


def _without_group(name: str, unit: str = "") -> str | None:
    """The known test that a name ends with, Hangul alone before it."""
    words = name.split()
    for start in range(len(words)):
        if start and not _HANGUL.fullmatch(words[start - 1]):
            return None
        if test := known_test(" ".join(words[start:]), unit):
            return test
    return None


def _result(text: str, grouped: bool) -> dict[str, object] | None:
    match = _ROW.match(text)
    if match is None or _NO_TEST.search(match["name"]):
        return None
    name, unit = match["name"], match["unit"] or ""
    if grouped:
        group, _, rest = name.partition(" ")
        name = _without_group(name, unit) or (rest if rest and _HANGUL.fullmatch(group) else name)
    flag = match["flag"] or match["late"] or ""
    return {
        "name": name,
        "value": match["value"],
        "unit": unit,
        "range": re.sub(r"\s", "", match["range"]),
        "flag": _FLAGS.get(flag, flag),
    }


def _mended(result: Mapping[str, object]) -> dict[str, object] | None:
    """A result with its test and unit as sheets print them; None where the test is not known."""
    name, unit = str(result["name"]), str(result["unit"])
    test = known_test(name, unit)
    if test is None:
        return None
    return {**result, "name": test, "unit": (unit_of(test, unit) or unit) if unit else unit}


def _is_doubtful(result: Mapping[str, object], *, known: bool, flagged: bool) -> bool:
    """Whether value, range and flag disagree, or a known test is given in no unit of its own."""
    unit = str(result["unit"])
    if known and unit and unit_of(str(result["name"]), unit) is None:
        return True
    outside = _outside(str(result["value"]), str(result["range"]))
    if outside is None or not (flagged or result["flag"]):
        return False
    return outside != result["flag"]


def _outside(value: str, limits: str) -> str | None:
    """H above the range, L below it, "" within; None where that cannot be told."""
    ends = [float(end) for end in _NUMBER.findall(limits)]
    if not _NUMBER.fullmatch(value) or len(ends) != 2 or ends[0] > ends[1]:
        return None
    return "H" if float(value) > ends[1] else "L" if float(value) < ends[0] else ""


def _names_a_test(text: str) -> bool:
    """Whether a row that gave no result begins with a test's name, a group's before it or not."""
    return any(_without_group(start) for start in _starts(text))


def _starts(text: str) -> Iterator[str]:
    words = text.split()
    for count in range(1, min(len(words), _MOST_NAME_WORDS) + 1):
        start = " ".join(words[:count])
        if any(sign.isascii() and sign.isalpha() for sign in start):
            yield start


def _is_well_read(words: Sequence[Word]) -> bool:
    return all(word.confidence is None or word.confidence >= _WELL_READ for word in words)
