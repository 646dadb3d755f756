"""Guesses about the columns of an EMR table."""

import re

import pytest

from classifiers.column_guess import TableGuess, guess_columns
from records.reasons import load_reasons

ROWS = (
    ("00123", "김가나", "800101-1234560", "1", "80.01.01", "20190305", "M545", "12,000", "김부모"),
    ("00124", "이다라", "900202-2234561", "2", "90.02.02", "20190306", "J00", "8,000", "이부모"),
    ("00125", "박마바", "700303-1234567", "1", "70.03.03", "20190307", "I10,E119", "900", "박부모"),
)


def guessed(names: str, rows: tuple[tuple[str, ...], ...] = ROWS) -> TableGuess:
    """Guess a table of these column names."""
    columns = names.split()
    return guess_columns(columns, [dict(zip(columns, row, strict=True)) for row in rows])


def taken(guess: TableGuess) -> dict[str, str]:
    """Column → field, of the guesses that are sure enough."""
    return {column.column: column.field for column in guess.columns if column.taken}


def one(values: list[str], name: str = "x", *beside: tuple[str, list[str]]) -> TableGuess:
    """Guess a column of these values, with others beside it."""
    columns = {name: values} | dict(beside)
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return guess_columns(tuple(columns), rows)


@pytest.mark.parametrize("names", [
    "환자번호 환자명 주민번호 성별 생년월일 진료일자 상병코드 총진료비 보호자성명",
    "PT_NO PT_NM RRN SEX_CD BIRTH VISIT_DT KCD TOTAL_AMOUNT 보호자",
])  # fmt: skip
def test_korean_and_english_headers(names: str) -> None:
    """Headers of both languages lead to the same fields; a guardian is no patient."""
    guess = guessed(names)

    assert list(taken(guess).values()) == [
        "chart_no", "patient_name", "resident_number", "sex", "birth_date", "visit_date",
        "disease_codes", "total_amount",
    ]  # fmt: skip
    by_field = {column.field: column for column in guess.columns}
    assert by_field["sex"].codes == {"1": "M", "2": "F"}
    assert (by_field["birth_date"].date, by_field["visit_date"].date) == ("YY.MM.DD", "YYYYMMDD")
    assert guess.latest_year == 2019


def test_values_speak_where_headers_do_not() -> None:
    """Resident numbers, codes and the day of birth are known by themselves; amounts are not."""
    guess = guessed("a b c d e f g h i")
    reasons = {column.column: column.reasons for column in guess.columns}

    assert taken(guess) == {"c": "resident_number", "e": "birth_date", "f": "visit_date",
                            "g": "disease_codes"}  # fmt: skip
    assert reasons["h"] == ("guess.amount_unknown",)
    assert reasons["b"] == reasons["i"] == ("guess.names_unknown",)


def test_a_header_that_its_values_deny_is_told_and_not_taken() -> None:
    """A column called 진료일 that holds words is no day."""
    column = one(["가", "나다", "라"], "진료일").columns[0]

    assert (column.field, column.taken) == ("visit_date", False)
    assert column.reasons == ("guess.header", "guess.values_differ")


@pytest.mark.parametrize(("values", "form"), [
    (["20190305", "20191231"], "YYYYMMDD"), (["2019-03-05", "2019-12-31"], "YYYY-MM-DD"),
    (["2019. 3. 5.", "2019. 12. 31."], "YYYY. M. D."), (["2019년 3월 5일"], "YYYY년 M월 D일"),
    (["2019-03-05 10:20:30"], "YYYY-MM-DD"), (["03/25/2019", "01/02/2019"], "MM/DD/YYYY"),
    (["25/03/2019", "01/02/2019"], "DD/MM/YYYY"), (["20190305102030"], "YYYYMMDDHHmmss"),
])  # fmt: skip
def test_how_days_are_written(values: list[str], form: str) -> None:
    """The pattern that reads all values is found."""
    assert one(values, "진료일").columns[0].date == form


def test_what_cannot_be_told_of_a_day_is_said() -> None:
    """Month and day that may change places, and a century that nothing tells, are not guessed."""
    turned = one(["03/05/2019", "04/06/2019"], "진료일").columns[0]
    short = one(["19.03.05", "19.12.31"], "진료일").columns[0]

    assert (turned.taken, turned.reasons[-1]) == (False, "guess.day_or_month")
    assert (short.taken, short.reasons[-1]) == (False, "guess.century")


def test_codes_of_sex_need_somebody_who_knows() -> None:
    """Without resident numbers, or where they contradict, codes stay unknown."""
    alone = one(["1", "2"], "성별").columns[0]
    numbers = ("주민번호", ["800101-1234560", "900202-2234561"])
    mixed = one(["1", "1"], "성별", numbers).columns[0]

    assert (alone.taken, alone.reasons[-1]) == (False, "guess.codes_unknown")
    assert (mixed.taken, mixed.reasons[-1]) == (False, "guess.codes_unknown")


def test_one_field_has_one_column() -> None:
    """Of two columns for one field the surer is taken; lists may have several."""
    guess = one(["2019-03-05"], "진료일", ("내원일자", ["2019-03-05"]), ("상병코드", ["M545"]),
                ("부상병코드", ["J00"]))  # fmt: skip

    assert taken(guess) == {"진료일": "visit_date", "상병코드": "disease_codes",
                            "부상병코드": "disease_codes"}  # fmt: skip
    assert guess.columns[1].reasons[-1] == "guess.another_column"


def test_every_guess_has_words() -> None:
    """Each reason that a guess can give is explained in both languages."""
    source = __import__("classifiers.column_guess", fromlist=["x"]).__file__
    with open(source, encoding="utf-8") as file:  # noqa: PTH123
        named = set(re.findall(r'"(guess\.[a-z_]+)"', file.read()))

    assert len(named) > 12
    assert named <= set(load_reasons())
