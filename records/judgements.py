"""What machine and people say of pages and documents: findings, verdicts, decisions."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule applied to one subject; never a value."""

    rule: str
    severity: str  # critical | major | minor
    subject: str
    passed: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """accept | hold | reject, with the rule ids or reason codes that decided."""

    document_id: str
    outcome: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided on a held document; `at` is UTC, `type` the kind it really is."""

    document_id: str
    outcome: str  # accept | reject
    by: str
    reason: str
    type: str | None = None
    at: str = ""


@dataclass(frozen=True, slots=True)
class Release:
    """What a person decided on a whole batch before anything of it was stored; `at` is UTC."""

    batch: str
    outcome: str  # release | send_back
    by: str
    reason: str
    at: str
