"""Promises of the turns: everything is opened within the period, whatever days are missed."""

import datetime as dt
from pathlib import Path

import pytest

from archive.vault.names import parse_blob_key
from pipeline.assembly import Workshop
from pipeline.turns import Turns
from pipeline.upkeep import rebuild_index, verify_archive
from records.errors import IntegrityError, SetupError
from records.settings import Settings, load_settings
from tests.damage import flipped
from tests.unit.pipeline.archived import ONE, archive_documents

START = dt.datetime(2026, 11, 1, 2, tzinfo=dt.UTC)


def turns_at(file: Path, day: float, days: int = 5) -> Turns:
    return Turns(file, days, lambda: START + dt.timedelta(days=day))


def do(turns: Turns) -> list[int]:
    done = list(turns.due())
    for part in done:
        turns.done(part)
    return done


def test_every_part_has_its_turn_in_the_period(tmp_path: Path) -> None:
    """One a day, each once in five days, whatever the minute of the day."""
    file = tmp_path / "upkeep" / "turns.json"

    week = [do(turns_at(file, day + (day % 3) * 0.01)) for day in range(10)]

    assert week == [[0], [1], [2], [3], [4], [0], [1], [2], [3], [4]]


def test_missed_days_are_made_up_for(tmp_path: Path) -> None:
    """After three days without a run three parts are due; after a year all of them, once each."""
    file = tmp_path / "turns.json"

    assert do(turns_at(file, 0)) == [0]
    assert do(turns_at(file, 3)) == [1, 2, 3]
    assert sorted(do(turns_at(file, 400))) == [0, 1, 2, 3, 4]
    assert len(do(turns_at(file, 400.1))) == 1


def test_a_clock_that_steps_back_costs_no_turn(tmp_path: Path) -> None:
    """A run that believes to be before the last one does one part, and the round goes on."""
    file = tmp_path / "turns.json"

    done = [do(turns_at(file, day)) for day in (0, 1, -30, 2, 3, 4)]

    assert all(len(parts) == 1 for parts in done[:3])
    assert {part for parts in done for part in parts} == {0, 1, 2, 3, 4}


def test_a_run_that_was_killed_goes_on(tmp_path: Path) -> None:
    """What was done stands; what was not is the next one's."""
    file = tmp_path / "turns.json"
    do(turns_at(file, 0))
    killed = turns_at(file, 3)
    killed.done(next(killed.due()))

    assert do(turns_at(file, 3.1)) == [2]


@pytest.mark.parametrize(
    "text", ["", "[]", '{"days": 5}', '{"days": 4, "done": {"1": "2026-11-01T00:00:00+00:00"}}',
             '{"days": 5, "done": {"1": "yesterday"}}'],
)  # fmt: skip
def test_without_its_file_everything_is_due_anew(tmp_path: Path, text: str) -> None:
    """A lost or strange file, or another period, costs turns and nothing else."""
    file = tmp_path / "turns.json"
    file.write_text(text)

    assert do(turns_at(file, 0)) == [0]


def test_verifying_by_turns_opens_everything_once(tmp_path: Path) -> None:
    """Three nights of a period of three open each object; a flip is found when its turn comes."""
    settings = Settings(home=str(tmp_path), verify_period_days=3, verify_per_second=1000.0)
    workshop = Workshop(settings)
    archive_documents(workshop.archive, ONE, 12)
    rebuild_index(workshop)
    opened, objects = 0, 0
    for _ in range(3):
        counts = verify_archive(workshop).counts
        opened, objects = opened + counts["opened"], counts["objects"]
    assert opened == objects == 37

    key = next(key for key in workshop.archive.store.list() if parse_blob_key(key))
    raw = workshop.archive.store.get(key) or b""
    workshop.archive.store.put(key, flipped(raw))
    errors = []
    for _ in range(3):
        try:
            verify_archive(workshop)
        except IntegrityError as error:
            errors.append(str(error))
    assert set(errors) == {"archive_damaged 1"}
    report = next((tmp_path / "reports" / "upkeep").iterdir()).read_text("utf-8")
    named = parse_blob_key(key)
    assert named
    assert f"`{named[0].kind} {named[0].id}` 암호화된 내용이 손상되었습니다." in report
    assert "An object's ciphertext is damaged." in report
    # The part in which it lies stays due until it is mended.
    with pytest.raises(IntegrityError, match="archive_damaged 1"):
        verify_archive(workshop)
    workshop.archive.store.put(key, raw)
    assert verify_archive(workshop).counts["opened"] > 0


@pytest.mark.parametrize("what", ["record", "ciphertext"])
def test_what_is_gone_is_missed_out_of_turn(tmp_path: Path, what: str) -> None:
    """Names are compared every night: a missing file is found whichever part it is in."""
    workshop = Workshop(Settings(home=str(tmp_path), verify_period_days=1000))
    documents = archive_documents(workshop.archive, ONE, 3)
    rebuild_index(workshop)
    assert verify_archive(workshop).counts["opened"] < 10
    store = workshop.archive.store
    lost = f"/records/document/{documents[0]}" if what == "record" else f"/{documents[0]}."
    store.delete(next(key for key in store.list() if lost in key))

    with pytest.raises(IntegrityError, match="archive_damaged"):
        verify_archive(workshop)


def test_a_period_has_at_least_a_day(tmp_path: Path) -> None:
    """No setting can switch checking off."""
    (tmp_path / "giroksil.toml").write_text("verify_period_days = 0")

    with pytest.raises(SetupError, match="verify_period_days"):
        load_settings(tmp_path / "giroksil.toml", {})
