"""The batch report on disk: ids, counts, codes; no patient data."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from intake.delivery import WARNINGS
from pipeline.assembly import Workshop
from pipeline.costs import cost_of
from pipeline.counting import balance_of
from pipeline.history import history_of
from pipeline.judging import DATA_DOCS, judge
from pipeline.outcomes import OUTCOMES, Outcomes
from pipeline.page_quality import page_scanner
from pipeline.reconciling import reconcile_batch, summary
from pipeline.releases import releases_of
from pipeline.sampling import inspection_of
from pipeline.separate_duties import scanning_team
from pipeline.summaries import begun_summary, keep_summary
from pipeline.work import WorkArea
from quality.balance import BalanceSheet
from quality.check import QualityReport
from quality.drift import drift_view
from quality.page_quality import ScannedPage, page_quality
from quality.report import ReportDocument, ReportInput, render
from quality.sampling.inspection_rules import load_inspection_rules
from quality.sampling.lot_result import Judgement
from quality.sampling.view import SamplingView, view_before_draw, view_of_sample
from quality.summary import Stage
from records.values import Delivery, Failure


def report_path(workshop: Workshop, batch: str) -> Path:
    """Where a batch's report lies."""
    return workshop.settings.reports / batch / "report.html"


def make_report(workshop: Workshop, batch: str) -> BalanceSheet:
    """Count a batch from the stores and write its report and its Data Docs anew."""
    sheet = balance_of(workshop, batch)
    judge(workshop, Outcomes(workshop.work(batch)))
    write_report(workshop, workshop.work(batch), sheet)
    return sheet


def refresh_report(workshop: Workshop, batch: str) -> None:
    """Write the report of a judged batch anew, without judging it again."""
    write_report(workshop, workshop.work(batch), balance_of(workshop, batch))


