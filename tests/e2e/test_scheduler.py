"""The whole demo delivery through a real scheduler; and the canary: where a name may be found."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.house import ROOT, House
from tests.makers.delivery import make_delivery

pytestmark = [pytest.mark.airflow, pytest.mark.e2e]

CANARY = "독고영재"
SEED = 2026


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with its own Airflow running; ended with everything it started."""
    house = House(tmp_path_factory.mktemp("scheduler") / "home")
    _airflow(house, "start", "--port", "18480")
    try:
        yield house
    finally:
        _airflow(house, "stop")


@pytest.fixture(scope="module")
def digitized(house: House, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The demo delivery, one patient of which bears the canary's name, through the DAG."""
    delivery = tmp_path_factory.mktemp("delivery") / "box"
    make_delivery(delivery, seed=SEED, size="demo", patient_name=CANARY)
    status, out, err = house.run("digitize", "--json", str(delivery))
    assert status == 0, (out, err)
    return dict(json.loads(out))


def test_batch_is_balanced_sealed_and_true(house: House, digitized: dict[str, Any]) -> None:
    """The run succeeds, the batch balances and is sealed, and the archive verifies."""
    assert digitized["balanced"]
    assert digitized["sealed"]
    status, out, _ = house.run("verify")
    assert status == 0, out


def test_found_and_proven(house: House, digitized: dict[str, Any], tmp_path: Path) -> None:
    """A document is found by its patient's name, and its proof holds for an outsider."""
    _, out, _ = house.run("search", "--patient", CANARY, "--json")
    hits = [json.loads(line) for line in out.splitlines()]
    assert hits
    proof = tmp_path / "document.proof"
    assert house.run("prove", hits[0]["document"], "--to", str(proof))[0] == 0
    assert house.run("check-proof", str(proof))[0] == 0
    raw = proof.read_bytes()
    proof.write_bytes(
        raw[: len(raw) // 2] + bytes([raw[len(raw) // 2] ^ 1]) + raw[len(raw) // 2 + 1 :]
    )
    assert house.run("check-proof", str(proof))[0] != 0


def test_canary_is_nowhere_it_must_not_be(
    house: House, digitized: dict[str, Any], tmp_path: Path
) -> None:
    """A patient's name stands in the export, and in no file that Airflow, GX or we left on disk."""
    export = tmp_path / "export"
    status, out, err = house.run(
        "export", digitized["batch"], "--to", str(export), "--purpose", "test"
    )
    assert status == 0, (out, err)
    assert CANARY in (export / "documents.jsonl").read_text("utf-8")

    temp = house.home.parent / f"{house.home.name}-tmp"
    searched = [f for folder in (house.home, temp) for f in folder.rglob("*") if f.is_file()]
    assert any(file.name == "airflow.db" for file in searched)
    assert any(file.suffix == ".log" for file in searched)
    assert any(file.name == "report.html" for file in searched)
    found = [file for file in searched if _holds(file.read_bytes())]
    assert not found


def test_steward_releases(house: House, tmp_path: Path) -> None:
    """A batch with held documents waits for a steward, and goes on when she releases it."""
    delivery = tmp_path / "box"
    make_delivery(delivery, seed=SEED + 1, size="small")
    process = house.start("digitize", "--release", "steward", "--json", str(delivery))
    airflow = _Person(house)
    asked = airflow.wait_for_question(process)
    # Airflow 3.3.2 fails a task that is answered before the scheduler has heard that it waits.
    time.sleep(5)
    airflow.answer(asked, "저장 승인 / Release")
    out, err = process.communicate(timeout=600)
    assert process.returncode == 0, (out, err)
    assert json.loads(out)["balanced"]


def test_inbox_is_taken_once(house: House) -> None:
    """A delivery in the inbox is digitized once, however often the watcher looks."""
    make_delivery(house.home / "inbox" / "box", seed=SEED + 2, size="small")
    (house.home / "inbox" / "box" / "_COMPLETE").touch()
    person = _Person(house)
    for _ in range(2):
        assert person.run("watch_deliveries") == "success"
    runs = [run for run in person.runs("digitize_batch") if run.startswith("delivery__")]
    assert len(runs) == 1
    assert person.wait("digitize_batch", runs[0]) == "success"


@pytest.mark.parametrize("dag", ["verify_archive", "rebuild_index"])
def test_upkeep_runs(house: House, digitized: dict[str, Any], dag: str) -> None:
    """The archive's upkeep runs green over what was digitized."""
    assert digitized["sealed"]
    assert _Person(house).run(dag) == "success"


class _Person:
    """A person at Airflow's REST API."""

    def __init__(self, house: House) -> None:
        access = json.loads((house.home / "airflow" / "access.json").read_text("utf-8"))
        self._http = httpx.Client(base_url=access["url"], timeout=30)
        login = {"username": access["user"], "password": access["password"]}
        token = self._http.post("/auth/token", json=login).json()["access_token"]
        self._http.headers["Authorization"] = f"Bearer {token}"

    def run(self, dag: str) -> str:
        """Run a DAG to its end and return the state it ended in."""
        answer = self._http.post(f"/api/v2/dags/{dag}/dagRuns", json={"logical_date": None})
        assert answer.status_code == 200, answer.text
        return self.wait(dag, answer.json()["dag_run_id"])

    def wait(self, dag: str, run: str) -> str:
        for _ in range(300):
            state = str(self._http.get(f"/api/v2/dags/{dag}/dagRuns/{run}").json()["state"])
            if state in ("success", "failed"):
                return state
            time.sleep(1)
        raise AssertionError(f"{dag} did not end")

    def runs(self, dag: str) -> list[str]:
        rows = self._http.get(f"/api/v2/dags/{dag}/dagRuns?limit=100").json()["dag_runs"]
        return [str(row["dag_run_id"]) for row in rows]

    def wait_for_question(self, process: "subprocess.Popen[bytes]") -> dict[str, Any]:
        path = "/api/v2/dags/digitize_batch/dagRuns/~/hitlDetails?response_received=false"
        while process.poll() is None:
            if found := self._http.get(path).json()["hitl_details"]:
                return dict(found[0]["task_instance"])
            time.sleep(1)
        raise AssertionError(process.communicate())

    def answer(self, task: dict[str, Any], option: str) -> None:
        path = (
            f"/api/v2/dags/{task['dag_id']}/dagRuns/{task['dag_run_id']}"
            f"/taskInstances/{task['task_id']}/{task['map_index']}/hitlDetails"
        )
        body = {"chosen_options": [option], "params_input": {}}
        assert self._http.patch(path, json=body).status_code == 200


def _airflow(house: House, *arguments: str) -> None:
    command = [sys.executable, str(ROOT / "infra" / "airflow" / "local.py"), *arguments]
    subprocess.run(command, cwd=ROOT, env=house.environment, check=True, timeout=600)


def _holds(raw: bytes) -> bool:
    """Tell whether bytes hold the canary in an encoding that text is kept in."""
    escaped = json.dumps(CANARY)[1:-1]
    spaced = " ".join(CANARY)
    forms = {
        text.encode(encoding)
        for text in (CANARY, spaced)
        for encoding in ("utf-8", "cp949", "utf-16-le", "utf-16-be")
    }
    forms |= {escaped.encode(), escaped.upper().replace("\\U", "\\u").encode()}
    return any(form in raw for form in forms)
