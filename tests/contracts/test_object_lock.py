"""What Object Lock promises on a real gateway: nobody takes a ciphertext away before its day."""

import datetime as dt
import io
import os
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.exceptions import ClientError

from archive.opening import Archive, open_archive
from archive.replica import replicate
from archive.rotation import rotate_keys
from archive.vault.locked_bucket import Lock, LockedBucket
from archive.vault.names import ObjectName
from archive.vault.open_store import open_store
from archive.vault.tombstone import Tombstone, bury
from archive.verify import verify
from records.archived import LedgerLeaf
from records.errors import RejectedInput, SetupError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.gateway
CODE, DAYS = "31234567", 3
CONTENT = {"f-1": b"x" * 50_000, "f-2": b"y"}


@pytest.fixture
def s3(gateway: str) -> "S3Client":
    """Whoever has stolen the archive's own credentials."""
    return boto3.session.Session().client("s3", endpoint_url=gateway, region_name="us-east-1")


def _archive(gateway: str, folder: Path, mode: str, prefix: str) -> Archive:
    url = f"s3://plain/{prefix}?locked=locked&mode={mode}&days={DAYS}"
    archive = open_archive(url, folder / "master.key", folder / "search.db", gateway)
    kept = archive.vault(CODE).put_all("original", CONTENT.items())
    archive.ledger.append(
        [LedgerLeaf("original", CODE, "b", one.id, one.commitment) for one in kept]
    )
    archive.ledger.sign_head()
    return archive


def _ciphertext(archive: Archive, id: str) -> str:
    digest = archive.vault(CODE).stored("original", id).ciphertext_sha256
    return ObjectName(CODE, "original", id).blob(digest)


def _versions(s3: "S3Client", key: str) -> list[str]:
    found = s3.list_object_versions(Bucket="locked", Prefix=key).get("Versions", [])
    return [version["VersionId"] for version in found]


