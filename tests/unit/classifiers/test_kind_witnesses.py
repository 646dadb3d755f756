"""Title, signs and text are three witnesses of a kind: when two of them overrule the third."""

from classifiers.form import read_form
from classifiers.kind_decision import UNSURE, decide
from classifiers.page_facts import PageFacts, look
from classifiers.stack import setting_of
from classifiers.titles import find_titles
from tests.unit.classifiers import papers

# No title of its own is readable, and the cell of the insurance looks like the title of its card.
UNTITLED_BILL = "▒▒▒▒▒▒\n건강보험\n" + papers.RECEIPT.partition("\n")[2] + "투약 및 조제료\n" * 8
# A sheet of results that speaks as a letter does.
LAB = "검사결과지\n채취일시 : 2019-03-05\n" + "가" * 120 + "\n의뢰합니다\n고진선처를 바랍니다\n"


def _facts(text: str) -> list[PageFacts]:
    return [look(papers.page(text), setting_of(papers.OURS))]


def _doubts(text: str, kind: str, sure: float) -> list[str]:
    guess = decide(_facts(text), text={kind: sure, "referral_letter": 1 - sure})
    assert guess.kind == kind
    assert (guess.confidence <= UNSURE) == any(one.startswith("kind.") for one in guess.evidence)
    return [one for one in guess.evidence if one.startswith("kind.")]


def test_a_cell_that_looks_like_a_title_does_not_contradict_signs_and_text() -> None:
    """Two witnesses without doubt outweigh one line; a text with some doubt does not."""
    (facts,) = _facts(UNTITLED_BILL)
    assert [hit.kind for hit in facts.titles] == ["id_or_power_of_attorney"]

    assert _doubts(UNTITLED_BILL, "fee_receipt", 0.999) == []
    assert "kind.contradicted" in _doubts(UNTITLED_BILL, "fee_receipt", 0.95)


def test_phrases_of_another_form_do_not_contradict_title_and_text() -> None:
    """A clear title and a text without doubt outweigh them; a text with some doubt does not."""
    assert _doubts(LAB, "lab_result", 0.9999) == []
    assert "kind.contradicted" in _doubts(LAB, "lab_result", 0.98)


def test_a_short_text_is_a_witness_only_where_it_has_no_doubt() -> None:
    """Eighty letters with a title: enough for 0.999, too few for 0.95; thirty never are."""
    paper = "주민등록증\n홍길동\n" + "가" * 80 + "\n"

    assert _doubts(paper, "id_or_power_of_attorney", 0.999) == []
    assert "kind.few_signs" in _doubts(paper, "id_or_power_of_attorney", 0.95)
    assert "kind.few_signs" in _doubts(
        paper.replace("가" * 80, "가" * 30), "id_or_power_of_attorney", 0.999
    )


def test_a_label_with_its_value_is_no_title() -> None:
    """A "주민등록번호" cut short is near to "주민등록증", and nearer to itself."""
    assert find_titles(read_form(papers.page("주민등록번 800101-1234560\n"))) == ()
    (misread,) = find_titles(read_form(papers.page("주민등륵증\n")))
    assert misread.kind == "id_or_power_of_attorney"


def test_a_title_on_the_line_of_a_letterhead_is_found() -> None:
    """The figures of a telephone make a line no longer than a title may be."""
    line = "통원확인서 온새미가정의학과의원 TEL 041-785-0876 FAX 041-785-1561\n"

    assert find_titles(read_form(papers.page(line)))[0].kind == "outpatient_confirmation"
