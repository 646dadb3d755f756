"""What a small clinic sees: conditions, drugs and tests, in plain fictional wording.

Disease codes and names are KCD's; drugs are named by their substance, never by a brand.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Drug:
    """One prescribed drug: name, one dose, times a day, days, usage, and its price and code."""

    name: str
    dose: str
    times: int
    days: int
    usage: str
    code: str
    price: int


@dataclass(frozen=True, slots=True)
class Condition:
    """One reason to come: code, name, and the phrases a chart would hold."""

    code: str
    name: str
    complaint: str
    illness: str
    exam: str
    opinion: str
    drugs: tuple[str, ...]
    imaging: str = "Chest PA"
    finding: str = "특이 소견 없음."
    surgery: str = ""


_DRUGS = (
    Drug("아세트아미노펜정500밀리그램", "1", 3, 3, "식후 30분", "642101230", 51),
    Drug("록소프로펜나트륨정60밀리그램", "1", 3, 5, "식후 30분", "643202110", 117),
    Drug("레바미피드정100밀리그램", "1", 3, 5, "식후 30분", "644303220", 103),
    Drug("암로디핀정5밀리그램", "1", 1, 30, "아침 식후", "645404330", 361),
    Drug("메트포르민염산염정500밀리그램", "1", 2, 30, "식사 직후", "646505440", 78),
    Drug("아목시실린캡슐500밀리그램", "1", 3, 5, "식후 30분", "647606550", 212),
    Drug("세티리진염산염정10밀리그램", "1", 1, 7, "취침 전", "648707660", 166),
    Drug("에스오메프라졸정20밀리그램", "1", 1, 14, "아침 식전 30분", "649808770", 742),
    Drug("아토르바스타틴정10밀리그램", "1", 1, 30, "저녁 식후", "651909880", 663),
    Drug("에페리손염산염정50밀리그램", "1", 3, 5, "식후 30분", "652110990", 98),
    Drug("덱시부프로펜시럽12밀리그램", "7.5", 3, 3, "식후 30분", "653211100", 19),
    Drug("암브록솔염산염정30밀리그램", "1", 3, 5, "식후 30분", "654312210", 61),
    Drug("세파클러캡슐250밀리그램", "1", 3, 5, "식후 30분", "655413320", 489),
    Drug("트리메부틴말레산염정100밀리그램", "1", 3, 7, "식전 30분", "656514430", 88),
    Drug("수마트립탄정50밀리그램", "0.5", 1, 6, "필요시", "657615540", 1804),
)
DRUGS = {
    drug.name.partition("정")[0].partition("캡슐")[0].partition("시럽")[0]: drug for drug in _DRUGS
}

CONDITIONS = (
    Condition(
        "J20.9",
        "상세불명의 급성 기관지염",
        "cough, sputum 5일",
        "5일 전부터 기침과 가래가 있고 야간에 심해짐. 발열은 없음.",
        "BP 120/80, BT 37.1, PR 78, throat injection(+), rhonchi(+)",
        "기침과 가래가 지속되어 약물치료 중이며 1주간 경과 관찰이 필요함.",
        ("아목시실린", "암브록솔염산염", "아세트아미노펜"),
        "Chest PA",
        "양측 폐야에 기관지 음영이 경미하게 증가되어 있음. 폐렴 소견 없음.",
    ),
    Condition(
        "J00",
        "급성 비인두염[감기]",
        "rhinorrhea, sore throat 2일",
        "2일 전부터 콧물과 인후통이 있음. 미열 동반.",
        "BP 118/76, BT 37.6, PR 84, PI(+), PTH(-)",
        "대증 치료 중이며 안정과 수분 섭취가 필요함.",
        ("아세트아미노펜", "세티리진염산염"),
    ),
    Condition(
        "I10",
        "본태성(원발성) 고혈압",
        "혈압약 처방 원함, 두통(-)",
        "10년 전 고혈압 진단 후 약물 복용 중. 가정혈압 135/85 정도.",
        "BP 138/86, PR 72, BT 36.5, 심음 규칙적",
        "정기적인 혈압 측정과 지속적인 약물치료가 필요함.",
        ("암로디핀", "아토르바스타틴"),
    ),
    Condition(
        "E11.9",
        "합병증을 동반하지 않은 2형 당뇨병",
        "DM f/u, BST check",
        "7년 전 당뇨병 진단. 식이요법과 약물 복용 중이며 저혈당 증상 없음.",
        "BP 126/78, BST 164 mg/dL(pc 2h), HbA1c 7.2 %",
        "혈당 조절을 위하여 약물치료와 정기 검사가 필요함.",
        ("메트포르민염산염", "아토르바스타틴"),
    ),
    Condition(
        "M54.5",
        "아래허리통증",
        "LBP 1주",
        "1주 전 무거운 물건을 든 후 요통 발생. 하지 방사통은 없음.",
        "BP 124/80, SLR(-/-), L4-5 tenderness(+), ROM 제한",
        "2주간의 안정과 물리치료가 필요하며 무거운 물건을 드는 일을 피하여야 함.",
        ("록소프로펜나트륨", "에페리손염산염", "레바미피드"),
        "L-spine AP/Lat",
        "요추 4-5번 추간판 간격이 경미하게 감소됨. 골절 소견 없음.",
    ),
    Condition(
        "M17.9",
        "상세불명의 무릎관절증",
        "Rt knee pain 3개월",
        "3개월 전부터 계단을 오르내릴 때 우측 무릎 통증이 있음.",
        "BP 130/82, crepitus(+), effusion(-), McMurray(-)",
        "약물 및 물리치료 중이며 향후 4주간의 통원치료가 필요함.",
        ("록소프로펜나트륨", "레바미피드"),
        "Rt Knee AP/Lat",
        "내측 관절 간격이 감소되고 골극이 관찰됨. 골절 소견 없음.",
    ),
    Condition(
        "K29.7",
        "상세불명의 위염",
        "epigastric soreness 2주",
        "2주 전부터 공복 시 속쓰림이 있고 식후 호전됨. 흑색변 없음.",
        "BP 116/74, abd. soft, epigastric Td(+), RT(-)",
        "2주간 약물치료 후 증상이 지속되면 위내시경 검사가 필요함.",
        ("에스오메프라졸", "트리메부틴말레산염"),
        "상복부 초음파",
        "간 실질의 에코가 경미하게 증가됨. 담낭과 췌장은 정상 소견임.",
    ),
    Condition(
        "K21.9",
        "식도염을 동반하지 않은 위-식도역류병",
        "heartburn 1개월",
        "1개월 전부터 식후 가슴쓰림과 신물이 올라오는 증상이 있음.",
        "BP 122/78, abd. soft, BS normoactive",
        "식이 조절과 8주간의 약물치료가 필요함.",
        ("에스오메프라졸",),
    ),
    Condition(
        "S93.4",
        "발목의 염좌 및 긴장",
        "Lt ankle pain, 어제 접질림",
        "계단에서 넘어지며 좌측 발목을 접질린 후 부종과 통증 발생.",
        "BP 128/80, Lt ankle swelling(+), Td(+), ATFL",
        "부목 고정과 3주간의 치료가 필요할 것으로 사료됨.",
        ("록소프로펜나트륨", "레바미피드"),
        "Lt Ankle AP/Lat",
        "연부조직 부종이 관찰됨. 골절이나 탈구 소견 없음.",
    ),
    Condition(
        "S61.0",
        "손톱의 손상이 없는 손가락의 열린상처",
        "Lt 2nd finger laceration",
        "주방에서 칼에 베인 후 좌측 둘째 손가락에 2 cm 열상 발생.",
        "BP 126/80, 2 cm laceration, 감각 정상, ROM 정상",
        "단순 봉합술을 시행하였으며 2주간의 상처 치료가 필요함.",
        ("세파클러", "아세트아미노펜"),
        "Lt Hand AP/Oblique",
        "골절 소견 없음. 이물질 음영 없음.",
        "손가락 열상 단순 봉합술",
    ),
    Condition(
        "L20.9",
        "상세불명의 아토피피부염",
        "itching, 양측 팔오금",
        "환절기마다 반복되는 소양증과 홍반이 있음.",
        "erythematous patch(+), lichenification(+)",
        "보습과 악화 요인의 회피, 지속적인 치료가 필요함.",
        ("세티리진염산염",),
    ),
    Condition(
        "G43.9",
        "상세불명의 편두통",
        "Rt headache, nausea",
        "월 2-3회 반복되는 우측 박동성 두통과 구역이 있음.",
        "BP 120/76, NE: normal, neck stiffness(-)",
        "예방적 약물치료와 규칙적인 생활이 필요함.",
        ("수마트립탄", "아세트아미노펜"),
    ),
    Condition(
        "N39.0",
        "부위가 명시되지 않은 요로감염",
        "dysuria, frequency 3일",
        "3일 전부터 배뇨통과 빈뇨가 있음. 오한은 없음.",
        "BP 118/70, BT 37.3, CVA Td(-/-)",
        "항생제 치료 중이며 소변검사의 추적이 필요함.",
        ("세파클러",),
    ),
    Condition(
        "J18.9",
        "상세불명의 폐렴",
        "fever, productive cough 4일",
        "4일 전부터 38도 이상의 발열과 누런 가래가 있음.",
        "BP 110/70, BT 38.4, PR 96, RR 22, crackle(+) RLL",
        "입원하여 항생제 주사 치료를 시행하였고 호전되어 퇴원함.",
        ("세파클러", "암브록솔염산염", "아세트아미노펜"),
        "Chest PA",
        "우하엽에 경화 음영이 관찰되어 폐렴에 합당한 소견임.",
    ),
    Condition(
        "K35.8",
        "기타 및 상세불명의 급성 충수염",
        "RLQ pain 1일",
        "어제 저녁부터 명치 통증이 있다가 우하복부로 이동함.",
        "BP 124/78, BT 37.9, RLQ Td(+), RT(+), rebound(+)",
        "복강경하 충수절제술을 시행하고 경과 양호하여 퇴원함.",
        ("세파클러", "아세트아미노펜"),
        "복부 초음파",
        "충수의 직경이 9 mm로 증가되고 주위 지방조직의 에코가 증가됨.",
        "복강경하 충수절제술",
    ),
    Condition(
        "D17.1",
        "몸통의 피부 및 피하조직의 양성 지방종성 신생물",
        "back mass 1년",
        "1년 전부터 등에 만져지는 종괴가 서서히 커짐.",
        "3 cm movable soft mass, Td(-)",
        "피하종괴 적출술을 시행하였으며 조직검사 결과 확인이 필요함.",
        ("세파클러", "아세트아미노펜"),
        "연부조직 초음파",
        "등 피하층에 3 cm 크기의 경계가 좋은 고에코 종괴가 관찰됨.",
        "피하종괴 적출술",
    ),
)
INJURIES = tuple(condition for condition in CONDITIONS if condition.code.startswith("S"))
OPERATIONS = tuple(condition for condition in CONDITIONS if condition.surgery)
ADMISSIONS = tuple(c for c in CONDITIONS if c.code in {"J18.9", "K35.8", "D17.1"})


@dataclass(frozen=True, slots=True)
class LabTest:
    """One test: its panel, name, unit, range and how many decimals are printed."""

    panel: str
    name: str
    unit: str
    low: float
    high: float
    decimals: int = 0


LAB_TESTS = tuple(
    LabTest(*row)
    for row in (
        ("일반혈액", "WBC", "10^3/uL", 4.0, 10.0, 1),
        ("일반혈액", "RBC", "10^6/uL", 4.0, 5.8, 2),
        ("일반혈액", "Hemoglobin", "g/dL", 12.0, 17.0, 1),
        ("일반혈액", "Hematocrit", "%", 36.0, 50.0, 1),
        ("일반혈액", "Platelet", "10^3/uL", 150, 400, 0),
        ("일반혈액", "Neutrophil", "%", 40.0, 74.0, 1),
        ("일반혈액", "Lymphocyte", "%", 19.0, 48.0, 1),
        ("일반화학", "AST(SGOT)", "U/L", 5, 40, 0),
        ("일반화학", "ALT(SGPT)", "U/L", 5, 40, 0),
        ("일반화학", "r-GTP", "U/L", 8, 61, 0),
        ("일반화학", "ALP", "U/L", 40, 129, 0),
        ("일반화학", "Total Bilirubin", "mg/dL", 0.2, 1.2, 1),
        ("일반화학", "Total Protein", "g/dL", 6.4, 8.3, 1),
        ("일반화학", "Albumin", "g/dL", 3.5, 5.2, 1),
        ("일반화학", "BUN", "mg/dL", 8.0, 20.0, 1),
        ("일반화학", "Creatinine", "mg/dL", 0.6, 1.2, 2),
        ("일반화학", "Uric acid", "mg/dL", 3.4, 7.0, 1),
        ("일반화학", "Glucose(FBS)", "mg/dL", 70, 99, 0),
        ("일반화학", "HbA1c", "%", 4.0, 5.6, 1),
        ("지질", "Total Cholesterol", "mg/dL", 120, 200, 0),
        ("지질", "Triglyceride", "mg/dL", 40, 150, 0),
        ("지질", "HDL-Cholesterol", "mg/dL", 40, 75, 0),
        ("지질", "LDL-Cholesterol", "mg/dL", 50, 130, 0),
        ("전해질", "Na", "mmol/L", 135, 145, 0),
        ("전해질", "K", "mmol/L", 3.5, 5.1, 1),
        ("전해질", "Cl", "mmol/L", 98, 107, 0),
        ("전해질", "Calcium", "mg/dL", 8.6, 10.2, 1),
        ("면역", "CRP", "mg/dL", 0.0, 0.5, 2),
        ("면역", "TSH", "uIU/mL", 0.27, 4.2, 2),
        ("면역", "Free T4", "ng/dL", 0.93, 1.7, 2),
        ("면역", "Ferritin", "ng/mL", 13, 400, 0),
        ("면역", "Vitamin D", "ng/mL", 30, 100, 1),
    )
)
