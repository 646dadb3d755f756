"""Codes of an operator's list that stand on a line beside their own name."""

from collections.abc import Mapping

import pytest

from classifiers.stack import assemble
from records.values import Field
from tests.unit.classifiers import papers

DISEASES: Mapping[str, str] = {
    "D17.1": "몸통의 양성 지방종성 신생물",
    "E10": "1형 당뇨병",
    "I10": "본태성(원발성) 고혈압",
    "J18.9": "상세불명의 폐렴",
    "L20.9": "상세불명의 아토피피부염",
    "M54.5": "아래허리통증",
}
TWO = "A) L20.9 상세불명의 아토피피부염\nA) M54.5 아래허리통증\n"


def _codes(text: str) -> Field | None:
    (document,) = assemble("b", "t", [papers.page(text)], papers.OURS, diseases=DISEASES).documents
    return document.fields.get("disease_codes")


@pytest.mark.parametrize(
    ("line", "first"),
    [
        ("D17.1 몸통의 양성 지방종성 신생물", "D17.1"),
        ("D17.1 에 대하여 설명함", None),
        ("신110 본태성(원발성) 고혈압", "I10"),
        ("신110 혈압 조절 양호", None),
        ("d17.1 몸통의 양성 지방종성 신생물", "D17.1"),
        ("M54.5 아래어리통증", "M54.5"),
    ],
)
def test_a_line_that_names_a_disease_counts_without_its_label(line: str, first: str | None) -> None:
    """What stood before it was lost; the name says that it is a code, and where the list begins."""
    codes = ["L20.9", "M54.5"]
    field = _codes(papers.CHART + f"{line}\n증상 호전됨\n{TWO}")

    assert field is not None
    assert field.value == [*([first] if first else []), *(c for c in codes if c != first)]
    assert field.rule.endswith("completed+repair+each_named") == (first in {"D17.1", "I10"})


@pytest.mark.parametrize(
    ("lines", "codes"),
    [
        (
            "A L209 상세불명의 아토피피부염\nA 110 본태성(원발성) 고혈압\nA M545 아래허리통증\n",
            ["L20.9", "I10", "M54.5"],
        ),
        (
            "A) L20.9 상세불명의 아토피피부염\n증상 호전됨\n신110 본태성(원발성) 고혈압\n",
            ["L20.9", "I10"],
        ),
        ("A) L20.9 상세불명의 아토피피부염\n증상 호전됨\n신110 혈압 조절 양호\n", ["L20.9"]),
    ],
)
def test_codes_without_a_point_keep_their_place(lines: str, codes: list[str]) -> None:
    """A list stands in the order of its first prints, and one code alone hides no second."""
    field = _codes(papers.CHART + lines)

    assert field is not None
    assert field.value == codes


def test_letters_in_the_place_of_figures_are_these_figures() -> None:
    """JI8.9 is J18.9 where the operator's list has that, and nothing where it does not."""
    text = papers.DIAGNOSIS.replace("M54.5", "JI8.9")
    field = _codes(text)

    assert field is not None
    assert (field.value, field.rule) == (["J18.9"], "disease_codes.figures+named+repair")
    assert _codes(text.replace("JI8.9", "JI7.9")) is None


@pytest.mark.parametrize("label", ["診療目", "診 療 日"])
def test_a_label_of_a_day_in_hanja_may_end_in_an_eye(label: str) -> None:
    """目 is what readers make of 日."""
    text = papers.DIAGNOSIS.replace("진단일 : 2019. 3. 5.", f"{label} 2019-03-04")
    (document,) = assemble("b", "t", [papers.page(text)], papers.OURS).documents

    assert document.fields["visit_date"].value == "2019-03-04"


@pytest.mark.parametrize("code", ["318.9", "300"])
def test_a_code_whose_label_was_misread_is_told_by_its_name(code: str) -> None:
    """Its first sign is a figure, its label a riddle; the only name beside it says which it is."""
    text = papers.DIAGNOSIS.replace("질병분류기호", "에사체").replace("M54.5", code)
    field = _codes(text.replace("요통", "상세불명의 폐렴"))

    if code == "318.9":
        assert field is not None
        assert (field.value, field.confidence) == (["J18.9"], 0.85)
    else:
        assert field is None


@pytest.mark.parametrize(
    ("line", "held"),
    [("A) 318.9 심하게 지워짐", True), ("A) N39 요로", True), ("A) M54.5 허리", False)],
)
def test_a_list_with_a_code_that_was_not_read_is_for_a_person(line: str, held: bool) -> None:
    """A code without its letter and its name, or one that is not in the operator's list."""
    (document,) = assemble(
        "b", "t", [papers.page(papers.CHART + TWO + line)], papers.OURS, diseases=DISEASES
    ).documents

    assert ("field.unsure.disease_codes" in document.evidence) == held


def test_a_code_mended_at_its_first_place_stays_first() -> None:
    """110 is I10; that I10 stands there once more, further down, does not move it."""
    lines = "A) 110 본태성(원발성) 고혈압\nA) M54.5 아래허리통증\nA) I10 본태성(원발성) 고혈압\n"
    field = _codes(papers.CHART + lines)

    assert field is not None
    assert field.value == ["I10", "M54.5"]