def write_report(workshop: Workshop, work: WorkArea, sheet: BalanceSheet) -> None:
    """Write the batch's report, replacing an older one in one step."""
    batch, triaged, outcomes = work.batch, work.triaged(), Outcomes(work)
    path, data_docs = report_path(workshop, batch.id), f"{DATA_DOCS}/index.html"
    seals = [
        x for x in workshop.archive.ledger.leaves() if x.kind == "seal" and x.batch == batch.id
    ]
    pages = _look_through(outcomes)
    sampling = _sampling(workshop, batch.id, pages.read)
    report = _report(outcomes)
    quality_of_pages = page_quality(pages.scanned)
    cost = cost_of(workshop, work, outcomes, _judgements(workshop, batch.id))
    failures = (*batch.failures, *triaged.failures, *pages.failures)
    reconciled = reconcile_batch(work)
    html = render(
        ReportInput(
            batch=batch.id,
            institution=batch.delivery.institution.code,
            institution_name=batch.delivery.institution.name,
            made_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            sheet=sheet,
            quality=report,
            documents=_documents(outcomes),
            failures=failures,
            hold_below=work.plan.hold_below,
            source=batch.delivery.source,
            sealed=bool(seals) and sheet.balanced,
            made_with={
                "엔진 engine": ", ".join(sorted(pages.engines)),
                "언어 languages": work.plan.languages,
                "판독 reading": ", ".join(sorted(pages.settings)),
                "분류 classifying": f"{work.plan.classifying} {work.plan.model[:16]}".strip(),
            },
            ledger_head=_head_line(workshop),
            reconciliation=summary(reconciled) if reconciled else None,
            data_docs=data_docs if (path.parent / data_docs).is_file() else "",
            changed=tuple(
                (document.id, document.replaces)
                for stack in outcomes.each_outline()
                for document in stack.documents
                if document.replaces
            ),
            sampling=sampling,
            scanned=scanned_by(batch.delivery),
            page_quality=quality_of_pages,
            drift=drift_view(report.profile, history_of(workshop, work))
            if report.profile
            else None,
            cost=cost,
            releases=releases_of(workshop, work),
        )
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(html, "utf-8")
    new.replace(path)
    whole = quality_of_pages.all if quality_of_pages else None
    sealed = work.effort("seal")
    begun = begun_summary(work)
    keep_summary(
        workshop,
        replace(
            begun,
            stage=_stage(sheet, sealed=bool(seals)),
            sheets_open=sheets_open(sheet),
            failures=sum(failure.code not in WARNINGS for failure in failures),
            lot=sampling.outcome if sampling and sampling.drawn else "",
            scanned=whole.pages if whole else 0,
            faulty=whole.faulty if whole else 0,
            confidence=whole.confidence.median if whole and whole.confidence else None,
            sharpness=whole.sharpness.median if whole and whole.sharpness else None,
            cpu_seconds=round(cost.cpu_seconds, 3) if cost.stages else None,
            minutes=cost.minutes,
            sealed_at=sealed.ended_at if sealed and seals else "",
        ),
    )


@dataclass(slots=True)
class _Pages:
    """What the report needs of a batch's pages; their text is not kept.

    `engines`, `settings`: by which engines, with which settings (a digest) they were read.
    """

    read: int = 0
    scanned: list[ScannedPage] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    engines: set[str] = field(default_factory=set)
    settings: set[str] = field(default_factory=set)


def _look_through(outcomes: Outcomes) -> _Pages:
    """Open each page of a batch once, in order."""
    found, scanner = _Pages(), page_scanner(outcomes)
    for seen in outcomes.glances():
        if seen.failure:
            found.failures.append(seen.failure)
        if (look := seen.text) is None:
            continue
        found.read += 1
        if page := scanner(look):
            found.scanned.append(page)
        found.engines |= {look.engine} - {""}
        found.settings |= {look.settings_digest[:16]} - {""}
    return found


def _stage(sheet: BalanceSheet, *, sealed: bool) -> str:
    if sheet.balanced:
        return Stage.SEALED if sealed else Stage.CHECKED
    return Stage.CHECKED if sheet.waits_for_store and not sealed else Stage.UNBALANCED


def scanned_by(delivery: Delivery) -> dict[str, str]:
    """Who scanned a delivery, when and with what, as it declares: `team`, `at`, `device`."""
    told = {
        "team": scanning_team(delivery),
        "at": delivery.scanned.get("at", ""),
        "device": delivery.scanned.get("device", ""),
    }
    return {name: str(value) for name, value in told.items() if value}


def sheets_open(sheet: BalanceSheet) -> int:
    """Sheets that were declared, did not come, and that no failure names."""
    parts = (
        part
        for line in sheet.lines
        if line.code == "sheets" and line.left is not None
        for part in line.parts
    )
    return sum(max(part.count, 0) for part in parts if part.code == "unexplained")


def _judgements(workshop: Workshop, batch: str) -> tuple[Judgement, ...]:
    inspection = inspection_of(workshop, batch)
    return inspection.judgements if inspection else ()


def _sampling(workshop: Workshop, batch: str, pages: int) -> SamplingView | None:
    rules = load_inspection_rules()
    inspection = inspection_of(workshop, batch)
    if inspection is None:
        return view_before_draw(pages, rules)
    return view_of_sample(inspection.sample, inspection.judgements, rules, inspection.result)


def _head_line(workshop: Workshop) -> str:
    """The newest head, and whether anything waits for its time stamp."""
    archive = workshop.archive
    head = archive.ledger.newest_head()
    if head is None:
        return ""
    waits = archive.stamps.configured and archive.stamps.waiting()
    told = " · 시점확인을 기다림 waiting for a time stamp" if waits else ""
    return f"{head.size} · {head.root}{told}"


def _report(outcomes: Outcomes) -> QualityReport:
    """What the suites found, but for what they found of rows and their documents."""
    report = outcomes.work.checked().report
    found = (finding for judged in outcomes.each_judged() for finding in judged.findings)
    kinds = outcomes.work.triaged().kinds
    return replace(report, findings=(*report.findings, *(found if "image" in kinds else ())))


def _documents(outcomes: Outcomes) -> Iterator[ReportDocument]:
    for stack, judged in zip(outcomes.each_outline(), outcomes.each_judged(), strict=True):
        verdicts = {verdict.document_id: verdict for verdict in judged.verdicts}
        for document in stack.documents:
            decided, verdict = outcomes.decisions.get(document.id), verdicts[document.id]
            retyped = decided is not None and decided.type is not None
            yield ReportDocument(
                document.id,
                (decided.type if decided else None) or document.type,
                None if retyped else document.type_confidence,
                OUTCOMES[(decided or verdict).outcome],
                document.pages,
                verdict.reasons,
                has_pictures=document.origin == "scan",
            )
