"""A mapping proposed for a sample of an EMR table, and what the sample becomes by it."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from classifiers.column_guess import ColumnGuess, TableGuess, guess_columns
from classifiers.rows import document_of_row
from intake import tables
from intake.emr.mapping_file import read_mapping
from intake.limits import Limits
from intake.rows import Row, read_rows
from intake.triage import triage
from records.emr_mapping import KIND, TableMapping
from records.errors import RejectedInput
from records.ids import file_id, page_id
from records.reasons import explain
from records.values import Document, Failure, ReceivedFile, Scan

SAMPLE = "b-sample"
_ROWS = 2_000
_PREVIEW = 5
_ENOUGH_TO_NAME = 3
_CODECS = {"utf-8-sig": "utf-8"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed, or was given, for one table, and its first rows as documents.

    `text` is the mapping file to be; `guesses` is empty where a mapping was given. `others` are
    sheets that it does not speak of.
    """

    mapping: TableMapping
    text: str
    guesses: tuple[ColumnGuess, ...]
    documents: tuple[Document, ...]
    failures: tuple[Failure, ...]
    others: tuple[str, ...]


def propose(sample: Path, limits: Limits, given: Path | None = None, sheet: str = "") -> Proposal:
    """Propose a mapping for a table by its first rows, or try one that is given.

    Raises:
        RejectedInput: the sample is no table, has no rows, or the mapping given is wrong (the
            subject names the key).
    """
    for path in (sample, given):
        if path is not None and not path.is_file():
            raise RejectedInput("path_missing")
    data = sample.read_bytes()
    mapping = read_mapping(given.read_bytes()) if given is not None else None
    scans = _scans(sample, data, limits, mapping)
    wanted = sheet or (mapping.sheet if mapping else "")
    if wanted and wanted not in {scan.sheet for scan in scans}:
        raise RejectedInput("workbook_sheet_missing")
    scan = next(item for item in scans if not wanted or item.sheet == wanted)
    others = tuple(item.sheet for item in scans if item is not scan)
    read = list(islice(read_rows(scan, data, limits), _ROWS))
    rows = [row for row in read if isinstance(row, Row)]
    if not rows:
        raise RejectedInput("sample_without_rows")
    guesses: tuple[ColumnGuess, ...] = ()
    if given is not None and mapping is not None:
        text = given.read_text("utf-8", "replace")
    else:
        guess = guess_columns(tuple(rows[0].values), [row.values for row in rows])
        names = _naming([row.values for row in rows])
        text, guesses = _text(guess, scan, data, limits, names), guess.columns
        mapping = read_mapping(text.encode())
    return Proposal(
        mapping,
        text,
        guesses,
        tuple(
            document_of_row(
                SAMPLE, scan.stack_id, page_id(scan.id, row.index), row.values, mapping
            )[0]
            for row in rows[:_PREVIEW]
        ),
        tuple(row for row in read if isinstance(row, Failure)),
        others,
    )


def _scans(
    sample: Path, data: bytes, limits: Limits, mapping: TableMapping | None
) -> tuple[Scan, ...]:
    digest = hashlib.sha256(data).hexdigest()
    id_ = file_id(SAMPLE, sample.name, digest)
    file = ReceivedFile(id_, sample.name, digest, len(data), 0, listed=True)
    found = triage(file, data, SAMPLE, limits, {sample.name: mapping} if mapping else {})
    scans = tuple(scan for scan in found.scans if scan.is_table and scan.member is None)
    if not scans:
        code = found.failures[0].code if found.failures else "sample_without_rows"
        raise RejectedInput(code)
    return scans


def _naming(rows: Sequence[Mapping[str, str]]) -> list[str]:
    """Columns that have another value in every row of the sample: one may name rows for good."""
    if len(rows) < _ENOUGH_TO_NAME:
        return []
    return [
        name for name in rows[0] if len({row[name].strip() for row in rows} - {""}) == len(rows)
    ]


def _text(guess: TableGuess, scan: Scan, data: bytes, limits: Limits, names: Sequence[str]) -> str:
    head = _head(guess, scan, data, limits, names)
    return "\n".join((*head, *map(_column, guess.columns))) + "\n"


def _head(
    guess: TableGuess, scan: Scan, data: bytes, limits: Limits, names: Sequence[str]
) -> Iterator[str]:
    yield "# giroksil map: 사람이 확인하고 고치세요. / Proposed; to be checked by a person."
    yield "version: 1"
    if scan.media == "xlsx":
        yield "format: xlsx"
        yield f"sheet: {_quoted(scan.sheet)}"
    elif (dialect := tables.sniff(data, limits, expected=True)) is not None:
        yield f"encoding: {_CODECS.get(dialect.encoding, dialect.encoding)}"
        delimiter = "tab" if dialect.delimiter == "\t" else _quoted(dialect.delimiter)
        yield f"delimiter: {delimiter}"
    if not any(column.field == KIND and column.taken for column in guess.columns):
        yield "# kind: medical_record  # 모든 행이 한 종류이면 / if all rows are of one kind"
    if names:
        key = f"{{table: {_quoted(Path(scan.path).stem)}, columns: [{_quoted(names[0])}]}}"
        others = f" ({', '.join(map(_quoted, names[1:]))})" if names[1:] else ""
        yield f"# key: {key}  # 행마다 다른 값{others} / another value in every row of the sample"
    if guess.latest_year is not None:
        yield f"latest_year: {guess.latest_year}"
    yield "columns:"


def _column(guess: ColumnGuess) -> str:
    parts = []
    if guess.taken:
        parts.append(f"field: {guess.field}")
        if guess.date:
            parts.append(f"date: {_quoted(guess.date)}")
        if guess.codes:
            codes = ", ".join(f"{_quoted(c)}: {_quoted(m)}" for c, m in guess.codes.items())
            parts.append(f"codes: {{{codes}}}")
    doubt = f"? {guess.field} " if guess.field and not guess.taken else ""
    why = " ".join(explain(reason, "en") for reason in guess.reasons)
    return (
        f"  {_quoted(guess.column)}: {{{', '.join(parts)}}}  # {doubt}{guess.confidence:.2f} {why}"
    )


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
