"""Fields whose label or signs the reader lost in part: read where the rest proves them."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from classifiers.disease_list import parse_disease_list
from classifiers.stack import assemble
from records.errors import SetupError
from records.values import Box, Document, Line, PageText, Word
from tests.unit.classifiers import papers


def _document(text: str) -> Document:
    (document,) = assemble("b", "t", [papers.page(text)], papers.OURS).documents
    return document


def _issued(day: str) -> object:
    issued = _document(papers.DIAGNOSIS.replace("2019년 3월 6일", day)).fields.get("issue_date")
    return None if issued is None else issued.value


@pytest.mark.parametrize("day", ["2019 年 3 A 6", "2019 년 3 6 일", "2019 3 월 6", "2019 3 6 B"])
def test_a_day_of_issue_with_lost_signs_is_read(day: str) -> None:
    """Three figures alone at the foot, one sign of a day among them, are the day of issue."""
    assert _issued(day) == "2019-03-06"


@pytest.mark.parametrize("day", ["2019 A 6", "2019 3 6", "2019 年 3 A 36", "2019 年 3 A 6 1"])
def test_a_day_that_lost_a_figure_or_all_signs_is_not_guessed(day: str) -> None:
    """Two figures, none of its signs, a day that does not exist, or a fourth figure: no day."""
    assert _issued(day) is None


def test_a_day_whose_second_point_was_lost_is_read() -> None:
    """2019.0305 has eight figures and one point: it can be no other day; 2019.1305 is none."""
    text = papers.RECEIPT.replace("진료기간 : 2019. 3. 5.", "진료기간 : 2019.0305")
    lost = _document(text.replace("2019.0305", "2019.1305"))

    assert _document(text).fields["visit_date"].value == "2019-03-05"
    assert "field.unread.visit_date" in lost.evidence


def test_a_day_of_issue_before_the_end_of_care_is_for_a_person() -> None:
    """A confirmation of a stay until the 5th that was issued on the 4th: one is misread."""
    early = papers.ADMISSION.replace("2019년 3월 6일", "2019년 3월 4일")

    assert "field.unsure.issue_date" in _document(early).evidence
    assert "field.unsure.issue_date" not in _document(papers.ADMISSION).evidence


def test_the_end_of_a_name_before_a_misread_label_is_no_part_of_it() -> None:
    """Of "황순 자 주민동록번호" the label is one word; the syllable before it ends the name."""
    text = papers.DIAGNOSIS.replace("홍길동", "황순 자").replace("주민등록번호", "주민동록번호")

    assert _document(text).fields["patient_name"].value == "황순자"


def test_a_name_behind_a_licence_is_the_doctors() -> None:
    """A form in two languages may set "제 12345 호 성명" on a line of its own."""
    text = "통원확인서\n환자명 홍길동\n면허번호\n제 66272 호 성명\n주동현 (서명 또는 날인)\n"

    assert _document(text).fields["patient_name"].value == "홍길동"


def test_an_amount_read_in_two_words_counts_in_its_sum() -> None:
    """The amount "3, 714" is one of the row that comes to the total."""
    text = papers.RECEIPT.replace("진료비 총액 12,380", "합계 3, 714 8,666 0\n진료비 총액 12,380")

    assert _document(text).fields["total_amount"].rule.endswith("+sum")


def test_a_hanja_label_with_one_wrong_sign_announces_its_value() -> None:
    """The reader puts another sign for one of six; the label is still the only one so near."""
    text = "성명 홍길동\n家病分類記號 K35.8\n住民登條番號 800101-1234560\n"
    fields = _document(text).fields

    assert fields["disease_codes"].value == ["K35.8"]
    assert fields["resident_number"].rule == "resident_number.right+check"


def test_a_hanja_label_near_to_two_announces_nothing() -> None:
    """The day of onset and the day of issue differ by one sign: a misread one is neither."""
    assert (
        "issue_date"
        not in _document("성명 홍길동\n發X年月日 2019. 3. 1.\n".replace("X", "痼")).fields
    )


def test_an_operations_name_is_nobodys_name() -> None:
    """Read as "0p. name", "Op. name" is no label of a patient, who is no part of a body."""
    fields = _document("성 명 홍길동\n0p. name 손가락 열상\nFile name 김치국\n").fields

    assert fields["patient_name"].value == "홍길동"
    assert "patient_name" not in _document("File name 김치국\n등록번호 00123456\n").fields


def test_an_assessment_whose_bracket_is_lost_gives_its_code() -> None:
    """The line "A E11.9" of a note says its diagnosis as "A) E11.9" does."""
    text = papers.CHART + "A) K29.7 위염\n경과 호전\nA E11.9 당뇨병\n"

    assert {"K29.7", "E11.9"} <= {*map(str, _codes(_document(text)))}


def _codes(document: Document) -> list[object]:
    value = document.fields["disease_codes"].value
    assert isinstance(value, list)
    return value


def _words(*placed: tuple[str, int, int, float]) -> PageText:
    """A page of one word a line: text, left, top, confidence."""
    lines = tuple(
        Line((Word(text, Box(x, y, x + 24 * len(text), y + 30), sure),))
        for text, x, y, sure in placed
    )
    return PageText("p-0", 2480, 3508, 300, 0, 0.0, lines, (), 0.9)


def test_a_label_with_stray_signs_announces_its_day() -> None:
    """Brackets read into 진료일 are no part of it."""
    cells = [("진", 891, 542), ("〈료>일", 935, 542), ("2023.12.30", 1085, 545)]
    (document,) = assemble("b", "t", [papers.placed(cells, 0.95)], papers.OURS).documents

    assert document.fields["visit_date"].value == "2023-12-30"


def test_a_value_stands_beside_a_label_and_its_misread_english() -> None:
    """A form in two languages: "Dateof Birth" is no label, the day stands beside both lines."""
    cells = [
        ("생년월일", 1332, 560),
        ("1987.04.21", 1564, 585),
        ("Dateof", 1322, 608),
        ("Birth", 1480, 608),
    ]
    (document,) = assemble("b", "t", [papers.placed(cells, 0.95)], papers.OURS).documents

    assert document.fields["birth_date"].value == "1987-04-21"


def test_a_label_in_two_lines_announces_what_stands_beside_both() -> None:
    """A narrow cell sets 환자부담 over 총액; the amount stands at their middle height."""
    cells = [("환자부 담", 383, 1727), ("51,700", 582, 1751), ("총약", 420, 1776)]
    page = papers.placed(cells, 0.95)
    (document,) = assemble("b", "t", [page], papers.OURS).documents

    assert document.fields["patient_amount"].value == 51_700


def test_a_code_is_as_sure_as_its_best_print() -> None:
    """A code that was read well once is sure, though another print of it was read badly."""
    page = _words(
        ("질병분류기호", 300, 300, 0.99),
        ("K29.7", 600, 300, 0.2),
        ("K29.7", 600, 350, 0.97),
        ("J00", 600, 400, 0.96),
    )
    (document,) = assemble("b", "t", [page], papers.OURS).documents

    codes = document.fields["disease_codes"]
    assert (codes.value, (codes.confidence or 0.0) > 0.8) == (["K29.7", "J00"], True)


def test_a_doubted_code_is_confirmed_by_its_name_on_the_page() -> None:
    """An operator's list says that M54.5 is 요통; a page that says both is right about both."""
    listed = parse_disease_list("코드,이름\nM54.5,요통 및 허리통증\nM54.6,흉추통증\n".encode())
    paper = papers.DIAGNOSIS.replace("요통", "요통 및 허리통증")

    def doubts(text: str, diseases: Mapping[str, str]) -> list[str]:
        made = papers.page(text)
        lines = tuple(
            Line(tuple(replace(w, confidence=0.4 if "M54" in w.text else 0.9) for w in line.words))
            for line in made.lines
        )
        page = replace(made, lines=lines)
        (document,) = assemble("b", "t", [page], papers.OURS, diseases=diseases).documents
        return [code for code in document.evidence if code.startswith("field.")]

    assert doubts(paper, {}) == ["field.unsure.disease_codes"]
    assert doubts(paper, listed) == []
    assert doubts(paper.replace("M54.5", "M54.6"), listed) == ["field.unsure.disease_codes"]


