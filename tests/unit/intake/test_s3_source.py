"""A delivery in an object store: the same batch as in a folder, from a real gateway."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import pytest

from intake.delivery import open_delivery
from intake.s3_source import S3Source
from records.errors import IntegrityError, RejectedInput, SetupError, TransientError
from tests.unit.intake.samples import LIMITS, deliver

GATEWAY = Path(__file__).parents[3] / "infra" / "gateway"
PROGRAMS = ("ceph-mon", "ceph-osd", "radosgw", "radosgw-admin", "ceph", "monmaptool")
BUCKET = "inbox"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """A real gateway's address, its user in the environment; where CI is set it must be had."""
    absent = [program for program in PROGRAMS if not shutil.which(program)]
    if absent and os.environ.get("CI") != "true":
        pytest.skip(f"the Ceph gateway is not installed here: {', '.join(absent)}")
    folder = Path(tempfile.mkdtemp(prefix="gw-"))  # short: socket names are limited
    port = free_port()
    subprocess.run(
        [GATEWAY / "up.sh", folder, str(port), str(free_port())], check=True, timeout=120
    )
    access, secret = (folder / "credentials").read_text().split()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", access)
        patch.setenv("AWS_SECRET_ACCESS_KEY", secret)
        patch.setenv("AWS_CONFIG_FILE", os.devnull)
        store(f"http://127.0.0.1:{port}").create_bucket(Bucket=BUCKET)
        yield f"http://127.0.0.1:{port}"
    subprocess.run([GATEWAY / "down.sh", folder], check=True, timeout=60)


def store(endpoint: str) -> Any:
    return boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")


def upload(endpoint: str, folder: Path, prefix: str) -> None:
    client = store(endpoint)
    for file in folder.rglob("*"):
        if file.is_file():
            key = f"{prefix}/{file.relative_to(folder).as_posix()}"
            client.put_object(Bucket=BUCKET, Key=key, Body=file.read_bytes())


@pytest.mark.gateway
def test_a_prefix_is_a_delivery_like_a_folder(endpoint: str, tmp_path: Path) -> None:
    """The same names and bytes give the same batch, from the store or from a folder."""
    files = {f"scans/진료/{n}.tif": bytes([n]) * 3_000_000 for n in range(3)}
    folder = deliver(tmp_path, files | {"Thumbs.db": b"junk"}, "file\nscans/gone.tif\n")
    upload(endpoint, folder, "2026/가나의원")
    store(endpoint).put_object(Bucket=BUCKET, Key="2026/가나의원/scans/", Body=b"")
    store(endpoint).put_object(Bucket=BUCKET, Key="2026/가나의원-other/x.tif", Body=b"x")

    local = open_delivery(str(folder), LIMITS)
    remote = open_delivery(f"s3://{BUCKET}/2026/가나의원", LIMITS, endpoint)

    assert remote.batch == local.batch
    assert open_delivery(f"s3://{BUCKET}/2026/가나의원/", LIMITS, endpoint).batch == local.batch
    assert {f.path: remote.read(f) for f in remote.batch.files} == files


@pytest.mark.gateway
def test_more_files_than_one_listing_holds(endpoint: str) -> None:
    """A store lists a thousand objects at a time; all of them are found."""
    client = store(endpoint)
    names = {f"scans/{n}.tif" for n in range(1_005)}
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: client.put_object(Bucket=BUCKET, Key=f"many/{n}", Body=b""), names))

    assert {found.path for found in S3Source(BUCKET, "many", endpoint).files()} == names


@pytest.mark.gateway
def test_what_goes_wrong_in_a_store_has_its_class(
    endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed or deleted object, an absent prefix or bucket and a wrong key are told apart."""
    upload(endpoint, deliver(tmp_path, {"scans/a.tif": b"a", "scans/b.tif": b"b"}), "odd")
    delivery = open_delivery(f"s3://{BUCKET}/odd", LIMITS, endpoint)
    store(endpoint).put_object(Bucket=BUCKET, Key="odd/scans/a.tif", Body=b"A")
    store(endpoint).delete_object(Bucket=BUCKET, Key="odd/scans/b.tif")

    with pytest.raises(IntegrityError, match="file_changed"):
        delivery.read(delivery.batch.files[0])
    with pytest.raises(RejectedInput, match="file_unreadable"):
        delivery.read(delivery.batch.files[1])
    with pytest.raises(RejectedInput, match="declaration_missing"):
        open_delivery(f"s3://{BUCKET}/nothing", LIMITS, endpoint)
    with pytest.raises(SetupError, match="delivery_not_allowed"):
        open_delivery("s3://no-such-bucket/x", LIMITS, endpoint)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    with pytest.raises(SetupError, match="delivery_not_allowed"):
        open_delivery(f"s3://{BUCKET}/odd", LIMITS, endpoint)


def test_a_store_that_does_not_answer_may_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody at the address is a transient error: the call may work later."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")

    with pytest.raises(TransientError, match="delivery_store_unreachable"):
        open_delivery("s3://bucket/x", LIMITS, f"http://127.0.0.1:{free_port()}")
