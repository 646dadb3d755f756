"""The name of a drug: spaces that readers put in taken out, its strength and substance mended.

A strength in milligrams is written 밀리그램 today and was written 밀리그람; both become the first.
A substance that the reader doubted is mended where one known substance alone is so near.
"""

import functools
import re
from collections.abc import Mapping

from rapidfuzz.distance import Levenshtein

from classifiers.letters import strokes
from classifiers.ruleset import load_drug_names

_SPACE_IN_NAME = re.compile(r"(?<=[가-힣\d]) (?=[가-힣])|(?<=[가-힣]) (?=\d)")
_MILLIGRAMS = re.compile(r"(?<=\d)밀[리티러](?:[그르구]?[램람량럄랜랑렘럼]|[그르구])(?![가-힣])")
_SUBSTANCE = re.compile(
    r"^(?P<name>[가-힣]+?)(?=(?:정|캡슐|시럽|주사|주|연고|크림|겔|액|산|과립)\d)"
)
# Syllables of a substance that may have a stroke, a syllable, or a syllable too few misread.
_SHORTEST, _LONGER, _LOST = 4, 5, 6


def plain_drug_name(printed: str) -> str:
    """A name without the spaces in its words, its milligrams spelled as they are today."""
    return _MILLIGRAMS.sub("밀리그램", _SPACE_IN_NAME.sub("", printed))


def is_known(name: str) -> bool:
    """Whether a drug is called by a known substance."""
    return substance_of(name) in _strokes()


def mended_drug_name(name: str) -> str | None:
    """A doubted name with the one known substance that is so near in its place, else None."""
    read = substance_of(name)
    near = {known for known, spelled in _strokes().items() if _is_near(read, known, spelled)}
    return near.pop() + name[len(read) :] if len(near) == 1 else None


def substance_of(name: str) -> str:
    """What stands before form and strength: 레바미피드 of 레바미피드정100밀리그램."""
    match = _SUBSTANCE.match(name)
    return match["name"] if match else name


def _is_near(read: str, known: str, spelled: str) -> bool:
    if len(read) < _SHORTEST or Levenshtein.distance(read, known, score_cutoff=1) != 1:
        return False
    least = _LONGER if len(read) == len(known) else _LOST
    return len(read) >= least or Levenshtein.distance(strokes(read), spelled) == 1


@functools.cache
def _strokes() -> Mapping[str, str]:
    return {name: strokes(name) for name in load_drug_names()}