def test_a_list_of_something_else_is_refused() -> None:
    """A file without one line of code and name is the operator's mistake, and is said to be."""
    with pytest.raises(SetupError, match="disease_list_invalid"):
        parse_disease_list(b"name;price\n")


def test_a_months_sign_read_as_a_letter_makes_no_code() -> None:
    """The 月 of a day of issue is read as A: "3 A 10" is no disease A10."""
    text = papers.DIAGNOSIS.replace("2019년 3월 6일", "병명\n2019 年 3 A 10")

    assert _codes(_document(text)) == ["M54.5"]


@pytest.mark.parametrize(("label", "read"), [("환째성명", True), ("환자성금", False)])
def test_a_label_of_one_word_may_have_a_wrong_syllable(label: str, read: bool) -> None:
    """환째성명 can be nothing but 환자성명; the last syllable must at least begin alike."""
    assert read == ("patient_name" in _document(f"{label} 홍길동\n접수\n").fields)


def test_a_letter_spaced_label_with_a_wrong_stroke_announces_its_day() -> None:
    """Each of its letters is a word: "진 료 기 가" is 진료기간."""
    found = _document(
        "진 료 기 가 2022-10-12\n" + papers.RECEIPT.replace("진료기간", "접수")
    ).fields

    assert "2022-10-12" in str(found.get("visit_date"))


