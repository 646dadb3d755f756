"""What a form shows must fit the day of issue that it bears (domain: form-version timeline)."""

import re

import pytest

from classifiers.form_versions import BEFORE_ITS_TIME, NEWER, OLDER
from classifiers.kind_decision import UNSURE
from classifiers.stack import assemble
from records.values import Document
from tests.unit.classifiers import papers

STAY = "입원·퇴원 연월일 : 해당 없음"
WARDS = "입원료 1인실 0\n입원료 2·3인실 0\n입원료 4인실 이상 0"
HANJA_CHART = papers.CHART.replace("주증상", "主訴")


def _of(text: str) -> Document:
    (document,) = assemble("b", "t", [papers.page(text)], papers.OURS).documents
    return document


def _versions(document: Document) -> list[str]:
    return [code for code in document.evidence if code in (BEFORE_ITS_TIME, NEWER, OLDER)]


def _issued(paper: str, day: str) -> str:
    year, month, day_of_month = day.split("-")
    written = f"{year}년 {int(month)}월 {int(day_of_month)}일"
    (printed,) = re.findall(r"2019년 3월 \d일", paper)
    return paper.replace(printed, written)


def _with(paper: str, word: str) -> str:
    lines = paper.splitlines()
    return "\n".join((*lines[:3], word, *lines[3:]))


@pytest.mark.parametrize(
    ("paper", "day", "said"),
    [
        (_with(papers.RECEIPT, WARDS), "2019-03-06", [BEFORE_ITS_TIME]),
        (_with(papers.RECEIPT, WARDS), "2019-07-06", []),
        (papers.DIAGNOSIS, "2012-04-26", [BEFORE_ITS_TIME]),
        (papers.DIAGNOSIS, "2012-04-27", []),
        (_with(papers.DIAGNOSIS, STAY), "2015-12-22", [NEWER]),
        (_with(papers.DIAGNOSIS, STAY), "2015-12-23", []),
        (_with(papers.DIAGNOSIS, "진료과 : 비뇨의학과"), "2017-11-27", [NEWER]),
        (_with(papers.DIAGNOSIS, "진료과 : 비뇨의학과"), "2017-11-28", []),
        (_with(papers.DIAGNOSIS, "진료과 : 비뇨기과"), "2017-11-27", []),
        (_with(papers.DIAGNOSIS, "진료과 : 비뇨기과"), "2017-11-28", [OLDER]),
        (_with(papers.DIAGNOSIS, "진료과 : 심장혈관흉부외과"), "2022-11-21", [NEWER]),
        (_with(papers.DIAGNOSIS, "진료과 : 심장혈관흉부외과"), "2026-01-06", []),
        (_with(papers.DIAGNOSIS, "진료과 : 흉부외과"), "2022-11-21", []),
        (_with(papers.DIAGNOSIS, "진료과 : 흉부외과"), "2026-01-06", [OLDER]),
    ],
)
def test_words_and_day_are_compared(paper: str, day: str, said: list[str]) -> None:
    """Only a form that did not exist holds; clinics print names early and use up old stock."""
    document = _of(_issued(paper, day))

    assert document.fields["issue_date"].value == day
    assert _versions(document) == said
    assert document.type_confidence is not None
    assert (document.type_confidence <= UNSURE) == (BEFORE_ITS_TIME in said)


@pytest.mark.parametrize(("day", "said"), [("2013-10-03", []), ("2013-10-05", [OLDER])])
def test_a_chart_is_as_old_as_its_visit(day: str, said: list[str]) -> None:
    """Charts bear no day of issue; Hanja on them is old stock since their contents were eased."""
    assert _versions(_of(HANJA_CHART.replace("2019-03-05", day))) == said


@pytest.mark.parametrize("paper", [papers.DIAGNOSIS, papers.INJURY])
def test_a_certificate_without_a_disease_code_is_held_since_the_form_prints_it(paper: str) -> None:
    """Issued earlier it may lack the code and its label; since 2015-12-23 it was not read."""
    (cell,) = re.findall(r"  질병분류기호 : \S+", paper)
    bare = paper.replace(cell, "")
    unread = "field.unread.disease_codes"

    assert unread in _of(_issued(bare, "2019-03-06")).evidence
    assert unread in _of(_issued(bare, "2015-12-23")).evidence
    assert unread not in _of(_issued(bare, "2015-12-22")).evidence
    assert unread not in _of(_issued(paper, "2019-03-06")).evidence
