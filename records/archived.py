"""What the archive holds of a document: object, leaf of the ledger, entry of the index."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from records.values import Field


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One object of the vault: its plaintext's salted commitment and its ciphertext's digest."""

    institution: str
    kind: str
    id: str
    size: int
    commitment: str
    ciphertext_sha256: str


@dataclass(frozen=True, slots=True)
class LedgerLeaf:
    """One leaf of the ledger: ids and a commitment, nothing that speaks of a person."""

    kind: str  # original | document | seal | decision | access | retention | disposal | stamp
    institution: str
    batch: str
    id: str
    commitment: str


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """What the index needs of one accepted document; `texts` is one string a page.

    `content`: the commitment of what is stored, by which a rebuild knows what is already done.
    """

    document_id: str
    institution: str
    batch: str
    type: str
    page_ids: tuple[str, ...]
    texts: tuple[str, ...]
    fields: Mapping[str, Field] = field(default_factory=dict)
    content: str = ""
