"""Code systems and name spaces that the readers of messages know."""

import re

_ICD10 = re.compile(
    r"icd-?10|\bkcd|kostat|질병사인|2\.16\.840\.1\.113883\.6\.(?:3|4|90)$|^I10[A-Z]*$",
    re.IGNORECASE,
)
_NO_DISEASE = re.compile(r"pcs|procedure", re.IGNORECASE)
_INSTITUTION = re.compile(r"1\.2\.410\.100110\.10\.(\d{8})(?!\d)")
_HIRA = re.compile(r"hira-krnpi|hira\.or\.kr/knpi", re.IGNORECASE)
_LICENCE = re.compile(r"mohw-md-license|licen[cs]e|면허", re.IGNORECASE)
_RESIDENT = re.compile(r"resident|rrn|jumin|주민|nnkor", re.IGNORECASE)
_RESIDENT_TYPES = frozenset({"SS", "NI", "NNKOR", "NN", "PN"})
_RESIDENT_SHAPE = re.compile(r"(\d{2})(\d{2})(\d{2})-?[0-9]\d{6}")
_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)


def is_disease_system(system: str) -> bool:
    """Tell whether a code system is ICD-10 or its Korean edition, KCD."""
    return bool(_ICD10.search(system)) and not _NO_DISEASE.search(system)


def institution_code(text: str) -> str:
    """The 요양기관기호 in an OID of the ministry's tree (1.2.410.100110.10.NNNNNNNN), else ""."""
    match = _INSTITUTION.search(text)
    return match[1] if match else ""


def is_hira(system: str) -> bool:
    """Tell whether identifiers of this system are 요양기관기호."""
    return bool(_HIRA.search(system))


def is_licence(system: str) -> bool:
    """Tell whether identifiers of this system are licence numbers."""
    return bool(_LICENCE.search(system))


def is_resident_number(value: str, system: str, type_code: str) -> bool:
    """Tell a 주민등록번호 from a chart number.

    It has its shape and a day that may exist; and its system or type says so, or its check digit
    is right. Numbers of other countries have another shape.
    """
    match = _RESIDENT_SHAPE.fullmatch(value.strip())
    if match is None or not (1 <= int(match[2]) <= 12 and 1 <= int(match[3]) <= 31):
        return False
    if type_code.upper() in _RESIDENT_TYPES or _RESIDENT.search(system):
        return True
    digits = [int(sign) for sign in value if sign.isdigit()]
    total = sum(digit * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return (11 - total % 11) % 10 == digits[12]
