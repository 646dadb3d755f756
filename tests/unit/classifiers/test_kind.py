"""What kind a paper is: the pairs that people confuse, and what is no record at all."""

import pytest

from classifiers.ruleset import load_kinds
from classifiers.stack import assemble
from records.taxonomy import load_taxonomy
from records.values import Document
from tests.unit.classifiers import papers


def _document(text: str) -> Document:
    (document,) = assemble("b", "t", [papers.page(text)], papers.OURS).documents
    return document


def _untitled(text: str) -> str:
    return "\n".join(text.splitlines()[2:])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (papers.DIAGNOSIS, "diagnosis_certificate"),
        (papers.INJURY, "injury_certificate"),
        (papers.OPINION, "medical_opinion"),
        (papers.TREATMENT, "treatment_confirmation"),
        (papers.OUTPATIENT, "outpatient_confirmation"),
        (papers.ADMISSION, "admission_confirmation"),
        (papers.RECEIPT, "fee_receipt"),
        (papers.DETAIL, "fee_detail"),
        (papers.PHARMACY_RECEIPT, "external_document"),
        (papers.PRESCRIPTION, "prescription"),
        (papers.PHARMACY_BAG, "external_document"),
        (papers.SURGERY, "surgery_record"),
        (papers.SURGERY_CONSENT, "consent_form"),
        (papers.LAB, "lab_result"),
        (papers.CHECKUP, "external_document"),
        (papers.IMAGING, "imaging_report"),
        (papers.REFERRAL, "referral_letter"),
        (papers.CHART, "medical_record"),
    ],
)
def test_confusable_papers_are_told_apart(text: str, kind: str) -> None:
    """A paper whose title and signs agree gets its kind, and is sure of it."""
    document = _document(text)

    assert kind == document.type
    assert document.type_confidence is not None
    assert document.type_confidence >= 0.9
    assert f"title.{kind}" in document.evidence


def test_certificates_with_an_unreadable_title_and_verb_are_held() -> None:
    """Treatment and outpatient confirmations differ by title and verb only."""
    document = _document(papers.UNTITLED_CONFIRMATION)

    assert document.type_confidence is not None
    assert document.type_confidence < 0.8


@pytest.mark.parametrize("text", [papers.TREATMENT, papers.OUTPATIENT, papers.CHART, papers.LAB])
def test_signs_without_a_title_are_held(text: str) -> None:
    """Where signs are all there is, and they are few, a person decides."""
    document = _document(_untitled(text))

    assert document.type_confidence is not None
    assert document.type_confidence < 0.8


def test_strong_signs_name_a_kind_without_its_title() -> None:
    """The law's own sentence, the closing and the text tell a certificate; never quite surely."""
    document = _document(_untitled(papers.DIAGNOSIS))

    assert document.type == "diagnosis_certificate"
    assert document.type_confidence is not None
    assert 0.7 <= document.type_confidence < 1
    assert "text.diagnosis_certificate" in document.evidence


def test_a_title_alone_is_not_enough() -> None:
    """A page that says nothing but its title is held."""
    document = _document("진 단 서\n홍길동\n")

    assert document.type == "diagnosis_certificate"
    assert document.type_confidence is not None
    assert document.type_confidence < 0.8


def test_a_title_that_the_text_contradicts_is_held() -> None:
    """A certificate titled plainly that speaks of an injury throughout is unsure."""
    contradicted = papers.INJURY.replace("상 해 진 단 서", "진 단 서")
    document = _document(contradicted)

    assert document.type_confidence is not None
    assert document.type_confidence < 0.8


@pytest.mark.parametrize(
    ("printed", "read", "kind"),
    [
        ("진 단 서", "진 단 시", "diagnosis_certificate"),
        ("통 원 확 인 서", "통 윈 확 인 서", "outpatient_confirmation"),
        ("입 퇴 원 확 인 서", "입 되 원 확 인 서", "admission_confirmation"),
        ("처 방 전", "처 방 진", "prescription"),
    ],
)
def test_a_misread_title_still_names_its_kind(printed: str, read: str, kind: str) -> None:
    """One wrong stroke in a title does not lose the kind."""
    texts = {
        "diagnosis_certificate": papers.DIAGNOSIS,
        "outpatient_confirmation": papers.OUTPATIENT,
        "admission_confirmation": papers.ADMISSION,
        "prescription": papers.PRESCRIPTION,
    }
    assert printed in texts[kind]

    assert kind == _document(texts[kind].replace(printed, read)).type


@pytest.mark.parametrize(
    ("text", "kind"),
    [(papers.LEAFLET, "none"), (papers.CONSENT, "consent_form")],
)
def test_papers_that_are_no_record_are_refused(text: str, kind: str) -> None:
    """A leaflet is none of the kinds, a consent form is only that."""
    document = _document(text)

    assert kind == document.type
    assert not load_taxonomy().kinds[kind].issuable


def test_text_that_says_nothing_is_none_and_unsure() -> None:
    """Where nothing speaks the answer is none, never a sure one."""
    document = _document("가나다 라마바\n사아자차 카타파하\n")

    assert document.type == "none"
    assert document.type_confidence is not None
    assert document.type_confidence < 0.8


def test_a_blank_form_is_no_document_of_its_kind() -> None:
    """A form that nobody filled in has no value, and is not taken for its kind."""
    document = _document(papers.BLANK_DIAGNOSIS)

    assert dict(document.fields) == {}
    assert document.type == "none"
    assert "form.blank" in document.evidence
    assert document.type_confidence is not None
    assert document.type_confidence < 0.8


def test_a_form_filled_in_by_hand_is_held_as_its_kind() -> None:
    """Handwriting that nobody could read does not make a form blank."""
    page = papers.page(papers.BLANK_DIAGNOSIS, flags=("handwriting",))
    (document,) = assemble("b", "t", [page], papers.OURS).documents

    assert document.type == "diagnosis_certificate"
    assert document.type_confidence is not None
    assert document.type_confidence < 0.8


def test_a_letter_that_ours_received_is_external_and_unsure() -> None:
    """A referral written by another institution to ours is not ours to issue."""
    document = _document(papers.INCOMING_REFERRAL)

    assert document.type == "external_document"
    assert document.type_confidence is not None
    assert document.type_confidence < 0.8


def test_evidence_names_rules_and_never_text() -> None:
    """Evidence holds rule ids in ASCII: no word of the page."""
    for text in (papers.DIAGNOSIS, papers.PRESCRIPTION, papers.INCOMING_REFERRAL):
        evidence = _document(text).evidence

        assert evidence
        assert all(rule.isascii() and " " not in rule for rule in evidence)


def test_every_rule_speaks_for_a_kind_of_the_taxonomy() -> None:
    """The rules and the taxonomy name the same kinds; each portal kind has rules."""
    kinds = load_taxonomy().kinds

    assert load_kinds().keys() <= kinds.keys()
    assert {kind.code for kind in load_taxonomy().issuable} <= load_kinds().keys()
