"""The rows of an EMR table, each with its column names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from intake import tables
from intake.archives import bytes_of
from intake.limits import Limits
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
    dialect = tables.sniff(own, limits, expected=True)
    if dialect is None:
        raise RejectedInput("format_unknown", scan.id)
    records = tables.records(own, dialect, limits)
    names = tables.column_names(next(records, []))
    for index, record in enumerate(records):
        if isinstance(record, list) and len(record) == len(names):
            yield Row(index, dict(zip(names, record, strict=True)))
        else:
            code = record if isinstance(record, str) else "row_columns"
            yield Failure(page_id(scan.id, index), code, _STAGE, path=_path(scan), page=index + 1)


def _path(scan: Scan) -> str:
    return scan.path if scan.member is None else f"{scan.path}!/{scan.member}"
