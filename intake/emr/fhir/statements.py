"""What a resource says, as statements: fields where they are known, every other element as text."""

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from intake.emr.fhir.elements import (
    Resolve,
    codings,
    concept,
    many,
    named,
    narrative,
    one,
    period,
    person,
    quantity,
    rest,
    said,
    words,
)
from intake.emr.fhir.grouping import attachments
from intake.emr.fhir.resource import Resource
from intake.emr.known_systems import (
    institution_code,
    is_disease_system,
    is_hira,
    is_licence,
    is_resident_number,
)
from records.emr_record import Statement

_SEXES = {"male": "M", "female": "F"}
_IN_PATIENT = frozenset({"IMP", "ACUTE", "NONAC"})
_FLAGS = {"H": "H", "HH": "H", "HU": "H", "L": "L", "LL": "L", "LU": "L", "A": "A"}
_MOST_TEXT = 1 << 20


def statements(resource: Resource, resolve: Resolve) -> Iterator[Statement]:
    """What one resource says, in order."""
    type_ = said(resource.get("resourceType"))
    read, done = _READERS.get(type_, (None, frozenset()))
    if read is not None:
        yield from read(resource, resolve)
    for element, text in rest(resource, done, resolve):
        yield Statement(f"{type_}.{element}", text, "", f"{type_}.{element}")
    for line in narrative(resource.get("text")) if type_ not in _SHORT else ():
        yield Statement("", line, "", f"{type_}.text")


def in_short(resource: Resource, resolve: Resolve) -> Iterator[Statement]:
    """What a resource says in the records of others: of a patient and a visit, their fields."""
    type_ = said(resource.get("resourceType"))
    if type_ in {"Patient", "Encounter"}:
        # The visit's doctor is not always the one who prescribes or reports.
        for statement in _READERS[type_][0](resource, resolve):
            yield replace(statement, field="") if statement.field == "doctor" else statement
    else:
        yield from statements(resource, resolve)


def patient(resource: Resource, resolve: Resolve) -> Iterator[Statement]:
    """Whose record it is."""
    for number, name in enumerate(many(resource.get("name"))):
        if text := person(name):
            yield Statement("수진자", text, "" if number else "patient_name", "Patient.name")
    charts = 0
    for found in many(resource.get("identifier")):
        value, system = said(found.get("value")), said(found.get("system"))
        types = [code for _, code in codings(found.get("type"))]
        if not value:
            continue
        if is_resident_number(value, f"{system} {concept(found.get('type'))}", "".join(types[:1])):
            yield Statement("주민등록번호", value, "resident_number", "Patient.identifier")
        elif not types or set(types) & {"MR", "PI", "PT"}:
            key = "" if charts else "chart_no"
            charts += 1
            yield Statement("등록번호", value, key, "Patient.identifier")
        else:
            yield Statement(f"번호 {types[0]}", value, "", "Patient.identifier")
    if birth := said(resource.get("birthDate")):
        yield Statement("생년월일", birth, "birth_date", "Patient.birthDate")
    if gender := said(resource.get("gender")):
        key = "sex" if gender in _SEXES else ""
        yield Statement("성별", _SEXES.get(gender, gender), key, "Patient.gender")
    for key, label in (("address", "주소"), ("telecom", "연락처")):
        for item in many(resource.get(key)):
            if text := words(item, resolve):
                yield Statement(label, text, "", f"Patient.{key}")


def organization(resource: Resource, _: Resolve) -> Iterator[Statement]:
    """An institution."""
    if name := said(resource.get("name")):
        yield Statement("의료기관", name, "institution_name", "Organization.name")
    for found in many(resource.get("identifier")):
        value, system = said(found.get("value")), said(found.get("system"))
        code = institution_code(value) or institution_code(system) or (
            value if is_hira(system) else ""
        )
        if code:
            yield Statement("요양기관기호", code, "institution_code", "Organization.identifier")
        elif value:
            yield Statement("기관 번호", value, "", "Organization.identifier")


