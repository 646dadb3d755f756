"""A small EMR export: one row a record, Korean column names, in UTF-8 or CP949."""

import csv
import datetime as dt
import io
import random
from collections.abc import Sequence

from records.taxonomy import load_taxonomy
from tests.makers.case import make_case
from tests.makers.clinical import DRUGS
from tests.makers.documents.prescription import drug_facts
from tests.makers.parts import Part, seeded
from tests.makers.people import Clinic, Patient
from tests.makers.truth import RowTruth
from tests.makers.writing import dotted

_KINDS = (
    "medical_record",
    "prescription",
    "medical_record",
    "fee_receipt",
    "medical_record",
    "prescription",
)
_HEADER = (
    "서식",
    "환자명",
    "주민등록번호",
    "차트번호",
    "진료일",
    "상병코드",
    "상병명",
    "처방",
    "총진료비",
    "본인부담금",
    "의사명",
)


def make_rows(
    clinic: Clinic,
    patients: Sequence[Patient],
    seed: int,
    count: int,
    encoding: str,
    file: str,
    day: dt.date,
    part: Part = "tuning",
) -> tuple[bytes, tuple[RowTruth, ...]]:
    """Return the bytes of a CSV of `count` rows, one a day from `day`, and what is true of each."""
    rng = random.Random(seeded(part, f"rows/{seed}"))
    held = io.StringIO(newline="")
    writer = csv.writer(held, lineterminator="\r\n")
    writer.writerow(_HEADER)
    truths = []
    for index in range(count):
        kind = _KINDS[index % len(_KINDS)]
        patient = patients[index % len(patients)]
        visit = day + dt.timedelta(days=index)
        case = make_case(
            kind, f"{seed}/{index}", clinic=clinic, patient=patient, day=visit, part=part
        )
        drugs = [DRUGS[name] for name in case.condition.drugs] if kind != "fee_receipt" else []
        total = rng.randrange(120, 900) * 100 if kind == "fee_receipt" else None
        own = total * 3 // 10 // 100 * 100 if total else None
        writer.writerow(
            (
                load_taxonomy().name(kind),
                patient.name,
                patient.resident_number,
                patient.chart_no,
                f"{case.visit:%Y-%m-%d}",
                case.condition.code,
                case.condition.name,
                "; ".join(f"{d.name} {d.dose} x {d.times} x {d.days}일" for d in drugs),
                f"{total:,}" if total else "",
                f"{own:,}" if own else "",
                case.doctor.name,
            )
        )
        fields: dict[str, object] = {
            "patient_name": patient.name,
            "resident_number": patient.resident_number,
            "chart_no": patient.chart_no,
            "visit_date": case.visit.isoformat(),
            "disease_codes": [dotted(case.condition.code)],
            "diagnoses": [case.condition.name],
            "doctor": case.doctor.name,
        }
        if drugs:
            fields["drugs"] = [value for drug in drugs for _, value in drug_facts(drug)]
        if total and own:
            fields |= {"total_amount": total, "patient_amount": own}
        truths.append(RowTruth(file, index, kind, patient.name, fields))
    return held.getvalue().encode(encoding), tuple(truths)
