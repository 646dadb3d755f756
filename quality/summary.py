"""What the pages over many batches need of one: ids, counts and means, kept beside its report."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """How far a batch is."""

    RECEIVED = "received"
    TRIAGED = "triaged"
    CHECKED = "checked"
    UNBALANCED = "unbalanced"
    SEALED = "sealed"


@dataclass(frozen=True, slots=True)
class BatchSummary:
    """One batch as its newest report had it. Counts are None where it is not so far yet.

    Attributes:
        leaves: how many leaves of the ledger speak of it; more of them now: something has changed.
        sheets_open: declared sheets that did not come and that no file explains.
        held_documents: ids, so that decisions made since can be taken off.
        lot: outcome of sampling inspection (open | accepted | rejected), "" where none was drawn.
        scanned, faulty: scanned pages, and those whose scan shows a fault.
        confidence, sharpness: medians over the scanned pages.
        cpu_seconds: of the whole batch, where it was measured; `minutes`: of people.
        held_since: when the wait of the held documents began, as the ledger's heads tell.
        received_at, checked_at, sealed_at: UTC, ISO 8601; "" where nobody wrote it down.
    """

    batch: str
    institution: str
    name: str = ""
    team: str = ""
    device: str = ""
    source: str = "paper"
    stage: str = Stage.RECEIVED
    leaves: int = 0
    files: int = 0
    files_missing: int = 0
    sheets_declared: int | None = None
    sheets_open: int = 0
    undeclared: bool = False
    pages: int | None = None
    documents: int | None = None
    accepted: int | None = None
    rejected: int | None = None
    held_documents: tuple[str, ...] = ()
    held_since: str = ""
    failures: int = 0
    lot: str = ""
    scanned: int = 0
    faulty: int = 0
    confidence: float | None = None
    sharpness: float | None = None
    cpu_seconds: float | None = None
    minutes: float | None = None
    received_at: str = ""
    checked_at: str = ""
    sealed_at: str = ""

    @property
    def sealed(self) -> bool:
        """Whether it has its seal."""
        return self.stage == Stage.SEALED

    @property
    def held(self) -> int | None:
        """Documents that wait for a person."""
        return None if self.documents is None else len(self.held_documents)

    @property
    def held_days(self) -> int | None:
        """For how many days its held documents have waited; None where none is held."""
        if not self.held:
            return None
        if not self.held_since:
            return 0
        return (dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(self.held_since)).days
