"""Numbers and names of nobody in particular: they tell no two people to be one."""

from dataclasses import replace

from classifiers.identity import Identity, compare
from classifiers.placeholders import is_placeholder_name, is_placeholder_number


def test_what_counts_as_a_placeholder() -> None:
    """Serial zero, no day of birth, words for nobody are placeholders; what people have is none."""
    for number in ("240305-3000000", "950305-2000000", "241345-3123456"):
        assert is_placeholder_number(number), number
    for number in ("240305-3123456", "800101-1******", "800101-1000001"):
        assert not is_placeholder_number(number), number
    for name in ("김영희아기", "김영희 애기2", "신생아", "무명남", "무명녀 2", "성명미상",
                 "행려환자", "○○○", "Unknown", "John Doe"):  # fmt: skip
        assert is_placeholder_name(name), name
    for name in ("김영희", "무명희", "남미상", "행여진", "Doe Johnson", "박아기나"):
        assert not is_placeholder_name(name), name


def test_a_number_of_many_joins_no_two_newborns() -> None:
    """Twins of one day share a number: by that alone two pages are not of one child."""
    first = Identity(name="김영희아기1", resident_number="240305-4000000")
    second = replace(first, name="김영희아기2")
    own = replace(first, resident_number="240305-4123456")

    assert compare(first, second).same is False
    assert compare(first, first).same is True
    assert compare(own, replace(own, name="김영희아기2")).same is True
