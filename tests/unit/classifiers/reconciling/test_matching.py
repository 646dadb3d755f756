"""Which paper is which record: patient, day, department, code; and what is not guessed."""

import pytest

from classifiers.reconciling.reconcile import reconcile
from classifiers.reconciling.reconciliation import Reconciliation
from records.values import Document
from tests.unit.classifiers.reconciling.told import COLD, KIM, emr, paper

DAY, NEXT = "2019-03-05", "2019-03-06"


def test_a_visit_is_matched_by_patient_and_day_and_says_why() -> None:
    """Record and bill on paper are the EMR's one visit; the evidence names what joined them."""
    record = paper(**KIM, visit_date=DAY, disease_codes=["J00"])
    bill = paper("fee_receipt", patient_name="김영희", chart_no="1234", visit_date=DAY)
    theirs = emr(**KIM, visit_date=DAY, disease_codes=["J00", "I10"])

    found = reconcile([record, theirs, bill])

    (match,) = found.matches
    assert (match.paper, match.emr) == ((record.id, bill.id), (theirs.id,))
    assert {"patient.resident_number", "patient.chart_no", "day.same", "code.same"} <= set(
        match.evidence
    )
    assert match.conflicts == ()
    assert {"name", "date", "code"} <= set(match.agreements)


def test_every_document_stands_in_one_place() -> None:
    """Matched, ambiguous, only here, or apart: nothing is lost and nothing counted twice."""
    documents = [
        paper(**KIM, visit_date=DAY),
        paper(**KIM, visit_date="2019-05-05"),
        paper("consent_form", **KIM),
        paper(visit_date=DAY),
        paper(**KIM),
        emr(**KIM, visit_date=DAY),
        emr(**KIM, visit_date="2018-01-01"),
        emr("patient_register", **KIM),
    ]

    found = reconcile(documents)

    assert sorted(_everywhere(found)) == sorted(document.id for document in documents)
    assert [found.apart[documents[place].id] for place in (2, 3, 4, 7)] == [
        "no_visit", "no_patient", "no_day", "no_visit",
    ]  # fmt: skip
    assert found.only_paper == ((documents[1].id,),)
    assert found.only_emr == ((documents[6].id,),)


def test_two_departments_on_one_day_are_two_visits() -> None:
    """Each paper goes to the record of its own department."""
    skin, eyes = {"department": "피부과"}, {"department": "안과"}
    papers = [paper(**KIM, **skin, visit_date=DAY), paper(**KIM, **eyes, visit_date=DAY)]
    records = [emr(**KIM, **eyes, visit_date=DAY), emr(**KIM, **skin, visit_date=DAY)]

    found = reconcile([*papers, *records])

    assert {(match.paper[0], match.emr[0]) for match in found.matches} == {
        (papers[0].id, records[1].id),
        (papers[1].id, records[0].id),
    }


def test_another_department_of_the_same_day_is_another_visit() -> None:
    """What only one side tells of is not put together because the day is the same."""
    found = reconcile([
        paper(**KIM, department="피부과", visit_date=DAY),
        emr(**KIM, department="안과", visit_date=DAY),
    ])  # fmt: skip

    assert (found.matches, found.ambiguous) == ((), ())
    assert len(found.only_paper) == len(found.only_emr) == 1


def test_a_visit_that_fits_two_is_not_guessed() -> None:
    """One paper without a department, and two visits it may be of: a person must tell."""
    found = reconcile([
        paper(**KIM, visit_date=DAY),
        emr(**KIM, department="피부과", visit_date=DAY),
        emr(**KIM, department="안과", visit_date=DAY),
    ])  # fmt: skip

    (unsure,) = found.ambiguous
    assert (unsure.why, len(unsure.emr), found.matches) == ("several_visits", 2, ())


