"""Whose documents a batch holds, joined to patients within it and to its institution's others.

The other batches' documents are found in the index by keyed hashes that hold the institution's
code, and opened from its own vault; nothing of another institution can be found. What leaves this
module are ids, codes and a patient's key, which is such a hash.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from classifiers.identity import Identity
from classifiers.patients import (
    Conflict,
    Patients,
    identity_of_document,
    join_patients,
)
from classifiers.reconciling.persons import is_placeholder
from pipeline.assembly import Workshop
from pipeline.documents import load_document
from pipeline.outcomes import Outcomes
from records.values import Document

_MOST_OF_ONE = 200  # documents of other batches that are compared for one patient
_KEY_DIGITS = 12


@dataclass(frozen=True, slots=True)
class PatientOfBatch:
    """One patient by key: documents of this batch, and of others (document id → batch)."""

    key: str
    documents: tuple[str, ...]
    elsewhere: Mapping[str, str]
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BatchPatients:
    """A batch's patients, the contradictions that hold documents, and how many name nobody."""

    patients: tuple[PatientOfBatch, ...]
    conflicts: tuple[Conflict, ...]
    nameless: int


def patients_of(workshop: Workshop, batch: str) -> BatchPatients:
    """Join a batch's documents to patients, as the institution's archive stands now."""
    outcomes = Outcomes(workshop.work(batch))
    documents = list(outcomes.documents.values())
    batch_of, joined = _joined(workshop, outcomes, documents)
    here = set(outcomes.documents)
    patients = [
        PatientOfBatch(
            _key(workshop, outcomes.work.vault.institution, patient.identity),
            tuple(id_ for id_ in patient.documents if id_ in here),
            {id_: batch_of[id_] for id_ in patient.documents if id_ not in here},
            patient.evidence,
        )
        for patient in joined.patients
        if not here.isdisjoint(patient.documents)
    ]
    named = sum(len(patient.documents) for patient in patients)
    return BatchPatients(tuple(patients), tuple(_of_batch(joined, here)), len(documents) - named)


def documents_in_doubt(workshop: Workshop, outcomes: Outcomes) -> set[str]:
    """Ids of documents whose patient is in question."""
    documents = (one for stack in outcomes.each_stack() for one in stack.documents)
    _, joined = _joined(workshop, outcomes, documents)
    doubted = {conflict.document for conflict in joined.conflicts}
    return doubted | {one for conflict in joined.conflicts for one in conflict.others}


def _joined(
    workshop: Workshop, outcomes: Outcomes, documents: Iterable[Document]
) -> tuple[dict[str, str], Patients]:
    work = outcomes.work
    identities = [(one.id, identity_of_document(one)) for one in documents]
    index, batch_of = workshop.archive.index, dict[str, str]()
    if index.is_there():
        for asked in _asked(identities):
            hits = index.search(institution=work.vault.institution, limit=_MOST_OF_ONE, **asked)
            batch_of |= {hit.document_id: hit.batch for hit in hits if hit.batch != work.batch.id}
    others = [
        (id_, identity_of_document(load_document(work.vault, id_).document))
        for id_ in sorted(batch_of, key=lambda id_: (batch_of[id_], id_))
        if work.vault.has("document", id_)
    ]
    return batch_of, join_patients([*others, *identities])


def _asked(identities: list[tuple[str, Identity]]) -> Iterator[dict[str, str]]:
    """What the index is asked: whole numbers, names with birth dates, chart numbers, each once."""
    asked: set[tuple[tuple[str, str], ...]] = set()
    for _, one in identities:
        if is_placeholder(one):
            continue
        if one.resident_number and "*" not in one.resident_number:
            asked.add((("resident_number", one.resident_number),))
        if one.name and one.birth_date:
            asked.add((("birth_date", one.birth_date), ("patient_name", one.name)))
        if one.chart_no:
            asked.add((("chart_no", one.chart_no),))
    return (dict(pairs) for pairs in sorted(asked))


def _of_batch(joined: Patients, here: set[str]) -> Iterator[Conflict]:
    """The contradictions that concern this batch's documents."""
    for conflict in joined.conflicts:
        if conflict.document in here or not here.isdisjoint(conflict.others):
            yield conflict


def _key(workshop: Workshop, institution: str, identity: Identity) -> str:
    """A patient's key: the keyed hash of the surest that is known of them."""
    number = identity.resident_number or ""
    if number and "*" not in number:
        field, value = "resident_number", number
    elif identity.name and identity.birth_date:
        field, value = "patient_name", f"{identity.name} {identity.birth_date}"
    else:
        field, value = "chart_no", identity.chart_no or identity.name or ""
    return workshop.archive.index.person_hash(institution, field, value)[:_KEY_DIGITS]
