"""The visits that one side tells of: its documents of one patient, one day, one department."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from classifiers.identity import Identity, identity_of
from classifiers.reconciling.drug_names import drugs_of
from classifiers.reconciling.persons import is_placeholder, keys_of, one_person
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
_NAMING = ("patient_name", "resident_number", "chart_no")
AMOUNTS = ("total_amount", "patient_amount")
_TRUSTED = 0.5


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


def gather(documents: Iterable[Document]) -> tuple[list[Visit], dict[str, str]]:
    """Return the visits of one side, in order, and the documents apart with their reason."""
    days: dict[str, list[Document]] = defaultdict(list)
    apart: dict[str, str] = {}
    for document in documents:
        if document.type in _NO_VISIT:
            apart[document.id] = "no_visit"
        elif not any(map(document.fields.get, _NAMING)):
            apart[document.id] = "no_patient"
        elif not (day := _day(document)):
            apart[document.id] = "no_day"
        else:
            days[day].append(document)
    visits = []
    for day, of_day in days.items():
        for of_person in _persons(of_day):
            visits += [_visit(part, day) for part in _departments(of_person)]
    return visits, apart


def _person(document: Document) -> Identity:
    return identity_of({key: [field] for key, field in document.fields.items()})


def _day(document: Document) -> str:
    keys = ("issue_date", *_DAYS) if document.type in _ISSUED else _DAYS
    return next((day for key in keys if (day := told(document, key))), "")


def _persons(documents: Sequence[Document]) -> list[list[Document]]:
    """Documents of one day, by patient; those that tell most of their patient come first.

    A document that may be of two patients, or is only perhaps of one, stays alone.
    """
    groups: list[list[Document]] = []
    people: list[Identity] = []
    by_key: dict[tuple[str, str], list[int]] = defaultdict(list)
    for document in sorted(documents, key=lambda one: -sum(1 for _ in keys_of(_person(one)))):
        person = _person(document)
        near = {place for key in keys_of(person) for place in by_key[key]}
        found = {place: one_person(people[place], person) for place in near}
        fits = [place for place, likeness in found.items() if likeness.same]
        perhaps = [place for place, likeness in found.items() if likeness.same is None]
        if not fits and len(perhaps) == 1 and not found[perhaps[0]].contradicted:
            fits = [place for place in perhaps if _share_care(groups[place], document)]
        if len(fits) == 1:
            (place,) = fits
            groups[place].append(document)
            people[place] = people[place].joined(person)
        else:
            place = len(groups)
            groups.append([document])
            people.append(person)
        for key in keys_of(person):
            by_key[key].append(place)
    order = {document.id: number for number, document in enumerate(documents)}
    for group in groups:
        group.sort(key=lambda one: order[one.id])
    return sorted(groups, key=lambda group: order[group[0].id])


def _share_care(group: Sequence[Document], document: Document) -> bool:
    """Whether a code or a drug of a document stands in the others too."""
    codes = frozenset().union(*map(codes_of, group))
    drugs = {drug.name for one in group for drug in drugs_of(one)}
    return bool(codes & codes_of(document) or drugs & {drug.name for drug in drugs_of(document)})


def _departments(documents: Sequence[Document]) -> list[Sequence[Document]]:
    """One patient's documents of one day, by department where that is told.

    What tells none goes to the only department, else to the one whose doctor it names, else alone.
    """
    parts: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        parts[told(document, "department")].append(document)
    if len(parts) - ("" in parts) < 2:
        return [documents]
    for document in parts.pop("", []):
        doctor = told(document, "doctor")
        of_doctor = [
            name for name, others in parts.items()
            if name and doctor and doctor in {told(one, "doctor") for one in others}
        ]  # fmt: skip
        parts[of_doctor[0] if len(of_doctor) == 1 else ""].append(document)
    return list(parts.values())


def _visit(documents: Sequence[Document], day: str) -> Visit:
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
        drugs=frozenset(drug.name for one in documents for drug in drugs_of(one)),
        amounts=frozenset().union(*(_all(documents, key) for key in AMOUNTS)) - {"0"},
    )


def _all(documents: Sequence[Document], key: str) -> frozenset[str]:
    return frozenset(value for one in documents if (value := told(one, key)))


def by_person(visits: Sequence[Visit]) -> Mapping[tuple[str, str], list[int]]:
    """Places of visits by what their patient can be looked up by."""
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, visit in enumerate(visits):
        for key in keys_of(visit.person):
            places[key].append(place)
    return places


def of_nobody_known(visit: Visit) -> bool:
    """Whether the visit is of a newborn or of somebody unidentified."""
    return is_placeholder(visit.person)
