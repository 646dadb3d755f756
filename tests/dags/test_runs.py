"""Whole runs by `dag.test()`, with the real line: all tasks in one process, no scheduler."""

import shutil
from collections.abc import Callable
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
from pipeline.releases import releases_of
from pipeline.reports import refresh_report, report_path
from pipeline.sampling import inspection_of
from records.errors import IntegrityError, RejectedInput, SetupError, TransientError
from tests.makers.delivery import make_delivery
from tests.unit.archive.authority import Authority, serving
from tests.unit.intake.samples import DECLARATION, deliver
from tests.unit.pipeline.judged_batch import CODE, make_judged_batch
from tests.unit.pipeline.labelled_batches import make_labelled_batches

pytestmark = [
    pytest.mark.airflow,
    pytest.mark.usefixtures("database"),
    pytest.mark.filterwarnings("default"),  # Airflow's own are not ours to mend
]

Run = Callable[..., dict[str, Any]]
FORM = {"chunk_pages": None, "languages": None, "release": None}


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


def test_a_batch_with_a_broken_file_succeeds(run: Run, delivery: Path) -> None:
    """What cannot be used is counted, not raised; nobody is asked; the batch is sealed."""
    done = run("digitize_batch", delivery=str(delivery))

    assert done["run"] == "success"
    assert done["ask_steward"] == done["heed_steward"] == "skipped"
    assert done["seal"] == done["read"] == done["store"] == "success"
    assert set(done["tries"].values()) <= {0, 1}
    assert done["receipt"]("triage")["counts"]["failures"] == 1
    assert done["receipt"]("index")["counts"]["added"] > 0


def test_the_same_delivery_again_does_no_work(run: Run, delivery: Path) -> None:
    """A second run finds everything done: nothing stored, nothing indexed anew."""
    first = run("digitize_batch", delivery=str(delivery))
    again = run("digitize_batch", delivery=str(delivery))

    assert again["run"] == "success"
    assert first["receipt"]("seal") == again["receipt"]("seal")
    assert again["receipt"]("index")["counts"]["added"] == 0


def test_a_fuller_export_adds_only_what_is_new(run: Run, tmp_path: Path) -> None:
    """An export, then a fuller one: one row known, one new; paper is refused before any work."""
    rows = "환자명,차트번호,진료일,서식\n김가나,00000001,2019-03-05,처방전\n"
    more = rows + "이다라,00000002,2019-03-06,처방전\n"
    declared = DECLARATION.replace("paper", "emr")
    first = deliver(tmp_path / "first", {"emr/a.csv": rows.encode()}, declaration=declared)
    later = deliver(tmp_path / "later", {"emr/b.csv": more.encode()}, declaration=declared)
    paper = deliver(tmp_path / "paper", {"emr/b.csv": more.encode()})

    done = run("import_emr", delivery=str(first))
    fuller = run("import_emr", delivery=str(later))

    assert done["run"] == fuller["run"] == "success"
    counts = fuller["receipt"]("seal")["counts"]
    assert (counts["rows"], counts["known"], counts["documents"]) == (2, 1, 1)
    assert run("import_emr", delivery=str(paper))["triage"] == "upstream_failed"


def test_a_batch_without_a_readable_page_is_sealed(run: Run, delivery: Path) -> None:
    """Where nothing can be read, nothing is mapped, and the balance still is drawn and sealed."""
    shutil.rmtree(delivery / "emr")
    (delivery / "scans" / "broken.jpg").unlink()
    done = run("digitize_batch", delivery=str(delivery))

    assert done["read"] == done["store"] == "skipped"
    assert done["seal"] == done["run"] == "success"


