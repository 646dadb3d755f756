"""Looking over batches: the list, one page's picture."""

from pipeline.assembly import Workshop
from pipeline.reader import Reader
from pipeline.summaries import known_batches
from quality.summary import BatchSummary
from records.errors import RejectedInput


def list_batches(workshop: Workshop) -> list[BatchSummary]:
    """Every batch of every institution whose keys open, newest first; what its report counted."""
    return [one.summary for one in known_batches(workshop, workshop.archive.vaults()[0])]


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
