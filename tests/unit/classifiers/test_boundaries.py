"""Where documents begin: patients, titles, page numbers, blanks and separators."""

import datetime as dt
from dataclasses import replace

import pytest

from classifiers.boundaries import separate
from classifiers.entry_days import follow
from classifiers.page_facts import look
from classifiers.ruleset import load_boundary_weights
from classifiers.stack import assemble, setting_of
from records.reasons import explain
from records.values import PageText, Stack
from tests.unit.classifiers import papers
from tests.unit.classifiers.papers import PATIENT


def _assemble(*texts: str) -> Stack:
    return assemble("b", "t", papers.pages(*texts), papers.OURS)


def _groups(stack: Stack) -> list[tuple[str, ...]]:
    return [document.pages for document in stack.documents]


def test_a_change_of_patient_cuts_between_two_forms_of_one_kind() -> None:
    """Two charts in a row are two documents when the patient changes, even without a title."""
    other = papers.CHART_PAGE_TWO.replace("홍길동", "이순신").replace("00123456", "00987654")

    stack = _assemble(papers.CHART, papers.CHART_PAGE_TWO, other)

    assert _groups(stack) == [("p-0", "p-1"), ("p-2",)]


def test_a_change_of_patient_cuts_against_the_page_number() -> None:
    """A page numbered 2/2 that names another patient is not the second page of the first."""
    first = papers.CHART + "1/2\n"
    second = papers.CHART_PAGE_TWO.replace("홍길동", "박문수").replace("00123456", "00555555")

    assert _groups(_assemble(first, second + "2/2\n")) == [("p-0",), ("p-1",)]


def test_namesakes_with_other_numbers_are_two_patients() -> None:
    """The same name with another resident number and chart number is another person."""
    mine = papers.DIAGNOSIS
    theirs = mine.replace("800101-1234560", "750315-1098765").replace("00123456", "00987654")

    assert _groups(_assemble(mine, theirs)) == [("p-0",), ("p-1",)]


def test_one_misread_syllable_is_not_another_patient() -> None:
    """A name that differs by a stroke, with the same chart number, is the same person."""
    misread = papers.CHART_PAGE_TWO.replace("홍길동", "홍걸동")

    assert _groups(_assemble(papers.CHART, misread)) == [("p-0", "p-1")]


@pytest.mark.parametrize(
    ("first", "second"),
    [("1/2", "2/2"), ("- 1 -", "- 2 -"), ("1 / 2 쪽", "2 / 2 쪽"), ("Page 1 of 2", "Page 2 of 2")],
)
def test_page_numbers_join_pages_that_repeat_their_title(first: str, second: str) -> None:
    """Two pages numbered one after the other are one document, title or not."""
    stack = _assemble(f"{papers.DETAIL}{first}\n", f"{papers.DETAIL}{second}\n")

    assert _groups(stack) == [("p-0", "p-1")]


def test_page_one_begins_a_document() -> None:
    """A page that is numbered 1 begins a document though the patient stays."""
    stack = _assemble(papers.CHART + "- 1 -\n", papers.CHART_PAGE_TWO + "- 1 -\n")

    assert _groups(stack) == [("p-0",), ("p-1",)]


def test_continued_joins_a_page_without_title() -> None:
    """A page that says it continues the one before belongs to it."""
    stack = _assemble(papers.OPINION, "앞장에서 계속\n보존적 치료를 지속함.\n")

    assert _groups(stack) == [("p-0", "p-1")]


def test_a_title_of_another_kind_cuts_for_the_same_patient() -> None:
    """One patient's papers of different kinds are different documents."""
    stack = _assemble(papers.CHART, papers.DIAGNOSIS, papers.PRESCRIPTION)

    assert [document.type for document in stack.documents] == [
        "medical_record",
        "diagnosis_certificate",
        "prescription",
    ]


