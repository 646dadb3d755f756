"""What the batch report says of paper beside EMR: ids, counts and codes, never a value."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ReconciledVisit:
    """One visit by its documents' ids; `codes`: in what it differs, or why it is unsure."""

    paper: tuple[str, ...]
    emr: tuple[str, ...]
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReconciliationSummary:
    """The visits of a batch beside the other side's.

    Attributes:
        agreeing: visits that both sides tell alike; `differing`: those they tell differently.
        conflicts: code → how many visits differ in it.
        apart: code → how many documents are of no visit.
        unread: ids of batches that could not be opened, and so were not compared.
    """

    agreeing: int
    differing: tuple[ReconciledVisit, ...]
    ambiguous: tuple[ReconciledVisit, ...]
    only_paper: tuple[ReconciledVisit, ...]
    only_emr: tuple[ReconciledVisit, ...]
    conflicts: Mapping[str, int] = field(default_factory=dict)
    apart: Mapping[str, int] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
