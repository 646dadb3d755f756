"""Text to tokens, so that a substring finds its page however it was spaced.

Hangul: white space between syllables is dropped, then every syllable begins one token, itself and
the next (the last one alone). A phrase of such tokens is a substring. Hanja count as the Hangul
they are read as. Other words: lower case, whole, found by any beginning.
"""

import re
import unicodedata
from operator import add

from archive.index.aliases import hangul, spelled

SYLLABLES = "\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3\u3400-\u4dbf\u4e00-\u9fff"
_GAP = re.compile(rf"(?<=[{SYLLABLES}])\s+(?=[{SYLLABLES}])")
_RUN = re.compile(rf"([{SYLLABLES}]+)|([^\W_{SYLLABLES}]+)")

# Of the tokens and the schema: an index of another version is filled again.
VERSION = 3


def normalised_spaced(text: str) -> str:
    """NFKC, lower case, Hanja in Hangul, units spelled one way."""
    return spelled(hangul(unicodedata.normalize("NFKC", text).lower()))


def normalised(text: str) -> str:
    """The same without white space inside Hangul: what text and query are both read as."""
    # Spelled once more: a unit may have been spaced.
    return spelled(_GAP.sub("", normalised_spaced(text)))


def tokens(text: str) -> str:
    """The tokens of a page's text, in order, joined by spaces."""
    return " ".join(tokens_of(normalised(text)))


def runs(text: str) -> list[str]:
    """The stretches of Hangul and of other letters and digits in normalised text."""
    return [run[0] for run in _RUN.finditer(text)]


def tokens_of(text: str) -> list[str]:
    """The tokens of normalised text."""
    found: list[str] = []
    # A list: yielding one by one took a third longer, and this is what indexing mostly does.
    for syllables, other in _RUN.findall(text):
        if syllables:
            found.extend(map(add, syllables, syllables[1:]))
            found.append(syllables[-1])
        else:
            found.append(other)
    return found
