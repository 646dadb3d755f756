"""Reading files without storing anything: the same parts, no vault."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from classifiers.stack import assemble
from classifiers.text import classify_text, text_pages
from intake.bulk_export import join_exports
from intake.delivery import JUNK, STAGE
from intake.emr.mapping_file import SUFFIX
from intake.emr.mappings import read_mappings
from intake.names import is_junk, natural_key
from intake.triage import triage
from pipeline.assembly import Workshop
from pipeline.attachments import NamedFiles, received_things
from pipeline.binding import BoundDocuments, Shelf, bind_documents
from pipeline.gaps import unsure_beside_gaps
from pipeline.judged_view import NOBODY, TRIAL, judged_view
from pipeline.named_patients import NamedPatients, named_files
from pipeline.outcomes import flagged
from pipeline.page_runs import pages_of, runs_of
from pipeline.reading import Reading, reader_of
from pipeline.renditions import today
from pipeline.stage_results import PageOutcome, ReadChunk
from pipeline.views import (
    aside_view,
    page_view,
    separator_view,
    twins_view,
    unread_duplicate_view,
)
from records.errors import RejectedInput
from records.ids import file_id, stack_id
from records.values import Batch, Delivery, Failure, PageRef, ReceivedFile, Scan, Stack


def try_path(
    workshop: Workshop, path: Path, pdfs: Path | None = None
) -> tuple[dict[str, Any], BoundDocuments | None]:
    """Read one file, or a folder as one stack; return what design 5.2 says of `read --json`.

    Where a folder `pdfs` is given, a searchable PDF or a rendition of each document is written into
    it, and what became of them is returned too.

    Raises:
        RejectedInput: `path_missing`, `path_empty`.
    """
    if not path.exists():
        raise RejectedInput("path_missing")
    files = [path] if path.is_file() else sorted(_files(path), key=lambda f: natural_key(str(f)))
    if not files:
        raise RejectedInput("path_empty")
    received: dict[str, Path] = {}
    entries: list[ReceivedFile] = []
    if path.is_file() and (beside := path.with_name(path.name + SUFFIX)).is_file():
        files.append(beside)
    for order, file in enumerate(files):
        name = file.name if path.is_file() else file.relative_to(path).as_posix()
        with file.open("rb") as source:
            digest = hashlib.file_digest(source, "sha256").hexdigest()
        id_ = file_id(TRIAL, name, digest)
        received[id_] = file
        entries.append(ReceivedFile(id_, name, digest, file.stat().st_size, order, listed=True))
    mappings = read_mappings(
        Batch(TRIAL, Delivery(NOBODY), tuple(entries)), lambda file: received[file.id].read_bytes()
    )
    scans: list[Scan] = []
    failures = [failure for failure in mappings.failures if failure.code != "mapping_file"]
    for entry in entries:
        if entry.id in mappings.files:
            continue
        if is_junk(entry.path):
            failures.append(Failure(entry.id, JUNK, STAGE, path=entry.path))
            continue
        data = received[entry.id].read_bytes()
        triaged = triage(entry, data, TRIAL, workshop.limits, mappings.tables)
        failures.extend(triaged.failures)
        scans.extend(
            scan
            if path.is_file() or scan.holds_rows
            else replace(scan, stack_id=stack_id(TRIAL, ""))
            for scan in triaged.scans
        )
    joined = join_exports(scans, lambda scan: received[scan.file_id].read_bytes(), workshop.limits)
    scans, failures = list(joined.scans), [*failures, *joined.failures]
    pages = list(pages_of(runs_of(scans)))
    read = reader_of(
        Reading(
            workshop.limits,
            workshop.engine(),
            TRIAL,
            lambda file: received[file].read_bytes(),
            lambda _page, _image: None,
            joined.beside.get,
            NamedFiles(lambda: received_things(entries, scans)).join,
        ),
        ReadChunk("", tuple(scans), tuple(pages)),
    )
    outcomes = {page.id: read(page) for page in pages if not page.duplicate_of}
    cut_short = {failure.subject for failure in failures if failure.page}
    rows = [outcome.document for outcome in outcomes.values() if outcome.document]
    named = (one for row in rows for one in named_files(row))
    patients = NamedPatients(scans, named, {row.pages[0]: row for row in rows}.get)
    stacks = _stacks(pages, outcomes, cut_short, workshop.diseases, patients)
    bound = None
    if pdfs is not None:
        shelf = Shelf(
            limits=workshop.limits,
            pages={page.id: page for page in pages},
            scans={scan.id: scan for scan in scans},
            files={entry.id: entry for entry in entries},
            today=today(),
            text=lambda page: outcomes[page].text,
            original=lambda file: received[file].read_bytes(),
        )
        documents = [document for stack in stacks for document in stack.documents]
        bound = bind_documents(shelf, documents, pdfs)
    return _view(workshop, path, pages, outcomes, stacks, failures), bound


def try_text(workshop: Workshop, text: str) -> dict[str, Any]:
    """Take plain text apart, one page a form feed; return the same, without what reading finds."""
    pages = text_pages(text)
    stack = classify_text(text, workshop.diseases)
    numbers = {page.page_id: number for number, page in enumerate(pages, 1)}
    hold_below = workshop.settings.hold_below
    return {
        "pages": [
            {"page": numbers[page.page_id], "flags": list(page.flags)}
            | twins_view(page.page_id, stack.duplicate_of, stack.maybe_duplicate_of, numbers)
            | aside_view(page.page_id, stack.set_aside)
            for page in (flagged(page, stack.duplicate_of) for page in pages)
        ],
        **judged_view(stack.documents, pages, numbers, hold_below),
    }


def _files(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file() and not file.is_symlink()]


def _view(
    workshop: Workshop,
    path: Path,
    pages: list[PageRef],
    outcomes: dict[str, PageOutcome],
    stacks: list[Stack],
    failures: list[Failure],
) -> dict[str, Any]:
    numbers = {page.id: number for number, page in enumerate(pages, 1)}
    documents = [document for stack in stacks for document in stack.documents]
    near = {copy: page for stack in stacks for copy, page in stack.duplicate_of.items()}
    perhaps = {copy: page for stack in stacks for copy, page in stack.maybe_duplicate_of.items()}
    separators = {page: read for stack in stacks for page, read in stack.separators.items()}
    duplicate_of = {page.id: page.duplicate_of for page in pages if page.duplicate_of} | near
    texts = {
        page: flagged(outcome.text, near) for page, outcome in outcomes.items() if outcome.text
    }
    aside = {page: kind for stack in stacks for page, kind in stack.set_aside.items()}
    failures = failures + [o.failure for o in outcomes.values() if o.failure]
    return {
        "file": str(path),
        "pages": [
            (
                page_view(texts[page.id], numbers[page.id])
                if page.id in texts
                else unread_duplicate_view(numbers[page.id])
            )
            | twins_view(page.id, duplicate_of, perhaps, numbers)
            | separator_view(page.id, separators)
            | aside_view(page.id, aside)
            for page in pages
            if page.id in texts or page.duplicate_of
        ],
        **judged_view(documents, texts.values(), numbers, workshop.settings.hold_below),
        "failures": [
            {"file": f.path, "page": f.page, "code": f.code}
            | ({"column": f.column} if f.column else {})
            for f in failures
        ],
    }


def _stacks(
    pages: list[PageRef],
    outcomes: dict[str, PageOutcome],
    cut_short: set[str],
    diseases: Mapping[str, str],
    patients: NamedPatients,
) -> list[Stack]:
    stacks: list[Stack] = []
    for stack in dict.fromkeys(page.stack_id for page in pages):
        mine = [page for page in pages if page.stack_id == stack]
        found = [outcomes[page.id] for page in mine if not page.duplicate_of]
        texts = [outcome.text for outcome in found if outcome.text and not outcome.document]
        failed = [outcome.page_id for outcome in found if outcome.failure]
        made = assemble(TRIAL, stack, texts, NOBODY, diseases=diseases)
        sure = unsure_beside_gaps(made.documents, mine, failed, cut_short)
        sure = tuple(patients.told(one, mine) for one in sure)
        rows = tuple(outcome.document for outcome in found if outcome.document)
        stacks.append(replace(made, documents=sure + rows))
    return stacks
