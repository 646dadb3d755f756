"""Promises of the access log in use: nothing is read unlogged; alarms are told until answered."""

import dataclasses
import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.access_rules import load_rules
from pipeline import access_reports
from pipeline.access_reports import (
    answer,
    entries_of,
    open_alarms,
    report_access,
    review_access,
    write_review,
)
from pipeline.assembly import Workshop
from pipeline.command_line import main
from pipeline.searching import Query, search
from pipeline.upkeep import rebuild_index
from records.errors import IntegrityError, RejectedInput, TransientError
from tests.unit.archive.conftest import tmp_path  # noqa: F401  (in memory)

from .test_rebuild import AUDITOR, CODE, workshop  # noqa: F401  (its fixture)

NOW = f"{dt.datetime.now(load_rules().zone):%Y-%m}"


@pytest.fixture
def searched(workshop: Workshop, tmp_path: Path) -> Workshop:  # noqa: F811
    """Searched as an auditor does; any hour of any day is a working one."""
    rules = (Path(access_reports.__file__).parents[1] / "archive" / "access_rules.yaml").read_text()
    rules = re.sub(r"days: .*", "days: [mon, tue, wed, thu, fri, sat, sun]", rules)
    rules = rules.replace('"07:00"', '"00:00"').replace('"20:00"', '"23:59:59.999999"')
    rules = rules.replace("more_than: 10", "more_than: 2")
    file = tmp_path / "rules.yaml"
    file.write_text(rules)
    rebuild_index(workshop)
    settings = dataclasses.replace(workshop.settings, access_rules=str(file))
    again = Workshop(settings)
    search(again, Query("고혈압", CODE), AUDITOR)
    return again


def miss(workshop: Workshop, times: int = 3) -> None:  # noqa: F811
    for number in range(times):
        assert search(workshop, Query(chart=f"없음{number}", institution=CODE), AUDITOR) == []


def test_a_search_says_whose_records_it_showed(searched: Workshop) -> None:
    """The entry holds each person shown as a keyed hash, the same as a search for that person."""
    search(searched, Query(resident="710203-1234560", institution=CODE), AUDITOR)
    first, second = searched.archive.access.entries(CODE)

    assert len(first.persons) == 5
    assert second.persons == (second.whose,)
    assert set(second.persons) < set(first.persons)
    assert (first.found, second.found) == (True, True)


def test_a_miss_is_logged_as_one(searched: Workshop) -> None:
    """A search that finds nothing is an entry too, of nobody's record."""
    miss(searched, 1)

    last = searched.archive.access.entries(CODE)[-1]
    assert (last.found, last.documents, last.persons) == (False, (), ())


@pytest.mark.parametrize(
    "read",
    [
        lambda w: search(w, Query("고혈압"), AUDITOR),
        lambda w: search(w, Query("고혈압", CODE), AUDITOR),
        lambda w: search(w, Query("없는말", CODE), AUDITOR),
        lambda w: entries_of(w, CODE, NOW, AUDITOR),
    ],
    ids=["search", "search one", "search in vain", "log"],
)
def test_what_cannot_be_logged_is_not_read(
    searched: Workshop, monkeypatch: pytest.MonkeyPatch, read: Callable[[Workshop], object]
) -> None:
    """The log cannot be written: the read fails, and the vault is not opened for it."""
    opened = []
    vault = searched.archive.vault(CODE)

    def full(*_: object) -> bool:
        raise TransientError("store_full")

    monkeypatch.setattr(searched.archive.store, "put_if_absent", full)
    monkeypatch.setattr(vault, "get", lambda *name: opened.append(name))

    with pytest.raises(TransientError, match="store_full"):
        read(searched)
    assert opened == []


def test_an_alarm_is_told_until_somebody_answers(searched: Workshop) -> None:
    """The review fails while an alarm is open; the answer is in the log, and closes it."""
    assert review_access(searched).counts == {"entries": 1, "alarms": 0}
    miss(searched)
    for _ in range(2):
        with pytest.raises(IntegrityError, match="access_unusual 1"):
            review_access(searched)
    (alarm,) = open_alarms(searched)

    with pytest.raises(RejectedInput, match="purpose_missing"):
        answer(searched, alarm.id, dataclasses.replace(AUDITOR, why=" "))
    with pytest.raises(RejectedInput, match="alarm_unknown"):
        answer(searched, "w-none", AUDITOR)
    answer(searched, alarm.id, dataclasses.replace(AUDITOR, why="차트번호를 잘못 받음"))

    assert review_access(searched).counts["alarms"] == 1
    last = searched.archive.access.entries(CODE)[-1]
    assert (last.what, last.documents) == ("alarm_answered", (alarm.id,))
    assert last.why == "차트번호를 잘못 받음"


def test_the_monthly_review_is_written(searched: Workshop) -> None:
    """One page an institution, Korean and English, ids and counts, no word of a purpose."""
    miss(searched)

    assert report_access(searched, NOW).counts == {"reports": 1, "entries": 4}

    page = (searched.settings.reports / "access" / NOW / f"{CODE}.html").read_text("utf-8")
    assert "없는 기록을 거듭 찾았습니다" in page
    assert "again and again" in page
    assert "auditor" in page
    assert AUDITOR.why not in page
    assert "710203" not in page
    assert write_review(searched, CODE, "2020-01")[0].total == 0
    assert report_access(searched).counts["entries"] == 0
    with pytest.raises(RejectedInput, match="month_unknown"):
        write_review(searched, CODE, "2026-13")


def test_reading_the_log_is_logged(searched: Workshop) -> None:
    """Who reads the entries, purposes and all, is in the log before the first is shown."""
    entries = entries_of(searched, CODE, NOW, AUDITOR)

    assert [entry.what for entry in entries] == ["search", "access_log"]
    with pytest.raises(RejectedInput, match="institution_unknown"):
        entries_of(searched, "99999999", NOW, AUDITOR)


def test_the_commands_answer(
    searched: Workshop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`giroksil access`: alarms are shown and answered for, the log listed, the page written."""
    monkeypatch.setenv("GIROKSIL_HOME", searched.settings.home)
    monkeypatch.setenv("GIROKSIL_ACCESS_RULES", searched.settings.access_rules)
    miss(searched)
    (alarm,) = open_alarms(searched)

    assert main(["access", "alarms"]) == 1
    assert main(["access", "answer", alarm.id, "--why", "점검함"]) == 0
    assert main(["access", "alarms", "--json"]) == 0
    listing = ["access", "list", "--institution", CODE, "--month", NOW, "--purpose", "점검"]
    assert main(listing) == 0
    assert main(["access", "report", "--month", NOW]) == 0

    out = capsys.readouterr().out
    assert alarm.id in out
    assert "점검함" in out
    assert f"{CODE}.html" in out
