"""A batch that has been read and judged, put into the vault without reading anything."""

import datetime as dt

from pipeline.assembly import Workshop
from pipeline.documents import leaf_of
from pipeline.judging import judge
from pipeline.outcomes import Outcomes
from pipeline.stage_results import Checked, PageOutcome, Plan, Registered, TriagedBatch
from pipeline.work import save_registered
from quality.check import QualityReport
from records.ids import derive_id
from records.values import (
    Batch,
    Delivery,
    Document,
    Institution,
    PageRef,
    PageText,
    ReceivedFile,
    Scan,
    Stack,
)
from tests.makers.people import check_digit
from tests.unit.quality.samples import make_fields, make_page

CODE = "31234567"
PLAN = Plan("Hangul+eng", "made", "made", 0.8)
CLINIC = Institution(CODE, "한빛내과의원", dt.date(1998, 3, 2), dt.date(2025, 6, 30))


def make_judged_batch(
    workshop: Workshop,
    name: str = "one",
    documents: int = 40,
    scanned_by: str = "scanner",
    worse: frozenset[int] = frozenset(),
) -> str:
    """Documents of two pages, every tenth a lab result; those of `worse` are unsure of their kind.

    The first page of the batch is a blank sheet. Returns the batch's id.
    """
    batch = derive_id("b", name)
    file = ReceivedFile(derive_id("f", name), "scans/상자1.tif", "0" * 64, 10, 0, True, box="상자1")
    scan = Scan(derive_id("s", name), file.id, derive_id("t", name), file.path, "tiff", 1)
    scanned = {"by": scanned_by, "at": "2026-11-20T09:00+09:00", "team": "team A"}
    vault = workshop.vault(CODE)
    workshop.archive.ledger.append([leaf_of(vault.put("original", file.id, b"0" * 10), batch)])
    save_registered(
        vault, Registered(Batch(batch, Delivery(CLINIC, scanned=scanned), (file,)), PLAN)
    )
    work = workshop.work(batch)
    count = 2 * documents + 1
    refs = tuple(
        PageRef(derive_id("p", name, n), scan.id, file.id, scan.stack_id, n, n)
        for n in range(count)
    )
    work.save_triaged(TriagedBatch((scan,), (), (), (), pages=refs))
    for ref in refs:
        work.save_page(PageOutcome(ref.id, _text(ref)))
    made = tuple(
        Document(
            derive_id("d", name, n),
            batch,
            scan.stack_id,
            (refs[2 * n + 1].id, refs[2 * n + 2].id),
            "lab_result" if n % 10 == 9 else "diagnosis_certificate",
            0.4 if n in worse else 0.97,
            0.98,
            make_fields(chart_no=f"{n:05}", patient_name=f"환자{n:04}", resident_number=_number(n)),
        )
        for n in range(documents)
    )
    work.save_stack(Stack(scan.stack_id, made, {refs[0].id: "blank"}))
    work.save_checked(Checked(_judged(workshop, batch), ()))
    return batch


def _number(n: int) -> str:
    twelve = f"8001011{n:05}"
    return f"{twelve[:6]}-{twelve[6:]}{check_digit(twelve)}"


def _text(ref: PageRef) -> PageText:
    if ref.order:
        return make_page(ref.id)
    return make_page(ref.id, "", flags=("blank",), confidence=None)


def _judged(workshop: Workshop, batch: str) -> QualityReport:
    return judge(workshop, Outcomes(workshop.work(batch)))
