"""Is the institution named on a page the one that delivered: fuzzy, because pages are misread."""

import re

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

_DEPARTMENTS = (
    r"정형외과|신경외과|성형외과|흉부외과|가정의학과|소아청소년과|이비인후과|산부인과|비뇨의학과|비뇨기과|재활의학과|"
    r"마취통증의학과|정신건강의학과|영상의학과|내과|외과|안과|피부과|소아과|신경과|정신과"
)
_DEPARTMENT = re.compile(_DEPARTMENTS)
# What nearly every clinic's name ends in says nothing about which clinic it is.
_COMMON = re.compile(
    r"의료법인|재단법인|학교법인|의료재단|종합병원|요양병원|치과병원|한방병원|대학교|부속|병원|의원|치과|한의원|클리닉|"
    + _DEPARTMENTS
)
# A stem has two to four syllables. One of them may be misread, two of longer ones; a stem may stand
# inside a longer one (한빛 in 한빛의료재단 한빛내과).
SHORT_STEM = 3
WHOLE_AGREES = 75.0


def same_institution(printed: str, delivered: str) -> bool:
    """Tell whether a printed name can be the delivering institution's, spaces and misreads aside.

    What is compared is the stem ("한빛" of "한빛내과의원"); whole names where one has no stem.
    Stems that are only alike are another clinic's where the departments are others.
    """
    left, right = _letters(printed), _letters(delivered)
    stem_left, stem_right = _COMMON.sub("", left), _COMMON.sub("", right)
    if not (stem_left and stem_right):
        return fuzz.partial_ratio(left, right) >= WHOLE_AGREES
    if stem_left == stem_right:
        return True
    if not _may_share_departments(left, right):
        return False
    short, long = sorted((stem_left, stem_right), key=len)
    if len(short) > 1 and short in long:
        return True
    return Levenshtein.distance(short, long) <= (1 if len(long) <= SHORT_STEM else 2)


def _may_share_departments(left: str, right: str) -> bool:
    ours, theirs = set(_DEPARTMENT.findall(left)), set(_DEPARTMENT.findall(right))
    return not (ours and theirs) or bool(ours & theirs)


def _letters(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
