"""File names as people may see them: a name or a number of a patient in them is painted over."""

import re

MASK = "▇▇▇"
# Letters beyond ASCII (a name, or a name in a wrong encoding), and six digits or more, however they
# are grouped: a date of birth, a resident number, a telephone number.
_PERSONAL = re.compile(r"[^\x00-\x7f]+|\d(?:[-. ]?\d){5,}")


def display_path(path: str) -> str:
    """Return a path that is safe to print; plain ASCII names with short counters stay as they are.

    The mask has always the same width, so that it does not tell how long a name is.
    """
    masked = "".join(letter if letter.isprintable() else "?" for letter in path)
    return _PERSONAL.sub(MASK, masked)
