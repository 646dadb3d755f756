"""What a thousand earlier batches cost the next one, and the page over all of them."""

import datetime as dt
import random
import tempfile
import time
from collections.abc import Callable
from typing import TypeVar

from pipeline.assembly import Workshop
from pipeline.documents import leaf_of
from pipeline.judging import DATA_DOCS, judge
from pipeline.outcomes import Outcomes
from pipeline.overview import overview_of
from pipeline.reports import refresh_report, report_path
from pipeline.stage_results import Checked, Registered, TriagedBatch
from pipeline.summaries import keep_summary
from pipeline.work import WorkArea, save_registered
from quality.check import QualityReport
from quality.drift import BatchProfile
from quality.overview_page import render_overview
from quality.summary import BatchSummary, Stage
from records.ids import derive_id
from records.settings import Settings
from records.values import Batch, Delivery, Institution, ReceivedFile
from tests.unit.pipeline.judged_batch import CLINIC, CODE, PLAN, make_judged_batch

T = TypeVar("T")

DOCUMENTS = 150
INSTITUTIONS, TEAMS = 20, 6
SCANNED = {"by": "scanner", "at": "2026-11-20T09:00+09:00", "device": "fi-7160"}


def thousand_costs(batches: int) -> dict[str, float]:
    """CPU seconds and bytes of the next batch with no batch before it and with so many."""
    with tempfile.TemporaryDirectory() as folder:
        alone = Workshop(Settings(home=f"{folder}/alone"))
        among = Workshop(Settings(home=f"{folder}/among"))
        _earlier(among, batches)
        _next(alone)  # the first run imports Great Expectations: not what is compared
        found = {f"{name}_alone": value for name, value in _next(alone).items()}
        found |= _next(among)
        seconds, html = _timed(lambda: render_overview(overview_of(among), links=True))
        return found | {
            "batches": batches,
            "pages": 2 * DOCUMENTS + 1,
            "overview_seconds": seconds,
            "overview_bytes": len(html.encode()),
        }


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    begun = time.process_time()
    done = work()
    return time.process_time() - begun, done


def _next(workshop: Workshop) -> dict[str, float]:
    """One more batch: judged with its Data Docs, then its report."""
    batch = derive_id("b", "next")
    if not workshop.vault(CODE).has("batch", batch):
        make_judged_batch(workshop, "next", documents=DOCUMENTS)
    checking, _ = _timed(lambda: judge(workshop, Outcomes(workshop.work(batch))))
    reporting, _ = _timed(lambda: refresh_report(workshop, batch))
    docs = workshop.settings.reports / batch / DATA_DOCS
    return {
        "check_seconds": checking,
        "report_seconds": reporting,
        "docs_bytes": sum(file.stat().st_size for file in docs.rglob("*") if file.is_file()),
        "report_bytes": report_path(workshop, batch).stat().st_size,
    }


def _earlier(workshop: Workshop, batches: int) -> None:
    """Judged batches of many institutions, every third the next batch's own, with summaries."""
    rng = random.Random("quality/thousand")
    leaves = []
    for number in range(batches):
        code = CODE if number % 3 == 0 else f"3{number % INSTITUTIONS:07}"
        clinic = CLINIC if code == CODE else Institution(code, f"의원{code}")
        batch = derive_id("b", "earlier", number)
        file = ReceivedFile(derive_id("f", batch), "scans/1.tif", "0" * 64, 10, 0, listed=True)
        vault = workshop.vault(code)
        leaves.append(leaf_of(vault.put("original", file.id, b"0" * 10), batch))
        delivery = Delivery(clinic, scanned=SCANNED | {"team": f"스캔{number % TEAMS}팀"})
        save_registered(vault, Registered(Batch(batch, delivery, (file,)), PLAN))
        work = WorkArea(vault, Registered(Batch(batch, delivery, (file,)), PLAN))
        work.save_triaged(TriagedBatch((), (), (), ()))
        profile = BatchProfile(900, 1200, {"lab_result": 300, "prescription": 600}, 0.9, 0.8)
        work.save_checked(Checked(QualityReport(batch, (), (), (), "", profile), ()))
    workshop.archive.ledger.append(leaves)
    for number, leaf in enumerate(leaves):
        keep_summary(workshop, _summary(leaf.batch, leaf.institution, number, rng))


def _summary(batch: str, institution: str, number: int, rng: random.Random) -> BatchSummary:
    came = dt.datetime.now(dt.UTC) - dt.timedelta(days=rng.uniform(0, 500))
    held = rng.choice((0, 0, 0, 8))
    return BatchSummary(
        batch=batch,
        institution=institution,
        name=f"의원{institution}",
        team=f"스캔{number % TEAMS}팀",
        device="fi-7160",
        stage=Stage.SEALED,
        files=12,
        sheets_declared=1200,
        pages=1200,
        documents=900,
        accepted=900 - held,
        rejected=0,
        held_documents=tuple(derive_id("d", batch, n) for n in range(held)),
        lot=rng.choice(("", "accepted", "accepted", "rejected")),
        scanned=1200,
        faulty=rng.randint(0, 60),
        confidence=0.9,
        sharpness=0.8,
        cpu_seconds=3000.0,
        minutes=40.0,
        received_at=came.isoformat(timespec="seconds"),
        checked_at=(came + dt.timedelta(hours=3)).isoformat(timespec="seconds"),
    )
