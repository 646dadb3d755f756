"""Ten thousand pages for `make bench-quality`: their suites, and a report with all its sections."""

import itertools
import random
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bench.quality_batches import counted_of, make_batch
from pipeline.stage_results import PageLook
from quality.balance import balance
from quality.check import QualityReport, check
from quality.cost import Cost, Moment, StageCost, person_time
from quality.drift import BatchProfile, History, drift_view
from quality.page_facts import SCAN_FAULTS
from quality.page_quality import ScannedPage, page_quality
from quality.reconciliation_section import ReconciledVisit, ReconciliationSummary
from quality.report import ReportDocument, ReportInput, render
from quality.sampling.inspection_rules import load_inspection_rules
from quality.sampling.lot_result import Judgement
from quality.sampling.sample import Lot, draw
from quality.sampling.view import SamplingView, view_of_sample
from records.codec import decode, encode
from records.ids import derive_id
from records.taxonomy import load_taxonomy
from records.values import Batch, Document, Failure, PageText

HOLD_BELOW = 0.8
OUTCOMES = {"accept": "accepted", "hold": "held", "reject": "rejected"}
SPOILT = ("out_of_focus", "cut_off", "faded", "dark", "low_resolution", "handwriting")
FAILED = (
    "file_missing", "file_unlisted", "image_damaged", "image_truncated", "file_empty",
    "checksum_mismatch", "page_too_slow", "pdf_damaged",
)  # fmt: skip
PAGES_A_BOX, PAGES_AN_HOUR = 140, 260


def write_large(pages: int, file: Path) -> None:
    """Write a batch of so many pages: itself, how many documents, these, its pages, one a line.

    A fifth of its documents is unsure and a tenth of its pages badly scanned.
    """
    made = make_batch(0, round(pages / 1.17))
    rng = random.Random("quality/large")
    with file.open("wb") as out:
        out.write(encode(made.batch) + b"\n%d\n" % len(made.documents))
        for document in made.documents:
            sure = 0.5 if rng.random() < 0.2 else document.type_confidence
            out.write(encode(replace(document, type_confidence=sure)) + b"\n")
        for page in made.pages:
            flags = (rng.choice(SPOILT),) if rng.random() < 0.1 else ()
            out.write(encode(replace(page, flags=(*page.flags, *flags))) + b"\n")


def cost_of(file: Path) -> dict[str, float]:
    """Suites with Data Docs, then the report: CPU seconds of one core, bytes, peak MiB.

    Pages come from the file one by one, as they come from the vault: their decoding is measured.
    """
    begun = time.process_time()
    with file.open("rb") as lines:
        batch = decode(Batch, next(lines))
        documents = [decode(Document, next(lines)) for _ in range(int(next(lines)))]
    before = peak_mib()
    with tempfile.TemporaryDirectory() as folder:
        docs = Path(folder) / "data_docs"
        report = check(batch, _pages(file), documents, HOLD_BELOW, docs, _history())
        suites = time.process_time() - begun
        docs_size = sum(one.stat().st_size for one in docs.rglob("*") if one.is_file())
    begun = time.process_time()
    given = full_report(batch, documents, _looks(file), report)
    html = render(given)
    return {
        "pages": given.cost.pages if given.cost else 0,
        "documents": len(documents),
        "suites_seconds": suites,
        "report_seconds": time.process_time() - begun,
        "report_bytes": len(html.encode()),
        "data_docs_bytes": docs_size,
        "peak_mib": peak_mib(),
        "facts_mib": before,
    }


