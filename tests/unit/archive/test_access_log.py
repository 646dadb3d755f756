"""Promises of the access log: written before the read, encrypted, in the ledger, never lost."""

import pytest

from archive.ledger.check_proof import read_proof
from archive.opening import Archive
from archive.verify import verify
from records.errors import TransientError

from .conftest import ONE, TWO, open_at


def test_an_access_is_told_with_everything(opened: Archive) -> None:
    """Who, where from, what, whose, which and why come back, oldest first, per institution."""
    whose = opened.index.person_hash(ONE, "patient_name", "김가상")
    first = opened.access.record(ONE, "steward", "10.0.0.7", "search", "사본 발급", whose)
    second = opened.access.record(ONE, "auditor", "cli", "export", "감사", documents=["d-1", "d-2"])
    opened.access.record(TWO, "auditor", "cli", "view", "감사")

    assert list(opened.access.entries(ONE)) == [first, second]
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
