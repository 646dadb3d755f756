"""The document of a file that a row names takes that row's patient, and says so."""

from dataclasses import replace

import pytest

from pipeline.named_patients import EVIDENCE, NamedPatients, named_files
from records.values import Attachment, Document, Field, PageRef, Scan

SCANS = [Scan(f"s-{n}", f"f-{n}", "t", f"scan/{n}.tif", "tiff", 1) for n in (1, 2)]
PAGES = [PageRef(f"p-{n}", f"s-{n}", f"f-{n}", "t", 0, n) for n in (1, 2)]


def document(pages: tuple[str, ...], **said: str) -> Document:
    """A document that says so much of its patient."""
    fields = {key: Field(value, value, 0.99, pages[0], None, key) for key, value in said.items()}
    return Document("d", "b", "t", pages, "medical_record", 0.9, 0.9, fields, ("seen",))


def told(made: Document, *rows: Document) -> Document:
    """The document as the rows tell it; each row names the first scan."""
    attachment = Attachment("1.tif", "f-1", "scan/1.tif", "0" * 64)
    by_page = {f"p-row{n}": row for n, row in enumerate(rows)}
    named = [
        one
        for page, row in by_page.items()
        for one in named_files(replace(row, pages=(page,), attachments=(attachment,)))
    ]
    return NamedPatients(SCANS, named, by_page.get).told(made, PAGES)


ROW = document(("p-row",), chart_no="00000001", patient_name="김가나", visit_date="2019-03-05")


def test_a_file_that_says_nothing_takes_its_rows_patient() -> None:
    """Chart number and name come from the row, which stands as their page; nothing else does."""
    made = told(document(("p-1",), visit_date="2019-03-06"), ROW, ROW)

    assert {key: (one.value, one.page_id, one.rule) for key, one in made.fields.items()} == {
        "visit_date": ("2019-03-06", "p-1", "visit_date"),
        "chart_no": ("00000001", "p-row", "chart_no.named_by_row"),
        "patient_name": ("김가나", "p-row", "patient_name.named_by_row"),
    }
    assert made.evidence == ("seen", EVIDENCE)


def test_a_file_that_names_its_patient_takes_the_chart_number_only() -> None:
    """What is printed stands: of the row only the chart number is added."""
    made = told(document(("p-1",), patient_name="김가나"), ROW)

    assert made.fields["patient_name"].rule == "patient_name"
    assert made.fields["chart_no"].value == "00000001"


@pytest.mark.parametrize(
    ("made", "rows"),
    [
        (document(("p-1",)), (ROW, document(("p-row",), chart_no="00000002"))),
        (document(("p-1",), patient_name="박마바"), (ROW,)),
        (document(("p-2",)), (ROW,)),
        (document(("p-1", "p-2")), (ROW,)),
        (document(("p-1",)), (document(("p-row",), visit_date="2019-03-05"),)),
    ],
    ids=["two patients", "another's name", "another file", "a file of nobody", "row of nobody"],
)
def test_where_it_is_not_clear_nothing_is_taken(made: Document, rows: tuple[Document, ...]) -> None:
    """Rows of two patients, a document of another, and a file that no row names: all stay."""
    assert told(made, *rows) is made
