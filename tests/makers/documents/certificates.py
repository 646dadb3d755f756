"""Certificates: diagnosis, injury, opinion, referral, death."""

import datetime as dt

from tests.makers.case import Case
from tests.makers.clinical import CONDITIONS
from tests.makers.content import Closing, Content, Facts, Fields, Item, Prose, Row, Table
from tests.makers.content import Column as Col
from tests.makers.writing import dotted


def diagnosis_certificate(case: Case) -> Content:
    """진단서: 별지 제5호의2서식."""
    onset = case.visit - dt.timedelta(days=case.rng.randrange(1, 12))
    kind = case.rng.choice(("[ ] 임상적 추정   [√] 최종 진단", "[√] 임상적 추정   [ ] 최종 진단"))
    return Content(
        kind="diagnosis_certificate",
        title="진단서",
        form_line="■ 의료법 시행규칙 [별지 제5호의2서식]",
        stamp=case.rng.choice(("원부대조필 인", "")),
        blocks=(
            Fields(((case.chart("등록번호"), _serial(case)),)),
            Fields(
                (
                    (case.name("환자의 성명"), case.number()),
                    (case.sex(), case.birth()),
                    (case.address("환자의 주소"),),
                )
            ),
            _diseases(case),
            Fields(
                (
                    (Item("진단 구분", kind),),
                    (
                        case.day("발병 연월일", onset),
                        case.day("진단 연월일", case.visit, "diagnosis_date"),
                    ),
                )
            ),
            Prose(
                (case.condition.illness, case.condition.opinion),
                label="치료 내용 및 향후 치료에 대한 소견",
                room=7,
            ),
            Fields(
                (
                    (Item("입원·퇴원 연월일", "해당 없음"),),
                    (Item("용도", case.label("보험회사 제출용", "직장 제출용", "학교 제출용")),),
                    (Item("비고", "이하 여백"),),
                )
            ),
            Closing(
                "「의료법」 제17조 및 같은 법 시행규칙 제9조제1항에 따라 위와 같이 진단합니다.",
                case.issued,
                case.signers(),
                case.issue_facts,
            ),
        ),
        foot=("210mm×297mm[백상지 80g/㎡]",),
        letterhead=case.letterhead,
        letterhead_facts=case.letterhead_facts,
        sealed=True,
        airy=True,
    )


def injury_certificate(case: Case) -> Content:
    """상해진단서: 별지 제5호의3서식."""
    weeks = case.rng.randrange(2, 7)
    accident = case.visit - dt.timedelta(days=case.rng.randrange(3))
    return Content(
        kind="injury_certificate",
        title="상해진단서",
        form_line="■ 의료법 시행규칙 [별지 제5호의3서식]",
        blocks=(
            Fields(
                (
                    (case.chart("등록번호"), _serial(case)),
                    (case.name("환자의 성명"), case.number()),
                    (case.address("환자의 주소"),),
                )
            ),
            _diseases(case),
            Fields(
                (
                    (
                        case.day("상해 연월일", accident),
                        case.day("진단 연월일", case.visit, "diagnosis_date"),
                    ),
                )
            ),
            Prose(
                (
                    case.rng.choice(
                        ("미끄러져 넘어짐 (환자 진술에 의함)", "본인 부주의 (환자 진술)")
                    ),
                ),
                label="상해의 원인 또는 추정되는 원인",
                room=2,
            ),
            Prose((case.condition.illness,), label="상해의 부위와 정도", room=3),
            Fields(
                (
                    (Item("입원 여부", "[ ] 필요  [√] 불필요"), Item("외과적 수술 여부", "없음")),
                    (
                        Item("통상활동 가능 여부", "일부 제한"),
                        Item("식사 가능 여부", "가능"),
                    ),
                    (
                        Item("합병증 발생 가능 여부", "경과 관찰 필요"),
                        Item("치료기간", f"상해일로부터 {weeks}주간"),
                    ),
                )
            ),
            Prose((case.condition.opinion,), label="상해에 대한 소견", room=4),
            Closing(
                "「의료법」 제17조 및 같은 법 시행규칙 제9조제2항에 따라 위와 같이 진단합니다.",
                case.issued,
                case.signers(),
                case.issue_facts,
            ),
        ),
        foot=("210mm×297mm[백상지 80g/㎡]",),
        letterhead=case.letterhead,
        letterhead_facts=case.letterhead_facts,
        sealed=True,
        airy=True,
    )


def medical_opinion(case: Case) -> Content:
    """소견서."""
    return Content(
        kind="medical_opinion",
        title="소견서",
        blocks=(
            Fields(
                (
                    (case.chart(), _serial(case)),
                    (case.name(), case.number()),
                    (case.sex(), case.day("진료일", case.visit, "visit_date")),
                    (case.address(),),
                    (
                        Item("상병명", case.condition.name, (("diagnoses", case.condition.name),)),
                        Item("상병코드", case.code, case.code_facts, 0.6),
                    ),
                )
            ),
            Prose(
                (case.condition.illness, case.condition.exam, case.condition.opinion),
                label="소견",
                room=12,
            ),
            Fields(((Item("용도", case.label("제출용", "보험회사 제출용")), Item("비고", "")),)),
            Closing("위의 소견을 제출함.", case.issued, case.signers(), case.issue_facts),
        ),
        letterhead=case.letterhead,
        letterhead_facts=case.letterhead_facts,
        sealed=True,
        airy=True,
    )


