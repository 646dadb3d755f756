"""Sheets scanned twice: sure ones are set aside, suspected ones held, others left alone."""

import itertools
from dataclasses import replace

import pytest

from classifiers.stack import MAYBE_DUPLICATE, assemble
from records.values import Line, PageText, Stack, Word
from tests.unit.classifiers import papers
from tests.unit.classifiers.papers import PATIENT

_LOOK = "5a3c99f00f1e2d4b7788a1b2c3d4e5f60718293a4b5c6d7e" + "0" * 16
_OTHER_LOOK = "a5c3660ff0e1d2b488775e4d3c2b1a09f8e7d6c5b4a39281" + "0" * 16

_LEAFLET = papers.CONSENT.replace("홍길동", "").replace("성명", "") * 3


def _page(text: str, page_id: str, look: str = _LOOK, confidence: float = 0.9) -> PageText:
    made = papers.page(text, page_id)
    lines = tuple(
        Line(tuple(Word(word.text, word.box, confidence) for word in line.words))
        for line in made.lines
    )
    return replace(made, lines=lines, look=look, confidence=confidence)


def _flipped(look: str, bits: int) -> str:
    """The look with its first bits turned over, as another scan has some."""
    turned = int(look, 16) ^ (((1 << bits) - 1) << (4 * len(look) - bits))
    return f"{turned:0{len(look)}x}"


def _assemble(*pages: PageText) -> Stack:
    return assemble("b", "t", pages, papers.OURS)


def test_a_second_scan_is_set_aside_and_names_the_first() -> None:
    """The same words, digits and look: one document, and its copy is kept as a duplicate."""
    stack = _assemble(
        _page(papers.DIAGNOSIS, "p-0"), _page(papers.DIAGNOSIS, "p-1", _flipped(_LOOK, 12))
    )

    assert [document.pages for document in stack.documents] == [("p-0",)]
    assert dict(stack.set_aside) == {"p-1": "duplicate"}
    assert dict(stack.duplicate_of) == {"p-1": "p-0"}
    assert MAYBE_DUPLICATE not in stack.documents[0].evidence


def test_a_whole_document_scanned_twice_does_not_cut_the_next() -> None:
    """Copies between two documents are set aside one by one; the third copy names the first."""
    scans = [_page(papers.DIAGNOSIS, f"p-{n}") for n in range(3)]
    stack = _assemble(*scans, _page(papers.ADMISSION, "p-3", _OTHER_LOOK))

    assert [document.pages for document in stack.documents] == [("p-0",), ("p-3",)]
    assert dict(stack.duplicate_of) == {"p-1": "p-0", "p-2": "p-0"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2019. 3. 5.", "2019. 3. 6."),
        ("2019년 3월 6일", "2019년 3월 7일"),
        ("00123456", "00123457"),
    ],
)
def test_another_day_or_number_is_another_document(old: str, new: str) -> None:
    """One figure that differs makes two forms of what looks alike; neither is set aside."""
    stack = _assemble(
        _page(papers.DIAGNOSIS, "p-0"), _page(papers.DIAGNOSIS.replace(old, new), "p-1")
    )

    assert dict(stack.set_aside) == {}
    assert [page for document in stack.documents for page in document.pages] == ["p-0", "p-1"]


def test_another_amount_is_another_receipt() -> None:
    """Two receipts of one day that differ in what was paid stay two, and nothing is suspected."""
    other = papers.RECEIPT.replace("12,380", "14,550").replace("3,700", "4,300")
    stack = _assemble(_page(papers.RECEIPT, "p-0"), _page(other, "p-1"))

    assert (dict(stack.set_aside), dict(stack.maybe_duplicate_of)) == ({}, {})


def test_a_misread_digit_is_held_not_set_aside() -> None:
    """The same sheet with one digit read wrong stays in a document, which a person sees."""
    misread = papers.TREATMENT.replace("실통원일수 : 5일", "실통원일수 : 6일")
    stack = _assemble(_page(papers.TREATMENT, "p-0"), _page(misread, "p-1", _flipped(_LOOK, 9)))

    assert dict(stack.set_aside) == {}
    assert dict(stack.maybe_duplicate_of) == {"p-1": "p-0"}
    owner = next(document for document in stack.documents if "p-1" in document.pages)
    assert MAYBE_DUPLICATE in owner.evidence


@pytest.mark.parametrize("flag", ["handwriting", "cut_off", "out_of_focus", "faded", "dark"])
def test_a_fault_or_a_pen_makes_it_unsure(flag: str) -> None:
    """What may hide a difference keeps both pages: the copy is suspected only."""
    second = replace(_page(papers.DIAGNOSIS, "p-1"), flags=(flag,))
    stack = _assemble(_page(papers.DIAGNOSIS, "p-0"), second)

    assert dict(stack.set_aside) == {}
    assert dict(stack.maybe_duplicate_of) == {"p-1": "p-0"}