def test_two_doctors_of_one_day_are_two_visits() -> None:
    """Without departments, another doctor who treats another disease is another visit."""
    skin: dict[str, object] = {"doctor": "정한결", "disease_codes": ["L20.9"]}
    eyes: dict[str, object] = {"doctor": "우순자", "disease_codes": ["H10.1"]}
    papers = [paper(**KIM, **skin, visit_date=DAY), paper(**KIM, **eyes, visit_date=DAY)]
    bill = paper("fee_receipt", **KIM, visit_date=DAY, total_amount=12000)
    records = [emr(**KIM, **eyes, visit_date=DAY), emr(**KIM, **skin, visit_date=DAY)]

    found = reconcile([*papers, bill, *records])

    assert {(match.paper, match.emr) for match in found.matches} == {
        ((papers[0].id,), (records[1].id,)),
        ((papers[1].id,), (records[0].id,)),
    }
    assert [(unsure.paper, unsure.emr) for unsure in found.ambiguous] == [(((bill.id,),), ())]


def test_namesakes_of_one_day_are_not_mixed_up() -> None:
    """A paper that says a name only is of neither of two patients who bear it."""
    found = reconcile([
        paper(patient_name="김영희", visit_date=DAY, disease_codes=["J00"]),
        emr(**KIM, visit_date=DAY, disease_codes=["J00"]),
        emr(patient_name="김영희", chart_no="777777", birth_date="1955-02-02", visit_date=DAY,
            disease_codes=["J00"]),
    ])  # fmt: skip

    assert found.matches == ()
    assert found.ambiguous[0].why == "several_visits"


def test_a_name_alone_is_enough_only_with_the_same_care() -> None:
    """Same name and day: matched where a code agrees too, else left to a person."""
    record = emr(**KIM, visit_date=DAY, disease_codes=["J00"])
    with_code = paper(patient_name="김영희", visit_date=DAY, disease_codes=["J00"])
    without = paper(patient_name="김영희", visit_date=DAY)

    assert reconcile([record, with_code]).matches[0].paper == (with_code.id,)
    assert reconcile([record, without]).ambiguous[0].why == "patient_unsure"


def test_a_day_written_wrong_is_found_and_shown() -> None:
    """The same care two days apart, on no other paper: one visit with a conflict of its day."""
    ours = paper(**KIM, visit_date=DAY, disease_codes=["J00"], drugs=[COLD])
    theirs = emr(**KIM, visit_date="2019-03-07", disease_codes=["J00"], drugs=[COLD])

    (match,) = reconcile([ours, theirs]).matches

    (conflict,) = match.conflicts
    assert (conflict.what, conflict.paper.value, conflict.emr.value) == (
        "date", DAY, "2019-03-07",
    )  # fmt: skip
    assert "day.near" in match.evidence


def test_a_near_day_needs_the_doctor_where_little_is_told() -> None:
    """A record two days off with code and doctor is the visit; with the code alone, a question."""
    theirs = emr(**KIM, visit_date=DAY, disease_codes=["J00"], doctor="이의사")
    named = paper(**KIM, visit_date="2019-03-07", disease_codes=["J00"], doctor="이의사")
    silent = paper(**KIM, visit_date="2019-03-07", disease_codes=["J00"])

    assert [match.paper for match in reconcile([named, theirs]).matches] == [(named.id,)]
    assert reconcile([silent, theirs]).matches == ()


def test_results_tell_whose_sheet_it_is() -> None:
    """A sheet of results with a name alone belongs to the visit that has the same results."""
    rows = [{"name": "AST (GOT)", "value": "41.0"}]
    record = paper(**KIM, visit_date=DAY, disease_codes=["K760"])
    sheet = paper("lab_result", patient_name="김영희", exam_date=DAY, lab_rows=rows)
    visit = emr(**KIM, visit_date=DAY, disease_codes=["K760"], doctor="이의사")
    results = emr(
        "lab_result", **KIM, exam_date=DAY, lab_rows=[{"name": "AST(GOT)", "value": "41"}]
    )

    (match,) = reconcile([record, sheet, visit, results]).matches

    assert set(match.paper) == {record.id, sheet.id}
    assert "result" in match.agreements


