"""Papers of a box that are no record of the clinic, in words of their own for each part.

What a classifier learns from the tuning part's papers it must know in the test part's, which say
the same in other words: nothing but the law's own phrases stands in both.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tests.makers.case import Case
from tests.makers.content import Block, Closing, Column, Content, Fields, Item, Prose, Row, Table
from tests.makers.parts import Part
from tests.makers.writing import won


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Words of one paper: title, headed paragraphs, the sentence at its end, small print."""

    title: str
    parts: tuple[tuple[str, str], ...]
    closing: str = ""
    foot: str = ""


def _choose(case: Case, sheets: Mapping[Part, Sequence[_Sheet]]) -> _Sheet:
    return case.rng.choice(sheets[case.part])


def _prose(sheet: _Sheet, room: int = 2) -> tuple[Prose, ...]:
    return tuple(Prose((text,), label=label, room=room) for label, text in sheet.parts)


def _elsewhere(case: Case) -> str:
    names = {
        "tuning": ("한누리종합병원", "미리내병원", "큰솔대학교병원", "별하정형외과의원"),
        "test": ("아라메디컬병원", "새론대학교병원", "윤슬요양병원", "도담내과의원"),
    }
    return case.rng.choice(names[case.part])


def agreement(case: Case) -> Content:
    """A consent form that is not about an operation."""
    sheet = _choose(case, _AGREEMENTS)
    return Content(
        kind="consent_form",
        title=sheet.title,
        blocks=(
            Fields(((case.name(), case.birth()), (case.address(),))),
            *_prose(sheet, 3),
            Closing(
                sheet.closing,
                case.issued,
                (
                    (Item(case.label("동의자", "본인"), f"{case.patient.name} (서명)"),),
                    (Item("법정대리인", "(서명)"),),
                ),
            ),
        ),
        letterhead=case.letterhead,
        letterhead_facts=case.letterhead_facts,
        airy=True,
    )


def identity_paper(case: Case) -> Content:
    """A copy of somebody's identity card, or of a family register."""
    sheet = _choose(case, _IDENTITIES)
    blocks: list[Block] = [
        Fields(((case.name("성명"),), (case.number("주민등록번호"),), (case.address(),)))
    ]
    if "가족" in sheet.title or "등본" in sheet.title:
        rows = tuple(
            Row((relation, name, f"{case.patient.birth.year + years}년"))
            for relation, name, years in (("본인", case.patient.name, 0), ("자", "한다온", 31))
        )
        blocks.append(Table((Column("구분"), Column("성명"), Column("출생연도")), rows))
    blocks += _prose(sheet)
    blocks.append(Closing(sheet.closing, case.issued, ()))
    return Content(
        kind="id_or_power_of_attorney", title=sheet.title, blocks=tuple(blocks), airy=True
    )


def questionnaire(case: Case) -> Content:
    """What a patient answers before being seen."""
    sheet = _choose(case, _QUESTIONS)
    boxes = case.label("[ ] 예  [√] 아니오", "□ 예  ■ 아니오", "( ) 있음  (O) 없음")
    return Content(
        kind="questionnaire",
        title=sheet.title,
        blocks=(
            Fields(((case.name(), case.birth()), (Item("연락처", case.patient.phone),))),
            *(
                Prose((f"{number}. {question}   {boxes}", f"   {more}" if more else " "))
                for number, (question, more) in enumerate(sheet.parts, 1)
            ),
            Closing(sheet.closing, case.date(case.visit), ((Item("작성자", case.patient.name),),)),
        ),
        letterhead=case.letterhead,
        letterhead_facts=case.letterhead_facts,
    )


def pharmacy_paper(case: Case) -> Content:
    """What a pharmacy hands out: its receipt, or the bag's words."""
    sheet = _choose(case, _PHARMACY)
    pharmacy = {"tuning": "새봄약국", "test": "온누리길약국"}[case.part]
    paid = case.rng.randrange(12, 90) * 100
    drugs = tuple(
        Row((name, "1", "3", str(case.rng.choice((3, 5, 7)))), ()) for name in case.condition.drugs
    )
    return Content(
        kind="external_document",
        title=sheet.title,
        blocks=(
            Fields(
                (
                    (case.name("환자성명"), Item("조제일자", case.date(case.visit))),
                    (Item("약국명", pharmacy), Item("조제약사", "한마루")),
                    (Item("교부번호", f"{case.visit:%Y%m%d}-{case.rng.randrange(400):05d}"),),
                )
            ),
            Table((Column("약품명", 3), Column("투약량"), Column("횟수"), Column("일수")), drugs),
            Fields(((Item("약제비 총액", won(paid * 3)), Item("본인부담금", won(paid))),)),
            *_prose(sheet),
        ),
        letterhead=f"{pharmacy}   TEL 02-000-0000",
        foot=(sheet.foot,),
    )


