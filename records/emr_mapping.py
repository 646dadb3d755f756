"""How one table of an EMR export is written and what its columns mean.

Written down in docs/formats/emr-mapping.md; `intake.emr.mapping_file` reads it from YAML.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

KIND = "kind"
FILE = "file"
"""What a column gives that names files of the delivery, which belong to its row."""

LISTS = frozenset({"disease_codes", "diagnoses", "drugs"})
"""Fields that several columns may give."""

FIELDS = (
    "patient_name", "resident_number", "birth_date", "sex", "chart_no", "institution_name",
    "institution_code", "department", "doctor", "licence_no", "visit_date", "issue_date",
    "admission_date", "discharge_date", "diagnosis_date", "surgery_date", "exam_date",
    "report_date", "disease_codes", "diagnoses", "total_amount", "patient_amount", "drugs",
)  # fmt: skip
"""Field keys that a column of a table may give."""


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """One column, by its name in the header or, in fixed width, in the layout.

    `field` is a field key, `kind`, `file`, or "" where the column is text only. `date` is a pattern
    of `records.date_form`. `start` (from 1) and `length` are bytes, 0 outside fixed width.
    """

    name: str
    field: str = ""
    date: str = ""
    codes: Mapping[str, str] = dataclasses.field(default_factory=dict)
    start: int = 0
    length: int = 0
    type: str = "text"  # text | digits


@dataclass(frozen=True, slots=True)
class TableMapping:
    """One table; empty texts mean that the bytes tell.

    `key_columns` together name a row for good among the rows of `key_table`. `record_length` is
    bytes without the record's end, `record_end` crlf | lf | none.
    """

    format: str = "delimited"  # delimited | xlsx | fixed
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    kind: str = ""
    latest_year: int | None = None
    record_length: int = 0
    record_end: str = "crlf"
    key_table: str = ""
    key_columns: tuple[str, ...] = ()
    columns: tuple[ColumnMapping, ...] = ()
