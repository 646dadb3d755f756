"""What each segment of an HL7 v2 message says, as statements: fields where they are known.

Whatever a segment says beside them is kept as text, a line a field.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from intake.emr.hl7v2.segments import (
    Segment,
    coded,
    doctor_of,
    name_of,
    text_of,
    time_of,
)
from intake.emr.known_systems import institution_code, is_disease_system, is_resident_number
from records.emr_record import Statement

_IN_PATIENT = frozenset({"I", "B"})
_FLAGS = {"H": "H", "HH": "H", "L": "L", "LL": "L", ">": "H", "<": "L"}
_CODED = frozenset({"CE", "CWE", "CNE", "CF"})
_TEXTS = frozenset({"TX", "FT"})


def patient(segment: Segment) -> Iterator[Statement]:
    """PID."""
    for number, repetition in enumerate(segment.repetitions(5)):
        if name := name_of(repetition):
            yield Statement("수진자", name, "" if number else "patient_name", "PID-5")
    if (full := segment.words(5)) != name_of(segment.components(5)):
        yield Statement("성명 전체", full, "", "PID-5")
    for field in (3, 2, 4, 18, 19):
        for number, _ in enumerate(segment.repetitions(field)):
            yield from _identifier(segment, field, number)
    yield from _of(segment, "생년월일", 7, "birth_date", time_of)
    sex = segment.at(8)
    if sex:
        yield Statement("성별", sex, "sex" if sex.upper() in {"M", "F"} else "", "PID-8")
    for field, label in ((11, "주소"), (13, "전화"), (14, "직장 전화"), (29, "사망 일시")):
        yield from _words(segment, label, field)


def visit(segment: Segment) -> Iterator[Statement]:
    """PV1."""
    in_patient = segment.at(2).upper() in _IN_PATIENT
    yield from _words(segment, "환자 구분", 2)
    yield from _words(segment, "병동", 3)
    for field, label in ((7, "진료의"), (8, "의뢰의"), (9, "협진의"), (17, "입원 결정의")):
        for parts in segment.repetitions(field):
            if name := doctor_of(parts):
                yield Statement(label, name, "doctor" if field == 7 else "", f"PV1-{field}")
    yield from _words(segment, "진료과", 10)
    yield from _words(segment, "내원 번호", 19)
    label, key = ("입원일", "admission_date") if in_patient else ("진료일", "visit_date")
    yield from _of(segment, label, 44, key, time_of)
    yield from _of(segment, "퇴원일" if in_patient else "종료일", 45,
                   "discharge_date" if in_patient else "", time_of)  # fmt: skip


def diagnosis(segment: Segment) -> Iterator[Statement]:
    """DG1."""
    yield from _codes(segment, "진단", 3, "diagnoses")
    if text := segment.words(4):
        yield Statement("진단명", text, "diagnoses", "DG1-4")
    yield from _of(segment, "진단일", 5, "diagnosis_date", time_of)


def procedure(segment: Segment) -> Iterator[Statement]:
    """PR1."""
    yield from _codes(segment, "처치·수술", 3, "")
    yield from _words(segment, "처치·수술명", 4)
    yield from _of(segment, "처치·수술일", 5, "", time_of)
    for field, label in ((8, "마취의"), (11, "집도의"), (12, "시술자")):
        for parts in segment.repetitions(field):
            if name := doctor_of(parts):
                yield Statement(label, name, "", f"PR1-{field}")


def order(segment: Segment) -> Iterator[Statement]:
    """OBR."""
    yield from _codes(segment, "검사", 4, "")
    yield from _of(segment, "검사일", 7, "exam_date", time_of)
    yield from _of(segment, "접수일", 14, "", time_of)
    for parts in segment.repetitions(16):
        if name := doctor_of(parts):
            yield Statement("의뢰의", name, "doctor", "OBR-16")
    yield from _of(segment, "보고일", 22, "report_date", time_of)
    yield from _words(segment, "판독의", 32)
    for number, _ in enumerate(segment.repetitions(31)):
        yield from _codes(segment, "검사 사유", 31, "diagnoses", number)


def result(segment: Segment) -> Iterator[Statement]:
    """OBX."""
    kind = segment.at(2)
    name = text_of(segment, 3)
    if kind == "ED":
        size = len(segment.at(5, 5))
        said = " ".join(part for part in (segment.at(5, 2), segment.at(5, 3), f"{size}") if part)
        yield Statement(name or "첨부", f"첨부 파일 ({said})", "", "OBX-5")
        return
    value = "\n".join(_said(segment, number) for number, _ in enumerate(segment.repetitions(5)))
    if kind in _TEXTS:
        yield Statement(name, value, "", "OBX-5")
        return
    unit = segment.at(6) or segment.at(6, 2)
    span = segment.words(7)
    flag = _FLAGS.get(segment.at(8), segment.at(8) if segment.at(8) in {"A", "AA"} else "")
    codes = segment.words(3).removeprefix(name).strip()
    time = time_of(segment, 14)
    shown = (value, segment.words(6), f"({span})" if span else "", segment.words(8), time)
    more = segment.words(5) if kind in _CODED and segment.words(5) != value else ""
    about = " ".join(part for part in (codes, more) if part)
    printed = " ".join(part for part in (*shown, f"[{about}]" if about else "") if part)
    row = {"name": name, "value": value, "unit": unit, "range": span, "flag": flag}
    if name and value:
        yield Statement(name, printed, "lab_rows", "OBX-5", row)
    elif printed:
        yield Statement(name or "OBX", printed, "", "OBX")


def prescribed(segment: Segment) -> Iterator[Statement]:
    """RXE, RXO, RXD: one drug."""
    give = {"RXE": 2, "RXO": 1, "RXD": 2}[segment.name]
    dose = {"RXE": 3, "RXO": 2, "RXD": 4}[segment.name]
    unit = {"RXE": 5, "RXO": 4, "RXD": 5}[segment.name]
    name = text_of(segment, give)
    if not name:
        return
    amount = " ".join(part for part in (segment.at(dose), text_of(segment, unit)) if part)
    row = {"name": name, "dose": amount, "times": None, "days": None}
    code = segment.at(give)
    printed = " ".join(part for part in (name, amount, f"[{code}]" if code != name else "") if part)
    yield Statement("약품", printed, "drugs", f"{segment.name}-{give}", row)


def given(segment: Segment) -> Iterator[Statement]:
    """RXA: one drug or vaccine that was given."""
    name = text_of(segment, 5)
    amount = " ".join(part for part in (segment.at(6), text_of(segment, 7)) if part)
    if name:
        codes = " ".join(code for code, _, _ in coded(segment, 5) if code and code != name)
        yield Statement("투여", f"{name} {amount} {codes}".strip(), "", "RXA-5")
    yield from _of(segment, "투여일", 3, "visit_date", time_of)


def document(segment: Segment) -> Iterator[Statement]:
    """TXA."""
    yield from _words(segment, "문서 종류", 2)
    yield from _of(segment, "작성일", 4, "report_date", time_of)
    for parts in segment.repetitions(9):
        if name := doctor_of(parts):
            yield Statement("작성자", name, "doctor", "TXA-9")


def charge(segment: Segment) -> Iterator[Statement]:
    """FT1: one charge."""
    yield from _of(segment, "일자", 4, "visit_date", time_of)
    yield from _codes(segment, "항목", 7, "")
    yield from _words(segment, "금액", 11)
    for number, _ in enumerate(segment.repetitions(19)):
        yield from _codes(segment, "진단", 19, "diagnoses", number)


def invoice(segment: Segment) -> Iterator[Statement]:
    """IVC of a claim (EHC^E01): its number, day and amount."""
    yield from _words(segment, "청구서 번호", 1)
    yield from _of(segment, "청구일", 7, "issue_date", time_of)
    if amount := segment.at(8):
        currency = segment.components(8)[0][1:2]
        key = "total_amount" if currency in {(), ("",), ("KRW",)} else ""
        yield Statement("총액", " ".join((amount, *(() if key else currency))), key, "IVC-8")


def product_line(segment: Segment) -> Iterator[Statement]:
    """PSL of a claim (EHC^E01): one line of the itemised bill."""
    said = (text_of(segment, 7), segment.at(8), segment.at(11), segment.at(12), segment.at(15))
    if any(said):
        yield Statement("항목", " ".join(part for part in said if part), "", "PSL")


def note(segment: Segment) -> Iterator[Statement]:
    """NTE."""
    if text := segment.words(3):
        yield Statement("비고", text, "", "NTE-3")


_READERS: Mapping[str, tuple[Callable[[Segment], Iterator[Statement]], frozenset[int]]] = {
    "PID": (patient, frozenset({1, 2, 3, 4, 5, 7, 8, 11, 13, 14, 18, 19, 29})),
    "PV1": (visit, frozenset({1, 2, 3, 7, 8, 9, 10, 17, 19, 44, 45})),
    "DG1": (diagnosis, frozenset({1, 3, 4, 5})),
    "PR1": (procedure, frozenset({1, 3, 4, 5, 8, 11, 12})),
    "OBR": (order, frozenset({1, 4, 7, 14, 16, 22, 31, 32})),
    "OBX": (result, frozenset({1, 2, 3, 5, 6, 7, 8, 14})),
    "RXE": (prescribed, frozenset({2, 3, 5})),
    "RXO": (prescribed, frozenset({1, 2, 4})),
    "RXD": (prescribed, frozenset({2, 4, 5})),
    "RXA": (given, frozenset({3, 5, 6, 7})),
    "TXA": (document, frozenset({1, 2, 4, 9})),
    "FT1": (charge, frozenset({4, 7, 11, 19})),
    "IVC": (invoice, frozenset({1, 7, 8})),
    "PSL": (product_line, frozenset({7, 8, 11, 12, 15})),
    "NTE": (note, frozenset({1, 3})),
}
_ENVELOPE = frozenset({"MSH", "EVN", "SFT", "UAC"})


def statements(segments: Sequence[Segment]) -> Iterator[Statement]:
    """What the segments of one record say, in order."""
    for segment in segments:
        if segment.name in _ENVELOPE:
            continue
        said: frozenset[int] = frozenset()
        if segment.name in _READERS:
            read, said = _READERS[segment.name]
            yield from read(segment)
        for field in range(1, len(segment.fields)):
            if field not in said and (words := segment.words(field)):
                yield Statement(f"{segment.name}-{field}", words, "", f"{segment.name}-{field}")


def sender(header: Segment) -> Iterator[Statement]:
    """The sending institution, by MSH-4: its name, its code where one of the ministry's OIDs."""
    parts = header.components(4)
    texts = [part[0] for part in parts if part]
    if texts and texts[0]:
        code = institution_code(" ".join(texts)) or (
            texts[0] if len(texts[0]) == 8 and texts[0].isdigit() else ""
        )
        if code != texts[0]:
            yield Statement("의료기관", texts[0], "institution_name", "MSH-4")
        if code:
            yield Statement("요양기관기호", code, "institution_code", "MSH-4")


