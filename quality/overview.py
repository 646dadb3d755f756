"""All batches together, for who answers for the line: open ones, quality, cost, completeness.

It is made of the summaries that lie beside the reports, so that a thousand batches cost a thousand
small files, and holds nothing of a patient.
"""

import datetime as dt
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from quality.sampling.lot_result import ACCEPTED, REJECTED
from quality.summary import BatchSummary

# Days that held documents have waited: up to 1, 7, 30, more; None: nobody wrote it down.
AGES = (1, 7, 30)
WEEKS_SHOWN = 26


@dataclass(frozen=True, slots=True)
class OpenBatch:
    """A batch without its seal, or with held documents; days since it came and was judged."""

    summary: BatchSummary
    days: float | None
    changed: bool


@dataclass(frozen=True, slots=True)
class Ward:
    """What many batches have in common: an institution's, or a scanning team's.

    `minutes_of`: pages of the batches in which people's minutes were counted; `cpu_of` likewise.
    """

    code: str
    name: str
    batches: int
    open: int
    pages: int
    documents: int
    accepted: int
    held: int
    rejected: int
    lots_accepted: int
    lots_rejected: int
    scanned: int
    faulty: int
    confidence: float | None
    sharpness: float | None
    cpu_seconds: float
    cpu_of: int
    minutes: float
    minutes_of: int
    sheets_open: int
    files_missing: int
    undeclared: int
    failures: int

    @property
    def acceptance(self) -> float | None:
        """Share of its judged documents that were accepted."""
        return self.accepted / self.documents if self.documents else None

    @property
    def fault_share(self) -> float | None:
        """Share of its scanned pages whose scan shows a fault."""
        return self.faulty / self.scanned if self.scanned else None

    @property
    def cpu_a_page(self) -> float | None:
        """CPU seconds a page, where they were measured."""
        return self.cpu_seconds / self.cpu_of if self.cpu_of else None

    @property
    def minutes_a_thousand(self) -> float | None:
        """Minutes of people for a thousand pages, where they were counted."""
        return 1000 * self.minutes / self.minutes_of if self.minutes_of else None

    @property
    def complete(self) -> bool:
        """Whether nothing that was declared is known to be missing."""
        return not (self.sheets_open or self.files_missing or self.undeclared)


@dataclass(frozen=True, slots=True)
class Week:
    """Pages of one week by the day on which their batch was judged; `begins` is its Monday."""

    begins: dt.date
    pages: int
    batches: int


@dataclass(frozen=True, slots=True)
class Overview:
    """All batches of the institutions that open.

    Attributes:
        held_by_age: documents that wait, by the ages of `AGES`, then older ones.
        held_undated: those of batches of which nobody wrote down when they were judged.
        changed: batches of which the ledger knows more than their report.
        shut: institutions whose keys do not open.
    """

    made_at: str
    total: Ward
    open: tuple[OpenBatch, ...]
    institutions: tuple[Ward, ...]
    teams: tuple[Ward, ...]
    held_by_age: tuple[int, ...]
    held_undated: int
    weeks: tuple[Week, ...]
    lots_rejected: tuple[BatchSummary, ...]
    changed: int
    shut: int


def overview(
    summaries: Sequence[BatchSummary],
    now: dt.datetime,
    changed: frozenset[str] = frozenset(),
    shut: int = 0,
) -> Overview:
    """Put the summaries of all batches together; `changed`: batches that their summary lags."""
    waiting = [s for s in summaries if not s.sealed or s.held]
    ages = [_days(s.checked_at, now) for s in summaries for _ in s.held_documents]
    return Overview(
        made_at=now.isoformat(timespec="seconds"),
        total=_ward("", summaries),
        open=tuple(
            sorted(
                (OpenBatch(s, _days(s.received_at, now), s.batch in changed) for s in waiting),
                key=lambda one: (-(one.days or 0.0), one.summary.batch),
            )
        ),
        institutions=_by(summaries, lambda s: s.institution),
        teams=_by([s for s in summaries if s.source == "paper"], lambda s: s.team),
        held_by_age=_by_age([age for age in ages if age is not None]),
        held_undated=ages.count(None),
        weeks=_weeks(summaries, now),
        lots_rejected=tuple(s for s in summaries if s.lot == REJECTED),
        changed=len(changed),
        shut=shut,
    )


def _by(summaries: Iterable[BatchSummary], key: Callable[[BatchSummary], str]) -> tuple[Ward, ...]:
    members: dict[str, list[BatchSummary]] = {}
    for summary in summaries:
        members.setdefault(key(summary), []).append(summary)
    return tuple(_ward(code, own) for code, own in sorted(members.items()))


def _ward(code: str, own: Sequence[BatchSummary]) -> Ward:
    measured = [s for s in own if s.cpu_seconds is not None and s.pages]
    counted = [s for s in own if s.minutes is not None and s.pages and s.documents is not None]
    return Ward(
        code=code,
        name=next((s.name for s in own if s.name), ""),
        batches=len(own),
        open=sum(not s.sealed for s in own),
        pages=sum(s.pages or 0 for s in own),
        documents=sum(s.documents or 0 for s in own),
        accepted=sum(s.accepted or 0 for s in own),
        held=sum(s.held or 0 for s in own),
        rejected=sum(s.rejected or 0 for s in own),
        lots_accepted=sum(s.lot == ACCEPTED for s in own),
        lots_rejected=sum(s.lot == REJECTED for s in own),
        scanned=sum(s.scanned for s in own),
        faulty=sum(s.faulty for s in own),
        confidence=_weighted((s.confidence, s.scanned) for s in own),
        sharpness=_weighted((s.sharpness, s.scanned) for s in own),
        cpu_seconds=sum(s.cpu_seconds or 0.0 for s in measured),
        cpu_of=sum(s.pages or 0 for s in measured),
        minutes=sum(s.minutes or 0.0 for s in counted),
        minutes_of=sum(s.pages or 0 for s in counted),
        sheets_open=sum(s.sheets_open for s in own),
        files_missing=sum(s.files_missing for s in own),
        undeclared=sum(s.undeclared for s in own),
        failures=sum(s.failures for s in own),
    )


def _weighted(values: Iterable[tuple[float | None, int]]) -> float | None:
    known = [(value, weight) for value, weight in values if value is not None and weight]
    if not known:
        return None
    return statistics.fmean([v for v, _ in known], [w for _, w in known])


def _by_age(ages: Sequence[float]) -> tuple[int, ...]:
    places = Counter(sum(age > limit for limit in AGES) for age in ages)
    return tuple(places[place] for place in range(len(AGES) + 1))


def _weeks(summaries: Iterable[BatchSummary], now: dt.datetime) -> tuple[Week, ...]:
    """The last weeks, the empty ones too, from the first in which anything was judged."""
    pages: Counter[dt.date] = Counter()
    batches: Counter[dt.date] = Counter()
    for summary in summaries:
        if summary.checked_at:
            monday = _monday(dt.datetime.fromisoformat(summary.checked_at).date())
            pages[monday] += summary.pages or 0
            batches[monday] += 1
    if not pages:
        return ()
    last = _monday(now.date())
    first = max(min(pages), last - dt.timedelta(weeks=WEEKS_SHOWN - 1))
    count = (last - first).days // 7 + 1
    mondays = [first + dt.timedelta(weeks=n) for n in range(count)]
    return tuple(Week(monday, pages[monday], batches[monday]) for monday in mondays)


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def _days(moment: str, now: dt.datetime) -> float | None:
    if not moment:
        return None
    return max(0.0, (now - dt.datetime.fromisoformat(moment)).total_seconds() / 86_400)
