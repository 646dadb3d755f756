"""Letters between institutions: which are ours to issue."""

from dataclasses import replace

import pytest

from classifiers.stack import assemble
from records.values import Document, Line
from tests.unit.classifiers import papers


def _document(text: str, doubted: str = "") -> Document:
    page = papers.page(text)
    lines = tuple(
        Line(
            tuple(
                replace(word, confidence=0.4 if word.text == doubted else 0.95)
                for word in line.words
            )
        )
        for line in page.lines
    )
    (document,) = assemble("b", "t", [replace(page, lines=lines)], papers.OURS).documents
    return document


def _to_us(text: str) -> str:
    return text.replace("의뢰받는 기관 : 누리종합병원", "수신 가람내과의원 원장님 귀하").replace(
        "의료기관 명칭 : 가람내과의원", "의료기관 명칭 : 새봄대학교병원"
    )


def test_our_code_beside_a_misread_name_makes_a_referral_ours() -> None:
    """Who refers prints the code of the institution; its own name may be misread beside it."""
    letterhead = "가람내과의원 TEL 02-000-0000\n"
    text = letterhead + papers.REFERRAL.replace("가람내과의원", "거룸서곽의원")

    assert _document(text).type == "external_document"
    ours = _document(text.replace("곽의원", "곽의원 요양기관기호 : 31234567"))
    assert (ours.type, (ours.type_confidence or 0.0) > 0.8) == ("referral_letter", True)


@pytest.mark.parametrize(
    ("change", "doubted", "held"),
    [
        (("", ""), "", False),
        (("", ""), "새봄대학교병원", True),  # the writer was not read surely
        (("새봄대학교병원", "가람외과병원"), "", True),  # it is too near ours
        (("2019년 3월 6일", "가람내과의원\n2019년 3월 6일"), "", True),  # ours stands elsewhere
    ],
)
def test_a_letter_to_us_is_another_institutions_document(
    change: tuple[str, str], doubted: str, held: bool
) -> None:
    """Without a person only where writer and addressee leave no doubt of who is who."""
    document = _document(_to_us(papers.REFERRAL).replace(*change), doubted)

    assert held == ((document.type_confidence or 0.0) < 0.8)
    if not held:
        assert document.type == "external_document"
