"""boto3's own calls, tried as `Patience` says: large objects in parts, and what those leave."""

import base64
import contextlib
import hashlib
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    NoCredentialsError,
    PartialCredentialsError,
    ReadTimeoutError,
)

from archive.vault.patience import AskAgain, Patience
from archive.vault.s3_requests import BUSY, DAMAGED_ON_THE_WAY, DIGEST

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

T = TypeVar("T")

PART_BYTES = 16 * 1024 * 1024


def tried(call: Callable[[], T]) -> T:
    """One try of a call of boto3's.

    Raises:
        AskAgain: another may do.
    """
    try:
        return call()
    except ClientError as error:
        code = error_code(error)
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if code in DAMAGED_ON_THE_WAY:
            raise AskAgain("store_garbled", code, unsure=False) from error
        if status >= 500 or status == 429 or code in BUSY:
            raise AskAgain("store_failing", code) from error
        raise
    except (NoCredentialsError, PartialCredentialsError):
        raise
    except (ReadTimeoutError, ConnectTimeoutError) as error:
        raise AskAgain("store_slow") from error
    except BotoCoreError as error:
        raise AskAgain("store_unreachable") from error


def error_code(error: ClientError) -> str:
    """The name that S3 gives an error."""
    return str(error.response.get("Error", {}).get("Code", ""))


def put_parts(
    s3: "S3Client",
    patience: Patience,
    place: dict[str, Any],
    file: BinaryIO,
    size: int,
    digest: str,
    lock: Mapping[str, Any] | None = None,
) -> None:
    """Write an object in parts; it is there when they are put together, and not before.

    `lock`: what S3 is told of an object lock.
    """

    def ask(call: Callable[[], T], carried: int = 0) -> tuple[T, bool]:
        return patience.ask(lambda _: tried(call), carried)

    metadata = {DIGEST.removeprefix("x-amz-meta-"): digest}
    begun, _ = ask(lambda: s3.create_multipart_upload(**place, Metadata=metadata, **(lock or {})))
    upload = {**place, "UploadId": begun["UploadId"]}
    try:
        parts: list[Any] = []
        for number, at in enumerate(range(0, size, PART_BYTES), 1):
            part = file.read(min(PART_BYTES, size - at))
            summed = {"ContentMD5": _md5(part)} if lock else {}
            done, _ = ask(
                lambda part=part, number=number, summed=summed: s3.upload_part(  # type: ignore[misc]
                    **upload, PartNumber=number, Body=part, **summed
                ),
                len(part),
            )
            parts.append({"PartNumber": number, "ETag": done["ETag"]})

        def put_together() -> None:
            try:
                s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
            except ClientError as error:
                # An earlier try was heard, and only its answer lost.
                if error_code(error) != "NoSuchUpload" or not _is_there(s3, place, size, digest):
                    raise

        ask(put_together)
    except BaseException:
        with contextlib.suppress(ClientError, BotoCoreError):
            s3.abort_multipart_upload(**upload)
        raise


def _md5(part: bytes) -> str:
    """What S3 asks for beside a lock."""
    return base64.b64encode(hashlib.md5(part, usedforsecurity=False).digest()).decode()


def _is_there(s3: "S3Client", place: dict[str, Any], size: int, digest: str) -> bool:
    try:
        found = s3.head_object(**place)
    except ClientError:
        return False
    said = found["Metadata"].get(DIGEST.removeprefix("x-amz-meta-"))
    return (found["ContentLength"], said) == (size, digest)


def sweep_parts(
    s3: "S3Client", patience: Patience, bucket: str, prefix: str, older_than_seconds: float
) -> int:
    """Remove the parts of objects that were begun long ago and never put together."""
    swept = 0
    marks: dict[str, Any] = {}

    def listed() -> Any:
        return s3.list_multipart_uploads(Bucket=bucket, Prefix=prefix, **marks)

    while True:
        page, _ = patience.ask(lambda _: tried(listed))
        now = parsedate_to_datetime(page["ResponseMetadata"]["HTTPHeaders"]["date"])
        for upload in page.get("Uploads", []):
            # The answer's Date has whole seconds only.
            age = max(0.0, (now - upload["Initiated"]).total_seconds())
            if age >= older_than_seconds:
                with contextlib.suppress(s3.exceptions.NoSuchUpload):
                    s3.abort_multipart_upload(
                        Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"]
                    )
                swept += 1
        if not page["IsTruncated"]:
            return swept
        marks["KeyMarker"] = page["NextKeyMarker"]
        marks["UploadIdMarker"] = page["NextUploadIdMarker"]
