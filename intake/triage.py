"""What is in a received file: scans with pages or rows, and what of it cannot be used."""

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from intake import tables, tiff_pages
from intake.archives import INSIDE, read_members
from intake.emr import workbooks
from intake.emr.messages import MESSAGES, attached, open_message
from intake.emr.table import Table, open_table
from intake.formats import sniff
from intake.limits import Limits
from intake.names import folder_of
from intake.sandbox import ask
from records.emr_mapping import TableMapping
from records.errors import RejectedInput
from records.ids import scan_id, stack_id
from records.values import Failure, ReceivedFile, Scan

STAGE = "intake"
_TABLE_SUFFIXES = (".csv", ".tsv")
_NO_MAPPINGS: Mapping[str, TableMapping | None] = {}
_PAGE_MEDIA = frozenset({"tiff", "jpeg", "png", "webp", "heic", "pdf"})
_PDF_END_WITHIN = 2048


@dataclass(frozen=True, slots=True)
class Triaged:
    """Scans in natural order, and failures.

    A failure with a page number stands for a page beyond those its scan counts; one without, for
    the file or member as a whole, unless its code is one of `intake.delivery.WARNINGS`.
    """

    scans: tuple[Scan, ...]
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class _Contents:
    """Media and pages of one readable thing; `codes` are (code, page or None)."""

    media: str
    pages: int
    codes: tuple[tuple[str, int | None], ...] = ()
    stack_of_its_own: bool = False
    sheet: str = ""
    mapping: TableMapping | None = None
    attachments: tuple[str, ...] = ()


def triage(
    file: ReceivedFile,
    data: bytes,
    batch_id: str,
    limits: Limits,
    mappings: Mapping[str, TableMapping | None] = _NO_MAPPINGS,
) -> Triaged:
    """Tell what a file holds, by its content.

    `mappings` are those of tables by path (`intake.emr.mappings`); None refuses the table.

    Pages are counted, not decoded: a page that cannot be decoded is refused by
    `intake.pages.render`. A file of several pages and a table are stacks of their own; the
    single-page images of one folder, of the delivery or of a zip, are one stack. The records of an
    EMR message are a stack, each page that is attached to one is another.
    """
    scans: list[Scan] = []
    failures: list[Failure] = []
    waiting = _things(file, data, limits)
    while (thing := next(waiting, None)) is not None:
        member, content, refused = thing
        own_id = file.id if member is None else scan_id(file.id, member)
        path = file.path if member is None else f"{file.path}{INSIDE}{member}"
        try:
            if refused is not None:
                raise RejectedInput(refused)
            parts = _parts(content, path, limits, mappings)
        except RejectedInput as error:
            failures.append(Failure(own_id, error.code, STAGE, path=path))
            continue
        digest = file.sha256 if member is None else hashlib.sha256(content).hexdigest()
        for found in parts:
            scan = _scan(file, batch_id, path, member, digest, found)
            scans.append(scan)
            failures += [
                Failure(scan.id, code, STAGE, path=path, page=page) for code, page in found.codes
            ]
            inside = _attached(content, member, found.attachments)
            waiting = itertools.chain(inside, waiting)
    failures += _declared_pages_failures(file, scans)
    return Triaged(tuple(scans), tuple(failures))


def _scan(
    file: ReceivedFile, batch_id: str, path: str, member: str | None, digest: str, found: _Contents
) -> Scan:
    sheet = f"{INSIDE}{found.sheet}" if found.sheet else ""
    key = f"file:{path}{sheet}" if found.stack_of_its_own else f"folder:{folder_of(path)}"
    return Scan(
        id=scan_id(file.id, f"{member or ''}{sheet}" or None),
        file_id=file.id,
        stack_id=stack_id(batch_id, key),
        path=file.path,
        media=found.media,
        pages=found.pages,
        member=member,
        # Two sheets of one workbook are no copies of each other, though their bytes are the same.
        sha256=hashlib.sha256(f"{digest}{sheet}".encode()).hexdigest() if sheet else digest,
        sheet=found.sheet,
        mapping=found.mapping,
    )


def _things(
    file: ReceivedFile, data: bytes, limits: Limits
) -> Iterator[tuple[str | None, bytes, str | None]]:
    """Yield (member, bytes, reason it is refused): the file itself, or what is in the zip."""
    if sniff(data) != "zip":
        yield None, data, None if data else "file_empty"
        return
    try:
        empty = True
        for member in read_members(data, limits):
            empty = False
            yield member.path, member.data, member.refused
        if empty:
            yield None, b"", "file_empty"
    except RejectedInput as error:
        yield None, b"", error.code


def _attached(
    content: bytes, member: str | None, steps: Iterable[str]
) -> Iterator[tuple[str | None, bytes, str | None]]:
    """As `_things`, of the pages inside a message; anything but pages is refused."""
    for step in steps:
        path = step if member is None else f"{member}{INSIDE}{step}"
        try:
            data = attached(content, step)
        except RejectedInput as error:
            yield path, b"", error.code
            continue
        fits = sniff(data) in _PAGE_MEDIA
        yield path, data, None if fits else "attachment_unsupported"


