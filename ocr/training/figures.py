"""Dates, numbers, names, addresses and measures as Korean medical paper writes them."""

import random
import string

from ocr.training.words import WORDS

Rng = random.Random


def date(rng: Rng) -> str:
    """Return a date, a time or a span of days."""
    year, month, day = rng.randint(1930, 2026), rng.randint(1, 12), rng.randint(1, 28)
    short = year % 100
    return rng.choice(
        (
            f"{year}-{month:02d}-{day:02d}",
            f"{year}.{month:02d}.{day:02d}",
            f"{year}. {month}. {day}.",
            f"{year}년 {month}월 {day}일",
            f"{year}년{month:02d}월{day:02d}일",
            f"{year} 년 {month} 월 {day} 일",
            f"{year}/{month:02d}/{day:02d}",
            f"{year}{month:02d}{day:02d}",
            f"{short:02d}.{month}.{day}",
            f"{year}-{month:02d}-{day:02d} {rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}",
            f"{month}/{day}",
            f"'{short:02d}.{month}",
            f"{year}-{month:02d}-{day:02d} ~ {year}-{month:02d}-{day:02d}",
            f"{year}.{month}.{day}부터",
            f"만 {rng.randint(0, 99)}세",
        )
    )


def resident_number(rng: Rng) -> str:
    """Return a resident number, whole, masked or cut."""
    head = f"{rng.randint(0, 99):02d}{rng.randint(1, 12):02d}{rng.randint(1, 31):02d}"
    tail = f"{rng.randint(0, 9)}{rng.randrange(10**6):06d}"
    return rng.choice(
        (
            f"{head}-{tail}",
            f"{head}-{tail}",
            f"{head} - {tail}",
            f"{head}-{tail[0]}******",
            f"{head}{tail}",
            head,
        )
    )


def digits(rng: Rng) -> str:
    """Return up to 13 digits."""
    return "".join(rng.choice(string.digits) for _ in range(rng.randint(1, 13)))


def number(rng: Rng) -> str:
    """Return a running number, a page number."""
    body = digits(rng)[: rng.randint(2, 8)]
    return rng.choice(
        (
            body,
            f"제 {body} 호",
            f"No. {body}",
            f"{body}-{rng.randint(1, 99)}",
            f"제{body}호",
            f"{rng.choice(string.ascii_uppercase)}{body}",
            f"{rng.randint(1, 9)}/{rng.randint(1, 9)}",
            f"- {rng.randint(1, 20)} -",
        )
    )


# In codes of diseases and fees: I and J are like 1, O and D like 0, G is like C and 6.
_LETTERS_OFTEN = "IIIIIIIIIIEJJKMNSODGGGGGGGCCCCC"


def code(rng: Rng) -> str:
    """Return a code of a disease or a fee."""
    letter = rng.choice(string.ascii_uppercase + _LETTERS_OFTEN)
    code = f"{letter}{rng.randint(0, 99):02d}"
    return rng.choice(
        (
            code,
            f"{code}.{rng.randint(0, 9)}",
            f"{code}.{rng.randint(0, 9)}",
            f"{code}{rng.randint(0, 99):02d}",
            f"({code}.{rng.randint(0, 9)})",
            f"{letter}{letter}{rng.randrange(10**3):03d}",
            f"{letter}{rng.randrange(10**4):04d}",
            f"{letter}{rng.randrange(10**4):04d}",
            f"{code}.{rng.randint(0, 9)}, {letter}{rng.randint(0, 99):02d}.{rng.randint(0, 9)}",
        )
    )


def amount(rng: Rng) -> str:
    """Return an amount of money."""
    value = rng.randrange(10 ** rng.randint(1, 7))
    return rng.choice(
        (
            f"{value:,}",
            f"{value:,}",
            f"{value:,}원",
            f"{value:,} 원",
            f"₩{value:,}",
            f"{value}",
            f"-{value:,}",
            f"금 {value:,}원",
            "0",
            "0",
            " ".join("0" * rng.randint(2, 5)),
            f"{value:,}.00",
            f"\\{value:,}",
        )
    )


def telephone(rng: Rng) -> str:
    """Return a telephone number."""
    area = rng.choice(("02", "031", "051", "053", "062", "010", "011", "070", "1588", "063"))
    return rng.choice(
        (
            f"{area}-{rng.randint(200, 9999)}-{rng.randrange(10**4):04d}",
            f"{area}) {rng.randint(200, 9999)}-{rng.randrange(10**4):04d}",
            f"({area}){rng.randint(200, 999)}-{rng.randrange(10**4):04d}",
        )
    )


