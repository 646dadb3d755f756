"""Papers of a box that are no record of the clinic, in words of their own for each part.

What a classifier learns from the tuning part's papers it must know in the test part's, which say
the same in other words: nothing but the law's own phrases stands in both.
"""

from collections.abc import Callable, Mapping, Sequence

from tests.makers.case import Case
from tests.makers.content import Block, Closing, Column, Content, Fields, Item, Prose, Row, Table
from tests.makers.documents.stranger_papers import (
    AGREEMENTS,
    IDENTITIES,
    LETTERS,
    NOTICES,
    OFFICE,
    PHARMACY,
    QUESTIONS,
    Sheet,
)
from tests.makers.parts import Part
from tests.makers.writing import won


def _choose(case: Case, sheets: Mapping[Part, Sequence[Sheet]]) -> Sheet:
    return case.rng.choice(sheets[case.part])


def _prose(sheet: Sheet, room: int = 2) -> tuple[Prose, ...]:
    return tuple(Prose((text,), label=label, room=room) for label, text in sheet.parts)


def _elsewhere(case: Case) -> str:
    names = {
        "tuning": ("한누리종합병원", "미리내병원", "큰솔대학교병원", "별하정형외과의원"),
        "test": ("아라메디컬병원", "새론대학교병원", "윤슬요양병원", "도담내과의원"),
    }
    return case.rng.choice(names[case.part])


def agreement(case: Case) -> Content:
    """A consent form that is not about an operation."""
    sheet = _choose(case, AGREEMENTS)
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
    sheet = _choose(case, IDENTITIES)
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
    sheet = _choose(case, QUESTIONS)
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
    sheet = _choose(case, PHARMACY)
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
    sheet, sender = _choose(case, LETTERS), _elsewhere(case)
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
    sheet = _choose(case, OFFICE)
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
    sheet = _choose(case, NOTICES)
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
