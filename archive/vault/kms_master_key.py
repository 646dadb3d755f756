"""The master key in a KMS: the service makes and opens a data key for each secret.

Its own key never leaves it. The protocol is that of AWS KMS, by boto3. A key that wraps, and former
ones, are the aliases `alias/NAME/1`, `alias/NAME/2`, …; the highest number wraps. Making an alias
is the one call that fails where a name is taken: of two processes one makes the key for both.
"""

import contextlib
import hashlib
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, ProfileNotFound

from archive.vault.keyset import Keyset, key_id_of
from archive.vault.kms_address import KmsAddress, parse_kms_address
from records.errors import SetupError

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

_VERSION = b"\x02"
_ID_BYTES, _LENGTH_BYTES, _SUM_BYTES = 4, 2, 8
_HEAD_BYTES = len(_VERSION) + _ID_BYTES + _LENGTH_BYTES
_WAIT_DAYS = 30
"""How long the service keeps a dropped key before it destroys it; until then it can be saved."""

_NOT_OURS = {"InvalidCiphertextException", "IncorrectKeyException", "NotFoundException"}
_FORBIDDEN = {
    "AccessDenied", "AccessDeniedException", "ExpiredTokenException", "InvalidClientTokenId",
    "InvalidSignatureException", "MissingAuthenticationToken", "SignatureDoesNotMatch",
    "UnrecognizedClientException",
}  # fmt: skip
_SHUT = {"DisabledException", "KMSInvalidStateException", "KeyUnavailableException"}


