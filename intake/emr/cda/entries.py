"""Entries of a section: each clinical statement is a line, and a field where it is one of ours."""

from collections.abc import Iterator
from typing import Any

from intake.emr.cda.header import text_under, time_of, words_of
from intake.emr.known_systems import is_disease_system
from records.emr_record import Statement

_STATEMENTS = frozenset({
    "observation", "act", "procedure", "encounter", "supply", "organizer", "observationMedia",
    "substanceAdministration", "regionOfInterest",
})  # fmt: skip
_DIAGNOSES = frozenset({"11450-4", "29308-4", "46241-6", "11535-2", "46240-8", "10219-4",
                        "10218-6", "29548-5"})  # fmt: skip
_RESULTS = frozenset({"30954-2", "8716-3", "18719-5", "11502-2", "26436-6"})
_DRUGS = frozenset({"10160-0", "10183-2", "29549-3", "42346-7", "57828-6", "29551-9"})
# Status, state of health, age at onset, severity.
_NO_DISEASES = frozenset({"33999-4", "11323-3", "445518008", "SEV"})
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_PLAIN_VALUES = frozenset({"PQ", "REAL", "INT", "ST", "IVL_PQ", "RTO"})
_NESTED = frozenset({"entryRelationship", "component", *_STATEMENTS})


def entry_statements(section: Any) -> Iterator[Statement]:
    """What the entries of one section say; those of sections within it are not among them."""
    code = section.find("code")
    kind = code.get("code", "") if code is not None else ""
    narrative = {
        part.get("ID"): part
        for text in section.findall("text")
        for part in text.iter()
        if part.get("ID")
    }
    for entry in section.findall("entry"):
        for part in entry.iter():
            if part.tag in _STATEMENTS:
                yield from _statement(part, kind, narrative)


def _statement(part: Any, section: str, narrative: dict[str, Any]) -> Iterator[Statement]:
    name = _called(part.find("code"), narrative)
    element = str(part.tag)
    said = words_of(part, without=_NESTED)
    if element == "substanceAdministration":
        yield from _drug(part, said, section, narrative)
        return
    if element == "observation":
        values = part.findall("value")
        code = part.find("code")
        if section in _DIAGNOSES and (code is None or code.get("code") not in _NO_DISEASES):
            for value in values:
                yield from _diagnosis(value, narrative)
        if section in _RESULTS and (row := _row(part, name, narrative)) is not None:
            yield Statement(name, said, "lab_rows", element, row)
            return
    if said:
        yield Statement(name or element, said, "", element)


def _called(code: Any, narrative: dict[str, Any]) -> str:
    """What a coded element is called: in the standard's words, else in the author's."""
    if code is None:
        return ""
    for found in (code, *code.findall("translation")):
        if name := found.get("displayName", ""):
            return str(name)
    return _original(code, narrative) or code.get("code", "")


def _original(code: Any, narrative: dict[str, Any]) -> str:
    original = code.find("originalText")
    if original is None:
        return ""
    reference = original.find("reference")
    target = narrative.get(reference.get("value", "")[1:]) if reference is not None else None
    return text_under(original) or text_under(target)


def _diagnosis(value: Any, narrative: dict[str, Any]) -> Iterator[Statement]:
    if name := _called(value, narrative):
        yield Statement("진단", name, "diagnoses", "observation.value")
    for found in (value, *value.findall("translation")):
        system = f"{found.get('codeSystem', '')} {found.get('codeSystemName', '')}".strip()
        if found.get("code") and any(is_disease_system(part) for part in (system, *system.split())):
            yield Statement("상병코드", found.get("code"), "disease_codes", "observation.value")


def _row(part: Any, name: str, narrative: dict[str, Any]) -> dict[str, object] | None:
    value = part.find("value")
    if value is None or not name:
        return None
    if value.get(_TYPE, "PQ").rpartition(":")[2] in _PLAIN_VALUES:
        said = value.get("value", "") or text_under(value) or words_of(value)
    else:
        said = _called(value, narrative)
    if not said:
        return None
    span = part.find("referenceRange/observationRange")
    flag = next((code.get("code", "") for code in part.findall("interpretationCode")), "")
    unit = value.get("unit", "")
    return {
        "name": name,
        "value": said,
        "unit": "" if unit == "1" else unit,
        "range": _range(span),
        "flag": flag if flag in {"H", "L", "A"} else "",
    }


def _range(span: Any) -> str:
    if span is None:
        return ""
    if text := text_under(span.find("text")):
        return text
    value = span.find("value")
    if value is None:
        return ""
    low, high = (
        found.get("value", "") if (found := value.find(end)) is not None else ""
        for end in ("low", "high")
    )
    return f"{low}-{high}" if low or high else ""


def _drug(part: Any, said: str, section: str, narrative: dict[str, Any]) -> Iterator[Statement]:
    material = part.find("consumable/manufacturedProduct/manufacturedMaterial")
    if material is None:
        material = part.find("consumable/manufacturedProduct/manufacturedLabeledDrug")
    name = ""
    if material is not None:
        name = _called(material.find("code"), narrative) or text_under(material.find("name"))
    begun = next((time for e in part.findall("effectiveTime") if (time := time_of(e))), "")
    dose = part.find("doseQuantity")
    amount = "" if dose is None else f"{dose.get('value', '')} {dose.get('unit', '')}".strip()
    printed = " ".join(dict.fromkeys(word for word in (name, amount, begun, said) if word))
    if not name:
        if printed:
            yield Statement("투약", printed, "", "substanceAdministration")
        return
    if section in _DRUGS:
        row = {"name": name, "dose": amount, "times": _times_a_day(part), "days": None}
        yield Statement("약품", printed, "drugs", "substanceAdministration", row)
    else:
        yield Statement("투약", printed, "", "substanceAdministration")


def _times_a_day(part: Any) -> int | None:
    for time in part.findall("effectiveTime"):
        period = time.find("period")
        if period is None or period.get("unit") not in {"h", "d"}:
            continue
        try:
            hours = float(period.get("value", "")) * (24 if period.get("unit") == "d" else 1)
        except ValueError:
            continue
        if hours > 0 and (times := 24 / hours) >= 1 and times == int(times):
            return int(times)
    return None
