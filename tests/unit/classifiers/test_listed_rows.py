"""The drugs of a prescription and the results of a laboratory sheet, as readers leave them."""

from dataclasses import replace

import pytest

from classifiers.fields.drug_names import mended_drug_name, plain_drug_name
from classifiers.fields.lab_tests import known_test, unit_of
from classifiers.stack import assemble
from records.values import Box, Document, Field, Line, PageText, Word
from tests.unit.classifiers import papers

HEAD = [
    ("검사 결과지", 900, 150),
    ("성명 홍길동 등록번호 00123456", 200, 300),
    ("채취일시 2019-03-05 보고일 2019-03-06", 200, 380),
    ("검사분류 검사명 결과 판정 단위 참고치", 200, 460),
]
DRUG_HEAD = papers.PRESCRIPTION.partition("[642101230]")[0]


def _document(page: PageText) -> Document:
    (document,) = assemble("b", "t", [page], papers.OURS).documents
    return document


def _field(key: str, page: PageText) -> Field:
    return _document(page).fields[key]


def _rows(field: Field) -> list[object]:
    assert isinstance(field.value, list)
    return field.value


def _lab(*cells: tuple[str, int, int]) -> Field:
    return _field("lab_rows", papers.placed([*HEAD, *cells], 0.95))


@pytest.mark.parametrize(
    ("read", "test"),
    [
        ("HDL- Cholesterol", "HDL-Cholesterol"),
        ("LDL-Cholestero", "LDL-Cholesterol"),
        ("Patelet", "Platelet"),
        ("AST(SG0T)", "AST(SGOT)"),
        ("HbAlc", "HbA1c"),
        ("r-CTP", "r-GTP"),
        ("Uri c acid", "Uric acid"),
    ],
)
def test_a_test_is_known_though_thin_strokes_were_lost(read: str, test: str) -> None:
    """An l that was lost, a 1 for an l, or one wrong sign makes no other test of it."""
    assert test == known_test(read)


@pytest.mark.parametrize("read", ["DL-Cholesterol", "AT", "Free T8", "CA 16-3", "처방"])
def test_what_may_be_two_tests_is_none(read: str) -> None:
    """HDL or LDL, ALT or AST, a wrong figure: what does not tell is not guessed."""
    assert known_test(read) is None


def test_a_unit_beside_it_tells_which_test_was_cut() -> None:
    """C may be Cl or Ca; in mmol/L calcium is not given here."""
    assert known_test("C") is None
    assert known_test("C", "mmol/L") == "Cl"


@pytest.mark.parametrize(
    ("test", "read", "unit"),
    [
        ("TSH", "ulU/mL", "uIU/mL"),
        ("ALP", "U/", "U/L"),
        ("RBC", "106/uL", "10^6/uL"),
        ("BUN", "g/dL", None),
        ("Albumin", "g/L", None),
        ("WBC", "10^6/uL", None),
    ],
)
def test_only_a_unit_that_is_no_other_ones_is_mended(
    test: str, read: str, unit: str | None
) -> None:
    """A unit that other tests are given in may be what is printed: it is doubted, not changed."""
    assert unit_of(test, read) == unit


def test_a_row_is_what_stands_at_one_height() -> None:
    """Whatever lines its words were read in, and with the group of tests misread before it."""
    field = _lab(
        ("일반혈 약 Hemoglobin", 200, 540),
        ("일반화학 C 104 mmol/L 98-107", 200, 600),
        ("11.2 L", 1100, 533),
        ("g/dL 12.0-17.0", 1500, 546),
    )

    assert _rows(field) == [
        {"name": "Hemoglobin", "value": "11.2", "unit": "g/dL", "range": "12.0-17.0", "flag": "L"},
        {"name": "Cl", "value": "104", "unit": "mmol/L", "range": "98-107", "flag": ""},
    ]
    assert (field.confidence or 0.0) > 0.6


@pytest.mark.parametrize(
    "row",
    [
        "일반화학 ALP 173 U/L 40-129",  # its flag was lost, or its value is wrong
        "일반화학 ALP 73 H U/L 40-129",
        "일반화학 ALP U/L 40-129",  # its value was not read
        "일반화학 BUN 12.2 g/dL 8.0-20.0",
    ],
)
def test_a_list_with_a_row_that_cannot_be_right_is_doubted(row: str) -> None:
    """Value, range and flag say one thing; a test without its result is missing from the list."""
    field = _lab(("일반혈액 Hemoglobin 13.2 g/dL 12.0-17.0", 200, 540), (row, 200, 600))

    assert field.rule.endswith("+doubted")
    assert (field.confidence or 0.0) < 0.6


