"""The page of `make bench-quality`: aims, what was found, what it costs."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

SEVERITIES = ("critical", "major", "minor")
AIMS = {"critical": 1.0, "major": 0.95, "minor": 0.95}
MOST_FALSE_HOLDS = 0.01
SUITES_SECONDS, PEAK_MIB, REPORT_SECONDS, REPORT_BYTES = 60, 700, 10, 3_000_000


@dataclass(frozen=True, slots=True)
class Found:
    """One kind of defect: seeded, found by a rule or the balance, kept from being stored; by what.

    `held`: documents not accepted, or batches that cannot be sealed.
    """

    name: str
    severity: str
    seeded: int
    found: int
    held: int
    by: str


@dataclass(frozen=True, slots=True)
class Holds:
    """Clean batches: how many documents, how many of them were not accepted, findings by rule."""

    batches: int
    documents: int
    held: int
    findings: tuple[tuple[str, int], ...]

    @property
    def share(self) -> float:
        """Share of documents held without cause."""
        return self.held / self.documents


@dataclass(frozen=True, slots=True)
class Cost:
    """One large batch: CPU seconds of one core, bytes, and the process's memory at its highest.

    `facts_mib`: the memory before the suites, which is the batch's pages and documents themselves.
    """

    pages: int
    documents: int
    suites_seconds: float
    report_seconds: float
    report_bytes: int
    data_docs_bytes: int
    peak_mib: float
    facts_mib: float


def page_of(found: Sequence[Found], holds: Holds, cost: Cost, *, trials: int) -> tuple[str, bool]:
    """The page, and whether every aim is met."""
    shares = {severity: _share(found, severity) for severity in SEVERITIES}
    rows = [
        (f"{severity} defects found", f"{'all' if AIMS[severity] == 1 else '≥ 95 %'}",
         f"{share:.1%} of {count:,}", share >= AIMS[severity])
        for severity, (share, count) in shares.items()
    ]  # fmt: skip
    rows += [
        (f"documents of {holds.batches} clean batches held", "≤ 1 %",
         f"{holds.share:.2%} of {holds.documents:,}", holds.share <= MOST_FALSE_HOLDS),
        (f"suites and Data Docs over {cost.pages:,} pages, {cost.documents:,} documents", "≤ 60 s",
         f"{cost.suites_seconds:.1f} s", cost.suites_seconds <= SUITES_SECONDS),
        ("their memory, facts included", "≤ 700 MiB", f"{cost.peak_mib:.0f} MiB",
         cost.peak_mib <= PEAK_MIB),
        ("report", "≤ 10 s", f"{cost.report_seconds:.1f} s",
         cost.report_seconds <= REPORT_SECONDS),
        ("report's size", "≤ 3 MB", f"{cost.report_bytes / 1e6:.2f} MB",
         cost.report_bytes <= REPORT_BYTES),
    ]  # fmt: skip
    lines = [
        "# Quality",
        "",
        f"`make bench-quality`: {len(found)} kinds of defects, each seeded {trials} times into "
        "batches of made documents, one clinic's, of all 17 issuable kinds.",
        "The batches are facts (the truth of made pages, with confidences as a good scan has "
        "them): measured are the rules and the balance, not the reading.",
        f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f} at the end; "
        "seconds are of one core's CPU.",
        "",
        "| what | aim | measured | |",
        "| --- | --- | --- | --- |",
        *(f"| {name} | {aim} | {value} | {'✓' if ok else '✗'} |" for name, aim, value, ok in rows),
        "",
        "| defect | severity | found | kept back | by |",
        "| --- | --- | --- | --- | --- |",
        *(
            f"| {one.name} | {one.severity} | {one.found}/{one.seeded} | {one.held}/{one.seeded} "
            f"| {f'`{one.by}`' if one.by else '–'} |"
            for one in sorted(found, key=lambda one: SEVERITIES.index(one.severity))
        ),
        "",
        "- kept back: the document was held or rejected, or the batch cannot be sealed; a single "
        "major or minor finding keeps nothing back, it stays on record (ADR 5)",
        f"- findings of any severity on the clean batches: {_findings(holds)}",
        f"- of the memory, {cost.facts_mib:.0f} MiB are the batch's own pages and documents; "
        f"the Data Docs are {cost.data_docs_bytes / 1e6:.2f} MB",
        "",
    ]
    return "\n".join(lines), all(ok for *_, ok in rows)


def _share(found: Sequence[Found], severity: str) -> tuple[float, int]:
    own = [one for one in found if one.severity == severity]
    seeded = sum(one.seeded for one in own)
    return sum(one.found for one in own) / seeded, seeded


def _findings(holds: Holds) -> str:
    if not holds.findings:
        return "none"
    return ", ".join(f"`{rule}` {count}" for rule, count in holds.findings)
