"""Work cut into chunks: dozens of pages a task, because a task costs about a second."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from pipeline.other_sides import ImagesInPlace
from pipeline.outcomes import Outcomes
from pipeline.sorting import Found
from pipeline.work import AssembleChunk, ReadChunk, StackPages, StoreChunk
from quality.check import QualityReport
from records.codec import encode
from records.ids import derive_id
from records.values import PageRef, Scan

T = TypeVar("T")

MOST_CHUNKS = 1000
ASSEMBLE_PAGES = 400
ROWS_AT_ONCE = 4_000
"""A row takes a millisecond, and every chunk of a table or message reads its file from the top."""

STORE_DOCUMENTS = 64
STORE_ROWS = 1_000
"""Of an export of rows: each chunk opens the stacks that its documents are in."""


def plan_chunks(
    found: Found, chunk_pages: int
) -> tuple[tuple[ReadChunk, ...], tuple[AssembleChunk, ...]]:
    """Cut pages into chunks to read and whole stacks into chunks to assemble."""
    scans = {scan.id: scan for scan in found.scans}
    to_read = [page for page in found.pages if not page.duplicate_of]
    images = ImagesInPlace(found.pages)
    read = tuple(
        _read_chunk(part, images.beside(part), scans) for part in _to_read(to_read, chunk_pages)
    )
    stacks: dict[str, list[PageRef]] = defaultdict(list)
    for page in found.pages:
        stacks[page.stack_id].append(page)
    per_chunk = max(ASSEMBLE_PAGES, math.ceil(len(found.pages) / MOST_CHUNKS))
    assemble = tuple(
        AssembleChunk(derive_id("k", "assemble", *(encode(stack) for stack in group)), tuple(group))
        for group in _groups([StackPages(id_, tuple(ps)) for id_, ps in stacks.items()], per_chunk)
    )
    return read, assemble


def store_chunks(outcomes: Outcomes, report: QualityReport) -> tuple[StoreChunk, ...]:
    """Cut the documents that the machine accepted into chunks to store."""
    accepted = [verdict.document_id for verdict in report.verdicts if verdict.outcome == "accept"]
    pages = outcomes.work.triaged().pages
    at_once = STORE_ROWS if all(page.kind == "row" for page in pages) else STORE_DOCUMENTS
    size = max(at_once, math.ceil(len(accepted) / MOST_CHUNKS))
    return tuple(
        StoreChunk(
            derive_id("k", "store", *part),
            tuple(part),
            tuple(dict.fromkeys(outcomes.stack_of[document] for document in part)),
        )
        for part in _parts(accepted, size)
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


def _to_read(pages: Sequence[PageRef], chunk_pages: int) -> Iterator[Sequence[PageRef]]:
    """Cut images into parts of `chunk_pages`, rows into larger ones; never too many in all."""
    images = [page for page in pages if page.kind != "row"]
    rows = [page for page in pages if page.kind == "row"]
    rows_at_once = max(chunk_pages, ROWS_AT_ONCE, math.ceil(len(rows) / (MOST_CHUNKS // 2)))
    for_images = MOST_CHUNKS - math.ceil(len(rows) / rows_at_once)
    yield from _parts(images, max(1, chunk_pages, math.ceil(len(images) / for_images)))
    yield from _parts(rows, rows_at_once)


def _parts(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _groups(stacks: Sequence[StackPages], pages: int) -> Iterator[list[StackPages]]:
    group: list[StackPages] = []
    for stack in stacks:
        group.append(stack)
        if sum(len(member.pages) for member in group) >= pages:
            yield group
            group = []
    if group:
        yield group
