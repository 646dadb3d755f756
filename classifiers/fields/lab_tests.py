"""The laboratory test that a name means, though thin strokes were lost or signs mistaken.

Readers lose the l of Cl and Platelet, take 1 for l and I, O for 0, and part words; none of that
tells two tests apart. A sign more, fewer or other is mended where one test alone is so near.
"""

import functools
import re
from collections.abc import Iterable, Mapping
from typing import TypeVar

from rapidfuzz.distance import Levenshtein

from classifiers.letters import fold
from classifiers.ruleset import load_lab_tests

_THIN = re.compile(r"[li1|!\s\-_.,'\"‘’·()\[\]]")
_SHORTEST = 4  # signs of a name that may have a wrong one
_SHORTEST_UNIT = 3
_FIGURES = re.compile(r"[2-9]")  # 0 and 1 are mistaken for letters
T = TypeVar("T")


def known_test(name: str, unit: str = "") -> str | None:
    """The test as sheets print it; None where a name is near to none, or to several.

    Args:
        name: as read.
        unit: as read beside it; settles which of several tests a cut name is.
    """
    letters = fold(name).strip()
    if letters in _units_of_tests():
        return letters
    figures = _FIGURES.findall(letters)
    near = [test for test in _near(_bones(letters)) if _FIGURES.findall(test) == figures]
    if len(near) > 1:
        near = [test for test in near if _plain(test) == _plain(letters)]
    found = _only(near)
    if found is not None and any(_is_cut(letters, other, unit) for other in _others(found)):
        return None
    return found


def unit_of(test: str, unit: str) -> str | None:
    """The unit that was read for a test, mended; None where it is none of the test's units.

    A unit that another test is given in is never mended: g/dL is no misread mg/dL.
    """
    units = _units_of_tests().get(test, frozenset())
    if unit in units or unit in load_lab_tests():
        return unit if unit in units else None
    apart = {one: Levenshtein.distance(unit, one) for one in units}
    same = [one for one in units if _bones(one) == _bones(unit)]
    if not same and len(unit) >= _SHORTEST_UNIT:
        same = [one for one in units if apart[one] == 1]
    least = min((apart[one] for one in same), default=0)
    return _only(one for one in same if apart[one] == least)


def _near(bones: str) -> Iterable[str]:
    """The tests with these bones; with long ones, else those that have one sign otherwise."""
    exact = _by_bones().get(bones, ())
    if exact or len(bones) < _SHORTEST:
        return exact
    return [
        test
        for other, tests in _by_bones().items()
        if Levenshtein.distance(bones, other, score_cutoff=1) == 1
        for test in tests
    ]


def _others(test: str) -> Iterable[str]:
    return (other for other in _units_of_tests() if other != test)


def _is_cut(letters: str, other: str, unit: str) -> bool:
    """Whether a name may as well be another test's that lost a sign: DL-Cholesterol is HDL or LDL.

    Not where the unit beside it is none of that test's.
    """
    whole, read = _plain(other), _plain(letters)
    if len(whole) != len(read) + 1 or (unit and unit_of(other, unit) is None):
        return False
    return any(whole[:at] + whole[at + 1 :] == read for at in range(len(whole)))


def _bones(name: str) -> str:
    """What is left of a name without the strokes that readers lose and mistake."""
    return _THIN.sub("", fold(name).lower()).replace("0", "o").replace("μ", "u").replace("µ", "u")


def _plain(name: str) -> str:
    return re.sub(r"\s", "", fold(name).lower())


def _only(found: Iterable[T]) -> T | None:
    given = list(found)
    return given[0] if len(given) == 1 else None


@functools.cache
def _units_of_tests() -> Mapping[str, frozenset[str]]:
    units: dict[str, set[str]] = {}
    for unit, tests in load_lab_tests().items():
        for test in tests:
            units.setdefault(test, set()).add(unit)
    return {test: frozenset(found) for test, found in units.items()}


@functools.cache
def _by_bones() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for test in _units_of_tests():
        found.setdefault(_bones(test), set()).add(test)
    return {bones: frozenset(tests) for bones, tests in found.items()}
