"""What the layouts of hospitals and word processors print besides a document's own words."""

import re

import cv2
import numpy as np
import pytest

from tests.makers.case import make_case
from tests.makers.layouts.column_groups import grouped
from tests.makers.pages import make_page, make_words
from tests.makers.truth import PageTruth

WORD = "word_document"
HOSPITAL = "hospital_form"


def told(kind: str, layout: str, count: int) -> list[PageTruth]:
    return [make_words(kind, layout, seed, part="test")[0] for seed in range(count)]


def test_a_hospitals_qr_code_says_the_number_beside_it() -> None:
    """The code can be read, and it holds the number that is printed for checking the paper."""
    read = 0
    for seed, truth in enumerate(told("treatment_confirmation", HOSPITAL, 16)):
        number = re.search(r"문서확인번호 : ([\d-]+)", truth.text)
        if number and read < 3:
            (page,) = make_page("treatment_confirmation", HOSPITAL, seed, "clean", part="test")
            pixels = np.asarray(page.image)
            foot = pixels[pixels.shape[0] * 3 // 4 :, pixels.shape[1] // 2 :]
            said, *_ = cv2.QRCodeDetector().detectAndDecode(foot)
            assert said.endswith(number[1])
            read += 1

    assert read == 3


def test_a_hospitals_pages_end_with_their_number() -> None:
    """The last line says when a page was printed and which of all pages it is, `1 / 1` as well."""
    case = make_case("nursing_record", 3, long=True, part="test")
    pages = make_words("nursing_record", HOSPITAL, 3, case=case, part="test")
    single = make_words("medical_opinion", HOSPITAL, 3, part="test")

    assert len(pages) > 1
    for some in (pages, single):
        for number, page in enumerate(some, 1):
            last = page.lines[-1].text
            assert last.startswith("출력일시 : ")
            assert f" {number} / {len(some)} " in last


def test_a_title_over_several_columns_is_read_before_them() -> None:
    """Titles in two rows are two lines: what spans columns first, then the columns below it."""
    for truth in told("fee_receipt", HOSPITAL, 6):
        texts = [line.text for line in truth.lines]
        upper = texts.index("항목 급여 비급여")

        assert texts[upper + 1].startswith("본인부담금 공단부담금 전액본인부담 선택진료료 ")


@pytest.mark.parametrize(
    ("titles", "groups"),
    [
        (("항목", "급여 가", "급여 나", "합계"), [("", 0, 1), ("급여", 1, 3), ("", 3, 4)]),
        (("총 금액", "가", "나"), [("", 0, 1), ("둘", 1, 3)]),
    ],
)
def test_column_titles_are_grouped(titles: tuple[str, ...], groups: list[object]) -> None:
    """Known runs and neighbours with the same first word are groups; all others stand alone."""
    assert grouped(titles, {("가", "나"): "둘"}) == groups


def test_items_of_a_typed_paper_have_a_number_a_label_a_colon_and_a_value() -> None:
    """The patient's name is read right behind its label's colon, however the label is spread."""
    for truth in told("medical_opinion", WORD, 24):
        name = re.escape(str(truth.fields["patient_name"]))
        line = next(line.text for line in truth.lines if re.search(name, line.text))
        close = re.sub(r"(?<=[가-힣]) (?=[가-힣])", "", line)

        assert re.search(rf"(\d+[.)]|\(\d+\)|○|■) (환자성명|성명|환자명) : {name}", close)


def test_numbers_of_a_typed_paper_count_its_items() -> None:
    """Numbered items of one paper bear 1, 2, 3 and so on, tables among them."""
    counted = 0
    for truth in told("payment_confirmation", WORD, 24):
        marks = [
            int(word.text.strip("().")) if word.text.strip("().").isdigit() else 0
            for line in truth.lines
            for word in line.words
            if re.fullmatch(r"\d+[.)]|\(\d+\)", word.text)
        ]
        assert marks == list(range(1, len(marks) + 1))
        counted += bool(marks)

    assert counted > 8
