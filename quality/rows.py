"""The rows that the suites judge, gathered while documents and pages come by, stack by stack.

Of a batch only those pages are in memory whose document is still waiting for its other pages, and
the facts; a million rows of an EMR leave a few hundred bytes each.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quality.batch_facts import declared_dpi, latest_day
from quality.document_facts import DOCUMENT_COLUMNS, document_facts
from quality.drift import BatchProfile, mean_of
from quality.fact_table import FactTable
from quality.page_facts import PAGE_COLUMNS, Fact, page_facts
from quality.ruleset import RuleSet
from records.values import Delivery, Document, Institution, PageText

Part = tuple[Sequence[Document], Iterable[PageText]]


@dataclass(frozen=True, slots=True)
class Gathered:
    """Facts of scanned pages and of documents.

    `owned`: the scanned pages of each document, in the documents' order. `count`: pages, rows of an
    EMR included, of which nothing is judged; `blank`: those set aside as blank.
    """

    pages: FactTable
    documents: FactTable
    owned: Sequence[tuple[str, ...]]
    count: int
    blank: int
    profile: BatchProfile


def gather(delivery: Delivery, parts: Iterable[Part], rules: RuleSet) -> Gathered:
    """Look at each page once and at each document once all of its pages have been there.

    `parts`: documents with the pages they are made of, and pages set aside among these.
    """
    found = _Gathering(delivery, rules)
    for documents, pages in parts:
        found.take(documents, pages)
    profile = BatchProfile(
        documents=len(found.documents),
        pages=found.owned_pages,
        kinds=dict(sorted(found.kinds.items())),
        confidence=mean_of(found.confidences),
        sharpness=mean_of(found.sharpnesses),
    )
    return Gathered(found.pages, found.documents, found.owned, found.count, found.blank, profile)


class _Gathering:
    """What has been gathered so far."""

    def __init__(self, delivery: Delivery, rules: RuleSet) -> None:
        self._declared, self._latest = declared_dpi(delivery), latest_day(delivery)
        self._institution: Institution = delivery.institution
        self._rules = rules
        self.pages, self.documents = FactTable(PAGE_COLUMNS), FactTable(DOCUMENT_COLUMNS)
        self.owned: list[tuple[str, ...]] = []
        self.count = self.blank = self.owned_pages = 0
        self.kinds: Counter[str] = Counter()
        self.confidences, self.sharpnesses = array("d"), array("d")

    def take(self, documents: Sequence[Document], pages: Iterable[PageText]) -> None:
        """Judge the pages of a part as they come, its documents in their order."""
        wanted = Counter(page for document in documents for page in set(document.pages))
        owners: dict[str, list[Document]] = {}
        for document in documents:
            for page_id in set(document.pages):
                owners.setdefault(page_id, []).append(document)
        missing = {document.id: len(set(document.pages)) for document in documents}
        here: dict[str, PageText] = {}
        never_scanned: set[str] = set()
        rows: dict[str, dict[str, Fact]] = {}

        def finish(document: Document) -> None:
            rows[document.id] = document_facts(
                document, here, self._institution, self._latest, self._rules
            )
            for page_id in set(document.pages):
                wanted[page_id] -= 1
                if not wanted[page_id]:
                    here.pop(page_id, None)

        for page in pages:
            self._take_page(page, owned=page.page_id in wanted)
            if page.source == "row":
                never_scanned.add(page.page_id)
            if page.page_id not in wanted:
                continue
            here[page.page_id] = page
            for document in owners.pop(page.page_id, ()):
                missing[document.id] -= 1
                if not missing[document.id]:
                    finish(document)
        for document in documents:
            if document.id not in rows:
                finish(document)
            self.documents.add(document.id, rows[document.id])
            self.owned.append(tuple(p for p in document.pages if p not in never_scanned))
            self.kinds[document.type] += 1

    def _take_page(self, page: PageText, *, owned: bool) -> None:
        self.count += 1
        if page.source != "row":
            self.pages.add(page.page_id, page_facts(page, owned, self._declared))
        if not owned:
            self.blank += "blank" in page.flags
            return
        self.owned_pages += 1
        if page.confidence is not None:
            self.confidences.append(page.confidence)
        if page.sharpness is not None:
            self.sharpnesses.append(page.sharpness)
