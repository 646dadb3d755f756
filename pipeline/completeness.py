"""The completeness statement of an institution, counted from its vault."""

from collections import defaultdict
from dataclasses import dataclass, field

from intake.archives import INSIDE
from intake.delivery import WARNINGS
from pipeline.assembly import Workshop
from pipeline.counting import balance_of
from pipeline.outcomes import Outcomes
from pipeline.reader import Reader
from pipeline.reports import sheets_open as unexplained_sheets
from pipeline.work import WorkArea
from quality.completeness import BoxState, Completeness
from records.errors import IntegrityError, RejectedInput

FILE_MISSING = "file_missing"


@dataclass
class _Box:
    """A box while it is being counted."""

    pages: int = 0
    documents: int = 0
    files_missing: int = 0
    damaged: int = 0
    held: int = 0
    rejected: int = 0
    declared: set[str] = field(default_factory=set)
    found: set[str] = field(default_factory=set)


def completeness(workshop: Workshop, institution: str, reader: Reader) -> Completeness:
    """State what of an institution is here and what is not; logged first.

    Raises:
        RejectedInput: `institution_unknown`.
    """
    opened = {vault.institution: vault for vault in workshop.archive.vaults()[0]}
    if institution not in opened:
        raise RejectedInput("institution_unknown", institution)
    workshop.log_access(reader, "completeness", institution)
    sealed = {leaf.batch for leaf in workshop.archive.ledger.leaves() if leaf.kind == "seal"}
    boxes: dict[str, _Box] = defaultdict(_Box)
    unfinished, undeclared, name, sheets_open = [], [], "", 0
    batches = list(opened[institution].ids("batch"))
    for batch in batches:
        work = workshop.work(batch)
        name = work.batch.delivery.institution.name
        if work.batch.undeclared:
            undeclared.append(batch)
        if batch not in sealed or not work.is_checked():
            unfinished.append(batch)
        _declared(work, boxes)
        if work.is_checked():
            _received(work, boxes)
            sheets_open += unexplained_sheets(balance_of(workshop, batch))
    return Completeness(
        institution=institution,
        name=name,
        batches=len(batches),
        unfinished=tuple(unfinished),
        undeclared=tuple(undeclared),
        sheets_open=sheets_open,
        boxes=tuple(_state(box, counted) for box, counted in sorted(boxes.items())),
    )


def _declared(work: WorkArea, boxes: dict[str, _Box]) -> None:
    for box, charts in work.batch.delivery.declared_boxes.items():
        boxes[box].declared.update(charts)
    for file in work.batch.files:
        if file.chart_no:
            boxes[file.box or ""].declared.add(file.chart_no)
    for missing in work.batch.missing:
        boxes[missing.box or ""].files_missing += 1


def _received(work: WorkArea, boxes: dict[str, _Box]) -> None:
    outcomes = Outcomes(work)
    by_path = {file.path: file.box or "" for file in work.declared_files()}
    box_of = {
        scan.id: by_path.get(scan.path.split(INSIDE, 1)[0], "") for scan in work.triaged().scans
    }
    for page in work.triaged().each_page():
        if not page.duplicate_of:
            boxes[box_of[page.scan_id]].pages += 1
            boxes[box_of[page.scan_id]].damaged += work.page_fate(page.id).failure is not None
    for failure in (*work.batch.failures, *work.triaged().failures):
        if failure.code not in WARNINGS and failure.code != FILE_MISSING:
            boxes[by_path.get((failure.path or "").split(INSIDE, 1)[0], "")].damaged += 1
    standing = outcomes.each_outcome()
    for document in outcomes.each_document():
        id_, outcome_of = next(standing)
        if id_ != document.id:
            raise IntegrityError("record_unreadable", document.stack_id)
        first = outcomes.page_refs.get(document.pages[0])
        box = boxes[document.box or (box_of[first.scan_id] if first else "")]
        box.documents += 1
        box.held += outcome_of == "held"
        box.rejected += outcome_of == "rejected"
        if outcome_of == "accepted":
            chart = document.fields.get("chart_no")
            box.found.update(
                str(value) for value in (document.filed_chart_no, chart and chart.value) if value
            )


def _state(box: str, counted: _Box) -> BoxState:
    return BoxState(
        box=box,
        pages=counted.pages,
        documents=counted.documents,
        charts_found=tuple(sorted(counted.found)),
        charts_missing=tuple(sorted(counted.declared - counted.found)),
        files_missing=counted.files_missing,
        damaged=counted.damaged,
        held=counted.held,
        rejected=counted.rejected,
    )
