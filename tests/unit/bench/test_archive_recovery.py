"""Promises of the measured recovery: it measures only what has come back whole."""

from pathlib import Path

from bench.archive_recovery import measure
from tests.unit.archive.conftest import tmp_path  # noqa: F401  (in memory)


def test_the_second_site_takes_the_first_ones_place(tmp_path: Path) -> None:  # noqa: F811
    """Filled, compared, rotated, drilled, lost and switched: nothing is missing at the end."""
    text, whole = measure(tmp_path, 8)

    assert whole
    assert "problems 0" in text
    assert text.count("| 28 |") == 4  # objects of both institutions
    assert not (tmp_path / "house").exists() or not (tmp_path / "house" / "store").exists()
