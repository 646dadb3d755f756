"""Running records: the medical chart and the nursing record, one to three pages long."""

import datetime as dt

from tests.makers.case import Case
from tests.makers.clinical import CONDITIONS, DRUGS, Condition
from tests.makers.content import Column, Content, Facts, Fields, Item, Prose, Row, Table
from tests.makers.writing import dotted

_USAGES = {1: "qd", 2: "bid", 3: "tid"}


def medical_record(case: Case) -> Content:
    """진료기록부: the first visit in full, then the later ones, shorter."""
    visits = case.extent(2, 3, 6, 9, 13)
    days = [case.visit]
    for _ in range(visits - 1):
        days.append(days[-1] + dt.timedelta(days=case.rng.randrange(3, 15)))
    days = [day for day in days if day <= case.clinic.closed]
    title = case.label("진료기록부", "외래진료기록지", "외래 진료기록", "초진기록지")
    blocks = [
        Fields(
            (
                (case.chart(), case.name(), case.sex()),
                (case.number(), Item("연락처", case.patient.phone)),
                (case.address(),),
                (Item("보험구분", case.patient.insurance), case.doctor_item()),
            )
        )
    ]
    visits_made = [
        block
        for number, day in enumerate(days)
        for block in (_first(case, day) if number == 0 else _later(case, day))
    ]
    running = case.rng.choice(((), (case.chart(), case.name()), (case.name(), case.chart())))
    return Content(
        kind="medical_record",
        title=title,
        blocks=(*blocks, *visits_made),
        running=running,
        numbering=case.rng.choice(("{page}/{pages}", "- {page} -", "")),
        letterhead=case.letterhead,
        letterhead_facts=case.letterhead_facts,
    )


def _first(case: Case, day: dt.date) -> list[Fields | Prose]:
    found = case.condition
    return [
        Fields(
            (
                (
                    Item(
                        "진료일시",
                        f"{case.date(day)} {_clock(case)}",
                        (("visit_dates", day.isoformat()),),
                    ),
                    Item("구분", "초진", weight=0.6),
                ),
            )
        ),
        Prose((found.complaint,), label=case.label("C/C", "주증상", "C/C")),
        Prose((found.illness,), label=case.label("P/I", "현병력", "P/I"), room=2),
        Prose(
            (case.label("HTN(-) DM(-) Tb(-)", "HTN(+) DM(-) Op.Hx(-)", "n-s"),),
            label=case.label("PHx", "과거력"),
        ),
        Prose((found.exam,), label=case.label("P/E", "O")),
        Prose(
            (f"{case.code} {found.name}",),
            label=case.label("Imp", "Dx", "상병명", "A"),
            facts=case.diagnosis_facts,
        ),
        Prose((*_orders(case, found), found.opinion), label=case.label("Plan", "처방", "Rx")),
    ]


def _later(case: Case, day: dt.date) -> list[Fields | Prose]:
    found = case.condition
    if case.rng.random() < 0.25:
        found = case.rng.choice(CONDITIONS)
    course = case.rng.choice(
        (
            "증상 호전됨. 약물 부작용 없음.",
            "증상 비슷함. 약 복용 잘 하고 있음.",
            "통증 VAS 6 → 3 으로 감소함.",
            "s/s improved, repeat medication",
            "야간에 증상 심해져 내원함.",
        )
    )
    pressure = f"BP {case.rng.randrange(108, 148)}/{case.rng.randrange(64, 92)}"
    lines = (
        f"S) {course}",
        f"O) {pressure}, PR {case.rng.randrange(60, 96)}, BT {case.rng.uniform(36.2, 37.4):.1f}",
        f"A) {case.print_code(found.code)} {found.name}",
        *(f"P) {order}" for order in _orders(case, found)),
    )
    facts: Facts = (("disease_codes", dotted(found.code)), ("diagnoses", found.name))
    return [
        Fields(
            (
                (
                    Item(
                        "진료일시",
                        f"{case.date(day)} {_clock(case)}",
                        (("visit_dates", day.isoformat()),),
                    ),
                    Item("구분", "재진", weight=0.6),
                ),
            )
        ),
        Prose(lines, label="경과", facts=facts),
    ]


