"""`make up` and `make down`, for real: what runs, who can reach it, what is left."""

import json
import os
import stat
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = [pytest.mark.airflow, pytest.mark.e2e]

CHECKOUT = Path(__file__).resolve().parents[2]
FIRST_PORT = "18280"


def local(home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run `local.py` in a home of the test's own; told only what concerns it."""
    surroundings = {"GIROKSIL_HOME": str(home), "AIRFLOW__CORE__EXECUTOR": "of another Airflow"}
    return subprocess.run(
        [sys.executable, str(CHECKOUT / "infra" / "airflow" / "local.py"), *arguments],
        env=os.environ | surroundings,
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home whose Airflow runs."""
    home = tmp_path_factory.mktemp("home")
    started = local(home, "start", "--port", FIRST_PORT)
    assert started.returncode == 0, started.stdout + started.stderr
    yield home
    local(home, "stop")


def pids(home: Path) -> list[int]:
    """Process ids of the services and of everything in their sessions."""
    services = json.loads((home / "airflow" / "services.json").read_text())
    leaders = {service["pid"] for service in services}
    return [pid for pid, session, state in processes() if session in leaders and state != "Z"]


def processes() -> Iterator[tuple[int, int, str]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text("utf-8").rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            yield int(entry.name), int(fields[3]), fields[0]


def listening(of: list[int]) -> set[str]:
    """Addresses, as the kernel writes them, that these processes listen on."""
    sockets = set()
    for pid in of:
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            try:
                sockets.add(str(descriptor.readlink()))
            except FileNotFoundError:
                continue
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text("ascii").splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in sockets:
                found.add(fields[1].rpartition(":")[0])
    return found


def test_only_this_machine_can_reach_it(home: Path) -> None:
    """Something listens, and all that listens does so on 127.0.0.1."""
    assert {"0100007F"} == listening(pids(home))


def test_nobody_gets_in_without_a_password(home: Path) -> None:
    """The API refuses a caller without a token, and every user has a password of their own."""
    access = json.loads((home / "airflow" / "access.json").read_text())
    passwords = json.loads((home / "airflow" / "passwords.json").read_text())

    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{access['url']}/api/v2/dags", timeout=10)

    refused.value.close()
    assert refused.value.code == 401
    assert len(passwords) == len(set(passwords.values())) == 4


def test_what_it_keeps_is_private(home: Path) -> None:
    """Nothing of the local Airflow can be read by another user of the machine."""
    kept = [path for path in (home / "airflow").rglob("*") if not path.is_symlink()]
    open_to_others = [path for path in kept if stat.S_IMODE(path.lstat().st_mode) & 0o077]

    assert {"secrets.json", "airflow.cfg", "airflow.db"} <= {path.name for path in kept}
    assert open_to_others == []


def test_starting_again_changes_nothing(home: Path) -> None:
    """`start` where it runs is a no-op: the same processes at the same address."""
    before = (home / "airflow" / "services.json").read_text()
    again = local(home, "start", "--port", FIRST_PORT)

    assert again.returncode == 0, again.stderr
    assert before == (home / "airflow" / "services.json").read_text()
    assert local(home, "status").returncode == 0


def test_a_taken_port_is_passed_over(home: Path, tmp_path: Path) -> None:
    """A second house beside the first finds a port of its own, and stopping it spares the first."""
    try:
        started = local(tmp_path, "start", "--port", FIRST_PORT)
        assert started.returncode == 0, started.stdout + started.stderr
        first = json.loads((home / "airflow" / "access.json").read_text())["url"]
        second = json.loads((tmp_path / "airflow" / "access.json").read_text())["url"]
        theirs = pids(tmp_path)
        assert first != second
        assert theirs
    finally:
        local(tmp_path, "stop")

    assert not {pid for pid, _, state in processes() if state != "Z"} & set(theirs)
    assert local(home, "status").returncode == 0
    assert local(tmp_path, "status").returncode == 3
