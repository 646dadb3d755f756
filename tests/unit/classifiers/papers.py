"""Short fictional papers as text, and pages made of them."""

from classifiers.plain_pages import plain_page
from records.values import Box, Institution, Line, PageText, Word

OURS = Institution(code="31234567", name="가람내과의원")

PATIENT = "환자의 성명 : 홍길동   주민등록번호 : 800101-1234560\n생년월일 : 1980-01-01  성별 : 남\n"
SIGNED = (
    "2019년 3월 6일\n"
    "의료기관 명칭 : 가람내과의원\n"
    "면허번호 : 제 12345 호  의사 성명 : 정한결 (인)\n"
)

DIAGNOSIS = (
    "■ 의료법 시행규칙 [별지 제5호의2서식]\n"
    "진 단 서\n"
    "등록번호 : 00123456  연번호 : 2019-12\n" + PATIENT + "병명 : 요통  질병분류기호 : M54.5\n"
    "발병일 : 2019. 3. 1.  진단일 : 2019. 3. 5.\n"
    "치료내용 및 향후 치료에 대한 소견\n"
    "2주간의 안정이 필요함.\n"
    "용도 : 보험회사 제출용\n"
    "「의료법」 제17조 및 같은 법 시행규칙 제9조제1항에 따라 위와 같이 진단합니다.\n" + SIGNED
)
INJURY = (
    "■ 의료법 시행규칙 [별지 제5호의3서식]\n"
    "상 해 진 단 서\n"
    "등록번호 : 00123456\n" + PATIENT + "병명 : 요추의 염좌  질병분류기호 : S33.5\n"
    "상해의 원인 : 낙상\n"
    "상해의 부위 및 정도 : 요추부\n"
    "입원 여부 : 없음  외과적 수술 여부 : 없음\n"
    "통상활동의 가능 여부 : 제한됨  식사의 가능 여부 : 가능\n"
    "치료기간 : 2019. 3. 1.부터 2주\n"
    "「의료법」 제17조 및 같은 법 시행규칙 제9조제2항에 따라 위와 같이 진단합니다.\n" + SIGNED
)
OPINION = (
    "소 견 서\n"
    "등록번호 : 00123456\n" + PATIENT + "상병명 : 요통\n"
    "소견내용 : 보존적 치료 후 호전됨.\n"
    "비고 :\n"
    "용도 : 제출용\n"
    "위의 소견을 제출함\n" + SIGNED
)
_CONFIRMATION = (
    "등록번호 : 00123456\n" + PATIENT + "상병명 : 요통\n"
    "치료기간 : 2019/01/12 부터 2019/02/07 까지 (치료 27일간)\n"
    "실통원일수 : 5일\n"
    "용도 :\n"
)
TREATMENT = (
    "진 료 확 인 서\n" + _CONFIRMATION + "상기인은 위와 같이 진료하였음을 확인함.\n" + SIGNED
)
OUTPATIENT = (
    "통 원 확 인 서\n" + _CONFIRMATION + "상기인은 위와 같이 통원하였음을 확인함.\n" + SIGNED
)
UNTITLED_CONFIRMATION = (
    "▒▒▒▒▒▒\n" + _CONFIRMATION + "상기인은 위와 같이 ▒▒하였음을 확인함.\n" + SIGNED
)
ADMISSION = (
    "입 퇴 원 확 인 서\n"
    "등록번호 : 00123456\n" + PATIENT + "병명 : 폐렴\n"
    "입원기간 : 2019. 3. 1. ~ 2019. 3. 5. (5일간)  호실 : 302\n"
    "위와 같이 입원하였음을 확인함.\n" + SIGNED
)
RECEIPT = (
    "[√]외래 [ ]입원 ([ ]퇴원[ ]중간) 진료비 계산서·영수증\n"
    "환자등록번호 : 00123456  환자성명 : 홍길동\n"
    "진료기간 : 2019. 3. 5.  영수증번호 : 201903-00012\n"
    "진찰료 3,714 8,666\n"
    "투약 및 조제료\n"
    "식대\n"
    "진료비 총액 12,380\n"
    "환자부담 총액 3,700\n"
    "이미 납부한 금액 0\n"
    "납부할 금액 3,700\n"
    "요양기관기호 31234567  상호 가람내과의원\n"
    "2019년 3월 5일\n"
)
DETAIL = (
    "진료비 세부산정내역\n"
    "환자등록번호 00123456 환자 성명 홍길동 진료기간 2019-03-05\n"
    "항목 일자 코드 명칭 금액 횟수 일수 총액 본인부담금 공단부담금 전액본인부담 비급여\n"
    "진찰료 2019-03-05 AA254 재진진찰료 12,380 1 1 12,380 3,714 8,666 0 0\n"
    "계 12,380 3,714 8,666 0 0\n"
    "끝처리 조정금액 -14 -14 0 0 0\n"
    "합계 12,366 3,700 8,666 0 0\n"
    "신청인 홍길동(환자와의 관계: 본인)의 요청에 따라 "
    "진료비 계산서·영수증 세부산정내역을 발급합니다.\n"
    "2019년 3월 5일\n"
)
PHARMACY_RECEIPT = (
    "약제비 계산서·영수증\n"
    "환자성명 홍길동\n"
    "조제일자 2019-03-05\n"
    "약국명 새봄약국\n"
    "약제비총액 9,800\n"
    "본인부담금 2,900\n"
)
PRESCRIPTION = (
    "처 방 전\n"
    "요양기관기호 : 31234567  교부번호 : 20190305-00012\n"
    "환자 성명 : 홍길동  주민등록번호 : 800101-1234560\n"
    "의료기관 명칭 : 가람내과의원\n"
    "질병분류기호 : M545\n"
    "처방 의료인의 성명 : 정한결  면허번호 : 의사 제 12345 호\n"
    "처방 의약품의 명칭 1회 투약량 1일 투여횟수 총 투약일수 용법\n"
    "[642101230] 아세트아미노펜정500밀리그램 1 3 5 식후 30분\n"
    "사용기간 : 교부일로부터 ( 3 )일간\n"
    "사용기간 내에 약국에 제출하여야 합니다.\n"
)
PHARMACY_BAG = (
    "복약안내\n"
    "환자성명 홍길동\n"
    "교부번호 20190305-00012\n"
    "조제일자 2019-03-05  조제약사 최약사\n"
    "약국명 새봄약국\n"
    "복용방법 1일 3회 식후 30분\n"
)
SURGERY = (
    "수 술 기 록 지\n"
    "환자등록번호 : 00123456  환자명 : 홍길동\n"
    "수술일 : 2019-03-05\n"
    "수술 전 진단명 : 충수염\n"
    "수술 후 진단명 : 충수염\n"
    "수술명 : 충수절제술\n"
    "집도의 : 정한결  마취방법 : 전신마취  출혈량 : 20 mL\n"
    "수술 소견 및 과정\n"
    "복강 내 농양은 없었음.\n"
)
SURGERY_CONFIRMATION = (
    "수 술 확 인 서\n"
    "환자성명 : 홍길동\n"
    "수술명 : 충수절제술\n"
    "수술일자 : 2019-03-05\n"
    "위와 같이 수술하였음을 확인함.\n" + SIGNED
)
SURGERY_CONSENT = (
    "수 술 동 의 서\n"
    "환자성명 : 홍길동\n"
    "수술명 : 충수절제술\n"
    "발생할 수 있는 합병증 : 출혈, 감염\n"
    "본인은 충분한 설명을 들었으며 수술에 동의합니다.\n"
    "동의자 : 홍길동 (서명)\n"
    "보호자 서명 :\n"
)
LAB = (
    "검 사 결 과 지\n"
    "성명 : 홍길동  등록번호 : 00123456  성별/연령 : M/39세\n"
    "채취일시 : 2019-03-05  보고일 : 2019-03-06\n"
    "검사명 결과 판정 단위 참고치\n"
    "Hemoglobin 11.2 ▼ g/dL 12.0-17.0\n"
    "Glucose 95 mg/dL 70-99\n"
)
CHECKUP = (
    "일반 건강검진 결과통보서\n"
    "성명 홍길동\n"
    "검진기관 새봄검진센터\n"
    "종합판정 정상A\n"
    "국민건강보험공단이사장\n"
)
IMAGING = (
    "영상 판독 소견서\n"
    "성명 : 홍길동  등록번호 : 00123456\n"
    "검사명 : Chest PA  촬영일 : 2019-03-05\n"
    "Finding\n"
    "No active lung lesion.\n"
    "Conclusion\n"
    "Normal chest.\n"
    "판독의 : 정한결  판독일 : 2019-03-06\n"
)
REFERRAL = (
    "진 료 의 뢰 서\n"
    "의뢰받는 기관 : 누리종합병원\n"
    "환자 성명 : 홍길동  생년월일 : 1980-01-01\n"
    "상병명 : 요통\n"
    "환자상태 및 진료소견 : 지속되는 통증\n"
    "의뢰사유 : 정밀검사\n"
    "위 환자를 의뢰하오니 고진선처를 바랍니다.\n"
    "2019년 3월 6일\n"
    "의료기관 명칭 : 가람내과의원\n"
)
INCOMING_REFERRAL = REFERRAL.replace("가람내과의원", "다올의원").replace(
    "누리종합병원", "가람내과의원"
)
CHART = (
    "외래 진료기록부\n"
    "차트번호 : 00123456  성명 : 홍길동\n"
    "생년월일 : 1980-01-01\n"
    "진료일시 : 2019-03-05\n"
    "주증상 : 요통\n"
    "현병력 : 3일 전부터\n"
    "과거력 : 없음\n"
    "진찰소견 : 압통\n"
)
CHART_PAGE_TWO = (
    "차트번호 : 00123456  성명 : 홍길동\n진료일시 : 2019-03-12\n증상 호전됨.\n진찰소견 : 호전\n"
)
LEAFLET = (
    "당뇨 환자의 식사 안내\n"
    "하루 세 번 골고루 드세요.\n"
    "단 음료는 피하고 많이 걸으며 운동하세요.\n"
    "건강한 생활을 위하여\n"
)
CONSENT = (
    "개인정보 수집·이용 동의서\n"
    "성명 : 홍길동\n"
    "개인정보의 수집 목적 : 진료\n"
    "보유 및 이용기간 : 10년\n"
    "위와 같이 개인정보의 수집에 동의합니다.\n"
    "동의자 : 홍길동 (서명)\n"
)
BLANK_DIAGNOSIS = (
    "■ 의료법 시행규칙 [별지 제5호의2서식]\n"
    "진 단 서\n"
    "등록번호           연번호        호\n"
    "환자의 성명            주민등록번호          -\n"
    "병명           질병분류기호\n"
    "발병일        년    월    일    진단일      년    월    일\n"
    "치료내용 및 향후 치료에 대한 소견\n"
    "용도          비고\n"
    "「의료법」 제17조 및 같은 법 시행규칙 제9조제1항에 따라 위와 같이 진단합니다.\n"
    "        년      월      일\n"
    "의료기관 명칭\n"
    "면허번호 제        호  성명            (서명 또는 인)\n"
)


def page(text: str, page_id: str = "p-1", flags: tuple[str, ...] = ()) -> PageText:
    """Return a page of plain lines, without boxes."""
    made = plain_page(page_id, text.splitlines(), "ocr")
    return PageText(
        page_id=made.page_id,
        width=0,
        height=0,
        dpi=None,
        rotation=0,
        skew=0.0,
        lines=made.lines,
        flags=flags,
    )


def pages(*texts: str) -> list[PageText]:
    """Return one page a text; the ids are `p-0`, `p-1` and so on."""
    return [page(text, f"p-{number}") for number, text in enumerate(texts)]


def placed(cells: list[tuple[str, int, int]], confidence: float | None = 0.9) -> PageText:
    """Return a page of cells `(text, left, top)`; each cell is a line of its own, as read."""
    lines = []
    for text, left, top in cells:
        words = []
        x = left
        for word in text.split():
            words.append(Word(word, Box(x, top, x + 30 * len(word), top + 30), confidence))
            x += 30 * len(word) + 10
        lines.append(Line(tuple(words)))
    return PageText(
        page_id="p-1",
        width=2480,
        height=3508,
        dpi=300,
        rotation=0,
        skew=0.0,
        lines=tuple(lines),
    )