def test_a_seal_on_one_of_two_makes_it_unsure() -> None:
    """A sealed original is no copy of the draft without a seal."""
    sealed = _LOOK[:48] + "0000000000000200"
    stack = _assemble(_page(papers.DIAGNOSIS, "p-0"), _page(papers.DIAGNOSIS, "p-1", sealed))

    assert dict(stack.set_aside) == {}
    assert dict(stack.maybe_duplicate_of) == {"p-1": "p-0"}


def test_another_look_of_a_short_paper_is_no_copy() -> None:
    """The same few words set otherwise are another print."""
    short = papers.CONSENT + PATIENT
    stack = _assemble(_page(short, "p-0"), _page(short, "p-1", _OTHER_LOOK))

    assert (dict(stack.set_aside), dict(stack.maybe_duplicate_of)) == ({}, {})


def test_a_crooked_second_scan_behind_its_sheet_is_held() -> None:
    """Dozens of figures one behind the other all the same: suspected, whatever the look."""
    crooked = _page(papers.DIAGNOSIS, "p-1", _OTHER_LOOK)
    other_day = _page(papers.DIAGNOSIS.replace("3월 6일", "3월 7일"), "p-2", _LOOK)
    stack = _assemble(_page(papers.DIAGNOSIS, "p-0"), crooked)

    assert [document.pages for document in stack.documents] == [("p-0", "p-1")]
    assert (dict(stack.set_aside), dict(stack.maybe_duplicate_of)) == ({}, {"p-1": "p-0"})
    apart = _assemble(_page(papers.DIAGNOSIS, "p-0", _OTHER_LOOK), other_day)
    assert dict(apart.maybe_duplicate_of) == {}


def test_a_badly_read_scan_behind_its_sheet_is_told_by_its_figures() -> None:
    """Letters may be misread where the reading is bad; with good readings they make two papers."""
    misread = papers.DIAGNOSIS.replace("소견", "쇼건").replace("질병분류기호", "질벙분류기흐")
    misread = (
        misread.replace("의료법", "의로범").replace("시행규칙", "사헹규직").replace("진단", "건담")
    )

    def suspected(confidence: float) -> dict[str, str]:
        bad = _page(misread, "p-1", _OTHER_LOOK, confidence)
        return dict(_assemble(_page(papers.DIAGNOSIS, "p-0"), bad).maybe_duplicate_of)

    assert suspected(0.5) == suspected(0.75) == {"p-1": "p-0"}
    assert suspected(0.9) == {}


def test_a_date_that_one_scan_lost_does_not_part_two_scans() -> None:
    """Every other figure is the same: a comma read for a full stop hides the day of issue."""
    day = papers.DIAGNOSIS.replace("2019. 3. 5.", "2019, 3, 5,")
    day = day.replace("2019년 3월 6일", "2019, 3")

    stack = _assemble(_page(papers.DIAGNOSIS, "p-0"), _page(day, "p-1", _OTHER_LOOK))

    assert dict(stack.maybe_duplicate_of) == {"p-1": "p-0"}


def test_unreadable_and_blank_pages_repeat_nothing() -> None:
    """Two pages of few or uncertain words, and two blank ones, are not copies of each other."""
    poor = [_page(papers.DIAGNOSIS, f"p-{n}", confidence=0.4) for n in range(2)]
    empty = [_page("?? ㅣ 1\n", f"p-{n}") for n in range(2, 4)]
    blank = [replace(_page("", f"p-{n}"), flags=("blank",), look="") for n in range(4, 6)]
    stack = _assemble(*poor, *empty, *blank)

    assert (dict(stack.duplicate_of), dict(stack.maybe_duplicate_of)) == ({}, {})
    assert dict(stack.set_aside) == {"p-4": "blank", "p-5": "blank"}


def test_leaflets_that_name_nobody_are_left_alone() -> None:
    """The same printed page in the files of two patients is no copy: each file keeps its own."""
    stack = _assemble(
        _page(_LEAFLET, "p-0"), _page(papers.DIAGNOSIS, "p-1", _OTHER_LOOK), _page(_LEAFLET, "p-2")
    )

    assert (dict(stack.duplicate_of), dict(stack.maybe_duplicate_of)) == ({}, {})


