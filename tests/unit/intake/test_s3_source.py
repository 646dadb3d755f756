"""A delivery in an object store: the same batch as in a folder, from a real gateway."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import pytest

from intake.delivery import open_delivery
from intake.s3_source import S3Source
from records.errors import IntegrityError, RejectedInput, SetupError, TransientError
from tests.conftest import free_port
from tests.unit.intake.samples import LIMITS, deliver

BUCKET = "inbox"


def store(endpoint: str) -> Any:
    return boto3.session.Session().client("s3", endpoint_url=endpoint, region_name="us-east-1")


def upload(endpoint: str, folder: Path, prefix: str) -> None:
    client = store(endpoint)
    for file in folder.rglob("*"):
        if file.is_file():
            key = f"{prefix}/{file.relative_to(folder).as_posix()}"
            client.put_object(Bucket=BUCKET, Key=key, Body=file.read_bytes())


@pytest.mark.gateway
def test_a_prefix_is_a_delivery_like_a_folder(gateway: str, tmp_path: Path) -> None:
    """The same names and bytes give the same batch, from the store or from a folder."""
    files = {f"scans/진료/{n}.tif": bytes([n]) * 3_000_000 for n in range(3)}
    folder = deliver(tmp_path, files | {"Thumbs.db": b"junk"}, "file\nscans/gone.tif\n")
    upload(gateway, folder, "2026/가나의원")
    store(gateway).put_object(Bucket=BUCKET, Key="2026/가나의원/scans/", Body=b"")
    store(gateway).put_object(Bucket=BUCKET, Key="2026/가나의원-other/x.tif", Body=b"x")

    local = open_delivery(str(folder), LIMITS)
    remote = open_delivery(f"s3://{BUCKET}/2026/가나의원", LIMITS, gateway)

    assert remote.batch == local.batch
    assert open_delivery(f"s3://{BUCKET}/2026/가나의원/", LIMITS, gateway).batch == local.batch
    assert {f.path: remote.read(f) for f in remote.batch.files} == files


@pytest.mark.gateway
def test_more_files_than_one_listing_holds(gateway: str) -> None:
    """A store lists a thousand objects at a time; all of them are found."""
    client = store(gateway)
    names = {f"scans/{n}.tif" for n in range(1_005)}
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: client.put_object(Bucket=BUCKET, Key=f"many/{n}", Body=b""), names))

    assert {found.path for found in S3Source(BUCKET, "many", gateway).files()} == names


@pytest.mark.gateway
def test_what_goes_wrong_in_a_store_has_its_class(
    gateway: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed or deleted object, an absent prefix or bucket and a wrong key are told apart."""
    upload(gateway, deliver(tmp_path, {"scans/a.tif": b"a", "scans/b.tif": b"b"}), "odd")
    delivery = open_delivery(f"s3://{BUCKET}/odd", LIMITS, gateway)
    store(gateway).put_object(Bucket=BUCKET, Key="odd/scans/a.tif", Body=b"A")
    store(gateway).delete_object(Bucket=BUCKET, Key="odd/scans/b.tif")

    with pytest.raises(IntegrityError, match="file_changed"):
        delivery.read(delivery.batch.files[0])
    with pytest.raises(RejectedInput, match="file_unreadable"):
        delivery.read(delivery.batch.files[1])
    with pytest.raises(RejectedInput, match="declaration_missing"):
        open_delivery(f"s3://{BUCKET}/nothing", LIMITS, gateway)
    with pytest.raises(SetupError, match="delivery_not_allowed"):
        open_delivery("s3://no-such-bucket/x", LIMITS, gateway)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    with pytest.raises(SetupError, match="delivery_not_allowed"):
        open_delivery(f"s3://{BUCKET}/odd", LIMITS, gateway)


def test_a_store_that_does_not_answer_may_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody at the address is a transient error: the call may work later."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")

    with pytest.raises(TransientError, match="delivery_store_unreachable"):
        open_delivery("s3://bucket/x", LIMITS, f"http://127.0.0.1:{free_port()}")
