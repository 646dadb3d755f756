"""Documents beside a page that could not be read: nobody knows whether that page was theirs."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from records.values import Document, PageRef

UNSURE = 0.5
EVIDENCE = "page.absent_beside"


def unsure_beside_gaps(
    documents: Sequence[Document],
    pages: Sequence[PageRef],
    failed: Collection[str],
    cut_short: Collection[str],
) -> tuple[Document, ...]:
    """Lower the boundary confidence of documents around or next to a gap, so that they are held.

    Args:
        documents: the documents of one stack.
        pages: the stack's pages, in order.
        failed: ids of its pages that could not be read.
        cut_short: ids of scans that lost pages at their end.
    """
    order = {page.id: place for place, page in enumerate(pages)}
    gaps = {order[page] for page in failed}
    for place, page in enumerate(pages):
        last = place + 1 == len(pages) or pages[place + 1].scan_id != page.scan_id
        if last and page.scan_id in cut_short:
            gaps.add(place + 1)
    return tuple(_judged(document, order, gaps) for document in documents)


def _judged(document: Document, order: dict[str, int], gaps: set[int]) -> Document:
    places = [order[page] for page in document.pages]
    if not any(min(places) - 1 <= gap <= max(places) + 1 for gap in gaps):
        return document
    sure = 1.0 if document.boundary_confidence is None else document.boundary_confidence
    return replace(
        document,
        boundary_confidence=min(sure, UNSURE),
        evidence=(*document.evidence, EVIDENCE),
    )
