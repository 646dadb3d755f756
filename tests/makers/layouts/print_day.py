"""The day on which a program printed a document, told from what the document says."""

import datetime as dt
import random
import re

from tests.makers.content import Closing, Content, Facts, Fields, Prose, Table

_SIGNED = re.compile(r"(\d{4})\D+(\d+)\D+(\d+)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def printed_on(content: Content, rng: random.Random) -> str:
    """The day of issue, else a day after the last one that the document states, else any day."""
    facts: list[Facts] = []
    for block in content.blocks:
        signed = _SIGNED.match(block.date) if isinstance(block, Closing) else None
        if signed:
            return dt.date(*map(int, signed.groups())).isoformat()
        if isinstance(block, Fields):
            facts += [item.facts for row in block.rows for item in row]
        elif isinstance(block, Table):
            facts += [row.facts for row in block.rows]
        elif isinstance(block, Prose):
            facts.append(block.facts)
    days = {str(value) for some in facts for key, value in some if key != "birth_date"}
    days = {day for day in days if _DAY.fullmatch(day)}
    if days:
        last = dt.date.fromisoformat(max(days))
        return (last + dt.timedelta(days=rng.randrange(10, 120))).isoformat()
    return (dt.date(2013, 1, 7) + dt.timedelta(days=rng.randrange(4000))).isoformat()