def letter_to_us(case: Case) -> Content:
    """A letter of another institution to ours: a referral, a reply, or its own certificate."""
    sheet, sender = _choose(case, _LETTERS), _elsewhere(case)
    return Content(
        kind="external_document",
        title=sheet.title,
        blocks=(
            Fields(
                (
                    (Item("수신", f"{case.clinic.name} 원장님 귀하"),),
                    (case.name("환자 성명"), case.birth()),
                    (Item("상병명", case.condition.name), Item("상병코드", case.code)),
                )
            ),
            *(
                Prose((text, case.condition.illness), label=label, room=4)
                for label, text in sheet.parts
            ),
            Closing(
                sheet.closing,
                case.issued,
                ((Item("의료기관 명칭", sender),), (Item("의사 성명", "한마루 (직인생략)"),)),
            ),
        ),
        letterhead=f"{sender}   TEL 02-000-0000",
        airy=True,
    )


def office_paper(case: Case) -> Content:
    """A card slip, an insurer's claim, the result of a check-up by the national insurer."""
    sheet = _choose(case, _OFFICE)
    amount = case.rng.randrange(30, 900) * 100
    return Content(
        kind="external_document",
        title=sheet.title,
        blocks=(
            Fields(((case.name(), case.birth()), (Item("금액", won(amount)),))),
            *_prose(sheet),
            Closing(sheet.closing, case.date(case.visit), ()),
        ),
        foot=(sheet.foot,),
    )


def notice(case: Case) -> Content:
    """Prices, holidays, invoices, advice: nobody's record."""
    sheet = _choose(case, _NOTICES)
    blocks: tuple[Block, ...] = _prose(sheet, 3)
    if "명세" in sheet.title or "비용" in sheet.title or "수수료" in sheet.title:
        rows = tuple(
            Row((label, str(case.rng.randrange(1, 9)), won(case.rng.randrange(1, 80) * 1000)))
            for label, _ in sheet.parts
        )
        blocks = (Table((Column("항목", 3), Column("수량"), Column("금액(원)")), rows),)
    return Content(
        kind="none",
        title=sheet.title,
        blocks=(*blocks, Closing(sheet.closing, "", ())),
        letterhead=case.letterhead,
        foot=(sheet.foot,),
        airy=True,
    )