class KmsMasterKey:
    """A `MasterKey` in a KMS; each call asks the service."""

    def __init__(self, address: KmsAddress) -> None:
        self._prefix = f"alias/{address.name}/"
        self._lock = threading.Lock()
        try:
            session = boto3.session.Session(profile_name=address.profile or None)
            self._kms: KMSClient = session.client(
                "kms",
                endpoint_url=address.endpoint or None,
                region_name=address.region or None,
                config=Config(
                    connect_timeout=5,
                    read_timeout=10,
                    retries={"mode": "standard", "max_attempts": 3},
                ),
            )
        except (ProfileNotFound, BotoCoreError) as error:
            raise SetupError("kms_forbidden") from error

    @classmethod
    def open(cls, address: str, is_first_start: Callable[[], bool]) -> "KmsMasterKey":
        """Find the key; make it where it is absent and this is the first start.

        Raises:
            SetupError: the service does not answer or refuses, or a store is there without the key
                (`master_key_missing`).
        """
        self = cls(parse_kms_address(address))
        with _translated():
            # Asked in this order: another process may have made the key since, and used it.
            if not self._keys():
                first = is_first_start()
                if not self._keys():
                    if not first:
                        raise SetupError("master_key_missing")
                    self._make(1)
        return self

    def key_ids(self) -> tuple[str, ...]:
        """See `MasterKey`."""
        with _translated():
            return tuple(_id(key) for key in self._ring())

    def wrap(self, secret: bytes, bound: bytes) -> bytes:
        """See `MasterKey`. The service binds the place too: it stands in its own log of uses."""
        with _translated():
            key = self._ring()[0]
            made = self._kms.generate_data_key(
                KeyId=key, KeySpec="AES_256", EncryptionContext=_context(bound)
            )
        sealed = made["CiphertextBlob"]
        head = _VERSION + int(_id(key)).to_bytes(_ID_BYTES, "big")
        head += len(sealed).to_bytes(_LENGTH_BYTES, "big") + sealed
        body = head + Keyset.of_raw_key("1", made["Plaintext"]).encrypt(secret, bound + head)
        return body + _checksum(body)

    def unwrap(self, wrapped: bytes, bound: bytes) -> bytes:
        """See `MasterKey`."""
        body = wrapped[:-_SUM_BYTES]
        # A service answers damaged bytes as it answers who has no right: so they are not sent.
        if wrapped[:1] != _VERSION or wrapped[-_SUM_BYTES:] != _checksum(body):
            raise ValueError("not a wrapped secret")
        length = int.from_bytes(body[_HEAD_BYTES - _LENGTH_BYTES : _HEAD_BYTES], "big")
        head, secret = body[: _HEAD_BYTES + length], body[_HEAD_BYTES + length :]
        with _translated():
            keys = [key for key in self._keys().values() if _id(key) == key_id_of(wrapped)]
            if not keys:
                raise ValueError("does not open")
            try:
                opened = self._kms.decrypt(
                    KeyId=keys[0],
                    CiphertextBlob=head[_HEAD_BYTES:],
                    EncryptionContext=_context(bound),
                )
            except ClientError as error:
                if _code(error) in _NOT_OURS:
                    raise ValueError("does not open") from error
                raise
        return Keyset.of_raw_key("1", opened["Plaintext"]).decrypt(secret, bound + head)

    def renew(self, former: str) -> None:
        """See `MasterKey`."""
        with self._lock, _translated():
            number, key = max(self._keys().items())
            if _id(key) == former:
                self._make(number + 1)

    def drop(self, key_id: str) -> None:
        """See `MasterKey`. The service destroys it after thirty days, and can save it till then."""
        with _translated():
            keys = self._keys()
            if keys and _id(keys[max(keys)]) == key_id:
                raise SetupError("key_in_use", key_id)
            for number, key in keys.items():
                if _id(key) == key_id:
                    self._kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=_WAIT_DAYS)
                    self._kms.delete_alias(AliasName=f"{self._prefix}{number}")

    def material(self) -> bytes:
        """See `MasterKey`."""
        raise SetupError("master_key_in_kms")

    def _ring(self) -> list[str]:
        """The service's names of its keys, the one that wraps first."""
        keys = self._keys()
        if not keys:
            raise SetupError("master_key_missing")
        return [keys[number] for number in sorted(keys, reverse=True)]

    def _keys(self) -> dict[int, str]:
        """The service's names of its keys, by number."""
        pages = self._kms.get_paginator("list_aliases").paginate()
        aliases = [alias for page in pages for alias in page["Aliases"]]
        found = {}
        for alias in aliases:
            number = alias["AliasName"].removeprefix(self._prefix)
            if alias["AliasName"] != number and number.isdecimal() and "TargetKeyId" in alias:
                found[int(number)] = alias["TargetKeyId"]
        return found

    def _make(self, number: int) -> None:
        """Make the key of this number, unless another process does."""
        made = self._kms.create_key(Description="giroksil master key", KeySpec="SYMMETRIC_DEFAULT")
        key = made["KeyMetadata"]["KeyId"]
        try:
            self._kms.create_alias(AliasName=f"{self._prefix}{number}", TargetKeyId=key)
        except ClientError as error:
            self._kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)  # the shortest
            if _code(error) != "AlreadyExistsException":
                raise


def _id(key: str) -> str:
    """The id under which the archive knows a key: what a wrapped secret has room for."""
    digest = hashlib.sha256(b"giroksil/1/kms/" + key.encode()).digest()
    return str(int.from_bytes(digest[:_ID_BYTES], "big"))


def _checksum(body: bytes) -> bytes:
    return hashlib.sha256(b"giroksil/1/kms/" + body).digest()[:_SUM_BYTES]


def _context(bound: bytes) -> dict[str, str]:
    return {"giroksil": bound.decode("ascii")}


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = _code(error)
        if code in _FORBIDDEN:
            raise SetupError("kms_forbidden") from error
        if code in _SHUT:
            raise SetupError("kms_key_shut") from error
        raise SetupError("kms_unreachable", code[:40].lower()) from error
    except NoCredentialsError as error:
        raise SetupError("kms_forbidden") from error
    except BotoCoreError as error:
        raise SetupError("kms_unreachable") from error
