"""What tests, images and operations left on paper."""

import datetime as dt

from tests.makers.case import Case
from tests.makers.clinical import LAB_TESTS, LabTest
from tests.makers.content import Closing, Column, Content, Fields, Item, Prose, Row, Table


def lab_result(case: Case) -> Content:
    """검사결과지: values with units, ranges and H or L where they leave the range."""
    count = case.extent(9, 16, 24, len(LAB_TESTS))
    chosen = sorted(case.rng.sample(range(len(LAB_TESTS)), count))
    reported = case.visit + dt.timedelta(days=case.rng.randrange(3))
    marks = case.rng.choice((("H", "L"), ("▲", "▼")))
    return Content(
        kind="lab_result",
        title=case.label("검사결과지", "검사 결과 보고서", "임상병리 검사결과", "진단검사 결과지"),
        blocks=(
            Fields(
                (
                    (case.name(), case.chart(), case.sex()),
                    (case.birth(), Item("검체", case.label("Serum", "EDTA 전혈", "혈액"))),
                    (
                        case.day("채취일시", case.visit, "exam_date"),
                        case.day("보고일", reported, "report_date"),
                        case.doctor_item("의뢰의"),
                    ),
                )
            ),
            Table(
                (
                    Column("검사분류", 1),
                    Column("검사명", 1.7),
                    Column("결과", 0.9, "right"),
                    Column("판정", 0.6, "centre"),
                    Column("단위", 1),
                    Column("참고치", 1.2, "centre"),
                ),
                tuple(_lab_row(case, LAB_TESTS[n], marks) for n in chosen),
            ),
            Prose(
                (case.label("이상 수치는 재검을 권합니다.", "검사 소견 참고 바랍니다."),),
                "검사소견",
            ),
            Closing(
                "",
                "",
                ((case.institution("검사기관"), Item("검사자", case.clinic.nurses[0])),),
            ),
        ),
        running=case.rng.choice(((), (case.name(), case.chart()))),
        numbering=case.rng.choice(("{page}/{pages}", "- {page} -", "")),
        letterhead=case.letterhead,
        letterhead_facts=case.letterhead_facts,
    )


def _lab_row(case: Case, test: LabTest, marks: tuple[str, str]) -> Row:
    span = test.high - test.low
    draw = case.rng.random()
    value = test.low + span * case.rng.uniform(0.05, 0.95)
    if draw > 0.84:
        value = test.high + span * case.rng.uniform(0.05, 0.6)
    elif draw > 0.74 and test.low > 0:
        value = test.low * case.rng.uniform(0.6, 0.95)
    printed = f"{value:.{test.decimals}f}"
    number = float(printed)
    flag = "H" if number > test.high else "L" if number < test.low else ""
    mark = {"H": marks[0], "L": marks[1], "": ""}[flag]
    limits = f"{test.low:.{test.decimals}f}-{test.high:.{test.decimals}f}"
    fact = {
        "name": test.name,
        "value": printed,
        "unit": test.unit,
        "range": limits,
        "flag": flag,
    }
    return Row((test.panel, test.name, printed, mark, test.unit, limits), (("lab_rows", fact),))


def imaging_report(case: Case) -> Content:
    """영상판독소견서."""
    read = case.visit + dt.timedelta(days=case.rng.randrange(2))
    return Content(
        kind="imaging_report",
        title=case.label("영상판독소견서", "방사선 판독소견서", "영상의학 판독보고서"),
        blocks=(
            Fields(
                (
                    (case.name(), case.chart(), case.sex()),
                    (case.birth(), Item("검사명", case.condition.imaging)),
                    (
                        case.day("촬영일", case.visit, "exam_date"),
                        case.day("판독일", read, "report_date"),
                        case.doctor_item("의뢰의사"),
                    ),
                )
            ),
            Prose((case.condition.complaint,), label=case.label("임상소견", "Clinical Info")),
            Prose((case.condition.finding,), label=case.label("Finding", "판독소견"), room=8),
            Prose(
                (f"R/O {case.condition.name}", "Clinical correlation is recommended."),
                label=case.label("Impression", "Conclusion", "결론"),
                room=4,
            ),
            Closing(
                "",
                "",
                ((case.signature("판독의"),), (case.institution(),)),
            ),
        ),
        letterhead=case.letterhead,
        letterhead_facts=case.letterhead_facts,
        sealed=True,
    )


def surgery_record(case: Case) -> Content:
    """수술기록지."""
    english = case.rng.random() < 0.5
    labels = (
        (
            "Op. date",
            "Op. name",
            "Pre-op Dx",
            "Post-op Dx",
            "Operator",
            "Anesthesia",
            "EBL",
            "Finding & Procedure",
            "Specimen",
        )
        if english
        else (
            "수술일",
            "수술명",
            "수술 전 진단명",
            "수술 후 진단명",
            "집도의",
            "마취방법",
            "출혈량",
            "수술 소견 및 과정",
            "검체",
        )
    )
    begin = case.rng.randrange(9, 15)
    return Content(
        kind="surgery_record",
        title=case.label("수술기록지", "수술기록", "Operation Record"),
        blocks=(
            Fields(
                (
                    (case.chart(), case.name(), case.sex()),
                    (case.number(), Item("병동/진료과", case.doctor.department)),
                    (
                        case.day(labels[0], case.visit, "surgery_date"),
                        Item("수술시간", f"{begin:02d}:10 ~ {begin + 1:02d}:25"),
                    ),
                    (Item(labels[1], case.condition.surgery),),
                    (Item(labels[2], case.condition.name, (("diagnoses", case.condition.name),)),),
                    (Item(labels[3], case.condition.name, (("diagnoses", case.condition.name),)),),
                    (
                        case.doctor_item(labels[4]),
                        Item(labels[5], case.label("Local", "국소마취", "Spinal")),
                        Item(labels[6], case.label("minimal", "20 mL", "50 mL")),
                    ),
                )
            ),
            Prose(_PROCEDURE[: case.rng.randrange(5, 8)], label=labels[7], room=14),
            Prose((case.label("조직검사 의뢰함.", "없음."),), label=labels[8]),
            Closing(
                "",
                case.date(case.visit),
                ((Item("기록자", f"{case.doctor.name} {case.seal()}"), case.institution()),),
            ),
        ),
        letterhead=case.letterhead,
        letterhead_facts=case.letterhead_facts,
        sealed=True,
    )


_PROCEDURE = (
    "1. 환자를 앙와위로 눕히고 수술 부위를 베타딘으로 소독한 후 소독포를 덮음.",
    "2. 1 % lidocaine을 수술 부위에 주사하여 마취를 확인함.",
    "3. 피부 절개 후 피하조직을 박리하고 출혈 부위는 전기소작으로 지혈함.",
    "4. 병변을 주위 조직과 분리하여 적출하고 생리식염수로 세척함.",
    "5. 4-0 nylon으로 피부를 단순 봉합하고 압박 드레싱 시행함.",
    "6. 수술 중 활력징후는 안정적이었으며 특이 합병증 없었음.",
    "7. 거즈와 기구의 수가 맞음을 확인하고 수술을 마침.",
)
