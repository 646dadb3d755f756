"""A throw-away KMS for tests: moto's server, a process of its own, spoken to over HTTP.

It speaks the protocol and keeps the encryption context; it does not guard its keys, and what AWS
does about rights, throttling and late visibility it does not show.
"""

import contextlib
import importlib.util
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from tests.conftest import free_port


@contextlib.contextmanager
def kms_or_skip() -> Iterator[str]:
    """The address of a running KMS; where CI is set it must be had, elsewhere the test says why."""
    missing = [name for name in ("moto", "flask_cors") if not importlib.util.find_spec(name)]
    if missing and os.environ.get("CI") != "true":
        pytest.skip(f"the KMS of the tests is not installed here: {', '.join(missing)}")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"MOTO_CALL_RESET_API": "false"},
    )
    try:
        _wait_for(address, server)
        yield address
    finally:
        server.kill()
        server.wait()


def _wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"{address}/moto-api/data.json", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            if server.poll() is not None or time.monotonic() > end:
                pytest.fail("the KMS of the tests (moto's server) does not start")
            time.sleep(0.1)
