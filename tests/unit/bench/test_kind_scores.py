"""What the benchmark of kinds and fields counts."""

from bench.field_scores import score_fields
from bench.kind_documents import Order, orders, printed_document
from bench.kind_scores import Told, documents_of, our_documents, score_kinds, told_by_keywords


def test_a_refused_paper_is_one_that_is_not_accepted_as_a_kind() -> None:
    """Held or called something else counts as refused; a sure wrong kind does not."""
    told = [
        Told("none", 0.9, "none"),
        Told("prescription", 0.5, "consent_form"),
        Told("prescription", 0.95, "consent_form"),
        Told("prescription", 0.95, "prescription"),
    ]
    score = score_kinds(told)

    assert (score.refused.hits, score.refused.of) == (2, 3)
    assert (score.accepted.hits, score.accepted.of) == (2, 3)
    assert (score.right.hits, score.right.of) == (2, 4)


def test_every_maker_is_met_in_every_layout_of_a_round() -> None:
    """No kind and no layout of the test part is left out, and no seed comes twice."""
    given = list(orders("test", 1, 1))

    assert len({(one.maker, one.layout) for one in given}) == len(given)
    assert len({one.seed for one in given}) == len(given)
    assert {"notice", "prescription"} <= {one.maker for one in given}


def test_a_document_as_printed_is_told_and_its_fields_are_exact() -> None:
    """The true text of a prescription: its kind by both ways, its number and name exactly."""
    stack = printed_document(Order("prescription", "statutory", 4, "mild", "tuning"))
    given = list(documents_of([stack]))
    made, _ = our_documents(given)
    exact = score_fields(given, made).exact

    assert [one.kind for one in told_by_keywords(given)] == ["prescription"]
    assert exact["resident_number"].share == 1
    assert exact["patient_name"].share == 1
