"""Each resource of an export reaches a document of its kind, with the fields that the kind has."""

import base64
import json
from typing import Any

import pytest

from tests.unit.intake.emr.reading import documents_of, values

PATIENT = {
    "resourceType": "Patient", "id": "1", "name": [{"text": "김가나"}], "birthDate": "1980-01-02",
}  # fmt: skip
SUBJECT = {"reference": "Patient/1"}
DAY = "2019-03-05"
NOTE = base64.b64encode("특이 소견 없음".encode()).decode()
BILL = {
    "status": "active", "use": "claim", "patient": SUBJECT, "created": DAY,
    "type": {"text": "의과 외래"}, "provider": {"display": "가나의원"},
    "insurance": [{"sequence": 1, "focal": True, "coverage": {"display": "건강보험"}}],
}  # fmt: skip


def won(value: int) -> dict[str, Any]:
    """An amount of money."""
    return {"value": value, "currency": "KRW"}


RESOURCES: dict[str, tuple[dict[str, Any], str, dict[str, object], str]] = {
    "Encounter": (
        {"status": "finished", "class": {"code": "AMB"}, "subject": SUBJECT,
         "period": {"start": DAY, "end": DAY}},
        "medical_record", {"visit_date": DAY}, "finished",
    ),
    "Condition": (
        {"subject": SUBJECT, "recordedDate": DAY,
         "code": {"coding": [{"code": "J00", "display": "급성 비인두염"}]}},
        "medical_record", {"diagnoses": ["급성 비인두염"], "diagnosis_date": DAY}, "J00",
    ),
    "MedicationRequest": (
        {"status": "completed", "intent": "order", "subject": SUBJECT, "authoredOn": DAY,
         "medicationCodeableConcept": {"text": "타이레놀정 500mg"}},
        "prescription", {"issue_date": DAY}, "타이레놀정 500mg",
    ),
    "Observation": (
        {"status": "final", "subject": SUBJECT, "effectiveDateTime": DAY,
         "category": [{"coding": [{"code": "laboratory"}]}], "code": {"text": "혈색소"},
         "valueQuantity": {"value": 13.2, "unit": "g/dL"}},
        "lab_result", {"exam_date": DAY}, "13.2 g/dL",
    ),
    "DiagnosticReport": (
        {"status": "final", "subject": SUBJECT, "effectiveDateTime": DAY, "conclusion": "정상",
         "category": [{"coding": [{"code": "LAB"}]}], "code": {"text": "일반혈액검사"}},
        "lab_result", {"exam_date": DAY}, "정상",
    ),
    "Procedure": (
        {"status": "completed", "subject": SUBJECT, "performedDateTime": DAY,
         "code": {"text": "창상봉합술"}},
        "medical_record", {}, "창상봉합술",
    ),
    "Procedure, surgical": (
        {"status": "completed", "subject": SUBJECT, "performedDateTime": DAY,
         "category": {"coding": [{"code": "387713003"}]}, "code": {"text": "충수절제술"},
         "performer": [{"actor": {"display": "이의사"}}], "reasonCode": [{"text": "급성충수염"}]},
        "surgery_record",
        {"surgery_date": DAY, "doctor": "이의사", "diagnoses": ["급성충수염"]}, "충수절제술",
    ),
    "DocumentReference": (
        {"status": "current", "subject": SUBJECT, "type": {"text": "소견서"},
         "date": f"{DAY}T09:00:00+09:00",
         "content": [{"attachment": {"contentType": "text/plain", "data": NOTE}}]},
        "medical_opinion", {"issue_date": DAY}, "특이 소견 없음",
    ),
    "Composition": (
        {"status": "final", "subject": SUBJECT, "date": DAY, "title": "퇴원요약",
         "type": {"coding": [{"system": "http://loinc.org", "code": "18842-5"}]},
         "author": [{"display": "이의사"}],
         "section": [{"title": "경과", "text": {"status": "generated", "div":
                      '<div xmlns="http://www.w3.org/1999/xhtml">호전됨</div>'}}]},
        "discharge_summary", {"issue_date": DAY, "doctor": "이의사"}, "호전됨",
    ),
    "Coverage": (
        {"status": "active", "beneficiary": SUBJECT, "type": {"text": "의료급여 1종"},
         "payor": [{"display": "국민건강보험공단"}], "subscriberId": "12345678"},
        "patient_register", {}, "의료급여 1종",
    ),
    "Claim": (
        BILL | {"priority": {"coding": [{"code": "normal"}]}, "total": won(15310),
                "item": [{"sequence": 1, "productOrService": {"text": "초진진찰료"},
                          "net": won(15310)}]},
        "fee_detail", {"issue_date": DAY, "total_amount": 15310}, "초진진찰료",
    ),
    "ExplanationOfBenefit": (
        BILL | {"insurer": {"display": "심사평가원"}, "outcome": "complete",
                "total": [{"category": {"coding": [{"code": code}]}, "amount": won(amount)}
                          for code, amount in (("submitted", 15310), ("copay", 4500))]},
        "fee_receipt", {"total_amount": 15310, "patient_amount": 4500}, "심사평가원",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RESOURCES)
def test_a_resource_reaches_a_document(name: str) -> None:
    """Kind, fields and text are the resource's, and the person is its patient."""
    resource, kind, fields, text = RESOURCES[name]
    type_ = name.partition(",")[0]
    entries = [
        {"resource": PATIENT},
        {"resource": {"resourceType": type_, **resource}},
    ]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}

    made = documents_of(json.dumps(bundle).encode())

    path = f"entry[1].{type_}"
    (document, page), *others = [
        one for one in made if path in {part.path for part in one[1].parts}
    ]
    assert not others
    assert document.type == kind
    assert text in page.text
    assert (
        values(document).items() >= {"patient_name": "김가나", "birth_date": "1980-01-02"}.items()
    )
    assert {key: values(document)[key] for key in fields} == fields
