"""What an inspector is shown of each sampled page; a known defect is shown like any other page."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.assembly import Workshop
from pipeline.outcomes import Outcomes
from pipeline.reader import Reader
from pipeline.sampling import Inspection, inspection_of
from pipeline.separate_duties import require_other_person
from quality.sampling.sample import SampleItem
from records.errors import RejectedInput
from records.values import Document, Field, PageText

PATIENT = ("patient_name", "resident_number", "birth_date", "sex", "chart_no")


@dataclass(frozen=True, slots=True)
class SamplePage:
    """One page to inspect: where its paper lies, and what the machine says of it.

    `kind` is blank | separator | duplicate for a page set aside, whose `fields` are empty.
    `number` and `pages` are its place in its document, from 1, and the document's length.
    """

    item: str
    page: str
    path: str
    number_in_file: int
    box: str
    kind: str
    number: int
    pages: int
    fields: Mapping[str, Field]
    text: PageText | None


def pages_to_judge(
    workshop: Workshop, batch: str, reader: Reader, *, second: bool = False
) -> list[SamplePage]:
    """The pages that this person has still to look at, in their drawn order; logged first.

    Args:
        workshop: the parts.
        batch: the batch.
        reader: who looks.
        second: those that somebody else has judged and that a second person is asked about.

    Raises:
        RejectedInput: `sample_not_drawn`.
    """
    inspection = inspection_of(workshop, batch)
    if inspection is None:
        raise RejectedInput("sample_not_drawn", batch)
    items = [item for item in inspection.sample.items if _is_open(inspection, item, reader, second)]
    work = workshop.work(batch)
    if items:
        pages = [item.page for item in items]
        workshop.log_access(reader, "sample", work.batch.delivery.institution.code, pages)
    outcomes = Outcomes(work)
    return [_shown(outcomes, item) for item in items]


def page_to_judge(workshop: Workshop, batch: str, item: str, reader: Reader) -> SamplePage:
    """One sampled page that this person has not judged yet; logged first.

    Raises:
        RejectedInput: `sample_not_drawn`, `sample_item_unknown`, `sample_item_judged`,
            `inspector_scanned_it`.
    """
    work = workshop.work(batch)
    require_other_person(work.batch.delivery, reader.who)
    inspection = inspection_of(workshop, batch)
    if inspection is None:
        raise RejectedInput("sample_not_drawn")
    found = next((one for one in inspection.sample.items if one.id == item), None)
    if found is None:
        raise RejectedInput("sample_item_unknown")
    if reader.who in inspection.judged_by(item):
        raise RejectedInput("sample_item_judged")
    workshop.log_access(reader, "sample", work.batch.delivery.institution.code, [found.page])
    return _shown(Outcomes(work), found)


def _is_open(inspection: Inspection, item: SampleItem, reader: Reader, second: bool) -> bool:
    judged = inspection.judged_by(item.id)
    return item.second and bool(judged) and reader.who not in judged if second else not judged


def _shown(outcomes: Outcomes, item: SampleItem) -> SamplePage:
    path, number_in_file = outcomes.places[item.page]
    document = outcomes.final(item.document) if item.document else None
    return SamplePage(
        item=item.id,
        page=item.page,
        path=path,
        number_in_file=number_in_file,
        box=(document.box if document else None) or outcomes.work.box_of(path) or "",
        kind=_kind(outcomes, item, document),
        number=document.pages.index(item.page) + 1 if document else 1,
        pages=len(document.pages) if document else 1,
        fields=_fields(outcomes, item, document),
        text=outcomes.work.page(item.page).text,
    )


def _kind(outcomes: Outcomes, item: SampleItem, document: Document | None) -> str:
    if document is None:
        return outcomes.set_aside.get(item.page, "duplicate")
    return item.shown if item.known == "defect_wrong_kind" else document.type


def _fields(outcomes: Outcomes, item: SampleItem, document: Document | None) -> Mapping[str, Field]:
    if document is None:
        return {}
    if item.known != "defect_wrong_patient":
        return document.fields
    other = outcomes.documents[item.shown].fields
    own = {key: field for key, field in document.fields.items() if key not in PATIENT}
    return {key: other[key] for key in PATIENT if key in other} | own
