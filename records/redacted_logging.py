"""Logging that cannot leak: an event name, ids and counts; anything else is masked.

`event(log, "page_read", page="p-…", words=212)` writes `page_read page=p-… words=212`.
A value that is neither a number, a bool, an id nor a known code is written as `‹masked›`.
"""

import logging
import re

from records.ids import is_id

_CODE = re.compile(r"[a-z][a-z0-9_.:+-]{0,63}")


def safe(value: object) -> str:
    """Return a value as it may appear in a log: numbers, ids and lower-case ASCII codes only."""
    if isinstance(value, bool | int | float):
        return str(value)
    if isinstance(value, str) and (is_id(value) or _CODE.fullmatch(value)):
        return value
    return "‹masked›"


def event(log: logging.Logger, name: str, /, level: int = logging.INFO, **facts: object) -> None:
    """Log one event with its facts, masked where they could be content."""
    log.log(level, "%s %s", name, " ".join(f"{key}={safe(value)}" for key, value in facts.items()))
