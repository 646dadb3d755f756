"""Export of a batch for an authorized person: pages, documents, originals, PDFs; logged first."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from archive.vault.vault import Vault
from pipeline.assembly import Workshop
from pipeline.binding import BoundDocuments, Shelf, bind_documents
from pipeline.documents import load_document
from pipeline.outcomes import Outcomes
from pipeline.persons import persons_of
from pipeline.reader import Reader
from pipeline.renditions import today
from pipeline.scanned_again import scanned_again
from pipeline.views import document_view, page_view, twins_view, unread_duplicate_view
from records.errors import RejectedInput, SetupError
from records.values import Document


@dataclass(frozen=True, slots=True)
class Exported:
    """How much was written; `bound`: the searchable PDFs."""

    pages: int
    documents: int
    files: int
    bound: BoundDocuments


def export(workshop: Workshop, batch: str, to: Path, reader: Reader) -> Exported:
    """Write `pages.jsonl`, `documents.jsonl`, `originals/` and `documents/`, a PDF a document.

    Raises:
        RejectedInput: `purpose_missing`. SetupError: `export_not_empty`.
    """
    if not reader.why.strip():
        raise RejectedInput("purpose_missing")
    if to.exists() and any(to.iterdir()):
        raise SetupError("export_not_empty")
    work = workshop.work(batch)
    outcomes = Outcomes(work)
    institution = work.batch.delivery.institution.code
    shown = outcomes.documents
    persons = persons_of(workshop.archive.index, institution, shown.values())
    workshop.log_access(reader, "export", institution, tuple(shown), persons=persons)
    to.mkdir(parents=True, exist_ok=True)
    pages = _pages(outcomes, scanned_again(workshop, work))
    documents = [_document(work.vault, outcomes, document) for document in outcomes.documents]
    _write_lines(to / "pages.jsonl", pages)
    _write_lines(to / "documents.jsonl", documents)
    for file in work.batch.files:
        target = to / "originals" / _inside(file.path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(work.vault.get("original", file.id))
    shelf = Shelf(
        limits=workshop.limits,
        pages={page.id: page for page in work.triaged().each_page()},
        scans={scan.id: scan for scan in work.triaged().scans},
        files={file.id: file for file in work.batch.files},
        today=today(),
        text=lambda page: work.page(page).text,
        original=lambda file: work.vault.get("original", file),
    )
    finals = (_final(work.vault, outcomes, document) for document in outcomes.documents)
    bound = bind_documents(shelf, finals, to / "documents")
    return Exported(len(pages), len(documents), len(work.batch.files), bound)


def _final(vault: Vault, outcomes: Outcomes, document: str) -> Document:
    """A document as it stands: as archived, where it is."""
    if outcomes.outcome(document) == "accepted" and vault.has("document", document):
        return load_document(vault, document).document
    return outcomes.final(document)


def _pages(outcomes: Outcomes, again: Mapping[str, str]) -> list[dict[str, Any]]:
    """Every page that was read, and those of files received twice, which were not.

    A page that was scanned again names its current version as `scanned_again`.
    """
    texts = {text.page_id: text for text in outcomes.texts()}
    duplicate_of, perhaps = outcomes.duplicate_of, outcomes.maybe_duplicate_of
    ids = {page: page for page in outcomes.places}
    return [
        {"id": page, "file": file}
        | (page_view(texts[page], number) if page in texts else unread_duplicate_view(number))
        | twins_view(page, duplicate_of, perhaps, ids)
        | ({"scanned_again": again[page]} if page in again else {})
        for page, (file, number) in outcomes.places.items()
        if page in texts or page in duplicate_of
    ]


def _document(vault: Vault, outcomes: Outcomes, document: str) -> dict[str, Any]:
    verdict = outcomes.verdicts[document]
    final = _final(vault, outcomes, document)
    places = [outcomes.places[page] for page in final.pages]
    view = document_view(final, {page: number for page, (_, number) in outcomes.places.items()})
    decided = outcomes.decisions.get(document)
    return {
        "id": document,
        "page_ids": list(final.pages),
        "files": [file for file, _ in places],
        **view,
        "verdict": decided.outcome if decided else verdict.outcome,
        "reasons": list(verdict.reasons),
    }


def _inside(path: str) -> PurePosixPath:
    parts = [part for part in PurePosixPath(path).parts if part not in ("/", "..", ".")]
    return PurePosixPath(*parts)


def _write_lines(file: Path, rows: list[dict[str, Any]]) -> None:
    with file.open("w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
