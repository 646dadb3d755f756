"""Airflow's REST API, as far as `giroksil digitize` needs it: trigger a run, watch it."""

import itertools
import json
import time
from pathlib import Path
from typing import Any

import httpx

from records.errors import SetupError, TransientError
from records.settings import Settings

# Airflow on SQLite answers late, or with 500, while its own writers wait for each other.
PATIENCE_SECONDS = 120.0


class AirflowClient:
    """One logged-in session with an Airflow API server.

    Raises:
        TransientError: `airflow_unreachable` where the server does not answer.
        SetupError: `airflow_refused` where it does not take the login or the request.
    """

    def __init__(self, url: str, user: str, password: str) -> None:
        # No proxy of the surroundings: Airflow is on this machine or named by its address.
        self._http = httpx.Client(base_url=url, timeout=30, trust_env=False)
        self._patience = 10.0
        answer = self._call("POST", "/auth/token", {"username": user, "password": password})
        self._http.headers["Authorization"] = f"Bearer {answer['access_token']}"
        self._patience = PATIENCE_SECONDS

    def trigger(self, dag: str, run: str, conf: dict[str, object]) -> str:
        """Start a run of a DAG under an id of ours; a run of that id that exists is kept."""
        body = {"dag_run_id": run, "logical_date": None, "conf": conf}
        answer = self._call("POST", f"/api/v2/dags/{dag}/dagRuns", body, fine=(409,))
        return str(answer.get("dag_run_id", run))

    def state(self, dag: str, run: str) -> str:
        """The run's state: queued, running, success, failed."""
        return str(self._call("GET", f"/api/v2/dags/{dag}/dagRuns/{run}")["state"])

    def tasks(self, dag: str, run: str) -> list[tuple[str, str]]:
        """Task id and state of every task instance of a run."""
        found: list[tuple[str, str]] = []
        while True:
            page = self._call(
                "GET",
                f"/api/v2/dags/{dag}/dagRuns/{run}/taskInstances?limit=100&offset={len(found)}",
            )
            rows = page["task_instances"]
            found.extend((row["task_id"], row["state"] or "") for row in rows)
            if not rows or len(found) >= page["total_entries"]:
                return found

    def receipt(self, dag: str, run: str, task: str) -> dict[str, Any] | None:
        """The receipt a task returned, or None where it has not."""
        path = f"/api/v2/dags/{dag}/dagRuns/{run}/taskInstances/{task}/xcomEntries/return_value"
        value = self._call("GET", path, fine=(404,)).get("value")
        if isinstance(value, str):
            value = json.loads(value)
        return value if isinstance(value, dict) else None

    def _call(
        self, method: str, path: str, body: object = None, fine: tuple[int, ...] = ()
    ) -> dict[str, Any]:
        answer = self._answer(method, path, body)
        if answer.status_code in fine:
            return {}
        if answer.is_error:
            raise SetupError("airflow_refused", str(answer.status_code))
        return dict(answer.json())

    def _answer(self, method: str, path: str, body: object) -> httpx.Response:
        """Ask until there is an answer; every call of ours may be repeated."""
        patient_until = time.monotonic() + self._patience
        for wait in itertools.chain((0.5, 1, 2, 4), itertools.repeat(8)):
            try:
                answer = self._http.request(method, path, json=body)
                if answer.status_code < 500:
                    return answer
                subject = str(answer.status_code)
            except httpx.HTTPError as error:
                subject = type(error).__name__.lower()
            if time.monotonic() + wait > patient_until:
                break
            time.sleep(wait)
        raise TransientError("airflow_unreachable", subject)


def airflow_here(settings: Settings) -> AirflowClient:
    """The Airflow that `make up` started, or the one that the settings name.

    Address and login stand in `<home>/airflow/access.json` (url, user, password), 0600.

    Raises:
        SetupError: `airflow_not_started`.
    """
    file = settings.home_path / "airflow" / "access.json"
    if not file.is_file():
        raise SetupError("airflow_not_started")
    access = json.loads(Path(file).read_text("utf-8"))
    return AirflowClient(settings.airflow_url or access["url"], access["user"], access["password"])
