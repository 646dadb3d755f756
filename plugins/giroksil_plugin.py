"""기록실 · Giroksil in Airflow's pages: the workbench, and a run's report beside the run.

Every Airflow process loads this file, so it imports only what they have loaded already;
the workbench is built where it is served, in the API server.
"""

import functools
from typing import Any
from urllib.parse import urlsplit

from airflow.configuration import conf
from airflow.plugins_manager import AirflowPlugin

PREFIX = "/giroksil"
RIGHT = "giroksil"


class GiroksilPlugin(AirflowPlugin):
    """The workbench at /giroksil, an entry in the navigation, and a tab at every run."""

    name = "giroksil"

    @functools.cached_property
    def fastapi_apps(self) -> list[dict[str, Any]]:
        """The workbench; only the API server asks for it."""
        return [{"app": workbench(), "url_prefix": PREFIX, "name": "giroksil"}]

    @functools.cached_property
    def external_views(self) -> list[dict[str, Any]]:
        """Addresses as the browser must ask for them, under the path Airflow is served at."""
        served_at = urlsplit(conf.get("api", "base_url", fallback="")).path.rstrip("/")
        return [
            {
                "name": "기록실 / Giroksil",
                "href": f"{served_at}{PREFIX}/",
                "destination": "nav",
                "url_route": "giroksil",
                "nav_top_level": True,
            },
            {
                "name": "보고서 / Report",
                "href": f"{served_at}{PREFIX}/runs/{{DAG_ID}}/{{RUN_ID}}",
                "destination": "dag_run",
                "url_route": "giroksil-report",
            },
        ]


def workbench() -> Any:
    """The workbench, open to people whom Airflow knows and who have the right `giroksil`."""
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.core_api.security import GetUserDep
    from fastapi import HTTPException

    from pipeline.assembly import open_workshop
    from workbench.app import make_app

    def who(user: GetUserDep) -> str:
        """The user's name; 401 or 403 by `GetUserDep` for anybody Airflow does not know."""
        may = get_auth_manager().is_authorized_custom_view
        if not may(method="GET", resource_name=RIGHT, user=user):
            raise HTTPException(403)
        return user.get_name()

    return make_app(open_workshop, who, batch_of_run)


def batch_of_run(dag_id: str, run_id: str) -> str | None:
    """Id of the batch that a run of a line registered; None where there is none yet."""
    if dag_id not in ("digitize_batch", "import_emr"):
        return None
    from airflow.models.xcom import XComModel
    from airflow.utils.session import create_session

    query = XComModel.get_many(dag_ids=dag_id, run_id=run_id, task_ids="register", key="batch")
    with create_session(scoped=False) as session:
        found = session.scalars(query.limit(1)).first()
        return found and XComModel.deserialize_value(found)
