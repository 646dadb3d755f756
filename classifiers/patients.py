"""Documents joined to patients by evidence; what contradicts itself is named and not joined.

Two documents are of one patient where the resident number agrees; or name and birth date; or the
chart number (`reconciling/persons.py`). Who calls decides whose documents are compared: those of
one institution, never of two.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from classifiers.identity import Identity, identity_of
from classifiers.reconciling.persons import Likeness, keys_of, one_person
from records.codec import encode
from records.values import Document

CONFLICT = "patient.conflict"
_STRONG = frozenset({"patient.resident_number", "patient.chart_no", "patient.name_birth"})


@dataclass(frozen=True, slots=True)
class Patient:
    """Documents of one patient, by id, what joins them, and who it is as far as they say.

    `confidence`: of the least sure join (`Likeness`); None of a document that is joined to none.
    """

    documents: tuple[str, ...]
    evidence: tuple[str, ...]
    identity: Identity
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """A document that shares something with others' patient and contradicts it."""

    document: str
    others: tuple[str, ...]
    shares: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Patients:
    """Every document that names somebody is in one patient; conflicting ones stand alone."""

    patients: tuple[Patient, ...]
    conflicts: tuple[Conflict, ...]


def identity_of_document(document: Document) -> Identity:
    """What a document says of its patient."""
    return identity_of({key: (field,) for key, field in document.fields.items()})


def join_patients(documents: Sequence[tuple[str, Identity]]) -> Patients:
    """Join documents, given by id and identity, in their order."""
    alike = _Likenesses()
    groups: dict[int, Patient] = {}
    conflicts: list[Conflict] = []
    by_key: dict[tuple[str, str], set[int]] = {}
    for number, (document, identity) in enumerate(documents):
        keys = tuple(keys_of(identity))
        if not keys:
            continue
        near = sorted({place for key in keys for place in by_key.get(key, ()) if place in groups})
        mine = Patient((document,), (), alike.kept(identity))
        found, against = _joined(mine, [groups[place] for place in near], alike)
        conflicts += against
        if found is not None:
            for place in near:
                if not set(groups[place].documents).isdisjoint(found.documents):
                    del groups[place]
        groups[number] = found or mine
        gone = [place for place in near if place not in groups]
        for key in (*keys, *keys_of(groups[number].identity)):
            places = by_key.setdefault(key, set())
            places.difference_update(gone)
            places.add(number)
    return Patients(tuple(groups.values()), tuple(conflicts))


class _Likenesses:
    """Likenesses of identities, each told once: a patient's documents mostly say the same."""

    def __init__(self) -> None:
        self._same: dict[bytes, Identity] = {}
        self._told: dict[tuple[int, int], Likeness] = {}

    def of(self, ours: Identity, theirs: Identity) -> Likeness:
        """Compare two identities that `kept` gave."""
        pair = id(ours), id(theirs)
        if pair not in self._told:
            self._told[pair] = one_person(ours, theirs)
        return self._told[pair]

    def kept(self, identity: Identity) -> Identity:
        """The one object of all equal identities, kept as long as this is."""
        return self._same.setdefault(encode(identity), identity)


def _joined(
    mine: Patient, near: Sequence[Patient], alike: _Likenesses
) -> tuple[Patient | None, list[Conflict]]:
    """The patient that a document makes with others; none where anything contradicts it."""
    found, against = mine, list(_against(mine, near, alike))
    if against:
        return None, against
    for patient in near:
        likeness = alike.of(found.identity, patient.identity)
        if not likeness.same:
            continue
        if likeness.contradicted:
            return None, [Conflict(mine.documents[0], patient.documents, likeness.evidence)]
        found = Patient(
            (*patient.documents, *found.documents),
            tuple(dict.fromkeys((*patient.evidence, *found.evidence, *likeness.evidence))),
            alike.kept(patient.identity.joined(found.identity)),
            min(one.confidence for one in (likeness, patient, found) if one.confidence is not None),
        )
    return (None if found is mine else found), []


def _against(mine: Patient, near: Sequence[Patient], alike: _Likenesses) -> Iterator[Conflict]:
    for patient in near:
        likeness = alike.of(mine.identity, patient.identity)
        shares = tuple(code for code in likeness.evidence if code in _STRONG)
        if shares and (likeness.contradicted or not likeness.same):
            yield Conflict(mine.documents[0], patient.documents, shares)


def held(document: Document) -> Document:
    """A document whose patient is in question, with the evidence that holds it."""
    return replace(document, evidence=(*document.evidence, CONFLICT))
