"""The runbook of a lost master key, done to the letter on a small archive, and its commands."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.vault.shares import read_share
from pipeline.command_line import main
from tests.unit.archive.conftest import ONE, fill, open_at

ROOT = Path(__file__).parents[3]
RUNBOOK = ROOT / "docs" / "runbooks" / "master-key-loss.md"
BLOCKS = re.findall(r"```sh\n(.*?)```", RUNBOOK.read_text("utf-8"), re.DOTALL)
PREPARE, REHEARSE, RECOVER, RENEW = range(4)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A folder with an archive in `.giroksil`, and `giroksil` as a program."""
    archive = open_at(tmp_path / ".giroksil")
    fill(archive)
    archive.index.close()
    program = tmp_path / "bin" / "giroksil"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m pipeline "$@"\n')
    program.chmod(0o700)
    return tmp_path


def run(house: Path, script: str) -> str:
    """Run a script in the house's folder, which must end well; what it says."""
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


def test_the_runbook_restores_the_archive(house: Path) -> None:
    """Split, rehearsed, lost, restored from three shares, renewed: every step of the page works."""
    key = house / ".giroksil" / "keys" / "master.key"
    assert len(BLOCKS) == 4
    run(house, BLOCKS[PREPARE])
    rehearsed = run(house, BLOCKS[REHEARSE])
    before = key.read_bytes()
    key.unlink()

    recovered = run(house, BLOCKS[RECOVER] + BLOCKS[RENEW])

    assert "master_key_missing" in rehearsed
    assert rehearsed.count("문제 problems 0") == 1
    assert "open: 4 / 4" in rehearsed
    assert "open: 4 / 4" in recovered
    assert recovered.count("문제 problems 0") == 3
    new = house / ".giroksil" / "keys" / "recovered.key"
    assert new.stat().st_mode & 0o777 == 0o600
    assert before not in (new.read_bytes(), b"")
    assert len(list((house / "new-shares").iterdir())) == 5


@pytest.fixture
def giroksil(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """The command line in the house's folder: what it says, after checking its exit code."""
    monkeypatch.chdir(house)
    for variable in [name for name in os.environ if name.startswith("GIROKSIL_")]:
        monkeypatch.delenv(variable)

    def called(line: str, code: int = 0) -> str:
        assert main(shlex.split(line)) == code
        return "".join(capsys.readouterr())

    return called


ESCROW = "keys escrow --shares 5 --threshold 3 --to shares"
Giroksil = Callable[..., str]


def test_shares_are_private_files_that_do_not_hold_the_key(house: Path, giroksil: Giroksil) -> None:
    """Each share is 0600 in a 0700 folder, of one set, and the key is in none of them."""
    assert ESCROW in BLOCKS[PREPARE]
    giroksil(ESCROW)

    files = sorted((house / "shares").iterdir())
    shares = [read_share(path.read_text("utf-8")) for path in files]
    key = open_at(house / ".giroksil").master
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert (house / "shares").stat().st_mode & 0o777 == 0o700
    assert [(s.number, s.count, s.threshold) for s in shares] == [(n, 5, 3) for n in range(1, 6)]
    assert {share.key_id for share in shares} == {key.key_ids()[0]}
    for path in files:
        assert key.material().hex() not in path.read_bytes().hex()


@pytest.mark.parametrize(
    ("shares", "code"),
    [
        ("1 2", "shares_too_few (3)"),
        ("1 2 2", "share_twice (2)"),
        ("1 2 broken", "share_damaged (share-broken-of-5.txt)"),
        ("1 2 empty", "share_unreadable (share-empty-of-5.txt)"),
        ("1 2 none", "path_missing"),
    ],
)
def test_a_share_that_does_not_fit_is_refused(
    house: Path, giroksil: Giroksil, shares: str, code: str
) -> None:
    """Too few, one twice, one with a wrong character: the command says which, in two languages."""
    giroksil(ESCROW)
    text = (house / "shares" / "share-3-of-5.txt").read_text("utf-8").rstrip()
    wrong = text[:-1] + ("A" if text[-1] != "A" else "B")
    (house / "shares" / "share-broken-of-5.txt").write_text(wrong, "utf-8")
    (house / "shares" / "share-empty-of-5.txt").write_text("", "utf-8")
    names = " ".join(f"shares/share-{name}-of-5.txt" for name in shares.split())

    said = giroksil(f"keys recover {names} --to new.key", code=65)

    assert code in said
    assert re.search("[가-힣]{2}", said)
    assert re.search("[a-z]{4}", said)
    assert not (house / "new.key").exists()


def test_a_key_in_place_is_not_written_over(house: Path, giroksil: Giroksil) -> None:
    """Recovering onto the key in use changes nothing; shares need a folder of their own."""
    giroksil(ESCROW)
    key = house / ".giroksil" / "keys" / "master.key"
    before = key.read_bytes()
    names = " ".join(f"shares/share-{number}-of-5.txt" for number in (1, 2, 3))

    said = giroksil(f"keys recover {names} --to {key}", code=78)
    again = giroksil(ESCROW, code=78)

    assert "master_key_there" in said
    assert "shares_folder_not_empty" in again
    assert key.read_bytes() == before


def test_keys_are_listed_rotated_and_dropped(giroksil: Giroksil) -> None:
    """`list`, `rotate`, `dependents`, `drop` speak JSON that programs can act on."""
    listed = _lines(giroksil("keys list --json"))
    of_one = next(key for key in listed if key["of"] == ONE)
    depending = _lines(giroksil(f"keys dependents {of_one['key_id']} --json"))

    report = _lines(giroksil("keys rotate --json --open-per-second 1000"))[0]

    after = _lines(giroksil("keys list --json"))
    former = next(key for key in after if key["key_id"] == of_one["key_id"])
    assert of_one["wraps"]
    assert of_one["dependents"] == len(depending) > 5
    assert {one["institution"] for one in depending} == {ONE}
    assert report["proven"] == report["opened"] == report["objects"]
    assert report["problems"] == []
    assert (former["wraps"], former["dependents"]) == (False, 0)
    assert "의존하는 것 dependents 0" in giroksil(f"keys dependents {former['key_id']}")
    assert "key_too_young" in giroksil(f"keys drop {former['key_id']}", code=78)
    assert "key_unknown" in giroksil("keys drop 1", code=78)
    assert "in use" in giroksil("keys list")


def test_a_rotation_that_leaves_something_shut_ends_with_1(house: Path, giroksil: Giroksil) -> None:
    """What does not open is named, in two languages, and the exit code says so."""
    store = open_at(house / ".giroksil").store
    key = next(iter(store.list(f"{ONE}/records/document/")))
    store.put(key, b"{}")

    said = giroksil("keys rotate", code=1)

    assert f"✗ document {Path(key).name}" in said
    assert "문제 problems 1" in said


def _lines(said: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in said.splitlines()]
