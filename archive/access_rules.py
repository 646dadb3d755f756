"""Unusual access: rules as data, and what they find in the log.

A rule looks in one of five ways: `many` (of something within a time), `hours`, `place`,
`new_place`, `clock`. What it finds of one account in one stretch is one alarm.
"""

import datetime as dt
import ipaddress
import zoneinfo
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from archive.access_entry import ANSWERED, AccessEntry
from records.errors import SetupError
from records.ids import derive_id

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_STRETCH = dt.timedelta(hours=12)
"""Entries of one account further apart than this are not one stretch."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name, its words, how it looks, and the numbers it looks by."""

    name: str
    korean: str
    english: str
    look: str
    by: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules, and the time zone in which hours are meant."""

    zone: zoneinfo.ZoneInfo
    rules: tuple[Rule, ...]

    def rule(self, name: str) -> Rule:
        """The rule of this name."""
        return next(rule for rule in self.rules if rule.name == name)


@dataclass(frozen=True, slots=True)
class Alarm:
    """One stretch of unusual access by one account; ids and counts, nothing of a patient.

    `count`: of what the rule counts, entries where it counts nothing else. `answered`: the id of
    the entry in which a person answered for it, or empty.
    """

    id: str
    rule: str
    who: str
    where: tuple[str, ...]
    first: str
    last: str
    count: int
    entries: tuple[str, ...]
    institutions: tuple[str, ...]
    answered: str = ""


Stretch = tuple[list[AccessEntry], int]


def load_rules(file: str = "") -> Rules:
    """Read the rules of a file, or the built-in ones.

    Raises:
        SetupError: it cannot be read, or a rule is none (`access_rules_invalid` with its name).
    """
    name = ""
    try:
        built_in = resources.files("archive") / "access_rules.yaml"
        plain = yaml.safe_load((Path(file) if file else built_in).read_text("utf-8"))
        rules = []
        for name, row in plain["rules"].items():
            by = {key: row[key] for key in row.keys() - {"ko", "en", "look"}}
            rule = Rule(name, str(row["ko"]), str(row["en"]), str(row["look"]), by)
            zone = zoneinfo.ZoneInfo(plain["timezone"])
            _LOOKS[rule.look]([], rule, zone)  # what it lacks shows without an entry
            rules.append(rule)
        return Rules(zone, tuple(rules))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
        raise SetupError("access_rules_invalid", name) from error
    except zoneinfo.ZoneInfoNotFoundError as error:
        raise SetupError("access_rules_invalid", "timezone") from error


def alarms(entries: Sequence[AccessEntry], rules: Rules) -> tuple[Alarm, ...]:
    """What the rules find in entries that stand in the order of the ledger, oldest alarm first."""
    answers = [entry for entry in entries if entry.what == ANSWERED]
    looked = [entry for entry in entries if entry.what != ANSWERED]
    by_who: dict[str, list[AccessEntry]] = {}
    for entry in looked:
        by_who.setdefault(entry.who, []).append(entry)
    found = [
        _alarm(rule, who, stretch, count, answers)
        for rule in rules.rules
        for who, own in by_who.items()
        for stretch, count in _LOOKS[rule.look](own, rule, rules.zone)
    ]
    return tuple(sorted(found, key=lambda alarm: (alarm.first, alarm.rule, alarm.who)))


def _alarm(
    rule: Rule, who: str, stretch: list[AccessEntry], count: int, answers: list[AccessEntry]
) -> Alarm:
    id = derive_id("w", rule.name, who, stretch[0].id)
    last = max(entry.time for entry in stretch)
    # An answer speaks of what had happened by then: a stretch that goes on is open again.
    answered = [one.id for one in answers if id in one.documents and one.time >= last]
    return Alarm(
        id,
        rule.name,
        who,
        tuple(sorted({entry.where for entry in stretch})),
        min(entry.time for entry in stretch),
        last,
        count,
        tuple(entry.id for entry in stretch),
        tuple(sorted({entry.institution for entry in stretch})),
        answered[-1] if answered else "",
    )


def _many(entries: Iterable[AccessEntry], rule: Rule, _: dt.tzinfo) -> Iterable[Stretch]:
    """More than so many different persons, documents or misses within so many minutes."""
    limit, within = int(rule.by["more_than"]), dt.timedelta(minutes=int(rule.by["within_minutes"]))
    things = _THINGS[rule.by["of"]]
    ordered = sorted((e for e in entries if things(e)), key=lambda entry: entry.time)
    times = [_time(entry) for entry in ordered]
    window: Counter[str] = Counter()
    start, end, found = 0, -1, list[Stretch]()
    for number, entry in enumerate(ordered):
        window.update(things(entry))
        while times[number] - times[start] > within:
            window -= Counter(things(ordered[start]))
            start += 1
        if len(window) <= limit:
            continue
        if found and start <= end:  # windows that overlap are one stretch
            stretch, most = found.pop()
            found.append((stretch + ordered[end + 1 : number + 1], max(most, len(window))))
        else:
            found.append((ordered[start : number + 1], len(window)))
        end = number
    return found


_THINGS: dict[str, Callable[[AccessEntry], tuple[str, ...]]] = {
    "persons": lambda entry: tuple({*entry.persons, *filter(None, [entry.whose])}),
    "documents": lambda entry: entry.documents if entry.found else (),
    "misses": lambda entry: () if entry.found else (entry.id,),
}


def _hours(entries: Iterable[AccessEntry], rule: Rule, zone: dt.tzinfo) -> Iterable[Stretch]:
    """Outside these hours of these days."""
    opens, closes = (dt.time.fromisoformat(rule.by[name]) for name in ("from", "to"))
    days = {_DAYS.index(day) for day in rule.by["days"]}

    def outside(entry: AccessEntry) -> bool:
        local = _time(entry).astimezone(zone)
        return local.weekday() not in days or not opens <= local.time() < closes

    return _stretches(entry for entry in entries if outside(entry))


def _place(entries: Iterable[AccessEntry], rule: Rule, _: dt.tzinfo) -> Iterable[Stretch]:
    """From an address in none of these networks."""
    networks = [ipaddress.ip_network(text) for text in rule.by["networks"]]

    def outside(entry: AccessEntry) -> bool:
        try:
            address = ipaddress.ip_address(entry.where)
        except ValueError:
            return False  # the name of a machine
        return not any(address in network for network in networks)

    return _stretches(entry for entry in entries if outside(entry))


def _new_place(entries: Iterable[AccessEntry], rule: Rule, _: dt.tzinfo) -> Iterable[Stretch]:
    """From where an account, by then known by so many entries, had never been."""
    after, known, new = int(rule.by["after_entries"]), set[str](), list[AccessEntry]()
    for number, entry in enumerate(entries):
        if entry.where not in known and number >= after:
            new.append(entry)
        known.add(entry.where)
    return _stretches(new)


def _clock(entries: Iterable[AccessEntry], rule: Rule, _: dt.tzinfo) -> Iterable[Stretch]:
    """Dated earlier, by so many minutes, than an entry that stands before it in the ledger."""
    behind, newest, back = dt.timedelta(minutes=int(rule.by["minutes"])), None, list[AccessEntry]()
    for entry in entries:
        time = _time(entry)
        if newest and newest - time > behind:
            back.append(entry)
        newest = max(newest, time) if newest else time
    return _stretches(back)


_LOOKS: dict[str, Callable[[Iterable[AccessEntry], Rule, dt.tzinfo], Iterable[Stretch]]] = {
    "many": _many,
    "hours": _hours,
    "place": _place,
    "new_place": _new_place,
    "clock": _clock,
}


def _stretches(entries: Iterable[AccessEntry]) -> list[Stretch]:
    """Entries cut wherever nothing happened for half a day."""
    found: list[list[AccessEntry]] = []
    for entry in sorted(entries, key=lambda entry: entry.time):
        if found and _time(entry) - _time(found[-1][-1]) <= _STRETCH:
            found[-1].append(entry)
        else:
            found.append([entry])
    return [(stretch, len(stretch)) for stretch in found]


def _time(entry: AccessEntry) -> dt.datetime:
    return dt.datetime.fromisoformat(entry.time)
