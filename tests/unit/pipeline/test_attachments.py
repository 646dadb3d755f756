"""Files that rows name; and a delivery of tables, prints, scans and junk, through the line."""

import hashlib
from pathlib import Path

import pytest

from pipeline.assembly import Workshop
from pipeline.attachments import NamedFiles, Received
from pipeline.counting import balance_of
from pipeline.importing import register_export
from pipeline.outcomes import Outcomes
from pipeline.running import digitize_here
from pipeline.trial import try_path
from records.errors import RejectedInput
from records.settings import Settings
from records.values import Attachment, Document, Scan
from tests.unit.intake.samples import DECLARATION, deliver, drawn_pdf, encoded, page, tiff, zipped

MAPPING = """
version: 1
kind: medical_record
columns:
  수진자: {field: patient_name}
  차트: {field: chart_no}
  진료일: {field: visit_date, date: YYYY-MM-DD}
  첨부: {field: file}
"""
TABLE = """\
수진자,차트,진료일,첨부
김가나,00000001,2019-03-05,D:\\EMR\\SCAN\\화면.pdf
이다라,00000002,2019-03-06,scan/사진.TIF;묶음/사본.jpg
박마바,00000003,2019-03-07,scan/없는파일.tif
최사아,00000004,2019-03-08,
"""


def joined(named: str, *paths: str, table: str = "emr/visits.csv") -> list[str]:
    """Where the files that a row names are found, or why not."""
    files = NamedFiles(lambda: [Received(path, f"f-{path}", path) for path in paths])
    document = Document("d", "b", "t", ("p",), "none", None, None, attachments=(Attachment(named),))
    found = files.join(document, Scan("s", "f", "t", table, "csv", 1)).attachments
    return [one.path or one.reason for one in found]


@pytest.mark.parametrize(
    ("named", "paths", "found"),
    [
        ("a.tif", ("emr/a.tif", "a.tif"), ["emr/a.tif"]),
        ("scan/a.tif", ("scan/a.tif", "x/scan/a.tif"), ["scan/a.tif"]),
        ("D:\\EMR\\SCAN\\2019\\A.TIF", ("emr/scan/2019/a.tif", "emr/scan/2018/a.tif"),
         ["emr/scan/2019/a.tif"]),
        ("\\\\서버\\공유\\2019\\a.tif", ("emr/2019/a.tif",), ["emr/2019/a.tif"]),
        ("../scan/a.tif", ("scan/a.tif",), ["scan/a.tif"]),
        ("all/a.tif", ("emr/all.zip!/all/a.tif",), ["emr/all.zip!/all/a.tif"]),
        ("a.tif", ("x/a.tif", "y/a.tif"), ["attachment_ambiguous"]),
        ("환자1/a.tif", ("환자2/a.tif",), ["attachment_missing"]),
        ("a.tif", ("b.tif",), ["attachment_missing"]),
        ("a.tif; b.tif", ("a.tif", "b.tif"), ["a.tif", "b.tif"]),
        ("a;b.tif", ("a;b.tif",), ["a;b.tif"]),
        ("..", ("a.tif",), ["attachment_missing"]),
    ],
)  # fmt: skip
def test_a_named_file_is_found_or_its_reason_told(
    named: str, paths: tuple[str, ...], found: list[str]
) -> None:
    """By folder, by the end of an old server's path, in a zip; never in another's folder."""
    assert joined(named, *paths) == found


def korean_windows_zip(name: str, data: bytes) -> bytes:
    """A zip whose only name is in CP949, without the flag that it were UTF-8."""
    stand_in = "x" * len(name.encode("cp949"))
    return zipped({stand_in: data}).replace(stand_in.encode(), name.encode("cp949"))


def test_tables_prints_scans_and_junk_are_one_batch(tmp_path: Path) -> None:
    """Rows and pages become documents of one batch that balances; junk holds nothing back."""
    files = {
        "emr/visits.csv": TABLE.encode("cp949"),
        "emr/visits.csv.mapping.yaml": MAPPING.encode(),
        "emr/scan/화면.pdf": drawn_pdf(),
        "emr/scan/사진.tif": tiff([page(3)]),
        "emr/묶음.zip": korean_windows_zip("묶음/사본.jpg", encoded(page(9), "JPEG")),
        "AUTORUN.INF": b"[autorun]",
        "emr/Thumbs.db": b"x",
        "System Volume Information/WPSettings.dat": b"x",
    }
    folder = deliver(tmp_path / "in", files, declaration=DECLARATION.replace("paper", "emr"))
    workshop = Workshop(Settings(home=str(tmp_path / "house")))

    assert register_export(workshop, str(folder)).counts["files"] == 5
    batch = digitize_here(workshop, str(folder), lambda *_: None, 1).batch

    sheet = balance_of(workshop, batch)
    parts = {
        line.code: {part.code: part.count for part in line.parts if part.count}
        for line in sheet.lines
    }
    assert sheet.balanced
    assert parts["files_found"] == {"received": 5, "junk": 3}
    assert parts["rows"] == {"in_documents": 4}
    assert sum(parts["pages"].values()) == 3
    assert parts["attachments"] == {"attachment_joined": 3, "attachment_missing": 1}
    documents = list(Outcomes(workshop.work(batch)).documents.values())
    assert {document.origin for document in documents} == {"scan", "emr"}
    rows = [document for document in documents if document.origin == "emr"]
    assert [[one.path for one in row.attachments] for row in rows] == [
        ["emr/scan/화면.pdf"], ["emr/scan/사진.tif", "emr/묶음.zip!/묶음/사본.jpg"], [""], [],
    ]  # fmt: skip
    charts = {one.fields["chart_no"].value for one in documents if one.origin == "scan"}
    assert charts == {"00000001", "00000002"}
    [gap] = [one for one in sheet.gaps if one.line == "attachments"]
    assert (gap.code, gap.subject) == ("attachment_missing", rows[2].pages[0])
    copy = encoded(page(9), "JPEG")
    assert rows[1].attachments[1].sha256 == hashlib.sha256(copy).hexdigest()


def test_read_refuses_a_folder_without_files(tmp_path: Path) -> None:
    """An empty folder is no success: its reason is told."""
    with pytest.raises(RejectedInput, match="path_empty"):
        try_path(Workshop(Settings(home=str(tmp_path / "house"))), tmp_path)


def test_read_shows_the_files_that_rows_name(tmp_path: Path) -> None:
    """`giroksil read` tells what is joined and what is not there, and names junk as junk."""
    files = {"visits.csv": TABLE.encode(), "visits.csv.mapping.yaml": MAPPING.encode(),
             "scan/없는파일.tif": b"", "desktop.ini": b"x"}  # fmt: skip
    folder = deliver(tmp_path / "in", files)
    (folder / "delivery.yaml").unlink()

    view, _ = try_path(Workshop(Settings(home=str(tmp_path / "house"))), folder)

    assert [(one["file"], one["code"]) for one in view["failures"]] == [
        ("desktop.ini", "junk_ignored"),
        ("scan/없는파일.tif", "file_empty"),
    ]
    assert [
        [one["path"] or one["reason"] for one in document.get("attachments", ())]
        for document in view["documents"]
    ] == [["attachment_missing"], ["attachment_missing"] * 2, ["scan/없는파일.tif"], []]
