"""The steward's report: one page of HTML that stands by itself, in Korean and English.

It is made of ids, counts and codes. File names are painted over (`display_names`); page images are
only referred to, and are served by the workbench out of the vault.
"""

import collections
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jinja2

from quality.attention import attention
from quality.balance import BalanceSheet
from quality.balance_text import mark, place_text, sum_text
from quality.charts import FLOW_WIDTH, NODE_WIDTH, Flow, flow, histogram
from quality.check import QualityReport
from quality.cost import Cost
from quality.curve_chart import CurveChart, curve_chart
from quality.display_names import display_path
from quality.display_times import display_moment
from quality.drift import DriftView
from quality.page_quality import PageQuality
from quality.reconciliation_section import ReconciliationSummary
from quality.ruleset import SEVERITIES, load_rules
from quality.sampling.view import SamplingView
from quality.sampling.words import OUTCOMES as SAMPLE_OUTCOMES
from quality.sampling.words import STAGES
from quality.trend_chart import trend_chart
from records.judgements import Release
from records.reasons import Reason, load_reasons
from records.taxonomy import load_taxonomy
from records.values import Failure

TEMPLATES = Path(__file__).parent / "templates"
OUTCOMES = ("accepted", "held", "rejected")
# Beyond this a page is no longer read but scrolled; the workbench lists them all.
DOCUMENTS_SHOWN = 300
FILES_SHOWN = 12
THUMBNAILS_SHOWN = 3
WORST_SHOWN = 12
# Handwriting is worth knowing and no fault of a page.
HARMLESS = frozenset({"page_handwriting"})


@dataclass(frozen=True, slots=True)
class ReportDocument:
    """One document as it stands now; `outcome` is accepted | held | rejected.

    `has_pictures`: False for a row of a table.
    """

    id: str
    type: str
    type_confidence: float | None
    outcome: str
    pages: tuple[str, ...]
    reasons: tuple[str, ...] = ()
    has_pictures: bool = True

    @property
    def pictures(self) -> tuple[str, ...]:
        """The pages that can be shown."""
        return self.pages if self.has_pictures else ()


@dataclass(frozen=True, slots=True)
class ReportInput:
    """All that the report is made of: ids, counts and codes.

    Attributes:
        institution: the institution's code; `institution_name` its registered name, if wanted.
        made_at: when the report was made, ISO 8601.
        documents: gone through once.
        source: paper | emr.
        sealed: whether the batch has its seal.
        made_with: versions and settings as they should be shown, name → value.
        ledger_head: size and root of the ledger's signed head, or empty.
        data_docs: link to the Data Docs, relative to the report; empty = none.
        sampling: sampling inspection; None where the batch has no page to look at.
        reconciliation: paper beside EMR; None where the institution has one side only.
        changed: records of an EMR that came in another version before: (document, older one).
        releases: what people decided on the batch as a whole, oldest first; reasons are not shown.
        scanned: by which `team`, with which `device`, `at` what time, as far as it is declared.
        page_quality: the scans by box and hour; None where nothing was scanned.
        drift: beside earlier batches. cost: what it has cost so far.
    """

    batch: str
    institution: str
    made_at: str
    sheet: BalanceSheet
    quality: QualityReport
    documents: Iterable[ReportDocument]
    failures: tuple[Failure, ...]
    hold_below: float
    institution_name: str = ""
    source: str = "paper"
    sealed: bool = False
    made_with: Mapping[str, str] = field(default_factory=dict)
    ledger_head: str = ""
    data_docs: str = ""
    sampling: SamplingView | None = None
    reconciliation: ReconciliationSummary | None = None
    changed: tuple[tuple[str, str], ...] = ()
    scanned: Mapping[str, str] = field(default_factory=dict)
    page_quality: PageQuality | None = None
    drift: DriftView | None = None
    cost: Cost | None = None
    releases: tuple[Release, ...] = ()