def practitioner(resource: Resource, _: Resolve) -> Iterator[Statement]:
    """A doctor."""
    if name := person(resource.get("name")):
        yield Statement("의료인", name, "", "Practitioner.name")
    held = [*many(resource.get("identifier"))]
    for qualification in many(resource.get("qualification")):
        held += many(qualification.get("identifier"))
    for found in held:
        value = said(found.get("value"))
        licensed = is_licence(said(found.get("system"))) or any(
            code in {"MD", "LN"} for _, code in codings(found.get("type"))
        )
        if value:
            key = "licence_no" if licensed else ""
            label = "면허번호" if licensed else "의료인 번호"
            yield Statement(label, value, key, "Practitioner.identifier")


def encounter(resource: Resource, resolve: Resolve) -> Iterator[Statement]:
    """A visit or a stay."""
    begun, ended = period(resource.get("period"))
    in_patient = said(one(resource.get("class")).get("code")) in _IN_PATIENT
    if begun:
        label, key = ("입원일", "admission_date") if in_patient else ("진료일", "visit_date")
        yield Statement(label, begun, key, "Encounter.period")
    if ended:
        label, key = ("퇴원일", "discharge_date") if in_patient else ("종료", "")
        yield Statement(label, ended, key, "Encounter.period")
    for found in many(resource.get("participant")):
        if name := named(found.get("individual"), resolve):
            yield Statement("진료의", name, "doctor", "Encounter.participant")
    for key, label in (("serviceType", "진료과"), ("reasonCode", "내원 사유"), ("type", "진료 종류")):
        for item in many(resource.get(key)):
            yield Statement(label, words(item, resolve), "", f"Encounter.{key}")


def condition(resource: Resource, resolve: Resolve) -> Iterator[Statement]:
    """A diagnosis."""
    yield from _diagnosis(resource.get("code"), "Condition.code")
    for key, label in (("onsetDateTime", "발병일"), ("recordedDate", "진단일")):
        if text := said(resource.get(key)):
            field = "diagnosis_date" if key == "recordedDate" else ""
            yield Statement(label, text, field, f"Condition.{key}")


def procedure(resource: Resource, resolve: Resolve) -> Iterator[Statement]:
    """What was done."""
    if name := concept(resource.get("code")):
        yield Statement("처치·수술", name, "", "Procedure.code")
    for _, code in codings(resource.get("code")):
        yield Statement("처치·수술 코드", code, "", "Procedure.code")
    begun, ended = period(resource.get("performedPeriod") or resource.get("performedDateTime"))
    if begun:
        text = f"{begun} ~ {ended}" if ended else begun
        surgical = any(code == "387713003" for _, code in codings(resource.get("category")))
        yield Statement("처치·수술일", begun if surgical else text,
                        "surgery_date" if surgical else "", "Procedure.performed")  # fmt: skip


def prescription(resource: Resource, resolve: Resolve) -> Iterator[Statement]:
    """One drug that was prescribed."""
    if day := said(resource.get("authoredOn")):
        yield Statement("발급일", day, "issue_date", "MedicationRequest.authoredOn")
    if name := named(resource.get("requester"), resolve):
        yield Statement("처방의", name, "doctor", "MedicationRequest.requester")
    yield from drug(resource, resolve)


