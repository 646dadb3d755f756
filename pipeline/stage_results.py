"""What each stage leaves for the next."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.page_runs import PageRun
from quality.check import QualityReport
from records.judgements import Decision, Finding, Verdict
from records.values import (
    Attachment,
    Batch,
    Document,
    Failure,
    PageRef,
    PageText,
    Scan,
)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a batch is read and classified: fixed when it is registered.

    `reading` and `classifying` are versions; work done under them is found again by them. `model`
    is the digest of the kind classifier; "" in batches of former versions: the shipped one.
    """

    languages: str
    reading: str
    classifying: str
    hold_below: float
    model: str = ""


@dataclass(frozen=True, slots=True)
class Registered:
    """A batch and its plan, as kept in the vault."""

    batch: Batch
    plan: Plan


@dataclass(frozen=True, slots=True)
class ReadChunk:
    """Pages that one task reads, with the scans they are on.

    `beside`: pages next to them in their stacks, looked at where they may be the other side of a
    sheet; another task reads them.
    """

    id: str
    scans: tuple[Scan, ...]
    pages: tuple[PageRef, ...]
    beside: tuple[PageRef, ...] = ()


@dataclass(frozen=True, slots=True)
class StackPages:
    """One stack's pages, in order."""

    id: str
    pages: tuple[PageRef, ...]


@dataclass(frozen=True, slots=True)
class AssembleChunk:
    """Stacks that one task assembles."""

    id: str
    stacks: tuple[StackPages, ...]


@dataclass(frozen=True, slots=True)
class StoreChunk:
    """Accepted documents that one task stores, with the stacks they are in."""

    id: str
    documents: tuple[str, ...]
    stacks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TriagedBatch:
    """What is in the received files: scans, pages, failures, and the chunks made of them.

    `pages`: those that are kept one by one, as former versions kept all of them.
    """

    scans: tuple[Scan, ...]
    failures: tuple[Failure, ...]
    read: tuple[str, ...]
    assemble: tuple[str, ...]
    runs: tuple[PageRun, ...] = ()
    pages: tuple[PageRef, ...] = ()

    def each_page(self, stacks: Collection[str] | None = None) -> Iterator[PageRef]:
        """The pages, or those of some stacks, in stack order."""
        for run in self.runs:
            if stacks is None or run.stack_id in stacks:
                yield from run
        for page in self.pages:
            if stacks is None or page.stack_id in stacks:
                yield page

    @property
    def count(self) -> int:
        """How many pages there are."""
        return len(self.pages) + sum(run.pages for run in self.runs)

    @property
    def count_to_read(self) -> int:
        """How many pages are to be read: all but duplicates."""
        one_by_one = sum(not page.duplicate_of for page in self.pages)
        return one_by_one + sum(run.pages for run in self.runs if not run.repeats)

    @property
    def kinds(self) -> set[str]:
        """Of what kinds its pages are: image, row."""
        return {page.kind for page in self.pages} | {run.kind for run in self.runs}

    @property
    def stacks(self) -> tuple[str, ...]:
        """Ids of the stacks, in order of their first page."""
        of_runs = (run.stack_id for run in self.runs)
        of_pages = (page.stack_id for page in self.pages)
        return tuple(dict.fromkeys((*of_runs, *of_pages)))


@dataclass(frozen=True, slots=True)
class PageOutcome:
    """What became of one page: its text, or why it has none; a row brings its document along."""

    page_id: str
    text: PageText | None = None
    failure: Failure | None = None
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class PageLook:
    """What was measured of a page and how it was read, without its words; see `PageText`."""

    page_id: str
    flags: tuple[str, ...] = ()
    confidence: float | None = None
    sharpness: float | None = None
    source: str = "ocr"
    engine: str = ""
    settings_digest: str = ""
    scanned_at: str = ""


@dataclass(frozen=True, slots=True)
class PageGlance:
    """A `PageOutcome`, of which the words are passed over: they are most of what is kept."""

    page_id: str
    text: PageLook | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """A `PageOutcome` of a row, of which the text is passed over: its document is made already."""

    page_id: str
    failure: Failure | None = None
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class PageFate:
    """A `PageOutcome`, of which only is told whether the page could be had."""

    page_id: str
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class DocumentOutline:
    """What the balance and the report ask of a `Document`: all but its fields and their evidence.

    They are most of what is kept of a document.
    """

    id: str
    pages: tuple[str, ...]
    type: str
    type_confidence: float | None = None
    origin: str = "scan"
    replaces: str | None = None
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class StackOutline:
    """A `Stack` with the outlines of its documents."""

    id: str
    documents: tuple[DocumentOutline, ...]
    set_aside: Mapping[str, str]
    duplicate_of: Mapping[str, str] = field(default_factory=dict)
    maybe_duplicate_of: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ArchivedOutline:
    """An `ArchivedDocument`, of which the document's outline is asked for."""

    document: DocumentOutline


@dataclass(frozen=True, slots=True)
class Checked:
    """What the suites found of the batch, and the chunks of accepted documents.

    Findings on documents and pages and the verdicts are kept by stack; `report` holds them in
    batches of former versions.
    """

    report: QualityReport
    store: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StackJudged:
    """What the suites found in one stack: a verdict a document, and every rule that failed."""

    id: str
    verdicts: tuple[Verdict, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Effort:
    """What one piece of a stage has cost: units done, CPU seconds, from when to when (UTC)."""

    units: int
    cpu_seconds: float
    begun_at: str
    ended_at: str


@dataclass(frozen=True, slots=True)
class PageSource:
    """Where a document's page is found in the originals: file, zip member, index (0-based).

    `sheet` is that of a workbook.
    """

    page_id: str
    file_id: str
    member: str | None
    index: int
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class ArchivedDocument:
    """The record of an accepted document, as kept for good: see `docs/formats/document.md`."""

    document: Document
    verdict: Verdict
    pages: tuple[PageText, ...]
    sources: tuple[PageSource, ...]
    decision: Decision | None = None
    version: int = 1
