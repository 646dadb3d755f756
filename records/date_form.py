"""How an EMR writes its days, as a pattern such as `YYYYMMDD`, and reading days by it."""

import datetime as dt
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

EXCEL = "excel"
_EXCEL_EPOCH = dt.date(
    1899, 12, 30
)  # serial 60 is a day that never was; later ones count from here
_EXCEL_SERIAL = re.compile(r"(\d{1,6})(?:\.\d+)?")
_TOKENS: Mapping[str, str] = {
    "YYYY": r"(?P<year>\d{4})", "YY": r"(?P<short>\d{2})",
    "MM": r"(?P<month>\d{2})", "M": r"(?P<month>\d{1,2})",
    "DD": r"(?P<day>\d{2})", "D": r"(?P<day>\d{1,2})",
    "HH": r"\d{2}", "mm": r"\d{2}", "ss": r"\d{2}",
}  # fmt: skip
_TOKEN = re.compile("YYYY|YY|MM|M|DD|D|HH|mm|ss")
_TIME = r"(?:[T ]\s*(?:오전 |오후 )?\d{1,2}:\d{2}.{0,20})?"
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class DateForm:
    """A pattern that can be read by; `short` where its year has two digits."""

    pattern: re.Pattern[str] | None
    short: bool

    def read(self, text: str, latest_year: int | None = None) -> dt.date | None:
        """Return the day, None where the text is not written so or no such day exists."""
        if self.pattern is None:
            serial = _EXCEL_SERIAL.fullmatch(text.strip())
            return _day_of_serial(int(serial[1])) if serial else None
        match = self.pattern.fullmatch(text.strip())
        if match is None:
            return None
        found = match.groupdict()
        if "year" in found:
            year = int(found["year"])
        elif latest_year is None:
            return None
        else:
            year = latest_year - (latest_year - int(found["short"])) % 100
        try:
            return dt.date(year, int(found["month"]), int(found["day"]))
        except ValueError:
            return None


@functools.cache
def date_form(written: str) -> DateForm | None:
    """Understand a pattern; None where it does not say year, month and day once each."""
    if written == EXCEL:
        return DateForm(None, short=False)
    if len(written) > _LONGEST:
        return None
    tokens = _TOKEN.findall(written)
    if sorted(token[0] for token in tokens if token[0] in "YMD") != ["D", "M", "Y"]:
        return None
    rest = _TOKEN.split(written)
    pattern = re.escape(rest[0]) + "".join(
        _TOKENS[token] + re.escape(literal) for token, literal in zip(tokens, rest[1:], strict=True)
    )
    return DateForm(re.compile(pattern + _TIME, re.ASCII), "YY" in tokens)


def _day_of_serial(serial: int) -> dt.date | None:
    try:
        return _EXCEL_EPOCH + dt.timedelta(days=serial) if serial > 60 else None
    except OverflowError:
        return None
