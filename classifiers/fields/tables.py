"""Rows of tables: drugs of a prescription, results of a laboratory sheet."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from classifiers.fields.drug_rows import read_drug_rows
from classifiers.fields.lab_rows import Listed, read_lab_rows
from classifiers.fields.table_rows import Row, printed_lines, table_rows
from classifiers.form import Form, FormLine, around
from classifiers.grammar import parse_money
from records.values import Field

_ROW_STRENGTH = 0.85
_LONGEST_ROW = 300
_DOUBTED = 0.5  # below what is believed (`rules/field_doubts.yaml`)
_NEAR_START = 8

_CAUSE = re.compile(
    r"^\W*[가나다라]\)?\s*(?:직[접첩]\s*사인|\(?[가나다라]\)?\s*의\s*원인)\s*[:：]?\s*(?P<cause>.*)$"
)
_LASTED = re.compile(
    r"\s*(?:수\s?(?:분|시간|일|주|개월|년)|미상|약?\s*\d+\s*(?:분|시간|일|주|개월|년)(?:간)?)\s*$"
)


def table_fields(kind: str, forms: Sequence[Form]) -> dict[str, Field]:
    """Read the table that this kind of document is made of; other kinds have none.

    `drugs` are {name, dose, times, days}, `lab_rows` {name, value, unit, range, flag},
    `death_causes` the causes in their order.
    """
    if kind == "prescription":
        return _listed("drugs", forms, read_drug_rows)
    if kind == "lab_result":
        return _listed("lab_rows", forms, read_lab_rows)
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


def _listed(
    key: str, forms: Sequence[Form], read: Callable[[Sequence[Row]], Listed]
) -> dict[str, Field]:
    """The rows of a table over the pages; a list of which one is doubted is not believed."""
    pages = [(_better(form, read), form.page.page_id) for form in forms]
    values: list[object] = [value for page, _ in pages for value in page.values]
    if not values:
        return {}
    rows = [row for page, _ in pages for row in page.rows]
    field = _field(key, values, rows, next(page_id for page, page_id in pages if page.values))
    if any(page.doubted for page, _ in pages):
        sure = min(field.confidence or 0.0, _DOUBTED)
        field = replace(field, confidence=sure, rule=f"{field.rule}+doubted")
    return {key: field}


def _better(form: Form, read: Callable[[Sequence[Row]], Listed]) -> Listed:
    """A page's table by the heights of its words, or by its lines where these say more."""
    ways = [read(table_rows(form)), read(printed_lines(form))]
    return max(ways, key=lambda listed: (len(listed.values), not listed.doubted))


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
    key: str, value: int | list[object], lines: Sequence[FormLine | Row], page_id: str | None
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


def _cause(text: str) -> object | None:
    """A cause of death, without how long it lasted."""
    match = _CAUSE.match(text)
    cause = _LASTED.sub("", match["cause"]).strip() if match else ""
    return cause or None
