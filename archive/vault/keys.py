"""Keys: a master key outside the store wraps the secrets inside it (docs/formats/vault.md)."""

import base64
import contextlib
import functools
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path

import tink
from tink import aead, proto_keyset_format, secret_key_access, streaming_aead

from archive.vault.names import institution_keys
from archive.vault.store import ObjectStore
from records.codec import canonical
from records.errors import IntegrityError, SetupError, TransientError

_SALT_KEY_BYTES = 32


@functools.cache
def register_ciphers() -> None:
    """Tell Tink, once a process, which ciphers are meant."""
    aead.register()
    streaming_aead.register()


class Keyset:
    """An AES-256-GCM keyset: encrypts with its primary key, decrypts with any of its keys."""

    def __init__(self, serialised: bytes | None = None) -> None:
        """Read a keyset, or make a new one.

        Raises:
            ValueError: the bytes are not a keyset.
        """
        register_ciphers()
        try:
            self._handle = (
                tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM)
                if serialised is None
                else proto_keyset_format.parse(serialised, secret_key_access.TOKEN)
            )
            self._aead = self._handle.primitive(aead.Aead)
        except tink.TinkError as error:
            raise ValueError("not a keyset") from error
        self.key_id = str(self._handle.keyset_info().primary_key_id)

    def serialised(self) -> bytes:
        """The keyset's bytes, unencrypted."""
        return bytes(proto_keyset_format.serialize(self._handle, secret_key_access.TOKEN))

    def encrypt(self, plaintext: bytes, bound: bytes) -> bytes:
        """Encrypt, binding the associated data."""
        return bytes(self._aead.encrypt(plaintext, bound))

    def decrypt(self, ciphertext: bytes, bound: bytes) -> bytes:
        """Decrypt.

        Raises:
            ValueError: not this key's, not this associated data, or not these bytes.
        """
        try:
            return bytes(self._aead.decrypt(ciphertext, bound))
        except tink.TinkError as error:
            raise ValueError("does not open") from error


def load_master_key(path: Path, is_first_start: Callable[[], bool]) -> Keyset:
    """Read the master key file; make it where it is absent and this is the first start.

    Two processes that start at once end with the same key.

    Raises:
        SetupError: others may read the file (`master_key_exposed`), it is no key
            (`master_key_unreadable`), or a store is there without it (`master_key_missing`).
    """
    try:
        if not path.exists():
            # Asked in this order: another process may have made the key since, and used it.
            first = is_first_start()
            if not path.exists():
                if not first:
                    raise SetupError("master_key_missing")
                _write_if_absent(path, Keyset().serialised())
        if path.stat().st_mode & 0o077:
            raise SetupError("master_key_exposed")
        return Keyset(path.read_bytes())
    except (OSError, ValueError) as error:
        raise SetupError("master_key_unreadable") from error


def _write_if_absent(path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    file = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(file, data)
        os.fsync(file)
        with contextlib.suppress(FileExistsError):
            os.link(aside, path)
    finally:
        os.close(file)
        aside.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class WrappedSecrets:
    """Secrets kept in the store, wrapped by the master key, each bound to its place."""

    def __init__(self, store: ObjectStore, master: Keyset) -> None:
        self._store = store
        self._master = master

    def read(self, key: str) -> bytes | None:
        """The secret under a store key, or None where there is none.

        Raises:
            IntegrityError: it does not open (`secret_damaged`).
        """
        wrapped = self._store.get(key)
        if wrapped is None:
            return None
        try:
            return self._master.decrypt(wrapped, _place(key))
        except ValueError as error:
            raise IntegrityError("secret_damaged", key) from error

    def read_or_make(
        self, key: str, make: Callable[[], bytes], in_use: Callable[[], bool]
    ) -> bytes:
        """The secret under a store key, made where absent; of two makers one wins for both.

        `in_use` tells whether something exists that only the lost secret could open.

        Raises:
            IntegrityError: it does not open, or is lost (`secret_missing`).
        """
        secret = self.read(key)
        if secret is None:
            # Asked in this order: another process may have made the secret since, and used it.
            used = in_use()
            secret = self.read(key)
            if secret is None and used:
                raise IntegrityError("secret_missing", key)
        if secret is None:
            self._store.put_if_absent(key, self._master.encrypt(make(), _place(key)))
            secret = self.read(key)
        if secret is None:
            raise TransientError("store_unreachable")
        return secret


def _place(key: str) -> bytes:
    return b"giroksil/1/" + key.encode()


class InstitutionKeys:
    """One institution's keyset, which wraps data keys, and its salt key."""

    def __init__(self, wrapping: Keyset, salt_key: bytes) -> None:
        self.wrapping = wrapping
        self._salt_key = salt_key

    def salt(self, kind: str, id: str) -> bytes:
        """The 32 bytes that salt one object's commitment."""
        message = kind.encode() + b"\0" + id.encode()
        return hmac.new(self._salt_key, message, hashlib.sha256).digest()


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
        _new_institution_secret,
        lambda: next(iter(store.list(f"{institution}/records/")), None) is not None,
    )
    return _institution_keys(raw, key)


def read_institution_keys(secrets_: WrappedSecrets, institution: str) -> InstitutionKeys | None:
    """The keys of an institution as they lie in the store now; None where there are none.

    Raises:
        IntegrityError: they do not open.
    """
    key = institution_keys(institution)
    raw = secrets_.read(key)
    return None if raw is None else _institution_keys(raw, key)


def _institution_keys(raw: bytes, key: str) -> InstitutionKeys:
    try:
        secret = json.loads(raw)
        keyset = Keyset(base64.b64decode(secret["keyset"], validate=True))
        return InstitutionKeys(keyset, bytes.fromhex(secret["salt_key"]))
    except (ValueError, KeyError, TypeError) as error:
        raise IntegrityError("secret_damaged", key) from error


def _new_institution_secret() -> bytes:
    return canonical(
        {
            "keyset": base64.b64encode(Keyset().serialised()).decode(),
            "salt_key": secrets.token_bytes(_SALT_KEY_BYTES).hex(),
        }
    )
