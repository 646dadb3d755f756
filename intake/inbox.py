"""Which deliveries in an inbox are complete, so that nothing is taken while it still arrives.

A delivery is a folder (or prefix) right below the inbox that holds `delivery.yaml`.
It is complete when it holds the marker `_COMPLETE`, or when nothing in it changed for ten minutes.
"""

import urllib.parse
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from intake import declaration
from intake.sources import Found, open_source
from records.errors import SetupError
from records.ids import derive_id

MARKER = "_COMPLETE"
SETTLED_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Complete:
    """A complete delivery: its URL, and a key that changes when its content does."""

    url: str
    key: str


def complete_deliveries(inbox: str, s3_endpoint: str, now: float) -> Iterator[Complete]:
    """Deliveries that have arrived in full, by name; none where the inbox does not exist yet.

    `now`: seconds since the epoch, by the clock of the inbox's store.

    Raises:
        SetupError: the inbox is not open to us. TransientError: the store does not answer.
    """
    try:
        source = open_source(inbox, s3_endpoint)
    except SetupError as error:
        if error.code == "delivery_not_found":
            return
        raise
    deliveries: dict[str, list[Found]] = defaultdict(list)
    for item in source.files():
        name, _, path = item.path.partition("/")
        if path:
            deliveries[name].append(item)
    for name, items in sorted(deliveries.items()):
        if _is_complete(name, items, now):
            seen = sorted((item.path, item.size, item.changed) for item in items)
            yield Complete(_below(inbox, name), derive_id("i", inbox, repr(seen)))


def _is_complete(name: str, items: list[Found], now: float) -> bool:
    paths = {item.path for item in items}
    if f"{name}/{declaration.NAME}" not in paths:
        return False
    return f"{name}/{MARKER}" in paths or now - max(i.changed for i in items) >= SETTLED_SECONDS


def _below(inbox: str, name: str) -> str:
    if "://" in inbox:
        name = urllib.parse.quote(name) if inbox.startswith("file:") else name
    return f"{inbox.rstrip('/')}/{name}"
