"""Looking over batches: the list, what of them waits for a person, one page's picture."""

import datetime as dt
from dataclasses import dataclass, replace

from pipeline.assembly import Workshop
from pipeline.outcomes import Outcomes
from pipeline.reader import Reader
from records.errors import RejectedInput


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One batch in a list: ids and counts. Counts are None where the batch is not so far yet.

    `held_days`: for how many days its held documents have waited; None where none is held.
    """

    batch: str
    institution: str
    files: int
    declared_sheets: int | None
    pages: int | None
    documents: int | None
    held: int | None
    sealed: bool
    held_days: int | None = None


def list_batches(workshop: Workshop) -> list[BatchLine]:
    """Every batch of every institution whose keys open, newest first."""
    archive = workshop.archive
    leaves = list(archive.ledger.leaves())
    sealed = {leaf.batch: n for n, leaf in reversed(list(enumerate(leaves))) if leaf.kind == "seal"}
    came = {leaf.batch: place for place, leaf in reversed(list(enumerate(leaves)))}
    opened, _ = archive.vaults()
    found = [(vault.institution, batch) for vault in opened for batch in vault.ids("batch")]
    found.sort(key=lambda pair: came.get(pair[1], len(leaves)), reverse=True)
    lines = [_line(workshop, *pair, sealed=pair[1] in sealed) for pair in found]
    since = {b: sealed.get(b, came.get(b)) for b in (line.batch for line in lines if line.held)}
    return [
        replace(line, held_days=_days_since(workshop, since[line.batch]))
        if line.batch in since
        else line
        for line in lines
    ]


def _days_since(workshop: Workshop, place: int | None) -> int:
    """Days since a leaf was first under a signed head; documents are held since the first seal."""
    time = "" if place is None else workshop.archive.ledger.signed_since(place)
    if not time:
        return 0
    return (dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(time)).days


def batches_in_order(workshop: Workshop, institution: str) -> list[str]:
    """The batches of an institution in the order in which the ledger first heard of them."""
    leaves = workshop.archive.ledger.leaves()
    own = (leaf.batch for leaf in leaves if leaf.institution == institution and leaf.batch)
    there = set(workshop.vault(institution).ids("batch"))
    return [batch for batch in dict.fromkeys(own) if batch in there]


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
