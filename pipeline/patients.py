"""Whose documents a batch holds, joined to patients within it and to its institution's others.

The other batches' documents are found in the index by keyed hashes that hold the institution's
code, and opened from its own vault; nothing of another institution can be found. What leaves this
module are ids, codes and a patient's key, which is such a hash.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

from classifiers.identity import Identity
from classifiers.patients import (
    Conflict,
    Patients,
    held,
    identity_of_document,
    join_patients,
)
from classifiers.reconciling.persons import is_placeholder
from pipeline.assembly import Workshop
from pipeline.documents import load_document
from pipeline.outcomes import Outcomes
from records.codec import encode
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
    here = outcomes.stack_of.keys()
    batch_of, joined = _joined(workshop, outcomes)
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
    return BatchPatients(tuple(patients), tuple(_of_batch(joined, here)), len(here) - named)


def with_conflicts(
    workshop: Workshop, outcomes: Outcomes
) -> Iterator[tuple[str, tuple[Document, ...]]]:
    """A batch's documents, stack by stack; those whose patient is in question say so.

    All are looked through before the first is returned: what is kept of them are identities.
    """
    _, joined = _joined(workshop, outcomes)
    doubted = {conflict.document for conflict in joined.conflicts}
    doubted |= {one for conflict in joined.conflicts for one in conflict.others}
    del joined
    for stack in outcomes.each_stack():
        yield stack.id, tuple(held(d) if d.id in doubted else d for d in stack.documents)


def _joined(workshop: Workshop, outcomes: Outcomes) -> tuple[dict[str, str], Patients]:
    work = outcomes.work
    once: dict[bytes, Identity] = {}
    identities = [
        (document.id, once.setdefault(encode(identity), identity))
        for stack in outcomes.each_stack()
        for document in stack.documents
        for identity in (identity_of_document(document),)
    ]
    index, batch_of = workshop.archive.index, dict[str, str]()
    if index.is_there():
        for asked in _asked(once.values()):
            hits = index.search(institution=work.vault.institution, limit=_MOST_OF_ONE, **asked)
            batch_of |= {hit.document_id: hit.batch for hit in hits if hit.batch != work.batch.id}
    del once
    others = [
        (id_, identity_of_document(load_document(work.vault, id_).document))
        for id_ in sorted(batch_of, key=lambda id_: (batch_of[id_], id_))
        if work.vault.has("document", id_)
    ]
    return batch_of, join_patients([*others, *identities])


def _asked(identities: Iterable[Identity]) -> Iterator[dict[str, str]]:
    """What the index is asked: whole numbers, names with birth dates, chart numbers, each once."""
    asked: set[tuple[tuple[str, str], ...]] = set()
    for one in identities:
        if is_placeholder(one):
            continue
        if one.resident_number and "*" not in one.resident_number:
            asked.add((("resident_number", one.resident_number),))
        if one.name and one.birth_date:
            asked.add((("birth_date", one.birth_date), ("patient_name", one.name)))
        if one.chart_no:
            asked.add((("chart_no", one.chart_no),))
    return (dict(pairs) for pairs in sorted(asked))


def _of_batch(joined: Patients, here: Set[str]) -> Iterator[Conflict]:
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
