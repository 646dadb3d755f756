"""Made pages of every kind: the truth's own words and boxes, and one page that was really read."""

import pytest

from classifiers.stack import assemble
from ocr.engine import make_engine
from ocr.reading import read_page
from records.taxonomy import load_taxonomy
from records.values import Document, Institution, Line, PageImage, PageText, Word
from tests.makers.pages import MadePage, make_page
from tests.makers.truth import PageTruth

NOBODY = Institution(code="", name="")
KINDS = tuple(kind.code for kind in load_taxonomy().issuable)
CHECKED = (
    "patient_name",
    "resident_number",
    "birth_date",
    "chart_no",
    "visit_date",
    "issue_date",
    "admission_date",
    "discharge_date",
    "disease_codes",
    "total_amount",
    "patient_amount",
    "doctor",
    "licence_no",
    "institution_code",
)


def _as_read(truth: PageTruth, page_id: str) -> PageText:
    return PageText(
        page_id=page_id,
        width=truth.width,
        height=truth.height,
        dpi=truth.dpi,
        rotation=0,
        skew=0.0,
        lines=tuple(
            Line(tuple(Word(word.text, word.box) for word in line.words)) for line in truth.lines
        ),
    )


def _document(made: list[MadePage]) -> Document:
    pages = [_as_read(page.truth, f"p-{number}") for number, page in enumerate(made)]
    (document,) = assemble("b", "t", pages, NOBODY).documents
    return document


def _printed(made: list[MadePage]) -> dict[str, object]:
    """The first value of each checked key; lists are joined over the pages."""
    wanted: dict[str, object] = {}
    for page in made:
        for key in CHECKED:
            value = page.truth.fields.get(key)
            if isinstance(value, (list, tuple)):
                known = wanted.setdefault(key, [])
                assert isinstance(known, list)
                known.extend(item for item in value if item not in known)
            elif value is not None:
                wanted.setdefault(key, value)
    return wanted


@pytest.mark.parametrize("kind", KINDS)
def test_a_made_document_is_whole_typed_and_read(kind: str) -> None:
    """All pages of a printed document are one document of its kind, with the fields printed."""
    made = make_page(kind, None, 500, "clean", 200)
    document = _document(made)
    wanted = _printed(made)
    read = {key: document.fields[key].value for key in wanted if key in document.fields}

    assert kind == document.type
    assert document.type_confidence is not None
    assert document.type_confidence >= 0.9
    assert wanted == read


@pytest.mark.parametrize(
    ("kind", "type_"),
    [
        ("consent_form", "consent_form"),
        ("id_or_power_of_attorney", "id_or_power_of_attorney"),
        ("external_document", "external_document"),
        ("brochure", "none"),
    ],
)
def test_a_made_paper_that_is_no_record_is_refused(kind: str, type_: str) -> None:
    """Papers between the records are not taken for records."""
    assert type_ == _document(make_page(kind, None, 500, "clean", 200)).type


def test_a_scanned_page_is_typed_with_boxes_on_it() -> None:
    """A mildly worn scan, really read, gives its kind, and its resident number where it stands."""
    (made,) = make_page("prescription", None, 501, "mild", 300)
    image = made.image
    pixels = PageImage("p-0", image.width, image.height, image.mode, 300, image.tobytes())
    text = read_page(pixels, make_engine("tesseract", "Hangul+eng")).text
    (document,) = assemble("b", "t", [text], NOBODY).documents
    number = document.fields["resident_number"]

    assert document.type == "prescription"
    assert made.truth.fields["resident_number"] == number.value
    assert number.box is not None
    assert 0 <= number.box.x0 < number.box.x1 <= text.width
