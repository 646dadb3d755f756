"""`make bench-emr`: from EMR tables and messages to documents: speed on one core, and memory.

Each measurement is a process of its own. A row is triaged (counted), read, and made a document with
fields; nothing is stored, as in `giroksil read`.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bench import emr_import, emr_messages, emr_reconciliation
from bench.emr_tables import UNNAMED, WAYS, documents_of_table, scan_of_table, write_table
from bench.readers import ROOT

PAGE = ROOT / "docs" / "benchmarks" / "emr.md"
LEAST_ROWS = 2_000
FLAT_WITHIN = 0.05
_LOOK_EVERY = 1_000
_AIMED = ("csv", "csv, mapped")


@dataclass(frozen=True, slots=True)
class Measured:
    """One table read in a process of its own; `peak` is its anonymous memory at its highest."""

    way: str
    rows: int
    documents: int
    fields: int
    seconds: float
    size: int
    peak: int

    @property
    def rate(self) -> float:
        """Rows a CPU second."""
        return self.rows / self.seconds

    @property
    def besides(self) -> int:
        """The memory without the file's own bytes, which are held once."""
        return self.peak - self.size


def main() -> int:
    """Measure, write the page, print it; 1 where an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--many", type=int, default=300_000)
    parser.add_argument("--most", type=int, default=1_000_000, help="rows of csv, mapped; 0: none")
    parser.add_argument("--visits", type=int, default=500)
    parser.add_argument("--many-visits", type=int, default=5_000)
    parser.add_argument("--reconciled-visits", type=int, default=10_000)
    parser.add_argument(
        "--import-rows",
        type=int,
        nargs="+",
        default=[2_000, 10_000],
        help="rows of the tables that are imported through the vault, the smallest first",
    )
    parser.add_argument("--only-import", action="store_true", help="this part of the page alone")
    parser.add_argument("--to", type=Path, default=PAGE)
    parser.add_argument("--measure", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--measure-message", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure_message:
        way, path, things = options.measure_message
        rate = emr_messages.measure(way, Path(path), int(things), _memory)
        sys.stdout.write(json.dumps(asdict(rate)) + "\n")
        return 0
    if options.measure:
        way, path, mapping = options.measure
        sys.stdout.write(json.dumps(asdict(measure(way, Path(path), mapping))) + "\n")
        return 0
    if options.only_import:
        runs = [emr_import.measure_import(rows) for rows in options.import_rows]
        lines, met = emr_import.import_section(runs)
        page = emr_import.replace_section(options.to.read_text("utf-8"), lines)
        options.to.write_text(page, "utf-8")
        sys.stdout.write("\n".join(lines) + "\n")
        return 0 if met else 1
    with tempfile.TemporaryDirectory() as folder:
        few = [_apart(way, options.rows, Path(folder)) for way in WAYS]
        few.append(_apart(UNNAMED, max(options.rows // 50, 1), Path(folder)))
        many = [_apart(way, options.many, Path(folder)) for way in ("csv, mapped", "fixed width")]
        most = [_apart("csv, mapped", options.most, Path(folder))] if options.most else []
        sizes = [(way, options.visits) for way in emr_messages.MESSAGE_WAYS]
        sizes.append((emr_messages.MESSAGE_WAYS[0], options.many_visits))
        rates = [_message_apart(way, visits, Path(folder)) for way, visits in sizes]
    page, met = render(few, [*many, *most])
    for lines, good in (
        emr_messages.rates_section(rates),
        emr_messages.arrivals_section(emr_messages.arrivals()),
        emr_import.import_section(
            [emr_import.measure_import(rows) for rows in options.import_rows]
        ),
        emr_reconciliation.reconciliation_section(
            [
                emr_reconciliation.measure_reconciliation(way, options.reconciled_visits)
                for way in emr_reconciliation.WAYS
            ]
        ),
    ):
        page += "\n".join(lines) + "\n"
        met = met and good
    options.to.parent.mkdir(parents=True, exist_ok=True)
    options.to.write_text(page, "utf-8")
    sys.stdout.write(page)
    return 0 if met else 1


def measure(way: str, path: Path, mapping: str) -> Measured:
    """Read a table to its documents."""
    data = path.read_bytes()
    begun = time.process_time()
    scan = scan_of_table(data, mapping)
    peak = documents = fields = 0
    for document in documents_of_table(scan, data):
        if documents % _LOOK_EVERY == 0:
            peak = max(peak, _memory())
        documents += 1
        fields += len(document.fields)
    taken = time.process_time() - begun
    return Measured(way, scan.pages, documents, fields, taken, len(data), peak)


def render(few: Sequence[Measured], many: Sequence[Measured]) -> tuple[str, bool]:
    """Return the page, and whether every aim is met."""
    lines = [
        "# EMR tables and messages",
        "",
        f"`make bench-emr`: {few[0].rows:,} to {max(run.rows for run in many):,} rows of a "
        "fictional clinic, eleven columns, CP949, each in a process of its own.",
        f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f} at the end; seconds are of "
        "one core's CPU, from the bytes to documents with fields, counting included.",
        "",
        "| table | aim, rows a second | rows a second | rows | documents | fields a document |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    met = True
    for run in (*few, *many):
        aim = LEAST_ROWS if run.way in _AIMED else None
        met = met and run.documents == run.rows and (aim is None or run.rate >= aim)
        lines.append(
            f"| {run.way} | {f'≥ {aim:,}' if aim else ''} | {run.rate:,.0f} | {run.rows:,} "
            f"| {run.documents:,} | {run.fields / max(run.documents, 1):.1f} |"
        )
    lines += [
        "",
        "Memory beside the file's own bytes, which are held once (the vault gives a file whole):",
        "",
        "| table | aim | rows | MiB | rows | MiB | growth |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    by_way = {run.way: run for run in few}
    for run in many:
        small = by_way[run.way]
        growth = run.besides / small.besides - 1
        met = met and growth <= FLAT_WITHIN
        lines.append(
            f"| {run.way} | flat within {FLAT_WITHIN:.0%} | {small.rows:,} "
            f"| {small.besides / 2**20:.1f} | {run.rows:,} | {run.besides / 2**20:.1f} "
            f"| {growth:+.1%} |"
        )
    lines += [
        "",
        "- csv: kinds and fields by header aliases; csv, mapped: the same by a mapping file",
        "- csv, no form named: each row is judged by what it says, which costs the most",
        "- fixed width: records of 322 bytes; values longer than their column are cut, also within "
        "a syllable",
        "- What the line itself keeps of a row stands below, through the vault.",
    ]
    return "\n".join(lines) + "\n", met


def _apart(way: str, rows: int, folder: Path) -> Measured:
    path, mapping = write_table(way, rows, folder)
    command = [sys.executable, "-m", "bench.emr", "--measure", way, str(path), mapping]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    path.unlink()
    return Measured(**json.loads(done.stdout))


def _message_apart(way: str, visits: int, folder: Path) -> emr_messages.Rate:
    path = folder / "messages"
    things = emr_messages.write_messages(way, visits, path)
    command = [sys.executable, "-m", "bench.emr", "--measure-message", way, str(path), str(things)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    path.unlink()
    return emr_messages.Rate(**json.loads(done.stdout))


def _memory() -> int:
    """Bytes of anonymous memory of this process, as the kernel counts them."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) * 1024
    raise OSError("RssAnon")


if __name__ == "__main__":
    sys.exit(main())
