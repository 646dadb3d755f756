"""Files that nobody here wrote, and files broken here, imported as one export: none is lost."""

import json
from collections import defaultdict
from pathlib import Path

import pytest

from pipeline.assembly import Workshop
from pipeline.counting import balance_of
from pipeline.importing import register_export
from pipeline.outcomes import Outcomes
from pipeline.running import digitize_here
from pipeline.trial import try_path
from records.reasons import explain
from records.settings import Settings
from tests.makers.messages import cda, fhir, hl7v2
from tests.makers.messages.visits import make_visits
from tests.unit.intake.samples import (
    DECLARATION,
    MATERIAL,
    deliver,
    drawn_pdf,
    material,
    tiff,
    zipped,
)
from tests.unit.intake.samples import page as drawn_page

pytestmark = pytest.mark.material

# Folder → every how many files: of one kind a few are enough here, each is triaged elsewhere.
_OF_EACH = {
    "A08": 60, "A09": 90, "A10": 30, "A11": 12, "A12": 9, "A13": 3, "A18": 1, "A19": 1, "A20": 1,
    "A21": 60, "A22": 60, "A23": 1, "A24": 1,
}  # fmt: skip
_MOST_BYTES = 120_000
GOOD = """\
서식,환자명,차트번호,진료일
처방전,김가나,00000001,2019-03-05
처방전,이다라,00000002,2019-03-06
"""
HEAD = b"\xef\xbb\xbf" + "서식,환자명,비고\n처방전,김가나,".encode()
WRONG = "version: 1\nencoding: utf-16\ncolumns: {환자명: {field: patient_name}}\n"
TEN_MEGABYTES = 10 * 1024 * 1024


def broken_here() -> dict[str, bytes]:
    """Fields of ten megabytes, encodings that are not what is declared, files cut off."""
    visits = make_visits(5, 2)
    bundle, batch, document = fhir.bundle(visits), hl7v2.batch(visits), cda.document(visits[0])
    book, long = zipped({"a.csv": GOOD.encode()}), b"x" * TEN_MEGABYTES
    others = GOOD.replace("000000", "000001")
    patient = {"resourceType": "Patient", "id": "1", "name": [{"text": long.decode()}]}
    return {
        "long.csv": HEAD + long + "\n처방전,이다라,끝\n".encode(),
        "long.json": json.dumps(patient).encode(),
        "encoding.csv": GOOD.encode("cp949"),
        "encoding.csv.mapping.yaml": WRONG.encode(),
        "encoding.xml": document.replace(b"UTF-8", b"UTF-16", 1),
        "cut.json": bundle[: len(bundle) // 2],
        "cut.hl7": batch[: len(batch) // 2],
        "cut.xml": document[: len(document) // 2],
        "cut.zip": book[: len(book) // 2],
        "cut.pdf": drawn_pdf()[:400],
        "cut.tif": tiff([drawn_page()])[:60],
        "bomb.zip": zipped({"a.csv": bytes(80 << 20), "b.csv": others.encode()}),
    }


def outside() -> dict[str, bytes]:
    """Some of each folder of the outside files, the smaller ones; of the long table its head."""
    files = {}
    for folder, step in _OF_EACH.items():
        for file in material(folder)[::step]:
            data = file.read_bytes()
            if file.suffix == ".tsv":
                data = b"".join(data.splitlines(keepends=True)[:40])
            if len(data) <= _MOST_BYTES:
                files[f"{folder}/{len(files)}_{file.name.replace(':', '_')}"] = data
    return files


def test_an_export_of_hostile_files_is_imported_or_refused_file_by_file(tmp_path: Path) -> None:
    """Each file has documents, pages or a reason in two languages; the good rows are untouched."""
    hostile = outside() | broken_here()
    files = {f"emr/{name}": data for name, data in hostile.items()}
    files["emr/good.csv"] = GOOD.encode("cp949")
    folder = deliver(tmp_path / "in", files, declaration=DECLARATION.replace("paper", "emr"))
    workshop = Workshop(Settings(home=str(tmp_path / "house"), max_page_seconds=60))

    received = register_export(workshop, str(folder)).counts["files"]
    batch = digitize_here(workshop, str(folder), lambda *_: None, 1).batch

    work = workshop.work(batch)
    outcomes, triaged = Outcomes(work), work.triaged()
    scans = {scan.id: scan.path for scan in triaged.scans}
    answers: dict[str, set[str]] = defaultdict(set)
    for failure in (*work.batch.failures, *triaged.failures):
        answers[str(failure.path).split("!/")[0]].add(failure.code)
    pages = {page.id: page for page in triaged.each_page()}
    for one in pages.values():
        failed = None if one.duplicate_of else work.page(one.id).failure
        answers[scans[one.scan_id]].add(failed.code if failed else "read")
    assert balance_of(workshop, batch).balanced
    assert answers.keys() == files.keys()
    assert received + sum(f.code == "file_empty" for f in work.batch.failures) >= len(files)
    for code in {code for codes in answers.values() for code in codes} - {"read"}:
        assert explain(code, "ko") != explain(code, "en"), code
    good = [
        document.fields["patient_name"].value
        for document in outcomes.documents.values()
        if scans[pages[document.pages[0]].scan_id] == "emr/good.csv"
    ]
    assert good == ["김가나", "이다라"]
    told = {name: answers[f"emr/{name}"] for name in broken_here()}
    assert told == {
        "long.csv": {"row_too_long", "read"},
        "long.json": {"read"},
        "encoding.csv": {"encoding_differs"},
        "encoding.csv.mapping.yaml": {"mapping_file"},
        "encoding.xml": {"encoding_declared_wrong", "read"},
        "cut.json": {"fhir_about_nobody", "fhir_cut_short", "text_damaged", "read"},
        "cut.hl7": {"hl7_batch_incomplete", "read"},
        "cut.xml": {"xml_damaged"},
        "cut.zip": {"zip_damaged"},
        "cut.pdf": {"pdf_damaged"},
        "cut.tif": {"image_damaged"},
        "bomb.zip": {"zip_bomb", "read"},
    }


def test_read_answers_a_folder_of_outside_files(tmp_path: Path) -> None:
    """`giroksil read`: each XML attack is refused by name, each DICOM file is a document."""
    workshop = Workshop(Settings(home=str(tmp_path / "house")))
    attacks = {str(file.relative_to(MATERIAL / "A18")) for file in material("A18")}

    view, _ = try_path(workshop, MATERIAL / "A18")
    refused = {failure["file"]: failure["code"] for failure in view["failures"]}
    assert (set(refused), view["documents"]) == (attacks, [])
    assert set(refused.values()) <= {"xml_dtd", "xml_damaged", "cda_no_document"}

    view, _ = try_path(workshop, MATERIAL / "A13")
    assert len(view["documents"]) == sum(file.suffix == ".dcm" for file in material("A13"))
