"""The scanned pages of a batch as the report compares them: by box and by hour."""

from collections.abc import Sequence

from intake.archives import INSIDE
from pipeline.outcomes import Outcomes
from quality.page_facts import SCAN_FAULTS
from quality.page_quality import ScannedPage
from records.values import PageText

_HOUR = len("2026-11-20T09")


def scanned_pages(outcomes: Outcomes, texts: Sequence[PageText]) -> list[ScannedPage]:
    """Every page that was scanned and read; a document's box goes before its file's."""
    declared = {file.path: file.box or "" for file in outcomes.work.declared_files()}
    places = outcomes.places
    boxes = {
        page: document.box
        for document in outcomes.documents.values()
        if document.box
        for page in document.pages
    }
    return [
        ScannedPage(
            boxes.get(text.page_id)
            or declared.get(places[text.page_id][0].split(INSIDE, 1)[0], ""),
            text.scanned_at[:_HOUR],
            text.confidence,
            text.sharpness,
            bool(SCAN_FAULTS & set(text.flags)),
        )
        for text in texts
        if text.source != "row"
    ]