def test_two_certificates_of_one_kind_are_two_documents() -> None:
    """A one-page kind whose title comes again begins again."""
    assert _groups(_assemble(papers.DIAGNOSIS, papers.DIAGNOSIS)) == [("p-0",), ("p-1",)]


def test_a_blank_page_is_set_aside_and_does_not_cut() -> None:
    """A blank back side between two pages of a chart leaves the chart whole."""
    stack = _assemble(papers.CHART, "", papers.CHART_PAGE_TWO)

    assert _groups(stack) == [("p-0", "p-2")]
    assert dict(stack.set_aside) == {"p-1": "blank"}


def test_a_page_with_ink_and_no_text_is_not_blank() -> None:
    """A picture that gave no text is kept in a document."""
    photograph = PageText("p-1", 2480, 3508, 300, 0, 0.0, (), ink=0.2)
    stack = assemble("b", "t", [photograph], papers.OURS)

    assert _groups(stack) == [("p-1",)]
    assert dict(stack.set_aside) == {}


@pytest.mark.parametrize(
    "sheet", ["SEPARATOR SHEET\n", "구 분 지\n3\n", "차트 보관 표지\n상자번호 036\n"]
)
def test_a_separator_is_set_aside_and_cuts(sheet: str) -> None:
    """Separators and covers end the document before them and are no document."""
    stack = _assemble(papers.CHART, sheet, papers.CHART_PAGE_TWO)

    assert _groups(stack) == [("p-0",), ("p-2",)]
    assert dict(stack.set_aside) == {"p-1": "separator"}


def test_flags_of_the_reader_are_believed() -> None:
    """Pages that the reader flagged blank or separator are set aside whatever they say."""
    flagged = [
        papers.page(papers.CHART, "p-0"),
        papers.page("점", "p-1", ("blank",)),
        papers.page("ABC123", "p-2", ("separator",)),
    ]
    stack = assemble("b", "t", flagged, papers.OURS)

    assert dict(stack.set_aside) == {"p-1": "blank", "p-2": "separator"}


def test_no_page_is_lost_or_used_twice() -> None:
    """Every page of a stack is in exactly one document or set aside."""
    texts = (papers.CHART, "", papers.CHART_PAGE_TWO, "구분지", papers.DETAIL, papers.LEAFLET, "?")
    stack = _assemble(*texts)
    used = [page for document in stack.documents for page in document.pages]

    assert sorted([*used, *stack.set_aside]) == [f"p-{number}" for number in range(len(texts))]


def test_unclear_cuts_say_so() -> None:
    """A cut made for a title is surer than one made because a page looks different."""
    clear = _assemble(papers.CHART, papers.DIAGNOSIS).documents[1]
    untitled = "\n".join(papers.DIAGNOSIS.splitlines()[2:])
    unclear = _assemble(papers.CHART, untitled).documents[1]

    assert clear.boundary_confidence is not None
    assert unclear.boundary_confidence is not None
    assert clear.boundary_confidence > 0.9 > unclear.boundary_confidence


def test_an_unsure_cut_makes_the_documents_on_both_sides_unsure() -> None:
    """A person must see both documents, side by side: neither is accepted alone."""
    untitled = "\n".join(papers.DIAGNOSIS.splitlines()[2:])
    before, after = _assemble(papers.CHART, untitled).documents

    assert before.boundary_confidence == after.boundary_confidence


def test_every_page_says_why_it_stands_where_it_does() -> None:
    """Each cut and each join has its reason, in Korean and English."""
    stack = _assemble(papers.CHART + "1/2\n", papers.CHART_PAGE_TWO + "2/2\n", papers.DIAGNOSIS)
    reasons = [
        [code for code in document.evidence if code.startswith(("cut.", "join."))]
        for document in stack.documents
    ]

    assert [codes[0] for codes in reasons] == ["cut.stack", "cut.number"]
    assert reasons[0][1:] == ["join.number"]
    assert all(explain(code, language) != code for code in ("cut.stack", "join.number")
               for language in ("ko", "en"))  # fmt: skip


