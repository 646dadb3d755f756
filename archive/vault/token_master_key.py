"""The master key in an HSM: PKCS #11 asks the token to wrap and unwrap, the key stays inside.

AES-256-GCM by the token itself, in the same bytes as the file's keyset writes. `CKA_ID` is the
key's id, `CKA_LABEL` the address's object for the key that wraps, and that and `.former` for
others.
"""

import contextlib
import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pkcs11
from pkcs11 import Attribute, GCMParams, KeyType, Mechanism, ObjectClass

from archive.vault.keyset import key_id_of
from archive.vault.token_address import TokenAddress, parse_token_address
from records.errors import SetupError

_VERSION = b"\x01"
_ID_BYTES, _NONCE_BYTES, _TAG_BITS = 4, 12, 128
_HEAD_BYTES = len(_VERSION) + _ID_BYTES
_SEALED_IN = {
    Attribute.EXTRACTABLE: False,
    Attribute.SENSITIVE: True,
    Attribute.ENCRYPT: True,
    Attribute.DECRYPT: True,
    Attribute.WRAP: False,
    Attribute.UNWRAP: False,
    Attribute.MODIFIABLE: True,
}


class TokenMasterKey:
    """A `MasterKey` in a token. One session, opened when made; it does not survive a fork."""

    def __init__(self, address: TokenAddress) -> None:
        self._lock = threading.Lock()
        self._label = address.label
        with _translated():
            self._session = _log_in(address)

    @classmethod
    def open(cls, address: str, is_first_start: Callable[[], bool]) -> "TokenMasterKey":
        """Find the key; make it in the token where it is absent and this is the first start.

        Raises:
            SetupError: driver, token or PIN are not as said, or a store is there without the key
                (`master_key_missing`).
        """
        self = cls(parse_token_address(address))
        with self._asking():
            # Asked in this order: another process may have made the key since, and used it.
            if not self._found(self._label):
                first = is_first_start()
                if not self._found(self._label):
                    if not first:
                        raise SetupError("master_key_missing")
                    self._generate()
        return self

    @classmethod
    def place(cls, address: str, key_id: str, material: bytes) -> "TokenMasterKey":
        """Put a recovered key into the token, from where it cannot be read again.

        Raises:
            SetupError: a key of this name is there (`master_key_there`).
        """
        self = cls(parse_token_address(address))
        with self._asking():
            if self._found(self._label):
                raise SetupError("master_key_there")
            self._session.create_object(
                {
                    Attribute.CLASS: ObjectClass.SECRET_KEY,
                    Attribute.KEY_TYPE: KeyType.AES,
                    Attribute.VALUE: material,
                    Attribute.ID: int(key_id).to_bytes(_ID_BYTES, "big"),
                    Attribute.LABEL: self._label,
                    Attribute.TOKEN: True,
                    Attribute.PRIVATE: True,
                    **_SEALED_IN,
                }
            )
        return self

    def key_ids(self) -> tuple[str, ...]:
        """See `MasterKey`."""
        with self._asking():
            return tuple(_id(key) for key in (self._primary(), *self._found(self._former)))

    def wrap(self, secret: bytes, bound: bytes) -> bytes:
        """See `MasterKey`."""
        nonce = os.urandom(_NONCE_BYTES)
        with self._asking():
            key = self._primary()
            sealed = key.encrypt(
                secret,
                mechanism=Mechanism.AES_GCM,
                mechanism_param=GCMParams(nonce, bound, _TAG_BITS),
            )
            return _VERSION + bytes(key.id) + nonce + bytes(sealed)

    def unwrap(self, wrapped: bytes, bound: bytes) -> bytes:
        """See `MasterKey`."""
        nonce = wrapped[_HEAD_BYTES : _HEAD_BYTES + _NONCE_BYTES]
        sealed = wrapped[_HEAD_BYTES + _NONCE_BYTES :]
        if wrapped[:1] != _VERSION or len(sealed) < _TAG_BITS // 8:
            raise ValueError("not a wrapped secret")
        with self._asking():
            for key in self._of_id(key_id_of(wrapped)):
                parameters = GCMParams(nonce, bound, _TAG_BITS)
                # Tokens tell a wrong tag by different errors: SoftHSM by GeneralError.
                with contextlib.suppress(
                    pkcs11.GeneralError,
                    pkcs11.EncryptedDataInvalid,
                    pkcs11.EncryptedDataLenRange,
                    pkcs11.FunctionFailed,
                ):
                    return bytes(
                        key.decrypt(sealed, mechanism=Mechanism.AES_GCM, mechanism_param=parameters)
                    )
        raise ValueError("does not open")

    def renew(self, former: str) -> None:
        """See `MasterKey`."""
        with self._asking():
            keys = self._found(self._label)
            if all(_id(key) == former for key in keys):
                self._generate()
            for key in keys:
                if _id(key) == former:
                    key[Attribute.LABEL] = self._former

    def drop(self, key_id: str) -> None:
        """See `MasterKey`."""
        with self._asking():
            if any(_id(key) == key_id for key in self._found(self._label)):
                raise SetupError("key_in_use", key_id)
            for key in self._of_id(key_id):
                key.destroy()

    def material(self) -> bytes:
        """See `MasterKey`."""
        raise SetupError("master_key_in_token")

    @property
    def _former(self) -> str:
        return f"{self._label}.former"

    def _primary(self) -> Any:
        """The key that wraps; of two that were made at once, everyone takes the same."""
        keys = self._found(self._label)
        if not keys:
            raise SetupError("master_key_missing")
        return min(keys, key=lambda key: bytes(key.id))

    def _found(self, label: str) -> list[Any]:
        wanted = {Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.LABEL: label}
        return list(self._session.get_objects(wanted))

    def _of_id(self, key_id: str) -> list[Any]:
        keys = (*self._found(self._label), *self._found(self._former))
        return [key for key in keys if _id(key) == key_id]

    def _generate(self) -> None:
        self._session.generate_key(
            KeyType.AES,
            256,
            id=os.urandom(_ID_BYTES),
            label=self._label,
            store=True,
            template=_SEALED_IN,
        )

    @contextlib.contextmanager
    def _asking(self) -> Iterator[None]:
        """One question at a time: a session answers only one."""
        with self._lock, _translated():
            yield


def _id(key: Any) -> str:
    return str(int.from_bytes(key.id, "big"))


def _log_in(address: TokenAddress) -> pkcs11.Session:
    token = pkcs11.lib(address.module).get_token(token_label=address.token)
    try:
        return token.open(rw=True, user_pin=address.pin())
    except pkcs11.UserAlreadyLoggedIn:
        return token.open(rw=True)  # a token is logged into once a process


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (pkcs11.PinIncorrect, pkcs11.PinLocked, pkcs11.PinLenRange, pkcs11.PinInvalid) as error:
        raise SetupError("token_pin_refused") from error
    except (pkcs11.PKCS11Error, OSError) as error:
        raise SetupError("token_unreachable", type(error).__name__.lower()) from error
