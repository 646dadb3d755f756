"""A batch's reconciliation with names and values, for an authorized person; logged first."""

from collections.abc import Iterator, Sequence
from typing import Any

from classifiers.reconciling.reconciliation import Ambiguous, Match
from pipeline.assembly import Workshop
from pipeline.reader import Reader
from pipeline.reconciling import BatchReconciliation, reconcile_batch
from records.errors import RejectedInput
from records.reasons import explain

_SHOWN = ("patient_name", "chart_no", "visit_date", "issue_date", "exam_date", "admission_date")


def reconciliation_of(
    workshop: Workshop, batch: str, reader: Reader
) -> list[dict[str, Any]] | None:
    """One row a visit: matched, ambiguous, only on paper, only in the EMR; None for one side only.

    Raises:
        RejectedInput: `purpose_missing`, `batch_unknown`, `batch_not_ready`.
    """
    if not reader.why.strip():
        raise RejectedInput("purpose_missing")
    work = workshop.work(batch)
    work.checked()
    reconciled = reconcile_batch(work)
    if reconciled is None:
        return None
    rows = list(_rows(reconciled))
    named = dict.fromkeys(one["id"] for row in rows for side in _SIDES for one in row[side])
    workshop.log_access(reader, "reconciliation", work.batch.delivery.institution.code, [*named])
    return rows


_SIDES = ("paper", "emr")


def as_lines(row: dict[str, Any]) -> Iterator[str]:
    """A row for a person, in Korean and English."""
    korean, english = _TITLES[row["what"]]
    yield f"{korean} {english}" + (f"  {_words(row['why'])}" if row.get("why") else "")
    for side in _SIDES:
        for one in row[side]:
            told = "  ".join(str(value) for value in one["fields"].values())
            yield f"    {_TITLES[side][0]} {side}  {one['id']}  {one['type']}  {told}"
    for conflict in row.get("conflicts", ()):
        item = f" {conflict['item']}" if conflict["item"] else ""
        paper, emr = (conflict[side]["value"] or "–" for side in _SIDES)
        yield f"    ≠ {_words(conflict['what'])}{item}: 종이 paper {paper} · EMR {emr}"


_TITLES = {
    "matched": ("맞음", "matched"),
    "ambiguous": ("사람이 볼 것", "for a person"),
    "only_paper": ("종이에만", "paper only"),
    "only_emr": ("EMR에만", "EMR only"),
    "paper": ("종이", "paper"),
    "emr": ("EMR", "EMR"),
}


def _words(code: str) -> str:
    return f"{explain(f'reconcile.{code}')} {explain(f'reconcile.{code}', 'en')}"


def _rows(reconciled: BatchReconciliation) -> Iterator[dict[str, Any]]:
    found = reconciled.found
    for match in found.matches:
        yield _matched(reconciled, match)
    for unsure in found.ambiguous:
        yield _unsure(reconciled, unsure)
    for visit in found.only_paper:
        yield {"what": "only_paper", "paper": _told(reconciled, visit), "emr": []}
    for visit in found.only_emr:
        yield {"what": "only_emr", "paper": [], "emr": _told(reconciled, visit)}


def _matched(reconciled: BatchReconciliation, match: Match) -> dict[str, Any]:
    return {
        "what": "matched",
        "paper": _told(reconciled, match.paper),
        "emr": _told(reconciled, match.emr),
        "evidence": list(match.evidence),
        "agreements": list(match.agreements),
        "conflicts": [
            {
                "what": conflict.what,
                "item": conflict.item,
                "paper": {"value": conflict.paper.value, "document": conflict.paper.document},
                "emr": {"value": conflict.emr.value, "document": conflict.emr.document},
            }
            for conflict in match.conflicts
        ],
    }


def _unsure(reconciled: BatchReconciliation, unsure: Ambiguous) -> dict[str, Any]:
    paper = [document for visit in unsure.paper for document in visit]
    emr = [document for visit in unsure.emr for document in visit]
    return {
        "what": "ambiguous",
        "why": unsure.why,
        "paper": _told(reconciled, paper),
        "emr": _told(reconciled, emr),
    }


def _told(reconciled: BatchReconciliation, documents: Sequence[str]) -> list[dict[str, Any]]:
    made = [reconciled.documents[document] for document in documents]
    return [
        {
            "id": one.id,
            "type": one.type,
            "fields": {key: one.fields[key].value for key in _SHOWN if key in one.fields},
        }
        for one in made
    ]
