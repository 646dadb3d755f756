"""`make bench-line`: the whole line over a made delivery, in one process group and through Airflow.

Tells what orchestration costs on the same pages and cores in one run, and how right the result is
against the makers' truth. The seed is one that nothing was tuned on.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.makers.delivery import make_delivery
from tests.makers.truth import DeliveryTruth

ROOT = Path(__file__).parents[1]
SEED = 90210
FIELDS = ("patient_name", "resident_number", "birth_date", "chart_no", "issue_date", "total_amount")


@dataclass(frozen=True)
class Run:
    """One way of running the line: wall seconds, pages, and the exported documents and pages."""

    seconds: float
    pages: int
    documents: list[dict[str, Any]]


def main() -> int:
    """Measure, write the page, print it; 1 where an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "benchmarks" / "line.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="giroksil-bench-") as folder:
        place = Path(folder)
        truth = make_delivery(place / "delivery", seed=SEED, size="demo")
        here = _run(place, "here", "--here")
        airflow = _through_airflow(place)
    page = _page(truth, here, airflow)
    options.to.parent.mkdir(parents=True, exist_ok=True)
    options.to.write_text(page, "utf-8")
    sys.stdout.write(page)
    return 1 if _wrongly_accepted(truth, here.documents) else 0


def _environment(place: Path, home: str) -> dict[str, str]:
    return os.environ | {"GIROKSIL_HOME": str(place / home), "OMP_THREAD_LIMIT": "1"}


def _run(place: Path, home: str, *how: str) -> Run:
    environment = _environment(place, home)
    giroksil = [sys.executable, "-m", "pipeline"]
    begun = time.monotonic()
    done = subprocess.run(
        [*giroksil, "digitize", "--json", *how, str(place / "delivery")],
        env=environment,
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
    )
    seconds = time.monotonic() - begun
    batch = json.loads(done.stdout)["batch"]
    to = place / f"{home}-export"
    export = [*giroksil, "export", batch, "--to", str(to), "--purpose", "benchmark"]
    subprocess.run(export, env=environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    documents = [json.loads(x) for x in (to / "documents.jsonl").read_text("utf-8").splitlines()]
    pages = len((to / "pages.jsonl").read_text("utf-8").splitlines())
    return Run(seconds, pages, documents)


def _through_airflow(place: Path) -> Run:
    local = [sys.executable, str(ROOT / "infra" / "airflow" / "local.py")]
    environment = _environment(place, "airflow")
    subprocess.run([*local, "start", "--port", "18600"], env=environment, check=True)
    try:
        return _run(place, "airflow")
    finally:
        subprocess.run([*local, "stop"], env=environment, check=True)


def _page(truth: DeliveryTruth, here: Run, airflow: Run) -> str:
    ratio = airflow.seconds / here.seconds
    rows = [
        ("wall time, one process group", "", f"{here.seconds:.0f} s"),
        ("wall time, through the DAG", "", f"{airflow.seconds:.0f} s"),
        ("orchestration, seconds", "", f"{airflow.seconds - here.seconds:.0f} s"),
        ("ratio", "≤ 1.05 at 1,000 pages: not measured here", f"{ratio:.2f}"),
        ("pages a minute, one process group", "", f"{here.pages / here.seconds * 60:.0f}"),
        ("pages a minute, through the DAG", "", f"{airflow.pages / airflow.seconds * 60:.0f}"),
        *_accuracy(truth, here.documents),
    ]
    table = "\n".join(f"| {name} | {aim} | {value} |" for name, aim, value in rows)
    return (
        "# The line\n\n"
        f"`make bench-line`: {truth.declared_sheets} sheets, mild to severe, seed {SEED}, "
        f"{len(os.sched_getaffinity(0))} cores.\n"
        "Start of Airflow is not counted; Airflow's own services share the cores.\n\n"
        f"| what | aim | measured |\n| --- | --- | --- |\n{table}\n"
    )


def _accuracy(truth: DeliveryTruth, documents: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Cuts, kinds and fields against truth; a document counts as right only with all its pages."""
    fields_of = {(s.file, s.index + 1): s.truth.fields for s in truth.sheets}
    made = {tuple((file, i + 1) for file, i in d.sheets): d for d in truth.documents}
    found = {tuple(zip(d["files"], d["pages"], strict=True)): d for d in documents}
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for pages, document in made.items():
        got = found.get(pages)
        total["cut"] += 1
        right["cut"] += got is not None
        if got is None:
            continue
        total["kind"] += 1
        right["kind"] += got["type"] == document.kind
        if got["verdict"] == "accept":
            total["accepted"] += 1
            right["accepted"] += got["type"] == document.kind
        for key in FIELDS:
            value = next((fields_of[p][key] for p in pages if key in fields_of[p]), None)
            if value is not None:
                total[key] += 1
                right[key] += got["fields"].get(key, {}).get("value") == value
    names = {
        "cut": "documents cut exactly",
        "kind": "kind right, of those",
        "accepted": "accepted, kind right",
    }
    rows = [(names.get(key, f"{key} exact"), "", f"{right[key]} of {total[key]}") for key in total]
    return [*rows, ("accepted with wrong pages", "0", str(_wrongly_accepted(truth, documents)))]


def _wrongly_accepted(truth: DeliveryTruth, documents: list[dict[str, Any]]) -> int:
    """How many scanned documents were accepted that hold other pages than a made one."""
    made = {tuple((file, i + 1) for file, i in d.sheets) for d in truth.documents}
    return sum(
        d["verdict"] == "accept"
        and not d["files"][0].endswith(".csv")
        and tuple(zip(d["files"], d["pages"], strict=True)) not in made
        for d in documents
    )


if __name__ == "__main__":
    sys.exit(main())
