"""Visits as FHIR R4, in the shape of KR Core."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from tests.makers.messages.visits import Visit
from tests.makers.people import Clinic, Patient

INSTITUTION = "urn:oid:1.2.410.100110.10"
KCD = "http://www.hl7korea.or.kr/CodeSystem/kostat-kcd-8"
_SEX = {"M": "male", "F": "female"}


def bundle(visits: Sequence[Visit]) -> bytes:
    """A collection bundle of all resources."""
    entries = [
        {"fullUrl": f"urn:uuid:{resource['resourceType']}-{resource['id']}", "resource": resource}
        for resource in resources(visits)
    ]
    whole = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def lines(visits: Sequence[Visit]) -> bytes:
    """The same resources, one a line (NDJSON)."""
    return b"".join(
        json.dumps(resource, ensure_ascii=False).encode() + b"\n" for resource in resources(visits)
    )


def resources(visits: Sequence[Visit]) -> Iterator[dict[str, Any]]:
    """Every resource: clinic, doctors and patients once, then what belongs to each visit."""
    clinic = visits[0].clinic
    yield _clinic(clinic)
    for number, doctor in enumerate(clinic.doctors):
        yield {
            "resourceType": "Practitioner",
            "id": f"doctor{number}",
            "name": [{"text": doctor.name}],
            "identifier": [
                {
                    "system": "http://www.hl7korea.or.kr/Identifier/mohw-md-license-id",
                    "value": doctor.licence_no,
                }
            ],
        }
    for patient in dict.fromkeys(visit.patient for visit in visits):
        yield _patient(patient)
    for visit in visits:
        yield from _visit(visit)


def _clinic(clinic: Clinic) -> dict[str, Any]:
    return {
        "resourceType": "Organization",
        "id": "clinic",
        "name": clinic.name,
        "identifier": [
            {
                "system": "http://www.hl7korea.or.kr/Identifier/hira-krnpi",
                "value": f"{INSTITUTION}.{clinic.code}",
            }
        ],
    }


def _patient(patient: Patient) -> dict[str, Any]:
    return {
        "resourceType": "Patient",
        "id": f"p{patient.chart_no}",
        "identifier": [
            {"type": _concept("MR"), "system": f"{INSTITUTION}.1", "value": patient.chart_no},
            {"type": _concept("NNKOR"), "value": patient.resident_number},
        ],
        "name": [{"text": patient.name}],
        "gender": _SEX[patient.sex],
        "birthDate": patient.birth.isoformat(),
        "address": [{"text": patient.address}],
        "telecom": [{"system": "phone", "value": patient.phone}],
    }


def _visit(visit: Visit) -> Iterator[dict[str, Any]]:
    day, id_ = visit.day.isoformat(), str(visit.number)
    about = {
        "subject": {"reference": f"Patient/p{visit.patient.chart_no}"},
        "encounter": {"reference": f"Encounter/{id_}"},
    }
    doctor = {"reference": f"Practitioner/doctor{visit.clinic.doctors.index(visit.doctor)}"}
    yield {
        "resourceType": "Encounter",
        "id": id_,
        "status": "finished",
        "class": {"code": "AMB"},
        "subject": about["subject"],
        "period": {"start": f"{day}T10:20:00+09:00", "end": f"{day}T10:40:00+09:00"},
        "participant": [{"individual": doctor}],
        "serviceProvider": {"reference": "Organization/clinic"},
        "reasonCode": [{"text": visit.condition.complaint}],
    }
    yield {
        "resourceType": "Condition",
        "id": f"c{id_}",
        "code": {
            "coding": [{"system": KCD, "code": visit.condition.code}],
            "text": visit.condition.name,
        },
        "recordedDate": day,
        **about,
    }
    for number, drug in enumerate(visit.drugs):
        yield {
            "resourceType": "MedicationRequest",
            "id": f"m{id_}-{number}",
            "status": "completed",
            "intent": "order",
            "medicationCodeableConcept": {"coding": [{"code": drug.code}], "text": drug.name},
            "authoredOn": day,
            "requester": doctor,
            "dosageInstruction": [
                {
                    "text": drug.usage,
                    "timing": {"repeat": {"frequency": drug.times, "period": 1, "periodUnit": "d"}},
                    "doseAndRate": [{"doseQuantity": {"value": float(drug.dose), "unit": "정"}}],
                }
            ],
            "dispenseRequest": {"expectedSupplyDuration": {"value": drug.days, "unit": "일"}},
            **about,
        }
    for number, result in enumerate(visit.results):
        yield {
            "resourceType": "Observation",
            "id": f"o{id_}-{number}",
            "status": "final",
            "code": {"text": result.name},
            "valueQuantity": {"value": float(result.value), "unit": result.unit},
            "referenceRange": [{"text": result.range}],
            **({"interpretation": [_concept(result.flag)]} if result.flag else {}),
            "effectiveDateTime": day,
            **about,
        }
    if visit.results:
        yield {
            "resourceType": "DiagnosticReport",
            "id": f"r{id_}",
            "status": "final",
            "category": [_concept("LAB")],
            "code": {"text": "혈액검사"},
            "issued": f"{day}T15:00:00+09:00",
            "result": [
                {"reference": f"Observation/o{id_}-{number}"}
                for number, _ in enumerate(visit.results)
            ],
            **about,
        }
    if visit.total:
        yield _bill(visit)


def _bill(visit: Visit) -> dict[str, Any]:
    day = visit.day.isoformat()
    parts = (("submitted", visit.total), ("copay", visit.own))
    return {
        "resourceType": "ExplanationOfBenefit",
        "id": f"b{visit.number}",
        "status": "active",
        "patient": {"reference": f"Patient/p{visit.patient.chart_no}"},
        "billablePeriod": {"start": day, "end": day},
        "created": day,
        "total": [
            {"category": _concept(code), "amount": {"value": won, "currency": "KRW"}}
            for code, won in parts
        ],
    }


def _concept(code: str) -> dict[str, Any]:
    return {"coding": [{"code": code}]}
