"""Delimited text: how it is written, and its records, one fault at a time."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import NamedTuple, TextIO

from intake import encodings
from intake.limits import Limits
from records.errors import RejectedInput

_DELIMITERS = ",;\t|"
_HEAD_BYTES = 65_536
_HEAD_RECORDS = 50
_LONGEST_COLUMN_NAME = 64


@dataclass(frozen=True, slots=True)
class Dialect:
    """A table's encoding and delimiter; `damaged` where characters are lost."""

    encoding: str
    delimiter: str
    damaged: bool


class Refused(NamedTuple):
    """A record that cannot be used: the reason's code, and the column where one is at fault."""

    code: str
    column: str | None = None


def sniff(data: bytes, limits: Limits, expected: bool) -> Dialect | None:
    """Tell how a table is written; None where the bytes are no table.

    Where a table is not expected, two columns and a record of the header's width must be seen:
    prose with commas is no table.
    """
    encoding = encodings.detect(data)
    if encoding is None:
        return None
    head = data[:_HEAD_BYTES].decode(encoding.name, "replace")
    if len(data) > _HEAD_BYTES:
        head = head[: head.rfind("\n") + 1] or head
    widths = {delimiter: _width(head, delimiter, limits) for delimiter in _DELIMITERS}
    delimiter = max(widths, key=lambda key: widths[key])
    if widths[delimiter] < 2:
        if not expected or not head.strip():
            return None
        delimiter = max(_DELIMITERS, key=head.partition("\n")[0].count)
    return Dialect(encoding.name, delimiter, encoding.damaged)


def declared(data: bytes, encoding: str, delimiter: str, limits: Limits) -> Dialect | None:
    """Tell how a table is written of which a mapping says the encoding, the delimiter or both.

    Raises:
        RejectedInput: `encoding_differs`: the bytes are not of the encoding that is declared.
    """
    told = sniff(data, limits, expected=True)
    if encoding:
        codec = {"utf-8": "utf-8-sig", "euc-kr": "cp949"}.get(encoding, encoding)
        found = encodings.detect(data)
        wide = codec.startswith("utf-16")
        if found is None or found.name.startswith("utf-16") != wide:
            raise RejectedInput("encoding_differs")
        lost = encodings.lost(data, codec)
        if lost and (not found.damaged or lost * 20 > len(data)):
            raise RejectedInput("encoding_differs")
        told = Dialect(codec, told.delimiter if told else ",", lost > 0)
    return replace(told, delimiter=delimiter or told.delimiter) if told else None


def records(data: bytes, dialect: Dialect, limits: Limits) -> Iterator[list[str] | Refused]:
    """Read a table's records, the header first; one that cannot be read is its reason.

    Codes: `row_too_long`, `row_field_too_long`, `row_quote_open`. Empty lines are no records.
    A quote that is never closed costs its own line, not those that follow.
    """
    with io.TextIOWrapper(
        io.BytesIO(data), dialect.encoding, errors="replace", newline=""
    ) as stream:
        yield from _records(stream, dialect.delimiter, limits)


def column_names(header: list[str] | Refused) -> tuple[str, ...]:
    """Return the header's names: trimmed, none empty, none twice."""
    names: list[str] = []
    for number, written in enumerate(header if isinstance(header, list) else [], start=1):
        name = unique = written.strip() or f"column_{number}"
        copy = 1
        while unique in names:
            copy += 1
            unique = f"{name}_{copy}"
        names.append(unique)
    return tuple(names)


def _records(stream: TextIO, delimiter: str, limits: Limits) -> Iterator[list[str] | Refused]:
    waiting: list[str] = []  # lines read ahead for a quote that was not closed
    while line := waiting.pop(0) if waiting else _line(stream, limits.max_record_chars):
        if len(line) > limits.max_record_chars:
            yield Refused("row_too_long")
            continue
        lines = [line]
        size = len(line)
        opened = _is_open(line, delimiter, inside=False)
        while opened and size <= limits.max_record_chars:
            following = waiting.pop(0) if waiting else _line(stream, limits.max_record_chars)
            if not following:
                break
            lines.append(following)
            size += len(following)
            opened = _is_open(following, delimiter, inside=True)
        if opened or size > limits.max_record_chars:
            waiting = lines[1:] + waiting
            yield Refused("row_quote_open")
        elif (record := _fields(lines, delimiter, limits)) != []:
            yield record


def _line(stream: TextIO, longest: int) -> str:
    """Read a line with its end; of a longer one, `longest` + 1 characters, the rest is passed."""
    line = stream.readline(longest + 1)
    if len(line) > longest:
        rest = line
        while rest and not rest.endswith(("\n", "\r")):
            rest = stream.readline(longest)
    return line


def _is_open(line: str, delimiter: str, inside: bool) -> bool:
    """Tell whether a quoted field is still open at the end of a line."""
    if not inside and '"' not in line:
        return False
    at = 0
    while True:
        if inside or line[at : at + 1] == '"':
            at = at if inside else at + 1
            inside = False
            while (quote := line.find('"', at)) >= 0 and line[quote + 1 : quote + 2] == '"':
                at = quote + 2
            if quote < 0:
                return True
            at = quote + 1
        at = line.find(delimiter, at) + 1
        if at == 0:
            return False


def _fields(lines: list[str], delimiter: str, limits: Limits) -> list[str] | Refused:
    try:
        record = next(csv.reader(lines, delimiter=delimiter), [])
    except csv.Error:
        return Refused("row_field_too_long")
    if any(len(value) > limits.max_field_chars for value in record):
        return Refused("row_field_too_long")
    return record


def _width(head: str, delimiter: str, limits: Limits) -> int:
    """Return the header's columns where at least half of the first records agree, else 0."""
    stream = io.StringIO(head, newline="")
    first = islice(_records(stream, delimiter, limits), _HEAD_RECORDS)
    rows = [row for row in first if isinstance(row, list)]
    if len(rows) < 2 or any(len(name) > _LONGEST_COLUMN_NAME for name in rows[0]):
        return 0
    width = len(rows[0])
    agreeing = sum(len(row) == width for row in rows[1:])
    return width if agreeing * 2 >= len(rows) - 1 else 0
