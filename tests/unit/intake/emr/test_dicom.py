"""DICOM files: kept, their headers indexed, reports read; broken ones have a reason."""

import io
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian

from intake.archives import bytes_of
from intake.delivery import WARNINGS
from tests.unit.intake.emr.reading import documents_of, values
from tests.unit.intake.samples import LIMITS, drawn_pdf, material, triaged

_CT = "1.2.840.10008.5.1.4.1.1.2"
_REPORT = "1.2.840.10008.5.1.4.1.1.88.11"
_PDF = "1.2.840.10008.5.1.4.1.1.104.1"


def made(sop_class: str = _CT, syntax: str = ExplicitVRLittleEndian, **elements: object) -> bytes:
    """A small file of a fictional patient."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = sop_class, "1.2.3"
    meta.TransferSyntaxUID = syntax
    dataset = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    dataset.SOPClassUID, dataset.SOPInstanceUID, dataset.Modality = sop_class, "1.2.3", "CT"
    dataset.SpecificCharacterSet = "ISO 2022 IR 149"
    dataset.PatientName, dataset.PatientID = "Kang^Haneul=姜^하늘=강^하늘", "914216"
    dataset.PatientBirthDate, dataset.PatientSex, dataset.StudyDate = "19690921", "F", "20190305"
    dataset.InstitutionName, dataset.StudyDescription = "가온누리의원", "Chest PA"
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    target = io.BytesIO()
    dataset.save_as(target, enforce_file_format=True)
    return target.getvalue()


def item(name: str, **elements: object) -> Dataset:
    code, made_item = Dataset(), Dataset()
    code.CodeMeaning = name
    made_item.ConceptNameCodeSequence = Sequence([code])
    for keyword, value in elements.items():
        setattr(made_item, keyword, value)
    return made_item


def codes(data: bytes) -> list[str]:
    return [failure.code for failure in triaged(data, "emr/x.dcm").failures]


def test_a_header_becomes_a_document_with_fields() -> None:
    """Patient in Hangul, dates, modality, institution: fields, each naming its element."""
    data = made(Rows=2, Columns=2, BitsAllocated=8, PixelData=b"\1\2\3\4")

    [(document, page)] = documents_of(data)

    assert codes(data) == []
    assert document.type == "medical_image"
    assert values(document) == {
        "patient_name": "강하늘", "chart_no": "914216", "birth_date": "1969-09-21", "sex": "F",
        "exam_date": "2019-03-05", "institution_name": "가온누리의원", "modality": "CT",
        "study_description": "Chest PA",
    }  # fmt: skip
    assert document.fields["exam_date"].rule == "exam_date.StudyDate"
    assert "姜^하늘" in page.text
    assert page.parts[0].path == "dicom"


def test_a_structured_report_is_read_in_order() -> None:
    """Headings, texts, codes and measures of a report are lines of an imaging report."""
    number, unit = Dataset(), Dataset()
    unit.CodeValue, number.NumericValue = "mm", "12.5"
    number.MeasurementUnitsCodeSequence = Sequence([unit])
    below = [
        item("소견", ValueType="TEXT", TextValue="우하엽에 침윤이 보임."),
        item("크기", ValueType="NUM", MeasuredValueSequence=Sequence([number])),
    ]
    content = item("판독", ValueType="CONTAINER", ContentSequence=Sequence(below))

    [(document, page)] = documents_of(made(_REPORT, ContentSequence=Sequence([content])))

    assert document.type == "imaging_report"
    lines = page.text.splitlines()
    start = lines.index("[항목]: 판독")
    assert lines[start + 1 : start + 3] == ["소견: 우하엽에 침윤이 보임.", "크기: 12.5 mm"]


def test_a_pdf_inside_is_a_scan_of_its_own() -> None:
    """An encapsulated PDF is read as pages, beside the header's document; its bytes are its own."""
    pdf = drawn_pdf() + b"%"  # made even or not, the byte that fills it up is not part of it
    pdf = pdf if len(pdf) % 2 else pdf + b"%"
    data = made(_PDF, MIMETypeOfEncapsulatedDocument="application/pdf",
                EncapsulatedDocument=pdf, EncapsulatedDocumentLength=len(pdf))  # fmt: skip

    scans = triaged(data, "emr/x.dcm").scans

    assert [(scan.media, scan.member) for scan in scans] == [
        ("dicom", None), ("pdf", "EncapsulatedDocument.pdf"),
    ]  # fmt: skip
    assert bytes_of(scans[1], data, LIMITS) == pdf


