"""Do a bill's figures add up: rows, columns and totals as printed.

A misread digit breaks a sum as a false one does, so a failure is a hint where to look, no more;
rows that cannot be read whole are not judged.
"""

import re
from collections.abc import Sequence

_CODED = re.compile(r"(?<![A-Z0-9])[A-Z]{1,3}\d{2,6}(?![A-Z0-9])")
_ROW = re.compile(
    r"\s(?P<price>\d[\d,]{2,})\s+(?P<times>\d{1,3})\s+(?P<days>\d{1,3})\s+(?P<total>\d[\d,]*)"
    r"(?P<shares>(?:\s+\d[\d,]*){4})?\s*$"
)
_SUM = re.compile(r"^\s*(?:소\s*)?계\s+(?P<total>[\d,]+)")
_TOTAL = re.compile(r"진료비\s*총\s*액\D{0,6}([\d,]+)")
_INSURER = re.compile(r"공단\s*부담\s*총\s*액\D{0,6}([\d,]+)")
_PATIENT = re.compile(r"환자\s*부담\s*총\s*액\D{0,6}([\d,]+)")
_PAID = re.compile(r"이미\s*납부한\s*금액\D{0,6}([\d,]+)")
_DUE = re.compile(r"납부할\s*금액\D{0,6}([\d,]+)")
# What a patient pays is rounded down to 100 won (국민건강보험법 시행령 별표 2).
ROUNDING = 100


def itemised_bill_adds_up(lines: Sequence[str]) -> bool | None:
    """Judge price × times × days = total in each row, shares = total, rows = sum; None: no rows."""
    rows = [match for line in lines if (match := _ROW.search(line))]
    if not rows:
        return None
    totals = [_number(row["total"]) for row in rows]
    for row, total in zip(rows, totals, strict=True):
        if _number(row["price"]) * int(row["times"]) * int(row["days"]) != total:
            return False
        if row["shares"] and sum(map(_number, row["shares"].split())) != total:
            return False
    sums = [_number(match["total"]) for line in lines if (match := _SUM.match(line))]
    all_read = all(_ROW.search(line) for line in lines if _CODED.search(line))
    return not (all_read and sums) or sum(totals) == sums[-1]


def receipt_adds_up(lines: Sequence[str]) -> bool | None:
    """Judge insurer's + patient's share = total, and paid + due = patient's; None: not readable."""
    text = "\n".join(lines)
    total, insurer, patient, paid, due = (
        _number(match[1]) if (match := pattern.search(text)) else None
        for pattern in (_TOTAL, _INSURER, _PATIENT, _PAID, _DUE)
    )
    judged = []
    if total is not None and insurer is not None and patient is not None:
        judged.append(0 <= total - insurer - patient < ROUNDING)
    if patient is not None and paid is not None and due is not None:
        judged.append(paid + due == patient)
    return all(judged) if judged else None


def _number(printed: str) -> int:
    digits = re.sub(r"\D", "", printed)
    return int(digits) if digits else 0