@pytest.mark.parametrize("mode", ["governance", "compliance"])
def test_a_thief_of_credentials_takes_nothing(
    gateway: str,
    s3: "S3Client",
    tmp_path: Path,
    mode: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Locked in its mode until its day; what is written over or deleted still opens."""
    prefix = uuid.uuid4().hex
    archive = _archive(gateway, tmp_path, mode, prefix)
    for id in CONTENT:
        key = f"{prefix}/{_ciphertext(archive, id)}"
        (version,) = _versions(s3, key)
        told = s3.get_object_retention(Bucket="locked", Key=key, VersionId=version)["Retention"]
        left = told["RetainUntilDate"] - dt.datetime.now(dt.UTC)
        assert told["Mode"] == mode.upper()
        assert dt.timedelta(days=DAYS, minutes=-10) < left <= dt.timedelta(days=DAYS)

        with pytest.raises(ClientError, match="AccessDenied"):
            s3.delete_object(Bucket="locked", Key=key, VersionId=version)
        if id == "f-1":
            s3.put_object(Bucket="locked", Key=key, Body=b"ransom")
        s3.delete_object(Bucket="locked", Key=key)

    vault = archive.vault(CODE)
    assert {id: vault.get("original", id) for id in CONTENT} == CONTENT
    assert caplog.text.count("ciphertext_was_hidden") == len(CONTENT)
    into = io.BytesIO()
    assert archive.store.get_into(_ciphertext(archive, "f-1"), into)
    assert into.getvalue() == archive.store.get(_ciphertext(archive, "f-1"))


def test_a_large_file_is_locked_too(gateway: str, s3: "S3Client", tmp_path: Path) -> None:
    """An object that goes in parts is locked as a whole, and opens."""
    prefix, data = uuid.uuid4().hex, os.urandom(17 * 1024 * 1024)
    archive = _archive(gateway, tmp_path, "compliance", prefix)
    vault = archive.vault(CODE)
    vault.put_file("original", "f-large", io.BytesIO(data))

    key = f"{prefix}/{_ciphertext(archive, 'f-large')}"
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.delete_object(Bucket="locked", Key=key, VersionId=_versions(s3, key)[0])
    s3.delete_object(Bucket="locked", Key=key)
    into = io.BytesIO()
    vault.get_into("original", "f-large", into)
    assert into.getvalue() == data


def test_the_archive_lives_on_with_locks(gateway: str, s3: "S3Client", tmp_path: Path) -> None:
    """Keys rotate, work is thrown away, all verifies and has a second site; records stay open."""
    prefix = uuid.uuid4().hex
    archive = _archive(gateway, tmp_path, "compliance", prefix)
    vault = archive.vault(CODE)
    vault.put("work/page", "w-1", b"work")
    before = {key: archive.store.get(key) for key in archive.store.list(f"{CODE}/objects/")}

    assert rotate_keys(archive, "all").problems == ()
    assert {key: archive.store.get(key) for key in before} == before
    assert verify(archive).problems == ()
    second = open_store((tmp_path / "second").as_uri())
    assert replicate(archive, second).equal
    assert list(second.list()) == list(archive.store.list())
    vault.delete("work/page", "w-1")
    assert not vault.has("work/page", "w-1")
    locked = s3.list_objects_v2(Bucket="locked", Prefix=f"{prefix}/")["Contents"]
    assert {entry["Key"] for entry in locked} == {
        f"{prefix}/{_ciphertext(archive, id)}" for id in CONTENT
    }


def test_what_is_disposed_of_under_a_lock_opens_never_again(
    gateway: str, s3: "S3Client", tmp_path: Path
) -> None:
    """The data key lies under no lock and is destroyed; the ciphertext stays, hidden, no use."""
    prefix = uuid.uuid4().hex
    archive = _archive(gateway, tmp_path, "compliance", prefix)
    stored, key = archive.vault(CODE).stored("original", "f-1"), _ciphertext(archive, "f-1")
    name = ObjectName(CODE, "original", "f-1")

    for _ in range(2):
        bury(archive.store, Tombstone(name, stored.commitment, stored.ciphertext_sha256, "x-1"))

    with pytest.raises(RejectedInput, match="object_disposed"):
        archive.vault(CODE).get("original", "f-1")
    assert not archive.store.exists(key)
    assert key not in list(archive.store.list())
    assert len(_versions(s3, f"{prefix}/{key}")) == 1
    marks = s3.list_object_versions(Bucket="locked", Prefix=f"{prefix}/{key}")["DeleteMarkers"]
    assert len(marks) == 1
    for record in s3.list_objects_v2(Bucket="plain", Prefix=prefix)["Contents"]:
        assert "/objects/" not in record["Key"]


def test_after_its_day_it_can_go(
    gateway: str, s3: "S3Client", monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hidden while it was locked; deleted again after its day no version and no mark is left."""
    monkeypatch.setattr(
        Lock, "until", lambda _: dt.datetime.now(dt.UTC).replace(microsecond=0) + SHORT
    )
    prefix = uuid.uuid4().hex
    store = LockedBucket("locked", prefix, Lock("compliance", 1), gateway)
    key = ObjectName(CODE, "original", "f-1").blob("ab" * 32)
    store.put(key, b"x")
    store.delete(key)
    assert len(_versions(s3, f"{prefix}/{key}")) == 1

    time.sleep(SHORT.total_seconds())
    store.delete(key)

    left = s3.list_object_versions(Bucket="locked", Prefix=prefix)
    assert not left.get("Versions")
    assert not left.get("DeleteMarkers")


SHORT = dt.timedelta(seconds=2)


def test_a_bucket_without_locks_is_refused(gateway: str, tmp_path: Path) -> None:
    """A lock that nobody keeps is not taken for one."""
    url = "s3://plain/here?locked=versioned&mode=compliance&days=1"
    archive = open_archive(url, tmp_path / "master.key", tmp_path / "search.db", gateway)

    with pytest.raises(SetupError, match="store_unlocked"):
        archive.vault(CODE).put("original", "f-1", b"x")
