"""A real Airflow for a house, and the people who use its REST API, each in their own account."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import httpx

from tests.e2e.house import ROOT, House

ENDED = ("success", "failed")


def airflow(house: House, *arguments: str) -> None:
    command = [sys.executable, str(ROOT / "infra" / "airflow" / "local.py"), *arguments]
    subprocess.run(command, cwd=ROOT, env=house.environment, check=True, timeout=600)


class Person:
    """A person at Airflow's REST API, in one of its accounts."""

    def __init__(self, house: House, user: str = "") -> None:
        folder = house.home / "airflow"
        access = json.loads((folder / "access.json").read_text("utf-8"))
        self.user = user or access["user"]
        password = json.loads((folder / "passwords.json").read_text("utf-8"))[self.user]
        self._http = httpx.Client(base_url=access["url"], timeout=30)
        login = {"username": self.user, "password": password}
        token = self._http.post("/auth/token", json=login).json()["access_token"]
        self._http.headers["Authorization"] = f"Bearer {token}"
        self._first_seen: dict[tuple[str, int, int], float] = {}

    def run(self, dag: str) -> str:
        """Run a DAG to its end and return the state it ended in."""
        return self.wait(dag, self.start(dag, {}))

    def start(self, dag: str, conf: dict[str, object]) -> str:
        body = {"logical_date": None, "conf": conf}
        answer = self._http.post(f"/api/v2/dags/{dag}/dagRuns", json=body)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["dag_run_id"])

    def state(self, dag: str, run: str) -> str:
        return str(self._http.get(f"/api/v2/dags/{dag}/dagRuns/{run}").json()["state"])

    def wait(self, dag: str, run: str, heed: Callable[[dict[str, Any]], None] | None = None) -> str:
        """Wait for a run's end and return its state; each question meanwhile goes to `heed`.

        A question may come more than once: Airflow asks again where it lost the answer.
        """
        end = time.monotonic() + 600
        while time.monotonic() < end:
            state = self.state(dag, run)
            if state in ENDED:
                return state
            for asked in self.questions(dag, run) if heed else ():
                heed(asked)
            time.sleep(1)
        raise AssertionError(f"{dag} did not end: {self.ended(dag, run)}")

    def runs(self, dag: str) -> list[str]:
        rows = self._http.get(f"/api/v2/dags/{dag}/dagRuns?limit=100").json()["dag_runs"]
        return [str(row["dag_run_id"]) for row in rows]

    def ended(self, dag: str, run: str) -> list[tuple[str, int, str]]:
        """The tasks of a run that did not end well: their names, map indices and states."""
        path = f"/api/v2/dags/{dag}/dagRuns/{run}/taskInstances?limit=100"
        return [
            (row["task_id"], row["map_index"], row["state"])
            for row in self._http.get(path).json()["task_instances"]
            if row["state"] not in ("success", "skipped")
        ]

    def questions(self, dag: str, run: str) -> list[dict[str, Any]]:
        """The tasks that have waited for an answer for five seconds.

        Airflow 3.3.2 fails a try that is answered before the scheduler has heard that it waits.
        """
        path = f"/api/v2/dags/{dag}/dagRuns/{run}/hitlDetails?response_received=false"
        asked = [row["task_instance"] for row in self._http.get(path).json()["hitl_details"]]
        now = time.monotonic()
        return [
            task
            for task in asked
            if now
            - self._first_seen.setdefault(
                (task["task_id"], task["map_index"], task["try_number"]), now
            )
            >= 5
        ]

    def answer(self, task: dict[str, Any], option: str, **given: str) -> None:
        """Answer one question; where Airflow could not take the answer, it stays a question.

        Over SQLite, Airflow 3.3.2 waits for its own lock, and in the end says 500, where an answer
        comes in while another request is being written.
        """
        path = (
            f"/api/v2/dags/{task['dag_id']}/dagRuns/{task['dag_run_id']}"
            f"/taskInstances/{task['task_id']}/{task['map_index']}/hitlDetails"
        )
        body = {"chosen_options": [option], "params_input": given}
        answered = self._http.patch(path, json=body)
        assert answered.status_code in (200, 500), answered.text