def referral_letter(case: Case) -> Content:
    """진료의뢰서: 요양급여 기준 규칙 별지 제4호서식."""
    start = case.visit - dt.timedelta(days=case.rng.randrange(5, 60))
    return Content(
        kind="referral_letter",
        title=case.label("요양급여의뢰서", "진료의뢰서"),
        form_line="[별지 제4호서식]",
        blocks=(
            Fields(
                (
                    (case.name("환자 성명"), case.number()),
                    (case.sex(), case.chart()),
                    (case.address(),),
                    (
                        Item("보험 구분", case.patient.insurance),
                        Item("전화번호", case.patient.phone),
                    ),
                )
            ),
            Fields(
                (
                    (
                        Item("상병명", case.condition.name, (("diagnoses", case.condition.name),)),
                        Item("상병분류기호", case.code, case.code_facts, 0.7),
                    ),
                    (
                        Item("진료기간", f"{case.date(start)} 부터 {case.date(case.visit)} 까지"),
                        Item("진료구분", "[√] 외래  [ ] 입원", weight=0.7),
                    ),
                )
            ),
            Prose(
                (case.condition.illness, case.condition.exam),
                label="환자상태 및 진료소견",
                room=8,
            ),
            Prose(("정밀 검사 및 전문적 치료를 위하여 의뢰합니다.",), label="의뢰사유", room=3),
            Closing(
                "위 환자를 의뢰하오니 귀하의 고진선처를 바랍니다.",
                case.issued,
                (
                    (case.institution("의뢰기관 명칭"), case.institution_code()),
                    (Item("소재지", case.clinic.address),),
                    (Item("전화번호", case.clinic.phone), Item("팩스", case.clinic.fax)),
                    (
                        Item(
                            "면허번호",
                            f"제 {case.doctor.licence_no} 호",
                            (("licence_no", case.doctor.licence_no),),
                        ),
                        case.signature("의뢰의사"),
                    ),
                ),
                case.issue_facts,
                addressee="의뢰받는 요양기관의 장 귀하",
            ),
        ),
        letterhead=case.letterhead,
        letterhead_facts=case.letterhead_facts,
        sealed=True,
        airy=True,
    )


def death_certificate(case: Case) -> Content:
    """사망진단서(시체검안서): 별지 제6호서식."""
    causes = (
        ("(가) 직접 사인", "심폐정지"),
        ("(나) (가)의 원인", case.label("급성 호흡부전", "패혈증", "급성 심부전")),
        ("(다) (나)의 원인", case.label("폐렴", "만성 신장병", "허혈성 심장질환")),
        ("(라) (다)의 원인", ""),
    )
    hour, minute = case.rng.randrange(1, 24), case.rng.randrange(60)
    return Content(
        kind="death_certificate",
        title="사망진단서(시체검안서)",
        form_line="■ 의료법 시행규칙 [별지 제6호서식]",
        blocks=(
            Fields(
                (
                    (case.chart("등록번호"), _serial(case)),
                    (case.name("① 성명"), case.sex()),
                    (case.number("② 주민등록번호"), case.birth()),
                    (Item("③ 직업", case.label("무직", "자영업", "농업", "회사원")),),
                    (Item("④ 등록기준지", case.patient.address),),
                    (Item("⑤ 주소", case.patient.address),),
                    (
                        Item("⑥ 발병 일시", "미상"),
                        Item("⑦ 사망 일시", f"{case.date(case.visit)} {hour:02d}시 {minute:02d}분"),
                    ),
                    (Item("⑧ 사망 장소", case.label("의료기관", "주택")),),
                )
            ),
            Table(
                (Col("⑨ 사망의 원인", 1.2), Col("사인", 2.2), Col("발병부터 사망까지의 기간", 1.3)),
                tuple(
                    Row(
                        (
                            place,
                            cause,
                            case.label("수일", "수주", "수개월", "미상") if cause else "",
                        ),
                        (("death_causes", cause),) if cause else (),
                    )
                    for place, cause in causes
                ),
            ),
            Fields(
                (
                    (Item("⑩ 사망의 종류", "[√] 병사   [ ] 외인사   [ ] 기타 및 불상"),),
                    (Item("⑪ 외인사 사항", "해당 없음"),),
                )
            ),
            Closing(
                "「의료법」 제17조 및 같은 법 시행규칙 제10조에 따라 위와 같이 진단(검안)합니다.",
                case.issued,
                case.signers(),
                case.issue_facts,
            ),
        ),
        foot=("※ 사망신고는 1개월 이내에 관할 구청·시청 또는 읍·면·동사무소에 신고하여야 합니다.",),
        letterhead=case.letterhead,
        letterhead_facts=case.letterhead_facts,
        sealed=True,
        airy=True,
    )


def _serial(case: Case) -> Item:
    return Item("연번호", f"{case.issue.year}-{case.rng.randrange(1, 900):04d}")


def _diseases(case: Case) -> Table:
    rows = [Row(("주상병", case.condition.name, case.code), case.diagnosis_facts)]
    if case.rng.random() < 0.5:
        other = case.rng.choice([c for c in CONDITIONS if c.code != case.condition.code])
        facts: Facts = (("disease_codes", dotted(other.code)), ("diagnoses", other.name))
        rows.append(Row(("부상병", other.name, case.print_code(other.code)), facts))
    return Table(
        (Col("구분", 0.6, "centre"), Col("병명", 3), Col("질병분류기호", 1, "centre")), tuple(rows)
    )
