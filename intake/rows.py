"""The rows of an EMR table, each with its column names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from intake.archives import bytes_of
from intake.emr.table import open_table
from intake.limits import Limits
from intake.tables import Refused
from records.errors import RejectedInput
from records.ids import page_id
from records.values import Failure, Scan

_STAGE = "intake"


@dataclass(frozen=True, slots=True)
class Row:
    """Row `index` (0-based, the header not counted): column name → value, as written."""

    index: int
    values: Mapping[str, str]


def read_rows(scan: Scan, data: bytes, limits: Limits) -> Iterator[Row | Failure]:
    """Read a table row by row; a row that cannot be used is a failure with its number.

    `data` are the bytes of the received file. Values are never changed: a formula stays a
    formula, a character that could not be decoded is U+FFFD.

    Raises:
        RejectedInput: the table as a whole cannot be had.
    """
    own = bytes_of(scan, data, limits)
    table = open_table(own, limits, scan.mapping, scan.sheet)
    if table is None:
        raise RejectedInput("format_unknown", scan.id)
    for index, record in enumerate(table.records):
        if isinstance(record, Refused):
            row = page_id(scan.id, index)
            yield Failure(row, record.code, _STAGE, _path(scan), index + 1, record.column)
        else:
            yield Row(index, dict(zip(table.names, record, strict=True)))


def _path(scan: Scan) -> str:
    return scan.path if scan.member is None else f"{scan.path}!/{scan.member}"
