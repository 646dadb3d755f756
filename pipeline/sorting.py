"""Triage of a whole batch: which files can be read, which pages they hold, in which stacks."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from intake.bulk_export import join_exports
from intake.delivery import readable_files
from intake.emr.fhir.beside import Beside
from intake.emr.mappings import read_mappings
from intake.limits import Limits
from intake.triage import triage
from pipeline.work import WorkArea
from records.ids import page_id, stack_id
from records.values import Failure, PageRef, Scan

ROWS_A_STACK = 4_000


@dataclass(frozen=True, slots=True)
class Found:
    """Scans and pages of a batch in stack order, and what could not be used.

    `beside`: what other FHIR files have to do with a scan, by scan.
    """

    scans: tuple[Scan, ...]
    pages: tuple[PageRef, ...]
    failures: tuple[Failure, ...]
    beside: Mapping[str, Beside] = field(default_factory=dict)


def sort_files(work: WorkArea, limits: Limits) -> Found:
    """Look into every received file that was not refused at the door."""
    batch = work.batch
    scans: list[Scan] = []
    mappings = read_mappings(batch, lambda file: work.vault.get("original", file.id))
    failures = list(mappings.failures)
    for file in sorted(readable_files(batch), key=lambda file: file.order):
        if file.id in mappings.files:
            continue
        original = work.vault.get("original", file.id)
        triaged = triage(file, original, batch.id, limits, mappings.tables)
        scans.extend(triaged.scans)
        failures.extend(triaged.failures)
    joined = join_exports(scans, lambda scan: work.vault.get("original", scan.file_id), limits)
    failures += joined.failures
    pages = tuple(pages_of(joined.scans))
    return Found(joined.scans, pages, tuple(failures), joined.beside)


def pages_of(scans: Sequence[Scan]) -> list[PageRef]:
    """Every page of the scans, in stack order; pages of a file received twice name the first.

    A long table is several stacks: its rows have nothing to do with each other, and a stack is
    taken apart in memory. The records of a message are one: a later one may correct an earlier one.
    """
    first_with: dict[str, Scan] = {}
    pages: dict[str, list[PageRef]] = defaultdict(list)
    for scan in scans:
        first = first_with.setdefault(scan.sha256, scan)
        for index in range(scan.pages):
            stack = _stack_of(scan, index)
            page = PageRef(
                id=page_id(scan.id, index),
                scan_id=scan.id,
                file_id=scan.file_id,
                stack_id=stack,
                index=index,
                order=0,
                kind="row" if scan.holds_rows else "image",
                duplicate_of=None if first is scan else page_id(first.id, index),
            )
            pages[stack].append(page)
    return [
        replace(page, order=order) for stack in pages.values() for order, page in enumerate(stack)
    ]


def _stack_of(scan: Scan, index: int) -> str:
    part = index // ROWS_A_STACK if scan.is_table else 0
    return stack_id(scan.stack_id, f"part:{part}") if part else scan.stack_id
