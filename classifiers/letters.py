"""How printed letters are compared: spacing, width and decoration do not count.

Titles are letter-spaced ("진 단 서"), and readers drop or invent spaces: nothing here trusts them.
"""

import re
import unicodedata

_DECORATION = re.compile(r"[^0-9a-z가-힣一-鿿*]+")


def fold(text: str) -> str:
    """One spelling for one sign: full width, ligature and decomposed forms become plain ones."""
    return unicodedata.normalize("NFKC", text)


def strokes(letters: str) -> str:
    """Letters taken apart into jamo: a reader mistakes one stroke of a syllable, not all of it."""
    return unicodedata.normalize("NFD", letters)


def compact(text: str) -> str:
    """Letters and digits only, lower case: what two prints of one phrase have in common."""
    return _DECORATION.sub("", fold(text).lower())
