"""Check a proof offline: no archive, no key of ours, only the file that was handed out."""

import json
from dataclasses import dataclass

from archive.ledger.heads import SignedHead, head_of_plain
from archive.ledger.merkle import root_of_path
from archive.ledger.segments import leaf_bytes
from archive.vault.commitment import commitment_of
from archive.vault.signing import public_key_id
from records.errors import IntegrityError
from records.values import LedgerLeaf

PROOF_VERSION = 1


@dataclass(frozen=True, slots=True)
class CheckedProof:
    """What a good proof says: this leaf was in the ledger when this head was signed."""

    leaf: LedgerLeaf
    head: SignedHead
    document_checked: bool


def check_proof(
    proof: bytes, document: bytes | None = None, key_id: str | None = None
) -> CheckedProof:
    """Check a proof file, and with it the document's bytes and the key the reader trusts.

    Without `key_id` a good answer only says that the proof agrees with the key inside it.

    Raises:
        IntegrityError: `proof_malformed`, `proof_key`, `proof_signature`, `proof_path` or
            `proof_document`: the first thing that does not hold.
    """
    try:
        plain = json.loads(proof)
        if plain["version"] != PROOF_VERSION:
            raise IntegrityError("proof_malformed")
        leaf = LedgerLeaf(**plain["leaf"])
        head = head_of_plain(plain["head"])
        public, salt = bytes.fromhex(plain["public_key"]), bytes.fromhex(plain["salt"])
        path = [bytes.fromhex(node) for node in plain["path"]]
        root = root_of_path(leaf_bytes(leaf), int(plain["index"]), head.size, path)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise IntegrityError("proof_malformed") from error
    if key_id not in {None, public_key_id(public)}:
        raise IntegrityError("proof_key", public_key_id(public))
    if not head.holds(public):
        raise IntegrityError("proof_signature", public_key_id(public))
    if root is None or root.hex() != head.root:
        raise IntegrityError("proof_path", leaf.id)
    if document is not None and commitment_of(salt, document) != leaf.commitment:
        raise IntegrityError("proof_document", leaf.id)
    return CheckedProof(leaf, head, document is not None)
