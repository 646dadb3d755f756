"""Messages that nobody here wrote: imported, or refused with a known reason and place."""

import json

import pytest

from intake.emr.fhir.spans import find_resources
from intake.records import record_reader
from records.emr_record import EmrRecord
from records.reasons import load_reasons
from records.values import Failure
from tests.unit.intake.emr.reading import documents_of, records_of, values
from tests.unit.intake.samples import LIMITS, material, triaged

pytestmark = pytest.mark.material


@pytest.mark.parametrize("folder", ["A08", "A09", "A10", "A11", "A12", "A13", "A18", "A22", "A23"])
def test_outside_files_are_answered(folder: str) -> None:
    """Every file has records, or a reason that people can read; every record its parts."""
    known = set(load_reasons())
    for file in material(folder):
        data = file.read_bytes()
        found = triaged(data, f"emr/{file.name}")

        assert found.scans or found.failures, file.name
        assert {failure.code for failure in found.failures} <= known, file.name
        for scan in found.scans:
            if not scan.is_message:
                continue
            read = record_reader(scan, data, LIMITS)
            for index in range(scan.pages):
                record = read(index)
                if isinstance(record, Failure):
                    assert record.code in known, file.name
                    assert record.column, file.name
                else:
                    assert record.parts, file.name
                    assert record.statements, file.name


def test_every_hl7v2_sample_becomes_documents() -> None:
    """None of the converter's 139 HL7 v2 samples is refused, and each says whose it is."""
    files = [file for file in material("A10") if file.suffix == ".hl7"]
    assert len(files) == 139
    for file in files:
        records = records_of(file.read_bytes(), f"emr/{file.name}")

        assert records, file.name
        for record in records:
            assert isinstance(record, EmrRecord), file.name
            assert any(said.field in {"patient_name", "chart_no"} for said in record.statements)


def test_no_resource_is_lost() -> None:
    """Of the synthetic patients' bundles every resource is a part of a record."""
    for file in material("A12"):
        data = file.read_bytes()
        records = records_of(data, f"emr/{file.name}")
        parts = {part.path for record in records if isinstance(record, EmrRecord)
                 for part in record.parts}  # fmt: skip

        assert all(isinstance(record, EmrRecord) for record in records), file.name
        assert len(parts) == len(list(find_resources(data))), file.name


def test_naughty_strings_are_kept_as_they_are() -> None:
    """Each string as a patient's name and as a finding: a document that says it, none refused."""
    (file,) = (file for file in material("A20") if file.suffix == ".json")
    strings = [text for text in json.loads(file.read_text("utf-8")) if text.strip()]
    entries = [
        {
            "resource": {
                "resourceType": "Patient",
                "id": str(number),
                "name": [{"text": text}],
            }
        }
        for number, text in enumerate(strings)
    ]
    data = json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()

    names = [values(document).get("patient_name") for document, _ in documents_of(data)]

    assert len(names) == len(strings)
    told = [" ".join(text.split()) for text in strings]
    assert [name for name in names if name] == [text for text in told if text]
