"""Fixed-width byte records: cut as bytes, one fault at a time."""

import pytest

from intake.emr.mapping_file import read_mapping
from intake.rows import Row, read_rows
from intake.triage import triage
from records.values import Failure
from tests.unit.intake.samples import BATCH, LIMITS, codes, material, received

LAYOUT = """
version: 1
format: fixed
encoding: euc-kr
record: {length: 24, end: END}
columns:
  번호: {start: 1, length: 4, type: digits}
  성명: {start: 5, length: 8, field: patient_name}
  진료일: {start: 13, length: 8, field: visit_date, date: YYYYMMDD, type: digits}
  상병: {start: 21, length: 4, field: disease_codes}
"""


def record(
    number: str = "0001", name: str = "김가나", day: str = "20190305", code: str = "M545"
) -> bytes:
    """One record of the layout, padded by bytes."""
    return (number.encode() + name.encode("cp949").ljust(8) + day.encode().ljust(8)
            + code.encode().ljust(4))  # fmt: skip


def read(data: bytes, end: str = "crlf") -> tuple[list[dict[str, str] | Failure], list[str]]:
    """Rows or failures of a table, and what triage said of it."""
    mapping = read_mapping(LAYOUT.replace("END", end).encode())
    found = triage(received(data, "m020.1"), data, BATCH, LIMITS, {"m020.1": mapping})
    rows = list(read_rows(found.scans[0], data, LIMITS))
    assert found.scans[0].pages == len(rows)
    return [dict(row.values) if isinstance(row, Row) else row for row in rows], codes(found)


def faults(rows: list[dict[str, str] | Failure]) -> list[tuple[int | None, str, str | None]]:
    """Row, code and column of each failure."""
    return [(row.page, row.code, row.column) for row in rows if isinstance(row, Failure)]


@pytest.mark.parametrize(("end", "sign"), [("crlf", b"\r\n"), ("lf", b"\n"), ("none", b"")])
def test_columns_are_counted_in_bytes(end: str, sign: bytes) -> None:
    """Hangul of two bytes does not shift the columns behind it, however records end."""
    rows, said = read(sign.join([record(), record("0002", "황보가람", "", "")]) + sign, end)

    assert said == []
    assert rows == [
        {"번호": "0001", "성명": "김가나", "진료일": "20190305", "상병": "M545"},
        {"번호": "0002", "성명": "황보가람", "진료일": "", "상병": ""},
    ]


def test_a_record_of_wrong_length_leaves_its_neighbours() -> None:
    """Too short, too long and cut off: each is named with its number, the others are read."""
    lines = [record(), record()[:-1], record("0003"), record() + b"x", record("0005"), record()[:9]]
    rows, _ = read(b"\r\n".join(lines))

    assert faults(rows) == [(n, "record_length", None) for n in (2, 4, 6)]
    assert [row["번호"] for row in rows if isinstance(row, dict)] == ["0001", "0003", "0005"]


def test_a_field_that_is_none_is_named_with_row_and_column() -> None:
    """Bytes of no letter, and letters where figures belong, refuse their record alone."""
    broken = record().replace("가".encode("cp949"), b"\xff\xff")
    rows, _ = read(b"\r\n".join([broken, record("0002"), record("00O3"), record("0004")]) + b"\r\n")

    assert faults(rows) == [(1, "record_undecodable", "성명"), (3, "record_not_digits", "번호")]
    assert [row["번호"] for row in rows if isinstance(row, dict)] == ["0002", "0004"]


def test_half_a_syllable_at_a_fields_end_is_kept_and_marked() -> None:
    """Software that cuts by bytes leaves half a syllable: the row is kept, the table is marked."""
    cut = record()[:4] + "김가나다".encode("cp949")[:7].rjust(8) + record()[12:]
    rows, said = read(cut + b"\r\n" + record("0002") + b"\r\n\x1a")

    assert said == ["text_damaged"]
    assert [row["성명"] for row in rows if isinstance(row, dict)] == ["김가나\ufffd", "김가나"]


def test_a_line_of_ten_megabytes_is_one_bad_record() -> None:
    """A record without end costs itself."""
    rows, _ = read(record() + b"\r\n" + b"A" * 10_000_000 + b"\r\n" + record("0003") + b"\r\n")

    assert faults(rows) == [(2, "record_length", None)]
    assert len(rows) == 3


@pytest.mark.material
def test_naughty_bytes_are_answered() -> None:
    """Every line of the naughty strings is a row or a named record."""
    for file in material("A20", "A24"):
        rows, _ = read(file.read_bytes(), "lf")

        assert rows
        assert {fault[1] for fault in faults(rows)} <= {"record_length", "record_undecodable",
                                                       "record_not_digits"}  # fmt: skip
