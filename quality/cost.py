"""What a batch has cost: pages, CPU, and the minutes of people."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

# Who pauses longer has done something else meanwhile; a sitting begins with a minute of reading.
LONGEST_PAUSE = 10.0
FIRST_LOOK = 1.0


@dataclass(frozen=True, slots=True)
class StageCost:
    """One stage of the line: units that were measured (pages, documents), CPU seconds, hours."""

    stage: str
    units: int
    cpu_seconds: float
    begun_at: str
    ended_at: str


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that a person did on a batch, and when (UTC, ISO 8601); `work` names its sort."""

    who: str
    work: str
    at: str


@dataclass(frozen=True, slots=True)
class PersonTime:
    """One sort of work: how many people did it, in how many steps, in how many minutes."""

    work: str
    people: int
    steps: int
    minutes: float


@dataclass(frozen=True, slots=True)
class Cost:
    """What a batch has cost so far; `people` is None where the access log could not be read."""

    pages: int
    stages: tuple[StageCost, ...] = ()
    people: tuple[PersonTime, ...] | None = ()

    @property
    def cpu_seconds(self) -> float:
        """CPU seconds of all measured work."""
        return sum(stage.cpu_seconds for stage in self.stages)

    @property
    def cpu_seconds_a_page(self) -> float | None:
        """CPU seconds of a page; None where nothing was measured."""
        measured = [stage for stage in self.stages if stage.units]
        if not measured or not self.pages:
            return None
        read = next((stage for stage in measured if stage.stage == "read"), None)
        others = sum(s.cpu_seconds for s in measured if s is not read) / self.pages
        return others + (read.cpu_seconds / read.units if read else 0.0)

    @property
    def minutes(self) -> float | None:
        """Minutes of all people."""
        return None if self.people is None else sum(one.minutes for one in self.people)

    @property
    def begun_at(self) -> str:
        """When the batch was received; "" where nobody wrote it down."""
        return min((stage.begun_at for stage in self.stages), default="")

    @property
    def hours(self) -> float | None:
        """Hours from its receipt to the end of what was measured."""
        if not self.stages:
            return None
        ended = max(stage.ended_at for stage in self.stages)
        return _minutes_between(self.begun_at, ended) / 60


def stage_costs(pieces: Iterable[StageCost]) -> tuple[StageCost, ...]:
    """Add up the pieces of each stage, in the order in which the stages first come."""
    found: dict[str, list[StageCost]] = {}
    for piece in pieces:
        found.setdefault(piece.stage, []).append(piece)
    return tuple(
        StageCost(
            stage,
            sum(piece.units for piece in own),
            sum(piece.cpu_seconds for piece in own),
            min(piece.begun_at for piece in own),
            max(piece.ended_at for piece in own),
        )
        for stage, own in found.items()
    )


def person_time(moments: Sequence[Moment]) -> tuple[PersonTime, ...]:
    """Estimate people's minutes from the moments at which they did something.

    A step takes as long as it is since the same person's step before; after a longer pause than
    `LONGEST_PAUSE` minutes a new sitting begins, whose first step counts `FIRST_LOOK`. Nobody's
    minutes are told apart: who is slow is no business of a report.
    """
    minutes: dict[str, float] = {}
    steps: dict[str, int] = {}
    people: dict[str, set[str]] = {}
    for who in sorted({moment.who for moment in moments}):
        own = sorted((m for m in moments if m.who == who), key=lambda m: m.at)
        pauses = [_minutes_between(a.at, b.at) for a, b in pairwise(own)]
        for moment, pause in zip(own, [LONGEST_PAUSE + 1, *pauses], strict=True):
            spent = pause if pause <= LONGEST_PAUSE else FIRST_LOOK
            minutes[moment.work] = minutes.get(moment.work, 0.0) + spent
            steps[moment.work] = steps.get(moment.work, 0) + 1
            people.setdefault(moment.work, set()).add(who)
    return tuple(
        PersonTime(work, len(people[work]), steps[work], round(minutes[work], 1))
        for work in sorted(minutes)
    )


def _minutes_between(first: str, second: str) -> float:
    moments = (dt.datetime.fromisoformat(text) for text in (first, second))
    begun, ended = (m if m.tzinfo else m.replace(tzinfo=dt.UTC) for m in moments)
    return (ended - begun).total_seconds() / 60
