"""Records of fixed width in EUC-KR or CP949: cut into fields as bytes, decoded afterwards."""

from collections.abc import Iterator

from intake.tables import Refused
from records.emr_mapping import ColumnMapping, TableMapping

_CODEC = "cp949"  # EUC-KR is a part of it
_ENDS = {"crlf": b"\r\n", "lf": b"\n", "none": b""}
_BLANKS = " \t\0\u3000"
_LEAD = range(0x81, 0xFF)
_LOST = "\ufffd"


def records(data: bytes, mapping: TableMapping) -> Iterator[list[str] | Refused]:
    """Read a table's records by the mapping's layout, one value a column, blanks around it cut.

    Codes: `record_length`, and with the column's name `record_undecodable`, `record_not_digits`.
    Half a syllable at the end of a text field is U+FFFD. Empty lines are no records.
    """
    for raw in _cut(data, mapping):
        if len(raw) != mapping.record_length:
            yield Refused("record_length")
        else:
            yield _fields(raw, mapping.columns)


def _cut(data: bytes, mapping: TableMapping) -> Iterator[bytes]:
    end = _ENDS[mapping.record_end]
    if not end:
        length = mapping.record_length
        yield from (data[at : at + length] for at in range(0, len(data), length))
        return
    at = 0
    while at < len(data):
        stop = data.find(b"\n", at)
        stop = len(data) if stop < 0 else stop
        raw = data[at : min(stop, at + mapping.record_length + 2)]
        if end == b"\r\n" or len(raw) == mapping.record_length + 1:
            raw = raw.removesuffix(b"\r")
        # A DOS file ends in Ctrl-Z.
        if raw and not (raw == b"\x1a" and stop == len(data)):
            yield raw
        at = stop + 1


def _fields(raw: bytes, columns: tuple[ColumnMapping, ...]) -> list[str] | Refused:
    values = []
    for column in columns:
        part = raw[column.start - 1 : column.start - 1 + column.length]
        text = _text(part)
        if text is None or (_LOST in text and column.type == "digits"):
            return Refused("record_undecodable", column.name)
        text = text.strip(_BLANKS)
        if column.type == "digits" and text and not (text.isascii() and text.isdigit()):
            return Refused("record_not_digits", column.name)
        values.append(text)
    return values


def _text(part: bytes) -> str | None:
    try:
        return part.decode(_CODEC)
    except UnicodeDecodeError as error:
        if error.start != len(part) - 1 or part[-1] not in _LEAD:
            return None
    return part[:-1].decode(_CODEC) + _LOST
