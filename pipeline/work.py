"""The work area: what each stage leaves for the next, encrypted, under ids the next one can derive.

Every piece is written once (`put` keeps the first writer's), so a stage that was killed and run
again, or that runs twice at once, ends in the same state.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from archive.vault.vault import Vault
from intake.archives import INSIDE
from intake.emr.fhir.beside import Beside
from pipeline.named_patients import NamedByRows, NamedFile
from pipeline.stage_results import (
    AssembleChunk,
    Checked,
    Effort,
    PageFate,
    PageGlance,
    PageOutcome,
    ReadChunk,
    Registered,
    RowOutcome,
    StackJudged,
    StackOutline,
    StoreChunk,
    TriagedBatch,
)
from records.codec import decode, encode
from records.errors import IntegrityError, RejectedInput
from records.ids import derive_id
from records.judgements import Decision
from records.values import (
    MissingFile,
    ReceivedFile,
    Stack,
)

T = TypeVar("T")

_REMNANT = "remnant"
_NOTHING_BESIDE: Mapping[str, Beside] = {}


class WorkArea:
    """One batch's work in its institution's vault; every method says what it finds or leaves."""

    def __init__(self, vault: Vault, registered: Registered) -> None:
        self.vault = vault
        self.batch = registered.batch
        self.plan = registered.plan
        self._triaged: TriagedBatch | None = None

    def declared_files(self) -> list[ReceivedFile | MissingFile]:
        """The files that came, and the listed ones that did not."""
        return [*self.batch.files, *self.batch.missing]

    def box_of(self, path: str) -> str | None:
        """The box that the manifest names for a file; `path` may name a member of a zip."""
        boxes = {file.path: file.box for file in self.declared_files()}
        return boxes.get(path.split(INSIDE, 1)[0])

    def _load(self, name: str, id_: str, cls: type[T]) -> T:
        return load(self.vault, self._kind(name), id_, cls)

    def _load_or_remnant(self, name: str, id_: str, cls: type[T]) -> T:
        try:
            return self._load(name, id_, cls)
        except RejectedInput as error:
            if error.code != "object_disposed":
                raise
            return self._load(_REMNANT, id_, cls)

    def _save(self, name: str, id_: str, value: object) -> None:
        self.vault.put(self._kind(name), id_, encode(value))

    def _has(self, name: str, id_: str) -> bool:
        return self.vault.has(self._kind(name), id_)

    @staticmethod
    def _kind(name: str) -> str:
        return f"work/{name}"

    def _id(self, name: str, *parts: str) -> str:
        return derive_id("w", name, *parts)

    # triage

    @property
    def _triage_id(self) -> str:
        return self._id("triage", self.batch.id)

    def is_triaged(self) -> bool:
        """Tell whether triage is done."""
        return self._has("triage", self._triage_id)

    def triaged(self) -> TriagedBatch:
        """What triage found.

        Raises:
            RejectedInput: the batch is not so far yet (`batch_not_ready`).
        """
        if self._triaged is None:
            if not self.is_triaged():
                raise RejectedInput("batch_not_ready", self.batch.id)
            self._triaged = self._load("triage", self._triage_id, TriagedBatch)
        return self._triaged

    def save_chunks(
        self, chunks: Iterable[ReadChunk | AssembleChunk | StoreChunk]
    ) -> tuple[str, ...]:
        """Keep chunks as they come, before the record that names them; return their ids."""
        ids = []
        for chunk in chunks:
            self._save("chunk", chunk.id, chunk)
            ids.append(chunk.id)
        return tuple(ids)

    def save_triaged(
        self, triaged: TriagedBatch, beside: Mapping[str, Beside] = _NOTHING_BESIDE
    ) -> None:
        """Keep what triage found."""
        for scan, found in beside.items():
            self._save("beside", self._id("beside", scan), found)
        self._save("triage", self._triage_id, triaged)

    def beside(self, scan: str) -> Beside | None:
        """What other FHIR files of the batch have to do with one."""
        id_ = self._id("beside", scan)
        return self._load("beside", id_, Beside) if self._has("beside", id_) else None

    def read_chunk(self, chunk: str) -> ReadChunk:
        """A chunk of pages to read."""
        return self._load("chunk", chunk, ReadChunk)

    def assemble_chunk(self, chunk: str) -> AssembleChunk:
        """A chunk of stacks to assemble."""
        return self._load("chunk", chunk, AssembleChunk)

    def store_chunk(self, chunk: str) -> StoreChunk:
        """A chunk of documents to store."""
        return self._load("chunk", chunk, StoreChunk)

    # pages

    def _page_id(self, page: str) -> str:
        return self._id("page", page, self.plan.reading)

    def has_page(self, page: str) -> bool:
        """Tell whether a page was read (or refused)."""
        return self._has("page", self._page_id(page))

    def page(self, page: str) -> PageOutcome:
        """What became of a page; of one that was disposed of, that it was there."""
        return self._load_or_remnant("page", self._page_id(page), PageOutcome)

    def page_glance(self, page: str) -> PageGlance:
        """As `page`, its words passed over."""
        return self._load_or_remnant("page", self._page_id(page), PageGlance)

    def row(self, page: str) -> RowOutcome:
        """As `page`, of a row of a table or message, without its text."""
        return self._load_or_remnant("page", self._page_id(page), RowOutcome)

    def page_fate(self, page: str) -> PageFate:
        """As `page`, only whether it could be had."""
        return self._load_or_remnant("page", self._page_id(page), PageFate)

    def page_object(self, page: str) -> tuple[str, str]:
        """Kind and id of what is kept of a page."""
        return self._kind("page"), self._page_id(page)

    def save_page(self, outcome: PageOutcome) -> None:
        """Keep what became of a page."""
        self._save("page", self._page_id(outcome.page_id), outcome)

    def named(self, chunk: str) -> tuple[NamedFile, ...]:
        """The files that the rows of a chunk name."""
        id_ = self._id("named", chunk)
        return self._load("named", id_, NamedByRows).files if self._has("named", id_) else ()

    def save_named(self, chunk: str, named: NamedByRows) -> None:
        """Keep which files the rows of a chunk name, where they name any."""
        if named.files:
            self._save("named", self._id("named", chunk), named)

    # stacks

    def _stack_id(self, stack: str) -> str:
        return self._id("stack", stack, self.plan.reading, self.plan.classifying)

    def has_stack(self, stack: str) -> bool:
        """Tell whether a stack was assembled."""
        return self._has("stack", self._stack_id(stack))

    def stack(self, stack: str) -> Stack:
        """A stack taken apart; of one that was disposed of, what it consisted of."""
        return self._load_or_remnant("stack", self._stack_id(stack), Stack)

    def stack_outline(self, stack: str) -> StackOutline:
        """As `stack`, what its documents say passed over."""
        return self._load_or_remnant("stack", self._stack_id(stack), StackOutline)

    def stack_object(self, stack: str) -> tuple[str, str]:
        """Kind and id of what is kept of a stack."""
        return self._kind("stack"), self._stack_id(stack)

    def save_stack(self, stack: Stack) -> None:
        """Keep a stack taken apart."""
        self._save("stack", self._stack_id(stack.id), stack)

    def save_remnants(self, stacks: Iterable[str], pages: Iterable[str]) -> None:
        """Before a disposal: keep of stacks and pages what the balance counts, and no content."""
        for stack in stacks:
            whole = self.stack(stack)
            bare = tuple(
                replace(one, fields={}, evidence=(), identity=None, attachments=())
                for one in whole.documents
            )
            self._save(_REMNANT, self._stack_id(stack), replace(whole, documents=bare))
        for page in pages:
            if self.vault.has(*self.page_object(page)):
                failure = self.page(page).failure
                self._save(_REMNANT, self._page_id(page), PageOutcome(page, failure=failure))

    # verdicts

    @property
    def _check_id(self) -> str:
        plan = self.plan
        return self._id(
            "check", self.batch.id, plan.reading, plan.classifying, str(plan.hold_below)
        )

    def is_checked(self) -> bool:
        """Tell whether the machine has given its verdicts."""
        return self._has("check", self._check_id)

    def checked(self) -> Checked:
        """The machine's verdicts.

        Raises:
            RejectedInput: the batch is not so far yet (`batch_not_ready`).
        """
        if not self.is_checked():
            raise RejectedInput("batch_not_ready", self.batch.id)
        return self._load("check", self._check_id, Checked)

    def save_checked(self, checked: Checked) -> None:
        """Keep what the suites found, once chunks and stacks are kept."""
        self._save("check", self._check_id, checked)

    def judged(self, stack: str) -> StackJudged | None:
        """What the suites found in a stack; None where a former version kept it with the batch."""
        id_ = self._id("judged", self._check_id, stack)
        return self._load("judged", id_, StackJudged) if self._has("judged", id_) else None

    def save_judged(self, judged: StackJudged) -> None:
        """Keep what the suites found in a stack."""
        self._save("judged", self._id("judged", self._check_id, judged.id), judged)

    # what it cost

    def save_effort(self, stage: str, piece: str, effort: Effort) -> None:
        """Keep what a piece of a stage has cost; what the first one to end it kept stands."""
        self._save("effort", self._id("effort", self.batch.id, stage, piece), effort)

    def effort(self, stage: str, piece: str = "") -> Effort | None:
        """What a piece of a stage has cost; None where nothing was kept."""
        id_ = self._id("effort", self.batch.id, stage, piece)
        return self._load("effort", id_, Effort) if self._has("effort", id_) else None

    # decisions of people: one a document, never replaced

    def decision(self, document: str) -> Decision | None:
        """What a person decided on a document."""
        if not self.vault.has("decision", self.decision_id(document)):
            return None
        return load(self.vault, "decision", self.decision_id(document), Decision)

    def save_decision(self, decision: Decision) -> None:
        """Keep a decision.

        Raises:
            RejectedInput: somebody has decided otherwise meanwhile (`document_not_held`).
        """
        id_ = self.decision_id(decision.document_id)
        self.vault.put("decision", id_, encode(decision))
        if self.decision(decision.document_id) != decision:
            raise RejectedInput("document_not_held", decision.document_id)

    @staticmethod
    def decision_id(document: str) -> str:
        """Id of the decision on a document."""
        return derive_id("c", document)


def save_registered(vault: Vault, registered: Registered) -> Registered:
    """Keep a batch and its plan; the first registration stands, and is returned."""
    vault.put("batch", registered.batch.id, encode(registered))
    return load_registered(vault, registered.batch.id)


def load_registered(vault: Vault, batch: str) -> Registered:
    """The batch and its plan, as first registered."""
    return load(vault, "batch", batch, Registered)


def load(vault: Vault, kind: str, id_: str, cls: type[T]) -> T:
    """Open an object of the vault and build its value.

    Raises:
        IntegrityError: there is none, it is damaged, or it is no such value (`record_unreadable`).
    """
    raw = vault.get(kind, id_)
    try:
        return decode(cls, raw)
    except (ValueError, KeyError, TypeError):
        raise IntegrityError("record_unreadable", id_) from None
