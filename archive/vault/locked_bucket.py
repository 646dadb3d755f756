"""A bucket with Object Lock: what is put there can be hidden, not lost, before its day.

Every write makes a version and every deletion a mark above the versions, whoever asks. What lies
here is named by its digest, so a good version is known among bad ones and found below a mark.
"""

import base64
import datetime as dt
import hashlib
import io
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, TypeVar

from botocore.exceptions import ClientError

from archive.vault.names import parse_blob_key
from archive.vault.patience import PATIENCE, Patience
from archive.vault.s3_calls import PART_BYTES, error_code, put_parts, tried
from archive.vault.s3_store import S3Store, done, translated
from archive.vault.store import check_key
from records.errors import SetupError
from records.redacted_logging import event

log = logging.getLogger(__name__)

MODES = ("governance", "compliance")
_REFUSED = {"AccessDenied", "403"}
_NO_LOCK = {"ObjectLockConfigurationNotFoundError", "404"}
_PART = 1024 * 1024
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Lock:
    """How long what is written stays: so many days.

    `mode`: `governance` yields to a right of its own, which this program never uses; `compliance`
    yields to nobody.
    """

    mode: str
    days: int

    def until(self) -> dt.datetime:
        """The day, counted from now."""
        return (dt.datetime.now(dt.UTC) + dt.timedelta(days=self.days)).replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class _Version:
    id: str
    is_mark: bool
    is_latest: bool


