"""Reconciliation of `make bench-emr`: a clinic's papers against its EMR, with known conflicts.

Counted are pairs (a paper, an EMR document) put together, and conflicts (a visit, what differs).
"""

import csv
import io
import time
from collections.abc import Iterator
from dataclasses import dataclass

from bench.emr_messages import documents_of
from bench.emr_tables import as_fixed_width, as_workbook, documents_of_table, scan_of_table
from classifiers.reconciling.reconcile import reconcile
from classifiers.reconciling.reconciliation import Reconciliation
from records.ids import page_id
from records.values import Document, Field
from tests.makers.messages import cda, fhir, hl7v2
from tests.makers.paper_and_emr import Paper, PaperAndEmr, Seen, emr_rows, make_paper_and_emr

AIM = 0.98
WAYS = ("CSV", "XLSX", "fixed width", "FHIR", "HL7 v2", "CDA")
_FIELDS = ("kind", "patient_name", "resident_number", "chart_no", "visit_date", "department",
           "disease_codes", "drugs", "total_amount", "patient_amount", "doctor")  # fmt: skip
_WITHOUT_AMOUNTS = ("CDA",)
_READ_WELL = 0.95


@dataclass(frozen=True, slots=True)
class Share:
    """Found, of them right, and wanted."""

    found: int
    right: int
    wanted: int

    @property
    def precision(self) -> float:
        """Of what was found, how much is right."""
        return self.right / max(self.found, 1)

    @property
    def recall(self) -> float:
        """Of what was wanted, how much was found."""
        return self.right / max(self.wanted, 1)


@dataclass(frozen=True, slots=True)
class Reconciled:
    """One EMR against the papers: pairs, conflicts, visits left to a person, newborns merged.

    `unsaid`: conflicts of visits that are neither told nor left to a person.
    """

    way: str
    visits: int
    documents: int
    pairs: Share
    conflicts: Share
    by_what: dict[str, Share]
    unsaid: int
    ambiguous: int
    newborns: int
    merged: int
    lost: int
    seconds: float


def measure_reconciliation(way: str, visits: int) -> Reconciled:
    """Reconcile one way of export with the papers and hold it against the truth."""
    made = make_paper_and_emr(20261126, visits)
    of_visit: dict[str, int] = {}
    documents: list[Document] = []
    for number, sheet in enumerate(made.papers):
        documents.append(_paper(sheet, number))
        of_visit[documents[-1].id] = sheet.visit
    papers = frozenset(of_visit)
    for document, visit in _emr(way, made):
        documents.append(document)
        of_visit[document.id] = visit
    begun = time.process_time()
    found = reconcile(documents)
    seconds = time.process_time() - begun
    newborns = {one.visit.number for one in made.seen if one.newborn}
    merged = sum(of_visit[paper] in newborns for match in found.matches for paper in match.paper)
    by_what = _conflicts(found, made, of_visit, way)
    return Reconciled(
        way=way,
        visits=len(made.seen),
        documents=len(documents),
        pairs=_pairs(found, of_visit, papers, newborns),
        conflicts=Share(
            sum(s.found for s in by_what.values()),
            sum(s.right for s in by_what.values()),
            sum(s.wanted for s in by_what.values()),
        ),
        by_what=by_what,
        unsaid=_unsaid(found, made, of_visit, way),
        ambiguous=sum(max(len(one.paper), len(one.emr)) for one in found.ambiguous),
        newborns=len(newborns),
        merged=merged,
        lost=len(documents) - len(set(_places(found))),
        seconds=seconds,
    )


