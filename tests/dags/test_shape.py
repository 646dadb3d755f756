"""What the DAGs look like, and the rules that every one of them keeps."""

import ast
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from airflow.providers.standard.exceptions import HITLTimeoutError

from quality.sampling.inspection_rules import load_inspection_rules
from records.errors import IntegrityError, RejectedInput, SetupError, TransientError

pytestmark = pytest.mark.airflow

FOLDER = Path(__file__).resolve().parents[2] / "dags"
FILES = sorted(FOLDER.glob("*.py"))
SHARED = sorted((FOLDER / "giroksil_dags").glob("*.py"))
DAG_IDS = {
    "digitize_batch",
    "dispose_records",
    "import_emr",
    "rebuild_index",
    "renew_hashes",
    "replicate_archive",
    "report_access",
    "review_access",
    "review_batch",
    "restore_drill",
    "retrain_classifier",
    "rotate_keys",
    "stamp_heads",
    "verify_archive",
    "watch_deliveries",
}

LINES = ("digitize_batch", "import_emr")
EDGES = {
    ("register", "triage"),
    ("triage", "chunks_to_read"),
    ("triage", "chunks_to_assemble"),
    ("chunks_to_read", "read"),
    ("read", "assemble"),
    ("chunks_to_assemble", "assemble"),
    ("assemble", "check"),
    ("check", "needs_steward"),
    ("check", "chunks_to_store"),
    ("needs_steward", "ask_steward"),
    ("ask_steward", "heed_steward"),
    ("heed_steward", "store"),
    ("chunks_to_store", "store"),
    ("store", "index"),
    ("index", "seal"),
} | {
    ("register", stage)  # the batch's id
    for stage in ("read", "assemble", "check", "heed_steward", "store", "index", "seal")
}


def tasks(dags: dict[str, Any]) -> list[Any]:
    """Every task of every DAG; a mapped one as it will run."""
    chunk, part = {"batch": "b", "chunk": "c"}, {"part": 0}
    delivery = {"trigger_dag_id": "digitize_batch"}
    return [
        task.unmap(
            {"op_kwargs": part if dag.dag_id == "rebuild_index" else chunk}
            if hasattr(task, "op_kwargs_expand_input")
            else delivery
        )
        if task.is_mapped
        else task
        for dag in dags.values()
        for task in dag.tasks
    ]


def korean_and_english(text: str) -> bool:
    return bool(re.search("[가-힣]{2}", text) and re.search("[A-Za-z]{3}", text))


def test_the_dags_are_these(dags: dict[str, Any]) -> None:
    """The exact set of DAGs loads, each from the file of its name."""
    found = {dag_id: Path(dag.fileloc).name for dag_id, dag in dags.items()}

    assert {dag_id: f"{dag_id}.py" for dag_id in DAG_IDS} == found
    assert {path.stem for path in FILES} == DAG_IDS


@pytest.mark.parametrize("dag_id", LINES)
def test_the_line_runs_in_this_order(dags: dict[str, Any], dag_id: str) -> None:
    """Paper and EMR go through exactly these edges, and end in `seal` alone."""
    dag = dags[dag_id]
    found = {(task.task_id, below) for task in dag.tasks for below in task.downstream_task_ids}

    assert found == EDGES
    assert [leaf.task_id for leaf in dag.leaves] == ["seal"]


@pytest.mark.parametrize("dag_id", LINES)
def test_reading_and_what_follows_is_mapped_over_chunks(dags: dict[str, Any], dag_id: str) -> None:
    """Work is mapped over chunks, and only reading takes slots of the pool `ocr`."""
    dag = dags[dag_id]

    assert {t.task_id for t in dag.tasks if t.is_mapped} == {"read", "assemble", "store"}
    assert {t.task_id for t in dag.tasks if t.pool == "ocr"} == {"read"}


@pytest.mark.parametrize("dag_id", sorted(DAG_IDS))
def test_every_dag_keeps_house_rules(dags: dict[str, Any], dag_id: str) -> None:
    """Owner, tags, bilingual page, no catching up, a bound on runs beside each other."""
    dag = dags[dag_id]

    assert dag.owner == "giroksil"
    assert "giroksil" in dag.tags
    assert korean_and_english(dag.doc_md)
    assert not dag.catchup
    assert 1 <= dag.max_active_runs <= 4


def test_every_task_has_a_bound_and_a_retry_policy(dags: dict[str, Any]) -> None:
    """A task ends some day; only an error that may pass by itself is tried again."""
    for task in tasks(dags):
        decide = task.retry_policy.evaluate
        actions = {
            cls: decide(cls("code"), 1, 3).action.value
            for cls in (TransientError, RejectedInput, IntegrityError, SetupError)
        }

        assert task.execution_timeout, task.task_id
        assert task.retries, task.task_id
        assert actions == {
            TransientError: "retry",
            RejectedInput: "fail",
            IntegrityError: "fail",
            SetupError: "fail",
        }


def test_no_task_writes_its_result_into_the_log(dags: dict[str, Any]) -> None:
    """`Returned value was …` is switched off wherever it exists."""
    switches = [getattr(task, "show_return_value_in_logs", False) for task in tasks(dags)]

    assert not any(switches)
    assert len(switches) > 15


