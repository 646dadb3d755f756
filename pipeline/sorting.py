"""Triage of a whole batch: which files can be read, which pages they hold, in which stacks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from intake.bulk_export import join_exports
from intake.delivery import readable_files
from intake.emr.fhir.beside import Beside
from intake.emr.mappings import read_mappings
from intake.limits import Limits
from intake.triage import triage
from pipeline.page_runs import PageRun, pages_of, runs_of
from pipeline.work import WorkArea
from records.values import Failure, PageRef, Scan


@dataclass(frozen=True, slots=True)
class Found:
    """Scans and pages of a batch in stack order, and what could not be used.

    `beside`: what other FHIR files have to do with a scan, by scan.
    """

    scans: tuple[Scan, ...]
    runs: tuple[PageRun, ...]
    failures: tuple[Failure, ...]
    beside: Mapping[str, Beside] = field(default_factory=dict)

    def pages(self) -> Iterator[PageRef]:
        """The pages, in stack order."""
        return pages_of(self.runs)


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
    return Found(joined.scans, runs_of(joined.scans), tuple(failures), joined.beside)
