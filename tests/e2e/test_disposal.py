"""Two persons dispose of records through a real Airflow, each signed in as who they are."""

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

AGREE = "폐기 동의 / Agree"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with two sites that holds a clinic closed long ago, and its own Airflow."""
    folder = tmp_path_factory.mktemp("disposal")
    house = House(folder / "home", {"GIROKSIL_REPLICA_URL": (folder / "second").as_uri()})
    status, out, err = house.run("digitize", "--here", str(_long_ago(folder)))
    assert status == 0, (out, err)
    assert house.run("replicate")[0] == 0
    _airflow(house, "start", "--port", "18481")
    try:
        yield house
    finally:
        _airflow(house, "stop")


def _long_ago(folder: Path) -> Path:
    """The tables of a made-up delivery, every day of them in 2009, the clinic closed in 2010."""
    make_delivery(folder / "made", seed=11, size="small")
    box = folder / "box"
    (box / "emr").mkdir(parents=True)
    about = (folder / "made" / "delivery.yaml").read_text("utf-8")
    for new, old in (("2001-", "2009-"), ("2010-", "2025-"), ("owner", "health_centre")):
        assert old in about
        about = about.replace(old, new)
    (box / "delivery.yaml").write_text(about, "utf-8")
    for table in (folder / "made" / "emr").iterdir():
        (box / "emr" / table.name).write_bytes(table.read_bytes().replace(b",2019-", b",2009-"))
    return box


def test_one_person_is_not_two(house: House) -> None:
    """Answered twice from one account, the run fails and everything still opens."""
    operator = _Person(house, "operator")
    run = operator.start(house)
    for task in ("ask_first", "ask_second"):
        operator.answer(run, task)

    assert operator.wait(run) == "failed"
    assert _documents(house)
    assert house.run("verify")[0] == 0


def test_two_persons_dispose(house: House) -> None:
    """Answered from two accounts: gone from both sites, certified, and the archive is true."""
    operator, steward = _Person(house, "operator"), _Person(house, "steward")
    documents = _documents(house)
    run = operator.start(house)
    operator.answer(run, "ask_first")
    steward.answer(run, "ask_second")

    assert operator.wait(run) == "success"
    assert documents
    assert _documents(house) == []
    for command in ("verify", "replicate"):
        status, out, err = house.run(command)
        assert status == 0, (out, err)
    second = Path(house.settings["GIROKSIL_REPLICA_URL"].removeprefix("file://"))
    left = [path for path in (*house.home.rglob("*"), *second.rglob("*")) if path.is_file()]
    for document in documents:
        named = [path for path in left if path.name.startswith(document)]
        assert {path.parent.parent.name for path in named} == {"records", "disposed"}
        assert not any(b"wrapped_key" in path.read_bytes() for path in named)


def _institution(house: House) -> str:
    return next(path.name for path in (house.home / "store").iterdir() if path.name.isdigit())


def _documents(house: House) -> list[str]:
    line = ("retention", "list", "--all", "--json", "--institution", _institution(house))
    status, out, err = house.run(*line)
    assert status == 0, (out, err)
    return [json.loads(line)["document"]["id"] for line in out.splitlines()]


class _Person:
    """A person at Airflow's REST API, in an account of one's own."""

    def __init__(self, house: House, user: str) -> None:
        folder = house.home / "airflow"
        url = json.loads((folder / "access.json").read_text("utf-8"))["url"]
        password = json.loads((folder / "passwords.json").read_text("utf-8"))[user]
        self._http = httpx.Client(base_url=f"{url}", timeout=30)
        login = {"username": user, "password": password}
        token = self._http.post("/auth/token", json=login).json()["access_token"]
        self._http.headers["Authorization"] = f"Bearer {token}"
        self._runs = "/api/v2/dags/dispose_records/dagRuns"

    def start(self, house: House) -> str:
        body = {"logical_date": None, "conf": {"institution": _institution(house)}}
        answer = self._http.post(self._runs, json=body)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["dag_run_id"])

    def answer(self, run: str, task: str) -> None:
        """Answer when asked."""
        path = f"{self._runs}/{run}/hitlDetails?response_received=false"
        for _ in range(300):
            asked = [row["task_instance"] for row in self._http.get(path).json()["hitl_details"]]
            if [one for one in asked if one["task_id"] == task]:
                break
            assert self._state(run) not in {"success", "failed"}
            time.sleep(1)
        # Airflow 3.3.2 fails a task that is answered before the scheduler has heard that it waits.
        time.sleep(5)
        body: dict[str, Any] = {"chosen_options": [AGREE], "params_input": {"reason": "만료"}}
        place = f"{self._runs}/{run}/taskInstances/{task}/-1/hitlDetails"
        answered = self._http.patch(place, json=body)
        assert answered.status_code == 200, answered.text

    def wait(self, run: str) -> str:
        for _ in range(300):
            if (state := self._state(run)) in {"success", "failed"}:
                return state
            time.sleep(1)
        raise AssertionError("the run did not end")

    def _state(self, run: str) -> str:
        return str(self._http.get(f"{self._runs}/{run}").json()["state"])


def _airflow(house: House, *arguments: str) -> None:
    command = [sys.executable, str(ROOT / "infra" / "airflow" / "local.py"), *arguments]
    subprocess.run(command, cwd=ROOT, env=house.environment, check=True, timeout=600)
