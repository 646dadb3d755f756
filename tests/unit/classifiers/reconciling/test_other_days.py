"""Visits whose day is written wrong: found where both sides tell of those days, never guessed."""

import datetime as dt
from collections.abc import Container, Iterable

import pytest

from classifiers.reconciling.reconcile import reconcile
from classifiers.reconciling.reconciliation import Match, Reconciliation
from records.values import Document
from tests.unit.classifiers.reconciling.told import COLD, KIM, emr, paper

FIRST = dt.date(2019, 1, 1)
DAYS = [FIRST + dt.timedelta(days=number) for number in range(400)]
MARCH, APRIL = "2019-03-05", "2019-04-05"
COLD_VISIT: dict[str, object] = {**KIM, "disease_codes": ["J00"], "doctor": "이의사"}
RESULTS = [{"name": "AST", "value": "41"}, {"name": "ALT", "value": "38"}]


def test_a_month_off_is_found_where_both_sides_tell_of_those_days() -> None:
    """The paper of April is the EMR's visit of March: the clinic's other visits are on both."""
    ours = paper(**COLD_VISIT, visit_date=APRIL, drugs=[COLD])
    theirs = emr(**COLD_VISIT, visit_date=MARCH, drugs=[COLD])

    match = _match(reconcile([*_others(DAYS, DAYS), ours, theirs]), ours)

    assert match.emr == (theirs.id,)
    assert {"day.month", "days.covered"} <= set(match.evidence)
    assert [conflict.what for conflict in match.conflicts] == ["date"]


def test_a_month_off_is_left_to_a_person_where_few_visits_tell() -> None:
    """The same two visits alone: a repeat prescription looks like that too."""
    ours = paper(**COLD_VISIT, visit_date=APRIL, drugs=[COLD])
    theirs = emr(**COLD_VISIT, visit_date=MARCH, drugs=[COLD])

    assert _asked(reconcile([*_others(DAYS[50:60], DAYS[50:60]), ours, theirs]), ours, theirs)


def test_drugs_that_were_just_used_up_are_a_repeat_prescription() -> None:
    """31 days of a drug, and again 31 days later: two visits, or one; a person must tell."""
    month = [{**COLD, "days": 31}]
    ours = paper(**COLD_VISIT, visit_date=APRIL, drugs=month)
    theirs = emr(**COLD_VISIT, visit_date=MARCH, drugs=month)

    assert _asked(reconcile([*_others(DAYS, DAYS), ours, theirs]), ours, theirs)


@pytest.mark.parametrize("kept_twice", [0, 60])
def test_a_revisit_when_the_clinic_went_over_to_an_emr_is_not_merged(kept_twice: int) -> None:
    """On paper on its last day, in the EMR two days later: two visits that look like one.

    The same where the clinic kept both for some weeks before it gave up paper.
    """
    last = 200
    others = _others(DAYS[: last + 1], DAYS[last + 1 - kept_twice :])
    ours = paper(**COLD_VISIT, visit_date=DAYS[last].isoformat(), drugs=[COLD])
    theirs = emr(**COLD_VISIT, visit_date=DAYS[last + 2].isoformat(), drugs=[COLD])

    assert _asked(reconcile([*others, ours, theirs]), ours, theirs)


def test_a_revisit_that_only_one_side_has_stays_there() -> None:
    """Two visits in the EMR within three days, the first on paper too: the second is no match."""
    ours = paper(**COLD_VISIT, visit_date=MARCH, drugs=[COLD])
    first = emr(**COLD_VISIT, visit_date=MARCH, drugs=[COLD])
    again = emr(**COLD_VISIT, visit_date="2019-03-07", drugs=[COLD])

    found = reconcile([*_others(DAYS, DAYS), ours, first, again])

    assert _match(found, ours).emr == (first.id,)
    assert (again.id,) in found.only_emr


def test_revisits_with_other_bills_are_not_merged() -> None:
    """One of two visits on each side, with another bill each: left to a person, though covered."""
    ours = paper(**COLD_VISIT, visit_date=MARCH, drugs=[COLD], total_amount=12300)
    theirs = emr(**COLD_VISIT, visit_date="2019-03-07", drugs=[COLD], total_amount=48900)

    assert _asked(reconcile([*_others(DAYS, DAYS), ours, theirs]), ours, theirs)


def test_a_bill_one_figure_off_needs_days_that_both_sides_tell_of() -> None:
    """Day and amount written wrong: found where both are kept, with both conflicts."""
    ours = paper(**COLD_VISIT, visit_date=MARCH, drugs=[COLD], total_amount=12300)
    theirs = emr(**COLD_VISIT, visit_date="2019-03-07", drugs=[COLD], total_amount=12400)

    match = _match(reconcile([*_others(DAYS, DAYS), ours, theirs]), ours)

    assert {conflict.what for conflict in match.conflicts} == {"date", "total_amount"}
    assert _asked(reconcile([ours, theirs]), ours, theirs)