def peak_mib() -> float:
    """This process's memory at its highest; getrusage would tell its parent's, before the exec."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _pages(file: Path) -> Iterator[PageText]:
    with file.open("rb") as lines:
        next(lines)
        for line in itertools.islice(lines, int(next(lines)), None):
            yield decode(PageText, line)


def _looks(file: Path) -> Iterator[PageLook]:
    with file.open("rb") as lines:
        next(lines)
        for line in itertools.islice(lines, int(next(lines)), None):
            yield decode(PageLook, line)


def full_report(
    batch: Batch,
    documents: Sequence[Document],
    pages: Iterable[PageLook],
    quality: QualityReport,
) -> ReportInput:
    """A report every section of which has much to say."""
    verdicts = {verdict.document_id: verdict for verdict in quality.verdicts}
    outcome = {id: OUTCOMES[verdict.outcome] for id, verdict in verdicts.items()}
    scanned = {page.page_id: _scanned(n, page) for n, page in enumerate(pages)}
    counted = counted_of(batch.id, batch.files[0].id, tuple(scanned), documents)
    accepted = frozenset(id for id in outcome if outcome[id] == "accepted")
    held = frozenset(id for id in outcome if outcome[id] == "held")
    counted = replace(
        counted,
        declared_sheets=len(scanned) + 3,
        accepted=accepted,
        held=held,
        rejected_documents=outcome.keys() - accepted - held,
        objects=accepted,
        leaves=accepted,
        entries=frozenset(sorted(accepted)[80:]),
    )
    assert quality.profile
    return ReportInput(
        batch=batch.id,
        institution=batch.delivery.institution.code,
        institution_name=batch.delivery.institution.name,
        made_at="2026-11-20T09:00+00:00",
        sheet=balance(counted),
        quality=quality,
        documents=tuple(
            ReportDocument(
                d.id, d.type, d.type_confidence, outcome[d.id], d.pages, verdicts[d.id].reasons
            )
            for d in documents
        ),
        failures=tuple(
            Failure(f"f-{n}", FAILED[n % len(FAILED)], "intake", f"scans/{n:04}.tif")
            for n in range(400)
        ),
        hold_below=HOLD_BELOW,
        made_with={"엔진 engine": "combined 5", "언어 languages": "Hangul+eng"},
        ledger_head="48213 · " + "0f" * 32,
        data_docs="data_docs/index.html",
        sampling=_sampling(batch.id, scanned, documents, accepted),
        reconciliation=_reconciliation(documents),
        scanned={"team": "스캔1팀", "device": "fi-7160", "at": "2026-11-20T09:00+09:00"},
        page_quality=page_quality(list(scanned.values())),
        drift=drift_view(quality.profile, _history()),
        cost=_cost(len(scanned)),
    )


def _scanned(number: int, page: PageLook) -> ScannedPage:
    day, hour = divmod(number // PAGES_AN_HOUR, 8)
    return ScannedPage(
        f"상자{number // PAGES_A_BOX + 1}",
        f"2026-11-{20 + day}T{9 + hour:02}",
        page.confidence,
        page.sharpness,
        bool(SCAN_FAULTS & set(page.flags)),
    )


def _history() -> History:
    rng = random.Random("quality/history")
    kinds = [kind.code for kind in load_taxonomy().issuable]
    profiles = tuple(
        BatchProfile(
            documents=900,
            pages=1200,
            kinds={kind: rng.randint(20, 90) for kind in kinds},
            confidence=round(rng.gauss(0.89, 0.01), 4),
            sharpness=round(rng.gauss(0.79, 0.02), 4),
        )
        for _ in range(10)
    )
    return History(profiles, profiles)


def _sampling(
    batch: str,
    scanned: Mapping[str, ScannedPage],
    documents: Sequence[Document],
    accepted: frozenset[str],
) -> SamplingView:
    """A sample of the batch, inspected to its end by two people."""
    rules = load_inspection_rules()
    owner = {page: d.id for d in documents for page in d.pages}
    strata: dict[str, dict[str, tuple[str, ...]]] = {}
    for document in documents:
        if document.id in accepted:
            strata.setdefault(document.type, {})[document.id] = document.pages
    kinds = tuple(kind.code for kind in load_taxonomy().issuable)
    lot = Lot(batch, {page: owner.get(page, "") for page in scanned}, strata, kinds)
    sample = draw(lot, "스캔1팀", {}, b"s" * 32, rules)
    judgements = [
        Judgement(item.id, who, (item.known,) if item.known else ())
        for number, item in enumerate(sample.items)
        for who in (("kim", "lee") if item.second else (("kim", "lee")[number % 2],))
    ]
    return view_of_sample(sample, judgements, rules)


def _reconciliation(documents: Sequence[Document]) -> ReconciliationSummary:
    visits = [
        ReconciledVisit((document.id,), (derive_id("d", "emr", n),), ("total_amount",))
        for n, document in enumerate(documents[:300])
    ]
    return ReconciliationSummary(
        len(documents) - 300,
        tuple(visits[:200]),
        tuple(replace(visit, codes=("several_visits",)) for visit in visits[200:250]),
        tuple(replace(visit, emr=(), codes=()) for visit in visits[250:275]),
        tuple(replace(visit, paper=(), codes=()) for visit in visits[275:]),
        {"total_amount": 200},
    )


def _cost(pages: int) -> Cost:
    stages = ("register", "triage", "read", "assemble", "check", "store", "index", "seal")
    begun, ended = "2026-11-20T01:00:00+00:00", "2026-11-20T09:30:00+00:00"
    moments = [
        Moment(f"p{n % 5}", ("inspect", "decide", "look")[n % 3],
               f"2026-11-{20 + n // 1440:02}T{n // 60 % 24:02}:{n % 60:02}:00+00:00")
        for n in range(4_000)
    ]  # fmt: skip
    costs = tuple(StageCost(stage, pages, 0.2 * pages, begun, ended) for stage in stages)
    return Cost(pages, costs, person_time(moments))
