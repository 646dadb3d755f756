"""Starting Airflow waits for a server that is slow or fails at first, and heeds a refusal."""

import importlib.util
import sys
import threading
import urllib.error
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import ModuleType

import pytest

FILE = Path(__file__).resolve().parents[2] / "infra" / "airflow" / "api.py"


class Busy(BaseHTTPRequestHandler):
    """Gives the answers of `script` in turn: a status, or None to hang up without a word."""

    script: list[int | None] = []  # noqa: RUF012 (each test sets its own)
    calls: list[str] = []  # noqa: RUF012

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        type(self).calls.append(self.path)
        status = type(self).script.pop(0)
        if status is not None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def api() -> ModuleType:
    """The module under test; `infra` is no package."""
    spec = importlib.util.spec_from_file_location("giroksil_api", FILE)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def url() -> Iterator[str]:
    """A real server that behaves as `Busy.script` says."""
    Busy.calls = []
    with HTTPServer(("127.0.0.1", 0), Busy) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_busy_server_is_asked_again(api: ModuleType, url: str) -> None:
    """A connection lost and a 500 are waited out; the pool is made in the end."""
    Busy.script = [None, 500, 201]
    waits: list[None] = []
    server = api.Api(url)
    api.until_answered(lambda: server.set_pool("ocr", 2, "-"), lambda: waits.append(None))
    assert Busy.calls == ["/api/v2/pools"] * 3
    assert len(waits) == 2


def test_a_refusal_is_no_business_of_patience(api: ModuleType, url: str) -> None:
    """A wrong password is told at once, not tried until the patience ends."""
    Busy.script = [401]
    server = api.Api(url)
    with pytest.raises(urllib.error.HTTPError, match="401"):
        api.until_answered(lambda: server.login("user", "wrong"), lambda: None)
    assert len(Busy.calls) == 1


def test_patience_ends(api: ModuleType, url: str) -> None:
    """What `patience_left` raises is raised: a service that ended is not waited for."""
    Busy.script = [500, 500]
    server = api.Api(url)

    def none_left() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        api.until_answered(lambda: server.login("user", "-"), none_left)
