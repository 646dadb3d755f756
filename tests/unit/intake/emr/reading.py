"""What the tests of messages share: the records and documents of a file's bytes."""

from classifiers.messages import document_of_record
from intake.records import record_reader
from records.emr_record import EmrRecord
from records.ids import page_id
from records.values import Document, Failure, PageText
from tests.unit.intake.samples import BATCH, LIMITS, triaged


def records_of(data: bytes, name: str = "emr/x") -> list[EmrRecord | Failure]:
    """Every record of a message file, through triage."""
    found = triaged(data, name)
    records: list[EmrRecord | Failure] = []
    for scan in found.scans:
        if scan.is_message:
            read = record_reader(scan, data, LIMITS)
            records += [read(index) for index in range(scan.pages)]
    return records


def documents_of(data: bytes, name: str = "emr/x") -> list[tuple[Document, PageText]]:
    """Every document of a message file."""
    made = []
    for number, record in enumerate(records_of(data, name)):
        if isinstance(record, EmrRecord):
            page = page_id("s", number)
            made.append(document_of_record(BATCH, "t", page, record))
    return made


def values(document: Document) -> dict[str, object]:
    """Field key → value."""
    return {key: field.value for key, field in document.fields.items()}
