"""`giroksil digitize DELIVERY`: through the DAG (or `--here`, without Airflow), with progress."""

import argparse
import dataclasses
import time
from pathlib import Path

from pipeline.airflow_client import AirflowClient, airflow_here
from pipeline.assembly import Workshop, open_workshop
from pipeline.commands import print_json, say, with_json
from pipeline.counting import balance_of
from pipeline.importing import dag_for
from pipeline.progress import PagesDone, Progress
from pipeline.releases import RELEASE, releases_of
from pipeline.reviewing import is_sealed
from pipeline.running import digitize_here
from quality.balance_text import as_text
from records.errors import GiroksilError, RejectedInput
from records.ids import derive_id
from records.values import StageReceipt

STAGE_ORDER = (
    "register",
    "triage",
    "read",
    "assemble",
    "check",
    "ask_steward",
    "store",
    "index",
    "seal",
)


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser("digitize", help="이관 자료를 전자화 / digitize a delivery")
    parser.add_argument(
        "delivery", metavar="DELIVERY", help="폴더 또는 s3:// / folder or s3:// prefix"
    )
    parser.add_argument("--here", action="store_true", help="Airflow 없이 / without Airflow")
    parser.add_argument("--languages", default="", help="Tesseract, e.g. Hangul+eng")
    parser.add_argument("--release", choices=("automatic", "steward"), default="")
    parser.add_argument("--chunk-pages", type=int, default=0, metavar="N")
    with_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Digitize, print the balance sheet; 0 only if the batch balances."""
    workshop = open_workshop(
        ocr_languages=options.languages,
        release=options.release,
        chunk_pages=options.chunk_pages or "",
    )
    delivery = _absolute(options.delivery)
    progress = Progress(quiet=options.json)
    if options.here:
        batch, done = _here(workshop, delivery, progress)
    else:
        batch, done = _through_airflow(workshop, delivery, options, progress)
    progress.end()
    return _conclude(workshop, batch, done=done, as_json=options.json)


def _absolute(delivery: str) -> str:
    return delivery if "://" in delivery else str(Path(delivery).absolute())


def _here(workshop: Workshop, delivery: str, progress: Progress) -> tuple[str, bool]:
    seen = {"files": 0, "pages": 0, "total": 0}
    batch = ""

    def watch(stage: str, receipt: StageReceipt | None) -> None:
        nonlocal batch
        if receipt:
            batch = receipt.batch
            seen["files"] = seen["files"] or receipt.counts.get("files", 0)
            if stage == "triage":
                seen["total"] = receipt.counts["pages"]
            if stage == "read":
                seen["pages"] += receipt.counts["pages"]
        progress.show(stage, **seen)

    try:
        return digitize_here(workshop, delivery, watch).batch, True
    except GiroksilError as error:
        if error.code != "unbalanced":
            raise
        return batch, False


def _through_airflow(
    workshop: Workshop, delivery: str, options: argparse.Namespace, progress: Progress
) -> tuple[str, bool]:
    airflow = airflow_here(workshop.settings)
    dag = dag_for(workshop, delivery)
    conf: dict[str, object] = {"delivery": delivery}
    if options.languages:
        conf["languages"] = options.languages
    if options.release:
        conf["release"] = options.release
    if options.chunk_pages:
        conf["chunk_pages"] = options.chunk_pages
    run_id = airflow.trigger(dag, derive_id("r", delivery, time.time_ns()), conf)
    batch, done = "", None
    while (state := airflow.state(dag, run_id)) not in ("success", "failed"):
        batch = batch or _batch_of(airflow, dag, run_id)
        stage = _stage(airflow.tasks(dag, run_id))
        if batch:
            done = done or PagesDone(workshop.work(batch))
            progress.show(stage, done.files, done.count(), done.total)
        else:
            progress.show(stage)
        time.sleep(2)
    tasks = airflow.tasks(dag, run_id)
    if ("heed_steward", "failed") in tasks:
        sent_back = any(x.outcome != RELEASE for x in releases_of(workshop, workshop.work(batch)))
        raise RejectedInput("batch_sent_back" if sent_back else "release_refused", batch)
    return batch or _batch_of(airflow, dag, run_id), state == "success"


def _batch_of(airflow: AirflowClient, dag: str, run_id: str) -> str:
    receipt = airflow.receipt(dag, run_id, "register")
    return str(receipt["batch"]) if receipt else ""


def _stage(tasks: list[tuple[str, str]]) -> str:
    """The last stage that has begun."""
    begun = {task for task, state in tasks if state not in ("", "skipped")}
    return next((name for name in reversed(STAGE_ORDER) if name in begun), STAGE_ORDER[0])


def _conclude(workshop: Workshop, batch: str, *, done: bool, as_json: bool) -> int:
    if not batch or not workshop.work(batch).is_checked():
        raise RejectedInput("run_stopped", batch)
    sheet = balance_of(workshop, batch)
    report = workshop.settings.reports / batch / "report.html"
    if as_json:
        plain = dataclasses.asdict(sheet) | {"batch": batch, "balanced": sheet.balanced}
        print_json(plain | {"report": str(report), "sealed": done})
    else:
        waits = sheet.waits_for_store and not is_sealed(workshop, batch)
        say(as_text(sheet, "ko", waits=waits))
        say(as_text(sheet, "en", waits=waits))
        say(f"배치 batch   {batch}")
        say(f"보고서 report {report}")
    return 0 if done and sheet.balanced else 1
