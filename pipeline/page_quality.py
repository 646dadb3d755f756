"""The scanned pages of a batch as the report compares them: by box and by hour."""

from collections.abc import Callable

from intake.archives import INSIDE
from pipeline.outcomes import Outcomes
from pipeline.stage_results import PageLook
from quality.page_facts import SCAN_FAULTS
from quality.page_quality import ScannedPage

_HOUR = len("2026-11-20T09")


def page_scanner(outcomes: Outcomes) -> Callable[[PageLook], ScannedPage | None]:
    """What the report compares of a page; a document's box goes before its file's.

    None for a row of a table, which nobody scanned.
    """
    declared = {file.path: file.box or "" for file in outcomes.work.declared_files()}
    if "image" not in outcomes.work.triaged().kinds:
        return lambda _: None
    places = outcomes.places
    boxes = {
        page: document.box
        for document in outcomes.each_document()
        if document.box
        for page in document.pages
    }

    def scanned(look: PageLook) -> ScannedPage | None:
        if look.source == "row":
            return None
        file = places[look.page_id][0].split(INSIDE, 1)[0]
        return ScannedPage(
            boxes.get(look.page_id) or declared.get(file, ""),
            look.scanned_at[:_HOUR],
            look.confidence,
            look.sharpness,
            bool(SCAN_FAULTS & set(look.flags)),
        )

    return scanned
