"""Totals of bills against the sums that the bill itself prints.

A total that a sum confirms is believed; one that the sums contradict is for a person, unless two of
them agree on another amount, which is then the total.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from classifiers.fields.place import Places
from classifiers.form import Form
from classifiers.letters import compact
from records.values import Field

_BILLS = frozenset({"fee_receipt", "fee_detail", "payment_confirmation"})
_AMOUNT = re.compile(r"-?\d{1,3}(?:[,.]\d{3})+|-?\d+")
_PARTED = re.compile(r"(?<=\d), (?=\d{3}(?!\d))")  # "25, 191" is one amount
_TOTAL_ROW = re.compile(r"^\W*(?:\d{1,2}\W+)?(?:연\s*간\s*)?합\s*계\s*액?(?=\W|\d|$)")
_SUM_ROW = re.compile(r"^\W*(?:\d{1,2}\W+)?계(?=\W|\d|$)")
_ROUNDING_ROW = re.compile(r"^\W*(?:\d{1,2}\W+)?끝\s*처\s*리")
_ONLY_AMOUNTS = re.compile(r"^[\d,.\s-]+$")
_INSURER = frozenset({"공단부담총액", "보험자부담총액"})
_PATIENT = frozenset({"환자부담총액", "본인부담총액"})
_PAID = frozenset({"이미납부한금액"})
_DUE = frozenset({"납부할금액"})
# What a patient pays is rounded down to 100 won (국민건강보험법 시행령 별표 2).
_ROUNDING = 100
_CONFIRMED = 0.9
_BY_SUMS = 0.85
_CONTRADICTED = 0.5


def checked_totals(
    kind: str, fields: Mapping[str, Field], forms: Sequence[Form]
) -> dict[str, Field]:
    """Return the total and the patient's share of a bill, as its sums confirm or doubt them."""
    if kind not in _BILLS:
        return {}
    lines = [line.text for form in forms for line in form.lines]
    insurer, patient, paid, due = (
        _labelled(forms, names) for names in (_INSURER, _PATIENT, _PAID, _DUE)
    )
    found: dict[str, Field] = {}
    total = fields.get("total_amount")
    if total is not None:
        shares = None if insurer is None or patient is None else insurer + patient
        found["total_amount"] = _judged(total, list(_sums(lines)), shares)
        total = found["total_amount"]
    share = fields.get("patient_amount")
    if share is not None:
        sums = [] if paid is None or due is None else [paid + due]
        rest = None
        if total is not None and insurer is not None and total.rule.endswith("+sum"):
            rest = int(str(total.value)) - insurer - _ROUNDING + 1
        found["patient_amount"] = _judged(share, sums, rest)
    return found


def _judged(field: Field, sums: Sequence[int], nearly: int | None) -> Field:
    """One amount against the sums that should be it, and one that is it before rounding."""
    value, sure = int(str(field.value)), field.confidence or 0.0
    near = nearly is not None and 0 <= value - nearly < _ROUNDING
    if value in sums or near:
        return replace(field, confidence=max(sure, _CONFIRMED), rule=f"{field.rule}+sum")
    if not sums and nearly is None:
        return field
    agreed = next(
        (
            one
            for place, one in enumerate(sums)
            if one in sums[:place] or (nearly is not None and 0 <= one - nearly < _ROUNDING)
        ),
        None,
    )
    if agreed is not None:
        return replace(field, value=agreed, confidence=_BY_SUMS, rule=f"{field.rule}+by_sums")
    return replace(field, confidence=min(sure, _CONTRADICTED), rule=f"{field.rule}+sums_differ")


def _sums(lines: Sequence[str]) -> Iterator[int]:
    """Yield what the columns of the last row of totals, and the row before rounding, come to."""
    rows = [
        _amounts(line, match.end()) or _amounts_below(lines, place)
        for place, line in enumerate(lines)
        if (match := _TOTAL_ROW.match(line))
    ]
    if rows and len(rows[-1]) > 1:
        first, *columns = rows[-1]
        # Its own total stands first (itemised bills) or last; or there are columns only.
        of_its_own = sum(columns) == first or sum(rows[-1][:-1]) == columns[-1]
        yield max(first, columns[-1]) if of_its_own else sum(rows[-1])
    before = [_amounts(line, match.end()) for line in lines if (match := _SUM_ROW.match(line))]
    rounded = [_amounts(line, m.end()) for line in lines if (m := _ROUNDING_ROW.match(line))]
    if before and before[-1] and rounded and rounded[-1]:
        yield before[-1][0] + rounded[-1][0]


def _amounts(line: str, start: int) -> list[int]:
    return [_number(amount) for amount in _AMOUNT.findall(_PARTED.sub(",", line[start:]))]


def _amounts_below(lines: Sequence[str], place: int) -> list[int]:
    """The amounts of the next line, where it says nothing else: a row whose title stands higher."""
    below = lines[place + 1] if place + 1 < len(lines) else ""
    return _amounts(below, 0) if _ONLY_AMOUNTS.match(below) else []


def _labelled(forms: Sequence[Form], names: frozenset[str]) -> int | None:
    """The amount in the cell of the first label of these names that has one."""
    for form in forms:
        places = Places(form)
        for label in form.labels:
            said = compact(form.text((*range(label.start, label.end), *label.under)))
            for region in places.regions(label) if said in names else ():
                amounts = _amounts(form.text(region.tokens), 0)
                if amounts:
                    return amounts[0]
    return None


def _number(printed: str) -> int:
    amount = int(re.sub(r"\D", "", printed))
    return -amount if printed.startswith("-") else amount
