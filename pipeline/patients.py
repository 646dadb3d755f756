"""Whose documents a batch holds, joined to patients within it and to its institution's others.

The other batches' documents are found in the index by keyed hashes that hold the institution's
code, and opened from its own vault; nothing of another institution can be found. What leaves this
module are ids, codes and a patient's key, which is such a hash.
"""

import itertools
from array import array
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

import numpy as np

from classifiers.identity import Identity
from classifiers.identity_table import IdentityTable
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
from records.id_set import IdSet
from records.values import Document

_MOST_OF_ONE = 200  # documents of other batches that are compared for one patient
_KEY_DIGITS = 12


@dataclass(frozen=True, slots=True)
class PatientOfBatch:
    """One patient by key: documents of this batch, and of others (document id → batch).

    `confidence`: how sure the least sure of the joins is; None where nothing was joined.
    """

    key: str
    documents: tuple[str, ...]
    elsewhere: Mapping[str, str]
    evidence: tuple[str, ...]
    confidence: float | None = None


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
    batch_of, table = _identities(workshop, outcomes)
    joined = [join_patients(group) for group in table.groups()]
    patients = [
        PatientOfBatch(
            _key(workshop, outcomes.work.vault.institution, patient.identity),
            tuple(id_ for id_ in patient.documents if id_ in here),
            {id_: batch_of[id_] for id_ in patient.documents if id_ not in here},
            patient.evidence,
            patient.confidence,
        )
        for one in joined
        for patient in one.patients
        if not here.isdisjoint(patient.documents)
    ]
    named = sum(len(patient.documents) for patient in patients)
    conflicts = tuple(conflict for one in joined for conflict in _of_batch(one, here))
    return BatchPatients(tuple(patients), conflicts, len(here) - named)


def with_conflicts(
    workshop: Workshop, outcomes: Outcomes
) -> Iterator[tuple[str, tuple[Document, ...]]]:
    """A batch's documents, stack by stack; those whose patient is in question say so.

    All are looked through before the first is returned: what is kept of them are identities, and
    then the ids of those in question.
    """
    doubted = IdSet(_doubted(workshop, outcomes))
    for stack in outcomes.each_stack():
        yield stack.id, tuple(held(d) if d.id in doubted else d for d in stack.documents)


def _doubted(workshop: Workshop, outcomes: Outcomes) -> Iterator[str]:
    _, table = _identities(workshop, outcomes)
    for group in table.groups():
        for conflict in join_patients(group).conflicts if len(group) > 1 else ():
            yield conflict.document
            yield from conflict.others


def _identities(workshop: Workshop, outcomes: Outcomes) -> tuple[dict[str, str], IdentityTable]:
    """Documents of other batches that may be of the same patients → batch; those, then ours."""
    work, index = outcomes.work, workshop.archive.index
    ours = IdentityTable()
    for document in outcomes.each_document():
        ours.add(document.id, identity_of_document(document))
    batch_of = dict[str, str]()
    for asked in _asked(ours) if index.is_there() else ():
        hits = index.search(institution=work.vault.institution, limit=_MOST_OF_ONE, **asked)
        batch_of |= {hit.document_id: hit.batch for hit in hits if hit.batch != work.batch.id}
    if not batch_of:
        return batch_of, ours
    table = IdentityTable()
    for id_ in sorted(batch_of, key=lambda id_: (batch_of[id_], id_)):
        if work.vault.has("document", id_):
            table.add(id_, identity_of_document(load_document(work.vault, id_).document))
    for id_, identity in ours.each():
        table.add(id_, identity)
    return batch_of, table


def _asked(table: IdentityTable) -> Iterator[dict[str, str]]:
    """What the index is asked: whole numbers, names with birth dates, chart numbers, each once."""
    told = array("q", (hash((*one.items(),)) for one in _questions(table)))
    first = np.zeros(len(told), dtype=bool)
    first[np.unique(told, return_index=True)[1]] = True
    return itertools.compress(_questions(table), first)


def _questions(table: IdentityTable) -> Iterator[dict[str, str]]:
    for _, one in table.each():
        if is_placeholder(one):
            continue
        if one.resident_number and "*" not in one.resident_number:
            yield {"resident_number": one.resident_number}
        if one.name and one.birth_date:
            yield {"birth_date": one.birth_date, "patient_name": one.name}
        if one.chart_no:
            yield {"chart_no": one.chart_no}


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
