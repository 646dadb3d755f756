"""Where every page and document of a batch stands: machine's verdict, then people's decisions."""

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from intake.archives import INSIDE
from pipeline.work import PageOutcome, PageSource, WorkArea
from records.archived import StoredObject
from records.judgements import Decision, Verdict
from records.values import Document, PageText, Stack

OUTCOMES = {"accept": "accepted", "hold": "held", "reject": "rejected"}


def flagged(text: PageText, duplicate_of: Mapping[str, str]) -> PageText:
    """A page's text with the flag that only its neighbours could tell."""
    if text.page_id not in duplicate_of:
        return text
    return replace(text, flags=(*text.flags, "duplicate"))


class Outcomes:
    """One batch (or only some of its stacks) as it stands now."""

    def __init__(self, work: WorkArea, stacks: Iterable[str] | None = None) -> None:
        self.work = work
        self.stack_ids = tuple(work.triaged().stacks if stacks is None else stacks)

    @functools.cached_property
    def stacks(self) -> tuple[Stack, ...]:
        """The stacks, taken apart."""
        return tuple(self.work.stack(stack) for stack in self.stack_ids)

    @functools.cached_property
    def documents(self) -> Mapping[str, Document]:
        """Documents by id, as the machine made them, in order."""
        return {document.id: document for stack in self.stacks for document in stack.documents}

    def each_stack(self) -> Iterator[Stack]:
        """The stacks one after the other; none is kept but where all are already."""
        if "stacks" in self.__dict__:
            yield from self.stacks
        else:
            yield from map(self.work.stack, self.stack_ids)

    @functools.cached_property
    def stack_of(self) -> Mapping[str, str]:
        """The stack of each document, in order."""
        return {document.id: s.id for s in self.each_stack() for document in s.documents}

    @functools.cached_property
    def set_aside(self) -> Mapping[str, str]:
        """Pages set aside: page id → blank | separator | duplicate | known."""
        return {page: what for stack in self.stacks for page, what in stack.set_aside.items()}

    @functools.cached_property
    def known(self) -> Mapping[str, str]:
        """Rows and records that were had already: page id → the document that they are."""
        return {page: document for stack in self.stacks for page, document in stack.known.items()}

    @functools.cached_property
    def duplicate_of(self) -> Mapping[str, str]:
        """Pages set aside as duplicates, of a file received twice or of a sheet scanned twice."""
        files = {page.id: page.duplicate_of for page in self.work.triaged().pages}
        received = {page: first for page, first in files.items() if first}
        return received | {c: page for s in self.stacks for c, page in s.duplicate_of.items()}

    @functools.cached_property
    def maybe_duplicate_of(self) -> Mapping[str, str]:
        """Pages of documents that may repeat another page: page id → that page."""
        return {c: page for s in self.stacks for c, page in s.maybe_duplicate_of.items()}

    @functools.cached_property
    def verdicts(self) -> Mapping[str, Verdict]:
        """The machine's verdicts by document."""
        return {verdict.document_id: verdict for verdict in self.work.checked().report.verdicts}

    @functools.cached_property
    def decisions(self) -> Mapping[str, Decision]:
        """People's decisions by document."""
        found = ((document, self.work.decision(document)) for document in self.stack_of)
        return {document: decision for document, decision in found if decision}

    @functools.cached_property
    def places(self) -> Mapping[str, tuple[str, int]]:
        """Where each page was received: path (with a zip's member) and number, from 1."""
        triaged = self.work.triaged()
        paths = {
            scan.id: scan.path + (f"{INSIDE}{scan.member}" if scan.member else "")
            for scan in triaged.scans
        }
        return {page.id: (paths[page.scan_id], page.index + 1) for page in triaged.pages}

    @functools.cached_property
    def sources(self) -> Mapping[str, PageSource]:
        """Where each page of these stacks is found in the originals."""
        triaged, wanted = self.work.triaged(), set(self.stack_ids)
        scans = {scan.id: scan for scan in triaged.scans}
        return {
            page.id: PageSource(
                page.id,
                page.file_id,
                scans[page.scan_id].member,
                page.index,
                scans[page.scan_id].sheet,
            )
            for page in triaged.pages
            if page.stack_id in wanted
        }

    def pages(self) -> Iterator[PageOutcome]:
        """What became of each page that was to be read, in order."""
        wanted = set(self.stack_ids)
        for page in self.work.triaged().pages:
            if page.stack_id in wanted and not page.duplicate_of:
                yield self.work.page(page.id)

    def texts(self) -> Iterator[PageText]:
        """The text of each page that could be read, in order, duplicates flagged."""
        for outcome in self.pages():
            if outcome.text:
                yield flagged(outcome.text, self.duplicate_of)

    def outcome(self, document: str) -> str:
        """Accepted | held | rejected, as it stands now."""
        if document in self.decisions:
            return OUTCOMES[self.decisions[document].outcome]
        return OUTCOMES[self.verdicts[document].outcome]

    def by_outcome(self) -> dict[str, list[str]]:
        """Document ids by where they stand, in order."""
        ids: dict[str, list[str]] = {name: [] for name in OUTCOMES.values()}
        for document in self.stack_of:
            ids[self.outcome(document)].append(document)
        return ids

    def stored_decisions(self) -> list[StoredObject]:
        """The decisions as objects of the vault."""
        return [
            self.work.vault.stored("decision", self.work.decision_id(document))
            for document in self.decisions
        ]

    def final(self, document: str) -> Document:
        """A document with the type a person gave it, where one did."""
        made = self.documents[document]
        decision = self.decisions.get(document)
        if decision is None or decision.type is None:
            return made
        return replace(made, type=decision.type, type_confidence=None)
