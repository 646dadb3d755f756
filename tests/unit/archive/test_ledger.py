"""Promises of the ledger: each leaf once, nothing lost among appenders, heads signed."""

import datetime as dt
from pathlib import Path

import pytest

from archive.ledger import segments
from archive.ledger.heads import head_key
from archive.ledger.merkle import MerkleTree
from archive.opening import Archive
from records.archived import LedgerLeaf
from records.codec import encode
from records.errors import IntegrityError, RejectedInput

from .conftest import ONE, an_id, in_processes, open_at


def leaves(start: int, end: int) -> list[LedgerLeaf]:
    return [
        LedgerLeaf("document", ONE, an_id("b"), an_id("d", number), f"{number:064x}")
        for number in range(start, end)
    ]


def test_a_leaf_stands_once(opened: Archive, tmp_path: Path) -> None:
    """Leaves that are there, or twice in one call, are not added again; order is kept."""
    ledger = opened.ledger

    assert ledger.append(leaves(0, 3)) == 3
    assert ledger.append(leaves(0, 3)) == 0
    assert ledger.append([*leaves(1, 5), *leaves(3, 5)]) == 2
    assert ledger.append([]) == 0

    assert list(ledger.leaves()) == leaves(0, 5)
    assert list(open_at(tmp_path).ledger.leaves()) == leaves(0, 5)
    assert list(opened.store.list("ledger/")) == [
        "ledger/segments/00000000",
        "ledger/segments/00000001",
    ]


def test_a_leaf_is_never_another(opened: Archive) -> None:
    """The same name with another commitment is refused, and nothing of the call is added."""
    opened.ledger.append(leaves(0, 1))
    other = LedgerLeaf("document", ONE, an_id("b"), an_id("d", 0), "f" * 64)

    with pytest.raises(IntegrityError, match="leaf_differs"):
        opened.ledger.append([*leaves(1, 2), other])
    assert list(opened.ledger.leaves()) == leaves(0, 1)


def test_a_leaf_names_an_object(opened: Archive) -> None:
    """A leaf that could be no object's is refused, and the ledger goes on as before."""
    with pytest.raises(RejectedInput, match="object_id_invalid"):
        opened.ledger.append([*leaves(0, 2), LedgerLeaf("document", ONE, "", "김가상", "0" * 64)])

    assert opened.ledger.append(leaves(0, 2)) == 2


def test_the_root_is_that_of_the_leaves(opened: Archive) -> None:
    """What is signed is RFC 6962 over the leaves' canonical JSON."""
    tree = MerkleTree()
    for leaf in leaves(0, 7):
        tree.append(encode(leaf))
    opened.ledger.append(leaves(0, 3))
    opened.ledger.append(leaves(3, 7))

    head = opened.ledger.sign_head()

    assert (head.size, head.root) == (7, tree.root(7).hex())
    assert opened.ledger.root(3) == tree.root(3)


def test_large_appends_are_cut(opened: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """No segment holds more than its share."""
    monkeypatch.setattr("archive.ledger.ledger.MAX_LEAVES", 4)

    assert opened.ledger.append(leaves(0, 10)) == 10
    assert list(opened.ledger.leaves()) == leaves(0, 10)
    assert len(list(opened.store.list(segments.PREFIX))) == 3


def test_appenders_at_once_lose_nothing(tmp_path: Path) -> None:
    """Five processes append overlapping leaves: each leaf once, and the counts add up."""
    open_at(tmp_path)

    def append(number: int) -> str:
        ledger = open_at(tmp_path).ledger
        counts = [ledger.append(leaves(at, at + 6)) for at in range(number, number + 40, 3)]
        return str(sum(counts))

    added = in_processes(5, append)

    there = list(open_at(tmp_path).ledger.leaves())
    assert sum(map(int, added)) == len(there)
    assert sorted(there, key=encode) == sorted(leaves(0, 49), key=encode)


def test_one_ledger_follows_another(opened: Archive, tmp_path: Path) -> None:
    """Two open ledgers see each other's leaves."""
    other = open_at(tmp_path).ledger
    opened.ledger.append(leaves(0, 2))
    other.append(leaves(2, 4))

    assert list(opened.ledger.leaves()) == leaves(0, 4)
    assert opened.ledger.append(leaves(0, 4)) == 0


def test_a_size_is_signed_once(opened: Archive, tmp_path: Path) -> None:
    """Signing again what is signed writes nothing; a new size has its own head."""
    opened.ledger.append(leaves(0, 2))
    first = opened.ledger.sign_head()

    assert open_at(tmp_path).ledger.sign_head() == first
    opened.ledger.append(leaves(2, 3))
    second = opened.ledger.sign_head()

    assert opened.ledger.newest_head() == second
    assert list(opened.store.list("ledger/heads/")) == [head_key(2), head_key(3)]


def test_a_damaged_segment_stops_the_ledger(opened: Archive, tmp_path: Path) -> None:
    """Nothing is appended after a segment that is not what was written."""
    opened.ledger.append(leaves(0, 2))
    key = "ledger/segments/00000000"
    raw = opened.store.get(key) or b""
    opened.store.put(key, raw.replace(b'"document"', b'"original"', 1))

    with pytest.raises(IntegrityError, match="segment_damaged ledger/segments/00000000"):
        open_at(tmp_path).ledger.append(leaves(2, 3))


def test_no_head_is_older_than_the_one_before(
    opened: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock is set back by a day: heads signed now keep the time of the one before."""
    opened.ledger.append(leaves(0, 2))
    before = opened.ledger.sign_head()
    true = dt.datetime

    class SetBack(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> "dt.datetime":
            return true.now(tz) - dt.timedelta(days=1)

    monkeypatch.setattr("archive.ledger.heads.dt.datetime", SetBack)
    opened.ledger.append(leaves(2, 3))
    elsewhere = open_at(tmp_path).ledger

    assert opened.ledger.sign_head().time == before.time
    elsewhere.append(leaves(3, 4))
    assert elsewhere.sign_head().time == before.time
