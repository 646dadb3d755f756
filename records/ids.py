"""Ids: deterministic, content-derived, safe to print.

An id is a short prefix and 26 characters of base32: 130 bits of SHA-256 over length-prefixed parts.
The same input gives the same id on every machine and in every run; that makes a stage idempotent.
"""

import base64
import hashlib
import re

_ID = re.compile(r"[a-z]{1,2}-[a-z2-7]{26}")


def derive_id(prefix: str, *parts: str | int | bytes) -> str:
    """Return `prefix-xxxxxxxxxxxxxxxxxxxxxxxxxx` derived from the parts, in order."""
    digest = hashlib.sha256()
    for part in parts:
        raw = part if isinstance(part, bytes) else str(part).encode()
        digest.update(len(raw).to_bytes(8, "big"))
        digest.update(raw)
    return f"{prefix}-{base64.b32encode(digest.digest()).decode().lower()[:26]}"


def is_id(value: str) -> bool:
    """Tell whether a string has the shape of an id of ours."""
    return bool(_ID.fullmatch(value))


def batch_id(institution: str, content: bytes) -> str:
    """Id of a batch: one institution and the digest of one delivery's names and bytes."""
    return derive_id("b", institution, content)


def file_id(batch: str, path: str, sha256: str) -> str:
    """Id of one received file: the same bytes under two names are two files."""
    return derive_id("f", batch, path, sha256)


def scan_id(file: str, member: str | None) -> str:
    """Id of one readable scan: the file itself, or a member of an archive file."""
    return derive_id("s", file, member or "")


def page_id(scan: str, index: int) -> str:
    """Id of page `index` (0-based) of a scan; a row of an EMR table has one too."""
    return derive_id("p", scan, index)


def stack_id(batch: str, key: str) -> str:
    """Id of a stack: the pages that may form documents together."""
    return derive_id("t", batch, key)


def document_id(batch: str, pages: tuple[str, ...]) -> str:
    """Id of a document: its pages, in order."""
    return derive_id("d", batch, *pages)
