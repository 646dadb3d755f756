"""Two batches of made documents that a steward has named, put into the vault without reading."""

from pipeline.assembly import Workshop
from pipeline.documents import leaf_of
from pipeline.stage_results import Checked, PageOutcome, Plan, Registered, TriagedBatch
from pipeline.work import save_registered
from quality.check import QualityReport
from records.ids import derive_id
from records.judgements import Decision, Verdict
from records.values import (
    Batch,
    Delivery,
    Document,
    Line,
    PageRef,
    PageText,
    ReceivedFile,
    Scan,
    Stack,
    Word,
)
from tests.makers.case import make_case
from tests.makers.pages import make_words
from tests.unit.pipeline.judged_batch import CLINIC, CODE

KINDS = ("prescription", "lab_result", "medical_record")
PLAN = Plan("Hangul+eng", "made", "made", 0.8)


def make_labelled_batches(workshop: Workshop, learned: int, held_out: int) -> list[str]:
    """The first is learned from, the second is held out; every document was held and named."""
    return [_make(workshop, "one", 1, learned), _make(workshop, "two", 2, held_out)]


def _make(workshop: Workshop, name: str, seed: int, documents: int) -> str:
    batch, vault = derive_id("b", "labelled", name), workshop.vault(CODE)
    file = ReceivedFile(derive_id("f", name), "scans/1.tif", "0" * 64, 10, 0, True)
    scan = Scan(derive_id("s", name), file.id, derive_id("t", name), file.path, "tiff", 1)
    workshop.archive.ledger.append([leaf_of(vault.put("original", file.id, b"0" * 10), batch)])
    delivery = Delivery(CLINIC, scanned={"by": "scanner"})
    save_registered(vault, Registered(Batch(batch, delivery, (file,)), PLAN))
    work = workshop.work(batch)
    texts = [_texts(name, seed, number) for number in range(documents)]
    ids = [text.page_id for pages in texts for text in pages]
    refs = tuple(PageRef(p, scan.id, file.id, scan.stack_id, n, n) for n, p in enumerate(ids))
    work.save_triaged(TriagedBatch((scan,), (), (), (), pages=refs))
    for text in (text for pages in texts for text in pages):
        work.save_page(PageOutcome(text.page_id, text))
    made = tuple(
        Document(
            derive_id("d", name, number),
            batch,
            scan.stack_id,
            tuple(text.page_id for text in pages),
            "none",
            0.4,
            0.98,
        )
        for number, pages in enumerate(texts)
    )
    work.save_stack(Stack(scan.stack_id, made))
    verdicts = tuple(Verdict(one.id, "hold", ("document_type_unsure",)) for one in made)
    work.save_checked(Checked(QualityReport(batch, (), verdicts, (), ""), ()))
    for number, one in enumerate(made):
        kind = KINDS[number % len(KINDS)]
        work.save_decision(Decision(one.id, "accept", "kim", "seen", kind, "2026-11-26T09:00Z"))
    return batch


def _texts(name: str, seed: int, number: int) -> list[PageText]:
    kind = KINDS[number % len(KINDS)]
    own = 960_000 + 1000 * seed + number
    case = make_case(kind, own)
    return [
        PageText(
            derive_id("p", name, number, place),
            truth.width,
            truth.height,
            truth.dpi,
            0,
            0.0,
            tuple(
                Line(tuple(Word(w.text, w.box, 0.9) for w in line.words)) for line in truth.lines
            ),
            confidence=0.9,
            ink=0.05,
        )
        for place, truth in enumerate(make_words(kind, "statutory", own, case=case))
    ]
