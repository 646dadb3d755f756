"""A store is chosen by its URL."""

import re
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from archive.vault.folder_store import FolderStore
from archive.vault.locked_store import LockedStore
from archive.vault.store import ObjectStore
from records.errors import SetupError

_DAYS = re.compile(r"[1-9][0-9]{0,4}")


def open_store(url: str, endpoint: str = "", profile: str = "") -> ObjectStore:
    """Open `file:///folder` or `s3://bucket/prefix` (`endpoint`: a gateway that is not AWS).

    `s3://bucket/prefix?locked=BUCKET&mode=compliance&days=3650`: ciphertexts lie in a second
    bucket, under Object Lock. `profile`: of the AWS credentials file.

    Raises:
        SetupError: no such kind of store (`store_url_unknown`), or of lock (`store_lock_invalid`).
    """
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc in {"", "localhost"} and parts.path:
        return FolderStore(Path(unquote(parts.path)))
    if parts.scheme == "s3" and parts.netloc:
        # boto3 takes 0.3 s to import, and a folder needs none of it.
        from archive.vault.s3_store import S3Store  # noqa: PLC0415

        prefix = parts.path.strip("/")
        store = S3Store(parts.netloc, prefix, endpoint, profile)
        return _locked(store, prefix, parts.query, endpoint, profile) if parts.query else store
    raise SetupError("store_url_unknown")


def _locked(
    store: ObjectStore, prefix: str, query: str, endpoint: str, profile: str
) -> LockedStore:
    """`locked=BUCKET&mode=MODE&days=DAYS`, all three: ciphertexts lie locked in that bucket."""
    from archive.vault.locked_bucket import MODES, Lock, LockedBucket  # noqa: PLC0415

    said = dict(parse_qsl(query, keep_blank_values=True))
    bucket, mode, days = (said.pop(name, "") for name in ("locked", "mode", "days"))
    if said or not bucket or mode not in MODES or not _DAYS.fullmatch(days):
        raise SetupError("store_lock_invalid")
    lock = Lock(mode, int(days))
    return LockedStore(store, LockedBucket(bucket, prefix, lock, endpoint, profile))