@pytest.mark.parametrize(
    ("written", "matched"),
    [("2019-03-11", True), ("2019-03-10", True), ("2019-03-12", False)],
)
def test_three_days_late_is_a_weekend(written: str, matched: bool) -> None:
    """Of Friday the 8th on Sunday or Monday; what is four days off is not late."""
    ours = paper(**COLD_VISIT, visit_date=written)
    theirs = emr(**COLD_VISIT, visit_date="2019-03-08")

    assert bool(reconcile([ours, theirs]).matches) is matched


def test_three_days_within_a_week_are_another_visit() -> None:
    """Tuesday and Friday: nobody makes an entry three days late."""
    ours = paper(**COLD_VISIT, visit_date="2019-03-08")
    theirs = emr(**COLD_VISIT, visit_date="2019-03-05")

    assert reconcile([ours, theirs]).matches == ()


def test_results_that_the_emr_does_not_have_are_of_another_visit() -> None:
    """An EMR that tells the results of others tells none of this one: not the paper's visit."""
    other: dict[str, object] = {"patient_name": "박철수", "chart_no": "777777", "doctor": "이의사"}
    others = [side(**other, visit_date="2019-05-05", lab_rows=RESULTS) for side in (paper, emr)]
    ours = paper(**COLD_VISIT, visit_date=MARCH, drugs=[COLD], lab_rows=RESULTS)
    theirs = emr(**COLD_VISIT, visit_date="2019-03-06", drugs=[COLD])

    assert _asked(reconcile([*others, ours, theirs]), ours, theirs)
    assert _match(reconcile([ours, theirs]), ours).emr == (theirs.id,)


def test_two_visits_that_may_be_the_late_one_are_not_guessed() -> None:
    """The day before and the day after: which of the two papers is it? Drugs do not tell."""
    before = paper(**COLD_VISIT, visit_date="2019-03-04", drugs=[COLD])
    after = paper(**COLD_VISIT, visit_date="2019-03-06")
    theirs = emr(**COLD_VISIT, visit_date=MARCH, drugs=[COLD])

    found = reconcile([*_others(DAYS, DAYS), before, after, theirs])

    assert _asked(found, before, theirs)
    assert _asked(found, after, theirs)


def test_papers_of_a_second_visit_that_bear_the_first_ones_day_are_parted() -> None:
    """One doctor's two records of one day on paper, of two days in the EMR: each to its own."""
    back: dict[str, object] = {**KIM, "disease_codes": ["M54.5"], "doctor": "이의사"}
    first, second = paper(**COLD_VISIT, visit_date=MARCH), paper(**back, visit_date=MARCH)
    theirs = emr(**COLD_VISIT, visit_date=MARCH), emr(**back, visit_date="2019-03-06")

    found = reconcile([first, second, *theirs])

    assert {(match.paper, match.emr) for match in found.matches} == {
        ((first.id,), (theirs[0].id,)),
        ((second.id,), (theirs[1].id,)),
    }


def test_two_records_of_one_visit_stay_together() -> None:
    """The same papers, and no other visit in the EMR: they stay where they were."""
    back: dict[str, object] = {**KIM, "disease_codes": ["M54.5"], "doctor": "이의사"}
    papers = [paper(**COLD_VISIT, visit_date=MARCH), paper(**back, visit_date=MARCH)]

    (match,) = reconcile([*papers, emr(**COLD_VISIT, visit_date=MARCH)]).matches

    assert match.paper == tuple(document.id for document in papers)


def test_the_doctor_counts_as_much_as_what_was_treated() -> None:
    """Of two doctors' papers with one code, the EMR's doctor's is the visit; the other is late."""
    other: dict[str, object] = {**COLD_VISIT, "doctor": "박다른"}
    ours = paper(**COLD_VISIT, visit_date=MARCH)
    late = paper(**other, visit_date=MARCH, drugs=[COLD])
    theirs = emr(**COLD_VISIT, visit_date=MARCH, drugs=[COLD])
    next_day = emr(**other, visit_date="2019-03-06", drugs=[COLD])

    found = reconcile([ours, late, theirs, next_day])

    assert _match(found, ours).emr == (theirs.id,)
    assert _match(found, late).emr == (next_day.id,)


def _others(on_paper: Iterable[dt.date], in_emr: Iterable[dt.date]) -> list[Document]:
    """Visits of other patients, one a day."""
    sides = ((paper, on_paper), (emr, in_emr))
    return [
        side(patient_name="박철수", chart_no=f"9{day:%m%d}{day.year % 10}", doctor="이의사",
             visit_date=day.isoformat(), disease_codes=["I10"])
        for side, days in sides
        for day in days
    ]  # fmt: skip


def _match(found: Reconciliation, document: Document) -> Match:
    return next(match for match in found.matches if document.id in match.paper)


def _asked(found: Reconciliation, ours: Document, theirs: Document) -> bool:
    """Whether a person is asked about both together."""
    return any(
        _holds(one.paper, ours) and _holds(one.emr, theirs) for one in found.ambiguous
    ) and not any(ours.id in match.paper for match in found.matches)


def _holds(visits: Iterable[Container[str]], document: Document) -> bool:
    return any(document.id in visit for visit in visits)
