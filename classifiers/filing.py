"""What separator sheets of ours say of the pages behind them: box and chart number."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from rapidfuzz.distance import Levenshtein

from classifiers.page_facts import PageFacts
from records.separator_code import SeparatorCode, parse_separator_code
from records.values import Document, Field, Institution, SeparatorRead

OTHER_DELIVERY = "separator.other_delivery"
OTHER_CHART = "separator.other_chart"
UNCLEAR = "separator.unclear"
_UNSURE = 0.5
_SURE = 0.99
_TRUSTED = 0.5
_MISREAD = 1  # letters that two readings of one chart number may differ by


def read_separators(
    pages: Iterable[PageFacts], institution: Institution, reference: str
) -> Mapping[str, SeparatorRead]:
    """Return what our own sheets say, by page; a sheet that is not for this delivery is refused.

    Where no institution is known (a file read on trial) every sheet is obeyed.
    """
    found: dict[str, SeparatorRead] = {}
    for page in pages:
        codes = [code for text in page.form.page.codes if (code := parse_separator_code(text))]
        if not codes:
            continue
        if any(not _is_ours(code, institution, reference) for code in codes):
            found[page.page_id] = SeparatorRead(refused=OTHER_DELIVERY)
        elif len(codes) > 1:
            found[page.page_id] = SeparatorRead(refused=UNCLEAR)
        else:
            found[page.page_id] = SeparatorRead(codes[0].box, codes[0].chart_no)
    return found


def not_obeyed(separators: Mapping[str, SeparatorRead]) -> frozenset[str]:
    """The pages of sheets that do not even cut: those of other deliveries."""
    return frozenset(page for page, read in separators.items() if read.refused == OTHER_DELIVERY)


def file_documents(
    documents: Sequence[Document], order: Sequence[str], separators: Mapping[str, SeparatorRead]
) -> tuple[Document, ...]:
    """Give each document the box and chart number of the sheet before it.

    Documents beside a sheet of another delivery are made unsure, so that a person looks.

    Args:
        documents: of one stack.
        order: all pages of the stack.
        separators: what our own sheets in it say.
    """
    if not separators:
        return tuple(documents)
    first = {document.pages[0]: document for document in documents}
    owner = {page: document.id for document in documents for page in document.pages}
    beside = _beside_foreign(order, owner, not_obeyed(separators))
    filed: list[Document] = []
    box = chart = ""
    for page in order:
        read = separators.get(page)
        if read is not None and read.refused == UNCLEAR:
            box = chart = ""
        elif read is not None and read.box:
            box, chart = read.box, read.chart_no
        elif read is not None and read.chart_no:
            chart = read.chart_no
        if page in first:
            document = _filed(first[page], box, chart)
            filed.append(_doubted(document, OTHER_DELIVERY) if document.id in beside else document)
    return tuple(filed)


def _is_ours(code: SeparatorCode, institution: Institution, reference: str) -> bool:
    if not institution.code:
        return True
    return (code.institution, code.reference) == (institution.code, reference)


def _beside_foreign(
    order: Sequence[str], owner: Mapping[str, str], foreign: frozenset[str]
) -> set[str]:
    """Ids of the documents whose page is the nearest one before or behind a refused sheet."""
    beside: set[str] = set()
    for place, page in enumerate(order):
        if page in foreign:
            for way in (order[:place][::-1], order[place + 1 :]):
                beside |= {owner[near] for near in [p for p in way if p in owner][:1]}
    return beside


def _filed(document: Document, box: str, chart: str) -> Document:
    if not box and not chart:
        return document
    document = replace(document, box=box or None, filed_chart_no=chart or None)
    printed = document.fields.get("chart_no")
    if not chart:
        return document
    if printed is None:
        field = Field(chart, chart, _SURE, None, None, "chart_no.separator_sheet")
        return replace(document, fields={**document.fields, "chart_no": field})
    differs = Levenshtein.distance(str(printed.value), chart) > _MISREAD
    if differs and (printed.confidence or 0.0) >= _TRUSTED:
        return _doubted(document, OTHER_CHART)
    return document


def _doubted(document: Document, why: str) -> Document:
    sure = 1.0 if document.boundary_confidence is None else document.boundary_confidence
    return replace(
        document, boundary_confidence=min(sure, _UNSURE), evidence=(*document.evidence, why)
    )
