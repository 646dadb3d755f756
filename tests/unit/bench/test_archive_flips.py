"""Promises of the flipped bits: no file is left out, and none is passed over."""

from pathlib import Path

import pytest

from archive.verify import VerifyReport
from bench.archive_flips import flip, render
from tests.unit.archive.conftest import tmp_path  # noqa: F401  (in memory)


def test_a_bit_in_each_file_is_found_or_harmless(tmp_path: Path) -> None:  # noqa: F811
    """Every kind of file has its turn, tombstones, index and master key too; none is missed."""
    found, missed, files = flip(tmp_path, 100)

    assert missed == []
    assert files <= 100
    assert sum(sum(one.values()) for one in found.values()) == 100
    assert found.keys() == {
        "ciphertext", "hash renewal", "index", "ledger", "master key", "record or tombstone",
        "secret", "stamp", "tombstone's copy",
    }  # fmt: skip
    assert "missed: 0" in render(found, missed, files, 1.0)


def test_a_flip_that_nobody_sees_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """Where verification is blind, the measurement says so: it can fail."""
    monkeypatch.setattr("bench.archive_flips.verify", lambda _: VerifyReport(0, 0, ()))

    _, missed, _ = flip(tmp_path, 12)

    assert missed
