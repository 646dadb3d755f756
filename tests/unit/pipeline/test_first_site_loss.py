"""The runbook of a lost first site, done to the letter on a small archive, and restore drills."""

import datetime as dt
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from archive.replica import replicate
from pipeline import recovery
from pipeline.assembly import Workshop
from pipeline.drill import drill
from pipeline.recovery import replicate_archive, restore_drill
from pipeline.upkeep import rebuild_index
from records.errors import IntegrityError, RejectedInput, SetupError
from records.settings import Settings
from tests.damage import flipped
from tests.unit.pipeline.archived import ONE, TWO, archive_documents

ROOT = Path(__file__).parents[3]
RUNBOOK = ROOT / "docs" / "runbooks" / "first-site-loss.md"
BLOCKS = re.findall(r"```sh\n(.*?)```", RUNBOOK.read_text("utf-8"), re.DOTALL)
PREPARE, SWITCH, RENEW = range(3)


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """Two institutions, indexed, and a second site that is still empty."""
    settings = Settings(
        home=str(tmp_path / ".giroksil"),
        replica_url=(tmp_path / "second" / "store").as_uri(),
        master_key=str(tmp_path / "safe" / "master.key"),
    )
    made = Workshop(settings)
    for institution in (ONE, TWO):
        archive_documents(made.archive, institution, 6)
    rebuild_index(made)
    return made


def run(house: Path, script: str) -> str:
    """Run a script in the house's folder, which must end well; what it says."""
    program = house / "bin" / "giroksil"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m pipeline "$@"\n')
    program.chmod(0o700)
    environment = {key: value for key, value in os.environ.items() if "GIROKSIL" not in key}
    environment["PATH"] = f"{house / 'bin'}:{environment['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=house,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_runbook_brings_everything_back(workshop: Workshop, tmp_path: Path) -> None:
    """Copied, lost with house and store, searched again from the second site, copied to a third."""
    (tmp_path / "giroksil.toml").write_text(
        f'replica_url = "{workshop.settings.replica_url}"\nmaster_key = "safe/master.key"\n'
    )
    workshop.archive.index.close()
    content = {key: workshop.archive.store.get(key) for key in workshop.archive.store.list()}
    prepared = run(tmp_path, BLOCKS[PREPARE])
    shutil.rmtree(tmp_path / ".giroksil")

    switched = run(tmp_path, BLOCKS[SWITCH])
    renewed = run(tmp_path, BLOCKS[RENEW])
    found = run(tmp_path, "giroksil search 고혈압3")

    assert len(BLOCKS) == 3
    assert prepared.count("문제 problems 0") == 1
    assert "성공 · Passed" in prepared
    assert "entries 12" in switched
    assert switched.count("문제 problems 0") == 1
    assert renewed.count("문제 problems 0") == 1
    assert found.count("고혈압3") >= 2
    third = tmp_path / "third" / "store"
    left = {key: (third / key).read_bytes() for key in content}
    assert left == content


def test_a_drill_restores_a_sample(workshop: Workshop, tmp_path: Path) -> None:
    """As many objects as asked for come back, open, and agree with ledger, index and first site."""
    replicate_archive(workshop)

    report = drill(workshop, tmp_path / "place", 9)

    assert report.problems == ()
    assert report.there == 26  # 12 originals, 12 documents, 2 batches
    assert report.restored == report.opened == report.compared == 9
    assert report.leaves == 24
    restored = tmp_path / "place" / "store"
    assert sum("records" in path.parts for path in restored.rglob("*") if path.is_file()) == 9


def test_a_drill_restores_a_whole_institution(workshop: Workshop, tmp_path: Path) -> None:
    """Every object of it, even when the first site is gone; of the others nothing."""
    replicate_archive(workshop)
    for key in list(workshop.archive.store.list(f"{ONE}/")):
        workshop.archive.store.delete(key)

    report = drill(workshop, tmp_path / "place", 1, ONE)

    assert report.problems == ()
    assert (report.restored, report.opened, report.documents) == (13, 13, 6)
    assert report.compared == 0
    assert not (tmp_path / "place" / "store" / TWO).exists()


