"""One visit of one patient: what all content makers draw from."""

import datetime as dt
import random
from dataclasses import dataclass

from tests.makers.clinical import ADMISSIONS, CONDITIONS, INJURIES, OPERATIONS, Condition
from tests.makers.content import Facts, Item
from tests.makers.parts import Part, seeded
from tests.makers.people import Clinic, Doctor, Patient, make_clinic, make_patient
from tests.makers.writing import DateForm, choose_date_form, dotted, long_date

_CONDITIONS = {
    "injury_certificate": INJURIES,
    "surgery_record": OPERATIONS,
    "surgery_confirmation": OPERATIONS,
    "consent_form": OPERATIONS,
    "nursing_record": ADMISSIONS,
    "admission_confirmation": ADMISSIONS,
}


@dataclass(frozen=True, slots=True)
class Case:
    """A visit with everything a document about it may print.

    Its methods give labelled items whose facts are already normalised.
    """

    rng: random.Random
    clinic: Clinic
    patient: Patient
    doctor: Doctor
    condition: Condition
    visit: dt.date
    issue: dt.date
    date: DateForm
    pointed: bool  # disease codes are printed with their point
    name_label: str
    chart_label: str
    long: bool = False  # running records fill several pages
    part: Part = "tuning"

    @property
    def code(self) -> str:
        """The disease code as this document prints it."""
        return self.print_code(self.condition.code)

    def print_code(self, code: str) -> str:
        """A disease code as this document prints it."""
        return code if self.pointed else code.replace(".", "")

    @property
    def code_facts(self) -> Facts:
        """The condition's code."""
        return (("disease_codes", dotted(self.condition.code)),)

    @property
    def diagnosis_facts(self) -> Facts:
        """The condition's code and name."""
        return (*self.code_facts, ("diagnoses", self.condition.name))

    def extent(self, *counts: int) -> int:
        """How many visits, days or lines a running record has; the last ones are long."""
        return self.rng.choice(counts[-1:] if self.long else counts)

    def label(self, *names: str) -> str:
        """One of several labels in use for the same thing."""
        return self.rng.choice(names)

    def name(self, label: str = "", weight: float = 1.0) -> Item:
        """The patient's name."""
        return Item(
            label or self.name_label,
            self.patient.name,
            (("patient_name", self.patient.name),),
            weight,
        )

    def number(self, label: str = "주민등록번호", weight: float = 1.0) -> Item:
        """The patient's resident number."""
        number = self.patient.resident_number
        return Item(label, number, (("resident_number", number),), weight)

    def birth(self, weight: float = 1.0) -> Item:
        """The patient's birth date."""
        day = self.patient.birth
        return Item("생년월일", self.date(day), (("birth_date", day.isoformat()),), weight)

    def sex(self, weight: float = 1.0) -> Item:
        """The patient's sex, with the age or without it."""
        sex, age = self.patient.sex, self.patient.age(self.visit)
        korean = "남" if sex == "M" else "여"
        label, value = self.rng.choice(
            (("성별", korean), ("성별/나이", f"{korean}/{age}"), ("성별/연령", f"{sex}/{age}세"))
        )
        return Item(label, value, (("sex", sex),), weight)

    def chart(self, label: str = "", weight: float = 1.0) -> Item:
        """The chart number."""
        return Item(
            label or self.chart_label,
            self.patient.chart_no,
            (("chart_no", self.patient.chart_no),),
            weight,
        )

    def address(self, label: str = "주소") -> Item:
        """The patient's address."""
        return Item(label, self.patient.address)

    def day(self, label: str, day: dt.date, key: str = "", weight: float = 1.0) -> Item:
        """A labelled date; `key` is its field, if it is one."""
        facts: Facts = ((key, day.isoformat()),) if key else ()
        return Item(label, self.date(day), facts, weight)

    def institution(self, label: str = "", weight: float = 1.0) -> Item:
        """The institution's name."""
        label = label or self.label("의료기관 명칭", "요양기관명", "의료기관명")
        return Item(label, self.clinic.name, (("institution_name", self.clinic.name),), weight)

    def institution_code(self, weight: float = 1.0) -> Item:
        """The institution's eight digits."""
        label = self.label("요양기관기호", "요양기관번호")
        return Item(label, self.clinic.code, (("institution_code", self.clinic.code),), weight)

    def seal(self) -> str:
        """What stands where the seal goes."""
        return self.label("(인)", "(서명 또는 인)", "(서명 또는 날인)")

    def signers(self) -> tuple[tuple[Item, ...], ...]:
        """Institution, address, licence and doctor, as certificates end."""
        return (
            (self.institution(),),
            (Item("주소", self.clinic.address),),
            (
                Item(
                    self.label("면허번호", "의사 면허번호"),
                    f"제 {self.doctor.licence_no} 호",
                    (("licence_no", self.doctor.licence_no),),
                ),
                self.signature(),
            ),
        )

    def signature(self, label: str = "") -> Item:
        """The doctor's name with the place of the seal."""
        label = label or self.label("의사 성명", "담당의사", "성명")
        return Item(label, f"{self.doctor.name} {self.seal()}", (("doctor", self.doctor.name),))

    def doctor_item(self, label: str = "", weight: float = 1.0) -> Item:
        """The doctor's name alone."""
        label = label or self.label("담당의", "진료의사", "담당의사")
        return Item(label, self.doctor.name, (("doctor", self.doctor.name),), weight)

    @property
    def issued(self) -> str:
        """The issue date in words."""
        return long_date(self.issue)

    @property
    def issue_facts(self) -> Facts:
        """The issue date."""
        return (("issue_date", self.issue.isoformat()),)

    @property
    def letterhead(self) -> str:
        """Name, telephone and fax in one line."""
        return f"{self.clinic.name}   TEL {self.clinic.phone}   FAX {self.clinic.fax}"

    @property
    def letterhead_facts(self) -> Facts:
        """The institution's name."""
        return (("institution_name", self.clinic.name),)


def make_case(
    kind: str,
    seed: int | str,
    *,
    clinic: Clinic | None = None,
    patient: Patient | None = None,
    day: dt.date | None = None,
    long: bool = False,
    part: Part = "tuning",
) -> Case:
    """Return a case that fits a kind of document; clinic, patient and day are used if given."""
    rng = random.Random(seeded(part, f"{kind}/{seed}"))
    clinic = clinic or make_clinic(rng)
    if day is None:
        first = max(clinic.opened, dt.date(2013, 1, 7))
        day = first + dt.timedelta(days=rng.randrange((clinic.closed - first).days - 60))
    issue = day + dt.timedelta(days=rng.choice((0, 0, 1, 3, 8, 20)))
    return Case(
        rng=rng,
        clinic=clinic,
        patient=patient or make_patient(rng, day=day),
        doctor=rng.choice(clinic.doctors),
        condition=rng.choice(_CONDITIONS.get(kind, CONDITIONS)),
        visit=day,
        issue=issue,
        date=choose_date_form(rng),
        pointed=rng.random() < 0.7,
        name_label=rng.choice(("성명", "환자성명", "성 명", "환자명")),
        chart_label=rng.choice(("차트번호", "등록번호", "병록번호", "환자등록번호")),
        long=long,
        part=part,
    )
