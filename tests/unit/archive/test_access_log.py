"""Promises of the access log: written before the read, encrypted, in the ledger, never lost."""

import datetime as dt

import pytest

from archive.access_entry import AccessEntry
from archive.ledger.check_proof import read_proof
from archive.opening import Archive
from archive.verify import verify
from records.codec import from_plain, to_plain
from records.errors import IntegrityError, RejectedInput, TransientError

from .conftest import ONE, TWO, open_at


def test_an_access_is_told_with_everything(opened: Archive) -> None:
    """Who, where from, what, whose, which and why come back, in order, per institution."""
    whose = opened.index.person_hash(ONE, "patient_name", "김가상")
    first = opened.access.record(ONE, "steward", "10.0.0.7", "search", "사본 발급", whose)
    second = opened.access.record(ONE, "auditor", "cli", "export", "감사", documents=["d-1", "d-2"])
    opened.access.record(TWO, "auditor", "cli", "view", "감사")

    assert opened.access.entries(ONE) == [first, second]
    assert (first.whose, first.why, first.documents) == (whose, "사본 발급", ())
    assert second.documents == ("d-1", "d-2")
    assert first.time <= second.time


def test_every_access_has_its_leaf(opened: Archive) -> None:
    """Two equal accesses are two entries and two leaves, and both can be proven."""
    entries = [opened.access.record(ONE, "a", "b", "view", "c") for _ in range(2)]

    assert [leaf.id for leaf in opened.ledger.leaves()] == [entry.id for entry in entries]
    assert read_proof(opened.ledger.prove("access", ONE, entries[1].id)).index == 1


def test_no_read_where_the_log_cannot_be_written(
    opened: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log that cannot be written is an error, so the read that follows does not happen."""

    def full(*_: object) -> bool:
        raise TransientError("store_full")

    opened.vault(ONE)
    monkeypatch.setattr(opened.store, "put_if_absent", full)

    with pytest.raises(TransientError, match="store_full"):
        opened.access.record(ONE, "a", "b", "view", "c")


def test_an_entry_of_a_killed_writer_gets_its_leaf(
    opened: Archive, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    """Killed between entry and leaf: the next process that logs an access adds the leaf."""

    def killed(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(opened.ledger, "append", killed)
    with pytest.raises(KeyboardInterrupt):
        opened.access.record(ONE, "a", "b", "view", "c")
    assert [problem.code for problem in verify(opened).problems] == ["leaf_missing"]

    again = open_at(tmp_path)  # type: ignore[arg-type]
    again.access.record(ONE, "a", "b", "view", "c")

    assert verify(again).ok
    assert len(list(again.ledger.leaves())) == 2


def test_the_log_is_read_from_a_day_on_whatever_the_clock_did(
    opened: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Entries keep the ledger's order; only those since the day asked for come, none is missed."""
    start = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)

    class Clock(dt.datetime):
        hour = 0.0

        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:
            return start + dt.timedelta(hours=cls.hour)

    monkeypatch.setattr("archive.access_log.dt.datetime", Clock)
    made = []
    for Clock.hour in (0, 30, 31, 30.5, 60, 59.9, 90):
        made.append(opened.access.record(ONE, "a", "b", "view", "c"))

    assert opened.access.entries(ONE) == made
    assert opened.access.entries(ONE, start + dt.timedelta(hours=30.2)) == made[2:]
    assert opened.access.entries(ONE, start + dt.timedelta(hours=60)) == [made[4], made[6]]
    assert opened.access.entries_of_all([TWO, ONE], start) == made


def test_an_entry_cannot_be_removed(opened: Archive) -> None:
    """The archive has no way to drop an access; one taken from the disk is named."""
    entry = opened.access.record(ONE, "a", "b", "view", "c")
    with pytest.raises(RejectedInput, match="object_is_kept"):
        opened.vault(ONE).delete("access", entry.id)
    opened.ledger.sign_head()
    assert opened.access.without_leaf(ONE) == 0

    opened.store.delete(f"{ONE}/records/access/{entry.id}")

    assert ("access", entry.id, "object_missing") in {
        (p.kind, p.subject, p.code) for p in verify(opened).problems
    }
    with pytest.raises(IntegrityError, match="object_missing"):
        opened.access.entries(ONE)


def test_an_entry_of_an_earlier_version_is_read(opened: Archive) -> None:
    """Entries from before persons and misses were noted count as found, of nobody known."""
    entry = opened.access.record(ONE, "a", "b", "view", "c", documents=["d-1"])
    plain = to_plain(entry)
    del plain["persons"], plain["found"]

    assert from_plain(AccessEntry, plain) == entry
