"""Which rows and records of an EMR an institution holds already, and which are newer versions.

Every record has a chain of claims in the vault, one a version: docs/formats/record-versions.md.
A claim is put if absent, so of two batches that bring one record at once only one has it.
"""

import functools
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from archive.vault.vault import Vault
from pipeline.assembly import Workshop
from pipeline.outcomes import Outcomes
from pipeline.work import WorkArea, load, load_registered
from records.codec import encode
from records.emr_identity import EmrIdentity
from records.ids import derive_id
from records.values import Document

CLAIM = "record"
_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Claim:
    """One version of a record: what it says (SHA-256), and the document that it became."""

    digest: str
    batch: str
    page: str
    document: str
    version: int = 1


@dataclass(frozen=True, slots=True)
class ToldApart:
    """Documents of records that are new or changed, in order; pages of the others → document."""

    documents: tuple[Document, ...] = ()
    known: Mapping[str, str] = field(default_factory=dict)


class RecordVersions:
    """The versions of records of one institution, as one batch sees them."""

    def __init__(self, workshop: Workshop, work: WorkArea) -> None:
        self._workshop = workshop
        self._vault = work.vault
        self._batch = work.batch.id

    def tell_apart(self, documents: Iterable[Document]) -> ToldApart:
        """Claim each record's version; a document without an identity is new.

        Records of one name are looked at in their order, others beside each other.
        """
        found = list(documents)
        by_name: dict[tuple[str, str, int], list[Document]] = defaultdict(list)
        for document in found:
            if document.identity is not None:
                by_name[document.identity.name].append(document)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            settled = {
                document.id: outcome
                for part in pool.map(self._settle_all, by_name.values())
                for document, outcome in part
            }
        kept = [settled.get(document.id, document) for document in found]
        known = {
            document.pages[0]: outcome
            for document, outcome in zip(found, kept, strict=True)
            if isinstance(outcome, str)
        }
        return ToldApart(tuple(one for one in kept if isinstance(one, Document)), known)

    def is_held_elsewhere(self, identity: EmrIdentity, document: str) -> bool:
        """Whether another batch still has the document that a record is known as."""
        for id_ in claim_ids(self._vault, identity):
            if not self._vault.has(CLAIM, id_):
                return False
            claim = load(self._vault, CLAIM, id_, Claim)
            if claim.document == document:
                return claim.batch != self._batch and self._stands(claim)
        return False

    def _settle_all(self, documents: list[Document]) -> list[tuple[Document, Document | str]]:
        return [(document, self._settle(document)) for document in documents]

    def _settle(self, document: Document) -> Document | str:
        """The document with what it replaces, or the id of the one that it is already."""
        if document.identity is None:
            return document
        digest = document.identity.digest
        mine = Claim(digest, self._batch, document.pages[0], document.id)
        older = None
        for id_ in claim_ids(self._vault, document.identity):
            claim = self._claimed(id_, mine)
            if claim == mine:
                return replace(document, replaces=older)
            if not self._stands(claim):
                continue
            if claim.digest == digest:
                return claim.document
            older = claim.document
        return document

    def _claimed(self, id_: str, mine: Claim) -> Claim:
        raw = encode(mine)
        stored = self._vault.put(CLAIM, id_, raw)
        if stored.commitment == self._vault.commitment(CLAIM, id_, raw):
            return mine
        return load(self._vault, CLAIM, id_, Claim)

    def _stands(self, claim: Claim) -> bool:
        """Whether a claim's document is in this batch, stored, or waits for a person elsewhere."""
        if claim.batch == self._batch or self._is_stored(claim.document):
            return True
        return claim.batch in self._sealed and claim.document in self._held(claim.batch)

    def _is_stored(self, document: str) -> bool:
        return self._vault.has("document", document) or document in self._disposed

    @functools.cached_property
    def _disposed(self) -> set[str]:
        return self._vault.disposed_ids("document")

    @functools.cached_property
    def _sealed(self) -> set[str]:
        leaves = self._workshop.archive.ledger.leaves()
        return {leaf.batch for leaf in leaves if leaf.kind == "seal"}

    @functools.cache  # noqa: B019  (lives as long as one task)
    def _held(self, batch: str) -> frozenset[str]:
        work = WorkArea(self._vault, load_registered(self._vault, batch))
        return frozenset(
            verdict.document_id
            for judged in Outcomes(work).each_judged()
            for verdict in judged.verdicts
            if verdict.outcome == "hold"
        )


def claim_ids(vault: Vault, identity: EmrIdentity) -> Iterator[str]:
    """The ids of a record's claims, version by version, without end.

    Ids lie open in the store, and a key may be a patient's number: so they are salted.
    """
    salt = vault.salt(CLAIM, derive_id("n", *identity.name))
    return (derive_id("r", salt, version) for version in itertools.count())


def current_version(vault: Vault, document: Document) -> str:
    """The id of the newest stored version of a document's record; its own where it has none."""
    newest = document.id
    if document.identity is None:
        return newest
    for id_ in claim_ids(vault, document.identity):
        if not vault.has(CLAIM, id_):
            return newest
        claim = load(vault, CLAIM, id_, Claim)
        if vault.has("document", claim.document):
            newest = claim.document
    return newest
