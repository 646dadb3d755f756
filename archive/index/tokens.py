"""Text to tokens and queries to FTS5 expressions, so that a substring finds its page.

Hangul and Hanja: white space between them is dropped, then every character begins one token,
itself and the next (the last one alone). A phrase of such tokens is a substring, however the
scan was spaced. Other words: lower case, whole, found by any beginning.
"""

import re
import unicodedata
from collections.abc import Iterator

_SYLLABLES = "\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3\u3400-\u4dbf\u4e00-\u9fff"
_GAP = re.compile(rf"(?<=[{_SYLLABLES}])\s+(?=[{_SYLLABLES}])")
_RUN = re.compile(rf"(?P<syllables>[{_SYLLABLES}]+)|[^\W_{_SYLLABLES}]+")
_JOINED = re.compile(rf"[{_SYLLABLES}]+|[^\W_{_SYLLABLES}]+(?:[.,:/\-][^\W_{_SYLLABLES}]+)*")
_ONE_WRONG_FROM = 3


def normalised(text: str) -> str:
    """NFKC, lower case, no white space inside Hangul: what both text and query are read as."""
    return _GAP.sub("", unicodedata.normalize("NFKC", text).lower())


def tokens(text: str) -> str:
    """The tokens of a page's text, in order, joined by spaces."""
    return " ".join(_tokens(normalised(text)))


def _tokens(text: str) -> Iterator[str]:
    for run in _RUN.finditer(text):
        word = run[0]
        if run["syllables"]:
            yield from (word[i : i + 2] for i in range(len(word)))
        else:
            yield word


def expression(query: str, one_wrong: bool = False) -> str:
    """The FTS5 expression of a query: all its words; empty where it has none.

    `one_wrong`: one character of each Hangul word of three or more may be misread or missing.
    """
    words = [match[0] for match in _JOINED.finditer(normalised(query))]
    return " AND ".join(dict.fromkeys(_word(word, one_wrong) for word in words))


def _word(word: str, one_wrong: bool) -> str:
    if not re.match(rf"[{_SYLLABLES}]", word):
        return f'"{" ".join(_tokens(word))}" *'
    if not one_wrong or len(word) < _ONE_WRONG_FROM:
        return _substring(word)
    ways = [_substring(word)]
    for wrong in range(len(word)):
        # A single character beside the wrong one says too little to be asked for.
        parts = [part for part in (word[:wrong], word[wrong + 1 :]) if len(part) > 1]
        ways += ["(" + " AND ".join(map(_substring, parts)) + ")"] if parts else []
    return "(" + " OR ".join(dict.fromkeys(ways)) + ")"


def _substring(word: str) -> str:
    if len(word) == 1:
        return f'"{word}" *'
    return '"' + " ".join(word[i : i + 2] for i in range(len(word) - 1)) + '"'
