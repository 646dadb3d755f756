"""Export of a batch for an authorized person: pages, documents, originals, PDFs; logged first."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from archive.vault.vault import Vault
from pipeline.assembly import Workshop
from pipeline.binding import BoundDocuments, Shelf, bind_documents
from pipeline.documents import load_document
from pipeline.outcomes import Outcomes, flagged, path_of
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

    Everything is written as it is opened: of the batch, ids are in memory.

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
    pages = _write_lines(to / "pages.jsonl", _pages(outcomes, scanned_again(workshop, work)))
    paths = _paths(outcomes)
    documents = _write_lines(
        to / "documents.jsonl", (_document(work.vault, outcomes, paths, one) for one in shown)
    )
    for file in work.batch.files:
        target = to / "originals" / _inside(file.path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(work.vault.get("original", file.id))
    shelf = Shelf(
        limits=workshop.limits,
        pages=outcomes.page_refs,
        scans={scan.id: scan for scan in work.triaged().scans},
        files={file.id: file for file in work.batch.files},
        today=today(),
        text=lambda page: work.page(page).text,
        original=lambda file: work.vault.get("original", file),
    )
    finals = (_final(work.vault, outcomes, document) for document in outcomes.documents)
    bound = bind_documents(shelf, finals, to / "documents")
    return Exported(pages, documents, len(work.batch.files), bound)


def _final(vault: Vault, outcomes: Outcomes, document: str) -> Document:
    """A document as it stands: as archived, where it is."""
    if outcomes.outcome(document) == "accepted" and vault.has("document", document):
        return load_document(vault, document).document
    return outcomes.final(document)


def _pages(outcomes: Outcomes, again: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Every page that was read, and those of files received twice, which were not.

    A page that was scanned again names its current version as `scanned_again`.
    """
    duplicate_of, perhaps = outcomes.duplicate_of, outcomes.maybe_duplicate_of
    paths = _paths(outcomes)
    for page in outcomes.work.triaged().each_page():
        id_, number = page.id, page.index + 1
        text = None if page.duplicate_of else outcomes.work.page(id_).text
        if text is None and id_ not in duplicate_of:
            continue
        twins = [found[id_] for found in (duplicate_of, perhaps) if id_ in found]
        yield (
            {"id": id_, "file": paths[page.scan_id]}
            | (
                page_view(flagged(text, outcomes.scanned_twice), number)
                if text
                else unread_duplicate_view(number)
            )
            | twins_view(id_, duplicate_of, perhaps, {twin: twin for twin in twins})
            | ({"scanned_again": again[id_]} if id_ in again else {})
        )


def _paths(outcomes: Outcomes) -> dict[str, str]:
    """Where each scan was received: path, with a zip's member."""
    return {scan.id: path_of(scan) for scan in outcomes.work.triaged().scans}


def _document(
    vault: Vault, outcomes: Outcomes, paths: Mapping[str, str], document: str
) -> dict[str, Any]:
    verdict = outcomes.verdicts[document]
    final = _final(vault, outcomes, document)
    named = (field.page_id for field in final.fields.values() if field.page_id)
    refs = {page: outcomes.page_refs[page] for page in (*final.pages, *named)}
    view = document_view(final, {page: ref.index + 1 for page, ref in refs.items()})
    decided = outcomes.decisions.get(document)
    return {
        "id": document,
        "page_ids": list(final.pages),
        "files": [paths[refs[page].scan_id] for page in final.pages],
        **view,
        "verdict": decided.outcome if decided else verdict.outcome,
        "reasons": list(verdict.reasons),
    }


def _inside(path: str) -> PurePosixPath:
    parts = [part for part in PurePosixPath(path).parts if part not in ("/", "..", ".")]
    return PurePosixPath(*parts)


def _write_lines(file: Path, rows: Iterable[dict[str, Any]]) -> int:
    """Write rows as they come; return how many there were."""
    count = 0
    with file.open("w", encoding="utf-8") as out:
        for count, row in enumerate(rows, 1):  # noqa: B007  (what is returned)
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    return count
