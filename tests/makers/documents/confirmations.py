"""Confirmations: treatment, admission, out-patient visits, surgery. Two share one template."""

import datetime as dt

from tests.makers.case import Case
from tests.makers.content import Closing, Content, Fields, Item, Prose


def treatment_confirmation(case: Case) -> Content:
    """진료확인서."""
    return _visits(case, "treatment_confirmation", "진료확인서", "진료")


def outpatient_confirmation(case: Case) -> Content:
    """통원확인서."""
    return _visits(case, "outpatient_confirmation", "통원확인서", "통원")


def _visits(case: Case, kind: str, title: str, verb: str) -> Content:
    days = sorted(
        {case.visit - dt.timedelta(days=n) for n in case.rng.sample(range(1, 40), 4)} | {case.visit}
    )
    sentence = case.label(
        f"상기인은 위와 같이 {verb}하였음을 확인함.", f"상기인은 위와 같이 {verb}중임을 확인함."
    )
    return Content(
        kind=kind,
        title=title,
        stamp=case.rng.choice(("원부대조필 인", "", "")),
        blocks=(
            Fields(
                (
                    (case.chart(), Item("연번호", f"{case.issue.year}-{case.rng.randrange(900)}")),
                    (case.name(), case.number()),
                    (case.sex(), Item("연락처", case.patient.phone)),
                    (case.address(),),
                )
            ),
            Fields(
                (
                    (
                        Item("상병명", case.condition.name, (("diagnoses", case.condition.name),)),
                        Item("상병코드", case.code, case.code_facts, 0.6),
                    ),
                    (
                        Item(
                            "치료기간",
                            f"외래: {case.date(days[0])} 부터 {case.date(days[-1])} 까지"
                            f" (치료 {(days[-1] - days[0]).days + 1}일간)",
                        ),
                    ),
                    (Item("실통원일수", f"{len(days)}일"), Item("진료과", case.doctor.department)),
                )
            ),
            Prose(
                (", ".join(case.date(day) for day in days),),
                label=f"{verb}일자",
                facts=tuple(("visit_dates", day.isoformat()) for day in days),
                room=4,
            ),
            Fields(
                ((Item("용도", case.label("보험회사 제출용", "학교 제출용")), Item("비고", "")),)
            ),
            Closing(sentence, case.issued, case.signers(), case.issue_facts),
        ),
        letterhead=case.letterhead,
        letterhead_facts=case.letterhead_facts,
        sealed=True,
        airy=True,
    )


def admission_confirmation(case: Case) -> Content:
    """입퇴원확인서."""
    stay = case.rng.randrange(2, 13)
    admitted = case.visit - dt.timedelta(days=stay)
    return Content(
        kind="admission_confirmation",
        title=case.label("입퇴원확인서", "입·퇴원확인서", "입원확인서"),
        blocks=(
            Fields(
                (
                    (case.chart(), Item("연번호", f"{case.issue.year}-{case.rng.randrange(900)}")),
                    (case.name(), case.number()),
                    (case.sex(), case.birth()),
                    (case.address(),),
                )
            ),
            Fields(
                (
                    (
                        Item("병명", case.condition.name, (("diagnoses", case.condition.name),)),
                        Item("질병분류기호", case.code, case.code_facts, 0.7),
                    ),
                    (
                        case.day("입원일", admitted, "admission_date"),
                        case.day("퇴원일", case.visit, "discharge_date"),
                    ),
                    (
                        Item("입원기간", f"{stay + 1}일간"),
                        Item("호실", f"{case.rng.randrange(2, 6)}0{case.rng.randrange(1, 9)}호"),
                    ),
                    (Item("진료과", case.doctor.department), Item("용도", "보험회사 제출용")),
                )
            ),
            Prose((case.condition.opinion,), label="비고", room=5),
            Closing(
                case.label(
                    "상기 환자는 위와 같이 입원하였음을 확인함.",
                    "위 사람은 위 기간 동안 본원에 입원하였다가 퇴원하였음을 증명함.",
                ),
                case.issued,
                case.signers(),
                case.issue_facts,
            ),
        ),
        letterhead=case.letterhead,
        letterhead_facts=case.letterhead_facts,
        sealed=True,
        airy=True,
    )


def surgery_confirmation(case: Case) -> Content:
    """수술확인서."""
    return Content(
        kind="surgery_confirmation",
        title=case.label("수술확인서", "수술사실확인서", "수술증명서"),
        blocks=(
            Fields(
                (
                    (case.chart(), Item("연번호", f"{case.issue.year}-{case.rng.randrange(900)}")),
                    (case.name(), case.number()),
                    (case.sex(), case.birth()),
                    (case.address(),),
                )
            ),
            Fields(
                (
                    (
                        Item("병명", case.condition.name, (("diagnoses", case.condition.name),)),
                        Item("질병분류기호", case.code, case.code_facts, 0.7),
                    ),
                    (
                        case.day("수술일자", case.visit, "surgery_date"),
                        Item("수술명", case.condition.surgery),
                    ),
                    (Item("진료과", case.doctor.department), Item("용도", "보험회사 제출용")),
                )
            ),
            Prose((case.condition.opinion,), label="비고", room=5),
            Closing(
                case.label(
                    "상기 환자는 위와 같이 수술하였음을 확인함.",
                    "위 사람은 본원에서 위와 같이 수술받았음을 확인합니다.",
                ),
                case.issued,
                case.signers(),
                case.issue_facts,
            ),
        ),
        letterhead=case.letterhead,
        letterhead_facts=case.letterhead_facts,
        sealed=True,
        airy=True,
    )
