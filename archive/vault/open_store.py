"""A store is chosen by its URL."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from archive.vault.folder_store import FolderStore
from archive.vault.store import ObjectStore
from records.errors import SetupError


def open_store(url: str, endpoint: str = "", profile: str = "") -> ObjectStore:
    """Open `file:///folder` or `s3://bucket/prefix` (`endpoint`: a gateway that is not AWS).

    `profile`: of the AWS credentials file.

    Raises:
        SetupError: no such kind of store.
    """
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc in {"", "localhost"} and parts.path:
        return FolderStore(Path(unquote(parts.path)))
    if parts.scheme == "s3" and parts.netloc:
        # boto3 takes 0.3 s to import, and a folder needs none of it.
        from archive.vault.s3_store import S3Store  # noqa: PLC0415

        return S3Store(parts.netloc, parts.path.strip("/"), endpoint, profile)
    raise SetupError("store_url_unknown")