def test_repeat_prescriptions_of_two_months_are_not_one_visit() -> None:
    """A month apart, the same drugs again: unsure, unless the amount says it is the same one."""
    same = {**KIM, "disease_codes": ["I10"], "drugs": [COLD]}
    ours, theirs = {"visit_date": DAY}, {"visit_date": "2019-04-05"}

    unsure = reconcile([paper(**same, **ours), emr(**same, **theirs)])
    sure = reconcile([
        paper(**same, **ours, total_amount=12300), emr(**same, **theirs, total_amount=12300)
    ])  # fmt: skip

    assert (unsure.matches, unsure.ambiguous[0].why) == ((), "day_unsure")
    assert sure.matches[0].conflicts[0].what == "date"


def test_care_that_agrees_in_nothing_is_left_to_a_person() -> None:
    """The same patient and day, but another doctor, codes and drugs: perhaps a second visit."""
    other = {"name": "암로디핀정5밀리그램", "dose": "1", "times": 1, "days": 30}
    found = reconcile([
        paper(**KIM, visit_date=DAY, disease_codes=["J00"], doctor="정한결", drugs=[COLD]),
        emr(**KIM, visit_date=DAY, disease_codes=["I10"], doctor="우순자", drugs=[other]),
    ])  # fmt: skip

    assert found.ambiguous[0].why == "other_care"


def test_one_drug_in_common_does_not_make_one_visit_of_two() -> None:
    """Another doctor and another disease, the same painkiller: a person looks."""
    found = reconcile([
        paper(**KIM, visit_date=DAY, disease_codes=["M17.9"], doctor="정한결", drugs=[COLD]),
        emr(**KIM, visit_date=DAY, disease_codes=["S93.4"], doctor="우순자", drugs=[COLD]),
    ])  # fmt: skip

    assert (found.matches, found.ambiguous[0].why) == ((), "other_care")


BABY = {"patient_name": "김영희아기", "resident_number": "240305-4000000"}
NOBODY = {"patient_name": "무명남"}


@pytest.mark.parametrize("who", [BABY, NOBODY, {"resident_number": "240305-4000000"}])
def test_placeholders_are_never_merged(who: dict[str, object]) -> None:
    """Newborns and unidentified people of one day stay apart, whatever their papers share."""
    care = {"visit_date": DAY, "disease_codes": ["P59.9"], "chart_no": "5555"}
    documents = [paper(**who, **care), paper(**who, **care), emr(**who, **care)]

    found = reconcile(documents)

    assert found.matches == ()
    (unsure,) = found.ambiguous
    assert unsure.why == "placeholder"
    assert unsure.paper == ((documents[0].id,), (documents[1].id,))
    assert unsure.emr == ((documents[2].id,),)


def test_a_placeholder_alone_is_only_here() -> None:
    """A newborn that the other side does not know is no ambiguity."""
    found = reconcile([paper(**BABY, visit_date=DAY), emr(**KIM, visit_date=DAY)])

    assert (len(found.only_paper), len(found.only_emr), found.ambiguous) == (1, 1, ())


def test_a_woman_called_agi_is_herself() -> None:
    """A number of one's own counts before a name that newborns have too."""
    who = {"patient_name": "김아기", "resident_number": "300505-2123456", "visit_date": DAY}

    assert len(reconcile([paper(**who), emr(**who)]).matches) == 1


def _everywhere(found: Reconciliation) -> list[str]:
    visits = [*found.only_paper, *found.only_emr]
    visits += [part for one in found.matches for part in (one.paper, one.emr)]
    visits += [visit for one in found.ambiguous for visit in (*one.paper, *one.emr)]
    return [document for visit in visits for document in visit] + list(found.apart)


def test_the_order_of_documents_decides_nothing() -> None:
    """Given backwards, the same documents give the same matches."""
    documents: list[Document] = []
    for day in (DAY, NEXT, "2019-07-01"):
        documents += [paper(**KIM, visit_date=day), emr(**KIM, visit_date=day)]
        documents.append(emr("prescription", **KIM, visit_date=day, drugs=[COLD]))

    forth, back = reconcile(documents), reconcile(reversed(documents))

    assert {frozenset(m.paper + m.emr) for m in forth.matches} == {
        frozenset(m.paper + m.emr) for m in back.matches
    }
    assert len(forth.matches) == 3
