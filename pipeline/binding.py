"""The PDFs of documents: pages as received from `intake`, words laid on by `ocr`.

A document of rows or messages has no pages; it gets a rendition in the form of its kind.
"""

import datetime as dt
import functools
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from intake.limits import Limits
from intake.received_pages import received_page
from ocr.searchable_pdf import About, Bound, SheetPage, bind
from pipeline.renditions import rendition_of
from records.errors import GiroksilError, RejectedInput
from records.redacted_logging import event
from records.taxonomy import load_taxonomy
from records.values import Document, Failure, PageRef, PageText, ReceivedFile, Scan

log = logging.getLogger(__name__)

_STAGE = "export"
_UNREAD = PageText("", 1, 1, None, 0, 0.0, (), source="none")


@dataclass(frozen=True)
class Shelf:
    """Where pages are found: their places, their scans, their texts, the received files.

    `today`: the day that a rendition names as its own.
    """

    limits: Limits
    pages: Mapping[str, PageRef]
    scans: Mapping[str, Scan]
    files: Mapping[str, ReceivedFile]
    today: dt.date
    text: Callable[[str], PageText | None]
    original: Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class BoundDocuments:
    """How many PDFs were written, and what is to be said of them.

    Attributes:
        pdfs: documents of scanned pages that have a PDF.
        not_pdfa: of these, the ones that hold a page as received which PDF/A does not allow.
        drawn: pages of PDFs that are in them as pixels.
        renditions: documents of rows and messages, which have no page image.
        failures: pages that could not be made; a crossed-out sheet stands for each.
    """

    pdfs: int
    not_pdfa: int
    drawn: int
    renditions: int
    failures: tuple[Failure, ...]


def bind_documents(shelf: Shelf, documents: Iterable[Document], folder: Path) -> BoundDocuments:
    """Write `<document id>.pdf` for each document of scanned pages; one page is held at a time.

    Of the others, `<document id>.rendition.pdf`: its name, too, says that it is no original.
    """
    folder.mkdir(parents=True, exist_ok=True)
    original = functools.lru_cache(maxsize=1)(shelf.original)
    shelf = replace(shelf, original=original)
    found: list[Bound] = []
    failures: list[Failure] = []
    renditions = 0
    for document in documents:
        images = [page for page in document.pages if shelf.pages[page].kind == "image"]
        if not images:
            texts = [text for page in document.pages if (text := shelf.text(page))]
            place = shelf.pages[document.pages[0]]
            scan = shelf.scans[place.scan_id]
            made = rendition_of(
                document, texts, scan, place, shelf.files[scan.file_id], shelf.today
            )
            _put(folder / f"{document.id}.rendition.pdf", made)
            renditions += 1
            continue
        about = About(_title(document), document.id, document.batch_id)
        sheets = _sheets(shelf, images, failures)
        found.append(bind(folder / f"{document.id}.pdf", about, sheets))
    return BoundDocuments(
        pdfs=len(found),
        not_pdfa=sum(not bound.conforming for bound in found),
        drawn=sum(len(bound.drawn) for bound in found),
        renditions=renditions,
        failures=tuple(failures),
    )


def _put(to: Path, data: bytes) -> None:
    """Write a file, whole or not at all."""
    partial = to.with_name(f".{to.name}.partial")
    try:
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(to)
    finally:
        partial.unlink(missing_ok=True)


def _title(document: Document) -> str:
    kinds = load_taxonomy()
    return f"{kinds.name(document.type)} · {kinds.name(document.type, 'en')}"


def _sheets(shelf: Shelf, pages: Iterable[str], failures: list[Failure]) -> Iterator[SheetPage]:
    """Yield a document's pages; one that cannot be made is put on the list and comes without."""
    for page in pages:
        try:
            yield _sheet(shelf, page)
        except RejectedInput as error:
            failures.append(_failure(shelf, page, error.code))
        except (GiroksilError, OSError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001
            # As in reading: a library that stumbles over one page must not take the others along.
            event(log, "sheet_failed", logging.WARNING, page=page, error=type(error).__name__)
            failures.append(_failure(shelf, page, "page_unreadable"))
        else:
            continue
        yield SheetPage(shelf.text(page) or _UNREAD, pdf=None)


def _sheet(shelf: Shelf, page: str) -> SheetPage:
    text = shelf.text(page)
    if text is None:
        raise RejectedInput("page_unreadable", page)
    place = shelf.pages[page]
    scan = shelf.scans[place.scan_id]
    made = received_page(scan, shelf.original(scan.file_id), place.index, text, shelf.limits)
    return SheetPage(text, made.pdf, made.own_text, made.how, made.conforming)


def _failure(shelf: Shelf, page: str, code: str) -> Failure:
    place = shelf.pages[page]
    return Failure(page, code, _STAGE, shelf.scans[place.scan_id].path, place.index + 1)