def drug(resource: Resource, resolve: Resolve) -> Iterator[Statement]:
    """The drug of a request, statement, dispense or administration."""
    type_ = said(resource.get("resourceType"))
    codes = resource.get("medicationCodeableConcept")
    if codes is None:
        target = resolve(said(one(resource.get("medicationReference")).get("reference")))
        codes = target.get("code") if target else None
    name = concept(codes) or named(resource.get("medicationReference"), resolve)
    dosage = one(resource.get("dosageInstruction") or resource.get("dosage"))
    dose = quantity(one(dosage.get("doseAndRate")).get("doseQuantity") or dosage.get("dose"))
    repeat = one(one(dosage.get("timing")).get("repeat"))
    times = repeat.get("frequency") if said(repeat.get("periodUnit")) == "d" and \
        repeat.get("period", 1) == 1 else None  # fmt: skip
    supply = one(one(resource.get("dispenseRequest")).get("expectedSupplyDuration"))
    days = supply.get("value") if (said(supply.get("code")) or said(supply.get("unit"))) in {
        "d", "day", "days", "일"} else None  # fmt: skip
    code = " ".join(f"[{code}]" for _, code in codings(codes) if code != name)
    usage = words([resource.get("dosageInstruction"), resource.get("dosage")], resolve)
    printed = " ".join(part for part in (name, code, usage,
                                         words(resource.get("dispenseRequest"), resolve)) if part)
    if name:
        row = {
            "name": name,
            "dose": dose,
            "times": times if isinstance(times, int) else None,
            "days": int(days) if isinstance(days, int | float) else None,
        }
        yield Statement("약품", printed, "drugs", f"{type_}.medication", row)
    elif printed:
        yield Statement("약품", printed, "", f"{type_}.medication")


def observation(resource: Resource, resolve: Resolve) -> Iterator[Statement]:
    """One finding, or several of one measurement."""
    name = concept(resource.get("code"))
    codes = " ".join(f"[{code}]" for _, code in codings(resource.get("code")))
    time = period(resource.get("effectivePeriod") or resource.get("effectiveDateTime") or "")[0]
    yield from _finding(resource, name, f"{codes} {time}".strip(), resolve)
    for part in many(resource.get("component")):
        codes = " ".join(f"[{code}]" for _, code in codings(part.get("code")))
        yield from _finding(part, concept(part.get("code")), codes, resolve)
    if time:
        yield Statement("검사일", time, "exam_date", "Observation.effective")
    for number, found in enumerate(many(resource.get("note"))):
        yield Statement("비고", said(found.get("text")), "", f"Observation.note[{number}]")


def report(resource: Resource, resolve: Resolve) -> Iterator[Statement]:
    """A report's head and conclusion; its results speak for themselves."""
    if name := concept(resource.get("code")):
        codes = " ".join(f"[{code}]" for _, code in codings(resource.get("code")))
        yield Statement("검사", f"{name} {codes}".strip(), "", "DiagnosticReport.code")
    time = period(resource.get("effectivePeriod") or resource.get("effectiveDateTime") or "")[0]
    if time:
        yield Statement("검사일", time, "exam_date", "DiagnosticReport.effective")
    if issued := said(resource.get("issued")):
        yield Statement("보고일", issued, "report_date", "DiagnosticReport.issued")
    for key, label in (("resultsInterpreter", "판독의"), ("performer", "검사자")):
        for item in many(resource.get(key)):
            if name := named(item, resolve):
                yield Statement(label, name, "doctor", f"DiagnosticReport.{key}")
    if text := said(resource.get("conclusion")):
        yield Statement("결론", text, "", "DiagnosticReport.conclusion")
    yield from _files(resource, "DiagnosticReport.presentedForm")


def composition(resource: Resource, resolve: Resolve) -> Iterator[Statement]:
    """A document of sections."""
    if title := said(resource.get("title")):
        yield Statement("제목", title, "", "Composition.title")
    if date := said(resource.get("date")):
        yield Statement("작성일", date, "issue_date", "Composition.date")
    for author in many(resource.get("author")):
        if name := named(author, resolve):
            yield Statement("작성자", name, "doctor", "Composition.author")
    stack = list(reversed(many(resource.get("section"))))
    while stack:
        section = stack.pop()
        if title := said(section.get("title")) or concept(section.get("code")):
            yield Statement("[항목]", title, "", "Composition.section.title")
        for line in narrative(section.get("text")):
            yield Statement("", line, "", "Composition.section.text")
        stack.extend(reversed(many(section.get("section"))))


