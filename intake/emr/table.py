"""Opening one table, however it is written: its column names, then its records."""

from collections.abc import Iterator
from dataclasses import dataclass

from intake import tables
from intake.emr import fixed_width, workbooks
from intake.limits import Limits
from intake.tables import Refused
from records.emr_mapping import TableMapping
from records.errors import RejectedInput


@dataclass(frozen=True, slots=True)
class Table:
    """Column names, and the records behind the header; `damaged` where characters are lost."""

    names: tuple[str, ...]
    records: Iterator[list[str] | Refused]
    damaged: bool = False


def open_table(
    data: bytes, limits: Limits, mapping: TableMapping | None, sheet: str = ""
) -> Table | None:
    """Open a table of a workbook (where `sheet` is named), of fixed width, or delimited.

    None where the bytes are no table. Every record has as many values as there are names.

    Raises:
        RejectedInput: the table as a whole cannot be had.
    """
    if mapping is not None and mapping.format == "fixed":
        names = tuple(column.name for column in mapping.columns)
        return Table(names, fixed_width.records(data, mapping))
    if sheet:
        records = workbooks.records(data, sheet, limits)
        return _headed(records, mapping, damaged=False, short_rows=True)
    if mapping is None:
        dialect = tables.sniff(data, limits, expected=True)
    else:
        dialect = tables.declared(data, mapping.encoding, mapping.delimiter, limits)
    if dialect is None:
        return None
    return _headed(tables.records(data, dialect, limits), mapping, damaged=dialect.damaged)


def _headed(
    records: Iterator[list[str] | Refused],
    mapping: TableMapping | None,
    *,
    damaged: bool,
    short_rows: bool = False,
) -> Table:
    header = next(records, [])
    names = tables.column_names(header)
    if mapping is not None and any(column.name not in names for column in mapping.columns):
        raise RejectedInput("mapping_column_missing")
    return Table(names, _of_width(records, len(names), short_rows=short_rows), damaged)


def _of_width(
    records: Iterator[list[str] | Refused], width: int, *, short_rows: bool
) -> Iterator[list[str] | Refused]:
    """Refuse records of another width; a sheet does not write the empty cells at a row's end."""
    for record in records:
        if isinstance(record, Refused) or len(record) == width:
            yield record
        elif short_rows and len(record) < width:
            yield record + [""] * (width - len(record))
        else:
            yield Refused("row_columns")
