"""The batch report on disk (ids, counts, codes; no patient data) and the rescan list."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from intake.archives import INSIDE
from intake.delivery import WARNINGS
from pipeline.assembly import Workshop
from pipeline.counting import balance_of
from pipeline.judging import DATA_DOCS, judge
from pipeline.outcomes import Outcomes
from pipeline.reconciling import reconcile_batch, summary
from pipeline.work import WorkArea
from quality.balance import BalanceSheet
from quality.report import ReportDocument, ReportInput, render
from records.values import Document, Failure


@dataclass(frozen=True, slots=True)
class Rescan:
    """One sheet or file to scan again: where it lies, which page (1-based; None = all), why."""

    path: str
    page: int | None
    box: str | None
    reasons: tuple[str, ...]


def report_path(workshop: Workshop, batch: str) -> Path:
    """Where a batch's report lies."""
    return workshop.settings.reports / batch / "report.html"


def make_report(workshop: Workshop, batch: str) -> BalanceSheet:
    """Count a batch from the stores and write its report and its Data Docs anew."""
    sheet = balance_of(workshop, batch)
    judge(workshop, Outcomes(workshop.work(batch)))
    write_report(workshop, workshop.work(batch), sheet)
    return sheet


def write_report(workshop: Workshop, work: WorkArea, sheet: BalanceSheet) -> None:
    """Write the batch's report, replacing an older one in one step."""
    batch, triaged, outcomes = work.batch, work.triaged(), Outcomes(work)
    path, data_docs = report_path(workshop, batch.id), f"{DATA_DOCS}/index.html"
    documents = tuple(_judged(outcomes, document) for document in outcomes.documents.values())
    head = workshop.archive.ledger.newest_head()
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
                "분류 classifying": work.plan.classifying,
            },
            ledger_head=f"{head.size} · {head.root}" if head else "",
            reconciliation=summary(reconciled) if reconciled else None,
            data_docs=data_docs if (path.parent / data_docs).is_file() else "",
        )
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(html, "utf-8")
    new.replace(path)


def page_failures(outcomes: Outcomes) -> tuple[Failure, ...]:
    """The failures of single pages, in order."""
    return tuple(outcome.failure for outcome in outcomes.pages() if outcome.failure)


def rescan_list(work: WorkArea) -> list[Rescan]:
    """Every sheet to scan again: files and pages that could not be read, documents rejected.

    Paths are the deliverer's own: for the scanning team, not for a log.
    """
    outcomes = Outcomes(work)
    boxes = {file.path: file.box for file in work.declared_files()}

    def again(path: str, page: int | None, reasons: tuple[str, ...]) -> Rescan:
        return Rescan(path, page, boxes.get(path.split(INSIDE, 1)[0]), reasons)

    found = [again(f.path or "", f.page, (f.code,)) for f in _to_scan_again(work)]
    found += [again(*outcomes.places[f.subject], (f.code,)) for f in page_failures(outcomes)]
    for document in outcomes.by_outcome()["rejected"]:
        reasons = outcomes.verdicts[document].reasons
        found += [
            again(*outcomes.places[page], reasons) for page in outcomes.documents[document].pages
        ]
    return found


def _to_scan_again(work: WorkArea) -> list[Failure]:
    failures = (*work.batch.failures, *work.triaged().failures)
    return [failure for failure in failures if failure.code not in WARNINGS]


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
