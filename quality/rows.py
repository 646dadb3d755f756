"""The rows that the suites judge, gathered while the pages come by.

Of ten thousand pages only those are in memory whose document is still waiting for its other pages.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quality.batch_facts import declared_dpi, latest_day
from quality.document_facts import document_facts
from quality.drift import BatchProfile, profile_of
from quality.page_facts import Fact, page_facts
from quality.ruleset import RuleSet
from records.values import Delivery, Document, PageText

Rows = Mapping[str, Mapping[str, Fact]]


@dataclass(frozen=True, slots=True)
class Gathered:
    """Rows of pages and documents by id; `blank`: pages set aside as blank."""

    pages: Rows
    documents: Rows
    blank: int
    profile: BatchProfile


def gather(
    delivery: Delivery,
    pages: Iterable[PageText],
    documents: Sequence[Document],
    rules: RuleSet,
) -> Gathered:
    """Look at each page once and at each document once all of its pages have been there."""
    declared, latest = declared_dpi(delivery), latest_day(delivery)
    wanted = Counter(page for document in documents for page in set(document.pages))
    owners: dict[str, list[Document]] = {}
    for document in documents:
        for page_id in set(document.pages):
            owners.setdefault(page_id, []).append(document)
    missing = {document.id: len(set(document.pages)) for document in documents}
    here: dict[str, PageText] = {}
    page_rows: dict[str, Mapping[str, Fact]] = {}
    document_rows: dict[str, Mapping[str, Fact]] = {}
    scores: list[tuple[float | None, float | None]] = []
    blank = 0

    def finish(document: Document) -> None:
        document_rows[document.id] = document_facts(
            document, here, delivery.institution, latest, rules
        )
        for page_id in set(document.pages):
            wanted[page_id] -= 1
            if not wanted[page_id]:
                here.pop(page_id, None)

    for page in pages:
        owned = page.page_id in wanted
        page_rows[page.page_id] = page_facts(page, owned, declared)
        if not owned:
            blank += "blank" in page.flags
            continue
        scores.append((page.confidence, page.sharpness))
        here[page.page_id] = page
        for document in owners.pop(page.page_id, ()):
            missing[document.id] -= 1
            if not missing[document.id]:
                finish(document)
    for document in documents:
        if document.id not in document_rows:
            finish(document)
    in_order = {document.id: document_rows[document.id] for document in documents}
    return Gathered(page_rows, in_order, blank, profile_of(scores, documents))
