"""Services are stopped with everything they started, and nothing else."""

import dataclasses
import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

FILE = Path(__file__).resolve().parents[2] / "infra" / "airflow" / "sessions.py"

# Starts a child in a process group of its own, as Airflow does with tasks, and says its id.
PARENT = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", {child!r}], preexec_fn=lambda: os.setpgid(0, 0))
print(child.pid, flush=True)
{then}
"""
SLEEPS = "import time; time.sleep(600)"
IS_DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"


@pytest.fixture(scope="module")
def sessions() -> ModuleType:
    """The module under test; `infra` is no package."""
    spec = importlib.util.spec_from_file_location("giroksil_sessions", FILE)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def start(sessions: ModuleType, tmp_path: Path) -> Iterator[Callable[[str, str], tuple[Any, int]]]:
    """Start a service that has a child; return the service and the child's process id."""
    services = []

    def start(child: str, then: str) -> tuple[Any, int]:
        log = tmp_path / f"{len(services)}.log"
        script = PARENT.format(child=child, then=then)
        command = [sys.executable, "-c", script]
        services.append(sessions.spawn("parent", command, os.environ, tmp_path, log))
        while not log.read_text().strip():
            time.sleep(0.02)
        return services[-1], int(log.read_text())

    yield start
    sessions.stop(services, patience=0)


def is_alive(pid: int) -> bool:
    try:
        text = Path(f"/proc/{pid}/stat").read_text("utf-8")
    except FileNotFoundError:
        return False
    return text.rpartition(")")[2].split()[0] != "Z"


def test_stop_ends_a_child_in_another_process_group(
    sessions: ModuleType, start: Callable[[str, str], tuple[Any, int]]
) -> None:
    """A child that left its parent's process group is ended too."""
    service, child = start(SLEEPS, SLEEPS)
    assert sessions.is_running(service)
    assert sorted([service.pid, child]) == sorted(sessions.members(service))

    sessions.stop([service], patience=0.2)

    assert not sessions.is_running(service)
    assert not is_alive(child)


def test_stop_ends_an_orphan(
    sessions: ModuleType, start: Callable[[str, str], tuple[Any, int]]
) -> None:
    """A child that outlives the service's leader is found and ended, however deaf it is."""
    service, child = start(IS_DEAF, "sys.exit()")
    while sessions.is_running(service):
        time.sleep(0.02)
    assert is_alive(child)

    sessions.stop([service], patience=0.2)

    assert not is_alive(child)


@pytest.mark.parametrize("stale", [{"started": 1}, {"boot": "another"}])
def test_stop_leaves_strangers_alone(sessions: ModuleType, stale: dict[str, Any]) -> None:
    """A process that now has the id of a service of ours, but is another, goes on."""
    stranger = subprocess.Popen([sys.executable, "-c", SLEEPS], start_new_session=True)
    try:
        stat = Path(f"/proc/{stranger.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        true = sessions.Service("old", stranger.pid, int(stat[19]), boot)
        assert sessions.is_running(true)
        old = dataclasses.replace(true, **stale)

        sessions.stop([old], patience=0)

        assert not sessions.is_running(old)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()