def test_no_run_ends_green_over_a_failure(dags: dict[str, Any]) -> None:
    """No task of any DAG goes on over a failed one."""
    rules = {task.trigger_rule.value for task in tasks(dags)}

    assert rules == {"all_success", "none_failed"}


def test_the_form_speaks_korean_and_english(dags: dict[str, Any]) -> None:
    """Every field of every form has a title and a description in both languages."""
    forms = [dag.params for dag in dags.values()]
    forms += [task.params for task in tasks(dags) if task.task_type == "HITLOperator"]

    for line in LINES:
        assert set(dags[line].params) == {"delivery", "chunk_pages", "languages", "release"}
    assert sum(map(len, forms)) >= 8
    for form in forms:
        for name in form:
            schema = form.get_param(name).schema
            assert korean_and_english(schema["title"])
            assert korean_and_english(schema["description_md"])


def test_exports_are_imported_one_after_the_other(dags: dict[str, Any]) -> None:
    """Two exports of one institution may hold the same rows, so none runs beside another."""
    assert dags["import_emr"].max_active_runs == 1


def test_two_persons_are_asked_before_anything_is_disposed_of(dags: dict[str, Any]) -> None:
    """Proposed, asked one after the other, then disposed of; it starts by hand only."""
    dag = dags["dispose_records"]
    found = {(task.task_id, below) for task in dag.tasks for below in task.downstream_task_ids}

    assert found == {
        ("propose", "something_is_due"),
        ("something_is_due", "ask_first"),
        ("ask_first", "ask_second"),
        ("propose", "dispose"),
        ("ask_first", "dispose"),
        ("ask_second", "dispose"),
    }
    assert not dag.timetable.can_be_scheduled


def test_a_classifier_is_trained_before_a_person_is_asked(dags: dict[str, Any]) -> None:
    """Gathered, trained, asked, heeded; without a person's answer nothing ever changes."""
    dag = dags["retrain_classifier"]
    found = {(task.task_id, below) for task in dag.tasks for below in task.downstream_task_ids}

    assert found == {
        ("gather", "is_enough"),
        ("is_enough", "train"),
        ("train", "is_new"),
        ("is_new", "ask_person"),
        ("train", "heed_answer"),
        ("ask_person", "heed_answer"),
    }
    assert not dag.timetable.can_be_scheduled


def test_people_are_asked_about_each_document_and_page(dags: dict[str, Any]) -> None:
    """Each held document, sampled page and second look is a question of its own, then heeded."""
    dag = dags["review_batch"]
    asked = {task.task_id for task in dag.tasks if task.task_type == "HITLOperator"}

    assert asked == {"held_document.ask", "sampled_page.ask", "second_look.ask"}
    for task_id in asked:
        (below,) = dag.task_dict[task_id].downstream_task_ids
        assert below.split(".")[0] == task_id.split(".")[0]
        assert dag.task_dict[below].downstream_task_ids == {"conclude"}
    assert [leaf.task_id for leaf in dag.leaves] == ["conclude"]


def test_the_defects_to_choose_are_those_of_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """The DAG's list of defects, which it may not read at parsing, is the inspection rules'."""
    monkeypatch.syspath_prepend(FOLDER)
    listed = runpy.run_path(str(FOLDER / "review_batch.py"))["DEFECTS"]

    assert list(listed) == [defect.id for defect in load_inspection_rules().defects]


def test_whoever_is_asked_is_asked_in_both_languages(dags: dict[str, Any]) -> None:
    """Subject, body and every option of every question; nobody's silence is an answer."""
    asked = [task for task in tasks(dags) if task.task_type == "HITLOperator"]

    assert len(asked) >= 4
    for task in asked:
        for text in (task.subject, task.body, *task.options):
            assert korean_and_english(text), text
        assert task.defaults is None
        assert task.response_timeout
        silence = task.retry_policy.evaluate(HITLTimeoutError("nobody"), 1, 3)
        assert silence.action.value == "fail"


@pytest.mark.parametrize("path", FILES + SHARED, ids=lambda path: path.stem)
def test_a_dag_file_imports_little(path: Path) -> None:
    """At top level: Airflow's SDK and standard provider, the standard library, our errors.

    And what the DAG files share, which keeps the same rule.
    """
    shared = {f"giroksil_dags.{path.stem}" for path in SHARED}
    allowed = {"airflow.sdk", "records.errors"} | shared | sys.stdlib_module_names
    found = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    provider = {name for name in found if name.startswith("airflow.providers.standard.")}

    assert found - provider <= allowed


def test_parsing_brings_no_engine_along() -> None:
    """Reading all DAGs in a fresh interpreter imports none of the engine's libraries."""
    engine = "cv2 PIL numpy pandas great_expectations spacy tesserocr tink sqlcipher3 pipeline"
    script = (
        "import runpy, sys\n"
        f"sys.path.insert(0, {str(FOLDER)!r})\n"
        f"for file in {[str(path) for path in FILES]!r}: runpy.run_path(file)\n"
        f"print([name for name in {engine.split()!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[-1] == "[]"
