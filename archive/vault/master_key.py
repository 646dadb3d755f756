"""The master key's promises, and where one is found.

What a file and a token wrap has the same bytes (docs/formats/vault.md), so a key may move from one
into the other; a KMS has its own. From any place to any other, secrets move by a rotation.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from records.errors import SetupError

PKCS11, KMS = "pkcs11:", "kms:"


class MasterKey(Protocol):
    """A key that wraps the archive's secrets, and former ones that only unwrap.

    Safe from many threads. Where the key cannot be reached, every call raises SetupError.
    """

    def key_ids(self) -> tuple[str, ...]:
        """Ids of its keys, the one that wraps first."""

    def wrap(self, secret: bytes, bound: bytes) -> bytes:
        """Encrypt a secret of at most a few kilobytes, binding the associated data."""

    def unwrap(self, wrapped: bytes, bound: bytes) -> bytes:
        """Decrypt; a key that another process has made meanwhile is found.

        Raises:
            ValueError: not this key's, not this associated data, or not these bytes.
        """

    def renew(self, former: str) -> None:
        """See to it that another key than `former` wraps; `former` still unwraps.

        Killed and called again, it goes on; called by two at once, both end with one key.
        """

    def drop(self, key_id: str) -> None:
        """Destroy a former key; nothing happens where there is none.

        Raises:
            SetupError: it is the one that wraps (`key_in_use`).
        """

    def material(self) -> bytes:
        """The 32 bytes of the key that wraps, to be split into shares.

        Raises:
            SetupError: they never leave where they are (`master_key_in_token`,
                `master_key_in_kms`).
        """


def open_master_key(place: str, is_first_start: Callable[[], bool]) -> MasterKey:
    """Open the master key in a place: a file's path, a `pkcs11:` or a `kms:` address.

    Where there is none and this is the first start, it is made.

    Raises:
        SetupError: it is missing, exposed or cannot be reached.
    """
    if place.startswith(PKCS11):
        # A house without a token needs neither the package nor a token's driver.
        from archive.vault.token_master_key import TokenMasterKey  # noqa: PLC0415

        return TokenMasterKey.open(place, is_first_start)
    if place.startswith(KMS):
        from archive.vault.kms_master_key import KmsMasterKey  # noqa: PLC0415

        return KmsMasterKey.open(place, is_first_start)
    from archive.vault.file_master_key import FileMasterKey  # noqa: PLC0415

    return FileMasterKey.open(Path(place), is_first_start)


def place_master_key(place: str, key_id: str, material: bytes) -> MasterKey:
    """Put a recovered key into a new place.

    Raises:
        SetupError: there is a key already (`master_key_there`), or the place cannot be reached, or
            is a KMS, which opens only what it wrapped itself (`master_key_not_into_kms`).
    """
    if place.startswith(KMS):
        raise SetupError("master_key_not_into_kms")
    if place.startswith(PKCS11):
        from archive.vault.token_master_key import TokenMasterKey  # noqa: PLC0415

        return TokenMasterKey.place(place, key_id, material)
    from archive.vault.file_master_key import FileMasterKey  # noqa: PLC0415

    return FileMasterKey.place(Path(place), key_id, material)


class SucceedingMasterKey:
    """A master key that takes over from one in another place: the former one only unwraps."""

    def __init__(self, current: MasterKey, former: MasterKey) -> None:
        self._current = current
        self._former = former

    def key_ids(self) -> tuple[str, ...]:
        """See `MasterKey`."""
        return tuple(dict.fromkeys((*self._current.key_ids(), *self._former.key_ids())))

    def wrap(self, secret: bytes, bound: bytes) -> bytes:
        """See `MasterKey`."""
        return self._current.wrap(secret, bound)

    def unwrap(self, wrapped: bytes, bound: bytes) -> bytes:
        """See `MasterKey`."""
        try:
            return self._current.unwrap(wrapped, bound)
        except ValueError:
            return self._former.unwrap(wrapped, bound)

    def renew(self, former: str) -> None:
        """See `MasterKey`."""
        if self._current.key_ids()[0] == former:
            self._current.renew(former)

    def drop(self, key_id: str) -> None:
        """See `MasterKey`; the former place's keys are its owner's to destroy."""
        self._current.drop(key_id)

    def material(self) -> bytes:
        """See `MasterKey`."""
        return self._current.material()
