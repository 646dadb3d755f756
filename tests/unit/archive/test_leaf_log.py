"""The leaves in memory: in order, found by name, cut off at the end."""

import pytest

from archive.ledger.leaf_log import LeafLog, name_of
from records.archived import LedgerLeaf

COUNT = 3_000  # more than two growths of the table


def leaf(number: int, commitment: str = "") -> LedgerLeaf:
    """One of a few kinds and batches."""
    commitment = commitment or f"{number:064x}"
    return LedgerLeaf(f"kind{number % 3}", "01234567", f"b-{number % 7}", f"d-{number}", commitment)


def test_leaves_are_kept_in_order_and_found() -> None:
    """Every leaf comes back as it was and by its name; one that never came is not found."""
    log = LeafLog()
    log.extend(map(leaf, range(COUNT)))

    assert list(log.between(0, COUNT)) == [leaf(number) for number in range(COUNT)]
    assert [log.number_of(name_of(leaf(number))) for number in range(COUNT)] == [*range(COUNT)]
    assert log.number_of(("kind0", "01234567", "d-1")) is None
    with pytest.raises(IndexError):
        log[COUNT]


def test_what_is_cut_off_is_forgotten() -> None:
    """After a cut the log is as if the later leaves had never come."""
    log = LeafLog()
    log.extend(map(leaf, range(COUNT)))
    log.cut(10)
    log.extend([leaf(20), leaf(3, "f" * 64)])

    assert list(log.between(0, 99)) == [*map(leaf, range(10)), leaf(20), leaf(3, "f" * 64)]
    assert log.number_of(name_of(leaf(11))) is None
    assert log.number_of(name_of(leaf(20))) == 10
    assert log.number_of(name_of(leaf(3))) == 3
