"""The visits that one side tells of: its documents of one patient, one day, one department."""

import functools
import sys
from array import array
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from typing import overload

from rapidfuzz.distance import Levenshtein

from classifiers.identity import Identity, identity_of
from classifiers.reconciling.drug_names import drugs_of
from classifiers.reconciling.persons import is_placeholder, one_person
from classifiers.reconciling.results import results_of
from records.values import Document

# Papers of no visit: of the person, of another house, of the stack itself.
_NO_VISIT = frozenset({
    "patient_register", "consent_form", "id_or_power_of_attorney", "questionnaire",
    "external_document", "cover_or_separator", "blank", "none", "payment_confirmation",
    "cost_estimate",
})  # fmt: skip
# What is written for a third party bears the day it was issued; days of care stand within it.
_ISSUED = frozenset({
    "diagnosis_certificate", "injury_certificate", "treatment_confirmation",
    "admission_confirmation", "outpatient_confirmation", "medical_opinion", "referral_letter",
    "referral_reply", "death_certificate", "surgery_confirmation", "birth_certificate",
    "stillbirth_certificate",
})  # fmt: skip
_DAYS = ("visit_date", "admission_date", "surgery_date", "exam_date", "issue_date",
         "report_date", "diagnosis_date")  # fmt: skip
_OWN = ("medical_record", "prescription")
_NAMING = ("patient_name", "resident_number", "chart_no")
AMOUNTS = ("total_amount", "patient_amount")
_TRUSTED = 0.5
_AT_HAND = 4_000  # visits that are kept made: those of a few days


@dataclass(frozen=True, slots=True)
class Visit:
    """Documents of one side, and what they say together of patient, day, place and care."""

    documents: tuple[Document, ...]
    person: Identity
    day: str
    departments: frozenset[str]
    doctors: frozenset[str]
    codes: frozenset[str]
    drugs: frozenset[str]
    amounts: frozenset[str]
    results: frozenset[str]

    @property
    def ids(self) -> tuple[str, ...]:
        """Its documents' ids."""
        return tuple(document.id for document in self.documents)


def told(document: Document, key: str) -> str:
    """A field's value as text, "" where it is absent or read with too much doubt."""
    field = document.fields.get(key)
    if field is None or (field.confidence or 0.0) < _TRUSTED:
        return ""
    return str(field.value)


def codes_of(document: Document) -> frozenset[str]:
    """The disease codes of a document."""
    field = document.fields.get("disease_codes")
    return frozenset(map(str, field.value if field and isinstance(field.value, list) else ()))


class Visits(Sequence[Visit]):
    """The visits of one side: of each the numbers of its documents; it is made when asked for."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._documents = documents
        self._members = array("I")
        self._ends = array("I", [0])
        self._days: list[str] = []
        self._rest: dict[int, array[int]] = {}
        self._visit = functools.lru_cache(maxsize=_AT_HAND)(self._made)

    @property
    def days(self) -> Sequence[str]:
        """The day of each visit."""
        return self._days

    def append(self, numbers: Iterable[int], day: str) -> None:
        """Add the visit of the documents with these numbers."""
        self._members.extend(numbers)
        self._ends.append(len(self._members))
        self._days.append(sys.intern(day))

    def part(self, place: int, ids: Container[str]) -> int:
        """Make a visit of its own of some documents of a visit; return its place."""
        numbers = self._numbers(place)
        apart = [number for number in numbers if self._documents[number].id in ids]
        self._rest[place] = array("I", (number for number in numbers if number not in apart))
        self._visit.cache_clear()
        self.append(apart, self._days[place])
        return len(self._days) - 1

    def __len__(self) -> int:
        return len(self._days)

    @overload
    def __getitem__(self, place: int) -> Visit: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Visit]: ...

    def __getitem__(self, place: int | slice) -> Visit | Sequence[Visit]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        if not 0 <= place < len(self):
            raise IndexError(place)
        return self._visit(place)

    def _made(self, place: int) -> Visit:
        numbers = self._numbers(place)
        return visit_of([self._documents[number] for number in numbers], self._days[place])

    def _numbers(self, place: int) -> Sequence[int]:
        whole = self._members[self._ends[place] : self._ends[place + 1]]
        return self._rest.get(place, whole)


def gather(documents: Sequence[Document], numbers: Iterable[int]) -> tuple[Visits, dict[str, str]]:
    """Return the visits of one side, in order, and the documents apart with their reason.

    `numbers`: places of the side's documents among all. One day's are in memory at a time.
    """
    days: dict[str, array[int]] = {}
    apart: dict[str, str] = {}
    for number in numbers:
        document = documents[number]
        if document.type in _NO_VISIT:
            apart[document.id] = "no_visit"
        elif not any(map(document.fields.get, _NAMING)):
            apart[document.id] = "no_patient"
        elif not (day := _day(document)):
            apart[document.id] = "no_day"
        else:
            days.setdefault(day, array("I")).append(number)
    visits = Visits(documents)
    for day, of_day in days.items():
        of_whom = [documents[number] for number in of_day]
        number_of = {one.id: number for one, number in zip(of_whom, of_day, strict=True)}
        for of_person in _persons(of_whom):
            for part in _places(of_person):
                visits.append((number_of[document.id] for document in part), day)
    return visits, apart


def _person(document: Document) -> Identity:
    return identity_of({key: [field] for key, field in document.fields.items()})


def _day(document: Document) -> str:
    keys = ("issue_date", *_DAYS) if document.type in _ISSUED else _DAYS
    return next((day for key in keys if (day := told(document, key))), "")


@dataclass(slots=True)
class _Group:
    """Documents that are of one patient, while a day's are being sorted."""

    documents: list[Document]
    person: Identity