def test_a_transient_error_is_tried_again(
    run: Run, delivery: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store that does not answer once costs one more try, nothing else."""
    true, calls = stages.index, []

    def flaky(*arguments: Any) -> Any:
        calls.append(1)
        if len(calls) == 1:
            raise TransientError("store_unreachable")
        return true(*arguments)

    monkeypatch.setattr(stages, "index", flaky)
    done = run("digitize_batch", delivery=str(delivery))

    assert done["run"] == "success"
    assert done["tries"]["index"] == 2


def test_a_document_that_is_lost_fails_the_run(
    run: Run, delivery: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where one accepted document is not stored, `seal` fails at once and so does the run."""
    true = stages.store_documents

    def lossy(workshop: Any, outcomes: Any, documents: Any) -> None:
        true(workshop, outcomes, list(documents)[1:])

    monkeypatch.setattr(stages, "store_documents", lossy)
    monkeypatch.setattr(stages, "index", lambda *_: stages.StageReceipt("index", "", {}))
    done = run("digitize_batch", delivery=str(delivery))

    assert done["run"] == done["seal"] == "failed"
    assert done["tries"]["seal"] == 1


@pytest.mark.parametrize("error", [SetupError, IntegrityError])
def test_a_chunk_that_fails_fails_the_run(
    run: Run, delivery: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    """A failure of reading as such is not retried, and nothing behind it goes on."""

    def refuse(*_: Any) -> Any:
        raise error("engine_missing")

    monkeypatch.setattr(stages, "read", refuse)
    done = run("digitize_batch", delivery=str(delivery))

    assert done["run"] == done["read"] == "failed"
    assert done["assemble"] == done["store"] == done["seal"] == "upstream_failed"
    assert done["tries"]["read"] == 1


@pytest.mark.parametrize("dag", ["digitize_batch", "import_emr"])
def test_a_steward_is_heeded(
    dags: dict[str, Any], dag: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Who released or sent back is kept, when and why; nobody, and who scanned, are refused."""
    monkeypatch.setenv("GIROKSIL_HOME", str(tmp_path))
    workshop = open_workshop()
    batch = make_judged_batch(workshop, documents=3, worse=frozenset({1}))
    heed = dags[dag].task_dict["heed_steward"].python_callable
    release, send_back = dags[dag].task_dict["ask_steward"].options

    def answer(chosen: str, who: str) -> None:
        by = {"id": who, "name": who} if who else None
        given = {"chosen_options": [chosen], "params_input": {"reason": "봄"}}
        heed(batch, given | {"responded_by_user": by}, params=FORM)

    with pytest.raises(RejectedInput, match="answer_by_nobody"):
        answer(release, "")
    with pytest.raises(RejectedInput, match="inspector_scanned_it"):
        answer(release, "Scanner")
    with pytest.raises(RejectedInput, match="batch_sent_back"):
        answer(send_back, "lee")
    answer(release, "kim")
    answer(release, "kim")

    kept = releases_of(workshop, workshop.work(batch))
    assert [(one.outcome, one.by, one.reason) for one in kept] == [
        ("send_back", "lee", "봄"),
        ("release", "kim", "봄"),
    ]
    refresh_report(workshop, batch)
    report = report_path(workshop, batch).read_text("utf-8")
    assert all(f"{one.by} · " in report and one.at in report for one in kept)


def test_a_steward_is_asked_only_about_held_documents(
    dags: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nobody is asked where nothing is held or release is automatic; who is asked has a report."""
    monkeypatch.setenv("GIROKSIL_HOME", str(tmp_path))
    batch = make_judged_batch(open_workshop(), documents=3)
    report = tmp_path / "reports" / batch / "report.html"
    ask = dags["digitize_batch"].task_dict["needs_steward"].python_callable

    def asks(held: int, release: str | None) -> bool:
        checked = {"batch": batch, "counts": {"held": held}}
        return bool(ask(checked, params=FORM | {"release": release}))

    assert not asks(0, "steward")
    assert not report.exists()
    assert asks(2, "steward")
    assert report.is_file()
    assert not asks(2, "automatic")
    assert not asks(2, None)
    monkeypatch.setenv("GIROKSIL_RELEASE", "steward")
    assert asks(2, None)
    assert not asks(0, "automatic")
    monkeypatch.setenv("GIROKSIL_SAMPLING", "required")
    assert asks(0, "automatic")


def test_a_delivery_is_triggered_once(
    run: Run, delivery: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often the inbox is looked at, a finished delivery starts one run."""
    inbox = tmp_path / "inbox"
    shutil.copytree(delivery, inbox / "box")
    monkeypatch.setenv("GIROKSIL_INBOX", str(inbox))
    assert run("watch_deliveries")["digitize"] == "skipped", "it has only just arrived"

    (inbox / "box" / "_COMPLETE").touch()
    first = run("watch_deliveries")
    second = run("watch_deliveries")

    assert first["digitize"] == "success"
    assert second["digitize"] == "skipped"
    assert first["receipt"]("find_finished") == second["receipt"]("find_finished")


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


def test_held_documents_and_sampled_pages_are_decided_one_by_one(
    run: Run, dags: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is asked for itself, its answer kept; another person's look is a second look.

    The persons alone are played: HITL tasks wait for ever here.
    """
    workshop = open_workshop(home=str(tmp_path / "home"))
    batch = make_judged_batch(workshop, documents=3, worse=frozenset({1}))
    bodies = []

    def answer(ask: Any, context: Any) -> dict[str, Any]:
        assert context["params"]["batch"] == batch
        bodies.append(ask.body)
        who = "lee" if ask.task_id.startswith("second") else "kim"
        return {
            "chosen_options": [ask.options[0]],
            "params_input": {"kind": "", "reason": "봄"},
            "responded_by_user": {"id": who, "name": who},
        }

    monkeypatch.setattr(
        type(dags["review_batch"].task_dict["held_document.ask"]), "execute", answer
    )

    done = run("review_batch", batch=batch, sample=True)

    assert done["run"] == "success"
    asked = done["receipt"]("questions")
    assert asked["counts"]["held"] == asked["counts"]["second"] == 1
    assert len(bodies) == sum(asked["counts"].values())
    for name in ("held", "sample", "second"):
        assert all(any(id in body for body in bodies) for id in asked[name])
    assert done["receipt"]("conclude")["counts"]["held"] == 0
    inspection = inspection_of(workshop, batch)
    assert inspection
    assert inspection.result.outcome == "accepted"
    assert set(inspection.judged_by(asked["second"][0])) == {"kim", "lee"}
