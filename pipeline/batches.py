"""Looking over batches: the list, one page's picture."""

from dataclasses import dataclass

from pipeline.assembly import Workshop
from pipeline.outcomes import Outcomes
from pipeline.reader import Reader
from records.errors import RejectedInput


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One batch in a list: ids and counts. Counts are None where the batch is not so far yet."""

    batch: str
    institution: str
    files: int
    declared_sheets: int | None
    pages: int | None
    documents: int | None
    held: int | None
    sealed: bool


def list_batches(workshop: Workshop) -> list[BatchLine]:
    """Every batch of every institution whose keys open, newest first."""
    archive = workshop.archive
    leaves = list(archive.ledger.leaves())
    sealed = {leaf.batch for leaf in leaves if leaf.kind == "seal"}
    came = {leaf.batch: place for place, leaf in reversed(list(enumerate(leaves)))}
    opened, _ = archive.vaults()
    found = [(vault.institution, batch) for vault in opened for batch in vault.ids("batch")]
    found.sort(key=lambda pair: came.get(pair[1], len(leaves)), reverse=True)
    return [_line(workshop, *pair, sealed=pair[1] in sealed) for pair in found]


def _line(workshop: Workshop, institution: str, batch: str, *, sealed: bool) -> BatchLine:
    work = workshop.work(batch)
    pages = len(work.triaged().pages) if work.is_triaged() else None
    documents = held = None
    if work.is_checked():
        by_outcome = Outcomes(work).by_outcome()
        documents = sum(len(ids) for ids in by_outcome.values())
        held = len(by_outcome["held"])
    declared = work.batch.delivery.declared_sheets
    files = len(work.batch.files)
    return BatchLine(batch, institution, files, declared, pages, documents, held, sealed)


def thumbnail(workshop: Workshop, batch: str, page: str, reader: Reader) -> bytes:
    """The small picture of one page (WebP); the look is logged before it is opened, a miss too.

    Raises:
        RejectedInput: `batch_unknown`, `page_not_in_batch`.
    """
    work = workshop.work(batch)
    institution = work.batch.delivery.institution.code
    known = work.is_triaged() and any(ref.id == page for ref in work.triaged().pages)
    if not known or not work.vault.has("thumbnail", page):
        workshop.log_access(reader, "thumbnail", institution, [page], persons=(), found=False)
        raise RejectedInput("page_not_in_batch", page)
    persons = workshop.archive.index.persons(institution, pages=[page])
    workshop.log_access(reader, "thumbnail", institution, [page], persons=persons)
    return work.vault.get("thumbnail", page)
