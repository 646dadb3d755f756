"""One page from the vault's original to its text; what goes wrong becomes a `Failure`."""

import functools
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from classifiers.messages import document_of_record
from classifiers.rows import document_of_row
from intake.emr.fhir.beside import Beside
from intake.limits import Limits
from intake.pages import render
from intake.records import record_reader
from intake.rows import Row, numbered_rows, read_rows
from ocr.engine import OcrEngine
from ocr.reading import read_page
from pipeline.other_sides import OtherSides
from pipeline.stage_results import PageOutcome, ReadChunk
from records.emr_record import EmrRecord
from records.errors import GiroksilError, RejectedInput
from records.redacted_logging import event
from records.values import Document, Failure, PageImage, PageRef, Scan

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reading:
    """What reading needs: the parts, where originals come from, where thumbnails go.

    `beside` tells what other FHIR files have to do with a scan; `join` finds the files that the
    document of a row of a scan's table names.
    """

    limits: Limits
    engine: OcrEngine
    batch: str
    original: Callable[[str], bytes]
    keep_thumbnail: Callable[[str, bytes], object]
    beside: Callable[[str], Beside | None] = lambda _: None
    join: Callable[[Document, Scan], Document] = lambda document, _: document


def reader_of(reading: Reading, chunk: ReadChunk) -> Callable[[PageRef], PageOutcome]:
    """Return the function that reads the pages of a chunk, one original in memory at a time."""
    scans = {scan.id: scan for scan in chunk.scans}
    original = functools.lru_cache(maxsize=1)(reading.original)
    rows = _RowsOfChunk(reading.limits, original, reading.beside, chunk)
    sides = OtherSides((*chunk.pages, *chunk.beside), chunk.scans, original, reading.limits)

    def read(page: PageRef) -> PageOutcome:
        scan = scans[page.scan_id]
        try:
            if page.kind == "row":
                return _read_row(reading, rows.row(scan, page.index), scan, page)
            image = render(scan, original(scan.file_id), page.index, reading.limits)
            return _read_image(reading, image, sides.of(page))
        except RejectedInput as error:
            return _failed(page, scan, error.code)
        except (GiroksilError, OSError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001
            # A library that stumbles over one page must not take its neighbours along: the page
            # goes to the rescan list. Only the class is told, a message may hold content.
            name = type(error).__name__.lower()
            event(log, "page_failed", logging.WARNING, page=page.id, error=name)
            return _failed(page, scan, "page_unreadable")

    return read


def _read_image(
    reading: Reading, image: PageImage, other_sides: Iterator[PageImage]
) -> PageOutcome:
    read = read_page(image, reading.engine, other_sides)
    reading.keep_thumbnail(image.page_id, read.thumbnail)
    return PageOutcome(image.page_id, text=replace(read.text, scanned_at=image.scanned_at))


def _read_row(
    reading: Reading, row: Row | EmrRecord | Failure, scan: Scan, page: PageRef
) -> PageOutcome:
    if isinstance(row, Failure):
        return PageOutcome(page.id, failure=row)
    if isinstance(row, EmrRecord):
        document, text = document_of_record(reading.batch, page.stack_id, page.id, row)
        return PageOutcome(page.id, text=text, document=document)
    document, text = document_of_row(
        reading.batch, page.stack_id, page.id, row.values, scan.mapping, row.identity
    )
    if document.attachments:
        document = reading.join(document, scan)
    return PageOutcome(page.id, text=text, document=document)


def _failed(page: PageRef, scan: Scan, code: str) -> PageOutcome:
    return PageOutcome(page.id, failure=Failure(page.id, code, "read", scan.path, page.index + 1))


class _RowsOfChunk:
    """The rows and records that a chunk asks for: a table in one pass, a message opened once."""

    def __init__(
        self,
        limits: Limits,
        original: Callable[[str], bytes],
        beside: Callable[[str], Beside | None],
        chunk: ReadChunk,
    ) -> None:
        self._limits = limits
        self._original = original
        self._beside = beside
        self._wanted = {
            scan.id: {page.index for page in chunk.pages if page.scan_id == scan.id}
            for scan in chunk.scans
        }
        self._rows: dict[str, dict[int, Row | Failure]] = {}
        self._records: dict[str, Callable[[int], EmrRecord | Failure]] = {}

    def row(self, scan: Scan, index: int) -> Row | EmrRecord | Failure:
        if scan.is_message:
            if scan.id not in self._records:  # one message in memory at a time
                data, beside = self._original(scan.file_id), self._beside(scan.id)
                read = record_reader(scan, data, self._limits, beside)
                self._records = {scan.id: read}
            return self._records[scan.id](index)
        if scan.id not in self._rows:
            wanted = self._wanted[scan.id]
            data = self._original(scan.file_id)
            last = max(wanted, default=-1)
            rows = islice(read_rows(scan, data, self._limits), last + 1)
            self._rows[scan.id] = numbered_rows(rows, wanted)
        if index not in self._rows[scan.id]:
            raise RejectedInput("row_missing", scan.id)
        return self._rows[scan.id][index]
