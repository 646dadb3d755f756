"""Work cut into chunks: dozens of pages a task, because a task costs about a second."""

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from pipeline.other_sides import ImagesInPlace
from pipeline.outcomes import Outcomes
from pipeline.page_runs import pages_of
from pipeline.sorting import Found
from pipeline.stage_results import AssembleChunk, ReadChunk, StackPages, StoreChunk
from records.codec import encode
from records.ids import derive_id
from records.values import PageRef, Scan

T = TypeVar("T")

MOST_CHUNKS = 1000
ASSEMBLE_PAGES = 400
ROWS_AT_ONCE = 4_000
"""A row takes a millisecond, and every chunk of a table or message reads its file from the top."""

MOST_ROW_CHUNKS = 64
"""So that a table of a million rows is passed over some thirty times, not a hundred and more."""

STORE_DOCUMENTS = 64
STORE_ROWS = 1_000
"""Of an export of rows: each chunk opens the stacks that its documents are in."""


def read_chunks(found: Found, chunk_pages: int) -> Iterator[ReadChunk]:
    """Cut what is to be read into chunks of `chunk_pages` images, or of more rows.

    Never too many in all; one is in memory at a time.
    """
    scans = {scan.id: scan for scan in found.scans}
    to_read = [run for run in found.runs if not run.repeats]
    row_runs = [run for run in to_read if run.kind == "row"]
    images = list(pages_of(run for run in to_read if run.kind != "row"))
    rows = sum(run.pages for run in row_runs)
    rows_at_once = max(chunk_pages, ROWS_AT_ONCE, math.ceil(rows / MOST_ROW_CHUNKS))
    for_images = MOST_CHUNKS - math.ceil(rows / rows_at_once)
    in_place = ImagesInPlace(pages_of(run for run in found.runs if run.kind != "row"))
    for part in parts(images, max(1, chunk_pages, math.ceil(len(images) / for_images))):
        yield _read_chunk(part, in_place.beside(part), scans)
    for part in parts(pages_of(row_runs), rows_at_once):
        yield _read_chunk(part, (), scans)


def assemble_chunks(found: Found) -> Iterator[AssembleChunk]:
    """Cut whole stacks into chunks to assemble."""
    per_chunk = max(ASSEMBLE_PAGES, math.ceil(sum(run.pages for run in found.runs) / MOST_CHUNKS))
    group: list[StackPages] = []
    for stack, runs in itertools.groupby(found.runs, lambda run: run.stack_id):
        group.append(StackPages(stack, tuple(pages_of(runs))))
        if sum(len(member.pages) for member in group) >= per_chunk:
            yield _assemble_chunk(group)
            group = []
    if group:
        yield _assemble_chunk(group)


def store_chunks(outcomes: Outcomes, accepted: int) -> Iterator[StoreChunk]:
    """Cut the documents that the machine accepted into chunks to store; `accepted`: how many."""
    rows = outcomes.work.triaged().kinds == {"row"}
    size = max(STORE_ROWS if rows else STORE_DOCUMENTS, math.ceil(accepted / MOST_CHUNKS))
    told = (
        (verdict.document_id, judged.id)
        for judged in outcomes.each_judged()
        for verdict in judged.verdicts
        if verdict.outcome == "accept"
    )
    for part in parts(told, size):
        documents = tuple(document for document, _ in part)
        yield StoreChunk(
            derive_id("k", "store", *documents),
            documents,
            tuple(dict.fromkeys(stack for _, stack in part)),
        )


def _assemble_chunk(group: Sequence[StackPages]) -> AssembleChunk:
    return AssembleChunk(
        derive_id("k", "assemble", *(encode(stack) for stack in group)), tuple(group)
    )


def _read_chunk(
    part: Sequence[PageRef], beside: tuple[PageRef, ...], scans: Mapping[str, Scan]
) -> ReadChunk:
    pages = (*part, *beside)
    return ReadChunk(
        derive_id("k", "read", *(encode(page) for page in pages)),
        tuple(scans[scan] for scan in dict.fromkeys(page.scan_id for page in pages)),
        tuple(part),
        beside,
    )


def parts(items: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """Cut what comes into parts of a size."""
    rest = iter(items)
    while part := tuple(itertools.islice(rest, size)):
        yield part
