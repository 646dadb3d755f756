"""The page makers keep their promises: what they print is what their truth says."""

import datetime as dt
import io
import random

import pdfplumber
import pytest

from records.taxonomy import load_taxonomy
from tests.makers.canvas import PdfBook
from tests.makers.case import make_case
from tests.makers.content import Table
from tests.makers.documents import MAKERS, layouts_of
from tests.makers.fonts import Face, Family
from tests.makers.pages import make_content, make_page, make_pdf_pages, make_words
from tests.makers.people import RANDOM_NUMBERS_FROM, check_digit, make_patient, resident_number
from tests.unit.made_truth import date_is_printed, ink_in_boxes, overlaps, printed, squeezed

EVERY = [(kind, layout) for kind in MAKERS for layout in layouts_of(kind, "tuning")]


def test_every_issuable_kind_has_two_layouts() -> None:
    """All 17 kinds of the taxonomy can be made in at least two layouts."""
    kinds = [kind.code for kind in load_taxonomy().issuable]

    assert [kind for kind in kinds if len(MAKERS[kind][1]) < 2] == []


@pytest.mark.parametrize("kind", ["lab_result", "prescription", "blank"])
def test_words_without_a_picture_are_those_of_the_print(kind: str) -> None:
    """Telling what is printed, without drawing it, gives the same words in the same places."""
    for told, drawn in zip(
        make_words(kind, None, 4), make_page(kind, None, 4, "clean"), strict=True
    ):
        lines, others = told.lines, drawn.truth.lines
        assert [line.text for line in lines] == [line.text for line in others]
        assert (told.fields, told.flags) == (drawn.truth.fields, drawn.truth.flags)
        for word, other in zip(
            (word for line in lines for word in line.words),
            (word for line in others for word in line.words),
            strict=True,
        ):
            assert abs(word.box.x0 - other.box.x0) <= 2
            assert abs(word.box.y1 - other.box.y1) <= 40


@pytest.mark.parametrize(("kind", "layout"), EVERY)
def test_pages_show_their_truth(kind: str, layout: str) -> None:
    """Words lie on the paper and beside each other, and every field of a page is printed on it."""
    for seed in (1, 2, 3):
        for page in make_page(kind, layout, seed, "clean"):
            truth = page.truth
            text = squeezed(truth.text)
            boxes = [word.box for line in truth.lines for word in line.words]

            assert boxes
            assert all(0 <= b.x0 < b.x1 <= page.image.width for b in boxes)
            assert all(0 <= b.y0 < b.y1 <= page.image.height for b in boxes)
            assert list(overlaps(truth)) == []
            assert ink_in_boxes(page) == []
            assert {shown for shown in printed(truth) if shown not in text} == set()
            for key, value in truth.fields.items():
                if key.endswith("_date"):
                    assert date_is_printed(str(value), truth.text), key
            for code in truth.fields.get("disease_codes", []):
                assert code.replace(".", "") in text.replace(".", "")


def test_continuation_pages_state_only_what_they_print() -> None:
    """A long chart's later pages have no field that is printed on the first page alone."""
    pages = make_page(
        "medical_record", "statutory", 5, "clean", case=make_case("medical_record", 5, long=True)
    )

    assert len(pages) >= 2
    assert [(n, len(pages)) for n in range(1, len(pages) + 1)] == [
        (page.truth.page, page.truth.pages) for page in pages
    ]
    assert pages[0].truth.starts_document
    assert not pages[1].truth.starts_document
    for page in pages[1:]:
        assert "resident_number" not in page.truth.fields
        assert page.truth.patient == pages[0].truth.patient
        for day in page.truth.fields.get("visit_dates", []):
            assert date_is_printed(day, page.truth.text)


@pytest.mark.parametrize("kind", ["medical_record", "nursing_record", "fee_detail", "lab_result"])
def test_running_records_fill_several_pages(kind: str) -> None:
    """Charts, nursing records, itemised bills and test results can be long."""
    assert len(make_page(kind, "statutory", 2, "clean", case=make_case(kind, 2, long=True))) >= 2


def test_layouts_say_the_same() -> None:
    """One case set in two layouts looks different and has the same value in every field."""
    pages = [
        make_page("prescription", layout, 4, "clean", case=make_case("prescription", 4))[0]
        for layout in ("statutory", "slip")
    ]
    first, second = (page.truth.fields for page in pages)

    assert pages[0].image.size != pages[1].image.size
    assert {key: first[key] for key in first} == {key: second[key] for key in first}


def test_same_seed_same_page() -> None:
    """Two runs give equal pixels and equal truth; another seed gives another patient."""
    one, again, other = (
        make_page("referral_letter", None, seed, "severe")[0] for seed in (8, 8, 9)
    )

    assert one.image.tobytes() == again.image.tobytes()
    assert one.truth == again.truth
    assert one.truth.patient != other.truth.patient


