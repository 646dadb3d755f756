"""Services that are started into sessions of their own, and stopped without touching a stranger.

Airflow gives every task a process group of its own, and a task outlives a supervisor that dies:
neither a process group nor a parent finds them all. A session does. The kernel does not reuse a
process id as long as it names a session, so a leader that is gone, or still is who it was, vouches
for the session's members.
"""

import contextlib
import dataclasses
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

PROC = Path("/proc")


@dataclasses.dataclass(frozen=True, slots=True)
class Service:
    """One service: its session's leader, known by process id, start time and boot."""

    name: str
    pid: int
    started: int
    boot: str


@dataclasses.dataclass(frozen=True, slots=True)
class _Stat:
    state: str
    session: int
    started: int


def spawn(
    name: str, command: Sequence[str], environment: Mapping[str, str], folder: Path, log: Path
) -> Service:
    """Start a command as the leader of a new session; its output goes to `log`."""
    if log.exists():
        log.replace(log.with_suffix(".previous.log"))
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            env=dict(environment),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    stat = _stat(process.pid)
    return Service(name, process.pid, stat.started if stat else 0, _boot())


def is_running(service: Service) -> bool:
    """Tell whether the service's leader still is the process that was started."""
    stat = _stat(service.pid)
    return bool(
        stat and stat.state != "Z" and stat.started == service.started and service.boot == _boot()
    )


def members(service: Service) -> list[int]:
    """Process ids of everything the service started that is still there, itself included."""
    leader = _stat(service.pid)
    if service.boot != _boot() or (leader and leader.started != service.started):
        return []
    return [
        pid
        for pid, stat in _processes()
        if stat.session == service.pid and stat.started >= service.started and stat.state != "Z"
    ]


def stop(services: Sequence[Service], patience: float) -> None:
    """Ask the leaders to end, then everything they started, then kill what is left.

    `patience` is how many seconds each of the two requests is given.
    """
    _signal([s.pid for s in services if is_running(s)], signal.SIGTERM)
    if _gone(services, patience):
        return
    _signal(_all_members(services), signal.SIGTERM)
    if _gone(services, patience):
        return
    while left := _all_members(services):
        _signal(left, signal.SIGKILL)
        time.sleep(0.05)


def _gone(services: Sequence[Service], patience: float) -> bool:
    end = time.monotonic() + patience
    while _all_members(services):
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def _all_members(services: Sequence[Service]) -> list[int]:
    return [pid for service in services for pid in members(service)]


def _signal(pids: Sequence[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _processes() -> Iterator[tuple[int, _Stat]]:
    for entry in PROC.iterdir():
        if entry.name.isdigit() and (stat := _stat(int(entry.name))):
            yield int(entry.name), stat


def _stat(pid: int) -> _Stat | None:
    try:
        text = (PROC / str(pid) / "stat").read_text("utf-8", "replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The name, in parentheses, may hold anything; fields are counted after its end.
    fields = text.rpartition(")")[2].split()
    return _Stat(fields[0], int(fields[3]), int(fields[19]))


def _boot() -> str:
    return (PROC / "sys/kernel/random/boot_id").read_text("ascii").strip()
