"""Rows of tables: drugs of a prescription, results of a laboratory sheet."""

import re
from collections.abc import Callable, Sequence

from classifiers.form import Form, FormLine, around
from classifiers.grammar import parse_money
from records.values import Field

_ROW_STRENGTH = 0.85
_LONGEST_ROW = 300
_NEAR_START = 8

_DRUG = re.compile(
    r"^(?:\[?\(?(?P<code>\d{9})\]?\)?\s*)?"
    r"(?P<name>\S.*?(?:정|캡슐|시럽|주사|주|연고|크림|겔|액|산|패취|패치|점안액"
    r"|밀\s?리\s?그\s?[램람]|mg|ml|g|%)\S*)\s+"
    r"(?P<dose>\d+(?:\.\d+)?)\s*(?:정|캡슐|T|C|포|ml|mL|개|병|매)?\s+"
    r"(?P<times>\d{1,2})\s*회?\s+(?P<days>\d{1,3})(?!\d)"
)
_LAB = re.compile(
    r"^(?P<name>\S.*?)\s+(?P<value>[<>]?\d+(?:\.\d+)?|음성|양성|Negative|Positive|trace|[1-4]\+)"
    r"(?:\s+(?P<flag>[HL▲▼↑↓]))?(?:\s+(?P<unit>[%℃A-Za-zµμ/^0-9.*³]*[%℃A-Za-zµμ/][\w/^³]*))?"
    r"\s+(?P<range>[<>≤≥]?\s?\d+(?:\.\d+)?(?:\s?[-~–]\s?\d+(?:\.\d+)?)?)"
    r"(?:\s+(?P<late>[HL▲▼↑↓]))?\s*$"
)
_APART = re.compile(r"(?<=\d)(?:\. (?=\d)| \.(?=\d))")  # a decimal point read with a space
_IN_NAME = re.compile(r"(?<=[가-힣]) (?=[가-힣0-9])")
_CAUSE = re.compile(
    r"^\W*[가나다라]\)?\s*(?:직[접첩]\s*사인|\(?[가나다라]\)?\s*의\s*원인)\s*[:：]?\s*(?P<cause>.*)$"
)
_LASTED = re.compile(
    r"\s*(?:수\s?(?:분|시간|일|주|개월|년)|미상|약?\s*\d+\s*(?:분|시간|일|주|개월|년)(?:간)?)\s*$"
)
_NO_TEST = re.compile(r"^\W|\d:\d|출력|페이지|[Pp]age")  # the foot of a print: day, hour, page
_GROUPED = ("검사분류", "분류검사")
_FLAGS = {"▲": "H", "↑": "H", "▼": "L", "↓": "L"}


def table_fields(kind: str, forms: Sequence[Form]) -> dict[str, Field]:
    """Read the table that this kind of document is made of; other kinds have none.

    `drugs` are {name, dose, times, days}, `lab_rows` {name, value, unit, range, flag},
    `death_causes` the causes in their order.
    """
    if kind == "prescription":
        return _rows("drugs", forms, _drug)
    if kind == "lab_result":
        grouped = any(line.letters.startswith(_GROUPED) for form in forms for line in form.lines)
        return _rows("lab_rows", forms, _grouped_lab_row if grouped else _lab_row)
    if kind == "death_certificate":
        return _rows("death_causes", forms, _cause)
    if kind == "fee_detail":
        return _grand_total(forms)
    return {}


def _grand_total(forms: Sequence[Form]) -> dict[str, Field]:
    """The total of an itemised bill: the largest amount of the last line that 합계 begins."""
    for form in reversed(forms):
        for line in reversed(form.lines):
            if "합계" not in line.letters[:_NEAR_START]:
                continue
            amounts = [parse_money(word) for word in line.text.split()]
            total = max((amount for amount in amounts if amount is not None), default=None)
            if total is not None:
                return {"total_amount": _field("total_amount", total, [line], form.page.page_id)}
    return {}


def _rows(
    key: str, forms: Sequence[Form], read: Callable[[str], object | None]
) -> dict[str, Field]:
    values: list[object] = []
    lines: list[FormLine] = []
    first_page: str | None = None
    for form in forms:
        for line in form.lines:
            if len(line.text) <= _LONGEST_ROW and (value := read(line.text)) is not None:
                values.append(value)
                lines.append(line)
                first_page = first_page or form.page.page_id
    if not values:
        return {}
    return {key: _field(key, values, lines, first_page)}


def _field(
    key: str, value: int | list[object], lines: Sequence[FormLine], page_id: str | None
) -> Field:
    words = [word for line in lines for word in line.words]
    scored = [word.confidence for word in words if word.confidence is not None]
    read_well = sum(scored) / len(scored) if scored else 1.0
    return Field(
        value=value,
        printed="\n".join(line.text for line in lines),
        confidence=round(_ROW_STRENGTH * read_well, 3),
        page_id=page_id,
        box=None if isinstance(value, list) else around(words),
        rule=f"{key}.rows",
    )


def _drug(text: str) -> object | None:
    match = _DRUG.match(text)
    if match is None:
        return None
    return {
        "name": _IN_NAME.sub("", match["name"]),
        "dose": match["dose"],
        "times": int(match["times"]),
        "days": int(match["days"]),
    }


def _cause(text: str) -> object | None:
    """A cause of death, without how long it lasted."""
    match = _CAUSE.match(text)
    cause = _LASTED.sub("", match["cause"]).strip() if match else ""
    return cause or None


def _grouped_lab_row(text: str) -> object | None:
    """A row whose first column names the group of tests, not the test."""
    group, _, rest = text.partition(" ")
    return _lab_row(rest if "가" <= group[:1] <= "힣" else text)


def _lab_row(text: str) -> object | None:
    match = _LAB.match(_APART.sub(".", text))
    if match is None or _NO_TEST.search(match["name"]):
        return None
    flag = match["flag"] or match["late"] or ""
    return {
        "name": match["name"],
        "value": match["value"],
        "unit": match["unit"] or "",
        "range": re.sub(r"\s", "", match["range"]),
        "flag": _FLAGS.get(flag, flag),
    }
