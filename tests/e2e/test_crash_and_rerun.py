"""Killed anywhere and run again, or run twice, the line ends in the same state."""

import random
import shutil
import time
from pathlib import Path

from tests.e2e.house import House, kill_group

SEED = 1905
KILLS = 10


def test_second_run_writes_nothing(undisturbed: House, delivery: Path) -> None:
    """Digitized twice, no object, leaf or index entry is written: every byte stays as it is."""
    before = undisturbed.files()
    undisturbed.digitize(delivery)
    assert undisturbed.files() == before


def test_killed_at_ten_points(undisturbed: House, delivery: Path, tmp_path: Path) -> None:
    """Killed ten times on the way, the rerun ends with the same objects, leaves and entries."""
    house = House(tmp_path / "home")
    _same_keys(undisturbed, house)
    total = len(undisturbed.files())
    points = sorted(random.Random(SEED).sample(range(1, total), KILLS))
    for point in points:
        _kill_when(house, delivery, files=point)
    sheet = house.digitize(delivery)
    assert sheet["balanced"]
    assert house.contents() == undisturbed.contents()
    status, out, _ = house.run("verify")
    assert status == 0, out


def test_flipped_byte_is_named(undisturbed: House, tmp_path: Path) -> None:
    """One flipped byte in an object, a ledger file or the index: verify names it and fails."""
    dice = random.Random(SEED)
    for place in ("store/ledger", "store", "index"):
        house = undisturbed.copied_to(tmp_path / place.replace("/", "-"))
        file = dice.choice([name for name in house.files() if name.startswith(place)])
        raw = bytearray((house.home / file).read_bytes())
        raw[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
        (house.home / file).write_bytes(raw)
        status, out, _ = house.run("verify", "--json")
        assert status != 0, (file, out)


def _same_keys(source: House, target: House) -> None:
    """Give a new house the keys of another: commitments, and so leaves, can be compared."""
    keys = [f for f in source.home.rglob("*") if f.is_file() and "keys" in f.parts]
    for file in keys:
        copy = target.home / file.relative_to(source.home)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, copy)


def _kill_when(house: House, delivery: Path, files: int) -> None:
    """Start digitizing and kill it as soon as the store holds so many files."""
    process = house.start("digitize", "--here", "--json", str(delivery))
    store = house.home / "store"
    while process.poll() is None and sum(f.is_file() for f in store.rglob("*")) < files:
        time.sleep(0.01)
    kill_group(process)
