"""What a printed value may be: shapes, check digits and existing dates of the field's numbers.

A reader's slip (O for 0, I for 1) is mended only where the result can be checked: by a check digit
or by the calendar. A masked number stays masked. Rules and sources: docs/classifying.md.
"""

import datetime as dt
import re
from dataclasses import dataclass

# Numbers given from this day on carry no check digit (행정안전부, 2020-10).
RANDOM_NUMBERS_FROM = dt.date(2020, 10, 1)

_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_CENTURY = {
    9: 1800,
    0: 1800,
    1: 1900,
    2: 1900,
    5: 1900,
    6: 1900,
    3: 2000,
    4: 2000,
    7: 2000,
    8: 2000,
}
_FOREIGN = "5678"
_LOOKS_LIKE = str.maketrans("OoQDIlSBZ", "000011582")
_MASK = re.compile(r"[*●○xX×]")
_RESIDENT = re.compile(r"^(\d{6})-?(\d{0,7})(\**)$")
_DATE = re.compile(
    r"^['’`‘]?(?P<year>\d{4}|\d{2})(?P<first>[.,·/년年-]+)(?P<month>\d{1,2})"
    r"(?P<second>[.,·/월月-]+)(?P<day>\d{1,2})(?:[일日.]|(?<=\d\d)\d\d:\d\d)?$"
)
_CCYYMMDD = re.compile(r"^(\d{4})[.]?(\d{2})(\d{2})$")
_MONEY = re.compile(r"^(?P<minus>[-△▲−]?)[₩￦\\]?(?P<amount>\d{1,3}(?:[,.]\d{3})+|\d+)원?$")
_KCD = re.compile(r"^([A-Z]\d{2})[.,·]?(\d{0,3})[†*]?$")
# Letters of disease codes that are read as the figure they look like; of several, none is taken.
_CODE_LETTERS = {"1": "I", "2": "Z", "5": "S", "6": "G", "8": "B"}
_EARLIEST_YEAR = 1850
_LATEST_YEAR = 2100
_MALE = frozenset({"남", "남자", "남성", "男", "m", "male"})
_FEMALE = frozenset({"여", "여자", "여성", "女", "f", "female"})
_TICKED = re.compile(r"[☑☒■●✓✔√vV](?:\])?(남|여)|\[[vV√xX○●]\](남|여)")


