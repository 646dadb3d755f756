"""Resident registration numbers: shape, date of birth, sex and check digit (docs/adr/0005).

`YYMMDD-SXXXXXX`. S: 1 2 born in the 1900s, 3 4 the 2000s, 9 0 the 1800s; foreigners 5 6 the 1900s,
7 8 the 2000s; odd is male.
Numbers given since October 2020 carry no check digit.
"""

import datetime as dt
import re
from dataclasses import dataclass

CHECK_DIGIT_ENDS = dt.date(2020, 10, 1)
_SHAPE = re.compile(r"^(\d{6})-?(\d)([\d*xX●○]{0,6})$")
_CENTURY = {"9": 1800, "0": 1800} | dict.fromkeys("1256", 1900) | dict.fromkeys("3478", 2000)
_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class ResidentNumber:
    """A number taken apart; `birth` is None where it is no date, `digits` where masked."""

    birth: dt.date | None
    sex: str
    foreign: bool
    digits: str | None


def parse(text: str) -> ResidentNumber | None:
    """Take a printed or normalised number apart; None where it has not the shape.

    Masked prints (`800101-1******`, `800101-1`) have the shape too.
    """
    match = _SHAPE.match("".join(text.split()))
    if match is None:
        return None
    date, kind, rest = match.groups()
    if rest and len(rest) != 6:
        return None
    try:
        birth = dt.date(_CENTURY[kind] + int(date[:2]), int(date[2:4]), int(date[4:]))
    except ValueError:
        birth = None
    return ResidentNumber(
        birth=birth,
        sex="M" if int(kind) % 2 else "F",
        foreign=kind in "5678",
        digits=date + kind + rest if rest.isdigit() and len(rest) == 6 else None,
    )


def check_digit_ok(number: ResidentNumber) -> bool | None:
    """Tell whether the check digit is right; None where the number need not have one.

    None for masked numbers, for births since October 2020, and for the placeholders of newborns
    (`-3000000`, `-4000000`). Foreigners' numbers may follow either scheme.
    """
    if number.digits is None or number.birth is None or number.birth >= CHECK_DIGIT_ENDS:
        return None
    if number.digits[7:] == "000000":
        return None
    total = sum(w * int(d) for w, d in zip(_WEIGHTS, number.digits, strict=False))
    expected = {(11 - total % 11) % 10}
    if number.foreign:
        expected.add((13 - total % 11) % 10)
    return int(number.digits[12]) in expected
