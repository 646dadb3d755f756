"""One institution's keys: the keyset that wraps its data keys, and the key of its salts."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable

from archive.vault.keyset import Keyset
from archive.vault.names import institution_keys
from archive.vault.store import ObjectStore
from archive.vault.wrapped_secrets import WrappedSecrets
from records.codec import canonical
from records.errors import IntegrityError

READ_ANEW_SECONDS = 3_600
"""A process works with an institution's keys no longer than this before it reads them again."""

_SALT_KEY_BYTES = 32


class InstitutionKeys:
    """An institution's keyset and its salt key."""

    def __init__(self, wrapping: Keyset, salt_key: bytes) -> None:
        self.wrapping = wrapping
        self._salt_key = salt_key

    def salt(self, kind: str, id: str) -> bytes:
        """The 32 bytes that salt one object's commitment."""
        message = kind.encode() + b"\0" + id.encode()
        return hmac.new(self._salt_key, message, hashlib.sha256).digest()

    def with_wrapping(self, wrapping: Keyset) -> "InstitutionKeys":
        """The same salts, another keyset."""
        return InstitutionKeys(wrapping, self._salt_key)

    def to_bytes(self) -> bytes:
        """The secret that is wrapped and stored."""
        keyset = base64.b64encode(self.wrapping.serialised()).decode()
        return canonical({"keyset": keyset, "salt_key": self._salt_key.hex()})


class CurrentKeys:
    """An institution's keys as a process knows them; others may give it new ones at any time."""

    def __init__(self, read: Callable[[], InstitutionKeys]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._keys = read()
        self._at = time.monotonic()

    def __call__(self) -> InstitutionKeys:
        """The keys, at most an hour old: what is sealed with them is sealed with a live one."""
        with self._lock:
            if time.monotonic() - self._at > READ_ANEW_SECONDS:
                self._read_anew()
            return self._keys

    def that_open(self, key_id: str) -> InstitutionKeys:
        """The keys, read anew where this key is not among them."""
        with self._lock:
            if key_id not in self._keys.wrapping.key_ids:
                self._read_anew()
            return self._keys

    def _read_anew(self) -> None:
        self._keys = self._read()
        self._at = time.monotonic()


def load_institution_keys(
    secrets_: WrappedSecrets, store: ObjectStore, institution: str
) -> InstitutionKeys:
    """The keys of an institution, made at its first object.

    Raises:
        IntegrityError: they do not open, or records exist and they do not.
    """
    key = institution_keys(institution)
    raw = secrets_.read_or_make(
        key,
        lambda: InstitutionKeys(Keyset(), secrets.token_bytes(_SALT_KEY_BYTES)).to_bytes(),
        lambda: next(iter(store.list(f"{institution}/records/")), None) is not None,
    )
    return parse_institution_keys(raw, key)


def read_institution_keys(secrets_: WrappedSecrets, institution: str) -> InstitutionKeys | None:
    """The keys of an institution as they lie in the store now; None where there are none.

    Raises:
        IntegrityError: they do not open.
    """
    key = institution_keys(institution)
    raw = secrets_.read(key)
    return None if raw is None else parse_institution_keys(raw, key)


def parse_institution_keys(raw: bytes, key: str) -> InstitutionKeys:
    """Read the secret that lies under a store key.

    Raises:
        IntegrityError: it is not an institution's (`secret_damaged`).
    """
    try:
        secret = json.loads(raw)
        keyset = Keyset(base64.b64decode(secret["keyset"], validate=True))
        return InstitutionKeys(keyset, bytes.fromhex(secret["salt_key"]))
    except (ValueError, KeyError, TypeError) as error:
        raise IntegrityError("secret_damaged", key) from error
