"""A DICOM file is one record: what its header says, and its report where it holds one."""

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

from intake.emr.message import SUFFIXES, OpenMessage
from intake.limits import Limits
from intake.sandbox import ask
from intake.tables import Refused
from records.emr_record import EmrRecord, Statement
from records.errors import RejectedInput
from records.values import SourcePart

IMAGE = "medical_image"
REPORT = "imaging_report"

_REPORTS = re.compile(r"1\.2\.840\.10008\.5\.1\.4\.1\.1\.88\.(11|22|33|34|35)")
_RESIDENT = re.compile(r"\d{6}-?\d{7}")
_HANGUL = re.compile(r"[가-힣]")
# keyword: its word for people, and the field it gives
_KNOWN = {
    "PatientName": ("수진자", "patient_name"),
    "PatientID": ("등록번호", "chart_no"),
    "PatientBirthDate": ("생년월일", "birth_date"),
    "PatientSex": ("성별", "sex"),
    "StudyDate": ("검사일", "exam_date"),
    "InstitutionName": ("의료기관", "institution_name"),
    "InstitutionalDepartmentName": ("진료과", "department"),
    "Modality": ("영상 종류", "modality"),
    "StudyDescription": ("검사명", "study_description"),
    "BodyPartExamined": ("촬영 부위", "body_part"),
    "AccessionNumber": ("접수번호", "accession_no"),
    "NameOfPhysiciansReadingStudy": ("판독의", "doctor"),
    "ReferringPhysicianName": ("의뢰의", ""),
    "PerformingPhysicianName": ("검사의", ""),
    "SeriesDescription": ("시리즈", ""),
    "Manufacturer": ("제조사", ""),
    "ManufacturerModelName": ("장비", ""),
    "PatientAge": ("나이", ""),
}
_NAMES = frozenset({"PatientName", "NameOfPhysiciansReadingStudy", "ReferringPhysicianName",
                    "PerformingPhysicianName", "OperatorsName"})  # fmt: skip
_STEP = "EncapsulatedDocument"


def open_dicom(data: bytes, limits: Limits) -> OpenMessage:
    """Open a DICOM file; libraries see it in the decoding child only.

    Raises:
        RejectedInput: `dicom_damaged`, `dicom_too_large`, `dicom_directory`, `decoding_too_slow`.
    """
    told = json.loads(ask("dicom_header", data, limits).pixels)
    warnings = [
        code
        for code, holds in (
            ("dicom_cut_short", told["cut"]),
            ("encoding_declared_wrong", told["differs"]),
        )
        if holds
    ]
    suffix = SUFFIXES.get(told["document"].lower())
    part = SourcePart("dicom", hashlib.sha256(data).hexdigest())

    def record(index: int) -> EmrRecord | Refused:
        return _record(told, index, part)

    inside = (f"{_STEP}.{suffix}",) if suffix else ()
    return OpenMessage(1, record, tuple(warnings), inside)


def attached(data: bytes, step: str) -> bytes:
    """The document inside.

    Raises:
        RejectedInput: `attachment_damaged`.
    """
    if not step.startswith(f"{_STEP}."):
        raise RejectedInput("attachment_damaged")
    return ask("dicom_document", data, Limits()).pixels


def _record(told: dict[str, Any], index: int, part: SourcePart) -> EmrRecord:
    report = bool(_REPORTS.fullmatch(told["sop_class"]))
    return EmrRecord(
        index=index,
        kind=REPORT if report else IMAGE,
        rule="dicom.report" if report else "dicom.image",
        title=told["title"],
        statements=(*_header(told["elements"]), *_content(told["content"])),
        parts=(part,),
        sure=not told["cut"],
    )


def _header(elements: list[list[str]]) -> Iterator[Statement]:
    for keyword, name, text in elements:
        label, field = _KNOWN.get(keyword, (name, ""))
        said = _person(text) if keyword in _NAMES else text
        if keyword == "PatientID" and _RESIDENT.fullmatch(text):
            label, field = "주민등록번호", "resident_number"
        if said:
            yield Statement(label, said, field, keyword)
        if said != text:
            yield Statement(name, text, "", keyword)


def _content(content: list[list[Any]]) -> Iterator[Statement]:
    """A report, line by line: a heading of its own before what stands below it."""
    for _, name, text in content:
        if text:
            yield Statement(name, text, "", "ContentSequence")
        else:
            yield Statement("[항목]", name, "", "ContentSequence")


def _person(text: str) -> str:
    """A name of up to three ways, `Hong^Gildong=洪^吉洞=홍^길동`: in Hangul, else the first."""
    ways = [way for way in text.split("=") if way.strip("^ ")]
    hangul = max(ways, key=lambda way: len(_HANGUL.findall(way)), default="")
    if _HANGUL.search(hangul):
        return "".join(hangul.split("^")).strip()
    return " ".join(part for part in ways[0].split("^") if part.strip()) if ways else ""
