"""The separator sheets of a delivery: one a box, one a chart, and some for any document."""

from collections.abc import Iterator, Mapping

from ocr.separator_sheets import SheetOrder
from records.errors import RejectedInput
from records.separator_code import LONGEST, SeparatorCode
from records.values import Delivery

MOST = 5_000
"""Sheets of one PDF: ten packs of paper; more is a slip of the finger."""


def sheets_for(
    delivery: Delivery, boxes: Mapping[str, tuple[str, ...]], documents: int
) -> Iterator[SheetOrder]:
    """Yield the sheets in the order in which they are laid: a box, its charts, the next box.

    Args:
        delivery: what is declared of it.
        boxes: chart numbers by box; charts under "" are in no box.
        documents: how many sheets that separate any two documents; they come last.

    Raises:
        RejectedInput: `separator_no_reference`: the delivery names none that tells its sheets from
            those of the institution's other deliveries; `separator_too_long`: a box or chart number
            is too long for a bar code; `separator_count`: there would be none, or too many.
    """
    if not delivery.reference:
        raise RejectedInput("separator_no_reference", delivery.institution.code)
    declared = sum(bool(box) + len(charts) for box, charts in boxes.items())
    if documents < 0 or not 1 <= declared + documents <= MOST:
        raise RejectedInput("separator_count", str(declared + documents))
    for box, charts in boxes.items():
        if box:
            yield _sheet(delivery, box)
        for chart in charts:
            yield _sheet(delivery, box, chart)
    for _ in range(documents):
        yield _sheet(delivery)


def _sheet(delivery: Delivery, box: str = "", chart: str = "") -> SheetOrder:
    code = SeparatorCode(delivery.institution.code, delivery.reference, box, chart)
    if len(code.text) > LONGEST:
        raise RejectedInput("separator_too_long", str(len(code.text)))
    return SheetOrder(code, delivery.institution.name)
