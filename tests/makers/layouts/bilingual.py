"""What forms of large hospitals print below their Korean: labels, titles and names in English."""

import re

_LABELS = {
    "성명": "Name",
    "환자성명": "Patient Name",
    "환자명": "Patient Name",
    "주민등록번호": "Resident Reg. No.",
    "생년월일": "Date of Birth",
    "성별": "Sex",
    "성별/나이": "Sex / Age",
    "성별/연령": "Sex / Age",
    "주소": "Address",
    "연락처": "Contact",
    "전화번호": "Telephone",
    "차트번호": "Chart No.",
    "등록번호": "Patient No.",
    "병록번호": "Record No.",
    "환자등록번호": "Patient No.",
    "연번호": "Serial No.",
    "진료일": "Date of Visit",
    "진료일시": "Visited at",
    "진료과": "Department",
    "진료과목": "Department",
    "진료기간": "Period of Care",
    "치료기간": "Period of Care",
    "입원일": "Admitted on",
    "퇴원일": "Discharged on",
    "입원기간": "Length of Stay",
    "병실": "Room",
    "호실": "Room",
    "병명": "Diagnosis",
    "상병명": "Diagnosis",
    "진단명": "Diagnosis",
    "상병코드": "KCD Code",
    "질병분류기호": "KCD Code",
    "상병분류기호": "KCD Code",
    "발병연월일": "Date of Onset",
    "진단연월일": "Date of Diagnosis",
    "상해연월일": "Date of Injury",
    "수술일": "Date of Surgery",
    "수술명": "Operation",
    "집도의": "Surgeon",
    "마취방법": "Anesthesia",
    "검체": "Specimen",
    "검사명": "Examination",
    "채취일시": "Collected on",
    "촬영일": "Examined on",
    "판독일": "Read on",
    "보고일": "Reported on",
    "담당의": "Physician",
    "담당의사": "Physician",
    "진료의사": "Physician",
    "의뢰의": "Referred by",
    "의뢰의사": "Referred by",
    "주치의": "Physician",
    "보험구분": "Insurance",
    "환자구분": "Insurance",
    "교부번호": "Issue No.",
    "요양기관기호": "Provider No.",
    "요양기관번호": "Provider No.",
    "면허번호": "License No.",
    "의사면허번호": "License No.",
    "의료기관명칭": "Institution",
    "의료기관명": "Institution",
    "요양기관명": "Institution",
    "의사성명": "Physician",
    "용도": "Purpose",
    "비고": "Remarks",
    "소견": "Opinion",
    "진료비총액": "Total Charge",
    "환자부담총액": "Patient Charge",
    "영수증번호": "Receipt No.",
}
_TITLES = {
    "medical_record": "Medical Record",
    "diagnosis_certificate": "Medical Certificate",
    "injury_certificate": "Certificate of Injury",
    "prescription": "Prescription",
    "fee_receipt": "Statement of Medical Charges and Receipt",
    "fee_detail": "Itemized Statement of Medical Charges",
    "treatment_confirmation": "Confirmation of Treatment",
    "admission_confirmation": "Confirmation of Admission",
    "outpatient_confirmation": "Confirmation of Outpatient Visits",
    "medical_opinion": "Physician's Statement",
    "referral_letter": "Referral Letter",
    "surgery_record": "Operation Record",
    "lab_result": "Laboratory Report",
    "imaging_report": "Radiology Report",
    "nursing_record": "Nursing Record",
    "death_certificate": "Certificate of Death",
    "payment_confirmation": "Confirmation of Payment",
    "consent_form": "Informed Consent",
}
_NAMES = {
    "한빛": "HANBIT",
    "새솔": "SAESOL",
    "누리": "NURI",
    "가온": "GAON",
    "다솜": "DASOM",
    "미르": "MIR",
    "늘봄": "NEULBOM",
    "온새미": "ONSAEMI",
}
_CLINICS = {
    "내과": "INTERNAL MEDICINE",
    "가정의학과": "FAMILY MEDICINE",
    "정형외과": "ORTHOPEDIC SURGERY",
    "외과": "SURGERY",
    "이비인후과": "ENT",
    "소아청소년과": "PEDIATRIC",
}
_CLINIC = re.compile(f"({'|'.join(_NAMES)})({'|'.join(_CLINICS)})의원")


def label_in_english(label: str) -> str:
    """A label's English; empty where a form would print none."""
    bare = "".join(label.split())
    return _LABELS.get(bare) or _LABELS.get(bare.removeprefix("환자의"), "")


def title_in_english(kind: str) -> str:
    """The English title of a kind of document; empty where it has none."""
    return _TITLES.get(kind, "")


def name_in_english(name: str) -> str:
    """A clinic's English name in capitals; empty for other institutions."""
    found = _CLINIC.fullmatch(name)
    return f"{_NAMES[found[1]]} {_CLINICS[found[2]]} CLINIC" if found else ""
