"""What lies between the records: consent, proxy papers, brochures, covers."""

from tests.makers.case import Case
from tests.makers.content import Closing, Content, Fields, Item, Prose


def consent_form(case: Case) -> Content:
    """수술·시술 동의서."""
    return Content(
        kind="consent_form",
        airy=True,
        title=case.label("수술동의서", "시술동의서", "수술·마취 동의서"),
        blocks=(
            Fields(
                (
                    (case.chart(), case.name(), case.sex()),
                    (
                        Item("진단명", case.condition.name, (("diagnoses", case.condition.name),)),
                        Item("수술명", case.condition.surgery),
                    ),
                    (case.doctor_item("설명의사"), case.day("설명일", case.visit)),
                )
            ),
            Prose(
                ("수술의 목적은 병변의 제거와 증상의 호전입니다.",), label="목적 및 필요성", room=3
            ),
            Prose(
                (
                    "출혈, 감염, 상처 벌어짐, 흉터, 마취와 관련된 합병증이 생길 수 있습니다.",
                    "예상하지 못한 상황에서는 수술 방법이 바뀔 수 있습니다.",
                ),
                label="발생 가능한 합병증",
                room=5,
            ),
            Prose(
                ("약물치료 또는 경과 관찰을 선택할 수 있습니다.",), label="다른 치료 방법", room=3
            ),
            Closing(
                "본인은 위 사항에 대하여 충분한 설명을 들었으며 수술에 동의합니다.",
                case.issued,
                (
                    (Item("환자", f"{case.patient.name} (서명)"),),
                    (Item("보호자", "(서명)   환자와의 관계: 배우자"),),
                ),
            ),
        ),
        letterhead=case.letterhead,
        letterhead_facts=case.letterhead_facts,
    )


def id_or_power_of_attorney(case: Case) -> Content:
    """진료기록 열람 및 사본발급 위임장: 의료법 시행규칙 별지 제9호의3서식."""
    return Content(
        kind="id_or_power_of_attorney",
        airy=True,
        title="진료기록 열람 및 사본발급 위임장",
        form_line="■ 의료법 시행규칙 [별지 제9호의3서식]",
        blocks=(
            Fields(
                (
                    (
                        Item("성명", case.label("나누리", "다솜이", "한가람")),
                        Item("위임인과의 관계", "자녀"),
                    ),
                    (Item("주소", case.patient.address),),
                ),
                heading="수임인",
            ),
            Fields(
                (
                    (case.name("성명"), case.birth()),
                    (Item("전화번호", case.patient.phone),),
                    (case.address(),),
                ),
                heading="위임인",
            ),
            Prose(("진료기록부 사본, 검사결과지 사본",), label="위임하는 사항", room=4),
            Closing(
                "위임인은 위 수임인에게 진료기록의 열람 및 사본발급에 관한 권한을 위임합니다.",
                case.issued,
                ((Item("위임인", f"{case.patient.name} (서명)"),),),
                addressee=f"{case.clinic.name}장 귀하",
            ),
        ),
    )


def external_document(case: Case) -> Content:
    """A paper of another institution: an incoming reply letter."""
    sender = case.label("한누리종합병원", "미리내병원", "큰솔대학교병원")
    return Content(
        kind="external_document",
        title=case.label("진료 회신서", "협진 회신서"),
        blocks=(
            Fields(
                (
                    (Item("수신", f"{case.clinic.name} {case.doctor.name} 선생님"),),
                    (case.name("환자 성명"), case.birth()),
                    (
                        Item("진단명", case.condition.name, (("diagnoses", case.condition.name),)),
                        case.day("내원일", case.visit),
                    ),
                )
            ),
            Prose(
                (
                    "의뢰하여 주신 환자의 진료 결과를 회신드립니다.",
                    case.condition.finding,
                    case.condition.opinion,
                ),
                label="회신 내용",
                room=8,
            ),
            Closing("", case.issued, ((Item("회신 기관", f"{sender} (직인생략)"),),)),
        ),
        letterhead=f"{sender} 진료협력센터",
    )


def brochure(case: Case) -> Content:
    """A leaflet that belongs to nobody: none of the kinds."""
    title, lines = case.rng.choice(_LEAFLETS)
    return Content(
        kind="none",
        airy=True,
        title=title,
        blocks=tuple(Prose((text,), label=label, room=3) for label, text in lines),
        foot=("건강한 생활을 위하여 자유롭게 가져가세요.",),
    )


def cover(case: Case) -> Content:
    """A box's cover sheet."""
    first = case.rng.randrange(1, 800)
    return Content(
        kind="cover_or_separator",
        title="차트 보관 표지",
        blocks=(
            Fields(
                (
                    (Item("상자번호", f"{case.rng.randrange(1, 60):03d}"),),
                    (Item("차트번호 범위", f"{first:06d} ~ {first + 99:06d}"),),
                    (Item("보관기관", case.clinic.name),),
                )
            ),
        ),
    )


_LEAFLETS = (
    (
        "독감 예방접종 안내",
        (
            ("접종 시기", "10월부터 11월까지 접종하시는 것이 좋습니다."),
            ("대상", "어르신, 어린이, 임신부와 만성질환이 있는 분께 권합니다."),
            ("주의 사항", "열이 있는 날은 접종을 미루고 접종 후 20분간 머물러 주세요."),
        ),
    ),
    (
        "허리를 지키는 생활 수칙",
        (
            ("바른 자세", "의자에 깊숙이 앉고 한 시간에 한 번은 일어나 움직이세요."),
            ("물건 들기", "무릎을 굽혀 물건을 몸 가까이에서 들어 올리세요."),
            ("운동", "걷기와 수영은 허리 근육을 튼튼하게 합니다."),
        ),
    ),
    (
        "당뇨 환자의 식사 안내",
        (
            ("규칙적인 식사", "하루 세 번, 정해진 시간에 골고루 드세요."),
            ("피해야 할 음식", "설탕이 든 음료와 과자는 혈당을 빠르게 올립니다."),
            ("외식할 때", "국물은 남기고 채소를 먼저 드세요."),
        ),
    ),
)
