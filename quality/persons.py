"""Is a document of one person: the resident numbers printed on its pages, compared.

Two numbers that differ in a digit or two are one number misread; four digits or more are not.
"""

import itertools
import re
from collections.abc import Iterable

_NUMBER = re.compile(r"(?<!\d)(\d{6})\s?-\s?([0-9]\d{6})(?!\d)")
OTHER_PERSON_DIGITS = 4


def one_person(lines: Iterable[str]) -> bool | None:
    """Judge all full numbers on a document's pages; None where there are fewer than two."""
    numbers = {"".join(match.groups()) for line in lines for match in _NUMBER.finditer(line)}
    if len(numbers) < 2:
        return None
    return all(
        sum(a != b for a, b in zip(one, other, strict=True)) < OTHER_PERSON_DIGITS
        for one, other in itertools.combinations(numbers, 2)
    )
