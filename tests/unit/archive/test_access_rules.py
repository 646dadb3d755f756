"""Promises of the access rules: each finds what it says, nothing less, nothing else, as data."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from archive.access_entry import ANSWERED, AccessEntry
from archive.access_review import month_bounds, review
from archive.access_rules import Alarm, Rules, alarms, load_rules
from records.errors import SetupError
from records.ids import derive_id

MONDAY = dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC)  # 10:00 in Seoul
RULES = load_rules()


def entry(number: int, minutes: float = 0, **more: Any) -> AccessEntry:
    """An access in working hours, from the house's network, of one person's document."""
    plain = {
        "id": derive_id("a", number),
        "time": (MONDAY + dt.timedelta(minutes=minutes)).isoformat(timespec="milliseconds"),
        "institution": "31234567",
        "who": "steward",
        "where": "10.0.0.7",
        "what": "view",
        "whose": "",
        "documents": (f"d-{number}",),
        "why": "사본 발급",
        "persons": ("p-1",),
    }
    return AccessEntry(**(plain | more))


def found(entries: list[AccessEntry], rules: Rules = RULES) -> dict[str, list[Alarm]]:
    by_rule: dict[str, list[Alarm]] = {}
    for alarm in alarms(entries, rules):
        by_rule.setdefault(alarm.rule, []).append(alarm)
    return by_rule


def persons(count: int, every: float, first: int = 0, **more: Any) -> list[AccessEntry]:
    return [entry(first + n, n * every, persons=(f"p-{first + n}",), **more) for n in range(count)]


def test_a_usual_day_raises_no_alarm() -> None:
    """Thirty patients in an hour, by day, from the house: as many as the rule lets pass."""
    assert found(persons(30, 2)) == {}
    assert found(persons(200, 2.01)) == {}
    assert found([]) == {}


def test_many_patients_in_an_hour() -> None:
    """One more than the rule lets pass is an alarm, once, however far the stretch goes on."""
    (one,) = found(persons(31, 1))["many_persons"]
    (long,) = found(persons(90, 1))["many_persons"]

    assert (one.count, len(one.entries), one.who) == (31, 31, "steward")
    assert (long.count, len(long.entries)) == (61, 90)
    assert long.id == one.id
    assert (one.first, one.last) == (entry(0, 0).time, entry(30, 30).time)


def test_the_same_patient_again_is_one_patient() -> None:
    """Whoever looks at one person's documents all day has seen one person."""
    assert "many_persons" not in found([entry(n, n / 2) for n in range(200)])
    assert "many_persons" in found([entry(0, persons=tuple(f"p-{n}" for n in range(31)))])


def test_whom_one_asked_for_counts_too() -> None:
    """Searching for person after person is seen although nothing was found."""
    asked = [entry(n, n, whose=f"w-{n}", persons=(), found=False) for n in range(40)]

    assert set(found(asked)) == {"many_persons", "not_found_often"}


def test_two_stretches_are_two_alarms_and_two_accounts_are_too() -> None:
    """A morning's and an afternoon's haul are told apart, and so are two people's."""
    morning, later = persons(40, 1), persons(40, 1, first=100)
    moved = [entry(100 + n, 240 + n, persons=(f"p-{n}",)) for n in range(40)]
    others = [entry(200 + n, n, persons=(f"p-{n}",), who="auditor") for n in range(40)]

    assert len(found(morning + moved)["many_persons"]) == 2
    assert {a.who for a in found(morning + others)["many_persons"]} == {"steward", "auditor"}
    assert len(found(morning + later)["many_persons"]) == 1


@pytest.mark.parametrize(
    ("hours", "unusual"),
    [(0, False), (9.9, False), (10.1, True), (-2.9, False), (-3.1, True), (5 * 24, True)],
)
def test_off_hours(hours: float, unusual: bool) -> None:
    """From seven to eight of a working day in Seoul is usual; night and Saturday are not."""
    assert ("off_hours" in found([entry(0, hours * 60)])) == unusual


@pytest.mark.parametrize(
    ("where", "outside"),
    [
        ("192.168.1.9", False),
        ("127.0.0.1", False),
        ("fd00::1", False),
        ("counter-pc", False),
        ("203.0.113.9", True),
        ("172.32.0.1", True),
        ("2001:db8::1", True),
    ],
)
def test_other_region(where: str, outside: bool) -> None:
    """An address in none of the allowed networks is unusual; the name of a machine is none."""
    assert ("other_region" in found([entry(0, where=where)])) == outside