def test_every_sign_has_a_weight_and_words() -> None:
    """Whatever group of signs decides, a person can be told so in both languages."""
    groups = {sign.split(".")[0] for sign in load_boundary_weights()} - {"bias"}

    for code in (f"{way}.{group}" for way in ("cut", "join") for group in groups):
        assert explain(code) != code
        assert explain(code, "en") != code


_BARE = "용법 : 식후 30분\n조제시 참고사항\n질병분류기호 : M545\n"


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("환자 성명 : 홍길동\n", "환자 성명 : 박문수\n"),
        (PATIENT, PATIENT.replace("800101-1234560", "750315-1098765").replace("1980-01-01", "")),
        ("성명 : 홍길동  생년월일 : 1980-01-01\n", "성명 : 홍길동  생년월일 : 1975-03-15\n"),
        ("등록번호 : 00123456\n", "등록번호 : 00987654\n"),
        ("성별 : 남\n", "성별 : 여\n"),
    ],
)
def test_other_identity_cuts_inside_a_run_of_one_form(mine: str, theirs: str) -> None:
    """Name, resident number, birth date, chart number, sex: each cuts, though nothing else does."""
    first = papers.PRESCRIPTION.splitlines()
    head = "\n".join(line for line in first if "홍길동" not in line) + "\n1/2\n"

    assert _groups(_assemble(head + mine, mine + _BARE + "2/2\n")) == [("p-0", "p-1")]
    assert _groups(_assemble(head + mine, theirs + _BARE + "2/2\n")) == [("p-0",), ("p-1",)]


def test_identity_that_contradicts_itself_is_held() -> None:
    """The same resident number under another name may be one person misread: a person decides."""
    second = papers.CHART_PAGE_TWO + "주민등록번호 : 800101-1234560\n"
    first = papers.CHART + "주민등록번호 : 800101-1234560\n1/2\n"
    stack = _assemble(first, second.replace("홍길동", "박문수") + "2/2\n")

    assert all((document.boundary_confidence or 0.0) < 0.7 for document in stack.documents)


@pytest.mark.parametrize(
    "other",
    [
        "성명 : 홍길동  등록번호 : 00999999",
        "성명 : 임꺽정  등록번호 : 00123456",
        "성명 : 홍길동  등록번호 : 00123456  성별 : 여",
    ],
)
def test_a_paper_does_not_run_over_to_somebody_else(other: str) -> None:
    """A few lines that name one particular otherwise are held, though all others agree."""
    first = papers.CHART.replace("홍길동", "홍길동  성별 : 남")
    same = "성명 : 홍길동  등록번호 : 00123456  성별 : 남\n가나의원\nTEL 02-123-4567\n"
    another = f"{other}\n가나의원\nTEL 02-123-4567\n"

    (document,) = _assemble(first, same).documents
    assert (document.boundary_confidence or 0.0) >= 0.7
    stack = _assemble(first, another)
    held = all((document.boundary_confidence or 0.0) < 0.7 for document in stack.documents)
    assert held or len(stack.documents) == 2


def test_a_suspected_copy_stays_with_its_sheet() -> None:
    """A second scan that is only suspected begins no document; its document is for a person."""
    setting = setting_of(papers.OURS)
    pages = [look(page, setting) for page in papers.pages(papers.DIAGNOSIS, papers.DIAGNOSIS)]

    groups, _ = separate(pages, {"p-1": "p-0"})

    assert [[page.page_id for page in group.pages] for group in groups] == [["p-0", "p-1"]]
    assert groups[0].reasons == ("cut.stack", "join.copy")


def test_a_truncated_chart_number_is_no_other_patient() -> None:
    """A stroke through a number leaves fewer digits in the same order: that is a misreading."""
    broken = papers.CHART_PAGE_TWO.replace("00123456", "001256")

    assert _groups(_assemble(papers.CHART, broken)) == [("p-0", "p-1")]