def test_once_a_month_an_institution_is_restored_whole(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Due until one has come back whole: a failure leaves it due, and each month has another."""
    settings = Settings(**{**_plain(workshop), "drill_sample": 2})  # type: ignore[arg-type]
    workshop, today = Workshop(settings), dt.date(2026, 11, 28)
    replicate_archive(workshop)
    monkeypatch.setattr(recovery, "_today", lambda: today)
    second = tmp_path / "second/store"
    damaged = [next((second / code / "records").rglob("f-*")) for code in (ONE, TWO)]
    whole = [record.read_bytes() for record in damaged]
    for record in damaged:
        record.write_bytes(b"?")
    with pytest.raises(IntegrityError, match="drill_failed"):
        restore_drill(workshop, None)
    for record, raw in zip(damaged, whole, strict=True):
        record.write_bytes(raw)

    restored = [restore_drill(workshop, None).counts["restored"] for _ in range(2)]

    assert restored == [13, 2]
    today = dt.date(2026, 12, 5)
    assert restore_drill(workshop, None).counts["restored"] == 13


@pytest.mark.parametrize("what", ["objects", "records", "keys"])
def test_a_drill_finds_damage_of_the_second_site(
    workshop: Workshop, tmp_path: Path, what: str
) -> None:
    """A flipped bit there fails the run; the report says which object; the place is removed."""
    replicate_archive(workshop)
    path = next(
        p for p in sorted((tmp_path / "second/store" / ONE / what).rglob("*")) if p.is_file()
    )
    raw = path.read_bytes()
    path.write_bytes(flipped(raw, -3))

    report = drill(workshop, tmp_path / "place", 1, ONE)
    full = Workshop(Settings(**{**_plain(workshop), "drill_sample": 100}))
    with pytest.raises(IntegrityError, match="drill_failed"):
        restore_drill(full)

    assert report.problems
    text = next((tmp_path / ".giroksil" / "reports" / "drills").iterdir()).read_text("utf-8")
    assert "실패 · FAILED" in text
    assert report.problems[0].subject in text
    assert not list((tmp_path / ".giroksil").glob("drill-*"))


def _plain(workshop: Workshop) -> dict[str, str]:
    settings = workshop.settings
    return {
        "home": settings.home,
        "replica_url": settings.replica_url,
        "master_key": settings.master_key,
    }


def test_a_drill_needs_a_second_site_and_an_empty_place(workshop: Workshop, tmp_path: Path) -> None:
    """Nothing is written over, and what cannot be restored is said to be missing."""
    with pytest.raises(RejectedInput, match="drill_nothing"):
        drill(workshop, tmp_path / "place", 1)
    with pytest.raises(SetupError, match="drill_place_not_empty"):
        drill(workshop, tmp_path, 1)
    alone = Workshop(Settings(home=str(tmp_path / "alone")))
    with pytest.raises(SetupError, match="replica_missing"):
        drill(alone, tmp_path / "place", 1)


def test_the_sites_that_differ_fail_the_night(workshop: Workshop, tmp_path: Path) -> None:
    """The stage tells how many things differ, and its part stays due until they are mended."""
    receipt = replicate_archive(workshop)
    assert receipt.counts["proven"] == receipt.counts["objects"] == 38
    path = next(
        p for p in (tmp_path / ".giroksil/store" / ONE / "objects").rglob("*") if p.is_file()
    )
    raw = path.read_bytes()
    path.write_bytes(flipped(raw))

    for _ in range(2):
        with pytest.raises(IntegrityError, match="replica_incomplete 1"):
            replicate_archive(workshop)
    path.write_bytes(raw)

    assert replicate_archive(workshop).counts["copied"] == 0
    assert replicate(workshop.archive, workshop.require_second_site()).equal
