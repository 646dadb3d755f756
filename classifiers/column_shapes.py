"""What the values of a table's column look like: resident numbers, days, codes, amounts, names."""

import re
from collections.abc import Callable, Mapping, Sequence

from classifiers import grammar
from classifiers.titles import named_kind
from records.date_form import date_form
from records.emr_mapping import FILE, KIND
from records.taxonomy import load_taxonomy

DATE_FORMS = (
    "YYYYMMDD", "YYYY-MM-DD", "YYYY.MM.DD", "YYYY/MM/DD", "YYYY. MM. DD", "YYYY. M. D.",
    "YYYY.M.D", "YYYY-M-D", "YYYY/M/D", "YYYY년 MM월 DD일", "YYYY년 M월 D일", "YYYYMMDDHHmmss",
    "YYYYMMDDHHmm", "MM/DD/YYYY", "DD/MM/YYYY", "M/D/YYYY", "D/M/YYYY", "DD.MM.YYYY",
    "YY-MM-DD", "YY.MM.DD", "YY/MM/DD", "YYMMDD",
)  # fmt: skip
"""Patterns that are tried, the likeliest first."""

_ANY_YEAR = 2059
_CLEARLY_NAMED = 0.93
_PARTS = re.compile(r"[,;|/\s]+")
# The hundred commonest family names cover 99 of 100 people (통계청 2015 인구주택총조사).
_SURNAMES = frozenset(
    "김이박최정강조윤장임한오서신권황안송류유홍전고문손양배백허남심노하곽성차주우구민나진지엄변채원천"
    "방공현함여염석추도소설선마길연위표명기반왕금옥육인맹제모탁국어은편용예경봉사부가복태목형피두감음빈동온"
)
_FILE_NAME = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}\s*$")
_NAME = re.compile(r"[가-힣]{2,4}")


def date_forms(values: Sequence[str]) -> list[str]:
    """Return the patterns that read at least nine of ten values, best first."""
    shares = {}
    for written in DATE_FORMS:
        form = date_form(written)
        if form is not None and values:
            read = sum(form.read(value, _ANY_YEAR) is not None for value in values)
            shares[written] = read / len(values)
    best = [written for written in DATE_FORMS if shares.get(written, 0) >= 0.9]
    return sorted(best, key=lambda written: -shares[written])


def fit(field: str, values: Sequence[str]) -> float | None:
    """Return the share of values that may be values of a field, None where any text may be one."""
    if not values:
        return None
    if field.endswith("_date"):
        return 1.0 if date_forms(values) else sum(map(_is_date, values)) / len(values)
    shape = _SHAPES.get(field)
    return None if shape is None else sum(map(shape, values)) / len(values)


def is_file_name(text: str) -> bool:
    """Whether a value ends as a file's name does."""
    return _FILE_NAME.search(text) is not None


def _is_date(text: str) -> bool:
    return grammar.parse_date(text, _ANY_YEAR) is not None


def _is_resident(text: str) -> bool:
    number = grammar.parse_resident(text)
    return number is not None and number.birth is not None


def _is_codes(text: str) -> bool:
    parts = [part for part in _PARTS.split(text) if part]
    return bool(parts) and all(grammar.parse_kcd(part) for part in parts)


def _is_kind(text: str) -> bool:
    if text in load_taxonomy().kinds:
        return True
    named = named_kind(text) if len(text) <= 40 else None
    return named is not None and named.likeness >= _CLEARLY_NAMED


def _is_name(text: str) -> bool:
    return bool(_NAME.fullmatch(text)) and text[0] in _SURNAMES


def _is_amount(text: str) -> bool:
    return grammar.parse_money(text) is not None


_SHAPES: Mapping[str, Callable[[str], bool]] = {
    KIND: _is_kind,
    FILE: is_file_name,
    "patient_name": _is_name,
    "doctor": _is_name,
    "resident_number": _is_resident,
    "sex": lambda text: grammar.parse_sex(text) is not None,
    "chart_no": lambda text: grammar.parse_chart_no(text) is not None,
    "institution_code": lambda text: grammar.parse_institution_code(text) is not None,
    "licence_no": lambda text: grammar.parse_licence(text) is not None,
    "disease_codes": _is_codes,
    "total_amount": _is_amount,
    "patient_amount": _is_amount,
}
