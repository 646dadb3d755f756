"""Accepted documents: what is stored of them, their leaf, their index entry."""

from collections.abc import Mapping

from archive.index.index import Index
from archive.vault.vault import Vault
from pipeline.outcomes import Outcomes
from pipeline.stage_results import ArchivedDocument, ArchivedOutline, DocumentOutline
from pipeline.work import load
from records.archived import IndexEntry, LedgerLeaf, StoredObject
from records.codec import encode

# Each commit writes every page of the look-ups by person that it touches, and they lie anywhere.
# In parts of 16,384 an index of 100,000 was filled faster still, and the slowest questions to it
# took twice as long.
ENTRIES_AT_ONCE = 4_096
_CHARACTERS_AT_ONCE = 8_000_000


def archive_document(outcomes: Outcomes, document: str) -> StoredObject:
    """Put one accepted document into the vault, or find it there."""
    work = outcomes.work
    if work.vault.has("document", document):
        return work.vault.stored("document", document)
    final = outcomes.final(document)
    texts = [work.page(page).text for page in final.pages]
    record = ArchivedDocument(
        document=final,
        verdict=outcomes.verdicts[document],
        pages=tuple(text for text in texts if text),
        sources=tuple(outcomes.sources[page] for page in final.pages),
        decision=outcomes.decisions.get(document),
    )
    return work.vault.put("document", document, encode(record), same=True)


def load_document(vault: Vault, document: str) -> ArchivedDocument:
    """An archived document, opened."""
    return load(vault, "document", document, ArchivedDocument)


def archived_outline(vault: Vault, document: str) -> DocumentOutline:
    """As `load_document`, what the document and its pages say passed over."""
    return load(vault, "document", document, ArchivedOutline).document


def leaf_of(stored: StoredObject, batch: str) -> LedgerLeaf:
    """The ledger's leaf of a stored object."""
    return LedgerLeaf(stored.kind, stored.institution, batch, stored.id, stored.commitment)


def add_entries(index: Index, vault: Vault, batches: Mapping[str, str]) -> None:
    """Add stored documents (document id → batch) to the index, some at a time."""
    part: list[IndexEntry] = []
    characters = 0
    for document, batch in batches.items():
        entry = entry_of(vault, document, vault.institution, batch)
        part.append(entry)
        characters += sum(map(len, entry.texts))
        if len(part) >= ENTRIES_AT_ONCE or characters >= _CHARACTERS_AT_ONCE:
            index.add(part)
            part, characters = [], 0
    if part:
        index.add(part)


def entry_of(vault: Vault, document: str, institution: str, batch: str) -> IndexEntry:
    """What the index is told of an archived document."""
    record = load_document(vault, document)
    return IndexEntry(
        document_id=document,
        institution=institution,
        batch=batch,
        type=record.document.type,
        page_ids=tuple(page.page_id for page in record.pages),
        texts=tuple(page.text for page in record.pages),
        fields=record.document.fields,
        content=vault.stored("document", document).commitment,
    )
