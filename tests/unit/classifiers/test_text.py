"""Plain text with form feeds."""

from pathlib import Path

import pytest

from classifiers.text import classify_text
from tests.unit.classifiers import papers


def test_a_form_feed_ends_a_page() -> None:
    """Three papers in one text are three documents; a last form feed opens no page."""
    text = "\f".join((papers.DIAGNOSIS, papers.PRESCRIPTION, papers.LEAFLET)) + "\f"
    stack = classify_text(text)

    assert [document.type for document in stack.documents] == [
        "diagnosis_certificate",
        "prescription",
        "none",
    ]
    assert dict(stack.set_aside) == {}


def test_an_empty_page_is_blank() -> None:
    """Nothing between two form feeds is a blank page."""
    stack = classify_text(f"{papers.CHART}\f\f{papers.CHART_PAGE_TWO}")

    assert len(stack.documents) == 1
    assert list(stack.set_aside.values()) == ["blank"]


def test_the_same_text_gives_the_same_answer() -> None:
    """Ids, types and fields depend on nothing but the text."""
    assert classify_text(papers.LAB) == classify_text(papers.LAB)


def test_windows_line_ends_and_wide_digits_are_read() -> None:
    """Line ends and full-width letters of old systems do not matter."""
    text = papers.DIAGNOSIS.replace("800101-1234560", "８００１０１－１２３４５６０")
    (document,) = classify_text(text.replace("\n", "\r\n")).documents

    assert document.fields["resident_number"].value == "800101-1234560"


@pytest.mark.material
def test_naughty_strings_are_pages_like_any_other() -> None:
    """Whatever text comes, each page is in one document or set aside, and no kind is sure."""
    file = Path(__file__).parents[4] / "shared" / "material" / "A20" / "blns.txt"
    if not file.is_file():
        pytest.skip("the shared material folder is absent")
    text = file.read_text("utf-8").replace("\f", " ").replace("\n\n", "\f")
    stack = classify_text(text)
    used = [page for document in stack.documents for page in document.pages]

    assert len({*used, *stack.set_aside}) == text.removesuffix("\f").count("\f") + 1
    assert len(used) == len(set(used))
    assert all((document.type_confidence or 0.0) < 0.8 for document in stack.documents)