def business_number(rng: Rng) -> str:
    """Return a business number."""
    return f"{rng.randint(100, 999)}-{rng.randint(10, 99)}-{rng.randrange(10**5):05d}"


def value(rng: Rng) -> str:
    """Return a measured value."""
    return rng.choice(
        (
            f"{rng.uniform(0, 20):.1f}",
            f"{rng.randint(0, 400)}",
            f"{rng.uniform(0, 5):.2f}",
            f"{rng.uniform(0, 200):.1f}",
        )
    )


def measure(rng: Rng) -> str:
    """Return a value with its unit or sign."""
    return rng.choice(
        (
            f"{rng.randint(80, 190)}/{rng.randint(40, 110)}",
            f"BP {rng.randint(80, 190)}/{rng.randint(40, 110)} mmHg",
            f"{rng.uniform(35, 41):.1f}℃",
            f"{value(rng)}{rng.choice(WORDS.units)}",
            f"{value(rng)} {rng.choice(WORDS.units)}",
            f"PR {rng.randint(40, 140)}",
            f"{rng.randint(1, 9)}x{rng.randint(1, 9)} cm",
            f"{rng.uniform(0, 9):.1f}×{rng.uniform(0, 9):.1f}",
            f"±{value(rng)}",
            f"≥{value(rng)}",
            f"≤ {value(rng)}",
            f"{rng.randint(1, 100)}%",
            f"L{rng.randint(1, 5)}-{rng.randint(1, 5)}",
            f"#{rng.randint(1, 30)}",
        )
    )


def regimen(rng: Rng) -> str:
    """Return how much of a drug is taken, how often and for how long."""
    much = rng.choice(("1", "1", "2", "3", "0.5", "1/2"))
    much += rng.choice(("T", "C", "tab", "cap", "정", " p", ""))
    often = rng.choice(("qd", "bid", "tid", "qid", "hs", "prn", "#3", "#2", "3회", "1일 3회"))
    when = rng.choice((" pc", " ac", " 식후 30분", "", "", ""))
    days = f"{rng.randint(1, 90)}{rng.choice(('D', 'd', ' days', '일', '일분', 'T', ''))}"
    times = rng.choice((" x ", " x ", " x ", " X ", " × ", "x", " * ", " "))
    return f"{much} {often}{when}{times}{days}"


def name(rng: Rng) -> str:
    """Return a person's name, in some dress."""
    given = "".join(rng.choice(_GIVEN) for _ in range(rng.choices((1, 2, 3), (1, 12, 0.5))[0]))
    name = rng.choice(WORDS.surnames) + given
    return rng.choice(
        (
            name,
            name,
            name,
            " ".join(name),
            f"{name} (인)",
            f"의사 {name}",
            f"{name} 귀하",
            f"{name[0]}○{name[-1]}",
            f"{name}({rng.choice('MF남여')}/{rng.randint(1, 99)})",
        )
    )


_GIVEN = (
    "가강건경고관광교구국권규균근금기길나남노다단달대덕도동두라란람래련령로루리린림마만명모목무문미민바배백범병보복봉"
    "분빈상샘서석선설섭성세소솔송수숙순슬승시식신실아안애양언여연열영예오옥온완요용우욱운웅원월위유윤율은을의이익인일"
    "임자장재정제조종주준중지진찬창채천철청초춘충치태택평필하학한해향혁현형혜호홍화환황효후훈휘희"
)


def address(rng: Rng) -> str:
    """Return part of an address."""
    parts = rng.sample(WORDS.places, rng.randint(1, 3))
    parts.append(
        rng.choice(
            (
                f"{rng.randint(1, 400)}",
                f"{rng.randint(1, 400)}-{rng.randint(1, 60)}",
                f"{rng.randint(1, 400)}번길 {rng.randint(1, 90)}",
                f"{rng.randint(101, 140)}동 {rng.randint(101, 2505)}호",
                f"({rng.randrange(10**5):05d})",
                f"{rng.randint(1, 9)}층",
            )
        )
    )
    return " ".join(parts)


_CLINICS = (
    "의원",
    "병원",
    "내과의원",
    "정형외과",
    "한의원",
    "치과의원",
    "종합병원",
    "요양병원",
    "보건소",
    "약국",
    "소아청소년과의원",
    "이비인후과의원",
    "산부인과",
    "안과의원",
    "외과의원",
    "가정의학과의원",
)


def clinic(rng: Rng) -> str:
    """Return the name of a clinic."""
    return (
        "".join(rng.choice(_GIVEN) for _ in range(2))
        + rng.choice(_CLINICS)
        + rng.choice(("", "", " 원장", " (직인생략)", "장"))
    )