@pytest.mark.parametrize("encoding", ["cp949", "utf-8"])
def test_names_in_an_encoding_that_is_not_declared_are_read(encoding: str) -> None:
    """A file that declares Latin and holds Hangul is decoded by its bytes, and says so."""
    place = b"XXXXXXXX" + b"X" * 12
    data = made(
        SpecificCharacterSet="ISO_IR 100", PatientName="Kim^Gana", InstitutionName=place.decode()
    )
    data = data.replace(place, "가온누리의원".encode(encoding).ljust(len(place)))

    [(document, _)] = documents_of(data)

    assert document.fields["institution_name"].value == "가온누리의원"
    assert codes(data) == ["encoding_declared_wrong"]


def test_a_cut_file_keeps_what_came_and_waits_for_a_person() -> None:
    """Cut within its picture the header is read, a warning says so, and its kind is not sure."""
    data = made(Rows=64, Columns=64, BitsAllocated=8, PixelData=b"\1" * 4096)[:-100]

    [(document, _)] = documents_of(data)

    assert codes(data) == ["dicom_cut_short"]
    assert "dicom_cut_short" in WARNINGS
    assert document.type_confidence is not None
    assert document.type_confidence < 0.9


def bomb() -> bytes:
    """More of nothing than is inflated, deflated."""
    whole = made(syntax=DeflatedExplicitVRLittleEndian)
    end = 132 + 12 + int.from_bytes(whole[140:144], "little")
    deflater = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    nothing = b"".join(deflater.compress(bytes(1 << 20)) for _ in range(140))
    return whole[:end] + nothing + deflater.flush()


def nested() -> bytes:
    deepest = item("끝", ValueType="TEXT", TextValue="x")
    for _ in range(60):
        deepest = item("안", ValueType="CONTAINER", ContentSequence=Sequence([deepest]))
    return made(_REPORT, ContentSequence=Sequence([deepest]))


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: b"\0" * 128 + b"DICM" + b"\xff" * 400, "dicom_damaged"),
        (lambda: b"\0" * 128 + b"DICM", "dicom_damaged"),
        (bomb, "dicom_too_large"),
        (nested, "dicom_too_large"),
    ],
)
def test_a_hostile_file_is_refused_with_a_reason(make: Callable[[], bytes], code: str) -> None:
    """Noise, an empty header, an inflating bomb, a report without a floor: named, nothing read."""
    found = triaged(make(), "emr/x.dcm")

    assert ([f.code for f in found.failures], found.scans) == ([code], ())


def test_a_disc_s_table_of_contents_is_no_document() -> None:
    """A DICOMDIR is named and rejects nothing."""
    file = get_testdata_file("DICOMDIR")
    assert isinstance(file, str)
    assert codes(Path(file).read_bytes()) == ["dicom_directory"]


def test_every_outside_file_is_indexed() -> None:
    """Of the outside files of all character sets each becomes a document; Hangul names are read."""
    files = [file for file in material("A13") if file.suffix == ".dcm"]
    names = {}
    for file in files:
        [(document, _)] = documents_of(file.read_bytes(), f"emr/{file.name}")
        names[file.name] = values(document).get("patient_name")

    assert len(names) == len(files) > 10
    assert (names["chrI2.dcm"], names["chrKoreanMulti.dcm"]) == ("홍길동", "김희중")
