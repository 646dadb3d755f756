"""The whole demo delivery through a real scheduler; and the canary: where a name may be found."""

import json
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.outcomes import Outcomes
from pipeline.releases import releases_of
from pipeline.sampling import inspection_of
from tests.damage import flipped
from tests.e2e.house import House
from tests.e2e.person import Person, airflow
from tests.makers.delivery import make_delivery
from tests.unit.pipeline.judged_batch import make_judged_batch

pytestmark = [pytest.mark.airflow, pytest.mark.e2e]

CANARY = "독고영재"
SEED = 2026


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with its own Airflow running; ended with everything it started."""
    house = House(tmp_path_factory.mktemp("scheduler") / "home")
    airflow(house, "start", "--port", "18480")
    try:
        yield house
    finally:
        airflow(house, "stop")


@pytest.fixture(scope="module")
def digitized(house: House, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The demo delivery, one patient of which bears the canary's name, through the DAG."""
    delivery = tmp_path_factory.mktemp("delivery") / "box"
    make_delivery(delivery, seed=SEED, size="demo", patient_name=CANARY)
    status, out, err = house.run("digitize", "--json", str(delivery))
    assert status == 0, (out, err)
    return dict(json.loads(out))


def test_batch_is_balanced_sealed_and_true(house: House, digitized: dict[str, Any]) -> None:
    """The run succeeds, the batch balances and is sealed, and the archive verifies."""
    assert digitized["balanced"]
    assert digitized["sealed"]
    status, out, _ = house.run("verify")
    assert status == 0, out


def test_found_and_proven(house: House, digitized: dict[str, Any], tmp_path: Path) -> None:
    """A document is found by its patient's name, and its proof holds for an outsider."""
    _, out, _ = house.run("search", "--patient", CANARY, "--json")
    hits = [json.loads(line) for line in out.splitlines()]
    assert hits
    proof = tmp_path / "document.proof"
    assert house.run("prove", hits[0]["document"], "--to", str(proof))[0] == 0
    assert house.run("check-proof", str(proof))[0] == 0
    raw = proof.read_bytes()
    proof.write_bytes(flipped(raw, len(raw) // 2))
    assert house.run("check-proof", str(proof))[0] != 0


def test_canary_is_nowhere_it_must_not_be(
    house: House, digitized: dict[str, Any], tmp_path: Path
) -> None:
    """A patient's name stands in the export, and in no file that Airflow, GX or we left on disk."""
    export = tmp_path / "export"
    status, out, err = house.run(
        "export", digitized["batch"], "--to", str(export), "--purpose", "test"
    )
    assert status == 0, (out, err)
    assert CANARY in (export / "documents.jsonl").read_text("utf-8")

    temp = house.home.parent / f"{house.home.name}-tmp"
    searched = [f for folder in (house.home, temp) for f in folder.rglob("*") if f.is_file()]
    assert any(file.name == "airflow.db" for file in searched)
    assert any(file.suffix == ".log" for file in searched)
    assert any(file.name == "report.html" for file in searched)
    found = [file for file in searched if _holds(file.read_bytes(), CANARY)]
    assert not found


def test_steward_releases(house: House, tmp_path: Path) -> None:
    """A batch with held documents waits for a steward; her release is kept, and it goes on."""
    delivery = tmp_path / "box"
    make_delivery(delivery, seed=SEED + 1, size="small")
    process = house.start("digitize", "--release", "steward", "--json", str(delivery))
    steward = Person(house)
    while process.poll() is None:
        for asked in steward.questions("digitize_batch", "~"):
            steward.answer(asked, "저장 승인 / Release", reason="보류 확인")
        time.sleep(1)
    out, err = process.communicate()
    assert process.returncode == 0, (out, err)
    sheet = json.loads(out)
    assert sheet["balanced"]
    workshop = house.workshop()
    (release,) = releases_of(workshop, workshop.work(sheet["batch"]))
    assert (release.outcome, release.by, release.reason) == ("release", steward.user, "보류 확인")
    assert release.at in Path(sheet["report"]).read_text("utf-8")


def test_inbox_is_taken_once(house: House) -> None:
    """A delivery in the inbox is digitized once, however often the watcher looks."""
    make_delivery(house.home / "inbox" / "box", seed=SEED + 2, size="small")
    (house.home / "inbox" / "box" / "_COMPLETE").touch()
    person = Person(house)
    for _ in range(2):
        assert person.run("watch_deliveries") == "success"
    runs = [run for run in person.runs("digitize_batch") if run.startswith("delivery__")]
    assert len(runs) == 1
    assert person.wait("digitize_batch", runs[0]) == "success"


@pytest.mark.parametrize("dag", ["verify_archive", "rebuild_index"])
def test_upkeep_runs(house: House, digitized: dict[str, Any], dag: str) -> None:
    """The archive's upkeep runs green over what was digitized."""
    assert digitized["sealed"]
    assert Person(house).run(dag) == "success"


def test_two_people_answer_one_by_one(house: House) -> None:
    """A held document, sampled pages and a second look are answered from two accounts, and kept.

    No patient of any batch is in Airflow's tables, which hold the questions and the answers.
    """
    workshop = house.workshop()
    batch = make_judged_batch(workshop, documents=3, worse=frozenset({1}))
    operator, steward = Person(house, "operator"), Person(house, "steward")
    run = operator.start("review_batch", {"batch": batch, "sample": True})

    def heed(asked: dict[str, Any]) -> None:
        held = asked["task_id"].startswith("held")
        option = "승인 / Accept" if held else "이상 없음 / Good"
        who = steward if asked["task_id"].startswith("second") else operator
        who.answer(asked, option, kind="", reason="봄")

    operator.wait("review_batch", run, heed)
    assert operator.ended("review_batch", run) == []
    outcomes = Outcomes(house.workshop().work(batch))
    assert outcomes.by_outcome()["held"] == []
    assert {(d.by, d.reason) for d in outcomes.decisions.values()} == {("operator", "봄")}
    inspection = inspection_of(house.workshop(), batch)
    assert inspection
    assert inspection.result.outcome == "accepted"
    twice = next(item.id for item in inspection.sample.items if item.second)
    assert set(inspection.judged_by(twice)) == {"operator", "steward"}
    tables = _tables(house)
    assert batch.encode() in tables["hitl_detail"]
    assert "봄".encode() in tables["hitl_detail"] or b"\\ubd04" in tables["hitl_detail"]
    patients = [CANARY] + [
        str(document.fields[key].value)
        for document in outcomes.documents.values()
        for key in ("patient_name", "resident_number")
    ]
    assert [name for name, rows in tables.items() if any(_holds(rows, p) for p in patients)] == []


def _tables(house: House) -> dict[str, bytes]:
    """Every value of every table of Airflow's database, as bytes."""
    with sqlite3.connect(house.home / "airflow" / "airflow.db") as database:
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        rows = {name: database.execute(f'SELECT * FROM "{name}"').fetchall() for (name,) in names}
    return {
        name: b"\n".join(
            value if isinstance(value, bytes) else str(value).encode()
            for row in found
            for value in row
        )
        for name, found in rows.items()
    }


def _holds(raw: bytes, words: str) -> bool:
    """Tell whether bytes hold some words in an encoding that text is kept in."""
    escaped = json.dumps(words)[1:-1]
    spaced = " ".join(words)
    forms = {
        text.encode(encoding)
        for text in (words, spaced)
        for encoding in ("utf-8", "cp949", "utf-16-le", "utf-16-be")
    }
    forms |= {escaped.encode(), escaped.upper().replace("\\U", "\\u").encode()}
    return any(form in raw for form in forms)
