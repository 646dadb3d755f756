"""Rows of an EMR table as documents."""

from classifiers.rows import document_of_row
from records.emr_mapping import ColumnMapping, TableMapping

KOREAN = {
    "서식": "진단서",
    "환자명": "홍길동",
    "주민등록번호": "8001011234560",
    "진료일자": "20190305",
    "상병코드": "M545, S335",
    "의사명": "정한결",
    "진료비총액": "12,330",
    "비고": "",
}
ENGLISH = {
    "Doc_Type": "prescription",
    "Patient_Name": "홍길동",
    "Birth_Date": "1980-01-01",
    "Sex": "M",
    "Chart_No": "00123456",
    "Visit_Date": "2019-03-05T10:20:00",
    "KCD": "M54.5",
}


def test_korean_columns_become_fields() -> None:
    """Korean headers give normalised fields, and the form's column gives the kind."""
    document, _ = document_of_row("b", "t", "p", KOREAN)
    values = {key: field.value for key, field in document.fields.items()}

    assert (document.type, document.origin) == ("diagnosis_certificate", "emr")
    assert document.type_confidence is not None
    assert document.type_confidence >= 0.9
    assert values == {
        "patient_name": "홍길동",
        "resident_number": "800101-1234560",
        "visit_date": "2019-03-05",
        "disease_codes": ["M54.5", "S33.5"],
        "doctor": "정한결",
        "total_amount": 12330,
        "birth_date": "1980-01-01",
        "sex": "M",
    }


def test_english_columns_become_fields() -> None:
    """English headers in any case do the same, and a kind's code names the kind."""
    document, _ = document_of_row("b", "t", "p", ENGLISH)

    assert document.type == "prescription"
    assert document.fields["visit_date"].value == "2019-03-05"
    assert document.fields["chart_no"].value == "00123456"
    assert document.fields["disease_codes"].value == ["M54.5"]


def test_the_text_of_a_row_is_its_columns() -> None:
    """Each column that says something is one line; empty ones are left out."""
    _, page = document_of_row("b", "t", "p", KOREAN)

    assert page.source == "row"
    assert page.text.splitlines()[:2] == ["서식: 진단서", "환자명: 홍길동"]
    assert "비고" not in page.text


def test_a_row_without_a_form_is_judged_by_what_it_says() -> None:
    """Without a column that names the form, the content may name it, but never surely."""
    row = {
        "성명": "홍길동",
        "주증상": "요통",
        "현병력": "3일 전",
        "진찰소견": "압통",
        "과거력": "없음",
    }
    document, _ = document_of_row("b", "t", "p", row)

    assert document.type == "medical_record"
    assert document.type_confidence is not None
    assert document.type_confidence < 0.8


def test_a_row_that_tells_nothing_is_none() -> None:
    """An unknown form is none of the kinds and unsure."""
    document, _ = document_of_row("b", "t", "p", {"열1": "가", "열2": "나"})

    assert document.type == "none"
    assert document.type_confidence is not None
    assert document.type_confidence < 0.8


def test_a_value_that_is_none_gives_no_field() -> None:
    """A date that does not exist and a number of the wrong shape are not kept as fields."""
    row = {"환자명": "홍길동", "진료일": "2019-02-30", "주민등록번호": "없음", "성별": "?"}
    document, _ = document_of_row("b", "t", "p", row)

    assert {"patient_name"} == set(document.fields)


def test_a_mapping_says_what_columns_mean() -> None:
    """Fields, codes, days and the kind come from the mapping; unmapped columns stay text."""
    mapping = TableMapping(
        kind="prescription",
        latest_year=2025,
        columns=(
            ColumnMapping("A", field="patient_name"),
            ColumnMapping("B", field="sex", codes={"1": "M"}),
            ColumnMapping("C", field="visit_date", date="YYMMDD"),
            ColumnMapping("D", field="kind", codes={"R": "fee_receipt"}),
        ),
    )
    row = {"A": "홍길동", "B": "1", "C": "190305", "D": "?", "환자명": "비고일 뿐"}
    document, page = document_of_row("b", "t", "p", row, mapping)
    other, _ = document_of_row("b", "t", "p", row | {"B": "9", "C": "190230", "D": "R"}, mapping)

    assert {key: field.value for key, field in document.fields.items()} == {
        "patient_name": "홍길동", "sex": "M", "visit_date": "2019-03-05"
    }  # fmt: skip
    assert (document.type, document.evidence) == ("prescription", ("mapping.kind",))
    assert "환자명: 비고일 뿐" in page.text
    assert (other.type, set(other.fields)) == ("fee_receipt", {"patient_name"})
