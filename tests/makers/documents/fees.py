"""Money: the receipt, the itemised bill, the confirmation of payment. Every sum adds up."""

import datetime as dt
from dataclasses import dataclass

from tests.makers.case import Case
from tests.makers.content import Closing, Column, Content, Fields, Item, Prose, Row, Table
from tests.makers.writing import won

# Item of the itemised bill: (heading, code, name, price, covered by the insurance).
_SERVICES = (
    ("진찰료", "AA154", "초진진찰료-의원", 17_320, True),
    ("진찰료", "AA254", "재진진찰료-의원", 12_380, True),
    ("주사료", "KK010", "피하 또는 근육내주사", 1_420, True),
    ("주사료", "KK052", "정맥내 점적주사-101~500mL", 3_110, True),
    ("처치 및 수술료", "M0111", "단순처치(1일당)", 7_420, True),
    ("처치 및 수술료", "SC021", "창상봉합술-안면 이외", 28_610, True),
    ("검사료", "D0002", "일반혈액검사(CBC)", 4_830, True),
    ("검사료", "D1850", "간기능검사(AST)", 2_060, True),
    ("검사료", "D1860", "간기능검사(ALT)", 1_990, True),
    ("검사료", "D2263", "요일반검사 10종", 3_270, True),
    ("검사료", "E6541", "심전도검사", 6_940, True),
    ("영상진단료", "G2101", "흉부 직접촬영(1매)", 8_010, True),
    ("영상진단료", "G3601", "관절 단순촬영(2매)", 10_540, True),
    ("물리치료료", "MM010", "표층열치료", 980, True),
    ("물리치료료", "MM070", "경피적 전기신경자극치료", 3_950, True),
    ("투약 및 조제료", "J2000", "외래환자 의약품관리료", 660, True),
    ("초음파진단료", "EB441", "복부초음파-상복부", 86_400, True),
    ("제증명료", "PDZ01", "진단서", 20_000, False),
    ("주사료", "BZ001", "영양수액제", 40_000, False),
    ("물리치료료", "MX122", "도수치료", 60_000, False),
)
_HEADINGS = (
    "진찰료",
    "입원료",
    "식대",
    "투약 및 조제료",
    "주사료",
    "처치 및 수술료",
    "검사료",
    "영상진단료",
    "물리치료료",
    "초음파진단료",
    "제증명료",
)


@dataclass(frozen=True, slots=True)
class _Line:
    day: dt.date
    heading: str
    code: str
    name: str
    price: int
    days: int
    covered: bool

    @property
    def total(self) -> int:
        return self.price * self.days

    @property
    def own(self) -> int:
        return self.total * 3 // 10 if self.covered else 0

    @property
    def insurer(self) -> int:
        return self.total - self.own if self.covered else 0

    @property
    def free(self) -> int:
        return 0 if self.covered else self.total


_DETAIL_FORM = "[별지 제1호서식] 진료비 세부산정내역 서식(제2조제1항 관련)"
_DETAIL_FORM_FROM = dt.date(2018, 3, 2)  # before it every clinic had a form of its own


def _lines(case: Case, count: int) -> list[_Line]:
    days = sorted(case.visit - dt.timedelta(days=n) for n in (0, 2, 5, 9))
    made = []
    for number in range(count):
        heading, code, name, price, covered = (
            _SERVICES[1] if number == 0 else case.rng.choice(_SERVICES)
        )
        repeat = 1 if heading in {"진찰료", "제증명료"} else case.rng.choice((1, 1, 1, 2, 3))
        made.append(_Line(case.rng.choice(days), heading, code, name, price, repeat, covered))
    return sorted(made, key=lambda line: (line.day, _HEADINGS.index(line.heading), line.code))


