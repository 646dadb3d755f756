"""Where every page and document of a batch stands: machine's verdict, then people's decisions."""

import functools
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from intake.archives import INSIDE
from pipeline.by_stack import ByStack
from pipeline.stage_results import (
    PageFate,
    PageGlance,
    PageLook,
    PageOutcome,
    PageSource,
    StackJudged,
    StackOutline,
)
from pipeline.work import WorkArea
from records.archived import StoredObject
from records.id_set import IdMap, OrderedIdMap
from records.judgements import Decision, Verdict
from records.values import Document, PageRef, PageText, Scan, Stack

OUTCOMES = {"accept": "accepted", "hold": "held", "reject": "rejected"}


Look = TypeVar("Look", PageText, PageLook)


def flagged(text: Look, duplicate_of: Mapping[str, str]) -> Look:
    """A page's text, or its look, with the flag that only its neighbours could tell."""
    if text.page_id not in duplicate_of:
        return text
    return replace(text, flags=(*text.flags, "duplicate"))


def with_decision(made: Document, decision: Decision | None) -> Document:
    """A document with the type that a decision gives it, where one does."""
    if decision is None or decision.type is None:
        return made
    return replace(made, type=decision.type, type_confidence=None)


def path_of(scan: Scan) -> str:
    """Where a scan was received: path, with a zip's member."""
    return scan.path + (f"{INSIDE}{scan.member}" if scan.member else "")


