"""The page of `make bench-quality`: aims, what was found, what it costs."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

SEVERITIES = ("critical", "major", "minor")
AIMS = {"critical": 1.0, "major": 0.95, "minor": 0.95}
MOST_FALSE_HOLDS = 0.01
SUITES_SECONDS, PEAK_MIB, REPORT_SECONDS, REPORT_BYTES = 60, 700, 10, 3_000_000
# Looking back at 60 batches costs so much, however many there are.
MOST_SLOWER, MOST_LARGER = 2.0, 1.05


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

    `facts_mib`: the memory before the suites, which is the program and the batch's documents.
    """

    pages: int
    documents: int
    suites_seconds: float
    report_seconds: float
    report_bytes: int
    data_docs_bytes: int
    peak_mib: float
    facts_mib: float


@dataclass(frozen=True, slots=True)
class Among:
    """The next batch alone and after so many others, and the page over all of them.

    CPU seconds of one core, bytes.
    """

    batches: int
    pages: int
    check_seconds_alone: float
    check_seconds: float
    report_seconds_alone: float
    report_seconds: float
    docs_bytes_alone: int
    docs_bytes: int
    report_bytes_alone: int
    report_bytes: int
    overview_seconds: float
    overview_bytes: int

    @property
    def slower_by(self) -> float:
        """CPU seconds that the batches before it cost the next one: check and report together."""
        alone = self.check_seconds_alone + self.report_seconds_alone
        return self.check_seconds + self.report_seconds - alone


def page_of(
    found: Sequence[Found], holds: Holds, cost: Cost, among: Among, *, trials: int
) -> tuple[str, bool]:
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
        (f"suites, Data Docs and report of a batch after {among.batches:,} others, beside none",
         "≤ 2 s more", f"{among.slower_by:+.1f} s", among.slower_by <= MOST_SLOWER),
        ("its Data Docs, beside none", "≤ 1.05 ×",
         f"{among.docs_bytes / among.docs_bytes_alone:.2f} ×",
         among.docs_bytes <= MOST_LARGER * among.docs_bytes_alone),
        (f"management page over {among.batches:,} batches", "≤ 10 s",
         f"{among.overview_seconds:.1f} s", among.overview_seconds <= REPORT_SECONDS),
        ("its size", "≤ 3 MB", f"{among.overview_bytes / 1e6:.2f} MB",
         among.overview_bytes <= REPORT_BYTES),
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
        f"- of the memory, {cost.facts_mib:.0f} MiB are the program and the batch's documents; its "
        "pages are drawn one by one from a file, whose decoding is in the seconds; "
        f"the Data Docs are {cost.data_docs_bytes / 1e6:.2f} MB",
        "- the report has every section filled: 80 gaps, worst pages, a sample inspected by two, "
        "quality by box and hour, drift beside ten batches, paper beside EMR, 400 failures, cost",
        f"- the next batch is of {among.pages} pages; alone / after the others: suites and Data "
        f"Docs {among.check_seconds_alone:.2f} / {among.check_seconds:.2f} s, "
        f"{among.docs_bytes_alone / 1e3:.0f} / {among.docs_bytes / 1e3:.0f} kB, "
        f"report {among.report_seconds_alone:.2f} / {among.report_seconds:.2f} s, "
        f"{among.report_bytes_alone / 1e3:.0f} / {among.report_bytes / 1e3:.0f} kB",
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
