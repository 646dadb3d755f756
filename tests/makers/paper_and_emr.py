"""One clinic's visits on paper and in its EMR: some on one side only, some told differently.

Papers say what their forms say (a prescription has no chart number, a receipt no resident number
and no code); the EMR is the makers' rows and messages. What was made to differ is kept as truth.
"""

import csv
import datetime as dt
import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from records.taxonomy import load_taxonomy
from tests.makers.clinical import CONDITIONS, DRUGS, Drug
from tests.makers.messages.visits import LabValue, Visit, make_visits
from tests.makers.people import Clinic, Patient, make_clinic, make_patient
from tests.makers.writing import dotted

HEADER = ("서식", "환자명", "주민등록번호", "차트번호", "진료일", "진료과", "상병코드", "처방",
          "총진료비", "본인부담금", "의사명")  # fmt: skip
_FIRST = dt.date(2017, 1, 2)
_GAPS = (1, 2, 3, 5, 7, 7, 14, 28, 30, 30, 31, 60, 91, 180)
_ONLY_PAPER, _ONLY_EMR = 0.08, 0.08
_CONFLICTS = ("drug_dose", "date", "total_amount", "name")
_SEEDED = 0.03
_BABIES = 0.01
_VOWELS, _FINALS = 21, 28


@dataclass(frozen=True, slots=True)
class Paper:
    """One sheet: its visit, its kind, and the fields as its form has them."""

    visit: int
    kind: str
    fields: dict[str, object]


@dataclass(frozen=True, slots=True)
class Seen:
    """One visit, with its bill, on which sides it is, and what its papers tell differently."""

    visit: Visit
    total: int
    own: int
    on_paper: bool
    in_emr: bool
    differs: frozenset[str]
    newborn: bool


@dataclass(frozen=True, slots=True)
class PaperAndEmr:
    """A clinic's visits and the papers of them."""

    seen: tuple[Seen, ...]
    papers: tuple[Paper, ...]


def make_paper_and_emr(seed: int, count: int) -> PaperAndEmr:
    """Return about `count` visits, of patients who come again and again, with their papers."""
    rng = random.Random(f"both sides/{seed}")
    seen = tuple(_seen(rng, visit) for visit in _visits(rng, seed, count))
    papers = [sheet for one in seen if one.on_paper for sheet in _papers(rng, one)]
    rng.shuffle(papers)
    return PaperAndEmr(seen, tuple(papers))


def emr_rows(seen: Sequence[Seen]) -> tuple[bytes, tuple[int, ...]]:
    """The EMR as a table in CP949: three rows a visit; and each row's visit."""
    held = io.StringIO(newline="")
    writer = csv.writer(held, lineterminator="\r\n")
    writer.writerow(HEADER)
    numbers = []
    for one in seen:
        if not one.in_emr:
            continue
        visit, name = one.visit, load_taxonomy().name
        drugs = "; ".join(f"{d.name} {d.dose} x {d.times} x {d.days}일" for d in visit.drugs)
        who = (visit.patient.name, visit.patient.resident_number, visit.patient.chart_no,
               f"{visit.day:%Y%m%d}", visit.doctor.department)  # fmt: skip
        code = visit.condition.code.replace(".", "")
        writer.writerow((name("medical_record"), *who, code, "", "", "", visit.doctor.name))
        writer.writerow((name("prescription"), *who, code, drugs, "", "", visit.doctor.name))
        writer.writerow((name("fee_receipt"), *who, "", "", f"{one.total:,}", f"{one.own:,}", ""))
        numbers += [visit.number] * 3
    return held.getvalue().encode("cp949"), tuple(numbers)


def _visits(rng: random.Random, seed: int, count: int) -> Iterator[Visit]:
    clinic = make_clinic(rng)
    template = make_visits(seed, 1)[0]
    number = 0
    while number < count:
        patient, gap = _patient(rng), rng.choice(_GAPS)
        day = _FIRST + dt.timedelta(days=rng.randrange(2000))
        condition = rng.choice(CONDITIONS)
        for _ in range(min(rng.choice((1, 1, 2, 3, 4, 6, 9)), count - number)):
            doctors = rng.sample(clinic.doctors, 2 if rng.random() < 0.015 else 1)
            for doctor in doctors:
                if rng.random() < 0.3 or doctor is not doctors[0]:
                    condition = rng.choice(CONDITIONS)
                yield replace(
                    template,
                    number=number,
                    clinic=clinic,
                    patient=patient,
                    doctor=doctor,
                    day=day,
                    condition=condition,
                    drugs=tuple(DRUGS[name] for name in condition.drugs),
                    results=_results(rng) if rng.random() < 0.2 else (),
                )
                number += 1
            day += dt.timedelta(days=gap if rng.random() < 0.6 else rng.choice(_GAPS))


def _patient(rng: random.Random) -> Patient:
    patient = make_patient(rng, day=_FIRST)
    if rng.random() >= _BABIES:
        return patient
    born = _FIRST + dt.timedelta(days=rng.randrange(40))
    number = f"{born:%y%m%d}-{'3' if patient.sex == 'M' else '4'}000000"
    return replace(patient, name=f"{patient.name}아기", resident_number=number, birth=born)