def test_a_page_of_marks_without_a_letter_begins_nothing() -> None:
    """Dust read as a dash on a blank back stays with its sheet, and says why."""
    back = replace(papers.pages("-\n")[0], page_id="p-back", ink=0.012, flags=("faded",))
    first, last = papers.pages(papers.DIAGNOSIS, papers.ADMISSION)

    stack = assemble("b", "t", (first, back, last), papers.OURS)

    assert _groups(stack) == [(first.page_id, "p-back"), (last.page_id,)]
    assert "join.silent" in stack.documents[0].evidence


def test_what_runs_over_from_a_closed_paper_stays_with_it() -> None:
    """A bill that is totalled and signed, its letterhead's foot alone on the next sheet."""
    foot = "차트번호 : 00123456  성명 : 홍길동\n가나의원\nTEL 02-123-4567\n"
    another = foot.replace("00123456  성명 : 홍길동", "00999999  성명 : 임꺽정")
    issued = (
        "환자등록번호 : 00123456, 환자 성명 : 홍길동\n"
        "신청인 홍길동(환자와의 관계: 본인)의 요청에 따라 진료비 세부산정내역을 발급합니다.\n"
        "2019년 3월 5일\n요양기관 명칭 : 가나의원\n대표자 : 김의사 (인)\n가나의원\n"
    )

    stack = _assemble(papers.DETAIL, foot)
    assert _groups(stack) == [("p-0", "p-1")]
    assert "join.rest" in stack.documents[0].evidence
    assert _groups(_assemble(papers.DETAIL, issued)) == [("p-0", "p-1")]
    _, asked = issued.split("\n", maxsplit=1)
    assert _groups(_assemble(papers.DETAIL, asked)) == [("p-0", "p-1")]
    by_another = asked.replace(
        "신청인 홍길동(환자와의 관계: 본인)", "신청인 임꺽정(환자와의 관계: 자녀)"
    )
    others = _assemble(papers.DETAIL, by_another)
    assert not any("join.rest" in document.evidence for document in others.documents)
    confirms = _assemble(papers.DETAIL, f"상병명 : 요통  질병분류기호 : M54.5\n{issued}")
    assert not any("join.rest" in document.evidence for document in confirms.documents)
    assert _groups(_assemble(papers.DETAIL, another)) == [("p-0",), ("p-1",)]
    assert _groups(_assemble(papers.DETAIL, "가나의원\nTEL 02-123-4567\n")) == [("p-0", "p-1")]
    advised = _assemble(papers.DETAIL, "가나의원\n복용법 : 식후 30분\nTEL 02-123-4567\n")
    assert not any("join.rest" in document.evidence for document in advised.documents)


def test_a_page_number_inside_a_print_stamp_counts() -> None:
    """What a program prints at the foot, with the day and a machine's name, numbers the page."""
    stamp = "출력일시 : 2023-07-10 15:09 무인발급기 {} / 2 MR-488\n"
    setting = setting_of(papers.OURS)
    pages = [
        look(papers.pages(papers.DETAIL + stamp.format(number))[0], setting) for number in (1, 2)
    ]

    assert [page.number and (page.number.number, page.number.of) for page in pages] == [
        (1, 2),
        (2, 2),
    ]
    day = look(papers.pages(papers.DETAIL + "출력일시 : 10/12 15:09 3/4 1/2\n")[0], setting)
    assert day.number is None


def test_a_title_between_stars_is_a_title() -> None:
    """Line printers frame a title with stars; it names the form all the same."""
    starred = papers.DIAGNOSIS.replace("진 단 서", "*** 진 단 서 ***")
    page = look(papers.pages(starred)[0], setting_of(papers.OURS))

    assert (page.titles[0].kind, page.titles[0].likeness) == ("diagnosis_certificate", 1.0)


_SHEET = (
    "외래 진료기록부\n차트번호 : 00123456  성명 : 홍길동\n"
    "진료일시 : {}  구분 : 재진\n증상 호전됨.\n"
)