class LockedBucket(S3Store):
    """Ciphertexts by their names; see `LockedStore`."""

    def __init__(
        self,
        bucket: str,
        prefix: str,
        lock: Lock,
        endpoint: str = "",
        profile: str = "",
        patience: Patience = PATIENCE,
    ) -> None:
        super().__init__(bucket, prefix, endpoint, profile, patience)
        self._term = lock
        self._checking = threading.Lock()
        self._is_checked = False

    def put(self, key: str, data: bytes | memoryview, digest: str = "") -> None:
        """See `ObjectStore`."""
        self._require_lock()
        digest = digest or hashlib.sha256(data).hexdigest()
        headers = {
            "x-amz-object-lock-mode": self._term.mode.upper(),
            "x-amz-object-lock-retain-until-date": f"{self._term.until():%Y-%m-%dT%H:%M:%SZ}",
            # Asked for by S3 beside a lock; Ceph 16 looks at the signature's digest alone.
            "x-amz-checksum-sha256": base64.b64encode(bytes.fromhex(digest)).decode(),
        }
        with translated():
            done(self._requests.put(self._prefix + check_key(key), data, headers, digest))

    def put_file(self, key: str, file: BinaryIO, size: int, digest: str) -> None:
        """See `ObjectStore`."""
        if size <= PART_BYTES:
            self.put(key, file.read(size), digest)
            return
        self._require_lock()
        place, mode, until = self._place(key), self._term.mode.upper(), self._term.until()
        locked = {"ObjectLockMode": mode, "ObjectLockRetainUntilDate": until}
        told: Any = {"Mode": mode, "RetainUntilDate": until}
        with translated():
            put_parts(self._s3, self._patience, place, file, size, digest, locked)
            # Ceph 16 takes the lock of an object in parts, and does not keep it.
            self._ask(lambda: self._s3.put_object_retention(**place, Retention=told))

    def get(self, key: str) -> bytes | None:
        """See `ObjectStore`; the bytes that the key's digest names, where any version has them."""
        found = super().get(key)
        if found is not None and hashlib.sha256(found).hexdigest() == _named(key):
            return found
        below = io.BytesIO()
        return below.getvalue() if self._dig(key, below) else found

    def get_into(self, key: str, file: BinaryIO) -> bool:
        """See `get`."""
        begin = file.tell()
        if super().get_into(key, file):
            file.seek(begin)
            digest = hashlib.sha256()
            while part := file.read(_PART):
                digest.update(part)
            if digest.hexdigest() == _named(key):
                return True
        return self._dig(key, file, begin) or super().get_into(key, file)

    def delete(self, key: str) -> None:
        """Remove every version whose day has come, and hide what is left."""
        place = self._place(key)
        with translated():
            found = list(self._versions(place))
            held = [self._holds(place, one.id) for one in found if not one.is_mark]
            for mark in (one for one in found if one.is_mark and not any(held)):
                self._remove(place, mark.id)
        if any(held) and not any(one.is_mark and one.is_latest for one in found):
            super().delete(key)

    def _remove(self, place: dict[str, Any], version: str) -> None:
        self._ask(lambda: self._s3.delete_object(**place, VersionId=version))

    def _holds(self, place: dict[str, Any], version: str) -> bool:
        """Remove a version; True where its day has not come."""
        try:
            self._remove(place, version)
        except ClientError as error:
            if error_code(error) not in _REFUSED:
                raise
            head = self._ask(lambda: self._s3.head_object(**place, VersionId=version))
            until = head.get("ObjectLockRetainUntilDate")
            if until is None or until <= dt.datetime.now(dt.UTC):
                raise  # it is not the lock that refuses
            return True
        return False

    def _dig(self, key: str, file: BinaryIO, begin: int = 0) -> bool:
        """Write the newest version that the key's digest names; False where there is none."""
        place = self._place(key)
        with translated():
            for version in self._versions(place):
                if version.is_mark:
                    continue
                if self._read(place, version.id, file, begin) == _named(key):
                    event(log, "ciphertext_was_hidden", logging.WARNING, digest=_named(key))
                    return True
        return False

    def _read(self, place: dict[str, Any], version: str, file: BinaryIO, begin: int) -> str:
        """Write a version at the file's place; return its SHA-256 in hex."""

        def attempt() -> str:
            file.seek(begin)
            file.truncate()
            digest = hashlib.sha256()
            found = self._s3.get_object(**place, VersionId=version)
            for part in found["Body"].iter_chunks(_PART):
                digest.update(part)
                file.write(part)
            return digest.hexdigest()

        return self._ask(attempt)

    def _versions(self, place: dict[str, Any]) -> Iterator[_Version]:
        """Versions of a key, the newest first, and marks."""
        marks: dict[str, Any] = {}

        def listed() -> Any:
            asked = {"Bucket": place["Bucket"], "Prefix": place["Key"], **marks}
            return self._s3.list_object_versions(**asked)

        while True:
            page = self._ask(listed)
            for name in ("Versions", "DeleteMarkers"):
                for entry in page.get(name, []):
                    if entry["Key"] == place["Key"]:
                        is_mark = name == "DeleteMarkers"
                        yield _Version(entry["VersionId"], is_mark, entry["IsLatest"])
            if not page["IsTruncated"]:
                return
            marks["KeyMarker"] = page["NextKeyMarker"]
            marks["VersionIdMarker"] = page["NextVersionIdMarker"]

    def _place(self, key: str) -> dict[str, Any]:
        return {"Bucket": self._bucket, "Key": self._prefix + check_key(key)}

    def _ask(self, call: Callable[[], T]) -> T:
        return self._patience.ask(lambda _: tried(call))[0]

    def _require_lock(self) -> None:
        """Look once whether the bucket locks at all: not every gateway refuses a lock elsewhere."""
        with self._checking:
            if self._is_checked:
                return
            with translated():
                try:
                    found = self._ask(
                        lambda: self._s3.get_object_lock_configuration(Bucket=self._bucket)
                    )
                except ClientError as error:
                    if error_code(error) not in _NO_LOCK:
                        raise
                    raise SetupError("store_unlocked") from error
            if found["ObjectLockConfiguration"].get("ObjectLockEnabled") != "Enabled":
                raise SetupError("store_unlocked")
            self._is_checked = True


def _named(key: str) -> str:
    """The digest a ciphertext's key names."""
    parsed = parse_blob_key(check_key(key))
    return parsed[1] if parsed else ""
