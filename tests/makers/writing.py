"""How numbers, dates and money are written on paper, and what they mean."""

import datetime as dt
import random
from collections.abc import Callable

DateForm = Callable[[dt.date], str]

_SHORT: tuple[DateForm, ...] = (
    lambda day: f"{day:%Y-%m-%d}",
    lambda day: f"{day:%Y.%m.%d}",
    lambda day: f"{day.year}. {day.month}. {day.day}.",
    lambda day: f"{day:%Y/%m/%d}",
)


def long_date(day: dt.date) -> str:
    """`2019년 3월 5일`."""
    return f"{day.year}년 {day.month}월 {day.day}일"


def choose_date_form(rng: random.Random) -> DateForm:
    """Return one of the short forms that a document keeps to."""
    return rng.choice(_SHORT)


def won(amount: int) -> str:
    """`12,330`; zero stays `0`."""
    return f"{amount:,}"


def dotted(code: str) -> str:
    """Return a disease code with its point, its normalised form: `M545` → `M54.5`."""
    bare = code.replace(".", "")
    return bare if len(bare) <= 3 else f"{bare[:3]}.{bare[3:]}"
