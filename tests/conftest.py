"""What tests of several rooms share: the real S3 gateway, and the mark of Airflow."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest

pytest_plugins = ("tests.browser.fixtures",)
GATEWAY = Path(__file__).parents[1] / "infra" / "gateway"
PROGRAMS = ("ceph-mon", "ceph-osd", "radosgw", "radosgw-admin", "ceph", "monmaptool")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what cannot run without Airflow, so that `-m airflow` misses none of it."""
    for item in items:
        if item.nodeid.startswith(("tests/dags/", "tests/plugins/")):
            item.add_marker(pytest.mark.airflow)


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Gateway:
    """A real gateway that runs: its folder, its address, its user's access key and secret."""

    folder: Path
    address: str
    access: str
    secret: str


@contextlib.contextmanager
def gateway_up() -> Iterator[Gateway]:
    """Start a real gateway, and stop it in the end."""
    absent = [program for program in PROGRAMS if not shutil.which(program)]
    if absent and os.environ.get("CI") != "true":
        pytest.skip(f"the Ceph gateway is not installed here: {', '.join(absent)}")
    folder = Path(tempfile.mkdtemp(prefix="gw-"))  # short: socket names are limited
    port = free_port()
    up = [GATEWAY / "up.sh", folder, str(port), str(free_port())]
    subprocess.run(up, check=True, timeout=120)
    access, secret = (folder / "credentials").read_text().split()
    try:
        yield Gateway(folder, f"http://127.0.0.1:{port}", access, secret)
    finally:
        subprocess.run([GATEWAY / "down.sh", folder], check=True, timeout=60)


@pytest.fixture(scope="session")
def gateway() -> Iterator[str]:
    """A real gateway's address, its user in the environment; where CI is set it must be had.

    Buckets: `plain`, `inbox`, `versioned`, which ignores conditional writes, and `locked`, with
    Object Lock.
    """
    with gateway_up() as running, pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", running.access)
        patch.setenv("AWS_SECRET_ACCESS_KEY", running.secret)
        patch.setenv("AWS_CONFIG_FILE", os.devnull)
        s3 = boto3.session.Session().client(
            "s3", endpoint_url=running.address, region_name="us-east-1"
        )
        for bucket in ("plain", "inbox", "versioned"):
            s3.create_bucket(Bucket=bucket)
        s3.create_bucket(Bucket="locked", ObjectLockEnabledForBucket=True)
        s3.put_bucket_versioning(Bucket="versioned", VersioningConfiguration={"Status": "Enabled"})
        yield running.address


@pytest.fixture(scope="session")
def second_gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Another cluster with a user of its own, in the profile `second`; its bucket: `second`."""
    with gateway_up() as running, pytest.MonkeyPatch.context() as patch:
        file = tmp_path_factory.mktemp("aws") / "credentials"
        file.write_text(
            f"[second]\naws_access_key_id = {running.access}\n"
            f"aws_secret_access_key = {running.secret}\n"
        )
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
        patch.setenv("AWS_CONFIG_FILE", os.devnull)
        session = boto3.session.Session(profile_name="second")
        s3 = session.client("s3", endpoint_url=running.address, region_name="us-east-1")
        s3.create_bucket(Bucket="second")
        yield running.address
