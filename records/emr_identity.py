"""By what a row or a record of an EMR is known again in another export of the same institution."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EmrIdentity:
    """What names a record for good, and what it says now: docs/formats/record-versions.md.

    `source`: whose numbers the keys are: a table's name, `fhir`, `cda`, `hl7v2`. `key`: the
    record's own name there, "" where it has none: then it is known by what it says. `digest`:
    SHA-256 of what it says. `number`: how many rows with the same name stand before it in its file.
    """

    source: str
    key: str
    digest: str
    number: int = 0

    @property
    def name(self) -> tuple[str, str, int]:
        """What stays the same when the record changes."""
        return self.source, self.key or f"={self.digest}", self.number
