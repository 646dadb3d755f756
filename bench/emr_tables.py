"""The tables of `make bench-emr`: one fictional clinic's rows as CSV, fixed width and XLSX."""

import csv
import datetime as dt
import hashlib
import io
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from openpyxl import Workbook

from classifiers.rows import document_of_row
from intake.emr.mapping_file import read_mapping
from intake.limits import Limits
from intake.rows import Row, read_rows
from intake.triage import triage
from records.ids import file_id, page_id
from records.values import Document, ReceivedFile, Scan
from tests.makers.emr_rows import make_rows
from tests.makers.people import make_clinic, make_patient

DAY = dt.date(2019, 1, 2)
_BATCH = "b-bench"
_MADE = 600
_WIDTHS = (40, 20, 14, 10, 10, 8, 60, 120, 10, 10, 20)
_FIELDS = ("kind", "patient_name", "resident_number", "chart_no", "visit_date", "disease_codes",
           "diagnoses", "drugs", "total_amount", "patient_amount", "doctor")  # fmt: skip

WAYS = ("csv", "csv, mapped", "fixed width", "xlsx")
UNNAMED = "csv, no form named"


def write_table(way: str, rows: int, folder: Path) -> tuple[Path, str]:
    """Write a table of so many rows; return its path and its mapping, "" where it has none.

    The makers' rows are repeated with a chart number of their own: what is measured is reading.
    """
    header, *made = _made()
    path = folder / f"{way.replace(', ', '_').replace(' ', '_')}_{rows}"
    body = _rows(made, rows)
    if way == "fixed width":
        with path.open("wb") as out:
            for row in body:
                out.write(_record(row) + b"\r\n")
        return path, _fixed_mapping(header, _FIELDS, _WIDTHS)
    if way == "xlsx":
        book = Workbook(write_only=True)
        sheet = book.create_sheet("진료")
        sheet.append(header)
        for row in body:
            sheet.append(row)
        book.save(path)
        return path, ""
    named = slice(1, None) if way == UNNAMED else slice(None)
    with path.open("w", encoding="cp949", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(header[named])
        writer.writerows(row[named] for row in body)
    mapped = zip(header, _FIELDS, strict=True)
    columns = "".join(f"  {name}: {{field: {field}}}\n" for name, field in mapped)
    return path, f"version: 1\ncolumns:\n{columns}" if way == "csv, mapped" else ""


def scan_of_table(data: bytes, mapping: str = "") -> Scan:
    """A table's bytes triaged as the line does: its rows are counted."""
    digest = hashlib.sha256(data).hexdigest()
    name = "table.csv"
    file = ReceivedFile(file_id(_BATCH, name, digest), name, digest, len(data), 0, listed=True)
    mappings = {name: read_mapping(mapping.encode())} if mapping else {}
    (scan,) = triage(file, data, _BATCH, Limits(), mappings).scans
    return scan


def documents_of_table(scan: Scan, data: bytes) -> Iterator[Document]:
    """A document of each row, with its fields, as the line makes them."""
    for row in read_rows(scan, data, Limits()):
        if isinstance(row, Row):
            page = page_id(scan.id, row.index)
            made, _ = document_of_row(
                _BATCH, scan.stack_id, page, row.values, scan.mapping, row.identity
            )
            yield made


def as_workbook(rows: Sequence[Sequence[str]]) -> bytes:
    """The rows as the only sheet of an XLSX file."""
    book, held = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet("진료")
    for row in rows:
        sheet.append(row)
    book.save(held)
    return held.getvalue()


def as_fixed_width(rows: Sequence[Sequence[str]], fields: Sequence[str]) -> tuple[bytes, str]:
    """The rows below the header as records in CP949, as wide as need be, and their mapping."""
    header, *body = rows
    cells = [[cell.encode("cp949") for cell in row] for row in body]
    widths = [max(len(cell) for cell in column) for column in zip(*cells, strict=True)]
    data = b"".join(b"".join(map(bytes.ljust, row, widths)) + b"\r\n" for row in cells)
    return data, _fixed_mapping(header, fields, widths)


def _made() -> list[list[str]]:
    chance = random.Random(20261126)
    patients = [make_patient(chance, day=DAY) for _ in range(200)]
    made, _ = make_rows(make_clinic(chance), patients, 1, _MADE, "cp949", "t.csv", DAY)
    return list(csv.reader(io.StringIO(made.decode("cp949"), newline="")))


def _rows(made: list[list[str]], rows: int) -> Iterator[list[str]]:
    for number in range(rows):
        row = made[number % len(made)]
        yield [*row[:3], f"{number:08}", *row[4:]]


def _record(row: list[str]) -> bytes:
    return b"".join(
        value.encode("cp949")[:width].ljust(width)
        for value, width in zip(row, _WIDTHS, strict=True)
    )


def _fixed_mapping(header: Sequence[str], fields: Sequence[str], widths: Sequence[int]) -> str:
    starts = [1 + sum(widths[:place]) for place in range(len(widths))]
    columns = "".join(
        f"  {name}: {{field: {field}, start: {start}, length: {width}}}\n"
        for name, field, start, width in zip(header, fields, starts, widths, strict=True)
    )
    record = f"record: {{length: {sum(widths)}, end: crlf}}"
    return f"version: 1\nformat: fixed\n{record}\ncolumns:\n{columns}"
