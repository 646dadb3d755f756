"""A bound on how fast contents are read is kept, whoever reads."""

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from archive import pace
from archive.opening import Archive
from archive.pace import Pace
from archive.verify import verify


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses of a clock that stands still but for them."""
    pauses: list[float] = []
    clock = SimpleNamespace(monotonic=lambda: 100.0, sleep=pauses.append)
    monkeypatch.setattr(pace, "time", clock)
    return pauses


def test_threads_share_one_bound(slept: list[float]) -> None:
    """Eight threads that come at once are let on one after the other, a gap apart."""
    bound = Pace(4)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: bound.wait(), range(8)))

    assert sorted(slept) == pytest.approx([0.25 * turn for turn in range(1, 9)])


def test_verifying_opens_no_faster(filled: Archive, slept: list[float]) -> None:
    """Every object that is opened has waited for its turn; without a bound nothing waits."""
    opened = verify(filled, per_second=10).opened

    assert opened > 1
    assert sorted(slept) == pytest.approx([0.1 * turn for turn in range(1, opened + 1)])
    slept.clear()
    verify(filled)
    assert slept == []
