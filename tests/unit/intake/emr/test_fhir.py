"""FHIR: bundles become records by visit; what is wrong is named and costs itself alone."""

import base64
import json
from typing import Any

import pytest

from intake.emr.fhir.spans import find_resources
from intake.pages import render
from intake.records import record_reader
from records.emr_record import EmrRecord
from records.values import Failure
from tests.makers.messages import fhir
from tests.makers.messages.visits import make_visits
from tests.unit.intake.emr.reading import documents_of, records_of, values
from tests.unit.intake.samples import LIMITS, codes, drawn_pdf, triaged, zipped

PATIENT = {"resourceType": "Patient", "id": "1", "name": [{"text": "김가나"}]}


def bundle(*resources: object) -> bytes:
    """A bundle of these resources."""
    entries = [{"resource": resource} for resource in resources]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def refusals(data: bytes) -> dict[str | None, str]:
    """Element → code of every refused record."""
    found = records_of(data)
    return {record.column: record.code for record in found if isinstance(record, Failure)}


@pytest.mark.parametrize("write", [fhir.bundle, fhir.lines])
def test_a_visit_becomes_its_documents(write: Any) -> None:
    """Chart, prescription and laboratory report carry what the visit's resources say."""
    (visit,) = make_visits(3, 2)[1:]

    made = documents_of(write([visit]))
    documents = {document.type: document for document, _ in made}
    texts = {document.type: text for document, text in made}

    assert set(documents) == {"patient_register", "medical_record", "prescription", "lab_result"}
    for document in documents.values():
        said = values(document)
        assert said["patient_name"] == visit.patient.name
        assert said["resident_number"] == visit.patient.resident_number
        assert said["chart_no"] == visit.patient.chart_no
        assert said["sex"] == visit.patient.sex
        assert said["birth_date"] == visit.patient.birth.isoformat()
    chart = values(documents["medical_record"])
    assert chart["visit_date"] == visit.day.isoformat()
    assert chart["doctor"] == visit.doctor.name
    assert chart["licence_no"] == visit.doctor.licence_no
    assert chart["institution_code"] == visit.clinic.code
    assert chart["disease_codes"] == [visit.condition.code]
    assert chart["diagnoses"] == [visit.condition.name]
    drugs = values(documents["prescription"])["drugs"]
    assert drugs == [
        {
            "name": drug.name,
            "dose": f"{float(drug.dose)} 정",
            "times": drug.times,
            "days": drug.days,
        }
        for drug in visit.drugs
    ]
    assert documents["lab_result"].fields["report_date"].value == visit.day.isoformat()
    assert texts["lab_result"].text.splitlines()[:2] == ["검사결과지", "혈액검사"]
    rows = values(documents["lab_result"])["lab_rows"]
    assert [(row["name"], float(row["value"]), row["flag"]) for row in rows] == [
        (result.name, float(result.value), result.flag) for result in visit.results
    ]


def test_every_resource_is_a_part_of_a_record() -> None:
    """The parts of all records together are all resources of the bundle, and name their bytes."""
    data = fhir.bundle(make_visits(5, 9))

    records = records_of(data)

    parts = {part.path for record in records if isinstance(record, EmrRecord)
             for part in record.parts}  # fmt: skip
    assert not refusals(data)
    assert len(parts) == len(list(find_resources(data)))


def test_a_wrong_element_costs_its_resource_alone() -> None:
    """The element is named with its place; the visit beside it is read."""
    data = bundle(
        PATIENT,
        {"resourceType": "Encounter", "id": "e", "status": "finished", "class": {"code": "AMB"},
         "subject": {"reference": "Patient/1"}, "period": {"start": "2019-03-05"}},
        {"resourceType": "Condition", "subject": {"reference": "Patient/1"},
         "encounter": {"reference": "Encounter/e"}, "recordedDate": "어제"},
        {"resourceType": "Condition", "subject": {"reference": "Patient/1"},
         "encounter": {"reference": "Encounter/e"}, "code": {"text": "감기"}},
    )  # fmt: skip

    assert refusals(data) == {"entry[2].Condition.recordedDate": "fhir_element_wrong"}
    chart = next(
        document for document, _ in documents_of(data) if document.type == "medical_record"
    )
    assert values(chart)["diagnoses"] == ["감기"]


