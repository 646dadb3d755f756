"""What tests of several rooms share: the real S3 gateway, and the mark of Airflow."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

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


@pytest.fixture(scope="session")
def gateway() -> Iterator[str]:
    """A real gateway's address, its user in the environment; where CI is set it must be had.

    Buckets: `plain`, `inbox`, and `versioned`, which ignores conditional writes.
    """
    absent = [program for program in PROGRAMS if not shutil.which(program)]
    if absent and os.environ.get("CI") != "true":
        pytest.skip(f"the Ceph gateway is not installed here: {', '.join(absent)}")
    folder = Path(tempfile.mkdtemp(prefix="gw-"))  # short: socket names are limited
    port = free_port()
    up = [GATEWAY / "up.sh", folder, str(port), str(free_port())]
    subprocess.run(up, check=True, timeout=120)
    access, secret = (folder / "credentials").read_text().split()
    endpoint = f"http://127.0.0.1:{port}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", access)
        patch.setenv("AWS_SECRET_ACCESS_KEY", secret)
        patch.setenv("AWS_CONFIG_FILE", os.devnull)
        s3 = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")
        for bucket in ("plain", "inbox", "versioned"):
            s3.create_bucket(Bucket=bucket)
        s3.put_bucket_versioning(Bucket="versioned", VersioningConfiguration={"Status": "Enabled"})
        yield endpoint
    subprocess.run([GATEWAY / "down.sh", folder], check=True, timeout=60)
