"""Which fields are too unsure for their document to be accepted, and what sums say of totals."""

from dataclasses import replace

import pytest

from classifiers.stack import assemble
from records.reasons import load_reasons
from records.values import Document, Line
from tests.unit.classifiers import papers


def _document(text: str, doubted: str = "") -> Document:
    """Return the document of a paper, one of whose words the reader was unsure of."""
    page = papers.page(text)
    lines = [
        Line(tuple(replace(w, confidence=0.4 if w.text == doubted else 0.95) for w in line.words))
        for line in page.lines
    ]
    (document,) = assemble("b", "t", [replace(page, lines=tuple(lines))], papers.OURS).documents
    return document


def _doubts(text: str, doubted: str = "") -> list[str]:
    return [code for code in _document(text, doubted).evidence if code.startswith("field.")]


@pytest.mark.parametrize(
    "paper",
    [papers.DIAGNOSIS, papers.RECEIPT, papers.DETAIL, papers.PRESCRIPTION, papers.TREATMENT],
)
def test_a_paper_that_was_read_well_has_no_doubts(paper: str) -> None:
    """Nothing is held whose fields are all there and sure."""
    assert _doubts(paper) == []


@pytest.mark.parametrize(
    ("before", "after", "doubted", "expected"),
    [
        ("홍길동", "홍길동", "홍길동", "field.unsure.patient_name"),
        ("800101-1234560", "800101-123456", "", "field.unsure.resident_number"),
        ("1980-01-01", "1980-10-01", "", "field.unsure.birth_date"),
        ("M54.5", "M54.5 M54", "", "field.unsure.disease_codes"),
        ("M54.5", "00", "", "field.unread.disease_codes"),
        ("2019년 3월 6일", "2019년 3월 일", "", "field.unread.issue_date"),
    ],
)
def test_what_was_not_read_for_sure_is_named(
    before: str, after: str, doubted: str, expected: str
) -> None:
    """Each way of being unsure gives the code of its field, and that code has words."""
    assert _doubts(papers.DIAGNOSIS.replace(before, after), doubted) == [expected]
    assert expected in load_reasons()


def test_sums_confirm_a_total() -> None:
    """A total that the bill's own sums come to is sure, though the reader doubted it."""
    bill = papers.RECEIPT.replace("진료비 총액 12,380", "진료비 총액 12,380 공단부담 총액 8,680")

    total = _document(bill, "12,380").fields["total_amount"]

    assert (total.value, total.rule.endswith("+sum"), total.confidence) == (12_380, True, 0.9)


def test_shares_in_columns_confirm_a_total() -> None:
    """Amounts below their labels, and a row of totals below its title, are summed like others."""
    bill = papers.RECEIPT.replace(
        "진료비 총액 12,380\n환자부담 총액 3,700\n",
        "합계\n3,714 8,666 0\n진료비 총액 공단부담 총액\n12,380 8,666\n환자부담 총액\n3,700\n",
    )
    total = _document(bill, "12,380").fields["total_amount"]

    assert (total.value, total.rule.endswith("+sum")) == (12_380, True)


def test_two_sums_correct_a_total() -> None:
    """The row of totals, and the sum before rounding, agree on what the last line misread."""
    bill = papers.DETAIL.replace("합계 12,366 3,700 8,666 0 0", "합계 72,366 3,700 8,666 0 0")

    assert "field.unsure.total_amount" in _doubts(bill)

    split = papers.DETAIL.replace("합계 12,366 3,700 8,666 0 0", "합계 3,700 8,666 0 0")
    total = _document(split).fields["total_amount"]
    assert (total.value, total.rule) == (12_366, "total_amount.rows+by_sums")


def test_a_figure_in_the_place_of_a_code_is_mended_by_its_shape() -> None:
    """No code begins with a figure: 110 under a label of codes, or before a diagnosis, is I10."""
    cell = _document(papers.DIAGNOSIS.replace("M54.5", "110")).fields["disease_codes"]
    chart = _document(papers.CHART + "A) 110 본태성 고혈압\n").fields["disease_codes"]

    assert (cell.value, cell.rule.endswith("+repair")) == (["I10"], True)
    assert chart.value == ["I10"]


@pytest.mark.parametrize(("printed", "code"), [("110", "I10"), ("854.5", "B54.5")])
def test_a_mended_code_is_believed_by_a_list_only(printed: str, code: str) -> None:
    """An 8 may have been B or M: the operator's list has one code of these figures, or a person."""
    text = papers.DIAGNOSIS.replace("M54.5", printed)
    lists: list[tuple[dict[str, str], bool]] = [
        ({}, False),
        ({code: "이름"}, True),
        ({code: "이름", f"M{code[1:]}": "다른 이름"}, False),
        ({"J00": "감기"}, False),
    ]
    for names, believed in lists:
        stack = assemble("b", "t", [papers.page(text)], papers.OURS, diseases=names)
        (document,) = stack.documents

        assert document.fields["disease_codes"].value == [code]
        assert ("field.unsure.disease_codes" not in document.evidence) == believed


def test_figures_that_may_be_something_else_stay_what_they_are() -> None:
    """A dose behind a diagnosis is no code."""
    assert "disease_codes" not in _document(papers.CHART + "A) 110 mg\n").fields
