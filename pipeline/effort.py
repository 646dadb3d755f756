"""What the machine's work costs: processor time and hours of each piece of a stage.

Kept beside the work itself, so that the report can be made again. Who was killed before the end of
a piece has kept nothing of it: the units say how much of the work was measured.
"""

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import dataclass

from intake.sandbox import decoding_seconds
from pipeline.stage_results import Effort
from pipeline.work import WorkArea


@dataclass(frozen=True, slots=True)
class Stopwatch:
    """Started where a piece of work begins."""

    begun_at: str
    cpu_seconds: float

    def effort(self, units: int) -> Effort:
        """What the work since the start has cost; `units`: pages, stacks or documents done."""
        spent = _cpu_seconds() - self.cpu_seconds
        return Effort(units, round(spent, 3), self.begun_at, _now())


def start() -> Stopwatch:
    """Start measuring this process and its decoder."""
    return Stopwatch(_now(), _cpu_seconds())


def efforts(work: WorkArea) -> Iterator[tuple[str, Effort]]:
    """What was measured of a batch so far, with its stage, in the order of the line."""
    triaged = work.triaged() if work.is_triaged() else None
    checked = work.checked() if work.is_checked() else None
    pieces = [
        ("register", ("",)),
        ("triage", ("",)),
        ("read", triaged.read if triaged else ()),
        ("assemble", triaged.assemble if triaged else ()),
        ("check", ("",)),
        ("store", checked.store if checked else ()),
        ("index", ("",)),
        ("seal", ("",)),
    ]
    for stage, names in pieces:
        for name in names:
            if effort := work.effort(stage, name):
                yield stage, effort


def _cpu_seconds() -> float:
    return time.process_time() + decoding_seconds()


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
