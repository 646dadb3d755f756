"""The inside of a reader's process: files come in by its first line, one answer a page goes out.

The process leads a group of its own and ends the whole group when its parent goes away, so that a
killed measurement leaves nothing running. Only the standard library is loaded here, so that a
peer's memory is the peer's.
"""

import json
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

WORKERS = 2
FRONT = "-front"  # ends the name of the file that holds the other side of a page's sheet
Answer = dict[str, Any]
"""A page's `place` in the list of files, its `text`, and where it could not be read, `failure`.

Ours has `rotation`, `flags` and `words` (text, box, confidence) besides.
"""

_PARENT, _USER, _SYSTEM, _CHILDREN_USER, _CHILDREN_SYSTEM = 1, 11, 12, 13, 14
_TICKS = os.sysconf("SC_CLK_TCK")


def serve(read: Callable[[Sequence[str]], Iterator[Answer]]) -> None:
    """Read the files that the first line of standard input lists; print an answer for each page.

    Each answer is told with the CPU seconds that this process and all it started have used, and
    the largest memory of a process so far. The last line tells wall seconds and the final figures.
    """
    files = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    begun = time.monotonic()
    for answer in read(files):
        cpu, peak = _used()
        seconds = time.monotonic() - begun
        print(json.dumps(answer | {"cpu": cpu, "peak": peak, "seconds": seconds}), flush=True)
    # Children that have ended are in the kernel's own account.
    peak = max(peak, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
    print(json.dumps({"end": True, "cpu": cpu, "peak": peak, "seconds": seconds}), flush=True)


def read_by_program(read: Callable[[str], Answer], files: Sequence[str]) -> Iterator[Answer]:
    """Read files by programs, `WORKERS` at a time; answers come as they are ready."""
    with ThreadPoolExecutor(WORKERS) as pool:
        places = {pool.submit(read, file): place for place, file in enumerate(files)}
        for done in as_completed(places):
            yield done.result() | {"place": places[done]}


def _end_with_parent() -> None:
    # Not sys.stdin.read(): its lock, held by a daemon thread, would spoil a clean exit.
    while os.read(0, 1024):
        pass
    os.killpg(os.getpgid(0), signal.SIGKILL)


def _used() -> tuple[float, int]:
    """Return CPU seconds of this process and all below it, and the largest peak of a living one."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            fields = _stat(folder)
            if fields:
                process = int(folder.name)
                parents[process] = int(fields[_PARENT])
                ticks[process] = sum(
                    int(fields[place])
                    for place in (_USER, _SYSTEM, _CHILDREN_USER, _CHILDREN_SYSTEM)
                )
    own = {process for process in parents if _is_below(process, os.getpid(), parents)}
    return sum(ticks[one] for one in own) / _TICKS, max(_peak(one) for one in own)


def _is_below(process: int, top: int, parents: dict[int, int]) -> bool:
    while process in parents and process != top:
        process = parents[process]
    return process == top


def _stat(folder: Path) -> list[str]:
    """Return the fields after the program's name, which may hold spaces; none where it is gone."""
    try:
        return (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return []


def _peak(process: int) -> int:
    """Return the largest resident memory that a living process has had, in bytes."""
    try:
        status = Path(f"/proc/{process}/status").read_text("utf-8", "replace")
    except OSError:
        return 0
    sizes = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(sizes[0]) * 1024 if sizes else 0
