"""Promises of the log over a real batch: no way to a record leads past it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.batches import thumbnail
from pipeline.exporting import export
from pipeline.outcomes import Outcomes
from pipeline.reader import Reader
from pipeline.reviewing import decide, held
from pipeline.searching import Query, search
from records.errors import RejectedInput, TransientError
from records.judgements import Decision

from .conftest import House

CODE = "31234567"
READER = Reader("kim", "10.0.0.7", "사본 발급")


def held_ids(house: House) -> list[str]:
    return list(Outcomes(house.workshop.work(house.batch)).by_outcome()["held"])


def a_page(house: House) -> str:
    return next(house.workshop.vault(CODE).ids("thumbnail"))


def decision(house: House) -> Decision:
    return Decision(held_ids(house)[0], "reject", "kim", "seen")


READS: dict[str, Callable[[House, Path], object]] = {
    "search": lambda h, _: search(h.workshop, Query(patient=h.patient), READER),
    "review": lambda h, _: held(h.workshop, h.batch, READER),
    "decide": lambda h, _: decide(h.workshop, h.batch, decision(h), READER),
    "export": lambda h, to: export(h.workshop, h.batch, to, READER),
    "thumbnail": lambda h, _: thumbnail(h.workshop, h.batch, a_page(h), READER),
}


@pytest.mark.parametrize("name", READS)
def test_every_way_to_a_record_is_logged(house: House, tmp_path: Path, name: str) -> None:
    """Who, where from, why, which and whose stand in one new entry, which the ledger holds."""
    copy = house.copy(tmp_path / "home")
    known = {entry.id for entry in copy.workshop.archive.access.entries(CODE)}

    READS[name](copy, tmp_path / "to")

    entries = copy.workshop.archive.access.entries(CODE)
    (entry,) = (entry for entry in entries if entry.id not in known)
    assert (entry.who, entry.where, entry.why) == ("kim", "10.0.0.7", "사본 발급")
    assert entry.what.startswith(name)
    assert entry.documents
    assert copy.patient not in str(entry)
    assert entry.id in copy.workshop.archive.ledger.ids("access", CODE)
    assert copy.workshop.archive.ledger.newest_head() == copy.workshop.archive.ledger.sign_head()


@pytest.mark.parametrize("name", READS)
def test_what_cannot_be_logged_does_not_happen(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The log cannot be written: nothing is shown, nothing is exported, nothing is decided."""
    copy = house.copy(tmp_path / "home")

    def full(*_: object, **__: object) -> None:
        raise TransientError("store_full")

    with monkeypatch.context() as patch:
        patch.setattr(copy.workshop.archive.access, "record", full)
        with pytest.raises(TransientError, match="store_full"):
            READS[name](copy, tmp_path / "to")

    assert not (tmp_path / "to").exists()
    assert list(copy.workshop.vault(CODE).ids("decision")) == []


def test_whose_record_was_shown_is_the_same_everywhere(house: House, tmp_path: Path) -> None:
    """Found by name, exported, looked at page by page: one keyed hash of one person."""
    copy = house.copy(tmp_path / "home")
    READS["search"](copy, tmp_path)
    READS["export"](copy, tmp_path / "to")
    searched, exported = copy.workshop.archive.access.entries(CODE)[-2:]

    assert len(searched.persons) == 1
    assert set(searched.persons) <= set(exported.persons)


def test_a_page_that_is_not_there_is_logged_as_asked_for(house: House, tmp_path: Path) -> None:
    """Trying page after page leaves a trace of misses, which a rule counts."""
    copy = house.copy(tmp_path / "home")

    with pytest.raises(RejectedInput, match="page_not_in_batch"):
        thumbnail(copy.workshop, copy.batch, f"p-{'a' * 26}", READER)

    last = copy.workshop.archive.access.entries(CODE)[-1]
    assert (last.what, last.found, last.who) == ("thumbnail", False, "kim")
