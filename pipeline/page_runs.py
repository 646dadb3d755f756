"""Pages of a scan that follow each other in a stack, told by their first and their number.

A table of a million rows is a few hundred runs; its pages are made of them when they are needed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from records.ids import page_id, stack_id
from records.values import PageRef, Scan

ROWS_A_STACK = 1_000


@dataclass(frozen=True, slots=True)
class PageRun:
    """`pages` pages of a scan, from index `first` (0-based), whose first has a place in its stack.

    `repeats`: the scan whose pages these are once more, of a file that was received twice.
    """

    scan_id: str
    file_id: str
    stack_id: str
    first: int
    pages: int
    order: int
    kind: str = "image"  # image | row
    repeats: str | None = None

    def __iter__(self) -> Iterator[PageRef]:
        for index in range(self.first, self.first + self.pages):
            yield PageRef(
                id=page_id(self.scan_id, index),
                scan_id=self.scan_id,
                file_id=self.file_id,
                stack_id=self.stack_id,
                index=index,
                order=self.order + index - self.first,
                kind=self.kind,
                duplicate_of=page_id(self.repeats, index) if self.repeats else None,
            )


def runs_of(scans: Sequence[Scan]) -> tuple[PageRun, ...]:
    """Every page of the scans, in stack order; pages of a file received twice name the first.

    A long table is several stacks: its rows have nothing to do with each other, and a stack is
    taken apart in memory. The records of a message are one: a later one may correct an earlier one.
    """
    first_with: dict[str, Scan] = {}
    runs: dict[str, list[PageRun]] = {}
    length: dict[str, int] = {}
    for scan in scans:
        same = first_with.setdefault(scan.sha256, scan)
        for first, pages in _parts(scan):
            stack = stack_id(scan.stack_id, f"part:{first // ROWS_A_STACK}") if first else None
            stack = stack or scan.stack_id
            order = length.get(stack, 0)
            length[stack] = order + pages
            runs.setdefault(stack, []).append(
                PageRun(
                    scan.id,
                    scan.file_id,
                    stack,
                    first,
                    pages,
                    order,
                    "row" if scan.holds_rows else "image",
                    None if same is scan else same.id,
                )
            )
    return tuple(run for stack in runs.values() for run in stack)


def pages_of(runs: Iterable[PageRun]) -> Iterator[PageRef]:
    """The pages of the runs, one after the other."""
    for run in runs:
        yield from run


def _parts(scan: Scan) -> Iterator[tuple[int, int]]:
    """First index and number of pages of each part of a scan that is in a stack of its own."""
    size = ROWS_A_STACK if scan.is_table else max(scan.pages, 1)
    for first in range(0, scan.pages, size):
        yield first, min(size, scan.pages - first)
