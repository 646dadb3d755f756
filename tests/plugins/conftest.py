"""A real Airflow of the tests' own: one run of `digitize_batch`, and the API server over it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from pipeline.assembly import Workshop
from records.settings import Settings
from tests.makers.pages import make_page

CHECKOUT = Path(__file__).resolve().parents[2]
PLUGINS = CHECKOUT / "plugins"
SECONDS_TO_START = 120


@dataclass(frozen=True)
class Airflow:
    """An Airflow home with a Giroksil home in it, and the port its API server listens on."""

    home: Path
    port: int

    @property
    def environment(self) -> dict[str, str]:
        """What every Airflow process is told; nothing of the tests' own Airflow leaks in."""
        own = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW_", "GIROKSIL_"))}
        return own | {
            "AIRFLOW_HOME": str(self.home),
            "AIRFLOW__CORE__DAGS_FOLDER": str(CHECKOUT / "dags"),
            "AIRFLOW__CORE__PLUGINS_FOLDER": str(PLUGINS),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "kim:viewer",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(self.home / "passwords.json"),
            "AIRFLOW__API__BASE_URL": self.url,
            "AIRFLOW__API__SECRET_KEY": "of-this-test-only",
            "AIRFLOW__API_AUTH__JWT_SECRET": "of-this-test-only" * 4,
            "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
            "GIROKSIL_HOME": str(self.home / "giroksil"),
            "OMP_THREAD_LIMIT": "1",
        }

    @property
    def url(self) -> str:
        """Where the API server answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def workshop(self) -> Workshop:
        """The parts the server works with, for looking into what is stored."""
        return Workshop(Settings(home=str(self.home / "giroksil")))

    def command(self, *arguments: str) -> None:
        """Run an `airflow` command to its end; it must succeed."""
        command = [sys.executable, "-m", "airflow", *arguments]
        done = subprocess.run(
            command, env=self.environment, cwd=CHECKOUT, capture_output=True, check=False
        )
        assert done.returncode == 0, (done.stdout[-3000:], done.stderr[-3000:])

    def python(self, code: str, **environment: str) -> Any:
        """Run code in a fresh interpreter of this Airflow; return what it prints last, as JSON."""
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=self.environment | environment,
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.splitlines()[-1])

    def client(self, **headers: str) -> httpx.Client:
        """A browser that shows where it is sent, and does not follow."""
        return httpx.Client(base_url=self.url, headers=headers, timeout=60)

    def token(self) -> str:
        """What Airflow gives kim for the password."""
        login = {"username": "kim", "password": "of-this-test-only"}
        with self.client() as browser:
            return str(browser.post("/auth/token", json=login).json()["access_token"])


@pytest.fixture(scope="session")
def bare_airflow(tmp_path_factory: pytest.TempPathFactory) -> Airflow:
    """An Airflow home with nothing in it yet but kim's password."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    airflow = Airflow(tmp_path_factory.mktemp("airflow"), port)
    (airflow.home / "passwords.json").write_text('{"kim": "of-this-test-only"}', "utf-8")
    return airflow


@pytest.fixture(scope="session")
def airflow(bare_airflow: Airflow, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Airflow]:
    """Airflow after one run of the real DAG over one page that is held, with its server up."""
    delivery = tmp_path_factory.mktemp("delivery")
    (delivery / "delivery.yaml").write_text(
        'institution: {code: "31234567", name: 한빛의원}\n', "utf-8"
    )
    (page,) = make_page("brochure", None, 3, "clean", 200)
    page.image.save(delivery / "1.png", dpi=(200, 200))
    bare_airflow.command("db", "migrate")
    run = json.dumps({"delivery": str(delivery)})
    bare_airflow.command("dags", "test", "digitize_batch", "--conf", run)
    address = ["--host=127.0.0.1", f"--port={bare_airflow.port}", "--workers=1"]
    with (bare_airflow.home / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "airflow", "api-server", *address],
            env=bare_airflow.environment,
            cwd=CHECKOUT,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        _wait_until_healthy(bare_airflow, server)
        yield bare_airflow
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(60)


def _wait_until_healthy(airflow: Airflow, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    with airflow.client() as browser:
        while time.monotonic() < deadline and server.poll() is None:
            try:
                if browser.get("/api/v2/monitor/health").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.5)
    pytest.fail(f"no API server: {(airflow.home / 'server.log').read_text('utf-8')[-3000:]}")
