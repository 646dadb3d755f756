"""The little of Airflow's REST API that starting it needs; standard library only."""

import datetime as dt
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

Answer = TypeVar("Answer")

# A proxy of the surroundings has no business between us and 127.0.0.1.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Api:
    """One API server; `login` first, then the rest."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._token = ""

    def health(self) -> dict[str, Any]:
        """State of each part; empty while the server does not answer."""
        try:
            return self._call("GET", "/api/v2/monitor/health")
        except (OSError, ValueError):
            return {}

    def login(self, user: str, password: str) -> None:
        """Get a token for the calls that follow."""
        body = {"username": user, "password": password}
        self._token = str(self._call("POST", "/auth/token", body)["access_token"])

    def set_pool(self, name: str, slots: int, description: str) -> None:
        """Make a pool, or give the one that is there this many slots."""
        plain = {"slots": slots, "description": description}
        try:
            self._call("POST", "/api/v2/pools", {"name": name} | plain)
        except urllib.error.HTTPError as error:
            if error.code != 409:
                raise
            self._call(
                "PATCH", f"/api/v2/pools/{name}", {"pool": name, "include_deferred": False} | plain
            )

    def parsed_since(self, moment: dt.datetime) -> set[str]:
        """Ids of the DAGs read since this moment."""
        dags = self._call("GET", "/api/v2/dags?limit=100")["dags"]
        return {
            dag["dag_id"]
            for dag in dags
            if dag["last_parsed_time"] and _moment(dag["last_parsed_time"]) >= moment
        }

    def import_errors(self) -> list[str]:
        """Files of DAGs that cannot be read."""
        errors = self._call("GET", "/api/v2/importErrors?limit=100")["import_errors"]
        return [str(error["filename"]) for error in errors]

    def _call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310 (http to 127.0.0.1 only)
            self.url + path,
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"Content-Type": "application/json"}
            | ({"Authorization": f"Bearer {self._token}"} if self._token else {}),
        )
        with _DIRECT.open(request, timeout=10) as answer:
            return dict(json.load(answer))


def until_answered(call: Callable[[], Answer], patience_left: Callable[[], None]) -> Answer:
    """Repeat a call that a server just started, and still busy, leaves unanswered or fails.

    Args:
        call: A call that may be made twice.
        patience_left: Raises when waiting on is of no use.

    Raises:
        urllib.error.HTTPError: The server refuses the call (4xx).
    """
    while True:
        try:
            return call()
        except urllib.error.HTTPError as error:
            if error.code < HTTPStatus.INTERNAL_SERVER_ERROR:
                raise
        except OSError:
            pass  # not yet listening, or too busy to answer in time
        patience_left()
        time.sleep(0.25)


def beats_since(health: dict[str, Any], moment: dt.datetime) -> bool:
    """Tell whether scheduler and DAG processor have given a sign of life since this moment."""
    beats = {
        "scheduler": "latest_scheduler_heartbeat",
        "dag_processor": "latest_dag_processor_heartbeat",
    }
    for part, beat in beats.items():
        state = health.get(part, {})
        if state.get("status") != "healthy" or _moment(state[beat]) < moment:
            return False
    return True


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text.replace("Z", "+00:00"))
