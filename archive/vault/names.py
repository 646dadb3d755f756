"""The names of things in the store: institutions, kinds, ids and the keys they lie under."""

import re
from dataclasses import dataclass

from records.errors import RejectedInput

LEDGER_KINDS = (
    "original", "document", "seal", "decision", "access", "retention", "disposal",
)  # fmt: skip
"""Kinds whose every object has a leaf in the ledger."""

SIGNING_SECRET, INDEX_SECRET = "keys/signing", "keys/index"
HOUSE_SECRETS = (SIGNING_SECRET, INDEX_SECRET)
"""Wrapped secrets that belong to no institution."""

ROTATION_ORDER, RENEWAL_ORDER = "keys/rotation", "keys/renewal"
"""The wrapped orders of a rotation and of a hash renewal that are under way."""

_RESERVED = ("keys", "ledger")
_CODE = r"[0-9A-Za-z]{4,16}"
_KIND = r"(?:work/)?[a-z][a-z_]{0,31}"
_ID = r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}"
_DIGEST = r"[0-9a-f]{64}"
_RECORD = re.compile(rf"({_CODE})/records/({_KIND})/({_ID})")
_BLOB = re.compile(rf"({_CODE})/objects/({_KIND})/([0-9a-f]{{2}})/({_ID})\.({_DIGEST})")
_KEYS = re.compile(rf"({_CODE})/keys/institution")
_DISPOSED = re.compile(rf"({_CODE})/disposed/({_KIND})/({_ID})")


@dataclass(frozen=True, slots=True)
class ObjectName:
    """Whose, what and which: an object's full name."""

    institution: str
    kind: str
    id: str

    @property
    def record(self) -> str:
        """Key of its record."""
        return f"{self.institution}/records/{self.kind}/{self.id}"

    @property
    def disposed(self) -> str:
        """Key of the copy of its tombstone, which lists it among what was disposed of."""
        return f"{self.institution}/disposed/{self.kind}/{self.id}"

    def blob(self, digest: str) -> str:
        """Key of its ciphertext with this SHA-256."""
        return f"{self.institution}/objects/{self.kind}/{digest[:2]}/{self.id}.{digest}"


def is_institution(code: str) -> bool:
    """Tell whether a string may be an institution's code."""
    return bool(re.fullmatch(_CODE, code)) and code.lower() not in _RESERVED


def object_name(institution: str, kind: str, id: str) -> ObjectName:
    """Build an object's name.

    Raises:
        RejectedInput: one of the parts is not of its shape.
    """
    if not is_institution(institution):
        raise RejectedInput("institution_code_invalid")
    if not re.fullmatch(_KIND, kind) or kind == "work":
        raise RejectedInput("object_kind_invalid")
    if not re.fullmatch(_ID, id):
        raise RejectedInput("object_id_invalid")
    return ObjectName(institution, kind, id)


def institution_keys(institution: str) -> str:
    """Key of an institution's wrapped secrets."""
    return f"{institution}/keys/institution"


def institution_of_keys(key: str) -> str | None:
    """The institution whose wrapped secrets lie under this key, or None."""
    match = _KEYS.fullmatch(key)
    return match[1] if match and is_institution(match[1]) else None


def parse_record_key(key: str) -> ObjectName | None:
    """The object whose record lies under this key, or None."""
    match = _RECORD.fullmatch(key)
    return ObjectName(match[1], match[2], match[3]) if match and is_institution(match[1]) else None


def parse_disposed_key(key: str) -> ObjectName | None:
    """The object whose tombstone's copy lies under this key, or None."""
    match = _DISPOSED.fullmatch(key)
    return ObjectName(match[1], match[2], match[3]) if match and is_institution(match[1]) else None


def parse_blob_key(key: str) -> tuple[ObjectName, str] | None:
    """The object and digest a ciphertext's key names, or None."""
    match = _BLOB.fullmatch(key)
    if not match or match[3] != match[5][:2] or not is_institution(match[1]):
        return None
    return ObjectName(match[1], match[2], match[4]), match[5]
