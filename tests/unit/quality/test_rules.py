"""Every rule passes on a sound subject and fails on one that breaks it."""

import dataclasses
from typing import Any

import pytest

from quality.check import QualityReport, check
from quality.ruleset import load_rules
from records.codec import decode, encode
from records.reasons import load_reasons
from records.values import Field, Institution
from tests.unit.quality.samples import BATCH, TEXT, make_batch, make_document, make_page

RECEIPT = "진료비 총액 : 31,510\n공단부담 총액 : 22,057\n환자부담 총액 : 9,500"
BLURRED: dict[str, Any] = {"flags": ("out_of_focus",), "sharpness": 0.1}
BAD_PAGES: dict[str, dict[str, Any]] = {
    "page_scan_unreadable": {"text": "가", **BLURRED},
    "page_without_words": {"text": "가 나"},
    "page_cut_off": {"flags": ("cut_off",)},
    "page_dark": {"flags": ("dark",)},
    "page_handwriting": {"flags": ("handwriting",)},
    "page_resolution": {"dpi": 199},
    "page_resolution_declared": {"dpi": 240},
    "page_focus": BLURRED,
    "page_confidence": {"confidence": 0.49},
    "page_order": {"flags": ("out_of_order",)},
    "page_skew": {"skew": -5.2},
    "page_orientation": {"rotation": 90},
}
BAD_DOCUMENTS: dict[str, dict[str, Any]] = {
    "document_type_unknown": {"type": "no_such_kind"},
    "document_type_undecided": {"type": "none", "type_confidence": 0.79},
    "document_no_record": {"type": "none", "type_confidence": 0.8},
    "document_type_not_scored": {"type_confidence": None},
    "document_type_unsure": {"type_confidence": 0.79},
    "document_boundary_unsure": {"boundary_confidence": 0.55},
    "document_pages_absent": {"pages": ("p-nowhere",)},
    "document_page_maybe_duplicate": {"evidence": ("page.maybe_duplicate",)},
    "document_identity_absent": {"fields": {"patient_name": None, "resident_number": None}},
    "document_one_person": {"text": f"{TEXT}\n보호자 없음 750312-2345678"},
    "document_identity_unsure": {
        "fields": {
            "patient_name": Field("x", "x", 0.4),
            "resident_number": Field("800101-1234560", "", 0.3),
        }
    },
    "document_resident_number_shape": {"fields": {"resident_number": "800101-12345"}},
    "document_resident_number_date": {"fields": {"resident_number": "801301-1234565"}},
    "document_resident_number_sex": {"fields": {"sex": "F"}},
    "document_resident_number_birth": {"fields": {"birth_date": "1980-01-02"}},
    "document_resident_number_check_digit": {"fields": {"resident_number": "800101-1234566"}},
    "document_dates_unreal": {"fields": {"issue_date": "2019-13-06"}},
    "document_dates_order": {"fields": {"issue_date": "2019-03-04"}},
    "document_stay_order": {
        "fields": {"admission_date": "2019-03-05", "discharge_date": "2019-03-04"}
    },
    "document_dates_lifetime": {"fields": {"visit_date": "1997-03-05"}},
    "document_dates_future": {"fields": {"issue_date": "2026-11-21"}},
    "document_institution": {"fields": {"institution_name": "새봄정형외과의원"}},
    "document_required_fields": {"fields": {"doctor": None}},
    "document_patient_conflict": {"evidence": ("patient.conflict",)},
    "document_fields_unsure": {"evidence": ("field.unread.issue_date",)},
    "document_disease_code_shape": {"fields": {"disease_codes": ["M79.1", "7M9"]}},
    "document_disease_code_edition": {"fields": {"disease_codes": ["M79.1", "U07.1"]}},
    "document_pages_numbered": {"text": f"{TEXT}\n1/2"},
    "document_figures": {"type": "fee_receipt", "text": f"{TEXT}\n{RECEIPT}"},
    "document_medicines": {
        "type": "prescription",
        "fields": {"drugs": [{"name": "가정", "dose": "1", "times": 33, "days": 3}]},
    },
}
BAD_BATCHES: dict[str, dict[str, Any]] = {
    "batch_institution": {"institution": Institution("39999999", "새봄정형외과의원")},
    "batch_document_counts": {"declared_documents": {"diagnosis_certificate": 7}},
    "batch_scanned_by": {"scanned": {"at": "2026-11-20"}},
    "batch_lifetime": {"institution": Institution("31234567", "한빛내과의원")},
}