def test_new_place() -> None:
    """An account that is known is used from elsewhere: told; a new account's first place is not."""
    known = [entry(n, n) for n in range(20)]
    elsewhere = entry(20, 21, where="10.0.0.99")
    again = entry(21, 22, where="10.0.0.99")

    (alarm,) = found([*known, elsewhere, again])["new_place"]

    assert alarm.entries == (elsewhere.id,)
    assert "new_place" not in found([*known[:19], elsewhere])


def test_misses_in_a_row() -> None:
    """Eleven misses in an hour are too many; eleven finds, or misses over a day, are not."""
    misses = [entry(n, n, found=False, documents=()) for n in range(11)]

    assert set(found(misses)) == {"not_found_often"}
    assert found([entry(n, n) for n in range(11)]) == {}
    assert found([entry(n, n * 7, found=False, documents=()) for n in range(11)]) == {}


def test_a_clock_set_back() -> None:
    """An entry dated ten minutes before the one it follows in the ledger is told."""
    assert set(found([entry(0, 20), entry(1, 10), entry(2, 21)])) == {"clock_back"}
    assert found([entry(0, 20), entry(1, 16), entry(2, 21)]) == {}


def test_an_answer_closes_an_alarm_until_it_goes_on() -> None:
    """Answered for, it is closed; entries after the answer open the same alarm again."""
    haul = persons(40, 1)
    (alarm,) = alarms(haul, RULES)
    answer = entry(500, 45, what=ANSWERED, documents=(alarm.id,), persons=())
    on = [entry(600 + n, 46 + n, persons=(f"q-{n}",)) for n in range(10)]

    (closed,) = alarms([*haul, answer], RULES)
    (opened,) = alarms([*haul, answer, *on], RULES)

    assert (closed.id, closed.answered) == (alarm.id, answer.id)
    assert (opened.id, opened.answered) == (alarm.id, "")
    other = entry(501, 45, what=ANSWERED, documents=("w-other",), persons=())
    assert alarms([*haul, other], RULES)[0].answered == ""


def test_rules_are_data(tmp_path: Path) -> None:
    """A copy with another number in it looks by that number."""
    plain = yaml.safe_load(
        (Path(__file__).parents[3] / "archive" / "access_rules.yaml").read_text()
    )
    plain["rules"] = {"many_persons": plain["rules"]["many_persons"] | {"more_than": 2}}
    file = tmp_path / "rules.yaml"
    file.write_text(yaml.safe_dump(plain))

    assert set(found(persons(3, 1), load_rules(str(file)))) == {"many_persons"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "rules: []",
        "{timezone: Nowhere/Never, rules: {a: {ko: ㄱ, en: a, look: clock, minutes: 5}}}",
        "{timezone: Asia/Seoul, rules: {a: {ko: ㄱ, en: a, look: guess}}}",
        "{timezone: Asia/Seoul, rules: {a: {ko: ㄱ, look: clock, minutes: 5}}}",
        "{timezone: Asia/Seoul, rules: {a: {ko: ㄱ, en: a, look: clock}}}",
        "{timezone: Asia/Seoul, rules: {a: {ko: ㄱ, en: a, look: hours, days: [mon]}}}",
        "{timezone: Asia/Seoul, rules: {a: {ko: ㄱ, en: a, look: place, networks: [x]}}}",
    ],
)
def test_rules_that_are_none_stop_the_review(tmp_path: Path, text: str) -> None:
    """A rule file with anything missing or wrong is refused before it finds nothing."""
    file = tmp_path / "rules.yaml"
    file.write_text(text)

    with pytest.raises(SetupError, match="access_rules_invalid"):
        load_rules(str(file))
    with pytest.raises(SetupError, match="access_rules_invalid"):
        load_rules(str(tmp_path / "none.yaml"))


def test_a_month_is_counted_in_its_own_time_zone() -> None:
    """What was done in the last hour of a month in Seoul belongs to it, and nothing else does."""
    begin, end = month_bounds("2026-11", RULES.zone)
    inside = [entry(0), entry(1, 1, what="export", why=""), entry(2, 2, who="auditor", found=False)]
    inside.append(entry(3, what="view", time=(end - dt.timedelta(seconds=1)).isoformat()))
    outside = [entry(4, time=end.isoformat())]
    outside.append(entry(5, time=(begin - dt.timedelta(seconds=1)).isoformat()))
    entries = inside + outside

    counted = review("31234567", "2026-11", entries, alarms(entries, RULES), RULES, True, "")

    assert (counted.total, counted.persons, counted.not_found) == (4, 1, 1)
    assert counted.by_what == (("view", 3), ("export", 1))
    assert counted.by_who == (("steward", 3), ("auditor", 1))
    assert counted.by_hour == (("10", 3), ("23", 1))
    assert counted.without_purpose == 1
    assert [one.id for one in counted.downloads] == [inside[1].id]
    assert {alarm.rule for alarm in counted.alarms} == {"off_hours"}
