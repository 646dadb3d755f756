"""Sums, page numbers, prescriptions: sound ones pass, each fault is found, the unread is null."""

import pytest

from quality.bill_arithmetic import itemised_bill_adds_up, receipt_adds_up
from quality.medicines import medicines_plausible
from quality.page_sequence import pages_complete
from quality.persons import one_person
from records.values import Field
from tests.makers.pages import make_page as make_sheet
from tests.unit.quality.samples import make_page

ROWS = (
    "진찰료 2020. 2. 10. AA254 재진진찰료-의원 12,380 1 1 12,380 3,714 8,666 0 0",
    "검사료 2020. 2. 10. D2263 요일반검사 10종 3,270 1 2 6,540 1,962 4,578 0 0",
    "계 18,920 5,676 13,244 0 0",
    "끝처리 조정금액 -20 -20 0 0 0",
    "합계 18,900 5,656 13,244 0 0",
)
RECEIPT = (
    "진료비 총액 : 31,510 공단부담 총액 : 22,057",
    "환자부담 총액 : 9,400 이미 납부한 금액 : 4,700",
    "납부할 금액 : 4,700 납부한 금액 : 카드 4,700 현금 0",
)


@pytest.mark.parametrize("kind", ["fee_detail", "fee_receipt"])
@pytest.mark.parametrize("seed", range(12))
def test_made_bills_add_up(kind: str, seed: int) -> None:
    """No bill that the makers draw, in any layout, is called false."""
    pages = make_sheet(kind, None, seed, "clean", 100)
    lines = [line.text for page in pages for line in page.truth.lines]
    judge = {"fee_detail": itemised_bill_adds_up, "fee_receipt": receipt_adds_up}[kind]

    assert judge(lines) is not False


def test_each_false_sum_is_found() -> None:
    """A row, a share, a dropped row, a total, a payment: one wrong figure is found."""
    assert itemised_bill_adds_up(ROWS) is True
    assert receipt_adds_up(RECEIPT) is True
    for wrong, right in (("12,380 1 2", "12,380 1 1"), ("3,714 8,667", "3,714 8,666")):
        assert itemised_bill_adds_up([row.replace(right, wrong) for row in ROWS]) is False
    assert itemised_bill_adds_up(ROWS[1:]) is False
    for right, wrong in (
        ("31,510", "31,610"),
        ("9,400", "9,500"),
        (": 4,700 납", ": 1 납"),
    ):
        assert receipt_adds_up([row.replace(right, wrong) for row in RECEIPT]) is False


def test_what_cannot_be_read_is_not_judged() -> None:
    """Without rows there is nothing to judge; a row read in part spoils no sum."""
    assert itemised_bill_adds_up(["합계 18,900"]) is None
    assert receipt_adds_up(["진료비 총액 : 31,510"]) is None
    part = ["검사료 D2263 요일반검사 3,27O 1 2 6,540", *ROWS[1:]]
    assert itemised_bill_adds_up(part) is True


@pytest.mark.parametrize(
    ("feet", "complete"),
    [
        (("1/2", "2/2"), True),
        (("Page 1 of 2", "Page 2 of 2"), True),
        (("- 1 / 3 -", "", "- 3 / 3 -"), True),
        (("1/2",), False),
        (("2/2",), False),
        (("1/3", "3/3"), False),
        (("2/2 쪽", "1/2 쪽"), False),
        (("1/2", "1/2"), False),
        (("", ""), None),
        (("1/2", "2/3"), None),
        (("1/1", "1/1", "1/1"), None),
        (("혈압 120/80", "근력 4/5 정도"), None),
        (("5/4",), None),
    ],
)
def test_page_numbers(feet: tuple[str, ...], complete: bool | None) -> None:
    """Missing, doubled and swapped pages are found; what is no page number is not taken for one."""
    pages = [make_page(f"p-{n}", f"경과 기록\n내용\n{foot}") for n, foot in enumerate(feet)]

    assert pages_complete(pages) is complete


@pytest.mark.parametrize(
    ("times", "days", "valid", "plausible"),
    [(3, 5, 3, True), (0, 5, 3, False), (3, 365, 3, False), (3, 5, 0, False), (3, 5, 300, False)],
)
def test_medicines(times: int, days: int, valid: int, plausible: bool) -> None:
    """Times, days and validity beyond what anybody prescribes are found."""
    drugs = Field([{"name": "가정", "dose": "1", "times": times, "days": days}], "", 0.9)

    assert medicines_plausible(drugs, [f"사용기간 교부일로부터 ( {valid} )일간"]) is plausible
    assert medicines_plausible(None, ["처방전"]) is None


def test_medicines_of_an_export_may_leave_figures_out() -> None:
    """An export says half a time a day, or nothing: what is not said is not judged."""
    drugs = Field([{"name": "가나정", "dose": None, "times": None, "days": None}], "", 0.9)
    spoken = Field([{"name": "가나정", "times": "필요시", "days": "며칠"}], "", 0.9)
    half = Field([{"name": "가나정", "dose": "1", "times": 0.5, "days": 400}], "", 0.9)

    assert medicines_plausible(drugs, []) is None
    assert medicines_plausible(spoken, []) is None
    assert medicines_plausible(half, []) is False


@pytest.mark.parametrize(
    ("second", "same"),
    [
        ("800101-1234560", None),
        ("800107-1234566", True),
        ("800101 - 1234568", True),
        ("750312-2345678", False),
        ("800101-1******", None),
    ],
)
def test_one_person(second: str, same: bool | None) -> None:
    """A number misread in a digit or two is the same person's; another one is not."""
    assert one_person(["주민등록번호 800101-1234560", f"보호자 {second}"]) is same
