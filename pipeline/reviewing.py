"""People decide what the machine held: decisions are kept, then the same stages go on."""

import datetime as dt
from dataclasses import replace

from pipeline import stages
from pipeline.assembly import Workshop
from pipeline.labels import keep_decision
from pipeline.outcomes import Outcomes
from pipeline.persons import persons_of
from pipeline.reader import Reader
from pipeline.separate_duties import require_other_person
from pipeline.work import WorkArea
from records.errors import RejectedInput
from records.judgements import Decision
from records.taxonomy import load_taxonomy
from records.values import Document, PageText, StageReceipt


def held(workshop: Workshop, batch: str, reader: Reader) -> list[tuple[Document, list[PageText]]]:
    """The held documents with the text of their pages; opening them is logged first.

    Raises:
        RejectedInput: `inspector_scanned_it`: the reader scanned the batch.
    """
    work = workshop.work(batch)
    require_other_person(work.batch.delivery, reader.who)
    outcomes = Outcomes(work)
    ids = outcomes.by_outcome()["held"]
    if ids:
        institution = work.batch.delivery.institution.code
        shown = [outcomes.documents[document] for document in ids]
        persons = persons_of(workshop.archive.index, institution, shown)
        workshop.log_access(reader, "review", institution, ids, persons=persons)
    return [(outcomes.documents[document], _texts(work, outcomes, document)) for document in ids]


def held_document(
    workshop: Workshop, batch: str, document: str, reader: Reader
) -> tuple[Document, list[PageText], tuple[str, ...]]:
    """One held document with its pages' text and why it is held; opening it is logged first.

    Raises:
        RejectedInput: `document_not_held`; `inspector_scanned_it`: the reader scanned the batch.
    """
    work = workshop.work(batch)
    require_other_person(work.batch.delivery, reader.who)
    outcomes = Outcomes(work)
    if document not in outcomes.by_outcome()["held"]:
        raise RejectedInput("document_not_held")
    institution = work.batch.delivery.institution.code
    shown = outcomes.documents[document]
    persons = persons_of(workshop.archive.index, institution, [shown])
    workshop.log_access(reader, "review", institution, [document], persons=persons)
    return shown, _texts(work, outcomes, document), outcomes.verdicts[document].reasons


def decide(workshop: Workshop, batch: str, decision: Decision, reader: Reader) -> None:
    """Keep one decision, with its time, and the label that follows from it; logged first.

    Raises:
        RejectedInput: `document_not_held`, `kind_unknown`, `decision_unknown`,
            `inspector_scanned_it`.
    """
    if decision.outcome not in ("accept", "reject"):
        raise RejectedInput("decision_unknown")
    if decision.type and decision.type not in load_taxonomy().kinds:
        raise RejectedInput("kind_unknown")
    work = workshop.work(batch)
    require_other_person(work.batch.delivery, decision.by)
    outcomes = Outcomes(work)
    if decision.document_id not in outcomes.by_outcome()["held"]:
        raise RejectedInput("document_not_held", decision.document_id)
    institution = work.batch.delivery.institution.code
    shown = [outcomes.documents[decision.document_id]]
    persons = persons_of(workshop.archive.index, institution, shown)
    what = f"decide_{decision.outcome}"
    workshop.log_access(reader, what, institution, [decision.document_id], persons=persons)
    if not decision.at:
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        decision = replace(decision, at=now)
    work.save_decision(decision)
    keep_decision(outcomes, decision)


def conclude(workshop: Workshop, batch: str) -> StageReceipt | None:
    """After decisions: store what was accepted, index it, count again, seal again.

    A batch that has no seal yet waits for its release; its own run heeds the decisions. None then.
    """
    if not is_sealed(workshop, batch):
        return None
    stages.index(workshop, batch)
    return stages.seal(workshop, batch)


def is_sealed(workshop: Workshop, batch: str) -> bool:
    """Tell whether a batch has a seal."""
    leaves = workshop.archive.ledger.leaves()
    return any(leaf.kind == "seal" and leaf.batch == batch for leaf in leaves)


def _texts(work: WorkArea, outcomes: Outcomes, document: str) -> list[PageText]:
    pages = [work.page(page).text for page in outcomes.documents[document].pages]
    return [text for text in pages if text]