@pytest.mark.parametrize("look", [_flipped(_LOOK, 12), _OTHER_LOOK])
def test_a_leaflet_right_behind_itself_is_held_not_set_aside(look: str) -> None:
    """One after the other, word for word, they are perhaps one sheet, crooked or not."""
    stack = _assemble(_page(_LEAFLET, "p-0"), _page(_LEAFLET, "p-1", look))

    assert dict(stack.set_aside) == {}
    assert dict(stack.maybe_duplicate_of) == {"p-1": "p-0"}
    assert [document.pages for document in stack.documents] == [("p-0", "p-1")]


@pytest.mark.parametrize(
    ("second", "look"),
    [
        (_LEAFLET + "출력일시 : 2019-05-06 11:16\n", _LOOK),
        ((_LEAFLET + "출력일시 : 2019-05-05 11:16\n").replace("수집", "제공과 위탁"), _OTHER_LOOK),
        ("대장내시경 전 식사와 관장약 먹는 법, 귀가 뒤에 주의할 점 안내\n" * 4, _LOOK),
    ],
)
def test_another_leaflet_is_another_paper(second: str, look: str) -> None:
    """Another day of printing, other words: nothing is suspected."""
    first = _LEAFLET + "출력일시 : 2019-05-05 11:16\n"

    assert dict(_assemble(_page(first, "p-0"), _page(second, "p-1", look)).maybe_duplicate_of) == {}


def test_forms_to_be_filled_in_by_hand_are_no_leaflets() -> None:
    """Two patients' forms say the same where a pen's words are not read: they stay two."""
    form = papers.CONSENT.replace("홍길동", "") * 3
    stack = _assemble(_page(form, "p-0"), _page(form, "p-1"))

    assert (dict(stack.duplicate_of), dict(stack.maybe_duplicate_of)) == ({}, {})


def test_line_numbers_cut_off_with_a_margin_do_not_part_two_scans() -> None:
    """The second scan lacks "(1)" to "(9)", and its look is another: it is suspected."""
    lines = papers.TREATMENT.splitlines()
    numbered = "\n".join(f"({n}) {line}" for n, line in enumerate(lines, 1))
    stack = _assemble(_page(numbered, "p-0"), _page(papers.TREATMENT, "p-1", _OTHER_LOOK))

    assert dict(stack.set_aside) == {}
    assert dict(stack.maybe_duplicate_of) == {"p-1": "p-0"}


def test_a_lost_box_does_not_part_two_scans() -> None:
    """The first scan alone has a box with a number, and its look is another: it is suspected."""
    boxed = "No 681522\n" + papers.DIAGNOSIS
    stack = _assemble(_page(boxed, "p-0"), _page(papers.DIAGNOSIS, "p-1", _OTHER_LOOK))

    assert dict(stack.set_aside) == {}
    assert dict(stack.maybe_duplicate_of) == {"p-1": "p-0"}


def test_labels_cut_off_with_a_margin_do_not_part_two_scans() -> None:
    """The same figures stand on both scans, one of them beside a label that lost its first half."""
    cut = papers.DIAGNOSIS.replace("등록번호 :", "호 :").replace("연번호", "등록번호")
    stack = _assemble(_page(papers.DIAGNOSIS, "p-0"), _page(cut, "p-1", _OTHER_LOOK))

    assert dict(stack.set_aside) == {}
    assert dict(stack.maybe_duplicate_of) == {"p-1": "p-0"}


def test_another_figure_of_a_numbered_form_is_another_form() -> None:
    """The numbers of lines are left out, not the figures of their values."""
    lines = papers.TREATMENT.splitlines()
    numbered = "\n".join(f"({n}) {line}" for n, line in enumerate(lines, 1))
    other = papers.TREATMENT.replace("800101-1234560", "750315-1098765").replace("1980", "1975")
    stack = _assemble(_page(numbered, "p-0"), _page(other, "p-1"))

    assert (dict(stack.duplicate_of), dict(stack.maybe_duplicate_of)) == ({}, {})


def test_pages_read_before_looks_were_kept_have_no_copies() -> None:
    """A record of an older reading has no look and is compared with nothing."""
    old = [_page(papers.DIAGNOSIS, f"p-{n}", look="") for n in range(2)]

    assert dict(_assemble(*old).set_aside) == {}


def test_forms_of_many_days_are_never_set_aside() -> None:
    """Forty days of one patient's certificate, all of one look: no pair is taken for one sheet."""
    pages = [
        _page(papers.DIAGNOSIS.replace("2019. 3. 5.", f"2019. {month}. {day}."), f"p-{month}-{day}")
        for month, day in itertools.product(range(3, 7), range(3, 13))
    ]

    assert dict(_assemble(*pages).set_aside) == {}
