"""Whose record it is, and who and where: patients, institutions, doctors."""

from collections.abc import Iterator

from intake.emr.fhir.elements import Resolve, codings, concept, many, person, said, words
from intake.emr.fhir.resource import Resource
from intake.emr.known_systems import institution_code, is_hira, is_licence, is_resident_number
from records.emr_record import Statement

_SEXES = {"male": "M", "female": "F"}


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
        code = (
            institution_code(value)
            or institution_code(system)
            or (value if is_hira(system) else "")
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
