"""Signed tree heads and the public keys that check them."""

import datetime as dt
import json
from dataclasses import dataclass

from archive.vault.signing import SigningKey, public_key_id, signature_holds
from records.codec import canonical
from records.errors import IntegrityError

PREFIX = "ledger/heads/"
KEYS_PREFIX = "ledger/public-keys/"
_VERSION = 1
_PURPOSE = b"giroksil tree head\x00"


@dataclass(frozen=True, slots=True)
class SignedHead:
    """What the ledger was at a size: its root, when it was signed (UTC), by which key."""

    size: int
    root: str
    time: str
    key_id: str
    signature: str

    def signed_bytes(self) -> bytes:
        """What the signature is over."""
        return _PURPOSE + canonical(_plain(self, signed=False))

    def to_plain(self) -> dict[str, object]:
        """The head's fields as they are stored and handed out."""
        return _plain(self, signed=True)

    def to_bytes(self) -> bytes:
        """The head as it is stored."""
        return canonical(self.to_plain())

    def holds(self, public: bytes) -> bool:
        """Whether this public key signed it."""
        try:
            signature = bytes.fromhex(self.signature)
        except ValueError:
            return False
        return (
            self.key_id == public_key_id(public)
            and signature.hex() == self.signature
            and signature_holds(public, signature, self.signed_bytes())
        )


def _plain(head: SignedHead, signed: bool) -> dict[str, object]:
    plain: dict[str, object] = {
        "version": _VERSION,
        "size": head.size,
        "root": head.root,
        "time": head.time,
        "key_id": head.key_id,
    }
    return plain | {"signature": head.signature} if signed else plain


def head_key(size: int) -> str:
    """Key of the head of a size."""
    return f"{PREFIX}{size:012d}"


def public_key_key(key_id: str) -> str:
    """Key of a published public key."""
    return f"{KEYS_PREFIX}{key_id}"


def sign(key: SigningKey, size: int, root: bytes, not_before: str = "") -> SignedHead:
    """Sign a tree of this size and root, now; where the clock was set back, `not_before`."""
    time = max(dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), not_before)
    unsigned = SignedHead(size, root.hex(), time, key.key_id, "")
    signature = key.sign(unsigned.signed_bytes()).hex()
    return SignedHead(size, root.hex(), time, key.key_id, signature)


def head_of_plain(plain: dict[str, object]) -> SignedHead:
    """Build a head from its fields.

    Raises:
        ValueError, KeyError, TypeError: they are not a head's.
    """
    head = SignedHead(
        size=int(str(plain["size"])),
        root=str(plain["root"]),
        time=str(plain["time"]),
        key_id=str(plain["key_id"]),
        signature=str(plain["signature"]),
    )
    if head.to_plain() != plain:
        raise ValueError("not a head")
    return head


def read_head(raw: bytes, key: str) -> SignedHead:
    """Read the head that lies under a key; its signature is not checked here.

    Raises:
        IntegrityError: not a head in canonical form, or another size's (`head_damaged`).
    """
    try:
        head = head_of_plain(json.loads(raw))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise IntegrityError("head_damaged", key) from error
    if head.to_bytes() != raw or head_key(head.size) != key:
        raise IntegrityError("head_damaged", key)
    return head


def public_key_bytes(public: bytes) -> bytes:
    """The file that publishes a public key."""
    return canonical(
        {
            "version": _VERSION,
            "algorithm": "Ed25519",
            "key_id": public_key_id(public),
            "public_key": public.hex(),
        }
    )


def read_public_key(raw: bytes, key: str) -> bytes:
    """Read the public key that lies under a key.

    Raises:
        IntegrityError: not a key in canonical form, or another's (`public_key_damaged`).
    """
    try:
        public = bytes.fromhex(json.loads(raw)["public_key"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise IntegrityError("public_key_damaged", key) from error
    if public_key_bytes(public) != raw or public_key_key(public_key_id(public)) != key:
        raise IntegrityError("public_key_damaged", key)
    return public
