"""Documents of one patient in a stack, and two prints in one document, confirm each other."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from classifiers.stack import assemble
from records.values import Document, Line, PageText
from tests.unit.classifiers import papers


def _page(text: str, number: int, doubted: Sequence[str] = ()) -> PageText:
    """A page whose doubted words the reader was unsure of."""
    made = replace(papers.page(text), page_id=f"p-{number}")
    lines = tuple(
        Line(tuple(replace(w, confidence=0.4 if w.text in doubted else 0.95) for w in line.words))
        for line in made.lines
    )
    return replace(made, lines=lines)


def _documents(*pages: PageText) -> tuple[Document, ...]:
    return assemble("b", "t", pages, papers.OURS).documents


def test_a_doubted_name_is_believed_where_another_document_says_it() -> None:
    """The same resident number and the same name, surely read: the name is no doubt any more."""
    doubted, sure = _page(papers.DIAGNOSIS, 0, ["홍길동"]), _page(papers.ADMISSION, 1)

    (alone,) = _documents(doubted)
    first, _ = _documents(doubted, sure)

    assert "field.unsure.patient_name" in alone.evidence
    assert "field.unsure.patient_name" not in first.evidence
    assert first.fields["patient_name"].rule.endswith("+agrees")


def _bare(text: str) -> str:
    """A paper without the numbers that say whose it is."""
    for number in ("800101-1234560", "1980-01-01", "00123456"):
        text = text.replace(number, "")
    return text


@pytest.mark.parametrize(("between", "believed"), [(0, True), (4, False)])
def test_a_doubted_name_is_believed_where_a_paper_close_by_has_it(
    between: int, believed: bool
) -> None:
    """Nothing else tells that they are one patient's: it must lie close, and say the very name."""
    doubted = _page(_bare(papers.DIAGNOSIS), 0, ["홍길동"])
    others = [
        _page(papers.OPINION.replace("홍길동", "김철수").replace("00123456", f"0098765{n}"), n + 1)
        for n in range(between)
    ]
    first, *_ = _documents(doubted, *others, _page(papers.ADMISSION, 9))
    another, *_ = _documents(doubted, _page(papers.ADMISSION.replace("홍길동", "홍길순"), 9))

    assert (first.fields["patient_name"].rule.endswith("+agrees")) is believed
    assert not another.fields["patient_name"].rule.endswith("+agrees")


def test_another_patients_name_confirms_nothing() -> None:
    """A namesake with other numbers says nothing of this patient's name."""
    theirs = papers.ADMISSION.replace("800101-1234560", "750315-1098765")
    theirs = theirs.replace("1980-01-01", "1975-03-15").replace("00123456", "00987654")

    first, _ = _documents(_page(papers.DIAGNOSIS, 0, ["홍길동"]), _page(theirs, 1))

    assert "field.unsure.patient_name" in first.evidence


def test_a_name_one_syllable_from_all_others_is_doubted() -> None:
    """A wrong name read with confidence is for a person, since the same number bears another."""
    wrong = papers.DIAGNOSIS.replace("홍길동", "홍걸동")
    first, *others = _documents(
        _page(wrong, 0), _page(papers.ADMISSION, 1), _page(papers.OPINION, 2)
    )

    assert first.fields["patient_name"].value == "홍걸동"
    assert "field.unsure.patient_name" in first.evidence
    assert not [code for other in others for code in other.evidence if code.startswith("field.")]


def test_a_name_without_its_label_is_found_by_the_patients_other_document() -> None:
    """Where the label was misread the name is taken from the page, not from the other document."""
    unlabelled = papers.DIAGNOSIS.replace("환자의 성명 :", "본츄싸우")
    gone = unlabelled.replace("홍길동", "")

    found, _ = _documents(_page(unlabelled, 0), _page(papers.ADMISSION, 1))
    missing, _ = _documents(_page(gone, 0), _page(papers.ADMISSION, 1))

    name = found.fields["patient_name"]
    assert (name.value, name.page_id, name.rule) == ("홍길동", "p-0", "patient_name.known+agrees")
    assert "field.unread.patient_name" not in found.evidence
    assert "field.unread.patient_name" in missing.evidence


@pytest.mark.parametrize("again", [0.95, 0.65])
def test_a_doubted_day_is_believed_where_the_document_prints_it_again(again: float) -> None:
    """The day of care and a row of the bill bear one date: two readings agree."""
    cells = [
        ("진료비 계산서·영수증", 900, 200),
        ("환자성명", 200, 400),
        ("홍길동", 600, 400),
        ("진료기간", 200, 500),
        ("2019-03-05", 600, 500),
        ("진료비 총액", 200, 600),
        ("12,380", 600, 600),
        ("환자부담 총액", 200, 700),
        ("3,700", 600, 700),
    ]
    sure = {500: 0.4, 900: again}
    worn = [
        Line(tuple(replace(w, confidence=sure.get(w.box.y0, 0.95)) for w in line.words))
        for line in papers.placed([*cells, ("진찰료 2019-03-05 12,380", 200, 900)]).lines
    ]
    bill = replace(papers.placed(cells), lines=tuple(worn[:-1]))

    (alone,) = _documents(bill)
    (twice,) = _documents(replace(bill, lines=tuple(worn)))

    assert "field.unsure.visit_date" in alone.evidence
    assert "field.unsure.visit_date" not in twice.evidence
    assert twice.fields["visit_date"].rule.endswith("+again")