def test_specks_and_rules_beside_a_cell_are_no_part_of_it() -> None:
    """A rule read as a stroke, a speck before a figure, a comma for a decimal point."""
    field = _lab(("지질 |Triglyceride ‘136 mg/dL 40,0-150,0", 200, 540))

    (row,) = _rows(field)
    assert row == {
        "name": "Triglyceride",
        "value": "136",
        "unit": "mg/dL",
        "range": "40.0-150.0",
        "flag": "",
    }


@pytest.mark.parametrize(
    ("read", "name"),
    [
        ("록소프 로 펜나트 륨 정60밀리그람", "록소프로펜나트륨정60밀리그램"),
        ("세파클러 캡슐 250밀리 람", "세파클러캡슐250밀리그램"),
        ("메트포르민염산염정500밀리그량", "메트포르민염산염정500밀리그램"),
        ("덱시부프로펜시럽12밀리리터", "덱시부프로펜시럽12밀리리터"),
    ],
)
def test_a_drugs_strength_is_spelled_in_one_way(read: str, name: str) -> None:
    """밀리그람 of older prints and what readers make of it are milligrams; millilitres stay."""
    assert plain_drug_name(read) == name


def test_a_doubted_substance_is_mended_where_one_alone_is_near() -> None:
    """A stroke in a short name, a syllable in a long one; a trade name is no misread substance."""
    assert mended_drug_name("레바미피트정100밀리그램") == "레바미피드정100밀리그램"
    assert mended_drug_name("메트또르민염산염정500밀리그램") == "메트포르민염산염정500밀리그램"
    assert mended_drug_name("타이레놀정500밀리그램") is None
    assert mended_drug_name("모다핀정5밀리그램") is None


def test_a_drug_in_a_narrow_cell_is_one_row() -> None:
    """Its figures stand over its name, the numbers at their middle; a bracket is read as a 1."""
    cells = [
        ("처 방 전", 800, 150),
        ("환자 성명 홍길동 주민등록번호 800101-1234560", 100, 300),
        ("처방 의약품의 명칭 1회 투약량 1일 투여횟수 총 투약일수", 100, 500),
        ("[6498087701", 100, 572),
        ("1 1 14", 900, 605),
        ("에스오메프라졸정20밀리그램", 100, 623),
        ("[642101230] 아세트아미노펜정500밀리그램 1 3 5", 100, 690),
    ]
    field = _field("drugs", papers.placed(cells, 0.95))

    assert _rows(field) == [
        {"name": "에스오메프라졸정20밀리그램", "dose": "1", "times": 1, "days": 14},
        {"name": "아세트아미노펜정500밀리그램", "dose": "1", "times": 3, "days": 5},
    ]


@pytest.mark.parametrize(
    ("row", "doubted", "doubt"),
    [
        ("[642101230] 아세트아미노펜정500밀리그람 1 3 5", "아세트아미노펜정500밀리그람", None),
        ("[642101230] 가람정500밀리그램 1 3 5", "", None),
        ("[642101230] 가람정500밀리그램 1 3 5", "가람정500밀리그램", "field.unsure.drugs"),
        ("[642101230] 아세트아미노펜정500밀리그램 1 3 5", "5", "field.unsure.drugs"),
        ("[642101230] ▒▒▒", "", "field.unread.drugs"),
    ],
)
def test_a_prescription_whose_drugs_are_not_sure_is_for_a_person(
    row: str, doubted: str, doubt: str | None
) -> None:
    """A known substance vouches for its name; one that is not known must have been read well."""
    page = papers.page(f"{DRUG_HEAD}{row}\n2019년 3월 5일\n")
    lines = tuple(
        Line(
            tuple(
                replace(word, confidence=0.4 if word.text == doubted else 0.95)
                for word in line.words
            )
        )
        for line in page.lines
    )

    found = [code for code in _document(replace(page, lines=lines)).evidence if "drugs" in code]

    assert found == ([] if doubt is None else [doubt])


def test_a_tilted_row_stays_one() -> None:
    """Each word is as high as its neighbour, though the row's end is a row lower than its start."""
    names = ("Hemoglobin", "13.2", "g/dL", "12.0-17.0")
    words = [
        Word(text, Box(200 + 400 * place, y + 12 * place, 400 + 400 * place, y + 30 + 12 * place))
        for y in (540, 580)
        for place, text in enumerate(names)
    ]
    page = papers.placed(HEAD, None)
    lines = (*page.lines, *(Line((word,)) for word in words))

    assert len(_rows(_field("lab_rows", replace(page, lines=lines)))) == 2