def _results(rng: random.Random) -> tuple[LabValue, ...]:
    return make_visits(rng.randrange(10**6), 2)[1].results


def _seen(rng: random.Random, visit: Visit) -> Seen:
    side, total = rng.random(), rng.randrange(90, 900) * 100
    both = side >= _ONLY_PAPER + _ONLY_EMR
    newborn = visit.patient.name.endswith("아기")
    differs = {what for what in _CONFLICTS if both and rng.random() < _SEEDED}
    if not visit.drugs:
        differs -= {"drug_dose"}
    own = total * 3 // 10 // 100 * 100
    return Seen(
        visit=replace(visit, total=total, own=own),
        total=total,
        own=own,
        on_paper=both or side < _ONLY_PAPER,
        in_emr=both or side >= _ONLY_PAPER,
        differs=frozenset() if newborn else frozenset(differs),
        newborn=newborn,
    )


def _papers(rng: random.Random, seen: Seen) -> Iterator[Paper]:
    """A record always; a prescription and a receipt nearly always, surely where they differ."""
    visit, patient, clinic = seen.visit, seen.visit.patient, seen.visit.clinic
    day = _wrong_day(rng, visit.day) if "date" in seen.differs else visit.day
    name = patient.name
    wrong = _misspelled(rng, name) if "name" in seen.differs else name
    misnamed = rng.choice(("all", "medical_record"))
    chart = patient.chart_no.lstrip("0") if rng.random() < 0.1 else patient.chart_no

    def sheet(kind: str, **fields: object) -> Paper:
        written = wrong if misnamed in {"all", kind} else name
        return Paper(visit.number, kind, {"patient_name": written, **_of(clinic), **fields})

    code, doctor = {"disease_codes": [dotted(visit.condition.code)]}, visit.doctor.name
    yield sheet("medical_record", chart_no=chart, birth_date=patient.birth.isoformat(),
                sex=patient.sex, visit_date=day.isoformat(), doctor=doctor, **code)  # fmt: skip
    if visit.drugs and ("drug_dose" in seen.differs or rng.random() < 0.85):
        masked = rng.random() < 0.15
        number = f"{patient.resident_number[:8]}******" if masked else patient.resident_number
        rows = [_row(drug) for drug in visit.drugs]
        if "drug_dose" in seen.differs:
            changed = rng.choice(rows)
            changed["dose"] = f"{float(str(changed['dose'])) * rng.choice((0.5, 2)):g}"
        yield sheet("prescription", resident_number=number, birth_date=patient.birth.isoformat(),
                    sex=patient.sex, issue_date=day.isoformat(), doctor=doctor, drugs=rows,
                    **code)  # fmt: skip
    if "total_amount" in seen.differs or rng.random() < 0.85:
        more = rng.choice((-1000, 100, 500, 9000)) if "total_amount" in seen.differs else 0
        yield sheet("fee_receipt", chart_no=chart, visit_date=day.isoformat(),
                    total_amount=seen.total + more, patient_amount=seen.own)  # fmt: skip
    if visit.results and rng.random() < 0.8:
        who = {"chart_no": chart} if rng.random() < 0.85 else {}
        rows = [{"name": r.name, "value": r.value, "unit": r.unit, "range": r.range,
                 "flag": r.flag} for r in visit.results]  # fmt: skip
        yield sheet("lab_result", exam_date=day.isoformat(), lab_rows=rows, **who)


def _of(clinic: Clinic) -> dict[str, object]:
    return {"institution_name": clinic.name}


def _row(drug: Drug) -> dict[str, object]:
    name = drug.name.replace("밀리그램", "mg") if drug.times == 2 else drug.name
    return {"name": name, "dose": drug.dose, "times": drug.times, "days": drug.days}


def _wrong_day(rng: random.Random, day: dt.date) -> dt.date:
    """A day or two off, mostly; else a month off, or day and month the wrong way round."""
    chance = rng.random()
    if chance < 0.1 and day.day <= 12 and day.day != day.month:
        return day.replace(month=day.day, day=day.month)
    if chance < 0.2 and day.day <= 28 and day.month < 9:
        return day.replace(month=day.month + 1)
    return day + dt.timedelta(days=rng.choice((-2, -1, 1, 2)))


def _misspelled(rng: random.Random, name: str) -> str:
    """One syllable with another vowel or another final consonant, not the surname's."""
    place = rng.randrange(1, len(name))
    initial, rest = divmod(ord(name[place]) - 0xAC00, _VOWELS * _FINALS)
    vowel, final = divmod(rest, _FINALS)
    if rng.random() < 0.5:
        vowel = (vowel + rng.randrange(1, _VOWELS)) % _VOWELS
    else:
        final = (final + rng.randrange(1, _FINALS)) % _FINALS
    letter = chr(0xAC00 + (initial * _VOWELS + vowel) * _FINALS + final)
    return name[:place] + letter + name[place + 1 :]
