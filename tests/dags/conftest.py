"""An Airflow home of the tests' own, set before anything imports Airflow."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
AIRFLOW_HOME = Path(tempfile.mkdtemp(prefix="giroksil-airflow-"))
atexit.register(shutil.rmtree, AIRFLOW_HOME, ignore_errors=True)

for name in [name for name in os.environ if name.startswith("AIRFLOW_")]:
    del os.environ[name]
os.environ |= {
    "AIRFLOW_HOME": str(AIRFLOW_HOME),
    "AIRFLOW__CORE__DAGS_FOLDER": str(CHECKOUT / "dags"),
    "AIRFLOW__CORE__PLUGINS_FOLDER": str(CHECKOUT / "plugins"),
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__DEFAULT_TASK_RETRY_DELAY": "0",
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{AIRFLOW_HOME}/airflow.db",
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
}


@pytest.fixture(scope="session")
def dags() -> dict[str, Any]:
    """Every DAG of the house by id, read as the DAG processor reads them."""
    from airflow.dag_processing.dagbag import BundleDagBag  # noqa: PLC0415 (after the environment)

    folder = CHECKOUT / "dags"
    bag = BundleDagBag(dag_folder=folder, bundle_path=folder, bundle_name="dags-folder")
    assert bag.import_errors == {}
    return dict(bag.dags)


@pytest.fixture(scope="session")
def database() -> None:
    """Airflow's own tables, in the temporary home."""
    from airflow.models.pool import Pool  # noqa: PLC0415 (after the environment)
    from airflow.utils.db import initdb  # noqa: PLC0415 (after the environment)

    initdb()
    Pool.create_or_update_pool("ocr", slots=2, description="", include_deferred=False)