def test_decimals_keep_their_last_zeros() -> None:
    """5.10 is not 5.1: the value stands as it was written."""
    data = bundle(
        PATIENT,
        {"resourceType": "Observation", "status": "final", "code": {"text": "K"},
         "subject": {"reference": "Patient/1"}, "valueQuantity": {"value": 5.5, "unit": "mmol/L"}},
    ).replace(b"5.5", b"5.10")  # fmt: skip

    rows = values(documents_of(data)[1][0])["lab_rows"]

    assert isinstance(rows, list)
    assert [row["value"] for row in rows] == ["5.10"]


def test_two_doctors_have_no_licence_in_common() -> None:
    """Where a record names two doctors, a licence number is no field: it may be the other's."""
    doctors = [
        {"resourceType": "Practitioner", "id": number, "name": [{"text": name}],
         "identifier": [{"system": "면허번호", "value": number}]}
        for name, number in (("박의사", "12345"), ("최의사", "54321"))
    ]  # fmt: skip
    visit = {"resourceType": "Encounter", "status": "finished", "class": {"code": "AMB"},
             "subject": {"reference": "Patient/1"}, "participant": [
                 {"individual": {"reference": f"Practitioner/{doctor['id']}"}}
                 for doctor in doctors]}  # fmt: skip

    chart = documents_of(bundle(PATIENT, *doctors, visit))[-1][0]
    alone = documents_of(bundle(PATIENT, doctors[0], visit))[-1][0]

    assert "licence_no" not in values(chart)
    assert values(alone)["licence_no"] == "12345"


def test_what_is_no_record_is_refused_by_name() -> None:
    """Resources about nobody, unknown types, empty entries, no resources: each has its reason."""
    data = bundle(
        PATIENT,
        {"resourceType": "Location", "name": "1층"},
        {"resourceType": "Nonsense"},
        None,
        {"id": "x"},
        {"resourceType": "김가나"},
    )

    assert refusals(data) == {
        "entry[1].Location": "fhir_about_nobody",
        "entry[2].Nonsense": "fhir_type_unknown",
        "entry[3]": "fhir_entry_empty",
        "entry[4]": "fhir_no_resource",
        "entry[5]": "fhir_type_unknown",
    }


def test_what_is_named_by_a_part_is_a_part() -> None:
    """Role, doctor and Binary behind one record are its parts; those behind nothing are refused."""
    data = bundle(
        PATIENT,
        {"resourceType": "DocumentReference", "id": "d", "status": "current",
         "subject": {"reference": "Patient/1"}, "author": [{"reference": "PractitionerRole/r"}],
         "content": [{"attachment": {"contentType": "text/plain", "url": "Binary/b"}}]},
        {"resourceType": "PractitionerRole", "id": "r",
         "practitioner": {"reference": "Practitioner/a"}},
        {"resourceType": "Practitioner", "id": "a", "name": [{"text": "박의사"}]},
        {"resourceType": "Binary", "id": "b", "contentType": "text/plain"},
        {"resourceType": "PractitionerRole", "id": "s",
         "practitioner": {"reference": "Practitioner/c"}},
        {"resourceType": "Practitioner", "id": "c", "name": [{"text": "최의사"}]},
    )  # fmt: skip

    letter = records_of(data)[1]

    assert isinstance(letter, EmrRecord)
    assert [part.path.rpartition(".")[2] for part in letter.parts] == [
        "DocumentReference", "Patient", "PractitionerRole", "Practitioner", "Binary",
    ]  # fmt: skip
    assert next(s.printed for s in letter.statements if s.field == "doctor") == "박의사"
    assert set(refusals(data)) == {"entry[5].PractitionerRole", "entry[6].Practitioner"}


