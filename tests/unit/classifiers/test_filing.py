"""Separator sheets give the pages behind them their box and chart number."""

from dataclasses import replace

from classifiers.stack import assemble
from records.separator_code import SeparatorCode
from records.values import Institution, PageText, Stack
from tests.unit.classifiers import papers

_CODE = papers.OURS.code
_BARE = "소 견 서\n환자 성명 : 홍길동\n소견내용 : 호전됨.\n위의 소견을 제출함\n"


def _sheet(page_id: str, *codes: SeparatorCode) -> PageText:
    page = papers.page("구분지", page_id, ("separator",))
    return replace(page, codes=tuple(code.text for code in codes))


def _assemble(*pages: PageText) -> Stack:
    return assemble("b", "t", pages, papers.OURS, "2026-1")


def test_box_and_chart_hold_until_the_next_sheet() -> None:
    """A box sheet opens a box, a chart sheet names its chart, a document sheet changes neither."""
    stack = _assemble(
        _sheet("s-0", SeparatorCode(_CODE, "2026-1", "7")),
        papers.page(_BARE, "p-0"),
        _sheet("s-1", SeparatorCode(_CODE, "2026-1", "7", "00123456")),
        papers.page(_BARE, "p-1"),
        _sheet("s-2", SeparatorCode(_CODE, "2026-1")),
        papers.page(papers.DIAGNOSIS, "p-2"),
        _sheet("s-3", SeparatorCode(_CODE, "2026-1", "8")),
        papers.page(_BARE, "p-3"),
    )

    filed = [(document.box, document.filed_chart_no) for document in stack.documents]
    assert filed == [("7", None), ("7", "00123456"), ("7", "00123456"), ("8", None)]
    assert stack.documents[1].fields["chart_no"].rule == "chart_no.separator_sheet"
    assert stack.documents[2].fields["chart_no"].rule != "chart_no.separator_sheet"
    assert set(stack.set_aside.values()) == {"separator"}


def test_a_sheet_of_another_delivery_is_not_obeyed() -> None:
    """It cuts nothing and gives nothing; the document around it is unsure, with the reason."""
    for other in (
        SeparatorCode("39999999", "2026-1", "1"),
        SeparatorCode(_CODE, "2025-9", "1"),
        SeparatorCode(_CODE, "", "1"),
    ):
        stack = _assemble(
            papers.page(papers.CHART + "1/2\n", "p-0"),
            _sheet("s-0", other),
            papers.page(papers.CHART_PAGE_TWO + "2/2\n", "p-1"),
        )

        (document,) = stack.documents
        assert (document.pages, document.box) == (("p-0", "p-1"), None)
        assert "separator.other_delivery" in document.evidence
        assert (document.boundary_confidence or 0.0) < 0.7
        assert stack.separators["s-0"].refused == "separator.other_delivery"
        assert dict(stack.set_aside) == {"s-0": "separator"}


def test_a_delivery_without_a_reference_obeys_no_sheet_that_bears_one() -> None:
    """Whose it is cannot be told; a file that is read on trial, of nobody, obeys every sheet."""
    pages = (_sheet("s-0", SeparatorCode(_CODE, "2025-9", "1")), papers.page(_BARE, "p-0"))

    ours = assemble("b", "t", pages, papers.OURS)
    nobodys = assemble("b", "t", pages, Institution("", ""))

    assert ours.separators["s-0"].refused == "separator.other_delivery"
    assert nobodys.documents[0].box == "1"


def test_only_the_nearest_documents_are_doubted() -> None:
    """A foreign sheet makes the documents on both its sides unsure, and no others."""
    stack = _assemble(
        papers.page(papers.DIAGNOSIS, "p-0"),
        papers.page(papers.PRESCRIPTION, "p-1"),
        _sheet("s-0", SeparatorCode("39999999")),
        papers.page("", "p-2", ("blank",)),
        papers.page(papers.RECEIPT, "p-3"),
        papers.page(papers.SURGERY, "p-4"),
    )

    doubted = [d.pages for d in stack.documents if "separator.other_delivery" in d.evidence]
    assert doubted == [("p-1",), ("p-3",)]


def test_a_printed_chart_number_against_the_sheet_is_held() -> None:
    """The document keeps what it prints, and a person decides whose it is."""
    stack = _assemble(
        _sheet("s-0", SeparatorCode(_CODE, "2026-1", "7", "99999999")),
        papers.page(papers.DIAGNOSIS, "p-0"),
    )

    (document,) = stack.documents
    assert document.fields["chart_no"].value == "00123456"
    assert "separator.other_chart" in document.evidence
    assert (document.boundary_confidence or 0.0) < 0.7


def test_two_sheets_on_one_page_give_nothing() -> None:
    """Sheets that were scanned together cut, but name no box."""
    stack = _assemble(
        papers.page(papers.CHART, "p-0"),
        _sheet("s-0", SeparatorCode(_CODE, "2026-1", "7"), SeparatorCode(_CODE, "2026-1", "8")),
        papers.page(papers.CHART_PAGE_TWO, "p-1"),
    )

    assert [(document.pages, document.box) for document in stack.documents] == [
        (("p-0",), None),
        (("p-1",), None),
    ]
    assert stack.separators["s-0"].refused == "separator.unclear"
