"""The archive's secrets as they lie in the store: wrapped by the master key, bound to a place."""

from collections.abc import Callable, Iterator

from archive.vault.keyset import key_id_of
from archive.vault.master_key import MasterKey
from archive.vault.names import (
    HOUSE_SECRETS,
    RENEWAL_ORDER,
    ROTATION_ORDER,
    institution_keys,
    is_institution,
)
from archive.vault.store import ObjectStore
from records.errors import IntegrityError, TransientError


class WrappedSecrets:
    """Secrets kept in the store."""

    def __init__(self, store: ObjectStore, master: MasterKey) -> None:
        self._store = store
        self._master = master

    def read(self, key: str) -> bytes | None:
        """The secret under a store key, or None where there is none.

        Raises:
            IntegrityError: it does not open (`secret_damaged`).
        """
        wrapped = self._store.get(key)
        return None if wrapped is None else self._unwrap(key, wrapped)

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
            self._store.put_if_absent(key, self._master.wrap(make(), _place(key)))
            secret = self.read(key)
        if secret is None:
            raise TransientError("store_unreachable")
        return secret

    def change(self, key: str, changed: Callable[[bytes], bytes]) -> bool:
        """Put what `changed` makes of a secret in its place; False where it makes the same.

        Of two that change it at once, the second one is given what the first one has made.

        Raises:
            IntegrityError: it does not open, or there is none (`secret_missing`).
        """
        while True:
            wrapped = self._store.get(key)
            if wrapped is None:
                raise IntegrityError("secret_missing", key)
            secret = self._unwrap(key, wrapped)
            new = changed(secret)
            if new == secret:
                return False
            if self._replace(key, wrapped, new):
                return True

    def rewrap(self, key: str) -> bool:
        """Wrap a secret by the newest master key; False where it was so already, or is gone.

        Raises:
            IntegrityError: it does not open.
        """
        while True:
            wrapped = self._store.get(key)
            if wrapped is None or key_id_of(wrapped) == self._master.key_ids()[0]:
                return False
            if self._replace(key, wrapped, self._unwrap(key, wrapped)):
                return True

    def key_id(self, key: str) -> str | None:
        """Id of the master key that a secret says it is wrapped by; None where there is none."""
        wrapped = self._store.get(key)
        return None if wrapped is None else key_id_of(wrapped)

    def places(self) -> Iterator[str]:
        """The store keys of all secrets that are there."""
        institutions = filter(is_institution, self._store.roots())
        orders = (ROTATION_ORDER, RENEWAL_ORDER)
        for key in (*HOUSE_SECRETS, *orders, *map(institution_keys, institutions)):
            if self._store.exists(key):
                yield key

    def _replace(self, key: str, wrapped: bytes, new: bytes) -> bool:
        return self._store.replace_all([(key, wrapped, self._master.wrap(new, _place(key)))])[0]

    def _unwrap(self, key: str, wrapped: bytes) -> bytes:
        try:
            return self._master.unwrap(wrapped, _place(key))
        except ValueError as error:
            raise IntegrityError("secret_damaged", key) from error


def _place(key: str) -> bytes:
    return b"giroksil/1/" + key.encode()
