"""What comparing paper and EMR found: values of patients stand in it, so it stays in the vault."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Told:
    """What one side says, and the document that says it; `value` is "" where it says nothing."""

    value: str
    document: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Where the two sides of a visit differ; both values stand, neither is chosen.

    `what` is a code (`name`, `date`, `drug_dose`, …); `item` names the drug or test it is about.
    """

    what: str
    paper: Told
    emr: Told
    item: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """One visit that both sides tell of: ids of its documents, and what joined them.

    `evidence`: codes such as `patient.chart_no`, `day.same`. `agreements`: codes of what both tell
    alike.
    """

    paper: tuple[str, ...]
    emr: tuple[str, ...]
    evidence: tuple[str, ...]
    agreements: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Visits that may be the same, for a person to tell; `why` is a code.

    Each inner tuple of `paper` and `emr` is one visit's documents. One side is empty where the
    visit that these may be part of is matched already.
    """

    paper: tuple[tuple[str, ...], ...]
    emr: tuple[tuple[str, ...], ...]
    why: str


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Every document stands in exactly one place: matched, ambiguous, only here, or apart.

    `apart`: document → why it is no part of a visit (`no_visit`, `no_patient`, `no_day`).
    """

    matches: tuple[Match, ...] = ()
    ambiguous: tuple[Ambiguous, ...] = ()
    only_paper: tuple[tuple[str, ...], ...] = ()
    only_emr: tuple[tuple[str, ...], ...] = ()
    apart: Mapping[str, str] = field(default_factory=dict)
