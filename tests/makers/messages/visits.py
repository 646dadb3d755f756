"""The visits that every message tells of: who came, why, what was found and prescribed."""

import datetime as dt
import random
from dataclasses import dataclass

from tests.makers.clinical import CONDITIONS, DRUGS, LAB_TESTS, Condition, Drug
from tests.makers.people import Clinic, Doctor, Patient, make_clinic, make_patient


@dataclass(frozen=True, slots=True)
class LabValue:
    """One result, as text, with its unit, range and flag (H, L or nothing)."""

    name: str
    value: str
    unit: str
    range: str
    flag: str


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit, numbered; `total` and `own` are its bill in won, 0 where none is exported."""

    number: int
    clinic: Clinic
    patient: Patient
    doctor: Doctor
    day: dt.date
    condition: Condition
    drugs: tuple[Drug, ...]
    results: tuple[LabValue, ...]
    total: int = 0
    own: int = 0


def make_visits(seed: int, count: int) -> tuple[Visit, ...]:
    """Return visits of one clinic on following days; every second one has laboratory results."""
    rng = random.Random(f"messages/{seed}")
    clinic = make_clinic(rng)
    day = dt.date(2014, 3, 3)
    patients = [make_patient(rng, day=day) for _ in range(max(1, count // 3))]
    made = []
    for number in range(count):
        condition = rng.choice(CONDITIONS)
        made.append(
            Visit(
                number=number,
                clinic=clinic,
                patient=patients[number % len(patients)],
                doctor=rng.choice(clinic.doctors),
                day=day + dt.timedelta(days=number % 3000),
                condition=condition,
                drugs=tuple(DRUGS[name] for name in condition.drugs if name in DRUGS),
                results=_results(rng) if number % 2 else (),
            )
        )
    return tuple(made)


def _results(rng: random.Random) -> tuple[LabValue, ...]:
    made = []
    for test in rng.sample(LAB_TESTS, 4):
        value = rng.uniform(test.low * 0.8, test.high * 1.2)
        flag = "H" if value > test.high else "L" if value < test.low else ""
        made.append(
            LabValue(
                test.name,
                f"{value:.{test.decimals}f}",
                test.unit,
                f"{test.low:g}-{test.high:g}",
                flag,
            )
        )
    return tuple(made)
