"""Names and numbers that stand in for somebody nobody has named yet.

A newborn is written under `YYMMDD-3000000` or `YYMMDD-4000000` and "baby of …"; a person without
papers under a number that is no birth date, or a name such as 무명남. The same one is given to many
people, so it tells nothing about who somebody is: two who bear it are never made one.
"""

import re

from classifiers.grammar import parse_resident
from classifiers.letters import fold

# 1 and 2: newborns before the year 2000. Serial zero is given to nobody else.
_NEWBORN_NUMBER = re.compile(r"^\d{6}-[1-4]0{6}$")
_NEWBORN_NAME = re.compile(
    r"(아기|애기|신생아|baby)[남여]?\d*$|^(신생아|babyof|baby(boy|girl))", re.IGNORECASE
)
_NAMELESS = re.compile(
    r"^(무명|무명씨|성명불상|성명미상|신원불명|신원불상|신원미상|이름미상|미상|불상|무연고|행려|행려병)"
    r"(자|인|남|녀|여|남자|여자|남성|여성|환자)*\d*$"
    r"|^(unknown|unidentified|johndoe|janedoe)\w*$",
    re.IGNORECASE,
)
_COVERED = re.compile(r"^[○●◯〇OX*ㅇ]{2,}$")


def is_placeholder_number(number: str) -> bool:
    """Whether a resident number, whole or masked, is one that many may bear at once.

    A number whose first six digits are no day is one of the unidentified, or misread: neither says
    who somebody is.
    """
    if _NEWBORN_NUMBER.match(number):
        return True
    parsed = parse_resident(number)
    return parsed is None or (parsed.birth is None and number[7:8] != "*")


def is_placeholder_name(name: str) -> bool:
    """Whether a name is a word for somebody without one."""
    bare = re.sub(r"[\s()\[\]._-]+", "", fold(name))
    return bool(_NEWBORN_NAME.search(bare) or _NAMELESS.match(bare) or _COVERED.match(bare.upper()))
