"""Which value belongs to which label."""

from dataclasses import replace

import pytest

from classifiers.stack import assemble
from records.values import Box, Document, Doubt, Line, PageText
from tests.unit.classifiers import papers


def _document(page: PageText) -> Document:
    (document,) = assemble("b", "t", [page], papers.OURS).documents
    return document


def _values(text: str) -> dict[str, object]:
    return {key: field.value for key, field in _document(papers.page(text)).fields.items()}


def test_a_certificate_gives_its_fields() -> None:
    """Patient, institution, doctor, dates and codes of one certificate, each normalised."""
    values = _values(papers.DIAGNOSIS)

    assert values == {
        "patient_name": "홍길동",
        "resident_number": "800101-1234560",
        "birth_date": "1980-01-01",
        "sex": "M",
        "chart_no": "00123456",
        "disease_codes": ["M54.5"],
        "diagnosis_date": "2019-03-05",
        "issue_date": "2019-03-06",
        "institution_name": "가람내과의원",
        "doctor": "정한결",
        "licence_no": "12345",
    }


def test_a_bill_gives_amounts_in_won() -> None:
    """Total and patient's share are the amounts beside their labels."""
    values = _values(papers.RECEIPT)

    assert (values["total_amount"], values["patient_amount"]) == (12380, 3700)
    assert (values["visit_date"], values["institution_code"]) == ("2019-03-05", "31234567")


def test_an_itemised_bill_gives_its_grand_total() -> None:
    """The total is the one after rounding."""
    assert _values(papers.DETAIL)["total_amount"] == 12366


def test_a_prescription_gives_its_drugs() -> None:
    """Each drug line is name, dose, times a day, days; the grant number dates the issue."""
    values = _values(papers.PRESCRIPTION)

    assert values["drugs"] == [
        {"name": "아세트아미노펜정500밀리그램", "dose": "1", "times": 3, "days": 5}
    ]
    assert values["issue_date"] == "2019-03-05"
    assert values["disease_codes"] == ["M54.5"]


def test_a_laboratory_sheet_gives_its_rows() -> None:
    """Name, value, unit, range and mark of each test."""
    assert _values(papers.LAB)["lab_rows"] == [
        {"name": "Hemoglobin", "value": "11.2", "unit": "g/dL", "range": "12.0-17.0", "flag": "L"},
        {"name": "Glucose", "value": "95", "unit": "mg/dL", "range": "70-99", "flag": ""},
    ]


def test_a_stay_gives_two_dates() -> None:
    """A printed period is the day of admission and the day of discharge."""
    values = _values(papers.ADMISSION)

    assert (values["admission_date"], values["discharge_date"]) == ("2019-03-01", "2019-03-05")


@pytest.mark.parametrize(
    "line",
    [
        "성 명 홍 길 동",
        "성명:홍길동",
        "성명 홍길동 남 45세",
        "환자명 : 홍길동 (남/45)",
        "성명 홍길동님",
    ],
)
def test_a_name_ends_where_the_name_ends(line: str) -> None:
    """Letter-spacing, sex, age and honorifics are not part of a name."""
    assert _values(f"{line}\n생년월일 1980-01-01\n")["patient_name"] == "홍길동"


def test_a_cell_on_the_right_is_found_across_lines() -> None:
    """Where each cell was read as a line of its own, the box tells what stands beside a label."""
    page = papers.placed(
        [
            ("진 단 서", 1000, 100),
            ("환자의 성명", 200, 400),
            ("주민등록번호", 1200, 402),
            ("홍길동", 600, 401),
            ("800101-1234560", 1700, 399),
        ]
    )
    fields = _document(page).fields

    assert fields["patient_name"].value == "홍길동"
    assert fields["patient_name"].box == Box(600, 401, 690, 431)
    assert fields["resident_number"].value == "800101-1234560"
    assert fields["resident_number"].rule == "resident_number.right+check"