def test_the_menu_of_a_program_names_no_doctor() -> None:
    """Two words of a menu, "처방 검사", are a syllable from 처방의사, and words of their own."""
    assert "doctor" not in _document("접수 처방 검사 수납 통계\n" + papers.CHART).fields


def test_a_value_stands_beside_the_middle_of_a_label_in_two_languages() -> None:
    """생년월일 over Date of Birth: the day is beside both, and at the height of neither."""
    cells = [("생년월일", 125, 460), ("1957-10-08", 520, 482), ("Date of Birth", 125, 504)]
    (document,) = assemble("b", "t", [papers.placed(cells, 0.95)], papers.OURS).documents

    assert document.fields["birth_date"].value == "1957-10-08"


def test_a_name_near_ours_is_ours_under_our_letterhead() -> None:
    """A paper that bears our name at its head is ours, though the signer's line is misread."""
    signed = papers.OPINION.replace("가람내과의원", "가럼내곽의원")

    def institution(text: str) -> object:
        return _document(text).fields["institution_name"].value

    assert institution("가람내과의원 TEL 02-000-0000\n" + signed) == "가람내과의원"
    assert institution(signed) == "가럼내곽의원"
    addressed = "가람내과의원 원장님 귀하\n" + signed
    assert institution(addressed) == "가럼내곽의원"


@pytest.mark.parametrize("cell", ["마 취 방 법", "Clinical Info"])
def test_a_heading_beside_a_doctors_label_is_nobody(cell: str) -> None:
    """The start of a label set apart, and a heading in English, are no names."""
    assert "doctor" not in _document(f"집 도 의 {cell}\n수 술 명\n").fields


@pytest.mark.parametrize(
    ("label", "key"),
    [("지 료 일", "visit_date"), ("진 료", "visit_date"), ("지 로 일", None), ("지 료 비", None)],
)
def test_a_short_label_with_a_wrong_stroke_announces_the_day_behind_it(
    label: str, key: str | None
) -> None:
    """Its parts may have been read in lines of their own; two wrong strokes are too many."""
    first, rest = label.split(maxsplit=1)
    cells = [(first, 1240, 763), (rest, 1300, 758), ("2018-07-25", 1540, 758)]
    cells += [("성 명", 240, 623), ("홍길동", 480, 623)]
    (document,) = assemble("b", "t", [papers.placed(cells, 0.95)], papers.OURS).documents

    found = {name for name, field in document.fields.items() if field.value == "2018-07-25"}
    assert found - {"issue_date"} == ({key} if key else set())
