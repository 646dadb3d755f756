"""The workbench where it is served: inside Airflow's own API server, to Airflow's own users."""

from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.plugins.conftest import Airflow

pytestmark = pytest.mark.airflow


@pytest.fixture
def browser(airflow: Airflow) -> httpx.Client:
    """Kim, with the cookie that Airflow's login gives."""
    return airflow.client(Cookie=f"_token={airflow.token()}")


@pytest.fixture
def batch(airflow: Airflow) -> str:
    """The batch of the one run."""
    (batch,) = airflow.workshop.vault("31234567").ids("batch")
    return batch


@pytest.fixture
def page(airflow: Airflow) -> str:
    """The page of the batch."""
    (page,) = airflow.workshop.vault("31234567").ids("thumbnail")
    return page


@pytest.fixture
def run(browser: httpx.Client) -> str:
    """The id of the one run, as Airflow's own API tells it."""
    runs: dict[str, Any] = browser.get("/api/v2/dags/digitize_batch/dagRuns").json()
    (run,) = runs["dag_runs"]
    assert run["state"] == "success"
    return str(run["dag_run_id"])


def test_strangers_get_nothing(airflow: Airflow, batch: str, page: str, run: str) -> None:
    """Without a login every address answers 401, with a false one 403, and nothing is shown."""
    addresses = [
        "/giroksil/",
        f"/giroksil/batches/{batch}/report.html",
        f"/giroksil/batches/{batch}/thumbnails/{page}.webp",
        f"/giroksil/batches/{batch}/data_docs/index.html",
        f"/giroksil/runs/digitize_batch/{quote(run, safe='')}",
    ]
    stranger, liar = airflow.client(), airflow.client(Authorization="Bearer made-up")
    before = len(list(airflow.workshop.archive.access.entries("31234567")))

    assert [stranger.get(address).status_code for address in addresses] == [401] * len(addresses)
    assert [liar.get(address).status_code for address in addresses] == [403] * len(addresses)
    assert batch not in "".join(stranger.get(address).text for address in addresses)
    assert len(list(airflow.workshop.archive.access.entries("31234567"))) == before


def test_a_user_of_airflow_sees_the_batches(browser: httpx.Client, batch: str) -> None:
    """Airflow's login opens the workbench: no second login, no second password."""
    answer = browser.get("/giroksil/")

    assert answer.status_code == 200
    assert f'href="batches/{batch}/report.html"' in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_a_picture_is_logged_under_the_users_name(
    airflow: Airflow, browser: httpx.Client, batch: str, page: str
) -> None:
    """Who Airflow says it is stands in the access log, with the address asked from."""
    known = {entry.id for entry in airflow.workshop.archive.access.entries("31234567")}

    answer = browser.get(f"/giroksil/batches/{batch}/thumbnails/{page}.webp")

    assert answer.content[:4] == b"RIFF"
    entries = airflow.workshop.archive.access.entries("31234567")
    new = [(entry.who, entry.where, entry.why) for entry in entries if entry.id not in known]
    assert new == [("kim", "127.0.0.1", "workbench")]


def test_airflows_pages_lead_to_the_list_and_to_a_runs_report(
    browser: httpx.Client, batch: str, run: str
) -> None:
    """The navigation has an entry that opens, and a run has a tab that ends at its report."""
    (plugin,) = browser.get("/api/v2/plugins").json()["plugins"]
    links = {view["destination"]: view["href"] for view in plugin["external_views"]}
    # As the browser fills them in.
    report = links["dag_run"].replace("{DAG_ID}", "digitize_batch")
    report = report.replace("{RUN_ID}", quote(run, safe=""))

    assert browser.get(links["nav"]).status_code == 200
    sent = browser.get(report)
    assert sent.headers["location"] == f"/giroksil/batches/{batch}/report.html"
    assert batch in browser.get(sent.headers["location"]).text


@pytest.mark.parametrize("dag_id", ["digitize_batch", "verify_archive"])
def test_a_run_without_a_batch_says_so(browser: httpx.Client, dag_id: str) -> None:
    """A run that is unknown, or of a DAG that makes no batches, is answered with 404 and words."""
    answer = browser.get(f"/giroksil/runs/{dag_id}/manual__elsewhen")

    assert answer.status_code == 404
    assert "이 실행에는 배치가 없습니다" in answer.text


def test_the_right_can_be_withheld(airflow: Airflow) -> None:
    """Somebody Airflow knows, but to whom it does not give the right `giroksil`, gets 403."""
    code = f"""
import json, warnings
warnings.simplefilter("ignore")
from airflow.api_fastapi.app import create_app
from airflow.api_fastapi.auth.managers.simple.simple_auth_manager import SimpleAuthManager
from fastapi.testclient import TestClient
right = []
SimpleAuthManager.is_authorized_custom_view = lambda self, **asked: right.append(
    (asked["method"], asked["resource_name"])
)
browser = TestClient(create_app(), headers={{"Authorization": "Bearer {airflow.token()}"}})
print(json.dumps([browser.get("/giroksil/").status_code, right]))
"""

    assert airflow.python(code) == [403, [["GET", "giroksil"]]]
