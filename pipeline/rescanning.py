"""Which sheets of a batch are to be scanned again, and the list of them to print."""

import datetime as dt
from dataclasses import replace

from intake.archives import INSIDE
from intake.delivery import WARNINGS
from pipeline.assembly import Workshop
from pipeline.outcomes import Outcomes
from pipeline.sampling import inspection_of
from pipeline.scanned_again import scanned_again
from pipeline.work import WorkArea
from quality.rescan_list import Rescan, as_html
from quality.sampling.inspection_rules import load_inspection_rules
from quality.sampling.lot_result import REJECTED
from records.values import Failure


def rescan_list(workshop: Workshop, batch: str) -> list[Rescan]:
    """Files and pages that could not be read, documents rejected, sheets that inspectors named.

    Paths are the deliverer's own: for the scanning team, not for a log.
    """
    work = workshop.work(batch)
    outcomes = Outcomes(work)
    boxes = {file.path: file.box for file in work.declared_files()}

    def again(path: str, page: int | None, reasons: tuple[str, ...], page_id: str = "") -> Rescan:
        return Rescan(path, page, boxes.get(path.split(INSIDE, 1)[0]), reasons, page_id)

    found = [again(f.path or "", f.page, (f.code,)) for f in _failed_files(work)]
    for outcome in outcomes.pages():
        if outcome.failure:
            where = outcomes.places[outcome.page_id]
            found.append(again(*where, (outcome.failure.code,), outcome.page_id))
    reasons = _by_inspectors(workshop, batch)
    for document in outcomes.by_outcome()["rejected"]:
        by_person = ("rejected_by_person",) if document in outcomes.decisions else ()
        for page in outcomes.documents[document].pages:
            why = (*by_person, *outcomes.verdicts[document].reasons, *reasons.get(page, ()))
            reasons[page] = why
    found += [again(*outcomes.places[page], why, page) for page, why in reasons.items()]
    current = scanned_again(workshop, work)
    return [replace(row, scanned_again=current.get(row.page_id, "")) for row in found]


def print_rescan_list(workshop: Workshop, batch: str) -> str:
    """The list as an HTML page for the scanning team."""
    inspection = inspection_of(workshop, batch)
    return as_html(
        batch,
        workshop.work(batch).batch.delivery.institution.code,
        dt.datetime.now(dt.UTC).isoformat(timespec="minutes"),
        rescan_list(workshop, batch),
        whole_lot=bool(inspection and inspection.result.outcome == REJECTED),
    )


def _by_inspectors(workshop: Workshop, batch: str) -> dict[str, tuple[str, ...]]:
    """Sampled pages on which a defect was found that a new scan mends: page → defects."""
    inspection = inspection_of(workshop, batch)
    if inspection is None:
        return {}
    mended = load_inspection_rules().rescan
    page_of = {item.id: item.page for item in inspection.sample.items if not item.known}
    found: dict[str, tuple[str, ...]] = {}
    for judgement in inspection.judgements:
        named = tuple(defect for defect in judgement.defects if defect in mended)
        page = page_of.get(judgement.item)
        if named and page:
            found[page] = tuple(dict.fromkeys((*found.get(page, ()), *named)))
    return found


def _failed_files(work: WorkArea) -> list[Failure]:
    failures = (*work.batch.failures, *work.triaged().failures)
    return [failure for failure in failures if failure.code not in WARNINGS]