def _persons(documents: Sequence[Document]) -> list[list[Document]]:
    """Documents of one day, by patient.

    First those that are surely of one patient, also by way of a third paper (the record has the
    bill's chart number and the prescription's birth date). Then what is perhaps of a patient joins
    the only such one whose codes, drugs or results it shares; the rest stays alone.
    """
    groups: list[_Group] = []
    for document in documents:
        new = _Group([document], _person(document))
        for group in _near(groups, new):
            if one_person(group.person, new.person).same:
                groups.remove(group)
                new = _Group(group.documents + new.documents, group.person.joined(new.person))
        groups.append(new)
    for alone in [group for group in groups if len(group.documents) == 1]:
        found = [(group, one_person(group.person, alone.person)) for group in _near(groups, alone)]
        perhaps = [(group, likeness) for group, likeness in found if likeness.same is not False]
        if len(perhaps) != 1 or perhaps[0][1].contradicted:
            continue
        group = perhaps[0][0]
        if _share_care(group.documents, alone.documents[0]):
            groups.remove(alone)
            group.documents += alone.documents
            group.person = group.person.joined(alone.person)
    order = {document.id: number for number, document in enumerate(documents)}
    for group in groups:
        group.documents.sort(key=lambda one: order[one.id])
    return [group.documents for group in sorted(groups, key=lambda g: order[g.documents[0].id])]


def _near(groups: Sequence[_Group], one: _Group) -> list[_Group]:
    return [group for group in groups if group is not one]


def _share_care(group: Sequence[Document], document: Document) -> bool:
    """Whether a code, a drug or a result of a document stands in the others too."""
    codes = frozenset().union(*map(codes_of, group))
    drugs = frozenset().union(*map(_drugs, group))
    results = frozenset().union(*map(_results, group))
    return bool(
        codes & codes_of(document) or drugs & _drugs(document) or results & _results(document)
    )


def _drugs(document: Document) -> frozenset[str]:
    return frozenset(drug.name for drug in drugs_of(document))


def _results(document: Document) -> frozenset[str]:
    return frozenset(f"{one.test}={one.value}" for one in results_of(document))


def _places(documents: Sequence[Document]) -> list[list[Document]]:
    """One patient's documents of one day, by department, else by doctor and what was treated.

    A document that tells neither goes to the only visit, else to the one whose codes or drugs it
    shares, else stays alone.
    """
    groups: list[list[Document]] = []
    silent = []
    for document in sorted(documents, key=lambda one: one.type not in _OWN[:1]):
        if not told(document, "department") and not told(document, "doctor"):
            silent.append(document)
            continue
        near = [group for group in groups if not _elsewhere(group, document)]
        by_doctor = [g for g in near if told(document, "doctor") in _all(g, "doctor")]
        if near:
            (by_doctor or near)[0].append(document)
        else:
            groups.append([document])
    whole = tuple(groups)
    for document in silent:
        fits = whole if len(whole) == 1 else [g for g in whole if _share_care(g, document)]
        if len(fits) == 1:
            fits[0].append(document)
        else:
            groups.append([document])
    if not whole:
        return [list(documents)]
    order = {document.id: number for number, document in enumerate(documents)}
    return [sorted(group, key=lambda one: order[one.id]) for group in groups]


def _elsewhere(group: Sequence[Document], document: Document) -> bool:
    """Whether a document is of another department, or of another doctor for another disease.

    Another doctor alone is none: results are signed by who read them, and names are misread. But a
    doctor who writes a record or a prescription beside another doctor's saw the patient anew.
    """
    departments, department = _all(group, "department"), told(document, "department")
    if departments and department:
        return department not in departments
    doctors, doctor = _all(group, "doctor"), told(document, "doctor")
    codes = frozenset().union(*map(codes_of, group))
    others = doctors and doctor and all(Levenshtein.distance(doctor, d) > 1 for d in doctors)
    apart = codes and codes_of(document) and not codes & codes_of(document)
    beside = document.type in _OWN and document.type in {one.type for one in group}
    return bool(others and (apart or beside))


def is_silent(visit: Visit) -> bool:
    """Whether a visit names neither department nor doctor: a bill, a sheet of results."""
    return not visit.departments and not visit.doctors


def visit_of(documents: Sequence[Document], day: str) -> Visit:
    """What documents of one patient and day say together."""
    person = _person(documents[0])
    for document in documents[1:]:
        person = person.joined(_person(document))
    return Visit(
        documents=tuple(documents),
        person=person,
        day=day,
        departments=_all(documents, "department"),
        doctors=_all(documents, "doctor"),
        codes=frozenset().union(*map(codes_of, documents)),
        drugs=frozenset().union(*map(_drugs, documents)),
        amounts=frozenset().union(*(_all(documents, key) for key in AMOUNTS)) - {"0"},
        results=frozenset().union(*map(_results, documents)),
    )


def _all(documents: Sequence[Document], key: str) -> frozenset[str]:
    return frozenset(value for one in documents if (value := told(one, key)))


def of_nobody_known(visit: Visit) -> bool:
    """Whether the visit is of a newborn or of somebody unidentified."""
    return is_placeholder(visit.person)
