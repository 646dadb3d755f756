"""Bills that name no doctor: whose visit they are is told by the other side, or left alone."""

from classifiers.reconciling.reconcile import reconcile
from classifiers.reconciling.reconciliation import Match, Reconciliation
from records.values import Document
from tests.unit.classifiers.reconciling.told import COLD, KIM, emr, paper

SUNDAY, MONDAY = "2019-03-03", "2019-03-04"
COLD_VISIT: dict[str, object] = {
    **KIM,
    "disease_codes": ["J00"],
    "doctor": "이의사",
    "drugs": [COLD],
}
BACK_VISIT: dict[str, object] = {**KIM, "disease_codes": ["M54.5"], "doctor": "박다른"}


def test_a_second_bill_of_a_day_is_the_left_over_visits() -> None:
    """Both visits' papers bear Monday; the bill with Sunday's amount is Sunday's."""
    papers = [
        paper(**COLD_VISIT, visit_date=MONDAY),
        paper("fee_receipt", **KIM, visit_date=MONDAY, total_amount=46_400),
    ]
    late = paper("fee_receipt", **KIM, visit_date=MONDAY, total_amount=60_400)
    theirs = [
        emr(**COLD_VISIT, visit_date=day, total_amount=amount)
        for day, amount in ((SUNDAY, 60_400), (MONDAY, 46_400))
    ]

    found = reconcile([*papers, late, *theirs])

    assert _match(found, late).emr == (theirs[0].id,)
    assert [conflict.what for conflict in _match(found, late).conflicts] == ["date"]
    assert _match(found, papers[1]).emr == (theirs[1].id,)


def test_a_second_bill_stays_where_no_visit_has_its_amount() -> None:
    """The same bills, and Sunday's is another one: nothing is taken from Monday."""
    papers = [
        paper(**COLD_VISIT, visit_date=MONDAY),
        paper("fee_receipt", **KIM, visit_date=MONDAY, total_amount=46_400),
        paper("fee_receipt", **KIM, visit_date=MONDAY, total_amount=60_400),
    ]
    theirs = [
        emr(**COLD_VISIT, visit_date=day, total_amount=amount)
        for day, amount in ((SUNDAY, 12_000), (MONDAY, 46_400))
    ]

    found = reconcile([*papers, *theirs])

    assert {_match(found, document).emr for document in papers} == {(theirs[1].id,)}


def test_a_bill_one_figure_off_is_that_of_the_visit_without_one() -> None:
    """Two doctors on a day and two bills in the EMR: what differs is said, not passed over."""
    ours = [
        paper(**BACK_VISIT, visit_date=MONDAY),
        paper("fee_receipt", **KIM, visit_date=MONDAY, doctor="박다른", total_amount=77_400),
    ]
    theirs = [emr(**COLD_VISIT, visit_date=MONDAY), emr(**BACK_VISIT, visit_date=MONDAY)]
    bills = [
        emr("fee_detail", **KIM, visit_date=MONDAY, total_amount=amount)
        for amount in (31_400, 77_300)
    ]

    match = _match(reconcile([*ours, *theirs, *bills]), ours[0])

    assert set(match.emr) == {theirs[1].id, bills[1].id}
    assert [conflict.what for conflict in match.conflicts] == ["total_amount"]


def test_a_bill_one_figure_off_does_not_join_where_another_one_fits() -> None:
    """The same, but one bill of the EMR is the paper's to the figure: the other one is not its."""
    ours = [
        paper(**BACK_VISIT, visit_date=MONDAY),
        paper("fee_receipt", **KIM, visit_date=MONDAY, doctor="박다른", total_amount=77_300),
    ]
    theirs = [emr(**COLD_VISIT, visit_date=MONDAY), emr(**BACK_VISIT, visit_date=MONDAY)]
    bills = [
        emr("fee_detail", **KIM, visit_date=MONDAY, total_amount=amount)
        for amount in (77_400, 77_300)
    ]

    match = _match(reconcile([*ours, *theirs, *bills]), ours[0])

    assert set(match.emr) == {theirs[1].id, bills[1].id}
    assert not match.conflicts


def test_a_bill_beside_two_doctors_goes_with_the_visit_of_another_day() -> None:
    """The paper of Monday is the second doctor's visit of Sunday, and its bill is too."""
    cold = paper(**COLD_VISIT, visit_date=SUNDAY)
    ours = [
        paper(**BACK_VISIT, visit_date=MONDAY),
        paper("fee_receipt", **KIM, visit_date=MONDAY, doctor="박다른", total_amount=47_000),
    ]
    theirs = [emr(**COLD_VISIT, visit_date=SUNDAY), emr(**BACK_VISIT, visit_date=SUNDAY)]
    bills = [
        emr("fee_detail", **KIM, visit_date=SUNDAY, total_amount=amount)
        for amount in (31_400, 47_000)
    ]

    found = reconcile([cold, *ours, *theirs, *bills])

    assert set(_match(found, ours[0]).emr) == {theirs[1].id, bills[1].id}
    assert _match(found, cold).emr == (theirs[0].id,)


def test_a_bill_that_two_papers_bear_is_nobodys() -> None:
    """Two doctors' papers of one amount, and one such bill on another day: a person looks."""
    papers = [
        paper(**{**COLD_VISIT, "visit_date": MONDAY, "total_amount": 47_000}),
        paper(**{**BACK_VISIT, "visit_date": MONDAY, "total_amount": 47_000}),
    ]
    theirs = [emr(**COLD_VISIT, visit_date=SUNDAY), emr(**BACK_VISIT, visit_date=SUNDAY)]
    bill = emr("fee_detail", **KIM, visit_date=SUNDAY, total_amount=47_000)

    found = reconcile([*papers, *theirs, bill])

    assert sum(bill.id in match.emr for match in found.matches) == 0
    assert len(found.ambiguous) == 2


def _match(found: Reconciliation, document: Document) -> Match:
    return next(match for match in found.matches if document.id in match.paper)
