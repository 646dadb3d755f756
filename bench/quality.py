"""`make bench-quality`: seeded defects found and missed, false holds, the cost of a large batch.

Batches are made documents as facts: what is measured is the rules and the balance, not the reading.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bench.quality_batch_defects import BATCH_DEFECTS
from bench.quality_batches import Made, make_batch, read_batch, write_batch
from bench.quality_defects import Seeding
from bench.quality_page_defects import DEFECTS
from bench.quality_tables import Cost, Found, Holds, page_of
from bench.readers import ROOT
from quality.balance import balance
from quality.check import QualityReport, check
from quality.report import ReportDocument, ReportInput, render
from quality.sampling.inspection_rules import load_inspection_rules
from quality.sampling.view import view_before_draw

PAGE = ROOT / "docs" / "benchmarks" / "quality.md"
HOLD_BELOW = 0.8
DOCUMENTS = 136
OUTCOMES = {"accept": "accepted", "hold": "held", "reject": "rejected"}


def main() -> int:
    """Measure, write the page, print it; 1 where an aim is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--trials", type=int, default=10, help="how often each defect is seeded")
    parser.add_argument("--clean", type=int, default=20, help="clean batches")
    parser.add_argument("--pages", type=int, default=10_000, help="pages of the large batch")
    parser.add_argument("--cost", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.cost:
        sys.stdout.write(json.dumps(_cost(read_batch(options.cost))) + "\n")
        return 0
    found = [*_seeded(options.trials), *_spoilt(options.trials)]
    holds = _clean(options.clean)
    cost = _in_its_own_process(options.pages)
    text, met = page_of(found, holds, cost, trials=options.trials)
    PAGE.write_text(text, "utf-8")
    sys.stdout.write(text)
    return 0 if met else 1


def judged(made: Made) -> QualityReport:
    """What the rules say of a batch."""
    return check(made.batch, made.pages, made.documents, HOLD_BELOW)


def _seeded(trials: int) -> list[Found]:
    """All defects of pages and documents in one batch, each on a document of its own."""
    times, kept = Counter[str](), Counter[str]()
    rules: dict[str, Counter[str]] = {defect.name: Counter() for defect in DEFECTS}
    for trial in range(trials):
        seeding = Seeding(make_batch(trial, DOCUMENTS), random.Random(f"quality/{trial}"))
        subjects = {defect.name: defect.seed(seeding) for defect in DEFECTS}
        report = judged(seeding.spoilt())
        by_subject: dict[str, list[str]] = {}
        for finding in report.findings:
            by_subject.setdefault(finding.subject, []).append(finding.rule)
        owner = {page: d for d in seeding.documents.values() for page in d.pages}
        not_kept = {v.document_id for v in report.verdicts if v.outcome != "accept"}
        for name, where in subjects.items():
            named = [rule for subject in where for rule in by_subject.get(subject, ())]
            times[name] += bool(named)
            rules[name].update(named)
            documents = {owner[s].id if s in owner else s for s in where}
            kept[name] += bool(documents & not_kept)
    return [
        Found(d.name, d.severity, trials, times[d.name], kept[d.name], _most(rules[d.name]))
        for d in DEFECTS
    ]


def _spoilt(trials: int) -> Iterator[Found]:
    """Defects of the delivery or of the line, each in its own batch; held: it is not sealed."""
    for defect in BATCH_DEFECTS:
        found = stopped = 0
        named = Counter[str]()
        for trial in range(trials):
            clean = make_batch(trial, DOCUMENTS)
            made = defect.seed(clean, random.Random(f"{defect.name}/{trial}"))
            sheet = balance(made.counted)
            codes = [gap.code for gap in sheet.gaps]
            if (made.batch, made.pages) != (clean.batch, clean.pages):
                report = judged(made)
                codes += [f.rule for f in report.findings if f.subject == made.batch.id]
            found += bool(codes)
            stopped += not sheet.balanced or "batch_institution" in codes
            named.update(codes)
        yield Found(defect.name, defect.severity, trials, found, stopped, _most(named))


def _most(named: "Counter[str]") -> str:
    return next((code for code, _ in named.most_common(1)), "")


def _clean(batches: int) -> Holds:
    """Clean batches: documents that are not accepted, findings by rule."""
    documents = held = 0
    findings = Counter[str]()
    for seed in range(100, 100 + batches):
        report = judged(make_batch(seed, DOCUMENTS))
        documents += len(report.verdicts)
        held += sum(verdict.outcome != "accept" for verdict in report.verdicts)
        findings.update(finding.rule for finding in report.findings)
    return Holds(batches, documents, held, tuple(sorted(findings.items())))


def _in_its_own_process(pages: int) -> Cost:
    """Measure in a process that has drawn nothing: it is given the batch as a file."""
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as file:
        write_batch(_large(pages), Path(file.name))
        done = subprocess.run(
            [sys.executable, "-m", "bench.quality", "--cost", file.name],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    return Cost(**json.loads(done.stdout))


def _cost(made: Made) -> dict[str, float]:
    """Suites with Data Docs, then the report, over a large batch: CPU seconds, bytes, peak MiB."""
    before = _peak_mib()
    begun = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        docs = Path(folder) / "data_docs"
        report = check(made.batch, made.pages, made.documents, HOLD_BELOW, docs)
        suites = time.process_time() - begun
        docs_size = sum(file.stat().st_size for file in docs.rglob("*") if file.is_file())
    begun = time.process_time()
    html = render(_report_input(made, report))
    return {
        "pages": len(made.pages),
        "documents": len(made.documents),
        "suites_seconds": suites,
        "report_seconds": time.process_time() - begun,
        "report_bytes": len(html.encode()),
        "data_docs_bytes": docs_size,
        "peak_mib": _peak_mib(),
        "facts_mib": before,
    }


def _peak_mib() -> float:
    """This process's memory at its highest; getrusage would tell its parent's, before the exec."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _large(pages: int) -> Made:
    """A batch of so many pages; a fifth of its documents unsure, so that the report is full."""
    made = make_batch(0, round(pages / 1.17))
    rng = random.Random("quality/large")
    documents = tuple(
        replace(d, type_confidence=0.5) if rng.random() < 0.2 else d for d in made.documents
    )
    return replace(made, documents=documents)


def _report_input(made: Made, report: QualityReport) -> ReportInput:
    outcome = {v.document_id: v for v in report.verdicts}
    return ReportInput(
        batch=made.batch.id,
        institution=made.batch.delivery.institution.code,
        made_at="2026-11-20T09:00+09:00",
        sheet=balance(made.counted),
        quality=report,
        documents=tuple(
            ReportDocument(
                d.id,
                d.type,
                d.type_confidence,
                OUTCOMES[outcome[d.id].outcome],
                d.pages,
                outcome[d.id].reasons,
            )
            for d in made.documents
        ),
        failures=(),
        hold_below=HOLD_BELOW,
        sampling=view_before_draw(len(made.pages), load_inspection_rules()),
    )


if __name__ == "__main__":
    sys.exit(main())
