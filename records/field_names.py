"""What the fields of a document are called, and how their values are shown to people."""

from collections.abc import Mapping

_NAMES: Mapping[str, tuple[str, str]] = {
    "patient_name": ("성명", "name"),
    "resident_number": ("주민등록번호", "resident number"),
    "birth_date": ("생년월일", "date of birth"),
    "sex": ("성별", "sex"),
    "chart_no": ("차트번호", "chart number"),
    "institution_name": ("의료기관", "institution"),
    "institution_code": ("요양기관기호", "institution's code"),
    "department": ("진료과", "department"),
    "doctor": ("의사", "doctor"),
    "licence_no": ("면허번호", "licence number"),
    "visit_date": ("진료일", "day of visit"),
    "visit_dates": ("진료일", "days of visits"),
    "issue_date": ("발급일", "day of issue"),
    "admission_date": ("입원일", "admission"),
    "discharge_date": ("퇴원일", "discharge"),
    "diagnosis_date": ("진단일", "day of diagnosis"),
    "surgery_date": ("수술일", "day of surgery"),
    "exam_date": ("검사일", "day of examination"),
    "report_date": ("보고일", "day of report"),
    "disease_codes": ("질병분류기호", "disease codes"),
    "diagnoses": ("진단명", "diagnoses"),
    "total_amount": ("진료비 총액", "total amount"),
    "patient_amount": ("본인부담금", "patient's share"),
    "drugs": ("처방 의약품", "drugs"),
    "lab_rows": ("검사 결과", "laboratory results"),
    "death_causes": ("사망 원인", "causes of death"),
}


def field_name(key: str) -> str:
    """A field's name, Korean and English; the key itself where it has none."""
    return " ".join(_NAMES.get(key, (key,)))


def field_text(value: object) -> str:
    """A value as a line of text: parts of a list with commas, rows of a table with semicolons."""
    if isinstance(value, Mapping):
        return " ".join(str(part) for part in value.values() if part not in (None, ""))
    if isinstance(value, list | tuple):
        rows = any(isinstance(part, Mapping) for part in value)
        return ("; " if rows else ", ").join(field_text(part) for part in value)
    return str(value)