def fee_receipt(case: Case) -> Content:
    """진료비 계산서·영수증: 요양급여 기준 규칙 별지 제6호서식."""
    lines = _lines(case, case.rng.randrange(3, 8))
    rows = []
    for heading in _HEADINGS:
        own, insurer, free = _sums([line for line in lines if line.heading == heading])
        rows.append(Row((heading, _or_blank(own), _or_blank(insurer), "", "", _or_blank(free))))
    own, insurer, free = _sums(lines)
    rows.append(Row(("합계", won(own), won(insurer), "0", "0", won(free)), strong=True))
    total = own + insurer + free
    patient = (own + free) // 100 * 100
    paid = case.rng.choice((0, 0, patient // 2 // 100 * 100))
    number = f"{case.visit:%Y%m}-{case.rng.randrange(1, 9000):05d}"
    return Content(
        kind="fee_receipt",
        title="[√]외래 [ ]입원 ([ ]퇴원[ ]중간) 진료비 계산서·영수증",
        form_line="■ 국민건강보험 요양급여의 기준에 관한 규칙 [별지 제6호서식]",
        blocks=(
            Fields(
                (
                    (case.chart("환자등록번호"), case.name("환자 성명")),
                    (
                        case.day("진료기간", case.visit, "visit_date"),
                        Item("야간(공휴일)진료", "[ ]야간 [ ]공휴일"),
                    ),
                    (Item("진료과목", case.doctor.department), Item("병실", "")),
                    (Item("환자구분", case.patient.insurance), Item("영수증번호", number)),
                )
            ),
            Table(
                (
                    Column("항목", 2),
                    Column("급여 본인부담금", 1.2, "right"),
                    Column("급여 공단부담금", 1.2, "right"),
                    Column("급여 전액본인부담", 1.2, "right"),
                    Column("비급여 선택진료료", 1.2, "right"),
                    Column("비급여 선택진료료 이외", 1.2, "right"),
                ),
                tuple(rows),
                small=True,
            ),
            Fields(
                (
                    (
                        Item("진료비 총액", won(total), (("total_amount", total),)),
                        Item("공단부담 총액", won(insurer)),
                    ),
                    (
                        Item("환자부담 총액", won(patient), (("patient_amount", patient),)),
                        Item("이미 납부한 금액", won(paid)),
                    ),
                    (
                        Item("납부할 금액", won(patient - paid)),
                        Item("납부한 금액", f"카드 {won(patient - paid)}   현금 0"),
                    ),
                ),
                heading="금액산정내용",
            ),
            Fields(
                (
                    (case.institution_code(), Item("사업자등록번호", case.clinic.business_no)),
                    (case.institution("상호"), Item("전화번호", case.clinic.phone)),
                    (Item("사업장 소재지", case.clinic.address),),
                    (Item("대표자", f"{case.clinic.doctors[0].name} (인)"),),
                )
            ),
            Closing("", case.issued, (), case.issue_facts),
        ),
        foot=(
            "* 이 계산서·영수증은 「소득세법」에 따른 의료비 공제신청에 사용할 수 있습니다.",
            "* 이 계산서·영수증에 대한 세부내용은 요양기관에 요구하여 제공받을 수 있습니다.",
        ),
        sealed=True,
        airy=True,
    )


def fee_detail(case: Case) -> Content:
    """진료비 세부산정내역: 고시 별지 제1호서식, landscape, one to three pages."""
    lines = _lines(case, case.extent(8, 12, 26, 44))
    rows = [
        Row(
            (
                line.heading,
                case.date(line.day),
                line.code,
                line.name,
                won(line.price),
                "1",
                str(line.days),
                won(line.total),
                won(line.own),
                won(line.insurer),
                "0",
                won(line.free),
            ),
            (("fee_rows", {"code": line.code, "total": line.total}),),
        )
        for line in lines
    ]
    own, insurer, free = _sums(lines)
    total = own + insurer + free
    cut = -((own + free) % 100)
    sums = ("", "", "", "", "", "", "", won(total), won(own), won(insurer), "0", won(free))
    rest = ("", "", "", "", "", "", "", won(cut), won(cut), "0", "0", "0")
    final = ("",) * 7 + (won(total + cut), won(own + cut), won(insurer), "0", won(free))
    rows += [
        Row(("계", *sums[1:]), strong=True),
        Row(("끝처리 조정금액", *rest[1:])),
        Row(
            ("합계", *final[1:]),
            (("total_amount", total + cut),),
            strong=True,
        ),
    ]
    return Content(
        kind="fee_detail",
        title="진료비 세부산정내역",
        form_line=_DETAIL_FORM if case.issue >= _DETAIL_FORM_FROM else "",
        landscape=True,
        running=case.rng.choice(((), (case.chart("환자등록번호"), case.name("환자 성명")))),
        numbering=case.rng.choice(("{page}/{pages}", "- {page} -", "Page {page} of {pages}", "")),
        blocks=(
            Fields(
                (
                    (
                        case.chart("환자등록번호"),
                        case.name("환자 성명"),
                        Item(
                            "진료기간",
                            f"{case.date(lines[0].day)} ~ {case.date(lines[-1].day)}",
                            weight=1.5,
                        ),
                        Item("환자구분", case.patient.insurance),
                    ),
                )
            ),
            Table(
                (
                    Column("항목", 1.5),
                    Column("일자", 1.2, "centre"),
                    Column("코드", 0.8, "centre"),
                    Column("명칭", 2.8),
                    Column("금액", 0.9, "right"),
                    Column("횟수", 0.6, "centre"),
                    Column("일수", 0.6, "centre"),
                    Column("총액", 1, "right"),
                    Column("본인부담금", 1.1, "right"),
                    Column("공단부담금", 1.1, "right"),
                    Column("전액 본인부담", 1.1, "right"),
                    Column("비급여", 1, "right"),
                ),
                tuple(rows),
                small=True,
            ),
            Closing(
                f"신청인 {case.patient.name}(환자와의 관계: 본인)의 요청에 따라"
                " 진료비 계산서·영수증 세부산정내역을 발급합니다.",
                case.issued,
                (
                    (
                        case.institution("요양기관 명칭"),
                        Item("대표자", f"{case.clinic.doctors[0].name} (인)"),
                    ),
                ),
                (("patient_name", case.patient.name), *case.issue_facts),
            ),
        ),
        letterhead=case.letterhead,
        letterhead_facts=case.letterhead_facts,
        sealed=True,
    )


def payment_confirmation(case: Case) -> Content:
    """진료비 납입확인서: 요양급여 기준 규칙 별지 제12호의2서식, a grid of twelve months."""
    year = case.visit.year
    months = range(case.visit.month)  # none is paid after the day of issue
    outpatient = [case.rng.choice((0, 0, 1)) * _paid(case) if n in months else 0 for n in range(12)]
    outpatient[months[-1]] = _paid(case)
    ward = [0] * 12
    if case.rng.random() < 0.3:
        ward[case.rng.choice(months)] = 8 * _paid(case)
    total = sum(outpatient) + sum(ward)
    rows = [
        Row(
            (
                f"{month + 1}월",
                won(outpatient[month]),
                won(ward[month]),
                won(outpatient[month] + ward[month]),
            )
        )
        for month in range(12)
    ]
    rows.append(
        Row(
            ("연간 합계액", won(sum(outpatient)), won(sum(ward)), won(total)),
            (("total_amount", total),),
            strong=True,
        )
    )
    return Content(
        kind="payment_confirmation",
        title=case.label("진료비 납입확인서", "진료비 납입증명서(소득공제용)"),
        form_line="[별지 제12호의2서식]",
        blocks=(
            Fields(
                (
                    (case.name("환자 성명"), case.number()),
                    (case.chart("환자등록번호"), Item("진료연도", f"{year}년")),
                    (case.address(),),
                )
            ),
            Table(
                (
                    Column("월별", 1, "centre"),
                    Column("외래 진료비", 1.4, "right"),
                    Column("입원 진료비", 1.4, "right"),
                    Column("합계", 1.4, "right"),
                ),
                tuple(rows),
            ),
            Prose(
                ("이 확인서는 「소득세법」에 따른 의료비 공제신청에 사용할 수 있습니다.",), room=1
            ),
            Closing(
                "위와 같이 진료비를 납입하였음을 확인합니다.",
                case.issued,
                (
                    (case.institution("요양기관명"), case.institution_code()),
                    (Item("사업자등록번호", case.clinic.business_no),),
                    (Item("소재지", case.clinic.address),),
                    (Item("대표자", f"{case.clinic.doctors[0].name} (인)"),),
                ),
                case.issue_facts,
            ),
        ),
        letterhead=case.letterhead,
        letterhead_facts=case.letterhead_facts,
        sealed=True,
        airy=True,
    )


def _paid(case: Case) -> int:
    return case.rng.randrange(40, 900) * 100


def _sums(lines: list[_Line]) -> tuple[int, int, int]:
    return (
        sum(line.own for line in lines),
        sum(line.insurer for line in lines),
        sum(line.free for line in lines),
    )


def _or_blank(amount: int) -> str:
    return won(amount) if amount else ""
