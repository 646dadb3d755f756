"""How Airflow loads the plugin: one file, quickly, and under a name that nobody else has."""

import importlib.metadata
import shutil
import sys
from pathlib import Path

import pytest

from tests.plugins.conftest import CHECKOUT, PLUGINS, Airflow

pytestmark = pytest.mark.airflow

OURS = ["workbench", "pipeline", "archive", "intake", "ocr", "classifiers", "quality", "records"]
LOAD = """
import json, sys
from {manager} import _get_plugins
plugins, errors = _get_plugins()
loaded = [module for module in {modules} if module in sys.modules]
print(json.dumps([[type(p).__module__ for p in plugins], errors, loaded]))
"""


@pytest.mark.parametrize("manager", ["airflow.plugins_manager", "airflow.sdk.plugins_manager"])
def test_it_loads_and_brings_nothing_along(bare_airflow: Airflow, manager: str) -> None:
    """In a server as in a task, loading it imports neither the engine nor Airflow's web parts."""
    modules = [*OURS, "cv2", "great_expectations", "airflow.api_fastapi.core_api.security"]

    loaded = bare_airflow.python(LOAD.format(manager=manager, modules=modules))

    assert loaded == [["giroksil_plugin"], {}, []]


def test_only_the_plugin_is_executed(bare_airflow: Airflow, tmp_path: Path) -> None:
    """A Python file that strays into the folder is not run, and replaces no module of ours."""
    folder = tmp_path / "plugins"
    shutil.copytree(PLUGINS, folder)
    for stray in ("quality.py", "operators/email.py"):
        (folder / stray).parent.mkdir(exist_ok=True)
        (folder / stray).write_text("raise RuntimeError('executed')\n")

    code = LOAD.format(manager="airflow.plugins_manager", modules=["quality", "giroksil_plugin"])
    loaded = bare_airflow.python(code, AIRFLOW__CORE__PLUGINS_FOLDER=str(folder))

    assert loaded == [["giroksil_plugin"], {}, ["giroksil_plugin"]]


def test_its_name_is_nobody_elses() -> None:
    """Airflow registers a plugin under its bare stem: no other module may be called so."""
    stems = {file.stem for file in PLUGINS.rglob("*.py")}
    own = {path.stem for path in CHECKOUT.iterdir() if not path.name.startswith(".")}
    dags = {path.stem for path in (CHECKOUT / "dags").rglob("*.py")}
    installed = set(importlib.metadata.packages_distributions())

    assert stems == {"giroksil_plugin"}
    assert not stems & (set(sys.stdlib_module_names) | installed | own | dags)


def test_links_follow_the_path_airflow_is_served_at(bare_airflow: Airflow) -> None:
    """Where Airflow is served below a path, the links of its pages lead below that path."""
    code = (
        "import json\n"
        "from airflow.plugins_manager import _get_plugins\n"
        "print(json.dumps([view['href'] for view in _get_plugins()[0][0].external_views]))"
    )

    links = bare_airflow.python(code, AIRFLOW__API__BASE_URL="https://records.example/airflow/")

    assert links == ["/airflow/giroksil/", "/airflow/giroksil/runs/{DAG_ID}/{RUN_ID}"]