class Outcomes:
    """One batch (or only some of its stacks) as it stands now.

    Of documents and what is said of them, a few stacks are in memory at a time; the ids of all are.
    """

    def __init__(self, work: WorkArea, stacks: Iterable[str] | None = None) -> None:
        self.work = work
        self.stack_ids = tuple(work.triaged().stacks if stacks is None else stacks)

    def each_stack(self) -> Iterator[Stack]:
        """The stacks, taken apart, one after the other."""
        return map(self.work.stack, self.stack_ids)

    def each_outline(self) -> Iterator[StackOutline]:
        """As `each_stack`, without what the documents say: it takes a third of the time."""
        return map(self.work.stack_outline, self.stack_ids)

    def each_document(self) -> Iterator[Document]:
        """The documents, as the machine made them, in order."""
        for stack in self.each_stack():
            yield from stack.documents

    def each_judged(self) -> Iterator[StackJudged]:
        """What the suites found, stack by stack."""
        return map(self._judged, self.stack_ids)

    @functools.cached_property
    def documents(self) -> Mapping[str, Document]:
        """Documents by id, as the machine made them, in order."""
        return ByStack(self.stack_of, self._documents_of)

    @functools.cached_property
    def stack_of(self) -> OrderedIdMap:
        """The stack of each document, in order."""
        return OrderedIdMap(
            (document.id, stack.id) for stack in self.each_outline() for document in stack.documents
        )

    @functools.cached_property
    def set_aside(self) -> Mapping[str, str]:
        """Pages set aside: page id → blank | separator | duplicate | known."""
        return {page: what for s in self.each_outline() for page, what in s.set_aside.items()}

    @functools.cached_property
    def duplicate_of(self) -> Mapping[str, str]:
        """Pages set aside as duplicates, of a file received twice or of a sheet scanned twice."""
        pages = self.work.triaged().each_page()
        received = {page.id: page.duplicate_of for page in pages if page.duplicate_of}
        return {**received, **self.scanned_twice}

    @functools.cached_property
    def scanned_twice(self) -> Mapping[str, str]:
        """Pages set aside as duplicates of a sheet scanned twice."""
        return {c: page for s in self.each_outline() for c, page in s.duplicate_of.items()}

    @functools.cached_property
    def maybe_duplicate_of(self) -> Mapping[str, str]:
        """Pages of documents that may repeat another page: page id → that page."""
        return {c: page for s in self.each_outline() for c, page in s.maybe_duplicate_of.items()}

    @functools.cached_property
    def verdicts(self) -> Mapping[str, Verdict]:
        """The machine's verdicts by document."""
        return ByStack(self.stack_of, self._verdicts_of)

    @functools.cached_property
    def decisions(self) -> Mapping[str, Decision]:
        """People's decisions by document, in order."""
        there = set(self.work.vault.ids("decision"))
        if not there:
            return {}
        found = (
            (document.id, self.work.decision(document.id))
            for stack in self.each_outline()
            for document in stack.documents
            if self.work.decision_id(document.id) in there
        )
        return {document: decision for document, decision in found if decision}

    @functools.cached_property
    def places(self) -> Mapping[str, tuple[str, int]]:
        """Where each page was received: path (with a zip's member) and number, from 1."""
        return {page: (path, number) for page, path, number in self.each_place()}

    def each_place(self, wanted: Collection[str] | None = None) -> Iterator[tuple[str, str, int]]:
        """Where pages, or some of them, were received: id, path, number."""
        triaged = self.work.triaged()
        paths = {scan.id: path_of(scan) for scan in triaged.scans}
        for page in triaged.each_page():
            if wanted is None or page.id in wanted:
                yield page.id, paths[page.scan_id], page.index + 1

    @functools.cached_property
    def page_refs(self) -> Mapping[str, PageRef]:
        """Pages by id."""
        each_page = self.work.triaged().each_page
        return ByStack(
            IdMap((page.id, page.stack_id) for page in each_page()),
            lambda stack: [(page.id, page) for page in each_page((stack,))],
        )

    @functools.cached_property
    def sources(self) -> Mapping[str, PageSource]:
        """Where each page of these stacks is found in the originals."""
        triaged = self.work.triaged()
        scans = {scan.id: scan for scan in triaged.scans}
        return {
            page.id: PageSource(
                page.id,
                page.file_id,
                scans[page.scan_id].member,
                page.index,
                scans[page.scan_id].sheet,
            )
            for page in triaged.each_page(frozenset(self.stack_ids))
        }

    def pages(self, stacks: Collection[str] | None = None) -> Iterator[PageOutcome]:
        """What became of each page that was to be read (or of those of some stacks), in order."""
        wanted = frozenset(self.stack_ids if stacks is None else stacks)
        for page in self.work.triaged().each_page(wanted):
            if not page.duplicate_of:
                yield self.work.page(page.id)

    def fates(self) -> Iterator[PageFate]:
        """As `pages`, only whether each could be had."""
        for page in self.work.triaged().each_page(frozenset(self.stack_ids)):
            if not page.duplicate_of:
                yield self.work.page_fate(page.id)

    def glances(self) -> Iterator[PageGlance]:
        """As `pages`, without their words; duplicates flagged."""
        for page in self.work.triaged().each_page(frozenset(self.stack_ids)):
            if not page.duplicate_of:
                seen = self.work.page_glance(page.id)
                look = seen.text and flagged(seen.text, self.scanned_twice)
                yield replace(seen, text=look)

    def texts(self, stacks: Collection[str] | None = None) -> Iterator[PageText]:
        """The text of each page that could be read, in order, duplicates flagged."""
        for outcome in self.pages(stacks):
            if outcome.text:
                yield flagged(outcome.text, self.scanned_twice)

    def outcome(self, document: str) -> str:
        """Accepted | held | rejected, as it stands now."""
        if document in self.decisions:
            return OUTCOMES[self.decisions[document].outcome]
        return OUTCOMES[self.verdicts[document].outcome]

    def each_outcome(self) -> Iterator[tuple[str, str]]:
        """Each document's id and where it stands now, in order."""
        for judged in self.each_judged():
            for verdict in judged.verdicts:
                decided = self.decisions.get(verdict.document_id)
                yield verdict.document_id, OUTCOMES[(decided or verdict).outcome]

    def by_outcome(self) -> dict[str, list[str]]:
        """Document ids by where they stand, in order."""
        ids: dict[str, list[str]] = {name: [] for name in OUTCOMES.values()}
        for document, outcome in self.each_outcome():
            ids[outcome].append(document)
        return ids

    def stored_decisions(self) -> list[StoredObject]:
        """The decisions as objects of the vault."""
        return [
            self.work.vault.stored("decision", self.work.decision_id(document))
            for document in self.decisions
        ]

    def final(self, document: str) -> Document:
        """A document with the type a person gave it, where one did."""
        return with_decision(self.documents[document], self.decisions.get(document))

    def _documents_of(self, stack: str) -> list[tuple[str, Document]]:
        return [(document.id, document) for document in self.work.stack(stack).documents]

    def _verdicts_of(self, stack: str) -> list[tuple[str, Verdict]]:
        return [(verdict.document_id, verdict) for verdict in self._judged(stack).verdicts]

    def _judged(self, stack: str) -> StackJudged:
        if found := self.work.judged(stack):
            return found
        ids = self._judged_at_once
        documents = [document.id for document in self.work.stack_outline(stack).documents]
        return StackJudged(stack, tuple(ids[id_] for id_ in documents if id_ in ids), ())

    @functools.cached_property
    def _judged_at_once(self) -> Mapping[str, Verdict]:
        """The verdicts of a batch that a former version judged."""
        return {verdict.document_id: verdict for verdict in self.work.checked().report.verdicts}
