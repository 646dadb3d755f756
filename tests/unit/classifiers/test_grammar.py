"""What the field's numbers, dates and amounts may look like."""

import datetime as dt

import pytest

from classifiers import grammar


@pytest.mark.parametrize(
    "text", ["800101-1234560", "800101 - 1234560", "8001011234560", "800101–1234560"]
)
def test_a_resident_number_is_read_in_any_print(text: str) -> None:
    """Spaces and dashes do not matter; birth and sex follow from the number."""
    number = grammar.parse_resident(text)

    assert number is not None
    assert number.text == "800101-1234560"
    assert (dt.date(1980, 1, 1), "M", "passed") == (number.birth, number.sex, number.check)


@pytest.mark.parametrize("text", ["800101-1******", "800101-1", "800101-1XXXXXX"])
def test_a_masked_number_stays_masked(text: str) -> None:
    """Hidden digits are stars, and nothing is guessed for them."""
    number = grammar.parse_resident(text)

    assert number is not None
    assert number.text == "800101-1******"
    assert number.masked
    assert number.check is None


def test_a_number_masked_after_the_birth_date_tells_no_century() -> None:
    """Without the seventh digit there is neither sex nor century."""
    number = grammar.parse_resident("800101-*******")

    assert number is not None
    assert (number.birth, number.sex) == (None, None)


def test_letters_are_mended_only_where_the_check_digit_proves_it() -> None:
    """O for 0 is mended when the check digit agrees, and refused when it does not."""
    mended = grammar.parse_resident("8OO1O1-123456O")

    assert mended is not None
    assert mended.repaired
    assert mended.text == "800101-1234560"
    assert grammar.parse_resident("8OO1O1-1234567") is None


def test_numbers_given_since_october_2020_have_no_check_digit() -> None:
    """A number of a child born after the change is neither passed nor failed."""
    number = grammar.parse_resident("201105-3123456")

    assert number is not None
    assert (dt.date(2020, 11, 5), None) == (number.birth, number.check)


def test_a_wrong_check_digit_is_told() -> None:
    """An old number whose check digit is wrong is kept and marked."""
    number = grammar.parse_resident("800101-1234561")

    assert number is not None
    assert number.check == "failed"


@pytest.mark.parametrize("text", ["123-45-67890", "010-1234-5678", "80010-1234560", ""])
def test_other_numbers_are_no_resident_numbers(text: str) -> None:
    """Phone and business numbers have another shape."""
    assert grammar.parse_resident(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "2019. 3. 5.",
        "2019.03.05",
        "2019-03-05",
        "2019/3/5",
        "2019년 3월 5일",
        "20190305",
        "19.3.5",
        "'19. 3. 5",
        "2O19. 3. 5.",
    ],
)
def test_a_date_is_read_in_every_form(text: str) -> None:
    """Every form that paper shows gives one ISO date."""
    date = grammar.parse_date(text, latest_year=2025)

    assert date is not None
    assert date.iso == "2019-03-05"


def test_two_digit_years_turn_on_the_closing_year() -> None:
    """A two-digit year is the last one that the institution can have lived to see."""
    before = grammar.parse_date("98.3.5", latest_year=2003)
    after = grammar.parse_date("03.3.5", latest_year=2003)

    assert before is not None
    assert after is not None
    assert (before.iso, after.iso) == ("1998-03-05", "2003-03-05")


@pytest.mark.parametrize("text", ["2019. 2. 30.", "2019-13-01", "13.5-17.5", "120/80", "2019"])
def test_what_is_no_day_is_no_date(text: str) -> None:
    """Days that do not exist, ranges and readings are refused."""
    assert grammar.parse_date(text, latest_year=2025) is None


@pytest.mark.parametrize(
    ("text", "won"),
    [("12,330원", 12330), ("₩12,330", 12330), ("12.330", 12330), ("-", 0), ("-5,000", -5000)],
)
def test_money_is_whole_won(text: str, won: int) -> None:
    """Signs, points and units fall away; refunds stay negative."""
    assert won == grammar.parse_money(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [("M545", "M54.5"), ("M54.5", "M54.5"), ("J00", "J00"), ("A09.9†", "A09.9"), ("MO54", None)],
)
def test_disease_codes_get_their_point(text: str, code: str | None) -> None:
    """The point is set where paper leaves it out; a letter is not made a digit."""
    assert code == grammar.parse_kcd(text)


@pytest.mark.parametrize(
    ("text", "sex"),
    [("남", "M"), ("여 / 45세", "F"), ("[√]남 [ ]여", "M"), ("☐남 ☑여", "F"), ("남 여", None)],
)
def test_sex_is_one_word_or_one_ticked_box(text: str, sex: str | None) -> None:
    """Two words without a tick are a form, not an answer."""
    assert sex == grammar.parse_sex(text)


def test_licence_and_institution_codes_have_their_lengths() -> None:
    """Licences have up to six digits, institutions eight."""
    assert grammar.parse_licence("제 12345 호") == "12345"
    assert grammar.parse_licence("1234567") is None
    assert grammar.parse_institution_code("31234567") == "31234567"
    assert grammar.parse_institution_code("3123456") is None
