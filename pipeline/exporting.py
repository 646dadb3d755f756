"""Export of a batch for an authorized person: pages, documents, originals; logged first."""

import json
from pathlib import Path, PurePosixPath
from typing import Any

from archive.vault.vault import Vault
from pipeline.assembly import Workshop
from pipeline.documents import load_document
from pipeline.outcomes import Outcomes
from pipeline.reader import Reader
from pipeline.views import document_view, page_view, twins_view, unread_duplicate_view
from records.errors import RejectedInput, SetupError


def export(workshop: Workshop, batch: str, to: Path, reader: Reader) -> dict[str, int]:
    """Write `pages.jsonl`, `documents.jsonl` and `originals/`; return how many of each.

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
    workshop.log_access(reader, "export", institution, tuple(outcomes.documents))
    to.mkdir(parents=True, exist_ok=True)
    pages = _pages(outcomes)
    documents = [_document(work.vault, outcomes, document) for document in outcomes.documents]
    _write_lines(to / "pages.jsonl", pages)
    _write_lines(to / "documents.jsonl", documents)
    for file in work.batch.files:
        target = to / "originals" / _inside(file.path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(work.vault.get("original", file.id))
    return {"pages": len(pages), "documents": len(documents), "files": len(work.batch.files)}


def _pages(outcomes: Outcomes) -> list[dict[str, Any]]:
    """Every page that was read, and those of files received twice, which were not."""
    texts = {text.page_id: text for text in outcomes.texts()}
    duplicate_of, perhaps = outcomes.duplicate_of, outcomes.maybe_duplicate_of
    ids = {page: page for page in outcomes.places}
    return [
        {"id": page, "file": file}
        | (page_view(texts[page], number) if page in texts else unread_duplicate_view(number))
        | twins_view(page, duplicate_of, perhaps, ids)
        for page, (file, number) in outcomes.places.items()
        if page in texts or page in duplicate_of
    ]


def _document(vault: Vault, outcomes: Outcomes, document: str) -> dict[str, Any]:
    verdict = outcomes.verdicts[document]
    final = outcomes.final(document)
    if outcomes.outcome(document) == "accepted" and vault.has("document", document):
        final = load_document(vault, document).document
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
