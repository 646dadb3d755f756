"""Whole runs of the upkeep's DAGs by `dag.test()`: all tasks in one process, no scheduler."""

from pathlib import Path
from typing import Any

import pytest

from classifiers.kind_classifier import shipped_digest
from classifiers.training.fitting import Rounds
from pipeline import stages
from pipeline.access_reports import answer, open_alarms
from pipeline.assembly import open_workshop
from pipeline.kind_models import model_in_use
from pipeline.reader import Reader
from tests.dags.conftest import Run
from tests.unit.archive.authority import Authority, serving
from tests.unit.pipeline.judged_batch import CODE, make_judged_batch
from tests.unit.pipeline.labelled_batches import make_labelled_batches

pytestmark = [
    pytest.mark.airflow,
    pytest.mark.usefixtures("database"),
    pytest.mark.filterwarnings("default"),  # Airflow's own are not ours to mend
]

FORM = {"chunk_pages": None, "languages": None, "release": None}


def test_upkeep_keeps_watch(run: Run, delivery: Path, tmp_path: Path) -> None:
    """A sound archive's keys rotate and it verifies; one flipped byte fails the night's run."""
    run("digitize_batch", delivery=str(delivery))
    assert run("rotate_keys")["run"] == "success"
    assert run("verify_archive")["run"] == "success"
    assert run("rebuild_index")["run"] == "success"

    objects = [p for p in (tmp_path / "home" / "store").rglob("*") if p.is_file()]
    largest = max(objects, key=lambda path: path.stat().st_size)
    raw = bytearray(largest.read_bytes())
    raw[len(raw) // 2] ^= 1
    largest.write_bytes(raw)
    night = run("verify_archive")

    assert night["run"] == "failed"
    assert night["tries"]["verify"] == 1


def test_the_second_site_is_kept_and_tried(
    run: Run, delivery: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a second site both are skipped; with one it is filled, restored from and reported."""
    run("digitize_batch", delivery=str(delivery))
    assert run("replicate_archive")["replicate"] == run("restore_drill")["drill"] == "skipped"
    monkeypatch.setenv("GIROKSIL_REPLICA_URL", (tmp_path / "second").as_uri())

    copied = run("replicate_archive")
    sample, whole = run("restore_drill", whole=False), run("restore_drill", whole=True)

    assert copied["run"] == sample["run"] == whole["run"] == "success"
    counts = whole["receipt"]("drill")["counts"]
    assert counts["there"] == counts["restored"] == counts["opened"] > 5
    assert len(list((tmp_path / "home" / "reports" / "drills").iterdir())) >= 1


def test_nobody_is_asked_where_nothing_is_due(run: Run, delivery: Path) -> None:
    """Of a clinic that has just closed nothing is proposed, and nothing is disposed of."""
    run("digitize_batch", delivery=str(delivery))
    code = (delivery / "delivery.yaml").read_text("utf-8").split("code:")[1].split('"')[1]

    done = run("dispose_records", institution=code)

    assert done["run"] == "success"
    assert done["ask_first"] == done["ask_second"] == done["dispose"] == "skipped"


def test_both_answers_reach_the_disposal(
    dags: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Who answered, what and why, as Airflow hands it over; nobody known is nobody."""
    monkeypatch.setenv("GIROKSIL_HOME", str(tmp_path))
    heard: list[Any] = []

    def heed(_: Any, institution: str, proposal: str, given: Any) -> Any:
        heard.append((institution, proposal, given))
        return stages.StageReceipt("dispose", proposal, {})

    monkeypatch.setattr("pipeline.disposing.heed_answers", heed)
    tasks = dags["dispose_records"].task_dict
    agree, refuse = tasks["ask_first"].options
    answers: list[dict[str, Any]] = [
        {
            "chosen_options": [chosen],
            "params_input": {"reason": "만료"},
            "responded_by_user": user,
        }
        for chosen, user in ((agree, {"id": "kim", "name": "Kim"}), (refuse, None))
    ]

    tasks["dispose"].python_callable({"batch": "x-1"}, *answers, params={"institution": "31234567"})

    first = {"by": "kim", "agrees": True, "why": "만료"}
    second = {"by": "", "agrees": False, "why": "만료"}
    assert heard == [("31234567", "x-1", [first, second])]


def test_the_ledger_is_stamped_when_the_authority_answers(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An authority that fails fails the run and nothing else; a later run makes the stamp up."""
    certificates = tmp_path / "authority.pem"
    with serving(Authority(fault="forged")) as authority:
        certificates.write_bytes(authority.certificates)
        monkeypatch.setenv("GIROKSIL_TIMESTAMP_URL", authority.url)
        monkeypatch.setenv("GIROKSIL_TIMESTAMP_CERTIFICATES", str(certificates))
        archive = open_workshop(home=str(tmp_path / "home")).archive
        archive.access.record("31234567", "auditor", "127.0.0.1", "view", "test")

        assert run("stamp_heads")["run"] == "failed"
        authority.fault = ""
        done = run("stamp_heads")
        renewed = run("renew_hashes")

    assert renewed["receipt"]("renew")["counts"] == {"renewed": 1, "waiting": 0}
    assert done["receipt"]("stamp")["counts"] == {"stamped": 1, "unstamped": 0}
    assert archive.ledger.stamp_sizes() == [1, 3]  # the second over the leaf of the renewal


def test_unusual_access_fails_the_run_until_answered(run: Run, tmp_path: Path) -> None:
    """Forty patients in a moment from abroad: red until a person answers; then a month's page."""
    workshop = open_workshop(home=str(tmp_path / "home"))
    for number in range(40):
        workshop.archive.access.record(
            "31234567", "steward", "203.0.113.9", "view", "test", persons=[f"p-{number}"]
        )
    look = run("review_access")
    assert (look["run"], look["tries"]["look"]) == ("failed", 1)

    reader = Reader("operator", "127.0.0.1", "checked with the steward")
    for alarm in open_alarms(workshop):
        answer(workshop, alarm.id, reader)

    assert {alarm.rule for alarm in open_alarms(workshop)} >= {"many_persons", "other_region"}
    assert [alarm for alarm in open_alarms(workshop) if not alarm.answered] == []
    assert run("review_access")["run"] == "success"
    assert run("report_access")["receipt"]("report")["counts"]["reports"] == 1


def test_a_classifier_is_learned_and_a_person_accepts(
    run: Run, dags: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two labelled batches teach and measure one; accepted, it is pinned and lies in the home.

    The person alone is played: HITL tasks wait for ever here.
    """
    workshop = open_workshop(home=str(tmp_path / "home"))
    make_labelled_batches(workshop, 30, 20)
    monkeypatch.setattr("pipeline.retraining.ROUNDS", Rounds(1, 1, 1, 1))
    ask = dags["retrain_classifier"].task_dict["ask_person"]
    answer = {
        "chosen_options": [ask.options[0]],
        "params_input": {"reason": "표"},
        "responded_by_user": {"id": "steward", "name": "Steward"},
    }
    monkeypatch.setattr(type(ask), "execute", lambda *_, **__: answer)

    done = run("retrain_classifier", institution=CODE)

    assert done["run"] == done["train"] == done["heed_answer"] == "success"
    gathered, trained = done["receipt"]("gather")["counts"], done["receipt"]("train")
    assert (gathered["learned"], gathered["held_out"]) == (30, 20)
    assert trained["counts"]["held_out_documents"] == 20
    assert trained["counts"]["macro_f1_new"] >= 9000
    table = (tmp_path / "home" / "reports" / "models" / f"{trained['batch']}.md").read_text("utf-8")
    assert "prescription" in table.lower()
    digest = model_in_use(workshop, CODE)
    assert digest != shipped_digest()
    assert (tmp_path / "home" / "models" / digest).is_dir()


def test_nothing_is_trained_without_labels(run: Run, tmp_path: Path) -> None:
    """Where nobody has decided anything, nobody is asked about a classifier."""
    make_judged_batch(open_workshop(home=str(tmp_path / "home")), documents=2)

    done = run("retrain_classifier", institution=CODE)

    assert done["run"] == "success"
    assert done["train"] == done["ask_person"] == done["heed_answer"] == "skipped"
