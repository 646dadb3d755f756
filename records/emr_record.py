"""What one record of an EMR message says: the statements it is made of, and where they stand.

A record is what becomes one document: an encounter, a prescription, a laboratory report, a letter.
Readers of FHIR, CDA and HL7 v2 (`intake.emr`) make it; `classifiers.messages` makes the document.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from records.emr_identity import EmrIdentity
from records.values import SourcePart


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that a record says.

    `label` is in Korean where the field has a Korean word, else the element's own name. `field` is
    a field key, or "" where it is text only. `row` is a line of `drugs` or `lab_rows`. `element`
    names the element of the standard that says it, such as `Patient.name` or `PID-5`.
    """

    label: str
    printed: str
    field: str = ""
    element: str = ""
    row: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class EmrRecord:
    """One record: its kind (a code of the taxonomy, or "" where its title must tell), what it says.

    `sure` is False where the kind is only likely. `parts` are the pieces of the file it was made
    of, first those that are its own. `rule` says which rule made it a record, such as
    `fhir.encounter`. By `identity` it is known again in another export.
    """

    index: int
    kind: str
    rule: str
    title: str = ""
    statements: tuple[Statement, ...] = ()
    parts: tuple[SourcePart, ...] = ()
    sure: bool = True
    identity: EmrIdentity | None = None
