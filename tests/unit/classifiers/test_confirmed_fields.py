"""What replaces a doubt: another print, a check digit, a name on a list, the place of a sign."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from classifiers.stack import assemble
from records.values import Document, Doubt, Field, Line, PageText
from tests.unit.classifiers import papers

DISEASES = {"M54.5": "아래허리통증", "J00": "급성 비인두염", "I00": "심장 침범이 없는 류마티스열"}


def _page(text: str, doubts: Mapping[str, tuple[Doubt, ...]], confidence: float = 0.4) -> PageText:
    """A page that was read well but for some words, each with the signs it may have instead."""
    page = papers.page(text)
    lines = tuple(
        Line(
            tuple(
                replace(word, confidence=confidence, doubts=doubts[word.text])
                if word.text in doubts
                else replace(word, confidence=0.95)
                for word in line.words
            )
        )
        for line in page.lines
    )
    return replace(page, lines=lines)


def _document(
    text: str, doubts: Mapping[str, tuple[Doubt, ...]], diseases: Mapping[str, str] | None = None
) -> Document:
    (document,) = assemble(
        "b", "t", [_page(text, doubts)], papers.OURS, diseases=diseases
    ).documents
    return document


def _field(
    key: str, text: str, *doubted: str, diseases: Mapping[str, str] | None = None
) -> Field | None:
    return _document(text, dict.fromkeys(doubted, ()), diseases).fields.get(key)


@pytest.mark.parametrize("label", ["처빙 의료인의 성명", "의료인의 성명", "처방의료인의 셩명 성명"])
def test_a_name_whose_owner_stands_before_it_is_not_the_patients(label: str) -> None:
    """A misread "처방 의료인의 성명" leaves a bare "성명": the words before it say whose it is."""
    field = _field("patient_name", papers.PRESCRIPTION + f"{label} 노은정\n")

    assert field is not None
    assert field.value == "홍길동"


def test_the_day_of_birth_is_believed_where_the_number_says_it() -> None:
    """The check digit of the resident number proves its first six figures, and so the day."""
    field = _field("birth_date", papers.DIAGNOSIS, "1980-01-01")

    assert field is not None
    assert field.rule.endswith("+number")
    assert (field.confidence or 0.0) > 0.6


@pytest.mark.parametrize("number", ["800101-1234580", "810101-1234560"])
def test_a_number_that_is_itself_in_doubt_says_nothing_of_the_day(number: str) -> None:
    """Where its check digit fails, or it begins with another day, the day stays doubted."""
    text = papers.DIAGNOSIS.replace("800101-1234560", number)

    assert "field.unsure.birth_date" in _document(text, {"1980-01-01": ()}).evidence


@pytest.mark.parametrize(
    ("number", "confirms"),
    [("800101-1******", True), ("800101-2******", False), ("800101-123456", False)],
)
def test_a_masked_number_is_believed_where_day_and_sex_are_printed(
    number: str, confirms: bool
) -> None:
    """All that a masked number shows is said again; digits that were lost are not hidden ones."""
    document = _document(papers.DIAGNOSIS.replace("800101-1234560", number), {number: ()})

    assert document.fields["resident_number"].rule.endswith("+birth") == confirms
    assert ("field.unsure.resident_number" in document.evidence) != confirms


@pytest.mark.parametrize(
    ("doubt", "believed"),
    [
        (Doubt(5, "O", 0.3), True),  # a letter for a 0
        (Doubt(4, ".", 0.3), True),  # a stop for a dash
        (Doubt(6, "7", 0.3), False),  # July
    ],
)
def test_a_doubted_sign_that_makes_no_other_day_is_no_doubt(doubt: Doubt, believed: bool) -> None:
    """Exchanged for the sign that the reader thought of, the day is the same, or it is another."""
    text = papers.ADMISSION.replace("2019. 3. 5.", "2019-03-05")

    field = _document(text, {"2019-03-05": (doubt,)}).fields["discharge_date"]

    assert ((field.confidence or 0.0) > 0.6) == believed


def test_signs_behind_a_value_are_no_doubt_of_it() -> None:
    """A speck read as a comma behind a day lowers the word's confidence, not the day's."""
    text = papers.ADMISSION.replace("2019. 3. 5.", "2019.03.05.,")

    field = _document(text, {"2019.03.05.,": (Doubt(11, ".", 0.2),)}).fields["discharge_date"]

    assert field.value == "2019-03-05"
    assert (field.confidence or 0.0) > 0.6


def test_a_word_that_does_not_say_which_sign_is_doubted_stays_doubted() -> None:
    """Without doubted signs nothing is known of where the mistake may be."""
    text = papers.ADMISSION.replace("2019. 3. 5.", "2019-03-05")

    field = _document(text, {"2019-03-05": ()}).fields["discharge_date"]

    assert (field.confidence or 0.0) < 0.6


def test_a_code_that_no_doubted_sign_changes_is_believed() -> None:
    """Of M54.5 the S for the last 5 makes no code; the 6 for it makes another one."""
    same = _document(papers.DIAGNOSIS, {"M54.5": (Doubt(4, "S", 0.3),)})
    other = _document(papers.DIAGNOSIS, {"M54.5": (Doubt(4, "6", 0.3),)})

    assert "field.unsure.disease_codes" not in same.evidence
    assert "field.unsure.disease_codes" in other.evidence


def test_a_code_that_lost_its_letter_is_read_by_its_name() -> None:
    """Its figures stand beside its label; of the codes that have them only J00 is named."""
    text = papers.DIAGNOSIS.replace("M54.5", "00").replace("요통", "급성 비인두염")

    field = _field("disease_codes", text, diseases=DISEASES)

    assert field is not None
    assert (field.value, field.rule) == (["J00"], "disease_codes.figures+named+repair")


def test_a_code_is_not_guessed_where_its_name_is_not_there() -> None:
    """Figures alone are no code, whatever the list holds."""
    text = papers.DIAGNOSIS.replace("M54.5", "00")

    assert _field("disease_codes", text, diseases=DISEASES) is None


@pytest.mark.parametrize(
    ("second", "codes"),
    [
        ("743.9 상세불명의 편두통", ["M54.5", "G43.9"]),
        ("743.9 mg/dL", ["M54.5"]),
        ("1743.9 상세불명의 편두통", ["M54.5"]),
    ],
)
def test_a_code_with_a_wrong_letter_completes_the_list(second: str, codes: list[str]) -> None:
    """What looks like a code of the list but for its first sign is that code where it is named."""
    text = papers.DIAGNOSIS.replace("M54.5", f"M54.5\n{second}").replace("요통", "아래허리통증")
    listed = DISEASES | {"G43.9": "상세불명의 편두통"}

    field = _field("disease_codes", text, diseases=listed)

    assert field is not None
    assert field.value == codes


def test_a_day_above_its_signer_is_the_day_of_issue() -> None:
    """Alone at the foot, the institution below it: read as well as this, it is not doubted."""
    day = "2019-03-06"
    text = papers.DIAGNOSIS.replace("2019년 3월 6일", day)
    signed = assemble("b", "t", [_page(text, {day: ()}, 0.7)], papers.OURS).documents[0]
    alone = text[: text.index("의료기관 명칭")]
    unsigned = assemble("b", "t", [_page(alone, {day: ()}, 0.7)], papers.OURS).documents[0]

    assert "field.unsure.issue_date" not in signed.evidence
    assert "field.unsure.issue_date" in unsigned.evidence


def test_of_a_paper_that_is_no_record_only_whose_it_is_must_be_sure() -> None:
    """A doubtful day on a consent form is left out; a doubtful name still holds it."""
    text = (
        "수술 동의서\n등록번호 : 00123456\n환자 성명 : 홍길동\n"
        "발생할 수 있는 합병증에 대해 충분한 설명을 들었으며 이에 동의합니다.\n"
        "작성일자 : 2019-03-06\n"
    )
    day, name = _document(text, {"2019-03-06": ()}), _document(text, {"홍길동": ()})

    assert day.type == name.type == "consent_form"
    assert "issue_date" not in day.fields
    assert not [code for code in day.evidence if code.startswith("field.")]
    assert "field.unsure.patient_name" in name.evidence


@pytest.mark.parametrize(
    ("cell", "codes"), [("300", ["J00"]), ("354.5", ["M54.5"]), ("900", None), ("3541", None)]
)
def test_a_code_alone_in_its_cell_is_read_by_figures_and_name(
    cell: str, codes: list[str] | None
) -> None:
    """The first sign may be any other; that its figures are a named code's is what tells."""
    names = "급성 비인두염" if cell.endswith("0") else "아래허리통증"
    text = papers.DIAGNOSIS.replace("요통", names).replace("M54.5", cell)
    if cell == "900":  # figures of J00 and I00: the name of neither is there
        text = text.replace(names, "위염")
    field = _document(text, {}, DISEASES).fields.get("disease_codes")

    assert codes == (field.value if field else None)


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("A) 00 급성 비인두염", ["M54.5"]),
        ("A) 54.6 흉추통증", ["M54.5", "M54.6"]),
        ("BT 54.6\n흉추통증", ["M54.5"]),
    ],
)
def test_figures_that_lost_their_letter_need_the_name_on_their_line(
    line: str, codes: list[str]
) -> None:
    """Beside the name of M54.6 "54.6" is that code; elsewhere it may be a measurement."""
    diseases = {**DISEASES, "M54.6": "흉추통증"}
    field = _document(papers.DIAGNOSIS + f"{line}\n", {}, diseases).fields["disease_codes"]

    assert field.value == codes


def test_codes_a_letter_apart_are_two_where_each_has_its_name() -> None:
    """L20.9 and J20.9 may be one misread; beside the names of both they are both."""
    diseases = {"L20.9": "아토피피부염", "J20.9": "급성 기관지염"}
    both = papers.CHART + "A) L20.9 아토피피부염\nA) J20.9 급성 기관지염\n"

    assert "field.unsure.disease_codes" in _document(both, {}).evidence
    assert "field.unsure.disease_codes" not in _document(both, {}, diseases).evidence
    alone = both.replace("급성 기관지염", "호전됨")
    assert "field.unsure.disease_codes" in _document(alone, {}, diseases).evidence