_AGREEMENTS: Mapping[Part, tuple[_Sheet, ...]] = {
    "tuning": (
        _Sheet(
            "개인정보 수집·이용 동의서",
            (
                ("수집 항목", "성명, 생년월일, 연락처, 주소, 진료에 필요한 건강 정보"),
                ("개인정보의 수집 및 이용 목적", "진료 예약, 진료비 청구, 검사 결과의 통보"),
                ("보유 및 이용기간", "진료기록부 10년, 처방전 2년 등 관계 법령에 따름"),
            ),
            "위와 같이 개인정보를 수집·이용하는 데 동의합니다.",
        ),
        _Sheet(
            "내시경 검사 동의서",
            (
                ("검사 방법", "가느다란 관을 넣어 위와 십이지장을 관찰하고 조직을 떼어냅니다."),
                ("발생할 수 있는 합병증", "출혈, 천공, 감염, 수면 약물에 의한 호흡 저하"),
                ("검사 전 준비", "전날 저녁 9시부터 물을 포함하여 금식합니다."),
            ),
            "설명을 듣고 이해하였으며 검사 시행에 동의합니다.",
        ),
        _Sheet(
            "비급여 진료 동의서",
            (
                ("진료 항목", "도수치료, 체외충격파, 영양 주사"),
                ("비용", "건강보험이 적용되지 않으며 전액을 환자가 부담합니다."),
            ),
            "비용에 대하여 충분히 설명을 듣고 이에 동의합니다.",
        ),
    ),
    "test": (
        _Sheet(
            "수혈 동의서",
            (
                ("수혈이 필요한 까닭", "빈혈이 심하거나 피를 많이 흘린 때에 혈액을 보충합니다."),
                ("알려진 부작용", "발열, 두드러기, 드물게 용혈 반응과 바이러스 전파"),
                ("거절할 때", "쇼크에 빠질 수 있고 생명이 위험해질 수 있습니다."),
            ),
            "담당의로부터 설명을 충분히 들었고 수혈받는 것에 동의함.",
        ),
        _Sheet(
            "개인정보 제3자 제공 동의서",
            (
                ("제공받는 자", "보험회사, 건강보험심사평가원, 검사 수탁기관"),
                ("제공하는 항목", "이름, 주민등록번호, 병명, 치료 일자"),
                ("거부할 권리", "거부할 수 있으나 보험금 지급이 늦어질 수 있습니다."),
            ),
            "본인의 개인정보를 위와 같이 제공하는 것에 동의합니다.",
        ),
        _Sheet(
            "조영제 사용 검사 동의서",
            (
                ("조영제란", "혈관과 장기가 뚜렷이 보이도록 주사하는 약입니다."),
                ("나타날 수 있는 부작용", "메스꺼움, 가려움, 매우 드물게 쇼크"),
            ),
            "위 내용을 이해하였고 조영제를 쓰는 검사에 동의합니다.",
        ),
    ),
}
_IDENTITIES: Mapping[Part, tuple[_Sheet, ...]] = {
    "tuning": (
        _Sheet("주민등록증", (), "가온시 누리구청장"),
        _Sheet(
            "가족관계증명서",
            (("", "위 가족관계증명서는 가족관계등록부의 기록사항과 틀림없음을 증명합니다."),),
            "가온시장",
        ),
    ),
    "test": (
        _Sheet(
            "자동차운전면허증",
            (("면허 종별", "1종보통 · 적성검사 기간 10년 · 조건 A"),),
            "라온지방경찰청장",
        ),
        _Sheet(
            "주민등록표 등본",
            (("", "이 등본은 세대별 주민등록표의 원본내용과 틀림없음을 증명합니다."),),
            "다솜시 미르구 보람동장",
        ),
    ),
}
_QUESTIONS: Mapping[Part, tuple[_Sheet, ...]] = {
    "tuning": (
        _Sheet(
            "초진 문진표",
            (
                ("현재 복용하고 있는 약이 있습니까?", "약 이름:"),
                ("알레르기가 있습니까?", ""),
                ("담배를 피우십니까?", "하루      갑"),
                ("수술을 받은 적이 있습니까?", "언제:"),
            ),
            "해당하는 곳에 표시해 주십시오.",
        ),
        _Sheet(
            "예방접종 예진표",
            (
                ("오늘 열이 나거나 아픈 곳이 있습니까?", ""),
                ("접종 후 이상 반응을 겪은 적이 있습니까?", "어떤 반응:"),
                ("임신 중이십니까?", ""),
            ),
            "사실대로 작성하였습니다.",
        ),
    ),
    "test": (
        _Sheet(
            "건강검진 공통 문진표",
            (
                ("고혈압이나 당뇨병 진단을 받은 일이 있나요?", "치료 중이면 동그라미 하세요."),
                ("부모나 형제 가운데 뇌졸중을 앓은 분이 있나요?", ""),
                ("술은 일주일에 며칠 마시나요?", "      일"),
                ("숨이 찰 만큼 힘든 운동을 하나요?", ""),
            ),
            "빠짐없이 답하여 주세요.",
        ),
        _Sheet(
            "환자 설문지",
            (
                ("어디가 아파서 오셨나요?", "허리 / 목 / 어깨 / 무릎"),
                ("통증은 언제 심해지나요?", "아침 / 낮 / 밤"),
                ("다른 병원에서 치료받으셨나요?", ""),
            ),
            "V표 하여 주세요.",
        ),
    ),
}
_PHARMACY: Mapping[Part, tuple[_Sheet, ...]] = {
    "tuning": (
        _Sheet("약제비 계산서·영수증", (("", "이 영수증은 소득공제에 쓸 수 있습니다."),)),
        _Sheet(
            "복약안내",
            (("복용 방법", "식후 30분에 충분한 물과 함께 드세요."),),
            foot="남은 약은 약국으로 가져오시기 바랍니다.",
        ),
    ),
    "test": (
        _Sheet(
            "약제비 영수증",
            (("", "본 영수증은 재발행되지 않습니다."),),
            foot="문의는 약국으로 전화 주십시오.",
        ),
        _Sheet(
            "복약지도서",
            (("이렇게 드십시오", "아침·점심·저녁 밥을 먹고 반 시간 뒤에 한 봉지씩"),),
            foot="어린이 손이 닿지 않는 곳에 두십시오.",
        ),
    ),
}
_LETTERS: Mapping[Part, tuple[_Sheet, ...]] = {
    "tuning": (
        _Sheet(
            "진료의뢰서",
            (("환자상태 및 진료소견", "귀원에서 가까이 지내며 치료받기를 원합니다."),),
            "위 환자를 의뢰하오니 고진선처를 바랍니다.",
        ),
        _Sheet(
            "협진 회신서",
            (("회신 내용", "의뢰하여 주신 환자의 진료 결과를 회신드립니다."),),
            "계속 진료를 부탁드립니다.",
        ),
    ),
    "test": (
        _Sheet(
            "요양급여의뢰서",
            (("의뢰사유", "집 가까운 곳에서 약물 치료를 이어 가기 위하여 의뢰드립니다."),),
            "귀 기관의 고진선처 바랍니다.",
        ),
        _Sheet(
            "진료 회신서",
            (("검사 결과", "보내 주신 환자분은 본원에서 아래와 같이 치료하였습니다."),),
            "회신하오니 진료에 참고하시기 바랍니다.",
        ),
    ),
}
_OFFICE: Mapping[Part, tuple[_Sheet, ...]] = {
    "tuning": (
        _Sheet(
            "신용카드 매출전표",
            (
                ("카드번호", "4092-****-****-1187  일시불"),
                ("승인번호", "30114425"),
                ("가맹점", "의원"),
            ),
            "이용해 주셔서 감사합니다.",
        ),
        _Sheet(
            "일반 건강검진 결과통보서",
            (
                ("종합판정", "정상B (경계) 혈압 관리가 필요합니다."),
                ("검진기관", "한누리종합병원"),
                ("계측검사", "신장 168 cm, 체중 71 kg, 혈압 134/84, 시력 0.9/1.0"),
            ),
            "국민건강보험공단이사장",
        ),
    ),
    "test": (
        _Sheet(
            "보험금 청구서",
            (
                ("피보험자", "본인  수익자와의 관계: 본인"),
                ("사고 경위", "계단에서 발을 헛디뎌 넘어짐"),
                ("입금 계좌", "한빛은행 110-000-000000"),
            ),
            "위와 같이 보험금을 청구합니다.",
        ),
        _Sheet(
            "건강검진 결과 통보서",
            (
                ("판정", "정상A  특별한 이상 소견이 없습니다."),
                ("생활 습관", "금연과 규칙적인 운동을 권합니다."),
                ("검진 장소", "아라메디컬병원 건강검진센터"),
            ),
            "국민건강보험공단",
        ),
    ),
}
_NOTICES: Mapping[Part, tuple[_Sheet, ...]] = {
    "tuning": (
        _Sheet(
            "비급여 진료비용 안내",
            (("도수치료 40분", ""), ("영양 주사", ""), ("초음파 상복부", ""), ("진단서", "")),
            foot="의료법 제45조에 따라 알려 드립니다.",
        ),
        _Sheet(
            "휴진 안내",
            (
                ("휴진 기간", "8월 1일부터 8월 4일까지 여름 휴가로 쉽니다."),
                ("진료시간", "평일 오전 9시 ~ 오후 6시, 토요일 오전 9시 ~ 오후 1시"),
                ("오시는 길", "시장 앞 정류장에서 걸어서 3분, 무료 주차"),
            ),
            "불편을 드려 죄송합니다.",
        ),
        _Sheet(
            "거래명세서",
            (("일회용 주사기 5 mL", ""), ("멸균 거즈", ""), ("소독용 알코올 솜", "")),
            "위와 같이 거래하였습니다.",
            foot="공급받는자 보관용 · 공급가액과 세액은 별도",
        ),
    ),
    "test": (
        _Sheet(
            "제증명 수수료 안내",
            (("일반 서류 재발급", ""), ("사본 1매", ""), ("영상 CD 복사", ""), ("감정 서류", "")),
            foot="원내 게시용",
        ),
        _Sheet(
            "폐업에 따른 진료기록 보관 안내",
            (
                ("알려 드립니다", "본원은 사정에 따라 이달 말일까지만 진료합니다."),
                ("기록이 필요하신 분", "신분증을 가지고 원무과로 오시면 사본을 드립니다."),
                ("그동안", "찾아 주신 여러분께 깊이 감사드립니다."),
            ),
        ),
        _Sheet(
            "무릎 관절염 바로 알기",
            (
                ("왜 생기나요", "연골이 닳아 뼈와 뼈가 부딪히면서 붓고 아픕니다."),
                ("어떻게 지내야 하나요", "쪼그려 앉지 말고 체중을 줄이며 자주 걷습니다."),
                ("언제 병원에 가나요", "붓기가 가라앉지 않으면 곧바로 상담을 받습니다."),
            ),
            foot="건강 소식지 제12호",
        ),
    ),
}

# By name: the kind (a taxonomy code) and its maker.
MADE: Mapping[str, tuple[str, Callable[[Case], Content]]] = {
    "agreement": ("consent_form", agreement),
    "identity_paper": ("id_or_power_of_attorney", identity_paper),
    "questionnaire": ("questionnaire", questionnaire),
    "pharmacy_paper": ("external_document", pharmacy_paper),
    "letter_to_us": ("external_document", letter_to_us),
    "office_paper": ("external_document", office_paper),
    "notice": ("none", notice),
}
