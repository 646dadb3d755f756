"""The master key split into shares of which a few restore it (docs/formats/key-shares.md).

Shamir's scheme by PyCryptodome; ours is only the form in which a share is written down.
"""

import base64
import hashlib
import hmac
import re
import secrets
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from Crypto.Protocol.SecretSharing import Shamir

from archive.vault.keyset import RAW_KEY_BYTES
from records.errors import RejectedInput

MOST_SHARES = 16
_VERSION = 1
_MARK = "GRS1-"
_BLOCK, _CHECK_BYTES, _SUM_BYTES = 16, 8, 8
_CHARACTERS = 96
_CODE = re.compile(rf"GRS[1IL]-((?:[\s-]*[A-Z0-7]){{{_CHARACTERS}}})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Share:
    """One share: any `threshold` of the `count` shares of a set restore the key of `key_id`.

    `check`: tells whether a restored key is the one that was split.
    """

    set_id: str
    key_id: str
    threshold: int
    count: int
    number: int
    check: bytes
    part: bytes

    def code(self) -> str:
        """What is written down: 96 characters in groups of four, with a checksum."""
        body = self._head() + bytes([self.number]) + self.check + self.part
        raw = base64.b32encode(body + _checksum(body)).decode()
        groups = textwrap.wrap(raw, 4)
        lines = [" ".join(groups[at : at + 6]) for at in range(0, len(groups), 6)]
        return _MARK + " " + f"\n{' ' * len(_MARK)} ".join(lines)

    def _head(self) -> bytes:
        return (
            bytes([_VERSION])
            + bytes.fromhex(self.set_id)
            + int(self.key_id).to_bytes(4, "big")
            + bytes([self.threshold, self.count])
        )


def split(key_id: str, key: bytes, count: int, threshold: int) -> tuple[Share, ...]:
    """Split a key of 32 bytes; fewer shares than the threshold tell nothing about it.

    Raises:
        RejectedInput: not a possible plan (`shares_plan_invalid`).
    """
    if not 2 <= threshold <= count <= MOST_SHARES:
        raise RejectedInput("shares_plan_invalid")
    set_id = secrets.token_hex(4)
    halves = [
        Shamir.split(threshold, count, key[at : at + _BLOCK])
        for at in range(0, RAW_KEY_BYTES, _BLOCK)
    ]
    check = _check(key, set_id)
    return tuple(
        Share(set_id, key_id, threshold, count, number, check, first + second)
        for (number, first), (_, second) in zip(*halves, strict=True)
    )


def restore(shares: Sequence[Share]) -> tuple[str, bytes]:
    """The id and the 32 bytes of the key that was split.

    Raises:
        RejectedInput: shares of several sets (`shares_mixed`), one of them twice
            (`share_twice`), too few (`shares_too_few`), or a forged one (`shares_wrong`).
    """
    if not shares:
        raise RejectedInput("shares_too_few")
    first = shares[0]
    if len({(share._head(), share.check) for share in shares}) > 1:
        raise RejectedInput("shares_mixed", " ".join(sorted({share.set_id for share in shares})))
    numbers = [share.number for share in shares]
    if len(set(numbers)) < len(numbers):
        raise RejectedInput("share_twice", str(max(numbers, key=numbers.count)))
    if len(shares) < first.threshold:
        raise RejectedInput("shares_too_few", str(first.threshold))
    used = shares[: first.threshold]
    key = b"".join(
        Shamir.combine([(share.number, share.part[at : at + _BLOCK]) for share in used])
        for at in range(0, RAW_KEY_BYTES, _BLOCK)
    )
    if not hmac.compare_digest(_check(key, first.set_id), first.check):
        raise RejectedInput("shares_wrong")
    return first.key_id, key


def read_share(text: str) -> Share:
    """Find the share in a text; spaces, case, and 0, 1 for O, L do not matter.

    Raises:
        RejectedInput: there is none (`share_unreadable`), or a character of it is wrong
            (`share_damaged`).
    """
    found = _CODE.search(text)
    if found is None:
        raise RejectedInput("share_unreadable")
    raw = base64.b32decode(re.sub(r"[\s-]", "", found[1]), casefold=True, map01="L")
    body, checksum = raw[:-_SUM_BYTES], raw[-_SUM_BYTES:]
    if _checksum(body) != checksum:
        raise RejectedInput("share_damaged")
    share = Share(
        set_id=body[1:5].hex(),
        key_id=str(int.from_bytes(body[5:9], "big")),
        threshold=body[9],
        count=body[10],
        number=body[11],
        check=body[12 : 12 + _CHECK_BYTES],
        part=body[12 + _CHECK_BYTES :],
    )
    if body[0] != _VERSION or not 1 <= share.number <= share.count <= MOST_SHARES:
        raise RejectedInput("share_unreadable")
    return share


def _check(key: bytes, set_id: str) -> bytes:
    message = b"giroksil/1/escrow/" + bytes.fromhex(set_id)
    return hmac.new(key, message, hashlib.sha256).digest()[:_CHECK_BYTES]


def _checksum(body: bytes) -> bytes:
    return hashlib.sha256(b"giroksil/1/share/" + body).digest()[:_SUM_BYTES]