def document(resource: Resource, resolve: Resolve) -> Iterator[Statement]:
    """A document that lies inside or elsewhere."""
    type_ = said(resource.get("resourceType"))
    if name := concept(resource.get("type")):
        yield Statement("문서 종류", name, "", f"{type_}.type")
    if date := said(resource.get("date") or resource.get("created")):
        yield Statement("작성일", date, "issue_date", f"{type_}.date")
    for author in many(resource.get("author")):
        if name := named(author, resolve):
            yield Statement("작성자", name, "doctor", f"{type_}.author")
    yield from _files(resource, f"{type_}.content")


def claim(resource: Resource, resolve: Resolve) -> Iterator[Statement]:
    """A claim, or what was paid of it."""
    type_ = said(resource.get("resourceType"))
    begun, ended = period(resource.get("billablePeriod") or "")
    if begun:
        yield Statement("진료일", begun, "visit_date", f"{type_}.billablePeriod")
    if ended:
        yield Statement("진료 종료일", ended, "", f"{type_}.billablePeriod")
    if created := said(resource.get("created")):
        yield Statement("청구일", created, "issue_date", f"{type_}.created")
    for item in many(resource.get("diagnosis")):
        yield from _diagnosis(item.get("diagnosisCodeableConcept"), f"{type_}.diagnosis")
    for item in many(resource.get("item")):
        if text := words({key: value for key, value in item.items() if key != "adjudication"},
                         resolve):  # fmt: skip
            yield Statement("항목", text, "", f"{type_}.item")
        for found in many(item.get("adjudication")):
            if text := words(found, resolve):
                yield Statement("심사", text, "", f"{type_}.item.adjudication")
    totals = many(resource.get("total"))
    for found in totals:
        money = found if "value" in found else one(found.get("amount"))
        amount = money.get("value")
        whole = isinstance(amount, float) and amount == int(amount)
        number = str(int(amount)) if whole else said(amount)
        text = f"{number} {said(money.get('currency'))}".strip()
        name = concept(found.get("category"))
        counts = len(totals) == 1 or any(
            code in {"submitted", "total"} for _, code in codings(found.get("category"))
        )
        key = "total_amount" if counts and said(money.get("currency")) in {"", "KRW"} else ""
        if text:
            printed = number if key else f"{name} {text}".strip()
            yield Statement("총액", printed, key, f"{type_}.total")


def _diagnosis(value: Any, element: str) -> Iterator[Statement]:
    if name := concept(value):
        yield Statement("진단", name, "diagnoses", element)
    for system, code in codings(value):
        key = "disease_codes" if is_disease_system(system) else ""
        yield Statement("상병코드" if key else "진단 코드", code, key, element)


def _finding(
    found: Mapping[str, Any], name: str, about: str, resolve: Resolve
) -> Iterator[Statement]:
    key = next((key for key in found if key.startswith("value")), "")
    if not name or not key:
        if name or about:
            absent = concept(found.get("dataAbsentReason"))
            yield Statement(name, f"{about} {absent}".strip(), "", "Observation.code")
        return
    value = found[key]
    unit = ""
    if key == "valueQuantity":
        unit = said(one(value).get("unit")) or said(one(value).get("code"))
        text = f"{said(one(value).get('comparator'))}{said(one(value).get('value'))}"
    elif key == "valueCodeableConcept":
        text = concept(value)
    else:
        text = words(value, resolve)
    spans = [said(span.get("text")) or _span(span) for span in many(found.get("referenceRange"))]
    flags = [_FLAGS.get(code, "") for _, code in codings(found.get("interpretation"))]
    row = {
        "name": name,
        "value": text,
        "unit": "" if unit == "1" else unit,
        "range": "; ".join(span for span in spans if span),
        "flag": next((flag for flag in flags if flag), ""),
    }
    more = [code for _, code in codings(value)] if key == "valueCodeableConcept" else []
    printed = " ".join(str(part) for part in (text, row["unit"], row["range"], row["flag"],
                                              *(f"[{code}]" for code in more), about) if part)
    yield Statement(name, printed, "lab_rows", "Observation.value", row)