def _identifier(segment: Segment, field: int, number: int) -> Iterator[Statement]:
    parts = segment.components(field, number)
    value = parts[0][0] if parts and parts[0] else ""
    if not value:
        return
    authority = " ".join(parts[3]) if len(parts) > 3 else ""
    type_code = "SS" if field == 19 else (parts[4][0] if len(parts) > 4 else "")
    element = f"PID-{field}"
    if is_resident_number(value, authority, type_code):
        yield Statement("주민등록번호", value, "resident_number", element)
    elif field in {2, 3} and type_code.upper() in {"", "MR", "PI", "PT"}:
        yield Statement(f"등록번호 {type_code}".strip(), value, "chart_no", element)
    else:
        yield Statement(f"번호 {type_code}".strip(), value, "", element)


def _codes(
    segment: Segment, label: str, field: int, key: str, repetition: int = 0
) -> Iterator[Statement]:
    element = f"{segment.name}-{field}"
    for code, text, system in coded(segment, field, repetition):
        if text:
            yield Statement(label, text, key, element)
        if code:
            disease = key == "diagnoses" and is_disease_system(system)
            yield Statement(f"{label} 코드", code, "disease_codes" if disease else "", element)


def _of(
    segment: Segment, label: str, field: int, key: str, read: Callable[[Segment, int], str]
) -> Iterator[Statement]:
    if text := read(segment, field):
        yield Statement(label, text, key, f"{segment.name}-{field}")


def _words(segment: Segment, label: str, field: int) -> Iterator[Statement]:
    if text := segment.words(field):
        yield Statement(label, text, "", f"{segment.name}-{field}")


def _said(segment: Segment, repetition: int) -> str:
    kind = segment.at(2)
    if kind in _CODED:
        return text_of(segment, 5, repetition)
    if kind in {"TS", "DT", "DTM"}:
        return time_of(segment, 5)
    parts = segment.components(5, repetition)
    if kind == "SN":
        return "".join(sub for part in parts for sub in part)
    return " ".join(sub for part in parts for sub in part if sub)