def test_a_cell_below_is_found_by_its_column() -> None:
    """Under a row of headings each value belongs to the heading above it."""
    page = papers.placed(
        [
            ("성명", 200, 400),
            ("생년월일", 800, 400),
            ("진료일", 1400, 400),
            ("홍길동", 200, 450),
            ("1980-01-01", 800, 450),
            ("2019-03-05", 1400, 450),
        ]
    )
    fields = _document(page).fields

    assert {key: field.value for key, field in fields.items()} == {
        "patient_name": "홍길동",
        "birth_date": "1980-01-01",
        "visit_date": "2019-03-05",
    }
    assert fields["birth_date"].rule == "birth_date.below"


def test_a_field_is_only_as_sure_as_its_words() -> None:
    """A doubtful word makes a doubtful field; a passed check digit lifts its number."""
    cells = [("성명 홍길동 주민등록번호 800101-1234560", 200, 400)]
    sure = _document(papers.placed(cells, 0.95)).fields
    doubtful = _document(papers.placed(cells, 0.3)).fields

    assert sure["patient_name"].confidence is not None
    assert doubtful["patient_name"].confidence is not None
    assert doubtful["resident_number"].confidence is not None
    assert doubtful["patient_name"].confidence < 0.4
    assert sure["patient_name"].confidence > 0.8
    assert doubtful["resident_number"].confidence > 0.7


def test_a_masked_number_is_a_value_and_stays_masked() -> None:
    """What was hidden on paper is hidden in the field, and says so in its rule."""
    field = _document(
        papers.page(papers.DIAGNOSIS.replace("800101-1234560", "800101-1******"))
    ).fields["resident_number"]

    assert field.value == "800101-1******"
    assert field.rule.endswith("+masked")


def test_a_repair_is_recorded() -> None:
    """A number read with a letter in it keeps what was read and names the repair."""
    field = _document(
        papers.page(papers.DIAGNOSIS.replace("800101-1234560", "8OO1O1-1234560"))
    ).fields["resident_number"]

    assert (field.value, field.printed) == ("800101-1234560", "8OO1O1-1234560")
    assert "+repair" in field.rule


def _doubted(text: str, said: str, *doubts: Doubt) -> PageText:
    """A page whose word of that text may have other signs."""
    page = papers.page(text)
    lines = (
        Line(tuple(replace(w, doubts=doubts) if w.text == said else w for w in line.words))
        for line in page.lines
    )
    return replace(page, lines=tuple(lines))


def test_a_check_digit_chooses_among_the_signs_that_the_reader_thought_of() -> None:
    """The number with the one sign exchanged that makes it right; the text stays as read."""
    text = papers.DIAGNOSIS.replace("800101-1234560", "800101-1234580")
    page = _doubted(text, "800101-1234580", Doubt(12, "6", 0.3), Doubt(0, "9", 0.1))

    field = _document(page).fields["resident_number"]

    assert (field.value, field.printed) == ("800101-1234560", "800101-1234580")
    assert field.rule.endswith("+doubt+check")


@pytest.mark.parametrize(
    "doubts", [(), (Doubt(12, "7", 0.4),), (Doubt(12, "6", 0.3), Doubt(13, "1", 0.2))]
)
def test_nothing_is_chosen_where_no_reading_or_several_are_right(doubts: tuple[Doubt, ...]) -> None:
    """The number stays as read, its check digit wrong."""
    text = papers.DIAGNOSIS.replace("800101-1234560", "800101-1234580")

    field = _document(_doubted(text, "800101-1234580", *doubts)).fields["resident_number"]

    assert field.value == "800101-1234580"
    assert "check_failed" in field.rule


def test_the_calendar_chooses_a_day_that_exists() -> None:
    """Of a day that does not exist, the one reading that does."""
    text = papers.ADMISSION.replace("2019. 3. 5.", "2019-03-85")
    page = _doubted(text, "2019-03-85", Doubt(8, "0", 0.3), Doubt(0, "7", 0.1))

    field = _document(page).fields["discharge_date"]

    assert (field.value, field.rule.endswith("+doubt")) == ("2019-03-05", True)


