"""A month of one institution's accesses, counted: what its reviewer looks over."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from archive.access_entry import ANSWERED, AccessEntry
from archive.access_rules import Alarm, Rules

DOWNLOADS = ("export",)
"""What takes records out of the house: each must be asked its cause."""


@dataclass(frozen=True, slots=True)
class AccessReview:
    """Ids and counts of a month; nothing of a patient, no purpose in words.

    Counts are pairs of a name and how often, most first. `without_purpose`: entries whose `why`
    says nothing. `whole`: every access has its leaf in the ledger. `oldest`: when the log begins.
    """

    institution: str
    month: str
    total: int
    persons: int
    by_what: tuple[tuple[str, int], ...]
    by_who: tuple[tuple[str, int], ...]
    by_where: tuple[tuple[str, int], ...]
    by_hour: tuple[tuple[str, int], ...]
    not_found: int
    without_purpose: int
    downloads: tuple[AccessEntry, ...]
    alarms: tuple[Alarm, ...]
    whole: bool
    oldest: str


def month_bounds(month: str, zone: dt.tzinfo) -> tuple[dt.datetime, dt.datetime]:
    """First moment of a month, 2026-11, and of the next one.

    Raises:
        ValueError: no month.
    """
    first = dt.datetime.strptime(month, "%Y-%m").replace(tzinfo=zone)
    return first, (first + dt.timedelta(days=32)).replace(day=1)


def review(
    institution: str,
    month: str,
    entries: Sequence[AccessEntry],
    alarms: Iterable[Alarm],
    rules: Rules,
    whole: bool,
    oldest: str,
) -> AccessReview:
    """Count a month out of entries and alarms that may reach beyond it."""
    begin, end = month_bounds(month, rules.zone)

    def within(time: str) -> bool:
        return begin <= dt.datetime.fromisoformat(time) < end

    own = [entry for entry in entries if within(entry.time)]

    def count(of: Callable[[AccessEntry], str]) -> tuple[tuple[str, int], ...]:
        counted = Counter(map(of, own))
        return tuple(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))

    def hour(entry: AccessEntry) -> str:
        return f"{dt.datetime.fromisoformat(entry.time).astimezone(rules.zone).hour:02d}"

    return AccessReview(
        institution,
        month,
        len(own),
        len({person for entry in own for person in entry.persons}),
        count(lambda entry: entry.what),
        count(lambda entry: entry.who),
        count(lambda entry: entry.where),
        tuple(sorted(count(hour))),
        sum(not entry.found for entry in own),
        sum(entry.why.strip() in {"", entry.what} for entry in own if entry.what != ANSWERED),
        tuple(entry for entry in own if entry.what in DOWNLOADS),
        tuple(alarm for alarm in alarms if within(alarm.first)),
        whole,
        oldest,
    )
