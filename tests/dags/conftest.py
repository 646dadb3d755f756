"""An Airflow home of the tests' own, set before anything imports Airflow."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.makers.delivery import make_delivery

Run = Callable[..., dict[str, Any]]

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


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small made-up delivery, to take parts from."""
    folder = tmp_path_factory.mktemp("made") / "box"
    make_delivery(folder, seed=11, size="small")
    return folder


@pytest.fixture
def delivery(made: Path, tmp_path: Path) -> Path:
    """EMR rows, a page that cannot be read and a file that is none: quick, with much to reject."""
    folder = tmp_path / "box"
    folder.mkdir()
    shutil.copy(made / "delivery.yaml", folder)
    shutil.copytree(made / "emr", folder / "emr")
    (folder / "scans").mkdir()
    (folder / "scans" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 cut off")
    (folder / "scans" / "nothing.jpg").write_bytes(b"not a picture at all")
    return folder


@pytest.fixture
def run(dags: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a DAG in a house of the test's own; return the run's state, and each task's."""
    monkeypatch.setenv("GIROKSIL_HOME", str(tmp_path / "home"))

    def run(dag_id: str, **conf: object) -> dict[str, Any]:
        done = dags[dag_id].test(run_conf=conf)
        instances = done.get_task_instances()
        return {
            "run": str(done.state),
            "tries": {ti.task_id: ti.try_number for ti in instances},
            "receipt": lambda task: next(
                ti.xcom_pull(task_ids=task) for ti in instances if ti.task_id == task
            ),
        } | {ti.task_id: str(ti.state) for ti in instances}

    return run
