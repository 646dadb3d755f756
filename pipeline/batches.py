"""Looking over batches: the list, what of them waits for a person, one page's picture."""

from dataclasses import replace

from pipeline.assembly import Workshop
from pipeline.reader import Reader
from pipeline.summaries import known_batches
from quality.summary import BatchSummary
from records.errors import RejectedInput


def list_batches(workshop: Workshop) -> list[BatchSummary]:
    """Every batch of every institution whose keys open, newest first; what its report counted.

    Documents are held since the first signed head over the seal, or over the batch before it.
    """
    leaves = list(workshop.archive.ledger.leaves())
    places = list(enumerate(leaves))
    sealed = {leaf.batch: place for place, leaf in reversed(places) if leaf.kind == "seal"}
    came = {leaf.batch: place for place, leaf in reversed(places)}
    found = (one.summary for one in known_batches(workshop, workshop.archive.vaults()[0]))
    return [
        replace(one, held_since=_signed(workshop, sealed.get(one.batch, came.get(one.batch))))
        if one.held
        else one
        for one in found
    ]


def _signed(workshop: Workshop, place: int | None) -> str:
    return "" if place is None else workshop.archive.ledger.signed_since(place)


def batches_in_order(workshop: Workshop, institution: str) -> list[str]:
    """The batches of an institution in the order in which the ledger first heard of them."""
    leaves = workshop.archive.ledger.leaves()
    own = (leaf.batch for leaf in leaves if leaf.institution == institution and leaf.batch)
    there = set(workshop.vault(institution).ids("batch"))
    return [batch for batch in dict.fromkeys(own) if batch in there]


def thumbnail(workshop: Workshop, batch: str, page: str, reader: Reader) -> bytes:
    """The small picture of one page (WebP); the look is logged before it is opened, a miss too.

    Raises:
        RejectedInput: `batch_unknown`, `page_not_in_batch`.
    """
    work = workshop.work(batch)
    institution = work.batch.delivery.institution.code
    known = work.is_triaged() and any(ref.id == page for ref in work.triaged().each_page())
    if not known or not work.vault.has("thumbnail", page):
        workshop.log_access(reader, "thumbnail", institution, [page], persons=(), found=False)
        raise RejectedInput("page_not_in_batch", page)
    persons = workshop.archive.index.persons(institution, pages=[page])
    workshop.log_access(reader, "thumbnail", institution, [page], persons=persons)
    return work.vault.get("thumbnail", page)
