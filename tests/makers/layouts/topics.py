"""What a block of labelled values is about, told from its labels."""

from collections import Counter
from typing import Literal

from tests.makers.content import Fields

Topic = Literal[
    "dispensing", "fees", "surgery", "disease", "exam", "clinic", "visit", "patient", ""
]

# In this order, as some words stand within others: `환자부담 총액`, `수술 전 진단명`, `의사 성명`.
_WORDS: tuple[tuple[Topic, tuple[str, ...]], ...] = (
    ("dispensing", ("조제", "사용기간", "본인부담")),
    ("fees", ("금액", "총액", "부담")),
    ("surgery", ("수술", "Op.", "-op", "마취", "Anesthesia", "집도", "Operator")),
    ("disease", ("상병", "병명", "진단", "발병", "질병", "상해", "사망")),
    ("exam", ("검체", "검사", "촬영", "판독", "보고일", "채취")),
    ("clinic", ("기관", "의료인", "의사", "면허", "상호", "대표자", "사업", "팩스", "소재지")),
    ("visit", ("진료", "입원", "퇴원", "치료", "통원", "호실", "병실", "구분")),
    ("patient", ("성명", "성 명", "환자", "주민", "생년월일", "성별", "주소", "연락처", "번호")),
)


def topic_of(block: Fields) -> Topic:
    """The topic of at least half of a block's labels; empty where it has none."""
    found = Counter(_topic_of_label(item.label) for row in block.rows for item in row)
    return next((topic for topic, _ in _WORDS if 2 * found[topic] >= found.total()), "")


def _topic_of_label(label: str) -> Topic:
    return next((topic for topic, words in _WORDS if any(word in label for word in words)), "")