@pytest.mark.parametrize("days", [("2019-03-12", "2019-03-19"), ("2019-03-05", "2019-03-12")])
def test_a_chart_that_repeats_its_title_goes_on(days: tuple[str, str]) -> None:
    """A title with name and number below it, and entries that go on in time, begin nothing."""
    stack = _assemble(papers.CHART, *(_SHEET.format(day) for day in days))

    assert _groups(stack) == [("p-0", "p-1", "p-2")]


def test_a_chart_that_begins_again_is_another_document() -> None:
    """The same patient's next chart, with all that a first page asks, is cut though days follow."""
    second = papers.CHART.replace("2019-03-05", "2019-03-19")

    assert _groups(_assemble(papers.CHART, second)) == [("p-0",), ("p-1",)]


def test_entries_of_a_page_are_in_order_or_not() -> None:
    """Days go on, come weeks later or step back, also where the newest entry stands first."""
    setting = setting_of(papers.OURS)
    rows = (
        "생년월일 : 1980-01-01\n2019-03-05 06:00 체온 36.5\n"
        "2019-03-07 안정 중임\n출력일시 : 2021-01-01\n"
    )
    days = look(papers.pages(rows)[0], setting).days
    soon, late = dt.date(2019, 3, 20), dt.date(2019, 9, 20)

    assert days == (dt.date(2019, 3, 5), dt.date(2019, 3, 7))
    assert [follow(days, (day,)) for day in (soon, late, days[0])] == ["go_on", "later", "back"]
    assert follow(days[::-1], (dt.date(2019, 3, 4),)) == "go_on"
    assert follow(days, ()) is None


def test_a_title_beside_a_bracket_and_a_name_is_a_title() -> None:
    """A program's name in brackets before a title, the clinic's behind it, hide it from nobody."""
    page = look(papers.pages("[e-Chart] 진료기록부 가람내과의원\n")[0], setting_of(papers.OURS))

    assert page.titles[0].kind == "medical_record"


_FURTHER = "검 사 결 과 지\n검사명 결과 판정 단위 참고치\n{}\n"
_TESTS = "Hemoglobin 11.2 g/dL 12.0-17.0\nGlucose 95 mg/dL 70-99\nWBC 5.1 10^3/uL 4.0-10.0"
_OTHER_TESTS = "Albumin 4.1 g/dL 3.5-5.2\nTSH 1.7 uIU/mL 0.27-4.20\nFerritin 90 ng/mL 13-400"


def _badly_read(text: str) -> PageText:
    return replace(papers.page(text, "p-1"), confidence=0.5)


def test_a_sheet_that_lists_the_same_tests_again_is_another_sheet() -> None:
    """Nobody is named on it; what is listed twice tells it from a page that goes on."""
    sheet = papers.page(papers.LAB + _TESTS, "p-0")

    again = assemble("b", "t", (sheet, _badly_read(_FURTHER.format(_TESTS))), papers.OURS)
    further = assemble("b", "t", (sheet, _badly_read(_FURTHER.format(_OTHER_TESTS))), papers.OURS)

    assert _groups(again) == [("p-0",), ("p-1",)]
    assert _groups(further) == [("p-0", "p-1")]


def test_a_titled_page_read_too_badly_to_name_anybody_is_held() -> None:
    """It may be another patient's: the join is no surer than a doubted person's."""
    sheet = papers.page(papers.LAB + _TESTS, "p-0")
    bad = _badly_read(_FURTHER.format(_OTHER_TESTS))

    held = assemble("b", "t", (sheet, bad), papers.OURS).documents[0]
    sure = assemble("b", "t", (sheet, replace(bad, confidence=0.95)), papers.OURS).documents[0]

    assert held.pages == sure.pages == ("p-0", "p-1")
    assert held.boundary_confidence <= 0.65 < sure.boundary_confidence