def render(report: ReportInput) -> str:
    """Return the report as one self-contained HTML page: no scripts, nothing loaded but images.

    Thumbnails are referred to as `thumbnails/<page id>.webp`, relative to the page.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["number"] = "{:,}".format
    environment.filters["percent"] = lambda share: f"{share:.0%}"
    environment.filters["moment"] = display_moment
    told = _told(report)
    open_pages = _open_pages(report, told)
    return environment.get_template("report.html").render(
        report=report,
        attention=attention(
            report.sheet,
            told.by_outcome,
            len(open_pages),
            report.failures,
            report.sampling,
            report.drift,
            report.page_quality,
        ),
        sheet=report.sheet,
        kinds=_kinds(told.kinds),
        by_outcome=told.by_outcome,
        documents=told.by_outcome.total(),
        flow=_flow(report, told.pages),
        flow_width=FLOW_WIDTH,
        node_width=NODE_WIDTH,
        open_documents=told.open,
        open_total=told.by_outcome.total() - told.by_outcome["accepted"],
        documents_shown=DOCUMENTS_SHOWN,
        open_pages=open_pages,
        bins=histogram(told.scored),
        not_scored=told.by_outcome.total() - len(told.scored),
        failures=_failures(report.failures),
        rules=_rules(report.quality),
        passed=sum(c.checked > 0 and not c.failed for c in report.quality.counts),
        idle=sum(not c.checked for c in report.quality.counts),
        taxonomy=load_taxonomy(),
        reason=_reason,
        severity=_severity,
        mark=mark,
        sum_text=sum_text,
        place_text=place_text,
        thumbnails_shown=THUMBNAILS_SHOWN,
        sampling=report.sampling,
        sampling_stages=STAGES,
        sampling_outcomes=SAMPLE_OUTCOMES,
        chart=_chart(report.sampling),
        worst=_worst_pages(report, told.pictured),
        trends=[(trend, trend_chart(trend)) for trend in report.drift.trends]
        if report.drift
        else [],
        scanned={"team": "", "device": "", "at": ""} | dict(report.scanned),
        **_axes(report.page_quality),
    )


def _axes(found: PageQuality | None) -> dict[str, Any]:
    """Ends of the axes that all boxes and hours are drawn on, so that they can be compared."""
    if found is None:
        return {}
    groups = (*found.boxes, *found.hours)
    ends = {}
    for what in ("confidence", "sharpness"):
        spreads = [s for group in groups if (s := getattr(group, what))]
        low = min((s.low for s in spreads), default=0.0)
        ends[what] = (low, max((s.high for s in spreads), default=1.0))
    return {"ends": ends, "most_faults": max(group.fault_share for group in groups)}


def _chart(sampling: SamplingView | None) -> CurveChart | None:
    if sampling is None:
        return None
    return curve_chart({row.defect_class.id: row.curve for row in sampling.rows})


@dataclass(frozen=True, slots=True)
class _Told:
    """What the report says of documents.

    `kinds`: outcomes by kind; `pages`: pages by outcome; `open`: the gravest of those not accepted.
    Of pages and documents that a finding is about: `pictured`, the document of a page that can be
    shown; `inside`, ids of documents and of pages that are in one.
    """

    kinds: dict[str, collections.Counter[str]]
    by_outcome: collections.Counter[str]
    pages: collections.Counter[str]
    scored: "array[float]"
    open: list[ReportDocument]
    pictured: dict[str, ReportDocument]
    inside: set[str]


def _told(report: ReportInput) -> _Told:
    told = _Told({}, collections.Counter(), collections.Counter(), array("d"), [], {}, set())
    subjects = {finding.subject for finding in report.quality.findings}
    worst: list[ReportDocument] = []
    for document in report.documents:
        told.kinds.setdefault(document.type, collections.Counter())[document.outcome] += 1
        told.by_outcome[document.outcome] += 1
        told.pages[document.outcome] += len(document.pages)
        if document.type_confidence is not None:
            told.scored.append(document.type_confidence)
        if subjects:
            told.inside.update(subjects.intersection((document.id, *document.pages)))
            told.pictured.update((page, document) for page in document.pictures if page in subjects)
        if document.outcome != "accepted":
            worst.append(document)
        if len(worst) > 2 * DOCUMENTS_SHOWN:
            worst = _gravest(worst)
    told.open.extend(_gravest(worst))
    return told


def _worst_pages(report: ReportInput, owned: Mapping[str, ReportDocument]) -> list[dict[str, Any]]:
    """Pages of documents by what failed on them: most critical rules first, then major, minor."""
    rules: dict[str, list[str]] = {}
    for finding in report.quality.findings:
        if finding.subject in owned and finding.rule not in HARMLESS:
            rules.setdefault(finding.subject, []).append(finding.rule)

    def gravity(item: tuple[str, list[str]]) -> tuple[int, ...]:
        counts = collections.Counter(_severity(rule) for rule in item[1])
        return tuple(-counts[severity] for severity in SEVERITIES)

    worst = sorted(rules.items(), key=gravity)[:WORST_SHOWN]
    return [
        {"page": page, "document": owned[page], "rules": sorted(failed, key=_rank)}
        for page, failed in worst
    ]


def _flow(report: ReportInput, pages: Mapping[str, int]) -> Flow:
    classes: collections.Counter[str] = collections.Counter()
    absent = 0
    for line in report.sheet.lines:
        if line.code in {"pages", "rows"}:
            classes.update({part.code: part.count for part in line.parts})
        if line.code == "sheets" and line.left is not None:
            absent = sum(
                max(part.count, 0)
                for part in line.parts
                if part.code in {"named_missing", "unexplained"}
            )
    return flow(
        received=sum(classes.values()),
        absent=absent,
        classes=dict(classes),
        outcomes={outcome: pages.get(outcome, 0) for outcome in OUTCOMES},
    )


def _gravest(documents: Sequence[ReportDocument]) -> list[ReportDocument]:
    """Rejected first, then held; within each the gravest and least sure first."""

    def gravity(document: ReportDocument) -> tuple[int, int, int, float]:
        worst = min((_rank(code) for code in document.reasons), default=len(SEVERITIES))
        confidence = document.type_confidence
        return (
            -OUTCOMES.index(document.outcome),
            worst,
            -len(document.reasons),
            1.0 if confidence is None else confidence,
        )

    return sorted(documents, key=gravity)[:DOCUMENTS_SHOWN]


def _open_pages(report: ReportInput, told: _Told) -> Mapping[str, list[str]]:
    """Pages that a critical rule failed on and that are in no document: page id → rules."""
    inside = told.inside | {report.batch}
    found: dict[str, list[str]] = {}
    for finding in report.quality.findings:
        if finding.severity == "critical" and finding.subject not in inside:
            found.setdefault(finding.subject, []).append(finding.rule)
    return found


def _kinds(counts: Mapping[str, collections.Counter[str]]) -> list[dict[str, Any]]:
    return sorted(
        ({"code": code, "counts": c, "total": c.total()} for code, c in counts.items()),
        key=lambda row: (-row["total"], row["code"]),
    )


def _failures(failures: Sequence[Failure]) -> list[dict[str, Any]]:
    groups: dict[str, list[Failure]] = {}
    for failure in failures:
        groups.setdefault(failure.code, []).append(failure)
    return sorted(
        (
            {
                "code": code,
                "total": len(members),
                "files": [
                    {"name": display_path(m.path or m.subject), "page": m.page}
                    for m in members[:FILES_SHOWN]
                ],
            }
            for code, members in groups.items()
        ),
        key=lambda group: (-group["total"], group["code"]),
    )


def _rules(quality: QualityReport) -> list[dict[str, Any]]:
    rules = load_rules().rules
    counted = [(rules[c.rule], c) for c in quality.counts if c.rule in rules]
    rows = [{"rule": r, "checked": c.checked, "failed": c.failed} for r, c in counted]
    return sorted(rows, key=lambda row: (not row["failed"], _rank(row["rule"].id)))


def _rank(code: str) -> int:
    return SEVERITIES.index(_severity(code))


def _severity(code: str) -> str:
    """Severity of a rule; reasons that are no rules (a person's decision) count as critical."""
    rule = load_rules().rules.get(code)
    return rule.severity if rule else SEVERITIES[0]


def _reason(code: str) -> Reason:
    return load_reasons().get(code, Reason(code, code, code))
