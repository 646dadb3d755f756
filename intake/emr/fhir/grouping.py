"""Which resources become one record, told without keeping any of them in memory.

An encounter with what was found and done in it is one record; so is a report with its results, a
prescription, a letter, a claim; a patient is one of its own. Practitioners, organizations and the
like are parts of the records that name them. The rules: docs/formats/messages.md.
"""

import itertools
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from intake.emr.fhir.elements import codings, many, one, reference, said
from intake.emr.fhir.resource import Resource, Wrong, check, full_url, read_resource
from intake.emr.fhir.spans import Span, find_resources
from intake.emr.message import SUFFIXES

SUPPORTING = frozenset({
    "Practitioner", "PractitionerRole", "Organization", "Location", "Medication", "Device",
    "Substance", "Specimen", "HealthcareService", "Endpoint", "Group", "Binary", "BodyStructure",
    "OrganizationAffiliation", "InsurancePlan", "DeviceDefinition",
})  # fmt: skip
_ALONE = {
    "Patient": "patient", "Encounter": "encounter", "DiagnosticReport": "report",
    "Composition": "composition", "DocumentReference": "document", "Claim": "claim",
    "ExplanationOfBenefit": "benefit", "Invoice": "invoice", "DocumentManifest": "document",
}  # fmt: skip
_OF_PATIENT = frozenset({"Coverage", "RelatedPerson", "Consent", "Account", "EpisodeOfCare",
                         "Person", "Appointment"})  # fmt: skip
_PATIENT_KEYS = ("subject", "patient", "beneficiary", "individual", "for", "sourcePatientInfo")
_ENCOUNTER_KEYS = ("encounter", "context")
_DAY_KEYS = ("effectiveDateTime", "effectivePeriod", "performedDateTime", "performedPeriod",
             "occurrenceDateTime", "recordedDate", "authoredOn", "issued", "date", "created",
             "onsetDateTime", "started", "period", "whenHandedOver", "dateAsserted")  # fmt: skip
_SURGICAL = frozenset({"387713003"})

Key = tuple[str | int, ...]


