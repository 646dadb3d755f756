"""A full report and a full management page, made by the real rules from made-up facts.

The patient of `PATIENT` is on every page, in every document, and in names of files and boxes.
"""

import datetime as dt
import random
from collections.abc import Sequence

from quality.balance import Counted, balance
from quality.check import check
from quality.cost import Cost, Moment, StageCost, person_time
from quality.drift import BatchProfile, History, drift_view
from quality.overview import Overview, overview
from quality.page_facts import SCAN_FAULTS
from quality.page_quality import ScannedPage, page_quality
from quality.report import ReportDocument, ReportInput
from quality.sampling.inspection_rules import load_inspection_rules
from quality.sampling.lot_result import Judgement
from quality.sampling.sample import Lot, draw
from quality.sampling.view import SamplingView, view_of_sample
from quality.summary import BatchSummary, Stage
from records.ids import derive_id
from records.taxonomy import load_taxonomy
from records.values import Document, Failure, PageText
from tests.unit.quality.samples import (
    BATCH,
    NAME,
    NUMBER,
    make_batch,
    make_document,
    make_fields,
    make_page,
)

PATIENT = (NAME, NUMBER, NUMBER.replace("-", ""), NUMBER[:6])
BOXES = ("상자1", "상자2", "상자3", f"{NAME} 상자")
KINDS = (
    "medical_record", "prescription", "lab_result", "diagnosis_certificate", "fee_receipt",
    "fee_detail", "none",
)  # fmt: skip
DOCUMENTS = 120
OUTCOMES = {"accept": "accepted", "hold": "held", "reject": "rejected"}
NOW = dt.datetime(2026, 11, 26, 9, tzinfo=dt.UTC)


def sample_report() -> ReportInput:
    """A batch with trouble of every sort, judged by the suites and inspected by two people."""
    rng = random.Random("browser")
    pages = [_page(n, rng) for n in range(2 * DOCUMENTS + 1)]
    documents = [_document(n, pages, rng) for n in range(DOCUMENTS)]
    history = _history(rng)
    quality = check(make_batch(), pages, documents, 0.8, history=history)
    assert quality.profile
    outcome = {v.document_id: OUTCOMES[v.outcome] for v in quality.verdicts}
    return ReportInput(
        batch=BATCH,
        institution="31234567",
        institution_name="한빛내과의원",
        made_at="2026-11-26T09:00:00+00:00",
        sheet=balance(_counted(pages, documents, outcome)),
        quality=quality,
        documents=tuple(
            ReportDocument(d.id, d.type, d.type_confidence, outcome[d.id], d.pages, v.reasons)
            for d, v in zip(documents, quality.verdicts, strict=True)
        ),
        failures=(
            Failure("f-9", "file_missing", "intake", f"scans/{NAME}_9.tif"),
            Failure("f-1", "image_damaged", "intake", f"scans/{NUMBER}.tif"),
        ),
        hold_below=0.8,
        sealed=True,
        made_with={"엔진 engine": "combined 5", "언어 languages": "Hangul+eng"},
        ledger_head="1482 · 0f3c91",
        data_docs="data_docs/index.html",
        sampling=_sampling(pages, documents),
        scanned={"team": "스캔1팀", "device": "fi-7160", "at": "2026-11-20T09:00+09:00"},
        page_quality=page_quality([_scanned(n, page) for n, page in enumerate(pages)]),
        drift=drift_view(quality.profile, history),
        cost=_cost(),
    )


def sample_overview(batches: int = 60) -> Overview:
    """A management page over batches of four institutions and three teams."""
    rng = random.Random("browser/overview")
    return overview([_summary(n, rng) for n in range(batches)], NOW, frozenset({_id(3)}), 1)


def _id(number: int) -> str:
    return derive_id("b", "browser", number)


