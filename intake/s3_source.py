"""A delivery in an S3-compatible object store."""

from collections.abc import Iterator
from contextlib import contextmanager

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from intake.sources import CHUNK, Found, first_bytes
from records.errors import RejectedInput, SetupError, TransientError

_SETUP = frozenset({
    "403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "NoSuchBucket",
    "InvalidBucketName", "AllAccessDisabled",
})  # fmt: skip
_ABSENT = frozenset({"404", "NoSuchKey"})
_CONFIG = Config(
    connect_timeout=10,
    read_timeout=60,
    retries={"mode": "standard", "max_attempts": 4},
    # A Ceph gateway answers newer default checksums over https with 411.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
    s3={"addressing_style": "path"},
)


class S3Source:
    """The objects below `s3://bucket/prefix`; credentials are found as boto3 finds them."""

    def __init__(self, bucket: str, prefix: str, endpoint: str = "") -> None:
        self._bucket = bucket
        self._prefix = prefix.rstrip("/") + "/" if prefix.strip("/") else ""
        with _translated():
            self._client = boto3.session.Session().client(
                "s3", endpoint_url=endpoint or None, config=_CONFIG
            )

    def files(self) -> Iterator[Found]:
        """List the objects below the prefix; folder markers are none."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=self._prefix
        )
        with _translated():
            for page in pages:
                for item in page.get("Contents", ()):
                    path = item["Key"].removeprefix(self._prefix)
                    if path and not path.endswith("/"):
                        changed = item["LastModified"].timestamp()
                        yield Found(item["Key"], path, item["Size"], changed=changed)

    def chunks(self, key: str) -> Iterator[bytes]:
        """Read one object."""
        with _translated():
            body = self._client.get_object(Bucket=self._bucket, Key=key)["Body"]
            yield from body.iter_chunks(CHUNK)

    def small(self, path: str, max_bytes: int) -> bytes | None:
        """Return a named object right below the prefix."""
        try:
            return first_bytes(self.chunks(self._prefix + path), max_bytes + 1)
        except RejectedInput:
            return None


@contextmanager
def _translated() -> Iterator[None]:
    """Turn the client's errors into ours: who acts next?"""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in _ABSENT:
            raise RejectedInput("file_unreadable") from error
        if code in _SETUP:
            raise SetupError("delivery_not_allowed") from error
        raise TransientError("delivery_store_unreachable") from error
    except (NoCredentialsError, ValueError) as error:
        raise SetupError("delivery_not_allowed") from error
    except BotoCoreError as error:
        raise TransientError("delivery_store_unreachable") from error
