"""`make bench-quality`: seeded defects, false holds, the cost of a large and of the 1,001st batch.

Batches are made documents as facts: what is measured is the rules and the balance, not the reading.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.quality_batch_defects import BATCH_DEFECTS
from bench.quality_batches import Made, make_batch
from bench.quality_defects import Seeding
from bench.quality_large import HOLD_BELOW, cost_of, write_large
from bench.quality_page_defects import DEFECTS
from bench.quality_tables import Among, Cost, Found, Holds, page_of
from bench.quality_thousand import thousand_costs
from bench.readers import ROOT
from quality.balance import balance
from quality.check import QualityReport, check

PAGE = ROOT / "docs" / "benchmarks" / "quality.md"
DOCUMENTS = 136


def main() -> int:
    """Measure, write the page, print it; 1 where an aim is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--trials", type=int, default=10, help="how often each defect is seeded")
    parser.add_argument("--clean", type=int, default=20, help="clean batches")
    parser.add_argument("--pages", type=int, default=10_000, help="pages of the large batch")
    parser.add_argument("--cost", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--batches", type=int, default=1_000, help="batches before the next one")
    parser.add_argument("--among", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.cost:
        sys.stdout.write(json.dumps(cost_of(options.cost)) + "\n")
        return 0
    if options.among:
        sys.stdout.write(json.dumps(thousand_costs(options.among)) + "\n")
        return 0
    found = [*_seeded(options.trials), *_spoilt(options.trials)]
    holds = _clean(options.clean)
    cost = _in_its_own_process(options.pages)
    among = Among(**_measured("--among", str(options.batches)))
    text, met = page_of(found, holds, cost, among, trials=options.trials)
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
        write_large(pages, Path(file.name))
        return Cost(**_measured("--cost", file.name))


def _measured(*arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.quality", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout))


if __name__ == "__main__":
    sys.exit(main())
