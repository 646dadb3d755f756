"""Messages of an EMR, through the whole line: read, kept, balanced."""

import base64
import json
from pathlib import Path

from pipeline.assembly import Workshop
from pipeline.counting import balance_of
from pipeline.documents import load_document
from pipeline.outcomes import Outcomes
from pipeline.running import digitize_here
from pipeline.trial import try_path
from records.settings import Settings
from tests.makers.messages import cda, fhir, hl7v2
from tests.makers.messages.visits import make_visits
from tests.unit.intake.samples import deliver


def test_the_balance_holds_over_messages(tmp_path: Path) -> None:
    """Records read, resources refused, messages about nobody, fragments: all accounted for."""
    visits = make_visits(21, 3)
    wrong = {"resourceType": "Patient", "id": "x", "birthDate": "어제"}
    bundle = json.loads(fhir.bundle(visits))
    bundle["entry"].insert(4, {"resource": wrong})
    files = {
        "emr/a.json": json.dumps(bundle, ensure_ascii=False).encode(),
        "emr/b.hl7": hl7v2.batch(visits) + b"MSH|^~\\&|EMR||||||ACK|1|P|2.5\r",
        "emr/c.xml": cda.document(visits[0], cda.REFERRAL),
        "emr/d.xml": b"<section><title>x</title></section>",
        "emr/e.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><ClinicalDocument>&b;</ClinicalDocument>',
    }
    workshop = Workshop(Settings(home=str(tmp_path / "house")))
    delivery = deliver(tmp_path / "delivery", files)
    declared = (delivery / "delivery.yaml").read_text("utf-8")
    clinic = visits[0].clinic
    declared = declared.replace("가나의원", clinic.name).replace("01234567", clinic.code)
    (delivery / "delivery.yaml").write_text(declared, "utf-8")

    sealed = digitize_here(workshop, str(delivery), lambda *_: None, 1)

    assert balance_of(workshop, sealed.batch).balanced
    work = workshop.work(sealed.batch)
    assert {failure.path: failure.code for failure in work.triaged().failures} == {
        "emr/d.xml": "cda_no_document",
        "emr/e.xml": "xml_dtd",
    }
    outcomes = Outcomes(work)
    refused = {
        (failure.path, failure.column): failure.code
        for page in work.triaged().each_page()
        if (failure := work.page(page.id).failure) is not None
    }
    assert refused == {
        ("emr/a.json", "entry[4].Patient.birthDate"): "fhir_element_wrong",
        ("emr/b.hl7", f"message[{len(visits) * 2 + 1}]"): "hl7_no_patient",
    }
    kinds = {document.type for document in outcomes.documents.values()}
    assert kinds == {
        "patient_register", "medical_record", "prescription", "lab_result", "referral_letter",
    }  # fmt: skip
    names = {document.fields["patient_name"].value for document in outcomes.documents.values()}
    assert names == {visit.patient.name for visit in visits}
    stored = next(id_ for id_, verdict in outcomes.verdicts.items() if verdict.outcome == "accept")
    record = load_document(work.vault, stored)
    assert all(part.path and len(part.sha256) == 64 for part in record.pages[0].parts)
    assert record.pages[0].parts


def test_read_shows_the_documents_of_a_message(tmp_path: Path) -> None:
    """`giroksil read` gives documents, their parts in the file, and the text attached to one."""
    note = base64.b64encode("특이 소견 없음".encode()).decode()
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"resource": {"resourceType": "Patient", "id": "1", "name": [{"text": "김가나"}]}},
            {
                "resource": {
                    "resourceType": "DocumentReference",
                    "status": "current",
                    "subject": {"reference": "Patient/1"},
                    "type": {"text": "소견서"},
                    "content": [{"attachment": {"contentType": "text/plain", "data": note}}],
                }
            },
        ],
    }
    export = tmp_path / "export.json"
    export.write_text(json.dumps(bundle), "utf-8")
    workshop = Workshop(Settings(home=str(tmp_path / "house")))

    view, _ = try_path(workshop, export)

    assert [document["type"] for document in view["documents"]] == [
        "patient_register",
        "medical_opinion",
    ]
    assert [part["path"] for part in view["pages"][1]["parts"]] == [
        "entry[1].DocumentReference",
        "entry[0].Patient",
    ]
    assert "특이 소견 없음" in view["pages"][1]["text"]


def test_a_bulk_export_is_one_export(tmp_path: Path) -> None:
    """A file a type of resource: records know their patient, visit and doctor in other files."""
    visits = make_visits(22, 4)
    by_type: dict[str, list[bytes]] = {}
    for line in fhir.lines(visits).splitlines():
        by_type.setdefault(json.loads(line)["resourceType"], []).append(line + b"\n")
    files = {f"emr/{name}.ndjson": b"".join(lines) for name, lines in by_type.items()}
    workshop = Workshop(Settings(home=str(tmp_path / "house")))
    delivery = deliver(tmp_path / "delivery", files)

    sealed = digitize_here(workshop, str(delivery), lambda *_: None, 1)

    work = workshop.work(sealed.batch)
    outcomes = Outcomes(work)
    assert balance_of(workshop, sealed.batch).balanced
    assert {failure.path: failure.code for failure in work.triaged().failures} == {
        "emr/Organization.ndjson": "fhir_parts_elsewhere",
        "emr/Practitioner.ndjson": "fhir_parts_elsewhere",
    }
    found = [d for d in outcomes.documents.values() if d.evidence == ("fhir.visit",)]
    codes = [d.fields["disease_codes"].value for d in found if "disease_codes" in d.fields]
    assert sorted(codes) == sorted([visit.condition.code] for visit in visits)  # type: ignore[type-var]
    for document in outcomes.documents.values():
        assert str(document.fields["patient_name"].value) in {v.patient.name for v in visits}
    parts = {
        part.path.split("#")[0]
        for d in found
        for part in work.page(d.pages[0]).text.parts  # type: ignore[union-attr]
    }
    assert {"emr/Patient.ndjson", "emr/Encounter.ndjson"} <= parts