def _summary(number: int, rng: random.Random) -> BatchSummary:
    clinic, team = number % 4, number % 3
    pages = rng.randint(300, 2400)
    received = NOW - dt.timedelta(days=rng.uniform(0, 160))
    documents = round(pages / 1.4)
    held = rng.choice((0, 0, 0, rng.randint(1, 30)))
    rejected = rng.choice((0, 0, 4))
    begun = number % 20 == 7
    facts = {} if begun else {
        "documents": documents,
        "accepted": documents - held - rejected,
        "rejected": rejected,
        "held_documents": tuple(derive_id("d", number, n) for n in range(held)),
        "lot": rng.choice(("", "accepted", "accepted", "accepted", "open", "rejected")),
        "scanned": pages,
        "faulty": rng.randint(0, pages // (10 if team == 1 else 60)),
        "confidence": round(rng.uniform(0.84, 0.95), 3),
        "sharpness": round(rng.uniform(0.6, 0.9), 3),
        "cpu_seconds": pages * rng.uniform(2.0, 3.2),
        "minutes": rng.uniform(0, 90),
        "checked_at": (received + dt.timedelta(hours=3)).isoformat(timespec="seconds"),
    }  # fmt: skip
    stage = Stage.TRIAGED if begun else Stage.UNBALANCED if number == 11 else Stage.SEALED
    return BatchSummary(
        batch=_id(number),
        institution=f"3{clinic}234567",
        name=("한빛내과의원", "새봄의원", "푸른정형외과의원", "가람소아청소년과의원")[clinic],
        team=f"스캔{team + 1}팀",
        device="fi-7160",
        stage=stage,
        files=12,
        files_missing=2 if number % 17 == 0 else 0,
        sheets_declared=pages,
        sheets_open=3 if number % 13 == 0 else 0,
        undeclared=number % 29 == 5,
        pages=pages,
        received_at=received.isoformat(timespec="seconds"),
        **facts,  # type: ignore[arg-type]
    )


def _page(number: int, rng: random.Random) -> PageText:
    if not number:
        scanned_at = "2026-11-20T09:00:01"
        return make_page("p-0", "", flags=("blank",), confidence=None, scanned_at=scanned_at)
    bad = _box(number) == BOXES[2] and rng.random() < 0.4
    return make_page(
        f"p-{number}",
        confidence=round(min(0.99, rng.gauss(0.74 if bad else 0.88, 0.03)), 3),
        sharpness=round(rng.gauss(0.45 if bad else 0.78, 0.05), 3),
        skew=round(rng.gauss(0, 0.8), 2),
        flags=("out_of_focus",) if bad else (),
        scanned_at=f"2026-11-20T{9 + number // 40:02}:{number % 40 + 10}:00",
    )


def _box(number: int) -> str:
    return BOXES[number * len(BOXES) // (2 * DOCUMENTS + 1)]


def _scanned(number: int, page: PageText) -> ScannedPage:
    faulty = bool(SCAN_FAULTS & set(page.flags))
    return ScannedPage(_box(number), page.scanned_at[:13], page.confidence, page.sharpness, faulty)


def _document(number: int, pages: Sequence[PageText], rng: random.Random) -> Document:
    (kind,) = rng.choices(KINDS, (1, 2, 3, 6, 8, 3, 2))
    sure = round(rng.uniform(0.3, 0.79), 3) if rng.random() < 0.15 else 0.97
    ids = (pages[2 * number + 1].page_id, pages[2 * number + 2].page_id)
    fields = make_fields(chart_no=f"{number:05}")
    return make_document(f"d-{number}", ids, type=kind, type_confidence=sure, fields=fields)


def _counted(
    pages: Sequence[PageText], documents: Sequence[Document], outcome: dict[str, str]
) -> Counted:
    ids = {name: frozenset(d for d in outcome if outcome[d] == name) for name in OUTCOMES.values()}
    accepted = ids["accepted"]
    files = frozenset({"f-1"})
    return Counted(
        batch=BATCH,
        declared_sheets=len(pages) + 3,
        declared_pages={"f-1": len(pages), "f-9": 1},
        files_listed=frozenset({"f-1", "f-9"}),
        files_received=files,
        files_missing=frozenset({"f-9"}),
        pages={page.page_id: "f-1" for page in pages},
        documents={d.id: d.pages for d in documents},
        blank=frozenset({"p-0"}),
        accepted=accepted,
        held=ids["held"],
        rejected_documents=ids["rejected"],
        objects=accepted,
        entries=accepted,
        leaves=accepted,
        original_objects=files,
        original_leaves=files,
    )


def _history(rng: random.Random) -> History:
    batches = tuple(
        BatchProfile(
            documents=90,
            pages=180,
            kinds={"medical_record": 30, "prescription": 25, "lab_result": 15, "fee_receipt": 20},
            confidence=round(rng.gauss(0.91, 0.008), 3),
            sharpness=round(rng.gauss(0.8, 0.02), 3),
        )
        for _ in range(8)
    )
    return History(batches[:5], batches)


def _sampling(pages: Sequence[PageText], documents: Sequence[Document]) -> SamplingView:
    rules = load_inspection_rules()
    owner = {page: d.id for d in documents for page in d.pages}
    accepted = {d.type: {d.id: d.pages} for d in documents}
    kinds = tuple(kind.code for kind in load_taxonomy().issuable)
    lot = Lot(BATCH, {p.page_id: owner.get(p.page_id, "") for p in pages}, accepted, kinds)
    sample = draw(lot, "스캔1팀", {}, b"s" * 32, rules)
    judgements = [
        Judgement(item.id, who, (item.known,) if item.known else ())
        for number, item in enumerate(sample.items)
        for who in (("kim", "lee") if item.second else (("kim", "lee")[number % 2],))
    ]
    bad = Judgement(sample.items[0].id, "kim", ("defect_unreadable",))
    return view_of_sample(sample, [*judgements, bad], rules)


def _cost() -> Cost:
    begun, ended = "2026-11-20T01:00:00+00:00", "2026-11-20T02:30:00+00:00"
    units = {"register": 4.0, "triage": 6.5, "read": 512.3, "assemble": 9.1, "check": 5.0}
    moments = [
        Moment(("kim", "lee")[n % 2], "inspect", f"2026-11-20T03:{n // 2:02}:{n % 2 * 30:02}+00:00")
        for n in range(60)
    ]
    moments += [Moment("park", "decide", f"2026-11-20T04:{n:02}:10+00:00") for n in range(25)]
    return Cost(
        2 * DOCUMENTS + 1,
        tuple(StageCost(stage, 241, cpu, begun, ended) for stage, cpu in units.items()),
        person_time(moments),
    )
