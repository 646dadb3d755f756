"""By what rows and records are known again: what changes an identity, and what does not."""

import json

import pytest

from intake.rows import Row, numbered_rows, read_rows
from records.emr_identity import EmrIdentity
from records.emr_record import EmrRecord
from tests.makers.messages import fhir, hl7v2
from tests.makers.messages.visits import make_visits
from tests.unit.intake.emr.reading import records_of
from tests.unit.intake.samples import LIMITS, triaged

VISITS = make_visits(23, 2)


def identities(data: bytes) -> dict[tuple[str, str, int], str]:
    """Name of each record → what it says; a doctor whom nobody names is no record."""
    found = {}
    for record in records_of(data):
        if isinstance(record, EmrRecord):
            assert record.identity is not None
            found[record.identity.name] = record.identity.digest
    return found


def rows_of(text: str) -> list[EmrIdentity]:
    """Identities of a table's rows, numbered."""
    data = text.encode()
    (scan,) = triaged(data, "emr/a.csv").scans
    rows = numbered_rows(read_rows(scan, data, LIMITS), set(range(scan.pages)))
    return [row.identity for row in rows.values() if isinstance(row, Row)]


def test_a_row_is_what_it_says() -> None:
    """Order of columns, blanks and empty columns do not count; a value does, and how often."""
    first = rows_of("이름,날,값\n김,1,2\n김,1,2\n이,1,2\n")
    again = rows_of("값,새열,이름,날\n2,,김, 1\n2,,김,1 \n3,,이,1\n")

    assert [one.number for one in first] == [0, 1, 0]
    assert again[:2] == first[:2]
    assert again[2].name != first[2].name


@pytest.mark.parametrize("make", [fhir.bundle, hl7v2.batch])
def test_a_fuller_export_knows_its_records(make: object) -> None:
    """Of one visit more, all the records of the others have the same names and digests."""
    fewer, more = identities(make(VISITS[:1])), identities(make(VISITS))  # type: ignore[operator]

    assert fewer.items() <= more.items()
    assert len(more) > len(fewer)


def test_who_stands_around_a_record_does_not_change_it() -> None:
    """A patient who moved, or a server's new version number, changes the patient's record alone."""
    bundle = json.loads(fhir.bundle(VISITS[:1]))
    before = identities(json.dumps(bundle).encode())
    for entry in bundle["entry"]:
        entry["resource"]["meta"] = {"versionId": "7"}
        if entry["resource"]["resourceType"] == "Patient":
            entry["resource"]["address"] = [{"text": "새 주소"}]
    after = identities(json.dumps(bundle).encode())

    assert before.keys() == after.keys()
    changed = [name for name, digest in after.items() if digest != before[name]]
    assert [name[1].split("|")[0] for name in changed] == ["Patient"]


def test_final_results_are_a_version_of_preliminary_ones() -> None:
    """The order's number names the record; the status that changed is what it says now."""
    first = hl7v2.batch(VISITS[1:])
    final = first.replace(b"|||F|||", b"|||C|||")
    before, after = identities(first), identities(final)

    assert first != final
    assert before.keys() == after.keys()
    assert [name[1][:4] for name in after if after[name] != before[name]] == ["ORU|"]
