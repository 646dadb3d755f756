"""The header of a CDA document: whose it is, who wrote it, of which encounter."""

from collections.abc import Iterator
from typing import Any

from intake.emr.known_systems import institution_code, is_licence, is_resident_number
from intake.emr.standard_times import written_out
from records.emr_record import Statement

_IN_PATIENT = frozenset({"IMP", "ACUTE", "NONAC"})
_US_SOCIAL_SECURITY = "2.16.840.1.113883.4.1"
_PATIENT_DONE = frozenset({"patient", "id", "name", "birthTime", "administrativeGenderCode"})
_LABELS = {"addr": "주소", "telecom": "연락처", "providerOrganization": "등록 기관"}
_DONE = frozenset({"recordTarget", "custodian", "author", "legalAuthenticator", "componentOf",
                   "component", "templateId", "typeId", "realmCode", "title",
                   "effectiveTime", "languageCode"})  # fmt: skip


def header_statements(root: Any) -> Iterator[Statement]:
    """What the header says: fields of patient, institution, author, encounter; the rest as text."""
    yield from _custodian(root)
    yield from _patient(root.find("recordTarget/patientRole"))
    yield from _encounter(root.find("componentOf/encompassingEncounter"))
    for number, author in enumerate(root.findall("author/assignedAuthor")):
        name = person(author.find("assignedPerson/name"))
        if name:
            yield Statement("작성자", name, "" if number else "doctor", "author")
        for id_ in author.findall("id"):
            if is_licence(f"{id_.get('root', '')} {id_.get('assigningAuthorityName', '')}"):
                yield Statement("면허번호", id_.get("extension", ""), "licence_no", "author")
    if signer := person(root.find("legalAuthenticator/assignedEntity/assignedPerson/name")):
        yield Statement("서명자", signer, "", "legalAuthenticator")
    if time := time_of(root.find("effectiveTime")):
        yield Statement("작성일", time, "issue_date", "effectiveTime")
    for element in root:
        if (
            isinstance(element.tag, str)
            and element.tag not in _DONE
            and (said := words_of(element))
        ):
            yield Statement(element.tag, said, "", element.tag)


def text_under(element: Any, *, lines: bool = False) -> str:
    """All text under an element, white space folded unless lines are asked for."""
    if element is None:
        return ""
    text = "".join(element.itertext())
    return text.strip() if lines else " ".join(text.split())


def person(name: Any) -> str:
    """A person's name: a Korean one in one word, family name first."""
    if name is None:
        return ""
    family = " ".join(text_under(part) for part in name.findall("family"))
    given = [said for part in name.findall("given") if (said := text_under(part))]
    if not family and not given:
        return text_under(name)
    if any("가" <= sign <= "힣" for sign in f"{family}{''.join(given)}"):
        return f"{family}{''.join(given)}"
    return " ".join([*given, family]).strip()


def time_of(element: Any) -> str:
    """A time, or the beginning of a period."""
    if element is None:
        return ""
    for found in (element, element.find("low"), element.find("center"), element.find("high")):
        if found is not None and found.get("value"):
            return written_out(found.get("value"))
    return ""


def words_of(element: Any, *, without: frozenset[str] = frozenset()) -> str:
    """What an element and all within it say: names of codes, codes, values, times, texts."""
    said: list[str] = []
    stack = [element]
    while stack:
        part = stack.pop()
        if not isinstance(part.tag, str):
            continue
        said += _own_words(part)
        stack.extend(child for child in reversed(part) if child.tag not in without)
    return " ".join(dict.fromkeys(said))


def _own_words(part: Any) -> Iterator[str]:
    if name := part.get("displayName"):
        yield name
    if code := part.get("code"):
        yield code
    if (value := part.get("value")) and not (part.tag == "reference" and value[0] == "#"):
        unit = part.get("unit", "")
        written = written_out(value) if part.tag in _TIMES else value
        yield f"{written} {unit}".strip() if unit not in {"", "1"} else written
    if part.tag == "id" and (number := part.get("extension") or part.get("root")):
        yield number
    if part.text and (text := " ".join(part.text.split())):
        yield text


_TIMES = frozenset({"effectiveTime", "low", "high", "center", "time", "birthTime"})


def _custodian(root: Any) -> Iterator[Statement]:
    path = "custodian/assignedCustodian/representedCustodianOrganization"
    held = root.find(path)
    if held is None:
        return
    if name := text_under(held.find("name")):
        yield Statement("의료기관", name, "institution_name", "custodian")
    for id_ in held.findall("id"):
        if code := institution_code(id_.get("root", "")):
            yield Statement("요양기관기호", code, "institution_code", "custodian")


def _patient(role: Any) -> Iterator[Statement]:
    element = "recordTarget"
    for number, name in enumerate(role.findall("patient/name")):
        if said := person(name):
            yield Statement("수진자", said, "" if number else "patient_name", element)
    yield from _numbers(role)
    if time := time_of(role.find("patient/birthTime")):
        yield Statement("생년월일", time, "birth_date", element)
    sex = role.find("patient/administrativeGenderCode")
    if sex is not None and (code := sex.get("code", "")):
        yield Statement("성별", code, "sex" if code in {"M", "F"} else "", element)
    patient = role.find("patient")
    for child in (*role, *(() if patient is None else patient)):
        if child.tag not in _PATIENT_DONE and (said := words_of(child)):
            yield Statement(_LABELS.get(child.tag, str(child.tag)), said, "", element)


def _numbers(role: Any) -> Iterator[Statement]:
    charts = 0
    for id_ in role.findall("id"):
        value, root = id_.get("extension", ""), id_.get("root", "")
        if not value:
            continue
        if is_resident_number(value, f"{root} {id_.get('assigningAuthorityName', '')}", ""):
            yield Statement("주민등록번호", value, "resident_number", "recordTarget")
        elif root == _US_SOCIAL_SECURITY:
            yield Statement("번호", value, "", "recordTarget")
        else:
            yield Statement("등록번호", value, "" if charts else "chart_no", "recordTarget")
            charts += 1


def _encounter(encounter: Any) -> Iterator[Statement]:
    if encounter is None:
        return
    element = "encompassingEncounter"
    code = encounter.find("code")
    in_patient = code is not None and code.get("code", "") in _IN_PATIENT
    time = encounter.find("effectiveTime")
    begun = time_of(time)
    high = time.find("high") if time is not None else None
    ended = written_out(high.get("value", "")) if high is not None else ""
    if begun:
        label, key = ("입원일", "admission_date") if in_patient else ("진료일", "visit_date")
        yield Statement(label, begun, key, element)
    if ended and in_patient:
        yield Statement("퇴원일", ended, "discharge_date", element)
    if said := words_of(encounter, without=frozenset({"effectiveTime"})):
        yield Statement("내원", said, "", element)
