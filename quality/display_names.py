"""File names as people may see them: a name or a number of a patient in them is painted over."""

import re

MASK = "▇▇▇"
# Letters beyond ASCII (a name, or a name in a wrong encoding), and six digits or more, however they
# are grouped: a date of birth, a resident number, a telephone number.
_PERSONAL = re.compile(r"[^\x00-\x7f]+|\d(?:[-. ]?\d){5,}")
# What is written on boxes and is nobody's name.
_BOX_WORDS = re.compile(
    r"(상자|박스|보관함|캐비닛|서랍|선반|번째|번|호|함|외래|입원|응급|차트|진료기록|기록|연도|년|월"
    r"|내과|외과|소아과|산부인과|정형외과|이비인후과|안과|치과|피부과|한방)"
)


def display_path(path: str) -> str:
    """Return a path that is safe to print; plain ASCII names with short counters stay as they are.

    The mask has always the same width, so that it does not tell how long a name is.
    """
    return _PERSONAL.sub(MASK, _printable(path))


def display_box(name: str) -> str:
    """Return a box's name as `display_path` would, with the words of boxes left standing."""
    parts = _BOX_WORDS.split(name)
    return "".join(
        part if place % 2 else _PERSONAL.sub(MASK, _printable(part))
        for place, part in enumerate(parts)
    )


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text)
