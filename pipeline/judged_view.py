"""Documents looked at without a batch, as plain data: each with its verdict and its patient."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from classifiers.patients import Patients, held, identity_of_document, join_patients
from pipeline.views import document_view
from quality.check import check
from records.values import Batch, Delivery, Document, Institution, PageText

TRIAL = "b-trial"
NOBODY = Institution("", "")


def judged_view(
    documents: Sequence[Document],
    pages: Iterable[PageText],
    numbers: Mapping[str, int],
    hold_below: float,
) -> dict[str, Any]:
    """Return the documents as the gate judges them, and whose they are.

    Documents are named by their place in the list, from 1: `patients` and `conflicts` name them
    so, and a document's `patient` is a place in `patients`; None where it names nobody.

    Args:
        documents: of one institution, in order.
        pages: all that were read.
        numbers: the pages' numbers, by id.
        hold_below: as in `check`.
    """
    place = {document.id: number for number, document in enumerate(documents, 1)}
    joined = join_patients([(one.id, identity_of_document(one)) for one in documents])
    patient_of = {id_: n for n, one in enumerate(joined.patients, 1) for id_ in one.documents}
    doubted = {id_ for one in joined.conflicts for id_ in (one.document, *one.others)}
    documents = [held(one) if one.id in doubted else one for one in documents]
    report = check(Batch(TRIAL, Delivery(NOBODY), ()), pages, documents, hold_below)
    return {
        "documents": [
            document_view(document, numbers)
            | {
                "verdict": verdict.outcome,
                "reasons": list(verdict.reasons),
                "patient": patient_of.get(document.id),
            }
            for document, verdict in zip(documents, report.verdicts, strict=True)
        ],
        **_whose(joined, place),
    }


def _whose(joined: Patients, place: Mapping[str, int]) -> dict[str, Any]:
    """Patients and contradictions, without a value of theirs."""
    return {
        "patients": [
            {
                "documents": sorted(place[id_] for id_ in one.documents),
                "evidence": list(one.evidence),
                "confidence": one.confidence,
            }
            for one in joined.patients
        ],
        "conflicts": [
            asdict(one)
            | {"document": place[one.document], "others": [place[id_] for id_ in one.others]}
            for one in joined.conflicts
        ],
    }
