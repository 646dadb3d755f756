"""By what a FHIR record is known again: its business identifier, else its id on the server."""

import hashlib
import json
from collections.abc import Sequence

from intake.emr.fhir.elements import many, one, said
from intake.emr.fhir.grouping import day_of, subject_of, visit_of
from intake.emr.fhir.resource import Resource
from records.emr_identity import EmrIdentity

SOURCE = "fhir"
# Made of what was found of a patient on a day, in a visit: no resource of theirs is the first.
_GATHERED = frozenset({"chart", "laboratory", "prescription", "vaccination"})
# What the server says of the resource, not the resource of the patient.
_SILENT = ("meta",)


def identity_of(rule: str, members: Sequence[Resource]) -> EmrIdentity:
    """The identity of a record: named by its first resource, saying what its own resources say.

    What stands around it (the patient, a doctor) has its own record or none: a patient who moved
    does not change every visit.
    """
    digests = sorted(_digest(member) for member in members)
    digest = hashlib.sha256("".join(digests).encode()).hexdigest()
    return EmrIdentity(SOURCE, _key(rule, members[0]), digest)


def _key(rule: str, first: Resource) -> str:
    if rule not in _GATHERED:
        return _own_name(first)
    group = said(one(first.get("groupIdentifier")).get("value"))
    whose = subject_of(first)
    day = "" if rule == "vaccination" else day_of(first)
    parts = (rule, whose, group or visit_of(first), day)
    return "" if not whose or any(map(_is_passing, parts)) else "|".join(parts)


def _own_name(resource: Resource) -> str:
    type_ = said(resource.get("resourceType"))
    for identifier in many(resource.get("identifier")):
        system, value = said(identifier.get("system")), said(identifier.get("value"))
        if system and value:
            return f"{type_}|{system}|{value}"
    id_ = said(resource.get("id"))
    return f"{type_}/{id_}" if id_ else ""


def _is_passing(ref: str) -> bool:
    """Whether a reference is made up for one bundle: the next export has another one."""
    return ref.startswith(("urn:", "#"))


def _digest(resource: Resource) -> str:
    said_ = {key: value for key, value in resource.items() if key not in _SILENT}
    raw = json.dumps(said_, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(raw.encode()).hexdigest()
