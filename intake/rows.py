"""The rows of an EMR table, each with its column names."""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace

from intake.archives import bytes_of
from intake.emr.row_identity import row_identifier
from intake.emr.table import open_table
from intake.limits import Limits
from intake.tables import Refused
from records.emr_identity import EmrIdentity
from records.errors import RejectedInput
from records.ids import page_id
from records.values import Failure, Scan

_STAGE = "intake"


@dataclass(frozen=True, slots=True)
class Row:
    """Row `index` (0-based, the header not counted): column name → value, as written.

    Of its `identity` the number among rows of the same name is not told yet.
    """

    index: int
    values: Mapping[str, str]
    identity: EmrIdentity


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
    identify = row_identifier(scan.mapping)
    for index, record in enumerate(table.records):
        if isinstance(record, Refused):
            row = page_id(scan.id, index)
            yield Failure(row, record.code, _STAGE, _path(scan), index + 1, record.column)
        else:
            values = dict(zip(table.names, record, strict=True))
            yield Row(index, values, identify(values))


def numbered_rows(rows: Iterable[Row | Failure], wanted: Set[int]) -> dict[int, Row | Failure]:
    """The wanted rows of a table by index, each with its number among rows of the same name.

    `rows` begin at the table's first; of those that are not wanted eight bytes are kept.
    """
    names = array("q")
    found: dict[int, Row | Failure] = {}
    for index, row in enumerate(rows):
        names.append(hash(row.identity.name) if isinstance(row, Row) else 0)
        if index in wanted:
            found[index] = row
    ours = {names[index] for index in found}
    seen: Counter[int] = Counter()
    for index, name in enumerate(names):
        row_ = found.get(index)
        if isinstance(row_, Row) and seen[name]:
            number = replace(row_.identity, number=seen[name])
            found[index] = replace(row_, identity=number)
        if name in ours:
            seen[name] += 1
    return found


def _path(scan: Scan) -> str:
    return scan.path if scan.member is None else f"{scan.path}!/{scan.member}"
