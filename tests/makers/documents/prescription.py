"""처방전: 의료법 시행규칙 별지 제9호서식."""

from tests.makers.case import Case
from tests.makers.clinical import DRUGS, Drug
from tests.makers.content import Closing, Column, Content, Facts, Fields, Item, Prose, Row, Table


def drug_facts(drug: Drug) -> Facts:
    """A drug line as a fact: name, dose as printed, times a day, days."""
    value = {"name": drug.name, "dose": drug.dose, "times": drug.times, "days": drug.days}
    return (("drugs", value),)


def prescription(case: Case) -> Content:
    """처방전."""
    chosen = [DRUGS[name] for name in case.condition.drugs]
    extra = [drug for drug in DRUGS.values() if drug not in chosen]
    chosen += case.rng.sample(extra, case.rng.randrange(3))
    coded = case.rng.random() < 0.6
    insurance = "  ".join(
        f"[{'√' if case.patient.insurance.startswith(name) else ' '}] {name}"
        for name in ("건강보험", "의료급여", "산재보험", "자동차보험", "기타")
    )
    number = f"{case.visit:%Y%m%d}-{case.rng.randrange(1, 400):05d}"
    return Content(
        kind="prescription",
        title="처방전",
        form_line="■ 의료법 시행규칙 [별지 제9호서식]",
        blocks=(
            Fields(
                (
                    (Item("보험구분", insurance),),
                    (
                        case.institution_code(),
                        Item("교부번호", number),
                    ),
                    (case.name("환자 성명"), case.number()),
                    (case.institution("의료기관 명칭"), Item("전화번호", case.clinic.phone)),
                    (
                        Item("질병분류기호", case.code, case.code_facts),
                        Item("팩스번호", case.clinic.fax),
                    ),
                    (
                        case.signature("처방 의료인의 성명"),
                        Item(
                            "면허번호",
                            f"의사 제 {case.doctor.licence_no} 호",
                            (("licence_no", case.doctor.licence_no),),
                        ),
                    ),
                )
            ),
            Table(
                (
                    Column("처방 의약품의 명칭", 3.4),
                    Column("1회 투약량", 0.8, "centre"),
                    Column("1일 투여횟수", 0.8, "centre"),
                    Column("총 투약일수", 0.8, "centre"),
                    Column("용법", 1.3, "centre"),
                ),
                tuple(
                    Row(
                        (
                            f"[{drug.code}] {drug.name}" if coded else drug.name,
                            drug.dose,
                            str(drug.times),
                            str(drug.days),
                            drug.usage,
                        ),
                        drug_facts(drug),
                    )
                    for drug in chosen
                )
                + (Row(("이하 여백", "", "", "", "")),) * (case.rng.random() < 0.7),
            ),
            Fields(
                (
                    (Item("사용기간", "교부일로부터 ( 3 )일간"), Item("조제 시 참고사항", "")),
                    (Item("본인부담 구분기호", ""), Item("대체조제 불가", "[ ]")),
                )
            ),
            Prose(("사용기간 내에 약국에 제출하여야 합니다.",), room=1, small=True),
            Closing("", case.date(case.visit), ((case.institution("발급 기관"),),), _issued(case)),
        ),
        foot=(case.label("(환자보관용)", "(약국제출용)"),),
        letterhead=case.letterhead,
        letterhead_facts=case.letterhead_facts,
        sealed=True,
        airy=True,
    )


def _issued(case: Case) -> Facts:
    return (("issue_date", case.visit.isoformat()),)