@dataclass(frozen=True, slots=True)
class ResidentNumber:
    """A resident number as far as it is printed.

    `text` is `YYMMDD-SXXXXXX`, hidden digits as `*`. `check` is "passed", "failed", or None where
    there is none to check. `birth` is None where the century is hidden or the day does not exist.
    `cut`: digits are missing and no sign hides them; forms hide six or all seven, readers lose one.
    """

    text: str
    birth: dt.date | None
    sex: str | None
    check: str | None
    masked: bool
    repaired: bool
    cut: bool = False


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date that exists, and whether letters were mended into digits to read it."""

    day: dt.date
    repaired: bool

    @property
    def iso(self) -> str:
        """The date as YYYY-MM-DD."""
        return self.day.isoformat()


def parse_resident(text: str) -> ResidentNumber | None:
    """Read a resident number, whole or masked; None where it has not the shape of one."""
    bare = re.sub(r"\s", "", text)
    bare = re.sub(r"[-–—~_·.=:]", "-", bare)
    hidden = _MASK.sub("*", bare)
    plain = hidden.translate(_LOOKS_LIKE)
    match = _RESIDENT.match(plain)
    if match is None:
        return None
    head, tail, stars = match.groups()
    if not tail and not stars:
        return None
    masked = len(tail) < 7
    repaired = plain != hidden
    birth = _birth(head, tail[0]) if tail else None
    check = None if masked else _check(head + tail, birth)
    if repaired and check != "passed":
        return None
    return ResidentNumber(
        text=f"{head}-{tail.ljust(7, '*')}",
        birth=birth,
        sex=("F" if int(tail[0]) % 2 == 0 else "M") if tail else None,
        check=check,
        masked=masked,
        repaired=repaired,
        cut=2 <= len(tail) < 7 and not stars,
    )


def parse_date(text: str, latest_year: int) -> PrintedDate | None:
    """Read a date in any printed form; None where no such day exists.

    A two-digit year is the last such year that is not after `latest_year`.
    """
    bare = re.sub(r"\s", "", text)
    plain = bare.translate(_LOOKS_LIKE)
    if match := _CCYYMMDD.match(plain):
        year, month, day = (int(part) for part in match.groups())
    elif match := _DATE.match(plain):
        if len(match["year"]) == 2 and _separator(match["first"]) != _separator(match["second"]):
            return None
        year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
        if len(match["year"]) == 2:
            year = latest_year - (latest_year - year) % 100
    else:
        return None
    found = _existing(year, month, day)
    return None if found is None else PrintedDate(found, plain != bare)


def parse_money(text: str) -> int | None:
    """Read an amount in won; a lone dash is 0, a leading one a refund."""
    bare = re.sub(r"\s", "", text)
    if bare in {"-", "－", "–"}:
        return 0
    match = _MONEY.match(bare)
    if match is None:
        return None
    amount = int(re.sub(r"\D", "", match["amount"]))
    return -amount if match["minus"] else amount


def parse_kcd(text: str) -> str | None:
    """Read a disease code and set its point: `M791` becomes `M79.1`."""
    match = _KCD.match(re.sub(r"\s", "", text))
    if match is None:
        return None
    return f"{match[1]}.{match[2]}" if match[2] else match[1]


def mend_kcd(text: str) -> str | None:
    """Read a disease code whose letter was read as a figure: `110` is `I10`, since no code is."""
    letter = _CODE_LETTERS.get(text[:1])
    if letter is None or not re.fullmatch(r"\d{3}(?:[.,·]\d{1,2})?", text):
        return None
    return parse_kcd(letter + text[1:])


def parse_sex(text: str) -> str | None:
    """Read M or F from a word, or from the ticked one of two boxes."""
    bare = re.sub(r"\s", "", text)
    if ticked := _TICKED.search(bare):
        return "M" if "남" in ticked.group() else "F"
    words = [word.lower() for word in re.findall(r"[가-힣]+|[A-Za-z]+|[男女]", text)]
    found = {"M" for word in words if word in _MALE} | {"F" for word in words if word in _FEMALE}
    return found.pop() if len(found) == 1 else None


def parse_licence(text: str) -> str | None:
    """Read a licence number: up to six digits, with or without `제 … 호`."""
    match = re.fullmatch(r"[제第]?(\d{3,6})[호號]?", re.sub(r"\s", "", text))
    return match[1] if match else None


def parse_institution_code(text: str) -> str | None:
    """Read the eight digits of an institution's code."""
    bare = re.sub(r"[\s-]", "", text)
    return bare if re.fullmatch(r"\d{8}", bare) else None


def parse_chart_no(text: str) -> str | None:
    """Read a chart number: letters and digits, at least one digit."""
    bare = re.sub(r"\s", "", text).strip(".,:-")
    return bare if re.fullmatch(r"(?=.*\d)[A-Za-z0-9-]{2,14}", bare) else None


def _birth(head: str, seventh: str) -> dt.date | None:
    year = _CENTURY[int(seventh)] + int(head[:2])
    return _existing(year, int(head[2:4]), int(head[4:6]))


def _check(digits: str, birth: dt.date | None) -> str | None:
    """Judge the check digit where there is one.

    Placeholders of newborns end in 000000; numbers given from October 2020 end at random; the
    foreigners' scheme is not documented well enough to fail a number by it.
    """
    if birth is None or digits.endswith("000000") or birth >= RANDOM_NUMBERS_FROM:
        return None
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits[:12], strict=True))
    foreign = digits[6] in _FOREIGN
    if ((13 if foreign else 11) - total % 11) % 10 == int(digits[12]):
        return "passed"
    return None if foreign else "failed"


def _separator(signs: str) -> str:
    return {"년": "word", "월": "word", "年": "word", "月": "word", "/": "/", "-": "-"}.get(
        signs[0], "."
    )


def _existing(year: int, month: int, day: int) -> dt.date | None:
    if not _EARLIEST_YEAR <= year <= _LATEST_YEAR:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
