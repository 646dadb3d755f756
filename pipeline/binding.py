"""The searchable PDFs of documents: pages as received from `intake`, words laid on by `ocr`."""

import functools
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from intake.limits import Limits
from intake.received_pages import received_page
from ocr.searchable_pdf import About, Bound, SheetPage, bind
from records.errors import GiroksilError, RejectedInput
from records.redacted_logging import event
from records.taxonomy import load_taxonomy
from records.values import Document, Failure, PageRef, PageText, Scan

log = logging.getLogger(__name__)

_STAGE = "export"
_UNREAD = PageText("", 1, 1, None, 0, 0.0, (), source="none")


@dataclass(frozen=True)
class Shelf:
    """Where pages are found: their places, their scans, their texts, the received files."""

    limits: Limits
    pages: Mapping[str, PageRef]
    scans: Mapping[str, Scan]
    text: Callable[[str], PageText | None]
    original: Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class BoundDocuments:
    """How many PDFs were written, and what is to be said of them.

    Attributes:
        pdfs: documents that have a PDF.
        not_pdfa: of these, the ones that hold a page as received which PDF/A does not allow.
        drawn: pages of PDFs that are in them as pixels.
        without_pages: documents of table rows, which have no page image.
        failures: pages that could not be made; a crossed-out sheet stands for each.
    """

    pdfs: int
    not_pdfa: int
    drawn: int
    without_pages: int
    failures: tuple[Failure, ...]


def bind_documents(shelf: Shelf, documents: Iterable[Document], folder: Path) -> BoundDocuments:
    """Write `<document id>.pdf` for each document of scanned pages; one page is held at a time."""
    folder.mkdir(parents=True, exist_ok=True)
    original = functools.lru_cache(maxsize=1)(shelf.original)
    shelf = replace(shelf, original=original)
    found: list[Bound] = []
    failures: list[Failure] = []
    without_pages = 0
    for document in documents:
        images = [page for page in document.pages if shelf.pages[page].kind == "image"]
        if not images:
            without_pages += 1
            continue
        about = About(_title(document), document.id, document.batch_id)
        sheets = _sheets(shelf, images, failures)
        found.append(bind(folder / f"{document.id}.pdf", about, sheets))
    return BoundDocuments(
        pdfs=len(found),
        not_pdfa=sum(not bound.conforming for bound in found),
        drawn=sum(len(bound.drawn) for bound in found),
        without_pages=without_pages,
        failures=tuple(failures),
    )


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