def test_birth_and_sex_follow_from_the_resident_number() -> None:
    """Where they are not printed, the number tells them, and the rule says so."""
    fields = _document(papers.page("성명 홍길동\n주민등록번호 800101-1234560\n")).fields

    assert (fields["birth_date"].value, fields["sex"].value) == ("1980-01-01", "M")
    assert fields["birth_date"].rule == "birth_date.from_resident_number"


def test_the_signer_is_not_the_patient() -> None:
    """A bare 성명 beside a licence number is the doctor's."""
    values = _values("성명 홍길동\n면허번호 제 12345 호 성명 정한결 (서명 또는 인)\n")

    assert (values["patient_name"], values["doctor"]) == ("홍길동", "정한결")


def test_cost_share_codes_are_no_disease_codes() -> None:
    """V193 is a mark for the share of cost, not an illness."""
    assert _values("상병코드 C50.9 특정기호 V193\n성명 홍길동\n")["disease_codes"] == ["C50.9"]


def test_a_number_parted_by_a_wide_gap_is_one_number() -> None:
    """The digits of a grid stand apart; all thirteen are the number."""
    for printed in ("800101-123456 0", "80010 1-1234560", "800101 - 1 234560"):
        values = _values(papers.DIAGNOSIS.replace("800101-1234560", printed))

        assert values["resident_number"] == "800101-1234560"


def test_who_acts_for_the_patient_is_not_the_patient() -> None:
    """On a letter of attorney the name under 수임인 is not the patient's, that of 위임인 is."""
    values = _values(
        "진료기록 열람 및 사본발급 위임장\n수임인\n성명 한가람\n위임인과의 관계 자녀\n위임인\n"
        "성명 성서준\n생년월일 1986.10.21\n위임인은 위 수임인에게 권한을 위임합니다.\n"
        "2015년 8월 19일\n위임인 성서준 (서명)\n"
    )

    assert values["patient_name"] == "성서준"


def test_who_asks_for_their_own_bill_is_the_patient() -> None:
    """A relation of 본인 (self) makes 신청인 the patient's label; any other names nobody."""
    asked = "신청인 {}(환자와의 관계: {})의 요청에 따라 진료비 세부산정내역을 발급합니다.\n"
    detail = papers.DETAIL.partition("신청인")[0].replace("환자 성명 홍길동", "")

    assert _values(detail + asked.format("성서준", "본인"))["patient_name"] == "성서준"
    for name, relation in (("성서준", "자녀"), ("", "본인"), ("          ", "          ")):
        assert "patient_name" not in _values(detail + asked.format(name, relation))


@pytest.mark.parametrize("heading", ["구청", "발급정보", "사무소", "비고사항"])
def test_a_word_of_the_form_is_no_doctor(heading: str) -> None:
    """What stands below or beside an empty "의사" on a blank form is the form's own."""
    assert "doctor" not in _values(f"사망진단서\n의사 {heading}\n")
    assert _values("사망진단서\n의사 이기관\n")["doctor"] == "이기관"


def test_the_number_of_a_row_is_no_amount() -> None:
    """Bills are due in tens of won: a lone digit below an empty total counts rows."""
    blank = "진료비 계산서·영수증\n진료비 총액 {}\n"

    assert "total_amount" not in _values(blank.format("1"))
    assert _values(blank.format("10"))["total_amount"] == 10
    assert _values(blank.format("0"))["total_amount"] == 0


def test_what_a_document_says_most_of_its_patient_is_right() -> None:
    """One page's misread name does not stand against the other pages' name."""
    first = papers.CHART.replace("성명 : 홍길동", "성명 : 홍길둥")
    stack = papers.pages(first, papers.CHART_PAGE_TWO, papers.CHART_PAGE_TWO)

    (document,) = assemble("b", "t", stack, papers.OURS).documents

    assert document.fields["patient_name"].value == "홍길동"


def test_the_day_of_issue_may_begin_a_last_page() -> None:
    """A last page of a few lines dates its document, though the date is its first line."""
    stack = papers.pages(
        papers.DETAIL.replace("2019년 3월 5일\n", ""), "2019년 3월 9일\n가람내과의원장\n"
    )

    documents = assemble("b", "t", stack, papers.OURS).documents

    assert documents[-1].fields["issue_date"].value == "2019-03-09"
