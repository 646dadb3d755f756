"""An export with hostile files in it: each is refused with its reason, neighbours go through."""

import datetime as dt
import io
import random
from pathlib import Path

import openpyxl

from pipeline import stages
from pipeline.assembly import Workshop
from pipeline.counting import balance_of
from pipeline.importing import register_export
from pipeline.outcomes import Outcomes
from records.settings import Settings
from tests.makers.emr_rows import make_rows
from tests.makers.people import make_clinic, make_patient
from tests.unit.intake.samples import DECLARATION, deliver, zipped

ROWS = 6
NAMES = (
    "kind", "patient_name", "resident_number", "chart_no", "visit_date", "disease_codes",
    "diagnoses", "drugs", "total_amount", "patient_amount", "doctor",
)  # fmt: skip


def make_export() -> dict[str, bytes]:
    """Good rows beside a bomb of each sort, a cut workbook, a huge field and a false encoding."""
    chance, day = random.Random(8), dt.date(2019, 1, 2)
    clinic = make_clinic(chance)
    people = [make_patient(chance, day=day) for _ in range(2 * ROWS)]
    good, _ = make_rows(clinic, people[:ROWS], 1, ROWS, "cp949", "good.csv", day)
    other, _ = make_rows(clinic, people[ROWS:], 2, 2, "cp949", "big.csv", day)
    header, first, second = other.decode("cp949").splitlines()
    huge = second.replace(second.split(",")[1], "가" * 5_000_000)
    columns = zip(header.split(","), NAMES, strict=True)
    mapping = "".join(f"  {name}: {{field: {field}}}\n" for name, field in columns)
    book = openpyxl.Workbook()
    book.active.append(["환자명", "진료일"])
    book.active.append(["이다라", "2019-03-06"])
    workbook = io.BytesIO()
    book.save(workbook)
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    return {
        "emr/good.csv": good,
        "emr/big.csv": "\r\n".join((header, first, huge, "")).encode("cp949"),
        "emr/bomb.zip": zipped({"bomb.csv": bytes(80 << 20)}),
        "emr/bomb.xml": f'<!DOCTYPE x [<!ENTITY e0 "e">{entities}]><x>&e8;</x>'.encode(),
        "emr/cut.xlsx": workbook.getvalue()[:-400],
        "emr/false.csv": good.replace(header.encode("cp949"), header.encode("utf-8")),
        "emr/false.csv.mapping.yaml": f"version: 1\nencoding: utf-8\ncolumns:\n{mapping}".encode(),
    }


def test_good_rows_beside_hostile_files_are_accepted(tmp_path: Path) -> None:
    """Every file that means harm is refused by its own reason, and no row beside it is touched."""
    declared = DECLARATION.replace("paper", "emr")
    folder = deliver(tmp_path / "in", make_export(), declaration=declared)
    workshop = Workshop(Settings(home=str(tmp_path / "house")))

    batch = register_export(workshop, str(folder)).batch
    chunks = stages.triage(workshop, batch).chunks
    for chunk in chunks["read"]:
        stages.read(workshop, batch, chunk)
    for chunk in chunks["assemble"]:
        stages.assemble(workshop, batch, chunk)
    counts = stages.check(workshop, batch).counts

    work = workshop.work(batch)
    pages = list(Outcomes(work).pages())
    assert {failure.path: failure.code for failure in work.triaged().failures} == {
        "emr/bomb.zip!/bomb.csv": "zip_bomb",
        "emr/bomb.xml": "xml_dtd",
        "emr/cut.xlsx": "zip_damaged",
        "emr/false.csv": "encoding_differs",
        "emr/false.csv.mapping.yaml": "mapping_file",
    }
    assert {(page.failure.path, page.failure.code) for page in pages if page.failure} == {
        ("emr/big.csv", "row_too_long")
    }
    assert counts == {"accepted": ROWS + 1, "held": 0, "rejected": 0}
    sheet = balance_of(workshop, batch)
    assert {line.code for line in sheet.lines if line.binding and not line.ok} == {
        "accepted_object", "accepted_entry", "accepted_leaf",
    }  # fmt: skip