def _parts(
    data: bytes, path: str, limits: Limits, mappings: Mapping[str, TableMapping | None]
) -> list[_Contents]:
    """Return what is in one thing: itself, or the sheets of a workbook."""
    if path in mappings and mappings[path] is None:
        raise RejectedInput("mapping_refused")
    mapping = mappings.get(path)
    if sniff(data) == "xlsx":
        return _workbook(data, limits, mapping)
    if mapping is not None and mapping.format == "xlsx":
        raise RejectedInput("mapping_format_differs")
    if mapping is not None:
        return [_table(data, path, limits, mapping)]
    if sniff(data) in MESSAGES and not path.lower().endswith(_TABLE_SUFFIXES):
        return [_message(data, limits)]
    return [_contents(data, path, limits)]


def _contents(data: bytes, path: str, limits: Limits) -> _Contents:
    media = sniff(data)
    match media:
        case "tiff":
            return _tiff(data, limits)
        case "pdf":
            return _pdf(data, limits)
        case "heic":
            pages = int(ask("image_pages", data, limits, media="heic").facts["pages"])
            _check_pages(pages, limits)
            return _Contents("heic", pages, stack_of_its_own=pages > 1)
        case "jpeg" | "png" | "webp":
            return _Contents(media, 1)
        case "ole":
            raise RejectedInput("workbook_unsupported")
        case _:
            return _table(data, path, limits, None)


def _tiff(data: bytes, limits: Limits) -> _Contents:
    found = tiff_pages.find_pages(data, limits.max_pages_per_file)
    pages = len(found.offsets)
    _check_pages(pages, limits)
    if not pages:
        raise RejectedInput("image_damaged")
    codes = () if found.complete else (("pages_missing", pages + 1),)
    return _Contents("tiff", pages, codes, stack_of_its_own=pages > 1 or bool(codes))


def _pdf(data: bytes, limits: Limits) -> _Contents:
    pages = int(ask("pdf_pages", data, limits).facts["pages"])
    _check_pages(pages, limits)
    if not pages:
        raise RejectedInput("pdf_damaged")
    ended = b"%%EOF" in data[-_PDF_END_WITHIN:]
    return _Contents("pdf", pages, () if ended else (("pdf_cut_short", None),), True)


def _message(data: bytes, limits: Limits) -> _Contents:
    media = sniff(data) or ""
    message = open_message(media, data, limits)
    codes = tuple((code, None) for code in message.warnings)
    return _Contents(media, message.count, codes, True, attachments=message.attachments)


def _workbook(data: bytes, limits: Limits, mapping: TableMapping | None) -> list[_Contents]:
    if mapping is not None and mapping.format != "xlsx":
        raise RejectedInput("mapping_format_differs")
    names = workbooks.sheet_names(data, limits)
    mapped = (mapping.sheet or names[0]) if mapping and names else None
    if mapped is not None and mapped not in names:
        raise RejectedInput("mapping_sheet_missing")
    found = []
    for name in names:
        own = mapping if name == mapped else None
        table = open_table(data, limits, own, name)
        if table is not None and table.names:
            found.append(_counted(table, "xlsx", limits, own, name))
    if not found:
        raise RejectedInput("workbook_empty")
    return found


def _table(data: bytes, path: str, limits: Limits, mapping: TableMapping | None) -> _Contents:
    expected = path.lower().endswith(_TABLE_SUFFIXES)
    if mapping is None and tables.sniff(data, limits, expected) is None:
        raise RejectedInput("format_unknown")
    table = open_table(data, limits, mapping)
    if table is None:
        raise RejectedInput("format_unknown")
    media = "fixed" if mapping is not None and mapping.format == "fixed" else "csv"
    return _counted(table, media, limits, mapping)


def _counted(
    table: Table, media: str, limits: Limits, mapping: TableMapping | None, sheet: str = ""
) -> _Contents:
    rows = 0
    damaged = table.damaged
    for record in table.records:
        rows += 1
        if rows > limits.max_rows:
            raise RejectedInput("too_many_rows")
        # Delimited text says so beforehand.
        damaged = damaged or (
            media == "fixed" and any("\ufffd" in value for value in record if value)
        )
    codes: list[tuple[str, int | None]] = []
    if damaged:
        codes.append(("text_damaged", None))
    if not rows:
        codes.append(("table_empty", None))
    return _Contents(media, rows, tuple(codes), True, sheet, mapping)


def _check_pages(pages: int, limits: Limits) -> None:
    if pages > limits.max_pages_per_file:
        raise RejectedInput("too_many_pages")


def _declared_pages_failures(file: ReceivedFile, scans: list[Scan]) -> list[Failure]:
    pages = sum(scan.pages for scan in scans if not scan.holds_rows)
    if file.declared_pages in (None, pages) or not pages:
        return []
    return [Failure(file.id, "page_count_differs", STAGE, path=file.path)]