def _span(span: Mapping[str, Any]) -> str:
    low, high = said(one(span.get("low")).get("value")), said(one(span.get("high")).get("value"))
    return f"{low}-{high}" if low or high else ""


def _files(resource: Resource, element: str) -> Iterator[Statement]:
    for found in attachments(resource):
        media = said(found.get("contentType"))
        about = " ".join(part for part in (said(found.get("title")), media, said(found.get("url")))
                         if part)  # fmt: skip
        yield Statement("첨부", about or "첨부 파일", "", element)
        data = found.get("data")
        if media.startswith("text/") and isinstance(data, str):
            try:
                raw = base64.b64decode(data, validate=True)[:_MOST_TEXT]
            except (binascii.Error, ValueError):
                yield Statement("첨부", "손상된 글 / damaged text", "", element)
                continue
            text = raw.decode("utf-8", "replace")
            lines = narrative({"div": text}) if "html" in media else text.splitlines()
            for line in lines:
                yield Statement("", line, "", element)


_Reader = Callable[[Resource, Resolve], Iterator[Statement]]
_WHO = ("subject", "patient", "encounter", "context")
_DRUG = ("medicationCodeableConcept", "medicationReference", "dosageInstruction", "dosage",
         "dispenseRequest")  # fmt: skip
_READERS: Mapping[str, tuple[_Reader, frozenset[str]]] = {
    "Patient": (patient, frozenset({"name", "identifier", "birthDate", "gender", "address",
                                    "telecom"})),
    "Organization": (organization, frozenset({"name", "identifier"})),
    "Practitioner": (practitioner, frozenset({"name", "identifier"})),
    "Encounter": (encounter, frozenset({*_WHO, "period", "participant", "serviceType",
                                        "reasonCode", "type"})),
    "Condition": (condition, frozenset({*_WHO, "code", "onsetDateTime", "recordedDate"})),
    "Procedure": (procedure, frozenset({*_WHO, "code", "performedPeriod", "performedDateTime"})),
    "MedicationRequest": (prescription, frozenset({*_WHO, *_DRUG, "authoredOn", "requester"})),
    "MedicationStatement": (drug, frozenset({*_WHO, *_DRUG})),
    "MedicationDispense": (drug, frozenset({*_WHO, *_DRUG})),
    "MedicationAdministration": (drug, frozenset({*_WHO, *_DRUG})),
    "Observation": (observation, frozenset({
        *_WHO, "code", "component", "referenceRange", "interpretation", "effectiveDateTime",
        "effectivePeriod", "note", "valueQuantity", "valueCodeableConcept", "valueString",
        "valueBoolean", "valueInteger", "valueRange", "valueRatio", "valueSampledData",
        "valueTime", "valueDateTime", "valuePeriod", "dataAbsentReason",
    })),
    "DiagnosticReport": (report, frozenset({
        *_WHO, "code", "effectiveDateTime", "effectivePeriod", "issued", "result", "performer",
        "resultsInterpreter", "conclusion", "presentedForm",
    })),
    "Composition": (composition, frozenset({*_WHO, "title", "date", "author", "section"})),
    "DocumentReference": (document, frozenset({*_WHO, "type", "date", "author", "content"})),
    "Claim": (claim, frozenset({*_WHO, "billablePeriod", "created", "diagnosis", "item", "total"})),
    "ExplanationOfBenefit": (claim, frozenset({*_WHO, "billablePeriod", "created", "diagnosis",
                                               "item", "total"})),
}  # fmt: skip
_SHORT = frozenset({"Composition"})  # its sections say it all