@dataclass(slots=True)
class _Entry:
    """What grouping remembers of one resource."""

    span: Span
    type: str
    wrong: Wrong | None = None
    patient: str = ""
    encounter: str = ""
    day: str = ""
    targets: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    group: str = ""
    laboratory: bool = False
    surgical: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One record to be: the rule, its own resources by number, or why a resource is refused."""

    rule: str
    members: tuple[int, ...]
    wrong: Wrong | None = None


@dataclass(slots=True)
class Plan:
    """The records of a file in the order of their first resource, and how to find a resource.

    `loose` are resources of no record of their own: parts of those that name them; `elsewhere`
    counts those that only records of other files name.
    """

    spans: list[Span] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    attachments: list[str] = field(default_factory=list)
    loose: set[int] = field(default_factory=set)
    elsewhere: int = 0

    def place(self, ref: str) -> int | None:
        """The number of the resource that a reference leads to, in this file."""
        if not ref:
            return None
        ref = ref.split("/_history/", 1)[0]
        found = self.places.get(ref)
        return found if found is not None else self.places.get("/".join(ref.split("/")[-2:]))


def plain_reference(ref: str) -> str:
    """A reference as it is the same in every file: type and id, or what a bundle made up."""
    ref = ref.split("/_history/", 1)[0]
    return ref if ref.startswith("urn:") else "/".join(ref.split("/")[-2:])


_NOWHERE: Set[str] = frozenset()


def plan(data: bytes, most: int, named: Set[str] = _NOWHERE, visits: Set[str] = _NOWHERE) -> Plan:
    """Look at every resource once, check it, and tell the records; at most `most` resources.

    `named`: plain references by which other files of the export name resources of this one;
    `visits`: those of encounters that stand in other files.
    """
    made = Plan()
    entries: list[_Entry] = []
    names: dict[str, str] = {}
    for number, span in enumerate(itertools.islice(find_resources(data), most)):
        entry = _entry(data, span, made, number, names)
        entries.append(entry)
        made.spans.append(span)
        made.types.append(entry.type)
    reported = {
        place: number
        for number, entry in enumerate(entries)
        if entry.type == "DiagnosticReport" and entry.wrong is None
        for target in entry.targets
        if (place := made.place(target)) is not None
    }
    groups: dict[Key, list[int]] = {}
    members: list[int] = []
    for number, entry in enumerate(entries):
        key = _key(number, entry, entries, made, reported)
        if key is not None and key[0] in {"chart", "laboratory"}:
            visit = plain_reference(entry.encounter)
            key = ("visit", visit) if visit in visits else key
        if key is not None:
            groups.setdefault(key, []).append(number)
            members.append(number)
        elif entry.wrong is None:
            made.loose.add(number)
    elsewhere = {at for ref in named if (at := made.place(ref)) is not None} & made.loose
    reached = _reached(members, entries, made, elsewhere)
    made.elsewhere = len(reached - _reached(members, entries, made))
    for number in set(range(len(entries))) - set(members) - reached:
        entry = entries[number]
        about = f"{entry.span.path}.{entry.type}".lstrip(".")
        entry.wrong = entry.wrong or Wrong("fhir_about_nobody", about)
        groups["refused", number] = [number]
    made.records = [
        Record(
            str(key[0]),
            tuple(sorted(group, key=lambda member: (member != key[1], member))),
            entries[group[0]].wrong if key[0] == "refused" else None,
        )
        for key, group in sorted(groups.items(), key=lambda found: found[1][0])
    ]
    return made


def _reached(
    members: list[int], entries: list[_Entry], made: Plan, elsewhere: Set[int] = frozenset()
) -> set[int]:
    """The loose resources that records name, here or elsewhere, or that those name in turn."""
    reached = set(elsewhere)
    waiting = [*members, *elsewhere]
    while waiting:
        for ref in entries[waiting.pop()].links:
            place = made.place(ref)
            if place is not None and place in made.loose and place not in reached:
                reached.add(place)
                waiting.append(place)
    return reached


def links(resource: Resource) -> Iterator[str]:
    """Where a resource leads: its references, and the addresses of its attachments."""
    yield from references(resource)
    for part in attachments(resource):
        if url := said(part.get("url")):
            yield url


def references(value: Any) -> Iterator[str]:
    """Every reference within a resource."""
    stack = [value]
    while stack:
        part = stack.pop()
        if isinstance(part, dict):
            ref = part.get("reference")
            if isinstance(ref, str):
                yield ref
            stack.extend(part.values())
        elif isinstance(part, list):
            stack.extend(part)


def _entry(data: bytes, span: Span, made: Plan, number: int, names: dict[str, str]) -> _Entry:
    resource = read_resource(data, span)
    if isinstance(resource, Wrong):
        return _Entry(span, "", wrong=resource)
    type_ = said(resource.get("resourceType"))
    path = f"{span.path}.{type_}".lstrip(".")
    if (wrong := check(resource, span.path)) is not None:
        return _Entry(span, type_, wrong=wrong)
    for own in (full_url(data, span), f"{type_}/{said(resource.get('id'))}"):
        if own and not own.endswith("/"):
            made.places.setdefault(own, number)
    made.attachments += [f"{path}{step}" for step in pages_inside(resource)]
    return _Entry(
        span,
        type_,
        patient=subject_of(resource),
        encounter=visit_of(resource),
        day=day_of(resource),
        targets=tuple(_targets(resource, type_)),
        links=tuple({names.setdefault(ref, ref) for ref in links(resource)}),
        group=said(one(resource.get("groupIdentifier")).get("value")),
        laboratory=any(
            code.lower() == "laboratory" for _, code in codings(resource.get("category"))
        ),
        surgical=any(code in _SURGICAL for _, code in codings(resource.get("category"))),
    )


def pages_inside(resource: Resource) -> Iterator[str]:
    """Name the attachments of a resource that are pages: where they stand, and their suffix."""
    for number, found in enumerate(attachments(resource)):
        suffix = SUFFIXES.get(said(found.get("contentType")).split(";")[0].lower())
        if suffix and isinstance(found.get("data"), str):
            yield f".attachment[{number}].{suffix}"


def attachments(resource: Resource) -> Iterator[Mapping[str, Any]]:
    """The attachments of a resource, in order."""
    if resource.get("resourceType") == "Binary":
        yield resource
    for content in many(resource.get("content")):
        yield from many(content.get("attachment"))
    yield from many(resource.get("presentedForm"))
    if resource.get("resourceType") == "Media":
        yield from many(resource.get("content"))


def _key(
    number: int,
    entry: _Entry,
    entries: list[_Entry],
    made: Plan,
    reported: Mapping[int, int],
) -> Key | None:
    """The group that a resource belongs to; None where it is a part of others, or refused."""
    if entry.type == "Provenance" and entry.wrong is None:
        target = next((at for ref in entry.targets if (at := made.place(ref)) is not None), None)
        if target is None or entries[target].type == "Provenance":
            return None
        return _key(target, entries[target], entries, made, reported)
    if entry.wrong is not None or entry.type in SUPPORTING:
        return None
    if entry.type in _ALONE:
        return (_ALONE[entry.type], number)
    if number in reported:
        return ("report", reported[number])
    return _by_patient(number, entry, entries, made)


def _by_patient(number: int, entry: _Entry, entries: list[_Entry], made: Plan) -> Key | None:
    """The group of what was found and done: by encounter, else by patient and day."""
    patient = made.place(entry.patient)
    whose: str | int = entry.patient if patient is None else patient
    visit = made.place(entry.encounter)
    if visit is not None and (made.types[visit] != "Encounter" or entries[visit].wrong):
        visit = None
    key: Key | None
    if patient is not None and entry.type in _OF_PATIENT and entries[patient].wrong is None:
        key = ("patient", patient)
    elif whose == "" and visit is None:
        key = None
    elif entry.type == "Procedure" and entry.surgical:
        key = ("surgery", number)
    elif entry.type == "MedicationRequest":
        key = ("prescription", whose, entry.group or ("" if visit is None else visit), entry.day)
    elif visit is not None:
        key = ("encounter", visit)
    elif entry.type == "Immunization":
        key = ("vaccination", whose)
    else:
        laboratory = entry.type == "Observation" and entry.laboratory
        key = ("laboratory" if laboratory else "chart", whose, entry.day)
    return key


def _first(resource: Resource, keys: tuple[str, ...]) -> str:
    return next((ref for key in keys if (ref := reference(resource.get(key)))), "")


def subject_of(resource: Resource) -> str:
    """The reference to the patient that a resource is about."""
    return _first(resource, _PATIENT_KEYS)


def visit_of(resource: Resource) -> str:
    """The reference to the encounter that a resource is of."""
    return _first(resource, _ENCOUNTER_KEYS)


def day_of(resource: Resource) -> str:
    """The day that a resource is of, as far as it says one."""
    for key in _DAY_KEYS:
        value = resource.get(key)
        if isinstance(value, dict):
            value = value.get("start")
        if isinstance(value, str) and value:
            return value[:10]
    return ""


def _targets(resource: Resource, type_: str) -> Iterator[str]:
    key = {"DiagnosticReport": "result", "Provenance": "target"}.get(type_, "")
    for target in many(resource.get(key)) if key else ():
        yield reference(target)
