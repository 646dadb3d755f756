"""The import of a table of `make bench-emr`, through the vault: each stage's memory and cost.

Each stage is a process of its own, as a task of Airflow's is, with the chunks one after the other.
The rows have a key, so that versions are told apart, and a form, so that they are accepted; a
patient has twenty of them.
"""

import argparse
import csv
import datetime as dt
import json
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.emr_tables import write_table
from bench.readers import ROOT
from pipeline import importing, stages
from pipeline.assembly import Workshop
from pipeline.counting import balance_of
from records.settings import Settings
from records.values import StageReceipt
from tests.makers.people import make_patient

STAGES = ("register", "triage", "read", "assemble", "check", "store", "index", "seal")
HEADING = "## Through the vault"
WORKER_MIB = 700
_EVERY_SECONDS = 0.02
_DECLARED = """\
institution: {code: "01234567", name: 가나의원, opened: 1998-03-02, closed: 2025-06-30}
source: emr
declared: {rows: %d}
"""
_KEY = "key: {table: bench, columns: [접수번호]}\n"
_DAY = dt.date(2019, 1, 2)
_ROWS_A_PATIENT = 20
_NAME, _RESIDENT, _CHART_NO = 1, 2, 3


@dataclass(frozen=True, slots=True)
class StageCost:
    """One stage of one import: CPU seconds, and the anonymous memory of its process at its peak."""

    stage: str
    rows: int
    seconds: float
    peak: int
    batch: str
    counts: dict[str, int]


def measure_import(rows: int) -> list[StageCost]:
    """Import a table of so many rows into a house of its own; every row must be accounted for."""
    with tempfile.TemporaryDirectory(prefix="giroksil-bench-") as folder:
        place = Path(folder)
        _deliver(rows, place / "delivery")
        costs: list[StageCost] = []
        for stage in STAGES:
            batch = costs[0].batch if costs else ""
            command = [sys.executable, "-m", "bench.emr_import", stage, folder, str(rows), batch]
            done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
            costs.append(StageCost(**json.loads(done.stdout)))
            _tell(costs[-1])
    return costs


def import_section(runs: Sequence[Sequence[StageCost]]) -> tuple[list[str], bool]:
    """The page's lines on imports, the smallest first, and whether every aim is met."""
    sizes = [run[0].rows for run in runs]
    told = " | ".join(f"{rows:,} rows: MiB | CPU s" for rows in sizes)
    lines = [
        "",
        HEADING,
        "",
        "A CSV with a mapping and a key, imported by the stages of `import_emr` into a store of "
        "files; each stage a process of its own, its chunks one after the other in it.",
        "MiB: anonymous memory at its highest, libraries and the file's own bytes included.",
        "",
        f"| stage | {told} | growth of memory |",
        "| --- |" + " --- | --- |" * len(sizes) + " --- |",
    ]
    met = True
    for number, stage in enumerate(STAGES):
        costs = [run[number] for run in runs]
        growth = costs[-1].peak / costs[0].peak - 1
        met = met and costs[-1].peak <= WORKER_MIB * 2**20
        cells = " | ".join(f"{c.peak / 2**20:.0f} | {c.seconds:.1f}" for c in costs)
        lines.append(f"| {stage} | {cells} | {growth:+.0%} |")
    totals = [sum(cost.seconds for cost in run) for run in runs]
    rates = " | ".join(f"| {t:.1f}" for t in totals)
    lines.append(f"| all | {rates} | |")
    seals = [run[-1].counts for run in runs]
    met = met and all(
        seal["rows"] == seal["documents"] == rows for seal, rows in zip(seals, sizes, strict=True)
    )
    lines += [
        "",
        f"Aim: no stage above {WORKER_MIB} MiB (design 8), and every row a document in a balance "
        "that holds.",
    ]
    return lines, met