def test_a_bundle_that_breaks_off_keeps_what_came() -> None:
    """The first missing entry is named; those before it are documents."""
    whole = fhir.bundle(make_visits(7, 4))

    records = records_of(whole[: len(whole) // 2])

    assert [r.code for r in records if isinstance(r, Failure)] == ["fhir_cut_short"]
    assert sum(isinstance(record, EmrRecord) for record in records) > 2


def test_broken_json_costs_its_entry_alone() -> None:
    """A number that is none inside one entry leaves the entries beside it."""
    data = bundle(PATIENT, {"resourceType": "Patient", "id": "2", "active": True}, PATIENT)
    data = data.replace(b'"active": true', b'"active": tru')

    found = records_of(data)

    assert refusals(data) == {"entry[1]": "fhir_damaged"}
    assert sum(isinstance(record, EmrRecord) for record in found) == 2


def test_bombs_are_refused() -> None:
    """Nesting beyond every standard is refused before a parser recurses; a long text is read."""
    nested = "[" * 50_000 + "]" * 50_000
    deep = f'{{"resource": {{"resourceType": "Patient", "extension": {nested}}}}}'
    bomb = bundle(PATIENT, "bomb").replace(b'{"resource": "bomb"}', deep.encode())
    long = {**PATIENT, "name": [{"text": "가" * 4_000_000}]}

    assert refusals(bomb) == {"entry[1]": "fhir_too_deep"}
    assert len(documents_of(bundle(long))) == 1


def test_other_encodings_are_read() -> None:
    """CP949, UTF-16 and a byte order mark are read; that the standard says otherwise is told."""
    text = json.dumps(PATIENT, ensure_ascii=False)
    for encoding, warned in (("utf-8-sig", []), ("cp949", ["encoding_declared_wrong"]),
                             ("utf-16", ["encoding_declared_wrong"])):  # fmt: skip
        data = text.encode(encoding)

        assert codes(triaged(data, "emr/x.json")) == warned
        assert [values(document)["patient_name"] for document, _ in documents_of(data)] == [
            "김가나"
        ]


def test_pages_inside_are_scans_of_their_own() -> None:
    """A PDF is read as pages, a text in place; what is neither is refused."""
    content = [
        {"attachment": {"contentType": kind, "data": base64.b64encode(raw).decode()}}
        for kind, raw in (
            ("application/pdf", drawn_pdf(2)),
            ("text/plain; charset=utf-8", "소견: 이상 없음".encode()),
            ("image/png", b"no picture"),
        )
    ]
    data = bundle(
        PATIENT,
        {"resourceType": "DocumentReference", "status": "current", "content": content,
         "subject": {"reference": "Patient/1"},
         "type": {"coding": [{"system": "http://loinc.org", "code": "18842-5"}]}},
    )  # fmt: skip

    found = triaged(data, "emr/x.json")

    assert [(scan.media, scan.pages, scan.member) for scan in found.scans] == [
        ("fhir", 2, None),
        ("pdf", 2, "entry[1].DocumentReference.attachment[0].pdf"),
    ]
    assert render(found.scans[1], data, 0, LIMITS).width > 0
    assert codes(found) == ["attachment_unsupported"]
    letter, text = documents_of(data)[1]
    assert letter.type == "discharge_summary"
    assert "소견: 이상 없음" in text.text


def test_messages_in_a_zip_are_read() -> None:
    """A bundle in a zip is a scan, and so is the page inside the bundle."""
    pdf = base64.b64encode(drawn_pdf(1)).decode()
    data = zipped({"내보내기/a.json": bundle(
        PATIENT,
        {"resourceType": "DocumentReference", "status": "current",
         "subject": {"reference": "Patient/1"},
         "content": [{"attachment": {"contentType": "application/pdf", "data": pdf}}]},
    )})  # fmt: skip

    bundled, page = triaged(data, "emr/x.zip").scans

    record = record_reader(bundled, data, LIMITS)(0)
    assert isinstance(record, EmrRecord)
    assert page.member == "내보내기/a.json!/entry[1].DocumentReference.attachment[0].pdf"
    assert render(page, data, 0, LIMITS).width > 0


def test_json_of_others_is_no_message() -> None:
    """JSON that names no resource is answered as before."""
    assert codes(triaged(b'{"a": 1}', "emr/x.json")) == ["format_unknown"]
