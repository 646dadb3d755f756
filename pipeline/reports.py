"""The batch report on disk: ids, counts, codes; no patient data."""

import datetime as dt
from pathlib import Path

from pipeline.assembly import Workshop
from pipeline.counting import balance_of
from pipeline.judging import DATA_DOCS, judge
from pipeline.outcomes import Outcomes
from pipeline.reconciling import reconcile_batch, summary
from pipeline.sampling import inspection_of
from pipeline.work import WorkArea
from quality.balance import BalanceSheet
from quality.report import ReportDocument, ReportInput, render
from quality.sampling.inspection_rules import load_inspection_rules
from quality.sampling.view import SamplingView, view_before_draw, view_of_sample
from records.values import Document, Failure


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
    documents = tuple(_judged(outcomes, document) for document in outcomes.documents.values())
    seals = [
        x for x in workshop.archive.ledger.leaves() if x.kind == "seal" and x.batch == batch.id
    ]
    texts = list(outcomes.texts())
    engines = sorted({text.engine for text in texts if text.engine})
    readings = sorted({text.settings_digest[:16] for text in texts if text.settings_digest})
    reconciled = reconcile_batch(work)
    html = render(
        ReportInput(
            batch=batch.id,
            institution=batch.delivery.institution.code,
            institution_name=batch.delivery.institution.name,
            made_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            sheet=sheet,
            quality=work.checked().report,
            documents=documents,
            failures=(*batch.failures, *triaged.failures, *page_failures(outcomes)),
            hold_below=work.plan.hold_below,
            source=batch.delivery.source,
            sealed=bool(seals) and sheet.balanced,
            made_with={
                "엔진 engine": ", ".join(engines),
                "언어 languages": work.plan.languages,
                "판독 reading": ", ".join(readings),
                "분류 classifying": f"{work.plan.classifying} {work.plan.model[:16]}".strip(),
            },
            ledger_head=_head_line(workshop),
            reconciliation=summary(reconciled) if reconciled else None,
            data_docs=data_docs if (path.parent / data_docs).is_file() else "",
            sampling=_sampling(workshop, batch.id, len(texts)),
            changed=tuple(
                (document.id, document.replaces)
                for document in outcomes.documents.values()
                if document.replaces
            ),
        )
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(html, "utf-8")
    new.replace(path)


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


def page_failures(outcomes: Outcomes) -> tuple[Failure, ...]:
    """The failures of single pages, in order."""
    return tuple(outcome.failure for outcome in outcomes.pages() if outcome.failure)


def _judged(outcomes: Outcomes, document: Document) -> ReportDocument:
    final = outcomes.final(document.id)
    return ReportDocument(
        document.id,
        final.type,
        final.type_confidence,
        outcomes.outcome(document.id),
        document.pages,
        outcomes.verdicts[document.id].reasons,
        has_pictures=document.origin == "scan",
    )
