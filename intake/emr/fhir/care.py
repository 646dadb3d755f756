"""What was found and done: encounters, diagnoses, procedures, drugs, results, reports."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from intake.emr.fhir.elements import (
    Resolve,
    codings,
    concept,
    many,
    named,
    one,
    period,
    quantity,
    said,
    words,
)
from intake.emr.fhir.papers import files
from intake.emr.fhir.resource import Resource
from intake.emr.known_systems import is_disease_system
from records.emr_record import Statement

_IN_PATIENT = frozenset({"IMP", "ACUTE", "NONAC"})
_FLAGS = {"H": "H", "HH": "H", "HU": "H", "L": "L", "LL": "L", "LU": "L", "A": "A"}
_DAYS = frozenset({"d", "day", "days", "일"})
_MOST_DAYS = 10_000
_SURGICAL = "387713003"  # SNOMED CT


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
    for key, label in (
        ("serviceType", "진료과"),
        ("reasonCode", "내원 사유"),
        ("type", "진료 종류"),
    ):
        for item in many(resource.get(key)):
            yield Statement(label, words(item, resolve), "", f"Encounter.{key}")


def condition(resource: Resource, resolve: Resolve) -> Iterator[Statement]:
    """A diagnosis."""
    yield from diagnosis(resource.get("code"), "Condition.code")
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
    surgical = any(code == _SURGICAL for _, code in codings(resource.get("category")))
    begun, ended = period(resource.get("performedPeriod") or resource.get("performedDateTime"))
    if begun:
        text = f"{begun} ~ {ended}" if ended else begun
        yield Statement("처치·수술일", begun if surgical else text,
                        "surgery_date" if surgical else "", "Procedure.performed")  # fmt: skip
    # An operation is a record of its own; whatever else was done stands in that of its visit.
    for performer in many(resource.get("performer")) if surgical else ():
        if name := named(performer.get("actor"), resolve):
            yield Statement("집도의", name, "doctor", "Procedure.performer")
    for reason in many(resource.get("reasonCode")) if surgical else ():
        yield from diagnosis(reason, "Procedure.reasonCode")


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
    daily = said(repeat.get("periodUnit")) == "d" and repeat.get("period", 1) == 1
    times = repeat.get("frequency") if daily else None
    supply = one(one(resource.get("dispenseRequest")).get("expectedSupplyDuration"))
    by_day = (said(supply.get("code")) or said(supply.get("unit"))) in _DAYS
    days = supply.get("value", 0) if by_day else None
    code = " ".join(f"[{code}]" for _, code in codings(codes) if code != name)
    usage = words([resource.get("dosageInstruction"), resource.get("dosage")], resolve)
    printed = " ".join(
        part
        for part in (name, code, usage, words(resource.get("dispenseRequest"), resolve))
        if part
    )
    if name:
        row = {
            "name": name,
            "dose": dose,
            "times": times if isinstance(times, int) else None,
            "days": int(days)
            if isinstance(days, int | Decimal) and 0 < days < _MOST_DAYS
            else None,
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
    yield from files(resource, "DiagnosticReport.presentedForm")


def diagnosis(value: Any, element: str) -> Iterator[Statement]:
    """A diagnosis: what it is called, and its codes."""
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
    printed = " ".join(
        str(part)
        for part in (
            text,
            row["unit"],
            row["range"],
            row["flag"],
            *(f"[{code}]" for code in more),
            about,
        )
        if part
    )
    yield Statement(name, printed, "lab_rows", "Observation.value", row)


def _span(span: Mapping[str, Any]) -> str:
    low, high = said(one(span.get("low")).get("value")), said(one(span.get("high")).get("value"))
    return f"{low}-{high}" if low or high else ""