@pytest.fixture(scope="module")
def report() -> QualityReport:
    """One check of a sound document, and of one document for each way of being wrong."""
    pages, documents = [make_page("p-good")], [make_document("d-good", ("p-good",))]
    for rule, changes in BAD_PAGES.items():
        pages.append(make_page(f"p-{rule}", **changes))
        documents.append(make_document(f"d-{rule}", (f"p-{rule}",)))
    for rule, bad in BAD_DOCUMENTS.items():
        changes = {"pages": (f"p-{rule}",)} | bad
        pages.append(make_page(f"p-{rule}", changes.pop("text", TEXT)))
        documents.append(make_document(f"d-{rule}", **changes))
    pages.append(make_page("p-blank", "", flags=("blank",), confidence=None))
    pages.append(make_page("p-page_set_aside_with_words", "말 " * 21, flags=("blank",)))
    pages.append(make_page("p-row", "", source="row", dpi=None, confidence=None))
    documents.append(make_document("d-row", ("p-row",), origin="emr"))
    return check(make_batch(), pages, documents, 0.8)


def failed(report: QualityReport, *subjects: str) -> set[str]:
    return {finding.rule for finding in report.findings if finding.subject in subjects}


def outcome(report: QualityReport, document: str) -> str:
    return next(v.outcome for v in report.verdicts if v.document_id == document)


def test_sound_document_is_accepted(report: QualityReport) -> None:
    """A sound document on a sound page fails no rule, and every rule over it could be judged."""
    assert failed(report, "p-good", "d-good", "p-blank") == set()
    assert outcome(report, "d-good") == "accept"

    counts = {count.rule: count for count in report.counts}
    unjudged = {rule for rule in BAD_DOCUMENTS if counts[rule].checked <= counts[rule].failed}

    # Nobody in this batch but the bad ones was an inpatient, has numbered pages, a bill or drugs.
    assert unjudged == {
        "document_stay_order",
        "document_one_person",
        "document_pages_numbered",
        "document_figures",
        "document_medicines",
    }


@pytest.mark.parametrize("rule", [*BAD_PAGES, "page_set_aside_with_words"])
def test_page_rule_fails(report: QualityReport, rule: str) -> None:
    """A page that breaks one rule is found by that rule, and by no other but its near relatives."""
    relatives = {
        "page_scan_unreadable": {"page_without_words", "page_focus"},
        "page_resolution": {"page_resolution_declared"},
    }

    assert failed(report, f"p-{rule}") == {rule} | relatives.get(rule, set())


@pytest.mark.parametrize("rule", BAD_DOCUMENTS)
def test_document_rule_fails(report: QualityReport, rule: str) -> None:
    """A document that breaks one rule is found by that rule, and by no other but its relatives."""
    relatives = {
        "document_identity_absent": {"document_required_fields"},
        "document_figures": {"document_required_fields"},
    }

    assert failed(report, f"d-{rule}") == {rule} | relatives.get(rule, set())


@pytest.mark.parametrize("rule", [*BAD_PAGES, *BAD_DOCUMENTS])
def test_severity_decides(report: QualityReport, rule: str) -> None:
    """A critical failure holds (a bad scan: rejects) its document; one major or minor does not."""
    expected = {"critical": "hold"}.get(load_rules().rules[rule].severity, "accept")
    if rule == "page_scan_unreadable":
        expected = "reject"

    assert outcome(report, f"d-{rule}") == expected


def test_rows_are_not_judged_as_scans(report: QualityReport) -> None:
    """A row of an EMR table has no resolution, focus or words to be judged; its document has."""
    assert failed(report, "p-row") == set()
    assert outcome(report, "d-row") == "accept"


def test_two_contradictions_hold() -> None:
    """Two different major failures hold a document; the verdict names both."""
    wrong = {"sex": "F", "birth_date": "1980-01-02"}
    pages = [make_page("p-1")]

    report = check(make_batch(), pages, [make_document("d-1", ("p-1",), wrong)], 0.8)

    assert report.verdicts[0].outcome == "hold"
    assert report.verdicts[0].reasons == (
        "document_resident_number_birth",
        "document_resident_number_sex",
    )


def test_sound_batch_fails_nothing() -> None:
    """A declared, signed batch of its own institution fails no batch rule."""
    pages = [make_page(f"p-{n}") for n in range(6)]
    documents = [make_document(f"d-{n}", (f"p-{n}",)) for n in range(6)]

    report = check(
        make_batch(declared_documents={"diagnosis_certificate": 6}), pages, documents, 0.8
    )

    assert report.findings == ()
    assert {v.outcome for v in report.verdicts} == {"accept"}
    unjudged = {c.rule for c in report.counts if c.rule.startswith("batch_") and not c.checked}
    assert unjudged == {"batch_kind_mix", "batch_confidence_fell", "batch_sharpness_fell"}


