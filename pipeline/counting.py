"""The balance's sets, read back from the vault, the index and the ledger themselves."""

from collections.abc import Set

from intake.archives import INSIDE
from intake.delivery import JUNK, NOT_KEPT, WARNINGS
from pipeline.assembly import Workshop
from pipeline.attachments import MISSING
from pipeline.documents import load_document
from pipeline.gap_places import with_places
from pipeline.outcomes import Outcomes
from pipeline.record_versions import RecordVersions
from pipeline.work import TriagedBatch, WorkArea
from quality.balance import BalanceSheet, Counted, balance
from records.ids import page_id
from records.values import Attachment, PageRef

SAYS_NOTHING_OF_PAGES = WARNINGS - {
    "dicom_directory", "fhir_parts_elsewhere", "junk_ignored", "mapping_file", "mapping_unused",
    "page_count_differs", "table_empty",
}  # fmt: skip


def balance_of(workshop: Workshop, batch: str) -> BalanceSheet:
    """The balance sheet of a batch as the stores hold it now.

    Raises:
        RejectedInput: `batch_unknown`, or it is not judged yet (`batch_not_ready`).
    """
    work = workshop.work(batch)
    work.checked()
    return with_places(work, balance(count(workshop, work)))


def count(workshop: Workshop, work: WorkArea) -> Counted:
    """Gather every set of ids that the balance compares; accepted documents are opened."""
    batch, vault = work.batch, work.vault
    institution = batch.delivery.institution.code
    triaged, outcomes = work.triaged(), Outcomes(work)
    by_outcome = outcomes.by_outcome()
    leaves = [
        leaf
        for leaf in workshop.archive.ledger.leaves()
        if leaf.batch == batch.id and leaf.institution == institution
    ]
    leaf_ids = {kind: {x.id for x in leaves if x.kind == kind} for kind in ("document", "original")}
    entries = workshop.archive.index.document_ids(institution, batch.id)
    seen = set(by_outcome["accepted"]) | entries | leaf_ids["document"]
    objects = {document for document in seen if vault.has("document", document)}
    documents = {d: outcomes.documents[d].pages for d in outcomes.documents if d not in objects}
    documents |= {d: load_document(vault, d).document.pages for d in objects}
    # What was disposed of was there: its certificate says so, and the batch was balanced then.
    disposed = vault.disposed_ids("document") & leaf_ids["document"]
    objects, entries = objects | disposed, entries | disposed
    originals = {file.id for file in batch.files} & vault.disposed_ids("original")
    missing = {file.id for file in batch.missing}
    received = {file.id for file in batch.files}
    aside, lost = outcomes.set_aside, _lost_pages(triaged)
    return Counted(
        batch=batch.id,
        declared_sheets=batch.delivery.declared_sheets,
        declared_rows=batch.delivery.declared_rows,
        declared_pages=_declared_pages(work),
        files_listed={file.id for file in batch.files if file.listed} | missing,
        files_received=received,
        files_missing=missing,
        files_failed=_failed_files(work),
        files_found=batch.found,
        files_junk={one.subject for one in batch.failures if one.code == JUNK},
        files_not_kept={one.subject for one in batch.failures if one.code in NOT_KEPT},
        pages={page.id: page.file_id for page in triaged.pages} | lost,
        rows={page.id for page in triaged.pages if page.kind == "row"},
        documents=documents,
        blank={page for page, what in aside.items() if what == "blank"},
        separator={page for page, what in aside.items() if what == "separator"},
        duplicate={page for page, what in aside.items() if what == "duplicate"},
        known=outcomes.known,
        known_documents=_known_documents(workshop, outcomes),
        rejected={page.id for page in triaged.pages if _is_rejected(work, page)} | lost.keys(),
        accepted=set(by_outcome["accepted"]),
        held=set(by_outcome["held"]),
        rejected_documents=set(by_outcome["rejected"]),
        attachments={
            document.pages[0]: tuple(_reason(one, received) for one in document.attachments)
            for document in outcomes.documents.values()
            if document.attachments
        },
        objects=objects,
        entries=entries,
        leaves=leaf_ids["document"],
        original_objects=originals | {f for f in received if vault.has("original", f)},
        original_leaves=leaf_ids["original"],
    )


def _reason(attachment: Attachment, received: Set[str]) -> str:
    there = attachment.reason or attachment.file_id in received
    return attachment.reason if there else MISSING


def _known_documents(workshop: Workshop, outcomes: Outcomes) -> set[str]:
    """The documents that known rows and records are, where they are: here, or in another batch."""
    versions = RecordVersions(workshop, outcomes.work)
    there = set()
    for page, document in outcomes.known.items():
        row = outcomes.work.page(page).document
        if document in outcomes.documents or (
            row and row.identity and versions.is_held_elsewhere(row.identity, document)
        ):
            there.add(document)
    return there


def _failed_files(work: WorkArea) -> set[str]:
    """Received files that a failure says something of: pages that are missing, or all of them."""
    files = {file.path: file.id for file in work.batch.files}
    failures = (*work.batch.failures, *work.triaged().failures)
    paths = (f.path for f in failures if f.path and f.code not in SAYS_NOTHING_OF_PAGES)
    return {files[path] for path in (p.split(INSIDE, 1)[0] for p in paths) if path in files}


def _lost_pages(triaged: TriagedBatch) -> dict[str, str]:
    """Pages that triage knows of and could not even list: an id each → their file."""
    files = {scan.id: scan.file_id for scan in triaged.scans}
    return {
        page_id(failure.subject, failure.page - 1): files[failure.subject]
        for failure in triaged.failures
        if failure.page and failure.subject in files
    }


def _is_rejected(work: WorkArea, page: PageRef) -> bool:
    return not page.duplicate_of and work.page(page.id).failure is not None


def _declared_pages(work: WorkArea) -> dict[str, int]:
    declared = ((file.id, file.declared_pages) for file in work.declared_files())
    return {file: pages for file, pages in declared if pages is not None}