def reconciliation_section(rows: list[Reconciled]) -> tuple[list[str], bool]:
    """The page's lines on reconciliation, and whether every aim is met."""
    lines = [
        "",
        "## Reconciliation of EMR and paper",
        "",
        "Visits of a fictional clinic: 84 % on both sides, 8 % on one only; of "
        "those on both, 3 % each with another dose, day, amount or spelling of the name on paper.",
        "Papers have the true fields of their forms; the EMR is read from the export.",
        "A pair is a paper and an EMR document; a conflict is a visit and what differs. Whatever is"
        " left to a person counts as not found. CDA says no amounts, so none is looked for in it.",
        "",
        f"| EMR | visits | documents | pairs: precision | recall (aim ≥ {AIM}) "
        f"| conflicts: precision | recall (aim ≥ {AIM}) | neither told nor left to a person "
        "| visits for a person | newborns merged, of | seconds |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    met = True
    for row in rows:
        measures = (row.pairs.precision, row.pairs.recall, row.conflicts.precision,
                    row.conflicts.recall)  # fmt: skip
        met = met and not row.merged and not row.lost
        met = met and min(measures) >= AIM
        shares = " | ".join(f"{measure:.4f}" for measure in measures)
        lines.append(
            f"| {row.way} | {row.visits:,} | {row.documents:,} | {shares} "
            f"| {row.unsaid} of {row.conflicts.wanted} | {row.ambiguous} "
            f"| {row.merged}, {row.newborns} | {row.seconds:.1f} |"
        )
    lines += ["", "Conflicts by what differs: right of found, of seeded.", ""]
    kinds = sorted({what for row in rows for what in row.by_what})
    lines += [f"| EMR | {' | '.join(kinds)} |", f"| --- |{' --- |' * len(kinds)}"]
    for row in rows:
        kinds_of_row = [row.by_what.get(what, Share(0, 0, 0)) for what in kinds]
        cells = " | ".join(f"{s.right} of {s.found}, of {s.wanted}" for s in kinds_of_row)
        lines.append(f"| {row.way} | {cells} |")
    lines += []
    return lines, met


def _paper(sheet: Paper, number: int) -> Document:
    fields = {key: Field(value, str(value), _READ_WELL) for key, value in sheet.fields.items()}  # type: ignore[arg-type]
    page = page_id("s-paper", number)
    return Document(
        f"d-paper-{number}", "b-paper", "t-paper", (page,), sheet.kind, 0.98, 0.98, fields
    )


def _emr(way: str, made: PaperAndEmr) -> Iterator[tuple[Document, int]]:
    if way in ("CSV", "XLSX", "fixed width"):
        table, numbers = emr_rows(made.seen)
        rows = list(csv.reader(io.StringIO(table.decode("cp949"), newline="")))
        data, mapping = table, ""
        if way == "XLSX":
            data = as_workbook(rows)
        elif way == "fixed width":
            data, mapping = as_fixed_width(rows, _FIELDS)
        documents = documents_of_table(scan_of_table(data, mapping), data)
        yield from zip(documents, numbers, strict=True)
        return
    for one in made.seen:
        if one.in_emr:
            yield from _messages(way, one)


def _messages(way: str, one: Seen) -> Iterator[tuple[Document, int]]:
    """The documents of one visit's messages, so that it is known whose they are."""
    if way == "CDA":
        data = cda.document(one.visit)
    else:
        data = fhir.bundle([one.visit]) if way == "FHIR" else hl7v2.batch([one.visit])
    for document, _ in documents_of(data, scan=f"s-{one.visit.number}"):
        yield document, one.visit.number


def _pairs(
    found: Reconciliation, of_visit: dict[str, int], papers: frozenset[str], newborns: set[int]
) -> Share:
    sides: dict[int, list[int]] = {}
    for document, visit in of_visit.items():
        if document not in found.apart and visit not in newborns:
            sides.setdefault(visit, [0, 0])[document in papers] += 1
    together = [
        of_visit[paper] == of_visit[emr]
        for match in found.matches
        for paper in match.paper
        for emr in match.emr
    ]
    return Share(len(together), sum(together), sum(emr * paper for emr, paper in sides.values()))


def _conflicts(
    found: Reconciliation, made: PaperAndEmr, of_visit: dict[str, int], way: str
) -> dict[str, Share]:
    wanted, got = _seeded(made, way), _told(found, of_visit)
    kinds = {what for _, what in wanted | got}
    return {
        kind: Share(
            sum(what == kind for _, what in got),
            sum(what == kind for _, what in got & wanted),
            sum(what == kind for _, what in wanted),
        )
        for kind in kinds
    }


def _seeded(made: PaperAndEmr, way: str) -> set[tuple[int, str]]:
    return {
        (one.visit.number, what)
        for one in made.seen
        for what in one.differs
        if not (way in _WITHOUT_AMOUNTS and what.endswith("_amount"))
    }


def _told(found: Reconciliation, of_visit: dict[str, int]) -> set[tuple[int, str]]:
    return {
        (of_visit[match.paper[0]], conflict.what)
        for match in found.matches
        for conflict in match.conflicts
    }


def _unsaid(found: Reconciliation, made: PaperAndEmr, of_visit: dict[str, int], way: str) -> int:
    """Conflicts that nobody hears of: not told, and no paper of the visit left to a person."""
    asked = {
        of_visit[document]
        for one in found.ambiguous
        for visit in (*one.paper, *one.emr)
        for document in visit
    }
    missed = _seeded(made, way) - _told(found, of_visit)
    return sum(visit not in asked for visit, _ in missed)


def _places(found: Reconciliation) -> Iterator[str]:
    yield from found.apart
    for visit in (*found.only_paper, *found.only_emr):
        yield from visit
    for match in found.matches:
        yield from (*match.paper, *match.emr)
    for one in found.ambiguous:
        for visit in (*one.paper, *one.emr):
            yield from visit
