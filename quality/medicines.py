"""Can a prescription be meant: how often a day, for how many days, and how long it is valid."""

import re
from collections.abc import Sequence

from records.values import Field

_VALID_DAYS = re.compile(r"교부일\s*로?\s*부터\D{0,4}(\d{1,3})\D{0,3}일")
MOST_TIMES, MOST_DAYS, MOST_VALID_DAYS = 8, 180, 90


def medicines_plausible(drugs: Field | None, lines: Sequence[str]) -> bool | None:
    """Judge 1 to 8 times a day, 1 to 180 days, a validity of 1 to 90 days; None: nothing said."""
    judged = []
    rows = drugs.value if drugs and isinstance(drugs.value, list) else []
    for row in rows:
        if isinstance(row, dict):
            for key, most in (("times", MOST_TIMES), ("days", MOST_DAYS)):
                said = row.get(key)
                judged += [0 < said <= most] if isinstance(said, int | float) else []
    valid = [int(match[1]) for line in lines if (match := _VALID_DAYS.search(line))]
    judged += [0 < days <= MOST_VALID_DAYS for days in valid]
    return all(judged) if judged else None
