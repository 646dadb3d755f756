"""Objects in a bucket of S3 or of a gateway that speaks it."""

import contextlib
import datetime as dt
import secrets
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, BinaryIO

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
)

from archive.vault.patience import PATIENCE, Patience
from archive.vault.s3_calls import PART_BYTES, error_code, put_parts, sweep_parts, tried
from archive.vault.s3_requests import Answer, S3Requests
from archive.vault.store import check_key, check_prefix
from records.errors import GiroksilError, SetupError, TransientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_ABSENT = {"404", "NoSuchKey", "NotFound"}
_FORBIDDEN = {"401", "403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"}
_CHANGED = {"PreconditionFailed", "412"}
_ELSEWHERE = {"301", "307", "PermanentRedirect", "TemporaryRedirect"}
_AT_ONCE = 8
_FULL = {"QuotaExceeded", "InsufficientStorage", "507"}
_WRITER = "x-amz-meta-writer"


class S3Store:
    """An `ObjectStore` in one bucket, below an optional prefix."""

    is_far = True

    def __init__(
        self,
        bucket: str,
        prefix: str = "",
        endpoint: str = "",
        profile: str = "",
        patience: Patience = PATIENCE,
    ) -> None:
        """`profile`: of the credentials file; empty: AWS's variables, or its usual places."""
        self._bucket = bucket
        self._prefix = prefix + "/" if prefix else ""
        self._patience = patience
        config = Config(
            connect_timeout=patience.connect,
            read_timeout=patience.read,
            retries={"total_max_attempts": 1},  # `Patience` tries again
            # Checksum trailers make Ceph answer 411 over https; the signature covers the digest.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3={
                "payload_signing_enabled": True,
                "addressing_style": "path" if endpoint else "auto",
            },
        )
        try:
            session = botocore.session.Session(profile=profile or None)
            self._s3: S3Client = boto3.session.Session(botocore_session=session).client(
                "s3",
                endpoint_url=endpoint or None,
                config=config,
                region_name="us-east-1" if endpoint else None,
            )
        except ProfileNotFound as error:
            raise SetupError("store_forbidden") from error
        self._requests = S3Requests(session, self._s3, bucket, patience)
        self._lock = threading.Lock()
        self._conditional = self._replacing = False

    def put_if_absent(self, key: str, data: bytes) -> bool:
        """See `ObjectStore`."""
        self._require_conditional_writes()
        return self._put_if_absent(check_key(key), data)

    def _put_if_absent(self, key: str, data: bytes) -> bool:
        return self._put_on_condition(key, data, {"If-None-Match": "*"})

    def put(self, key: str, data: bytes | memoryview, digest: str = "") -> None:
        """See `ObjectStore`."""
        with translated():
            done(self._requests.put(self._prefix + check_key(key), data, {}, digest))

    def put_file(self, key: str, file: BinaryIO, size: int, digest: str) -> None:
        """See `ObjectStore`."""
        if size <= PART_BYTES:
            self.put(key, file.read(size), digest)
            return
        place = {"Bucket": self._bucket, "Key": self._prefix + check_key(key)}
        with translated():
            put_parts(self._s3, self._patience, place, file, size, digest)

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
        # Ceph 16 compares with the quotes on and never finds them equal.
        return self._put_on_condition(key, data, {"If-Match": tag.strip('"')})

    def _put_on_condition(self, key: str, data: bytes, condition: Mapping[str, str]) -> bool:
        """Write on a condition; whether it was met, also where the answer to that was lost."""
        writer = secrets.token_hex(16)
        with translated():
            answer = self._requests.put(self._prefix + key, data, {**condition, _WRITER: writer})
            if answer.code in _CHANGED or (answer.code in _ABSENT and "If-Match" in condition):
                return answer.unsure and self._is_by(key, writer)
            done(answer)
        return True

    def _is_by(self, key: str, writer: str) -> bool:
        answer = self._requests.ask("HEAD", self._prefix + key)
        return answer.status == 200 and answer.headers.get(_WRITER) == writer

    def get(self, key: str) -> bytes | None:
        """See `ObjectStore`."""
        found = self._get(check_key(key))
        return None if found is None else found[0]

    def get_into(self, key: str, file: BinaryIO) -> bool:
        """See `ObjectStore`."""
        with translated():
            answer = self._requests.get_into(self._prefix + check_key(key), file)
            if answer.code in _ABSENT:
                return False
            done(answer)
        return True

    def get_all(self, keys: Sequence[str]) -> list[bytes | None]:
        """See `ObjectStore`."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(self.get, keys))

    def _get(self, key: str) -> tuple[bytes, str] | None:
        with translated():
            answer = self._requests.get(self._prefix + key)
            if answer.code in _ABSENT:
                return None
            done(answer)
        return answer.body, answer.headers["etag"]

    def exists(self, key: str) -> bool:
        """See `ObjectStore`."""
        return self._head(key) is not None

    def list(self, prefix: str = "") -> Iterator[str]:
        """See `ObjectStore`."""
        for page in self._pages(self._prefix + check_prefix(prefix)):
            for entry in page.get("Contents", []):
                yield entry["Key"].removeprefix(self._prefix)

    def tags(self, prefix: str) -> Iterator[tuple[str, str]]:
        """See `ObjectStore`; a thousand a request."""
        for page in self._pages(self._prefix + check_prefix(prefix)):
            for entry in page.get("Contents", []):
                yield entry["Key"].removeprefix(self._prefix), entry["ETag"].strip('"')

    def roots(self) -> Iterator[str]:
        """See `ObjectStore`."""
        pages = self._pages(self._prefix, Delimiter="/")
        found = [entry["Prefix"] for page in pages for entry in page.get("CommonPrefixes", [])]
        yield from sorted(prefix.removeprefix(self._prefix)[:-1] for prefix in found)

    def _pages(self, prefix: str, **named: Any) -> Iterator[Any]:
        def page() -> Any:
            return self._s3.list_objects_v2(Bucket=self._bucket, Prefix=prefix, **named)

        while True:
            with translated():
                found, _ = self._patience.ask(lambda _: tried(page))
            yield found
            if not found["IsTruncated"]:
                return
            named["ContinuationToken"] = found["NextContinuationToken"]

    def age(self, key: str) -> float | None:
        """See `ObjectStore`; the answer's own Date is the clock."""
        answer = self._head(key)
        if answer is None:
            return None
        date = answer.headers.get("date")
        now = parsedate_to_datetime(date) if date else dt.datetime.now(dt.UTC)
        written = parsedate_to_datetime(answer.headers["last-modified"])
        return max(0.0, (now - written).total_seconds())

    def _head(self, key: str) -> Answer | None:
        with translated():
            answer = self._requests.ask("HEAD", self._prefix + check_key(key))
            if answer.code in _ABSENT:
                return None
            done(answer)
        return answer

    def delete(self, key: str) -> None:
        """See `ObjectStore`."""
        with translated():
            answer = self._requests.ask("DELETE", self._prefix + check_key(key))
            if answer.code not in _ABSENT:
                done(answer)

    def sweep(self, older_than_seconds: float) -> int:
        """See `ObjectStore`: parts of large objects that were never put together."""
        with translated():
            return sweep_parts(
                self._s3, self._patience, self._bucket, self._prefix, older_than_seconds
            )

    def _require_conditional_writes(self) -> None:
        """Try once that the bucket honours If-None-Match; Ceph ignores it on versioned buckets.

        Without it there is no commit: two writers of one id would both win.
        """
        with self._lock:
            if self._conditional:
                return
            with translated():
                bucket, _ = self._patience.ask(
                    lambda _: tried(lambda: self._s3.get_bucket_versioning(Bucket=self._bucket))
                )
            if bucket.get("Status"):
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


def done(answer: Answer) -> None:
    """Raise what a refusal means."""
    if answer.status >= 300:
        raise _refusal(answer.code)


def _refusal(code: str) -> GiroksilError:
    """What a refusal means, and who acts."""
    if code == "NoSuchBucket":
        return SetupError("store_missing")
    if code == "RequestTimeTooSkewed":
        return SetupError("store_clock")
    if code in _FORBIDDEN:
        return SetupError("store_forbidden")
    if code in _ELSEWHERE:
        return SetupError("store_region")
    if code in _FULL:
        return TransientError("store_full")
    return TransientError("store_unreachable", code[:40])


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Say boto3's errors in the store's own."""
    try:
        yield
    except ClientError as error:
        raise _refusal(error_code(error)) from error
    except (NoCredentialsError, PartialCredentialsError) as error:
        raise SetupError("store_forbidden") from error
    except BotoCoreError as error:
        raise TransientError("store_unreachable") from error
