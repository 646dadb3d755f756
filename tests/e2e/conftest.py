"""A small delivery, digitized once in peace, for the tests that look at what came of it."""

from pathlib import Path

import pytest

from tests.e2e.house import House
from tests.makers.delivery import make_delivery

SEED = 4711


@pytest.fixture(scope="session")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small delivery with one of each fault."""
    folder = tmp_path_factory.mktemp("delivery") / "box"
    make_delivery(folder, seed=SEED, size="small")
    return folder


@pytest.fixture(scope="session")
def undisturbed(delivery: Path, tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house where the delivery was digitized in peace; not to be changed by a test."""
    house = House(tmp_path_factory.mktemp("undisturbed") / "home")
    sheet = house.digitize(delivery)
    assert sheet["balanced"]
    return house


@pytest.fixture
def copy_of_house(undisturbed: House, tmp_path: Path) -> House:
    """A copy of that house, to be changed."""
    return undisturbed.copied_to(tmp_path / "home")
