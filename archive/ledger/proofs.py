"""The bytes of proofs, as `check_proof` reads them."""

import base64
import datetime as dt
from collections.abc import Iterable, Sequence

from archive.ledger.check_proof import (
    EXTENSION,
    INCLUSION,
    MAGIC,
    NUMBER_BYTES,
    PACKED,
    RENEWED,
    VERSION,
    Extension,
    HashRenewal,
    HeadSigning,
    Proof,
)
from archive.ledger.heads import SignedHead
from records.ids import is_id

_ONE_LETTER = 28
"""Characters of an id with a prefix of one letter."""


def signing_of(head: SignedHead, public: bytes) -> HeadSigning:
    """How a head was signed, all but its root."""
    seconds = int(dt.datetime.fromisoformat(head.time).timestamp())
    return HeadSigning(head.size, seconds, public, bytes.fromhex(head.signature))


def proof_bytes(proof: Proof) -> bytes:
    """An inclusion proof's file."""
    leaf = proof.leaf
    texts = (leaf.kind, leaf.institution, leaf.batch, leaf.id)
    parts = [
        MAGIC + bytes([VERSION, INCLUSION]),
        *map(_text, texts),
        bytes.fromhex(leaf.commitment),
        proof.salt,
        *_place(proof.index, proof.path, proof.head),
        _long(proof.stamp),
        bytes([len(proof.renewals)]),
    ]
    for renewal in proof.renewals:
        parts += [*_place(renewal.index, renewal.path, renewal.head), _long(renewal.stamp)]
    return b"".join(parts)


def renewed_bytes(proof: Proof, renewals: Sequence[bytes]) -> bytes:
    """The file of an inclusion proof with its hash renewals, the first one first."""
    head = MAGIC + bytes([VERSION, RENEWED])
    return b"".join([head, _long(proof_bytes(proof)), bytes([len(renewals)]), *renewals])


def hash_renewal_bytes(renewal: HashRenewal) -> bytes:
    """A hash renewal as it stands in a proof."""
    numbers = (renewal.number, renewal.first, renewal.size, renewal.index)
    return b"".join(
        [
            bytes([renewal.covers, renewal.algorithm]),
            *map(_number, numbers),
            bytes([renewal.state]),
            renewal.digest,
            bytes([len(renewal.path)]),
            *renewal.path,
            _long(renewal.stamp),
        ]
    )


def extension_bytes(extension: Extension) -> bytes:
    """A consistency proof's file."""
    head = MAGIC + bytes([VERSION, EXTENSION])
    return b"".join([head, *_place(extension.first, extension.path, extension.head)])


def _place(number: int, path: Sequence[bytes], head: HeadSigning) -> Iterable[bytes]:
    yield _number(number)
    yield bytes([len(path)])
    yield from path
    yield _number(head.size) + _number(head.seconds) + head.public + head.signature


def _number(number: int) -> bytes:
    return number.to_bytes(NUMBER_BYTES, "big")


def _long(data: bytes) -> bytes:
    return len(data).to_bytes(3, "big") + data


def _text(text: str) -> bytes:
    if is_id(text) and len(text) == _ONE_LETTER:
        bits = base64.b32decode(text[2:].upper() + "AA====")
        return bytes([PACKED]) + text[:1].encode("ascii") + bits
    return bytes([len(text)]) + text.encode("ascii")
