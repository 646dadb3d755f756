"""Batches for `make bench-quality`: made documents as facts, without reading their images again."""

import functools
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quality.balance import Counted
from records.ids import derive_id
from records.values import (
    Batch,
    Box,
    Delivery,
    Document,
    Field,
    Institution,
    Line,
    PageText,
    ReceivedFile,
    Word,
)
from tests.makers.case import make_case
from tests.makers.pages import make_page
from tests.makers.people import make_clinic
from tests.makers.truth import PageTruth

KINDS = (
    "medical_record", "diagnosis_certificate", "injury_certificate", "prescription", "fee_receipt",
    "fee_detail", "treatment_confirmation", "admission_confirmation", "outpatient_confirmation",
    "medical_opinion", "referral_letter", "surgery_record", "lab_result", "imaging_report",
    "nursing_record", "death_certificate", "payment_confirmation",
)  # fmt: skip
EACH = 8
DRAWN_DPI = 60
SCANNED = {"by": "scanner", "at": "2026-11-20T09:00+09:00", "dpi": "300"}
ANYWHERE = Box(10, 10, 60, 30)


@dataclass(frozen=True, slots=True)
class Made:
    """One batch as the quality room sees it: facts, and the sets that the balance compares."""

    batch: Batch
    pages: tuple[PageText, ...]
    documents: tuple[Document, ...]
    counted: Counted


@dataclass(frozen=True, slots=True)
class _Paper:
    kind: str
    truths: tuple[PageTruth, ...]


def make_batch(seed: int, documents: int = 100) -> Made:
    """A clean, declared, balanced batch of one clinic; the same seed makes the same batch."""
    rng = random.Random(f"quality/{seed}")
    clinic, papers = _papers()
    batch = derive_id("b", "bench", seed)
    chosen = [papers[(seed + number) % len(papers)] for number in range(documents)]
    rng.shuffle(chosen)
    pages: list[PageText] = []
    made: list[Document] = []
    for number, paper in enumerate(chosen):
        ids = tuple(derive_id("p", batch, number, n) for n in range(len(paper.truths)))
        pages += [_page(id, truth, rng) for id, truth in zip(ids, paper.truths, strict=True)]
        made.append(_document(batch, number, paper, ids, rng))
    blank = PageText(derive_id("p", batch, "blank"), 2480, 3508, 300, 0, 0.1, (), ("blank",))
    pages.append(blank)
    kinds = [document.type for document in made]
    declared = {kind: kinds.count(kind) for kind in set(kinds)}
    file = ReceivedFile(derive_id("f", batch), "scans/1.tif", "0" * 64, 10, 0, listed=True)
    delivery = Delivery(
        clinic, scanned=SCANNED, declared_sheets=len(pages), declared_documents=declared
    )
    counted = counted_of(batch, file.id, [page.page_id for page in pages], made)
    return Made(Batch(batch, delivery, (file,)), tuple(pages), tuple(made), counted)


@functools.cache
def _papers() -> tuple[Institution, tuple[_Paper, ...]]:
    """Eight documents of each kind, of one clinic, drawn once; their truth is what is used."""
    clinic = make_clinic(random.Random("quality/clinic"))
    found = []
    for seed in range(EACH):
        for kind in KINDS:
            case = make_case(kind, f"quality/{seed}", clinic=clinic)
            made = make_page(kind, None, seed, "clean", DRAWN_DPI, case=case)
            found.append(_Paper(kind, tuple(page.truth for page in made)))
    institution = Institution(clinic.code, clinic.name, clinic.opened, clinic.closed)
    return institution, tuple(found)


def _page(id: str, truth: PageTruth, rng: random.Random) -> PageText:
    confidence = round(rng.uniform(0.80, 0.97), 3)
    lines = tuple(
        Line(tuple(Word(word.text, ANYWHERE, confidence) for word in line.words))
        for line in truth.lines
    )
    return PageText(
        page_id=id,
        width=2480,
        height=3508,
        dpi=300,
        rotation=0,
        skew=round(rng.gauss(0, 0.6), 2),
        lines=lines,
        confidence=confidence,
        ink=0.04,
        sharpness=0.8,
        look="5a" * 32,
    )


def _document(
    batch: str, number: int, paper: _Paper, ids: tuple[str, ...], rng: random.Random
) -> Document:
    fields: dict[str, Field] = {}
    for truth in paper.truths:
        for key, value in truth.fields.items():
            fields.setdefault(key, _field(value, rng))
    return Document(
        id=derive_id("d", batch, number),
        batch_id=batch,
        stack_id=derive_id("t", batch),
        pages=ids,
        type=paper.kind,
        type_confidence=round(rng.uniform(0.90, 0.99), 3),
        boundary_confidence=round(rng.uniform(0.90, 0.99), 3),
        fields=fields,
    )


def _field(value: object, rng: random.Random) -> Field:
    plain = list(value) if isinstance(value, list | tuple) else value
    kept = plain if isinstance(plain, str | int | list) else str(plain)
    return Field(kept, str(value), round(rng.uniform(0.85, 0.99), 3))


def counted_of(
    batch: str, file: str, pages: Sequence[str], documents: Sequence[Document]
) -> Counted:
    """What the balance compares of a clean batch; its last page, of these ids, is blank."""
    ids = frozenset(document.id for document in documents)
    owned: Mapping[str, tuple[str, ...]] = {d.id: d.pages for d in documents}
    return Counted(
        batch=batch,
        declared_sheets=len(pages),
        declared_pages={file: len(pages)},
        files_listed=frozenset({file}),
        files_received=frozenset({file}),
        pages=dict.fromkeys(pages, file),
        documents=owned,
        blank=frozenset(pages[-1:]),
        accepted=ids,
        objects=ids,
        entries=ids,
        leaves=ids,
        original_objects=frozenset({file}),
        original_leaves=frozenset({file}),
    )
