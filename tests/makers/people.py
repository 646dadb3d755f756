"""Fictional patients, doctors and institutions. Nobody here is real."""

import datetime as dt
import random
from dataclasses import dataclass

# From this day on new numbers carry no check digit (행정안전부, 2020-10).
RANDOM_NUMBERS_FROM = dt.date(2020, 10, 1)

_SURNAMES = "김이박최정강조윤장임한오서신권황안송류홍전고문손양배백허남심노하곽성차주우구민유"
_MALE = (
    ("민준", "서준", "도윤", "시우", "지호", "현우", "준서", "건우", "승민", "재원"),
    ("영수", "정호", "성호", "동현", "상철", "병철", "기영", "종수", "경식", "태준"),
)
_FEMALE = (
    ("서연", "서윤", "지우", "하은", "민서", "수아", "지유", "채원", "예린", "소율"),
    ("영희", "순자", "미경", "은정", "현숙", "정란", "말순", "혜진", "경희", "선영"),
)
_DISTRICTS = (
    ("가온시 누리구", ("한빛로", "새솔길", "은하로", "나루길")),
    ("다솜시 미르구", ("달빛로", "물결길", "느티로", "하늘길")),
    ("라온군 보람읍", ("장터길", "들꽃로", "산마루길", "샘골길")),
)
_CLINICS = ("한빛", "새솔", "누리", "가온", "다솜", "미르", "늘봄", "온새미")
_DEPARTMENTS = ("내과", "가정의학과", "정형외과", "외과", "이비인후과", "소아청소년과")


@dataclass(frozen=True, slots=True)
class Patient:
    """A fictional patient. `resident_number` has its dash, `sex` is M or F."""

    name: str
    resident_number: str
    birth: dt.date
    sex: str
    chart_no: str
    address: str
    phone: str
    insurance: str

    def age(self, on: dt.date) -> int:
        """Completed years on a day."""
        return on.year - self.birth.year - ((on.month, on.day) < (self.birth.month, self.birth.day))


@dataclass(frozen=True, slots=True)
class Doctor:
    """A fictional doctor with a licence number of up to six digits."""

    name: str
    licence_no: str
    department: str


@dataclass(frozen=True, slots=True)
class Clinic:
    """A fictional institution that has closed."""

    name: str
    code: str
    opened: dt.date
    closed: dt.date
    address: str
    phone: str
    fax: str
    business_no: str
    doctors: tuple[Doctor, ...]
    nurses: tuple[str, ...]


def check_digit(first_twelve: str) -> int:
    """Return the 13th digit of a resident number given before 2020-10."""
    weights = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
    total = sum(w * int(d) for w, d in zip(weights, first_twelve, strict=True))
    return (11 - total % 11) % 10


def resident_number(rng: random.Random, birth: dt.date, sex: str) -> str:
    """Return `YYMMDD-SXXXXXX` fitting the birth date and the sex."""
    century = {18: ("9", "0"), 19: ("1", "2"), 20: ("3", "4")}[birth.year // 100]
    head = f"{birth:%y%m%d}{century[sex == 'F']}"
    if birth >= RANDOM_NUMBERS_FROM:
        return f"{head[:6]}-{head[6]}{rng.randrange(10**6):06d}"
    body = f"{head}{rng.randrange(10**5):05d}"
    return f"{body[:6]}-{body[6:]}{check_digit(body)}"


def make_name(rng: random.Random, sex: str, born: int) -> str:
    """Return a surname and two syllables of the generation."""
    given = (_MALE if sex == "M" else _FEMALE)[born < 1985]
    return rng.choice(_SURNAMES) + rng.choice(given)


def make_patient(rng: random.Random, *, name: str | None = None, day: dt.date) -> Patient:
    """Return a patient who was alive on `day`: mostly adults to 92, one in twelve a child."""
    sex = rng.choice("MF")
    ages = (19, 92) if rng.random() < 11 / 12 else (1, 18)
    birth = day - dt.timedelta(days=rng.randrange(ages[0] * 366, ages[1] * 365))
    return Patient(
        name=name or make_name(rng, sex, birth.year),
        resident_number=resident_number(rng, birth, sex),
        birth=birth,
        sex=sex,
        chart_no=f"{rng.randrange(10**6):06d}",
        address=_address(rng),
        phone=f"010-{rng.randrange(2000, 9999)}-{rng.randrange(10**4):04d}",
        insurance=rng.choice(("건강보험", "건강보험", "건강보험", "의료급여1종", "의료급여2종")),
    )


def make_clinic(rng: random.Random) -> Clinic:
    """Return a clinic with two doctors and three nurses, opened before 2012, closed in 2025."""
    region, area = rng.choice((("31", "031"), ("34", "041"), ("37", "054"), ("21", "051")))
    exchange = rng.randrange(200, 999)
    departments = rng.sample(_DEPARTMENTS, 2)
    return Clinic(
        name=f"{rng.choice(_CLINICS)}{departments[0]}의원",
        code=f"{region}3{rng.randrange(10**5):05d}",
        opened=dt.date(rng.randrange(1996, 2012), rng.randrange(1, 13), rng.randrange(1, 28)),
        closed=dt.date(2025, rng.randrange(3, 10), 30),
        address=_address(rng),
        phone=f"{area}-{exchange}-{rng.randrange(10**4):04d}",
        fax=f"{area}-{exchange}-{rng.randrange(10**4):04d}",
        business_no=f"{rng.randrange(100, 999)}-{rng.randrange(10, 99)}-{rng.randrange(10**5):05d}",
        doctors=tuple(
            Doctor(make_name(rng, rng.choice("MF"), 1970), str(rng.randrange(20000, 130000)), name)
            for name in departments
        ),
        nurses=tuple(make_name(rng, "F", 1990) for _ in range(3)),
    )


def _address(rng: random.Random) -> str:
    district, roads = rng.choice(_DISTRICTS)
    address = f"{district} {rng.choice(roads)} {rng.randrange(2, 240)}"
    if rng.random() < 0.5:
        address += f", {rng.randrange(101, 130)}동 {rng.randrange(1, 25)}0{rng.randrange(1, 5)}호"
    return address