def replace_section(page: str, section: Sequence[str]) -> str:
    """The page with this section in the place of its former one, or at its end."""
    before, found, rest = page.partition(f"\n{HEADING}\n")
    after = rest.partition("\n## ")
    tail = f"\n## {after[2]}" if found and after[1] else ""
    return before.rstrip("\n") + "\n" + "\n".join(section) + "\n" + tail


def main() -> int:
    """Run one stage of one import; print what it cost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("stage", choices=STAGES)
    parser.add_argument("place", type=Path)
    parser.add_argument("rows", type=int)
    parser.add_argument("batch")
    options = parser.parse_args()
    cost = _run(options.stage, options.place, options.rows, options.batch)
    sys.stdout.write(json.dumps(asdict(cost)) + "\n")
    return 0


def _run(stage: str, place: Path, rows: int, batch: str) -> StageCost:
    workshop = Workshop(Settings(home=str(place / "house")))
    with _Watch() as watch:
        receipt = _stage(stage, workshop, place, batch)
    if stage == "seal" and not balance_of(workshop, receipt.batch).balanced:
        raise SystemExit("unbalanced")
    used = resource.getrusage(resource.RUSAGE_SELF)
    return StageCost(
        stage,
        rows,
        used.ru_utime + used.ru_stime,
        watch.peak,
        receipt.batch,
        dict(receipt.counts),
    )


def _stage(stage: str, workshop: Workshop, place: Path, batch: str) -> StageReceipt:
    if stage == "register":
        return importing.register_export(workshop, str(place / "delivery"))
    run: Callable[..., StageReceipt] = getattr(stages, stage)
    before = {"read": "triage", "assemble": "triage", "store": "check"}.get(stage)
    if before is None:
        return run(workshop, batch)
    work = workshop.work(batch)
    found = work.checked() if stage == "store" else work.triaged()
    chunks: tuple[str, ...] = getattr(found, stage)
    del work, found  # a task is told its chunk; it does not hold what names them all
    receipts = [run(workshop, batch, chunk) for chunk in chunks]
    return receipts[-1]


class _Watch:
    """The highest anonymous memory of this process, looked at all the while."""

    def __init__(self) -> None:
        self.peak = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "_Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.is_set():
            self.peak = max(self.peak, anonymous_memory())
            time.sleep(_EVERY_SECONDS)


def anonymous_memory() -> int:
    """Bytes of anonymous memory of this process, as the kernel counts them."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) * 1024
    raise OSError("RssAnon")


def _deliver(rows: int, folder: Path) -> None:
    emr = folder / "emr"
    emr.mkdir(parents=True)
    (folder / "delivery.yaml").write_text(_DECLARED % rows, "utf-8")
    path, mapping = write_table("csv, mapped", rows, emr)
    with (
        path.open(encoding="cp949", newline="") as made,
        (emr / "visits.csv").open("w", encoding="cp949", newline="") as out,
    ):
        rows_made = csv.reader(made)
        writer = csv.writer(out)
        writer.writerow(["접수번호", *next(rows_made)])
        writer.writerows(_of_patients(rows_made))
    path.unlink()
    (emr / "visits.csv.mapping.yaml").write_text(
        mapping.replace("columns:\n", f"{_KEY}columns:\n  접수번호: {{}}\n", 1), "utf-8"
    )


def _of_patients(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """The rows with a number each, a patient having twenty of them that follow each other."""
    chance = random.Random(20261126)
    patient = make_patient(chance, day=_DAY)
    for number, row in enumerate(rows):
        if number % _ROWS_A_PATIENT == 0:
            patient = make_patient(chance, day=_DAY)
        chart = f"{number // _ROWS_A_PATIENT:08}"
        told = {_NAME: patient.name, _RESIDENT: patient.resident_number, _CHART_NO: chart}
        yield [f"{number:09}", *(told.get(place, value) for place, value in enumerate(row))]


def _tell(cost: StageCost) -> None:
    told = f"{cost.rows:,} {cost.stage}: {cost.peak / 2**20:.0f} MiB, {cost.seconds:.1f} s\n"
    sys.stderr.write(told)


if __name__ == "__main__":
    sys.exit(main())
