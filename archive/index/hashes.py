"""Keyed hashes of what identifies a person: equal values match, nothing is readable.

The institution is inside, so that equal names in two institutions do not match.
"""

import hmac
import re
import unicodedata

from records.codec import canonical

FIELDS = ("chart_no", "patient_name", "resident_number", "birth_date")
_HASH_BYTES = 16


class PersonHashes:
    """Hashes under one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, institution: str, field: str, value: str) -> bytes | None:
        """The hash of a field's value in an institution; None where nothing is left of it."""
        plain = _normalised(field, value)
        if not plain:
            return None
        message = canonical([institution, field, plain])
        return hmac.digest(self._key, message, "sha256")[:_HASH_BYTES]


def _normalised(field: str, value: str) -> str:
    text = "".join(unicodedata.normalize("NFKC", value).casefold().split())
    return re.sub(r"\D", "", text) if field in {"resident_number", "birth_date"} else text
