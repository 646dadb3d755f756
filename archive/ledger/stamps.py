"""Time stamps of signed heads as they are stored: one beside its head, and a leaf that covers it.

The leaf makes a later stamp renew every earlier one: whoever stamps a head stamps, through the
tree, all the stamps before it (RFC 4998, 5.2, with the log as its hash tree).
"""

import base64
import binascii
import json
from dataclasses import dataclass

from archive.ledger.check_proof import ProofRefused, Stamp, stamp_leaf
from archive.ledger.check_proof import read_stamp as read_response
from records.archived import LedgerLeaf
from records.codec import canonical
from records.errors import IntegrityError

PREFIX = "ledger/stamps/"
KIND = "stamp"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class HeadStamp:
    """The answer of a time-stamping authority (DER, RFC 3161) to the head of a size."""

    size: int
    response: bytes

    def to_bytes(self) -> bytes:
        """The stamp as it is stored."""
        response = base64.b64encode(self.response).decode("ascii")
        return canonical({"version": _VERSION, "size": self.size, "response": response})

    def leaf(self) -> LedgerLeaf:
        """Its leaf in the ledger."""
        leaf = stamp_leaf(self.size, self.response)
        return LedgerLeaf(leaf.kind, leaf.institution, leaf.batch, leaf.id, leaf.commitment)


def says(response: bytes, key: str) -> Stamp:
    """What the response that lies under a key says of itself; nothing of it is checked.

    Raises:
        IntegrityError: it is no response (`stamp_damaged`).
    """
    try:
        return read_response(response)
    except ProofRefused as error:
        raise IntegrityError("stamp_damaged", key) from error


def stamp_key(size: int) -> str:
    """Key of the stamp of the head of a size."""
    return f"{PREFIX}{size:012d}"


def read_stamp(raw: bytes, key: str) -> HeadStamp:
    """Read the stamp that lies under a key; what it says is not checked here.

    Raises:
        IntegrityError: not a stamp in canonical form, or another head's (`stamp_damaged`).
    """
    try:
        plain = json.loads(raw)
        response = base64.b64decode(str(plain["response"]), validate=True)
        stamp = HeadStamp(int(str(plain["size"])), response)
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        binascii.Error,
    ) as error:
        raise IntegrityError("stamp_damaged", key) from error
    if stamp.to_bytes() != raw or stamp_key(stamp.size) != key:
        raise IntegrityError("stamp_damaged", key)
    return stamp