def test_resident_numbers_are_valid() -> None:
    """Numbers tell birth and sex; before 2020-10 the check digit holds, later it is free."""
    rng = random.Random(3)
    for _ in range(200):
        patient = make_patient(rng, day=dt.date(2024, 5, 1))
        number = patient.resident_number.replace("-", "")
        century = {"1": 19, "2": 19, "3": 20, "4": 20}[number[6]]

        assert f"{century}{number[:6]}" == f"{patient.birth:%Y%m%d}"
        assert ("F" if number[6] in "24" else "M") == patient.sex
        if patient.birth < RANDOM_NUMBERS_FROM:
            assert int(number[-1]) == check_digit(number[:12])
    late = [resident_number(rng, dt.date(2022, 1, 1), "F").replace("-", "") for _ in range(60)]
    assert any(int(number[-1]) != check_digit(number[:12]) for number in late)


def amounts(cells: tuple[str, ...]) -> list[int]:
    return [int(cell.replace(",", "") or 0) for cell in cells]


@pytest.mark.parametrize("seed", range(6))
def test_itemised_bill_adds_up(seed: int) -> None:
    """Price × times × days = total = its four parts; columns = sum; sum + rounding = final sum."""
    content, _ = make_content("fee_detail", None, make_case("fee_detail", seed))
    table = next(block for block in content.blocks if isinstance(block, Table))
    *lines, sums, rounding, final = (row.cells for row in table.rows)

    for cells in lines:
        price, times, days, total, *parts = amounts(cells[4:])
        assert price * times * days == total == sum(parts)
    columns = zip(*(amounts(cells[7:]) for cells in lines), strict=True)
    assert [sum(column) for column in columns] == amounts(sums[7:])
    both = zip(amounts(sums[7:]), amounts(rounding[7:]), strict=True)
    assert [a + b for a, b in both] == amounts(final[7:])
    assert dict(table.rows[-1].facts)["total_amount"] == amounts(final[7:])[0]


@pytest.mark.parametrize("seed", range(6))
def test_receipt_adds_up(seed: int) -> None:
    """The receipt's total is the sum of its five columns; the patient's share is cut to 100 won."""
    case = make_case("fee_receipt", seed)
    page = make_page("fee_receipt", "statutory", seed, "clean", case=case)[0]
    line = next(line.text for line in page.truth.lines if line.text.startswith("합계"))
    own, insurer, full, chosen, free = amounts(tuple(line.split()[1:]))

    assert own + insurer + full + chosen + free == page.truth.fields["total_amount"]
    assert (own + full + chosen + free) // 100 * 100 == page.truth.fields["patient_amount"]


def test_lab_flags_follow_the_range() -> None:
    """H and L stand exactly where a value leaves its range."""
    flags = set()
    for seed in range(4):
        for page in make_page("lab_result", None, seed, "clean"):
            for row in page.truth.fields.get("lab_rows", []):
                low, high = map(float, row["range"].split("-"))
                value = float(row["value"])
                assert row["flag"] == ("H" if value > high else "L" if value < low else "")
                flags.add(row["flag"])
    assert flags == {"", "H", "L"}


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_rotation_is_clockwise(degrees: int) -> None:
    """A page stored turned by some degrees is upright again after turning it back."""
    upright = make_page("fee_detail", "statutory", 1, "clean")[0]
    turned = make_page("fee_detail", "statutory", 1, "clean", rotation=degrees)[0]  # type: ignore[arg-type]

    assert turned.image.rotate(degrees, expand=True).tobytes() == upright.image.tobytes()
    assert turned.truth.rotation == degrees
    assert turned.truth.flags == (("upside_down",) if degrees == 180 else ("rotated",))
    assert (turned.truth.width, turned.truth.height) == upright.image.size


def test_pdf_has_the_text_layer_that_its_truth_says() -> None:
    """A born-digital page's text can be read out of the file, and the file has no time stamp."""
    books = []
    for _ in range(2):
        book = PdfBook()
        truths = make_pdf_pages(book, "payment_confirmation", "statutory", 5)
        books.append(book.close())
    with pdfplumber.open(io.BytesIO(books[0])) as pdf:
        text = squeezed(" ".join(page.extract_text() for page in pdf.pages))

    assert books[0] == books[1]
    assert [
        word.text for line in truths[0].lines for word in line.words if word.text not in text
    ] == []


def test_makers_refuse_what_they_cannot_draw() -> None:
    """A missing font names its package; an unknown letter and an unknown layout are errors."""
    gone = Family("gone", "truetype/gone.ttf", "truetype/gone.ttf", "fonts-gone")

    with pytest.raises(FileNotFoundError, match="apt-get install fonts-gone"):
        gone.file(bold=False)
    with pytest.raises(ValueError, match="lacks"):
        Face("nanum_myeongjo", 10).width("診斷書")
    with pytest.raises(ValueError, match="slip"):
        make_page("death_certificate", "slip", 1)
