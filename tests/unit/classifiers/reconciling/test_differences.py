"""What two sides of one visit differ in: both values stand, none is chosen."""

import pytest

from classifiers.reconciling.drug_names import plain_drug
from classifiers.reconciling.reconcile import reconcile
from classifiers.reconciling.reconciliation import Match
from records.values import Document
from tests.unit.classifiers.reconciling.told import COLD, KIM, emr, paper

DAY = "2019-03-05"


def _match(*documents: Document) -> Match:
    (match,) = reconcile(documents).matches
    return match


def _conflicts(match: Match) -> list[tuple[str, str, str]]:
    return [(found.what, found.paper.value, found.emr.value) for found in match.conflicts]


@pytest.mark.parametrize(
    ("what", "changed", "values"),
    [
        ("drug_dose", {"dose": "2"}, ("1", "2")),
        ("drug_times", {"times": 3}, ("1", "3")),
        ("drug_days", {"days": 14}, ("7", "14")),
    ],
)
def test_a_dose_that_differs_is_named_with_its_drug(
    what: str, changed: dict[str, object], values: tuple[str, str]
) -> None:
    """Dose, times a day and days are compared drug by drug."""
    match = _match(
        paper("prescription", **KIM, visit_date=DAY, drugs=[COLD]),
        emr("prescription", **KIM, visit_date=DAY, drugs=[COLD | changed]),
    )

    assert _conflicts(match) == [(what, *values)]
    assert match.conflicts[0].item == COLD["name"]
    assert what not in match.agreements


def test_a_drug_in_an_emr_cell_is_the_drug_of_the_form() -> None:
    """`1 x 1 x 7일` of a table's cell and the columns of a form say the same."""
    match = _match(
        paper("prescription", **KIM, visit_date=DAY, drugs=[COLD]),
        emr(**KIM, visit_date=DAY, drugs=["세티리진염산염정 10mg 1 x 1 x 7일"]),
    )

    assert match.conflicts == ()
    assert {"drug_name", "drug_dose", "drug_times", "drug_days"} <= set(match.agreements)


def test_what_a_side_does_not_tell_is_no_conflict() -> None:
    """An HL7 v2 order without times and days disagrees with nothing."""
    bare = {"name": COLD["name"], "dose": "1 정", "times": None, "days": None}
    match = _match(
        paper("prescription", **KIM, visit_date=DAY, drugs=[COLD]),
        emr("prescription", **KIM, visit_date=DAY, drugs=[bare]),
    )

    assert match.conflicts == ()


def test_a_drug_of_one_side_only_is_named() -> None:
    """Where both sides tell drugs, one that the other lacks is a conflict with an empty side."""
    more = {"name": "암로디핀정5밀리그램", "dose": "1", "times": 1, "days": 30}
    match = _match(
        paper("prescription", **KIM, visit_date=DAY, drugs=[COLD, more]),
        emr("prescription", **KIM, visit_date=DAY, drugs=[COLD]),
    )

    assert _conflicts(match) == [("drug_absent", more["name"], "")]


def test_a_drug_spelled_differently_is_one_drug() -> None:
    """One misread syllable is a conflict of the name; another strength is another drug."""
    misread = COLD | {"name": "세티리전염산염정10밀리그램"}
    stronger = COLD | {"name": "세티리진염산염정5밀리그램"}
    ours = paper("prescription", **KIM, visit_date=DAY, drugs=[COLD])

    one = _match(ours, emr("prescription", **KIM, visit_date=DAY, drugs=[misread]))
    two = _match(ours, emr("prescription", **KIM, visit_date=DAY, drugs=[stronger]))

    assert _conflicts(one) == [("drug_name", COLD["name"], misread["name"])]
    assert [conflict.what for conflict in two.conflicts] == ["drug_absent", "drug_absent"]


def test_amounts_are_compared_bill_with_bill() -> None:
    """A receipt's total is held against the receipt's, not against another paper's."""
    match = _match(
        paper("fee_receipt", **KIM, visit_date=DAY, total_amount=12300, patient_amount=3600),
        emr("fee_receipt", **KIM, visit_date=DAY, total_amount=12800, patient_amount=3600),
        emr("fee_detail", **KIM, visit_date=DAY, total_amount=12300),
    )

    assert _conflicts(match) == [("total_amount", "12300", "12800")]
    assert "patient_amount" in match.agreements


def test_a_name_spelled_differently_keeps_both_spellings() -> None:
    """The numbers say it is one patient; the two names stand beside each other."""
    match = _match(
        paper(**KIM, visit_date=DAY), emr(**(KIM | {"patient_name": "김영히"}), visit_date=DAY)
    )

    assert _conflicts(match) == [("name", "김영희", "김영히")]
    assert match.conflicts[0].emr.document == match.emr[0]


def test_a_wrong_name_among_right_ones_is_not_outvoted() -> None:
    """One bill that spells the name otherwise is shown, though the record beside it agrees."""
    match = _match(
        paper(**KIM, visit_date=DAY),
        paper("fee_receipt", **(KIM | {"patient_name": "김영히"}), visit_date=DAY),
        emr(**KIM, visit_date=DAY),
    )

    assert _conflicts(match) == [("name", "김영히", "김영희")]


def test_a_masked_number_agrees_with_the_whole_one() -> None:
    """`800101-2******` is no other number than the one it hides."""
    match = _match(
        paper(**(KIM | {"resident_number": "800101-2******"}), visit_date=DAY),
        emr(**KIM, visit_date=DAY),
    )

    assert match.conflicts == ()
    assert "resident_number" in match.agreements


def test_codes_differ_only_where_both_sides_have_their_own() -> None:
    """A side that lists fewer codes contradicts nothing."""
    fewer = _match(
        paper(**KIM, visit_date=DAY, disease_codes=["J00"]),
        emr(**KIM, visit_date=DAY, disease_codes=["J00", "I10"]),
    )
    other = _match(
        paper(**KIM, visit_date=DAY, disease_codes=["J00"]),
        emr(**KIM, visit_date=DAY, disease_codes=["J20.9"]),
    )

    assert fewer.conflicts == ()
    assert _conflicts(other) == [("code", "J00", "J20.9")]


def test_results_are_compared_test_by_test() -> None:
    """`4.50` is `4.5`; another number is a conflict that names its test."""
    ours = [{"name": "WBC", "value": "4.50"}, {"name": "RBC", "value": "5.1"}]
    theirs = [{"name": "WBC", "value": "4.5"}, {"name": "RBC", "value": "5.7"}]
    match = _match(
        paper("lab_result", **KIM, exam_date=DAY, lab_rows=ours),
        emr("lab_result", **KIM, exam_date=DAY, lab_rows=theirs),
    )

    assert [(c.item, c.paper.value, c.emr.value) for c in match.conflicts] == [
        ("RBC", "5.1", "5.7")
    ]


def test_one_drug_has_one_plain_name() -> None:
    """Code, spaces and the spelling of the strength make no other drug."""
    names = (
        "[643202110] 록소프로펜나트륨정 60밀리그람",
        "록소프로펜나트륨정60㎎",
        "록소프로펜나트륨정60MG",
    )
    assert {plain_drug(name) for name in names} == {"록소프로펜나트륨정60mg"}
