"""Objects in a bucket of S3 or of a gateway that speaks it, by boto3."""

import base64
import contextlib
import datetime as dt
import hashlib
import secrets
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, ProfileNotFound

from archive.vault.store import check_key, check_prefix
from records.errors import SetupError, TransientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_ABSENT = {"404", "NoSuchKey", "NotFound"}
_FORBIDDEN = {"401", "403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"}
_CHANGED = {"PreconditionFailed", "412", "ConditionalRequestConflict", "409"}
_AT_ONCE = 8
_FULL = {"QuotaExceeded", "InsufficientStorage", "507"}


class S3Store:
    """An `ObjectStore` in one bucket, below an optional prefix."""

    def __init__(
        self, bucket: str, prefix: str = "", endpoint: str = "", profile: str = ""
    ) -> None:
        """`profile`: of the credentials file; empty: AWS's variables, or its usual places."""
        self._bucket = bucket
        self._prefix = prefix + "/" if prefix else ""
        # Checksum trailers make Ceph answer 411 over https; Content-MD5 is what it verifies.
        config = Config(
            connect_timeout=5,
            read_timeout=60,
            retries={"mode": "standard", "max_attempts": 5},  # with jitter; 409, 5xx, time-outs
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3={"addressing_style": "path"} if endpoint else {},
            max_pool_connections=16,
        )
        try:
            session = boto3.session.Session(profile_name=profile or None)
        except ProfileNotFound as error:
            raise SetupError("store_forbidden") from error
        self._s3: S3Client = session.client(
            "s3",
            endpoint_url=endpoint or None,
            config=config,
            region_name="us-east-1" if endpoint else None,
        )
        self._lock = threading.Lock()
        self._conditional = self._replacing = False

    def put_if_absent(self, key: str, data: bytes) -> bool:
        """See `ObjectStore`."""
        self._require_conditional_writes()
        return self._put_if_absent(check_key(key), data)

    def _put_if_absent(self, key: str, data: bytes) -> bool:
        with _translated():
            try:
                self._s3.put_object(
                    Bucket=self._bucket,
                    Key=self._prefix + key,
                    Body=data,
                    ContentMD5=_md5(data),
                    IfNoneMatch="*",
                )
            except ClientError as error:
                if _code(error) in {"PreconditionFailed", "412"}:
                    return False
                raise
        return True

    def put(self, key: str, data: bytes) -> None:
        """See `ObjectStore`."""
        with _translated():
            self._s3.put_object(
                Bucket=self._bucket,
                Key=self._prefix + check_key(key),
                Body=data,
                ContentMD5=_md5(data),
            )

    def replace_all(self, changes: Sequence[tuple[str, bytes, bytes]]) -> list[bool]:
        """See `ObjectStore`."""
        for key, _, _ in changes:
            check_key(key)
        self._require_conditional_replacing()
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(lambda change: self._replace(*change), changes))

    def _replace(self, key: str, old: bytes, new: bytes) -> bool:
        found = self._get(key)
        return found is not None and found[0] == old and self._put_over(key, found[1], new)

    def _put_over(self, key: str, tag: str, data: bytes) -> bool:
        """Write over the version of this entity tag, or not at all."""
        with _translated():
            try:
                self._s3.put_object(
                    Bucket=self._bucket,
                    Key=self._prefix + key,
                    Body=data,
                    ContentMD5=_md5(data),
                    # Ceph 16 compares with the quotes on and never finds them equal.
                    IfMatch=tag.strip('"'),
                )
            except ClientError as error:
                if _code(error) in _CHANGED | _ABSENT:
                    return False
                raise
        return True

    def get(self, key: str) -> bytes | None:
        """See `ObjectStore`."""
        found = self._get(check_key(key))
        return None if found is None else found[0]

    def get_all(self, keys: Sequence[str]) -> list[bytes | None]:
        """See `ObjectStore`."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(self.get, keys))

    def _get(self, key: str) -> tuple[bytes, str] | None:
        with _translated():
            try:
                answer = self._s3.get_object(Bucket=self._bucket, Key=self._prefix + key)
            except ClientError as error:
                if _code(error) in _ABSENT:
                    return None
                raise
            return answer["Body"].read(), answer["ETag"]

    def exists(self, key: str) -> bool:
        """See `ObjectStore`."""
        return self.age(key) is not None

    def list(self, prefix: str = "") -> Iterator[str]:
        """See `ObjectStore`."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=self._prefix + check_prefix(prefix)
        )
        with _translated():
            for page in pages:
                for entry in page.get("Contents", []):
                    yield entry["Key"].removeprefix(self._prefix)

    def roots(self) -> Iterator[str]:
        """See `ObjectStore`."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=self._prefix, Delimiter="/"
        )
        with _translated():
            found = [entry["Prefix"] for page in pages for entry in page.get("CommonPrefixes", [])]
        yield from sorted(prefix.removeprefix(self._prefix)[:-1] for prefix in found)

    def age(self, key: str) -> float | None:
        """See `ObjectStore`; the answer's own Date is the clock."""
        with _translated():
            try:
                answer = self._s3.head_object(
                    Bucket=self._bucket, Key=self._prefix + check_key(key)
                )
            except ClientError as error:
                if _code(error) in _ABSENT:
                    return None
                raise
        date = answer["ResponseMetadata"]["HTTPHeaders"].get("date")
        now = parsedate_to_datetime(date) if date else dt.datetime.now(dt.UTC)
        return max(0.0, (now - answer["LastModified"]).total_seconds())

    def delete(self, key: str) -> None:
        """See `ObjectStore`."""
        with _translated():
            self._s3.delete_object(Bucket=self._bucket, Key=self._prefix + check_key(key))

    def sweep(self, older_than_seconds: float) -> int:
        """See `ObjectStore`: single puts leave nothing behind."""
        return 0

    def _require_conditional_writes(self) -> None:
        """Try once that the bucket honours If-None-Match; Ceph ignores it on versioned buckets.

        Without it there is no commit: two writers of one id would both win.
        """
        with self._lock:
            if self._conditional:
                return
            with _translated():
                versioned = self._s3.get_bucket_versioning(Bucket=self._bucket).get("Status")
            if versioned:
                probe = f"keys/probe-{secrets.token_hex(8)}"
                self._put_if_absent(probe, b"")
                ignored = self._put_if_absent(probe, b"")
                self.delete(probe)
                if ignored:
                    raise SetupError("store_unconditional")
            self._conditional = True

    def _require_conditional_replacing(self) -> None:
        """Try once that the bucket honours If-Match; else a deleted record could come back."""
        self._require_conditional_writes()
        with self._lock:
            if self._replacing:
                return
            probe = f"keys/probe-{secrets.token_hex(8)}"
            self.put(probe, b"probe")
            ignored = self._put_over(probe, "0" * 32, b"")
            followed = self._replace(probe, b"probe", b"")
            self.delete(probe)
            if ignored or not followed:
                raise SetupError("store_unconditional")
            self._replacing = True


def _md5(data: bytes) -> str:
    digest = hashlib.md5(data, usedforsecurity=False).digest()
    return base64.b64encode(digest).decode()


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = _code(error)
        if code == "NoSuchBucket":
            raise SetupError("store_missing") from error
        if code in _FORBIDDEN:
            raise SetupError("store_forbidden") from error
        if code in _FULL:
            raise TransientError("store_full") from error
        raise TransientError("store_unreachable", code[:40]) from error
    except NoCredentialsError as error:
        raise SetupError("store_forbidden") from error
    except BotoCoreError as error:
        raise TransientError("store_unreachable") from error
