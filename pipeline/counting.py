"""The balance's sets, read back from the vault, the index and the ledger themselves."""

import itertools
from collections.abc import Iterator, Set

from intake.archives import INSIDE
from intake.delivery import JUNK, NOT_KEPT, WARNINGS
from pipeline.assembly import Workshop
from pipeline.attachments import MISSING
from pipeline.documents import archived_outline
from pipeline.gap_places import with_places
from pipeline.outcomes import OUTCOMES, Outcomes
from pipeline.record_versions import RecordVersions
from pipeline.stage_results import TriagedBatch
from pipeline.work import WorkArea
from quality.balance import BalanceSheet, Counted, balance
from records.id_set import IdColumn, IdLists, IdMap, IdSet
from records.ids import page_id
from records.values import Attachment

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
    received = {file.id for file in batch.files}
    stood = _standing(outcomes)
    leaf_ids = {
        kind: IdSet(
            leaf.id
            for leaf in workshop.archive.ledger.leaves()
            if (leaf.kind, leaf.batch, leaf.institution) == (kind, batch.id, institution)
        )
        for kind in ("document", "original")
    }
    entries: Set[str] = IdSet(workshop.archive.index.each_document_id(institution, batch.id))
    seen = stood["accepted"] | entries | leaf_ids["document"]
    objects: Set[str] = IdSet(document for document in seen if vault.has("document", document))
    found = _Found()
    made = IdLists(_made(outcomes, received, found))
    documents = IdLists(
        (id_, archived_outline(vault, id_).pages if id_ in objects else made[id_])
        for id_ in made.keys() | objects
    )
    del made
    # What was disposed of was there: its certificate says so, and the batch was balanced then.
    disposed = IdSet(vault.disposed_ids("document")) & leaf_ids["document"]
    objects, entries = objects | disposed, entries | disposed
    originals = {file.id for file in batch.files} & vault.disposed_ids("original")
    missing = {file.id for file in batch.missing}
    aside = {what: IdSet(pages) for what, pages in found.set_aside.items()}
    lost = _lost_pages(triaged)
    known = IdMap(zip(found.known_rows, found.known_documents, strict=True))
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
        pages=IdMap(
            itertools.chain(((page.id, page.file_id) for page in triaged.each_page()), lost.items())
        ),
        rows=IdSet(page.id for page in triaged.each_page() if page.kind == "row"),
        documents=documents,
        blank=aside["blank"],
        separator=aside["separator"],
        duplicate=aside["duplicate"],
        known=known,
        known_documents=_known_documents(workshop, work, known, documents.keys()),
        rejected=IdSet(itertools.chain(_rejected(outcomes), lost)),
        accepted=stood["accepted"],
        held=stood["held"],
        rejected_documents=stood["rejected"],
        attachments=found.attachments,
        objects=objects,
        entries=entries,
        leaves=leaf_ids["document"],
        original_objects=originals | {f for f in received if vault.has("original", f)},
        original_leaves=leaf_ids["original"],
    )


def _standing(outcomes: Outcomes) -> dict[str, IdSet]:
    """The documents by where they stand now."""
    found = IdMap(outcomes.each_outcome())
    return {
        name: IdSet(document for document, outcome in found.items() if outcome == name)
        for name in OUTCOMES.values()
    }


class _Found:
    """What is noted of the stacks while they come by.

    `attachments`: row → why each file that it names is not there. `set_aside`: what pages are →
    these pages. `known_rows`: rows that are there already, `known_documents`: as which documents.
    """

    def __init__(self) -> None:
        self.attachments: dict[str, tuple[str, ...]] = {}
        self.set_aside = {what: IdColumn() for what in ("blank", "separator", "duplicate")}
        self.known_rows, self.known_documents = IdColumn(), IdColumn()


def _made(
    outcomes: Outcomes, received: Set[str], found: _Found
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The machine's documents with their pages; all else of the stacks is noted meanwhile."""
    for stack in outcomes.each_outline():
        for page, what in stack.set_aside.items():
            if what in found.set_aside:
                found.set_aside[what].append(page)
        for row, known in stack.known.items():
            found.known_rows.append(row)
            found.known_documents.append(known)
        for document in stack.documents:
            if document.attachments:
                why = tuple(_reason(one, received) for one in document.attachments)
                found.attachments[document.pages[0]] = why
            yield document.id, document.pages


def _reason(attachment: Attachment, received: Set[str]) -> str:
    there = attachment.reason or attachment.file_id in received
    return attachment.reason if there else MISSING


def _known_documents(workshop: Workshop, work: WorkArea, known: IdMap, made: Set[str]) -> Set[str]:
    """The documents that known rows and records are, where they are: here, or in another batch."""
    versions = RecordVersions(workshop, work)

    def there(page: str, document: str) -> bool:
        if document in made:
            return True
        row = work.page(page).document
        return bool(row and row.identity and versions.is_held_elsewhere(row.identity, document))

    return IdSet(document for page, document in known.items() if there(page, document))


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


def _rejected(outcomes: Outcomes) -> Iterator[str]:
    return (fate.page_id for fate in outcomes.fates() if fate.failure is not None)


def _declared_pages(work: WorkArea) -> dict[str, int]:
    declared = ((file.id, file.declared_pages) for file in work.declared_files())
    return {file: pages for file, pages in declared if pages is not None}
