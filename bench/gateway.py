"""A real gateway for a measurement, started and stopped by `infra/gateway`."""

import contextlib
import os
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import boto3

from bench.archive_page import ROOT

_SCRIPTS = ROOT / "infra" / "gateway"
BUCKET = "bench"


@contextlib.contextmanager
def running_gateway() -> Iterator[str]:
    """The gateway's address, its user in the environment, its bucket made."""
    folder = tempfile.mkdtemp(prefix="gw-")  # short: socket names are limited
    port = _free_port()
    up = [str(_SCRIPTS / "up.sh"), folder, str(port), str(_free_port())]
    subprocess.run(up, check=True, timeout=120)
    try:
        access, secret = (Path(folder) / "credentials").read_text().split()
        os.environ |= {"AWS_ACCESS_KEY_ID": access, "AWS_SECRET_ACCESS_KEY": secret}
        os.environ["AWS_CONFIG_FILE"] = os.devnull
        endpoint = f"http://127.0.0.1:{port}"
        s3 = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")
        s3.create_bucket(Bucket=BUCKET)
        yield endpoint
    finally:
        subprocess.run([_SCRIPTS / "down.sh", folder], check=True, timeout=60)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