@pytest.mark.parametrize("rule", BAD_BATCHES)
def test_batch_rule_fails(rule: str) -> None:
    """A batch that breaks a rule is found by it; the wrong institution holds every document."""
    pages = [make_page(f"p-{n}") for n in range(6)]
    documents = [make_document(f"d-{n}", (f"p-{n}",)) for n in range(6)]

    report = check(make_batch(**BAD_BATCHES[rule]), pages, documents, 0.8)

    assert rule in failed(report, BATCH)
    held = {v.outcome for v in report.verdicts} == {"hold"}
    assert held is (rule == "batch_institution")


def test_undeclared_unreadable_batch() -> None:
    """A batch without a manifest, and one whose pages cannot be read, say so."""
    pages = [make_page(f"p-{n}", "가") for n in range(6)]
    documents = [make_document(f"d-{n}", (f"p-{n}",)) for n in range(6)]
    batch = dataclasses.replace(make_batch(), undeclared=True)

    report = check(batch, pages, documents, 0.8)

    assert failed(report, BATCH) == {"batch_undeclared", "batch_readable"}


def test_a_row_does_not_answer_for_scans() -> None:
    """Beside scans that nobody can read, a row with one fault of its own is held by no other."""
    pages = [make_page(f"p-{n}", "가") for n in range(6)]
    documents = [make_document(f"d-{n}", (f"p-{n}",)) for n in range(6)]
    fault = BAD_DOCUMENTS["document_required_fields"]
    pages.append(make_page("p-row", "", source="row", dpi=None, confidence=None))
    documents.append(make_document("d-row", **{**fault, "pages": ("p-row",), "origin": "emr"}))

    report = check(make_batch(), pages, documents, 0.8)

    assert failed(report, BATCH) == {"batch_readable"}
    assert failed(report, "d-row") == {"document_required_fields"}
    assert outcome(report, "d-row") == "accept"


def test_mostly_blank_batch() -> None:
    """A batch of which more than 60 % is blank says so, and holds nothing for it."""
    pages = [make_page(f"p-{n}") for n in range(3)]
    pages += [make_page(f"p-b{n}", "", flags=("blank",), confidence=None) for n in range(6)]
    documents = [make_document(f"d-{n}", (f"p-{n}",)) for n in range(3)]

    report = check(make_batch(), pages, documents, 0.8)

    assert failed(report, BATCH) == {"batch_blank_share"}
    assert {v.outcome for v in report.verdicts} == {"accept"}


def test_threshold_is_the_setting() -> None:
    """A document is accepted or held as `hold_below` says; on the threshold it is accepted."""
    document = [make_document("d-1", ("p-1",), type_confidence=0.6)]

    outcomes = [
        check(make_batch(), [make_page("p-1")], document, hold_below).verdicts[0].outcome
        for hold_below in (0.6, 0.61)
    ]

    assert outcomes == ["accept", "hold"]


@pytest.mark.parametrize(
    "kind", ["consent_form", "id_or_power_of_attorney", "questionnaire", "external_document"]
)
def test_known_kinds_that_are_never_issued_are_kept(kind: str) -> None:
    """A sure consent form, identity paper, questionnaire or foreign paper is accepted as such."""
    foreign = {
        "patient_name": None,
        "resident_number": None,
        "institution_name": "새봄정형외과의원",
    }
    document = make_document("d-1", ("p-1",), foreign, type=kind)

    report = check(make_batch(), [make_page("p-1")], [document], 0.8)

    assert report.verdicts[0].outcome == "accept"


def test_derived_fields_contradict_nothing() -> None:
    """A sex read out of the resident number is no second witness: nothing is judged."""
    derived = Field("F", "", 0.9, rule="sex.from_resident_number")
    document = make_document("d-1", ("p-1",), {"sex": derived})

    report = check(make_batch(), [make_page("p-1")], [document], 0.8)

    counts = {count.rule: count.checked for count in report.counts}
    assert counts["document_resident_number_sex"] == 0


def test_empty_batch() -> None:
    """A batch without pages and documents is judged, not stumbled over."""
    report = check(make_batch(), [], [], 0.8)

    assert report.verdicts == ()
    assert report.findings == ()
    assert {count.rule for count in report.counts} == set(load_rules().rules)


def test_report_survives_its_codec(report: QualityReport) -> None:
    """A quality report read back from its canonical bytes is the same report."""
    assert decode(QualityReport, encode(report)) == report


def test_every_rule_is_tried_and_explained() -> None:
    """No rule is without a failing example here, nor without words for people."""
    rules = load_rules().rules
    tried = {*BAD_PAGES, "page_set_aside_with_words", *BAD_DOCUMENTS, *BAD_BATCHES}
    elsewhere = {"batch_undeclared", "batch_readable", "batch_blank_share"}
    drifting = {"batch_kind_mix", "batch_confidence_fell", "batch_sharpness_fell"}

    assert tried | elsewhere | drifting == set(rules)
    assert set(rules) <= set(load_reasons())
