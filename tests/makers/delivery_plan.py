"""Which papers lie in which box of a made delivery, in the order they were scanned."""

from dataclasses import dataclass
from typing import Literal

from tests.makers.sheet import Level


@dataclass(frozen=True, slots=True)
class Paper:
    """One document to make: its kind, whose it is, and how it was scanned."""

    kind: str
    patient: int = 0
    layout: str | None = None
    level: Level = "mild"
    rotation: Literal[0, 90, 180, 270] = 0
    long: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """One stack. `form`: tiff, scanned_pdf, jpegs (a folder), zip, born_digital."""

    path: str
    form: str
    papers: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A delivery's boxes; `faulty` names the truncated, the missing and the unlisted file."""

    patients: int
    boxes: tuple[Box, ...]
    faulty: tuple[str, str, str]
    rows: int


_BLANK = Paper("blank")

_DEMO = Plan(
    patients=6,
    rows=6,
    faulty=("scans/상자04/훼손.jpg", "scans/상자05/scan_0412.tif", "scans/상자06/추가.jpg"),
    boxes=(
        Box(
            "scans/상자01/stack_001.tif",
            "tiff",
            (
                Paper("cover_or_separator"),
                Paper("medical_record", 0, "statutory", long=True),
                Paper("prescription", 0, "statutory"),
                _BLANK,
                Paper("fee_receipt", 0),
                Paper("diagnosis_certificate", 0),
                Paper("medical_record", 1, level="medium"),
                Paper("lab_result", 1, "statutory", long=True),
                _BLANK,
                Paper("prescription", 1, "emr_print"),
                Paper("treatment_confirmation", 1, rotation=180),
                Paper("fee_detail", 1, long=True),
                Paper("surgery_record", 2),
                Paper("nursing_record", 2, "statutory", long=True),
                Paper("admission_confirmation", 2, level="medium"),
                Paper("consent_form", 2),
                _BLANK,
            ),
        ),
        Box(
            "scans/상자01/stack_002.pdf",
            "scanned_pdf",
            (
                Paper("injury_certificate", 3),
                Paper("outpatient_confirmation", 3),
                Paper("imaging_report", 3, level="medium"),
                Paper("referral_letter", 3),
                Paper("external_document", 3),
                Paper("medical_record", 4, long=True),
                Paper("lab_result", 4),
                Paper("payment_confirmation", 4),
                Paper("id_or_power_of_attorney", 4),
                Paper("medical_opinion", 0),
                Paper("prescription", 0),
            ),
        ),
        Box(
            "scans/상자02",
            "jpegs",
            (
                Paper("medical_record", 5),
                Paper("nursing_record", 5, "statutory", long=True),
                Paper("fee_detail", 5, level="medium", long=True),
                Paper("prescription", 5, level="severe"),
                _BLANK,
                Paper("lab_result", 5),
                Paper("death_certificate", 5),
                Paper("brochure"),
                Paper("medical_opinion", 0),
                Paper("fee_receipt", 0),
                Paper("lab_result", 3),
            ),
        ),
        Box(
            "scans/상자03.zip",
            "zip",
            (
                Paper("prescription", 2),
                Paper("fee_receipt", 2, "slip"),
                Paper("treatment_confirmation", 4),
                Paper("imaging_report", 4),
                Paper("prescription", 0, "slip"),
            ),
        ),
        Box(
            "scans/제증명.pdf",
            "born_digital",
            (
                Paper("diagnosis_certificate", 1),
                Paper("medical_opinion", 1),
                Paper("outpatient_confirmation", 2),
                Paper("payment_confirmation", 2),
                Paper("lab_result", 3),
                Paper("treatment_confirmation", 0),
            ),
        ),
    ),
)

_SMALL = Plan(
    patients=3,
    rows=2,
    faulty=("scans/상자3/훼손.jpg", "scans/상자4/scan_0412.tif", "scans/상자5/추가.jpg"),
    boxes=(
        Box(
            "scans/상자1/stack_001.tif",
            "tiff",
            (
                Paper("prescription", 0, "statutory"),
                _BLANK,
                Paper("treatment_confirmation", 1, "statutory", rotation=180),
            ),
        ),
        Box("scans/상자1/stack_002.pdf", "scanned_pdf", (Paper("diagnosis_certificate", 0),)),
        Box(
            "scans/상자2",
            "jpegs",
            (
                Paper("imaging_report", 0),
                Paper("referral_letter", 2, "statutory"),
                Paper("brochure"),
            ),
        ),
        Box("scans/제증명.pdf", "born_digital", (Paper("medical_opinion", 2),)),
    ),
)

PLANS = {"demo": _DEMO, "small": _SMALL}
