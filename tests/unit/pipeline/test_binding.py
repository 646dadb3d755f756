"""The PDF of each document, from pages of any file; what cannot be had does not stop the rest."""

import datetime as dt
import hashlib
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from classifiers.rows import document_of_row
from intake.limits import Limits
from intake.pages import render
from intake.rows import Row, read_rows
from pipeline.binding import Shelf, bind_documents
from pipeline.page_runs import pages_of, runs_of
from records.errors import IntegrityError
from records.values import Box, Document, Line, PageRef, PageText, Scan, Word
from tests.unit.intake.samples import (
    BATCH,
    encoded,
    noisy_page,
    page,
    received,
    scanned_pdf,
    tiff,
    triaged,
    zipped,
)

LIMITS = Limits(max_page_seconds=60)
TODAY = dt.date(2026, 11, 26)
SIZE = (600, 800)
FILES = {
    "scans/a.jpg": encoded(noisy_page(SIZE), "JPEG", dpi=(100, 100)),
    "scans/b.tif": tiff([page(9, SIZE, "1"), page(90, SIZE, "1")], compression="group4"),
    "scans/c.pdf": scanned_pdf(noisy_page(SIZE), 100),
    "scans/d.zip": zipped({"in.png": encoded(page(30, SIZE), "PNG", dpi=(100, 100))}),
    "emr/e.csv": '환자명,진료일,경과\n김가나,2020-01-01,"기침이 줄고\n열이 내림"\n'.encode("cp949"),
}


def scans_of(files: dict[str, bytes]) -> dict[str, Scan]:
    found = (scan for path, data in files.items() for scan in triaged(data, path).scans)
    return {scan.id: scan for scan in found}


def said(number: int, image_id: str, size: tuple[int, int]) -> PageText:
    word = Word(f"쪽{number}", Box(100, 100, 220, 140))
    return PageText(image_id, *size, 100, 0, 0.0, (Line((word,)),), source="ocr", engine="made 1")


def shelf_of(files: dict[str, bytes], broken: str = "") -> tuple[Shelf, list[PageRef]]:
    """All pages of the files, each saying its number; the file `broken` is cut when fetched."""
    scans = scans_of(files)
    pages = list(pages_of(runs_of(list(scans.values()))))
    data = {scan.file_id: files[scan.path] for scan in scans.values()}
    texts = {}
    for number, ref in enumerate(pages):
        if ref.kind == "image":
            image = render(scans[ref.scan_id], data[ref.file_id], ref.index, LIMITS)
            texts[ref.id] = said(number, ref.id, (image.width, image.height))

    def original(file: str) -> bytes:
        whole = data[file]
        return whole[: len(whole) // 2] if whole is files.get(broken) else whole

    received_files = {
        file.id: file for path, data in files.items() for file in [received(data, path)]
    }
    by_id = {ref.id: ref for ref in pages}
    return Shelf(LIMITS, by_id, scans, received_files, TODAY, texts.get, original), pages


def document(name: str, *pages: PageRef) -> Document:
    ids = tuple(ref.id for ref in pages)
    return Document(f"d-{name}", BATCH, "t", ids, "prescription", 0.9, 0.9)


def told(file: Path) -> list[str]:
    with pypdfium2.PdfDocument(file) as pdf:
        return [page.get_textpage().get_text_range() for page in pdf]


def test_a_document_gathers_its_pages_from_many_files(tmp_path: Path) -> None:
    """JPEG, both pages of a TIFF, a scanned PDF and a packed PNG in one PDF, in order."""
    shelf, pages = shelf_of(FILES)
    images = [ref for ref in pages if ref.kind == "image"]

    done = bind_documents(shelf, [document("all", *images)], tmp_path / "documents")

    assert (done.pdfs, done.not_pdfa, done.drawn, done.failures) == (1, 0, 0, ())
    file = tmp_path / "documents" / "d-all.pdf"
    assert told(file) == [f"쪽{number}" for number in range(5)]
    with pikepdf.open(file) as pdf:
        assert str(pdf.docinfo.Title) == "처방전 · Prescription"


def test_a_row_has_a_rendition_that_names_its_original(tmp_path: Path) -> None:
    """Beside no page, a PDF says what the row says, of which file, row and digest it is made."""
    path = "emr/e.csv"
    shelf, pages = shelf_of({path: FILES[path]})
    [row] = read_rows(*shelf.scans.values(), FILES[path], LIMITS)
    assert isinstance(row, Row)
    made, text = document_of_row(BATCH, "t", pages[0].id, row.values)
    shelf = replace(shelf, text={text.page_id: text}.get)

    done = bind_documents(shelf, [made], tmp_path)

    assert (done.pdfs, done.renditions) == (0, 1)
    [file] = tmp_path.iterdir()
    assert file.name == f"{made.id}.rendition.pdf"
    [said] = told(file)
    for part in (
        "김가나", "2020-01-01", "기침이 줄고\r\n열이 내림", "이 문서는 원본이 아니라",
        path, "1번째 행 row 1",
        hashlib.sha256(FILES[path]).hexdigest(), "2026-11-26", "Giroksil",
    ):  # fmt: skip
        assert part in said


@pytest.mark.parametrize("broken", ["scans/a.jpg", "scans/b.tif", "scans/c.pdf", "scans/d.zip"])
def test_a_broken_page_does_not_stop_the_others(broken: str, tmp_path: Path) -> None:
    """It is named with file, number and reason; its document has all its other pages."""
    shelf, pages = shelf_of(FILES, broken)
    images = [ref for ref in pages if ref.kind == "image"]
    documents = [document("all", *images), document("last", images[-1], images[0])]

    done = bind_documents(shelf, documents, tmp_path)

    lost = [ref for ref in images if shelf.scans[ref.scan_id].path == broken]
    assert done.pdfs == 2
    assert {failure.subject for failure in done.failures} <= {ref.id for ref in lost}
    assert {failure.path for failure in done.failures} == {broken}
    assert all(failure.page and failure.code for failure in done.failures)
    absent = {failure.subject for failure in done.failures}
    for number, (ref, text) in enumerate(zip(images, told(tmp_path / "d-all.pdf"), strict=True)):
        assert ("could not be included" if ref.id in absent else f"쪽{number}") in text


def test_a_damaged_vault_is_no_broken_page(tmp_path: Path) -> None:
    """Where an original is not what was stored, the export stops: a person must look."""
    shelf, pages = shelf_of({"scans/a.jpg": FILES["scans/a.jpg"]})

    def damaged(file: str) -> bytes:
        raise IntegrityError("object_damaged", file)

    shelf = replace(shelf, original=damaged)
    with pytest.raises(IntegrityError):
        bind_documents(shelf, [document("a", *pages)], tmp_path)
    assert list(tmp_path.iterdir()) == []
