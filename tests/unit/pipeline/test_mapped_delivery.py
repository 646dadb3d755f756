"""A delivery of tables with mappings, through the whole line."""

import io
from pathlib import Path

import openpyxl

from pipeline.assembly import Workshop
from pipeline.counting import balance_of
from pipeline.outcomes import Outcomes
from pipeline.running import digitize_here
from records.settings import Settings
from tests.unit.intake.samples import deliver

GOOD = """
version: 1
kind: medical_record
columns: {수진: {field: patient_name}, 일: {field: visit_date, date: YYYYMMDD}}
"""
FIXED = """
version: 1
format: fixed
record: {length: 14, end: crlf}
columns: {명: {start: 1, length: 6, field: patient_name}, 일: {start: 7, length: 8}}
"""


def test_the_balance_holds_over_mapped_tables(tmp_path: Path) -> None:
    """Rows read, rows refused, wrong and unused mappings: every one is accounted for."""
    book = openpyxl.Workbook()
    book.active.append(["환자명", "진료일"])
    book.active.append(["이다라", "2019-03-06"])
    workbook = io.BytesIO()
    book.save(workbook)
    files = {
        "emr/a.csv": "수진,일\n김가나,20190305\n박마바\n".encode("cp949"),
        "emr/a.csv.mapping.yaml": GOOD.encode(),
        "emr/b.csv": "환자명,진료일\n최사아,2019-03-07\n".encode(),
        "emr/b.csv.mapping.yaml": b"version: 2\n",
        "emr/c.csv.mapping.yaml": GOOD.encode(),
        "emr/m020": "정자차20190308\r\n짧다\r\n".encode("cp949"),
        "emr/m020.mapping.yaml": FIXED.encode(),
        "emr/d.xlsx": workbook.getvalue(),
    }
    workshop = Workshop(Settings(home=str(tmp_path / "house")))
    delivery = deliver(tmp_path / "delivery", files)

    sealed = digitize_here(workshop, str(delivery), lambda *_: None, 1)

    assert balance_of(workshop, sealed.batch).balanced
    documents = Outcomes(workshop.work(sealed.batch)).documents.values()
    names = sorted(str(document.fields["patient_name"].value) for document in documents)
    assert names == ["김가나", "이다라", "정자차"]
    failures = workshop.work(sealed.batch).triaged().failures
    assert {failure.path: failure.code for failure in failures} == {
        "emr/a.csv.mapping.yaml": "mapping_file",
        "emr/b.csv.mapping.yaml": "mapping_value_wrong",
        "emr/c.csv.mapping.yaml": "mapping_unused",
        "emr/m020.mapping.yaml": "mapping_file",
        "emr/b.csv": "mapping_refused",
    }
