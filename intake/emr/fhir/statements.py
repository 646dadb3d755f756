"""What a resource says, as statements: fields where they are known, every other element as text."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from intake.emr.fhir.care import (
    condition,
    drug,
    encounter,
    observation,
    prescription,
    procedure,
    report,
)
from intake.emr.fhir.claims import claim
from intake.emr.fhir.elements import Resolve, narrative, rest, said
from intake.emr.fhir.papers import composition, document
from intake.emr.fhir.people import organization, patient, practitioner
from intake.emr.fhir.resource import Resource
from records.emr_record import Statement


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