def _orders(case: Case, found: Condition) -> list[str]:
    orders = []
    for name in found.drugs:
        drug = DRUGS[name]
        orders.append(
            f"{drug.name} {drug.dose}T {_USAGES[drug.times]} pc x {drug.days}D"
            if drug.dose == "1"
            else f"{drug.name} {drug.dose} x {drug.times} x {drug.days}D"
        )
    if case.rng.random() < 0.4:
        orders.append(case.label("물리치료 시행 (표층열, TENS)", "lab f/u, CBC LFT", found.imaging))
    return orders


def _clock(case: Case) -> str:
    return f"{case.rng.randrange(9, 18):02d}:{case.rng.randrange(60):02d}"


def nursing_record(case: Case) -> Content:
    """간호기록부: vital signs, intake and output, notes by the hour."""
    stay = case.extent(2, 4, 6, 9)
    admitted = case.visit - dt.timedelta(days=stay)
    vitals, notes = [], []
    for day in (admitted + dt.timedelta(days=n) for n in range(stay + 1)):
        for hour in (6, 14, 22):
            when = f"{case.date(day)} {hour:02d}:00"
            vitals.append(
                Row(
                    (
                        when,
                        f"{case.rng.uniform(36.3, 38.2):.1f}",
                        str(case.rng.randrange(62, 98)),
                        str(case.rng.randrange(16, 23)),
                        f"{case.rng.randrange(104, 142)}/{case.rng.randrange(62, 90)}",
                        f"{case.rng.randrange(3, 9)}00",
                        f"{case.rng.randrange(3, 8)}50",
                    )
                )
            )
            notes.append(Row((when, case.rng.choice(_NOTES), case.rng.choice(case.clinic.nurses))))
    running = case.rng.choice(((), (case.chart(), case.name())))
    return Content(
        kind="nursing_record",
        title=case.label("간호기록부", "간호기록지", "간호 기록"),
        blocks=(
            Fields(
                (
                    (case.chart(), case.name(), case.sex()),
                    (
                        case.day("입원일", admitted, "admission_date"),
                        Item("병실", f"{case.rng.randrange(2, 6)}0{case.rng.randrange(1, 9)}호"),
                        case.doctor_item("주치의"),
                    ),
                    (Item("진단명", case.condition.name, (("diagnoses", case.condition.name),)),),
                )
            ),
            Table(
                (
                    Column("일시", 2, "centre"),
                    Column("체온(℃)", 0.9, "centre"),
                    Column("맥박", 0.8, "centre"),
                    Column("호흡", 0.8, "centre"),
                    Column("혈압", 1, "centre"),
                    Column("섭취량(mL)", 1.1, "centre"),
                    Column("배설량(mL)", 1.1, "centre"),
                ),
                tuple(vitals),
                heading="활력징후 및 섭취·배설",
                small=True,
            ),
            Table(
                (
                    Column("일시", 1.7, "centre"),
                    Column("투약·처치 및 간호내용", 4.2),
                    Column("간호사", 0.8, "centre"),
                ),
                tuple(notes),
                heading="간호내용",
            ),
        ),
        running=running,
        numbering=case.rng.choice(("{page}/{pages}", "- {page} -", "")),
        letterhead=case.letterhead,
        letterhead_facts=case.letterhead_facts,
    )


_NOTES = (
    "V/S check함. 침상 안정 중임.",
    "수액 주입 중이며 주사 부위 발적 없음.",
    "통증 호소하여 처방된 진통제 IM 투여함.",
    "수면 중임. 특이 호소 없음.",
    "상처 부위 dressing 시행함. 삼출물 없음.",
    "의사 회진함. 식이 진행 설명함.",
    "발열 있어 미온수 마사지 시행하고 재측정함.",
    "보행 운동 격려함. 낙상 예방 교육함.",
    "항생제 정맥주사 투여함. 이상 반응 없음.",
    "배뇨 양호함. 오심, 구토 없음.",
)
