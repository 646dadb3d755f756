"""Packed documents reconcile as whole ones do."""

from classifiers.reconciling.kept_documents import KeptDocuments
from classifiers.reconciling.reconcile import reconcile
from tests.unit.classifiers.reconciling.told import emr, paper

WHO = {"patient_name": "김하늘", "chart_no": "00123"}
DRUGS = [{"name": "아목시실린캡슐250mg", "dose": "1", "times": "3", "days": "5"}]


def test_what_tells_of_visits_is_kept() -> None:
    """Every field that reconciling looks at comes back as it was, and takes little room."""
    record = emr(**WHO, visit_date="2019-03-05", drugs=DRUGS, disease_codes=["J20.9"])
    kept = KeptDocuments([record] * 50)

    again = kept[49]

    assert (again.id, again.type, again.origin) == (record.id, record.type, "emr")
    assert {key: (one.value, one.confidence, one.rule) for key, one in again.fields.items()} == {
        key: (one.value, one.confidence, one.rule) for key, one in record.fields.items()
    }
    assert len(kept._packed) < 50 * 600


def test_a_batch_that_does_not_open_is_forgotten_again() -> None:
    """What was added of it is cut off; the others are found by id."""
    first = emr(**WHO, visit_date="2019-03-05")
    kept = KeptDocuments([first, emr(**WHO, visit_date="2019-03-06")])

    kept.cut(1)

    assert list(kept.by_id()) == [first.id]
    assert kept.by_id()[first.id].fields["chart_no"].value == "00123"


def test_an_older_version_does_not_speak() -> None:
    """Of two versions of a record the paper is compared with the newer one alone."""
    older = emr(**WHO, visit_date="2019-03-05", total_amount=9000)
    newer = emr(**WHO, visit_date="2019-03-05", total_amount=9500)
    sheet = paper(**WHO, visit_date="2019-03-05", total_amount=9500)

    found = reconcile([older, newer, sheet], {older.id})

    (match,) = found.matches
    assert (match.emr, match.conflicts) == ((newer.id,), ())
