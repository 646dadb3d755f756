"""Sheets scanned again: both versions stay as they are, the newer one is the current.

That a page is a new scan of another is said by a person and kept with its leaf, like a decision.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.assembly import Workshop
from pipeline.batches import batches_in_order
from pipeline.documents import leaf_of
from pipeline.reader import Reader
from pipeline.work import WorkArea, load
from records.codec import encode
from records.errors import RejectedInput
from records.ids import derive_id

# Of the kind of people's decisions: every object of it has a leaf.
KIND, PREFIX = "decision", "rv"


@dataclass(frozen=True, slots=True)
class ScannedAgain:
    """`page` of `batch` was scanned again as `new_page` of `new_batch`; who said so, when, why."""

    id: str
    batch: str
    page: str
    new_batch: str
    new_page: str
    by: str
    at: str
    why: str


def declare_scanned_again(
    workshop: Workshop, batch: str, page: str, new_page: str, reader: Reader
) -> ScannedAgain:
    """Say that a page is a new scan of another one; nothing is replaced, the first word stands.

    Raises:
        RejectedInput: `page_not_in_batch`; the new one came no later (`page_not_newer`); another
            new scan is known already (`page_scanned_again`).
    """
    work = workshop.work(batch)
    _require_page(work, page)
    order = batches_in_order(workshop, work.vault.institution)
    newer = order[order.index(batch) + 1 :] if batch in order else []
    new_batch = next((b for b in newer if _has_page(workshop.work(b), new_page)), None)
    if new_batch is None:
        raise RejectedInput("page_not_newer", new_page)
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    id = derive_id(PREFIX, page)
    said = ScannedAgain(id, batch, page, new_batch, new_page, reader.who, now, reader.why)
    stored = work.vault.put(KIND, id, encode(said))
    stands = load(work.vault, KIND, id, ScannedAgain)
    if stands.new_page != new_page:
        raise RejectedInput("page_scanned_again", page)
    workshop.archive.ledger.append([leaf_of(stored, batch)])
    workshop.archive.ledger.sign_head()
    return stands


def scanned_again(workshop: Workshop, work: WorkArea) -> Mapping[str, str]:
    """Pages of a batch that were scanned again → their current version, over several rescans."""
    said: dict[str, str] = {}
    for leaf in workshop.archive.ledger.leaves():
        own = leaf.kind == KIND and leaf.institution == work.vault.institution
        if own and leaf.id.startswith(f"{PREFIX}-"):
            one = load(work.vault, KIND, leaf.id, ScannedAgain)
            said[one.page] = one.new_page
    return {page.id: _last(said, page.id) for page in work.triaged().each_page() if page.id in said}


def _last(said: Mapping[str, str], page: str) -> str:
    """Each rescan is of a later batch, so this ends."""
    while page in said:
        page = said[page]
    return page


def _require_page(work: WorkArea, page: str) -> None:
    if not _has_page(work, page):
        raise RejectedInput("page_not_in_batch", page)


def _has_page(work: WorkArea, page: str) -> bool:
    return work.is_triaged() and any(one.id == page for one in work.triaged().each_page())
