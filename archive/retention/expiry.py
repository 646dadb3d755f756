"""Whose period is over: a list for people, never an action."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from archive.retention.orders import Standing
from archive.retention.periods import RetentionTable, years_after


@dataclass(frozen=True, slots=True)
class Kept:
    """A document as retention sees it.

    `started`: the day its period counts from, None where nobody knows it. `holder`: owner |
    health_centre.
    """

    id: str
    institution: str
    kind: str
    holder: str
    started: dt.date | None


@dataclass(frozen=True, slots=True)
class Expiry:
    """Where a document stands: due | held | kept | permanent | undated.

    `due`: the last day it must be kept. `period`: the class that decides; `basis`: its law.
    """

    document: Kept
    state: str
    period: str
    basis: str
    due: dt.date | None


def expiries(
    table: RetentionTable, documents: Iterable[Kept], orders: Standing, today: dt.date
) -> list[Expiry]:
    """Where each document of an institution stands on a day, in the order given."""
    return [_expiry(table, document, orders, today) for document in documents]


def _expiry(table: RetentionTable, kept: Kept, orders: Standing, today: dt.date) -> Expiry:
    period = table.period(kept.kind)
    years = table.years(kept.kind, kept.holder, kept.institution)
    due = None
    if years is None:
        state = "permanent"
    elif kept.started is None:
        state = "undated"
    else:
        # The law lets a period be extended once, by no more than itself.
        due = years_after(kept.started, years + min(orders.extension(kept.id), years))
        state = "kept" if today <= due else "held" if orders.is_held(kept.id) else "due"
    return Expiry(kept, state, period.code, period.basis, due)
