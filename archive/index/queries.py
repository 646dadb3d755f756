"""Queries to FTS5 expressions, in three degrees: exact, one syllable forgiven, one word left out.

A query's words may be spaced otherwise than the page's: Hangul words that stand together are
looked for as one substring, and each for itself.
"""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from archive.index.aliases import others
from archive.index.jamo import neighbours
from archive.index.tokens import SYLLABLES, normalised, normalised_spaced, tokens_of

_PART = re.compile(
    rf"(?P<hangul>[{SYLLABLES}]+(?:\s+[{SYLLABLES}]+)*)"
    rf"|[^\W_{SYLLABLES}]+(?:[.,:/\-][^\W_{SYLLABLES}]+)*"
)
_WHOLE_LATIN = 3
_WORDS = 12  # of a query; what follows is not looked for


@dataclass(frozen=True, slots=True)
class Terms:
    """A query's words; Hangul words that stand together are one group."""

    groups: tuple[tuple[str, ...], ...]

    @property
    def words(self) -> tuple[str, ...]:
        """All words, each once."""
        return tuple(dict.fromkeys(word for group in self.groups for word in group))


def parse(query: str) -> Terms:
    """Read a query as page texts are read."""
    groups = []
    room = _WORDS
    for part in _PART.finditer(normalised_spaced(query)):
        words = _words(part[0]) if part["hangul"] else (normalised(part[0]),)
        groups.append(words[:room])
        room -= len(words)
        if room <= 0:
            break
    return Terms(tuple(dict.fromkeys(groups)))


def _words(spaced: str) -> tuple[str, ...]:
    """Words between spaces; single syllables that stand together are one spaced-out word."""
    words: list[str] = []
    single = False
    for piece in spaced.split():
        if len(piece) == 1 and single:
            words[-1] += piece
        else:
            words.append(piece)
        single = len(piece) == 1
    return tuple(words)


def exact(terms: Terms) -> str:
    """All words, or what is another writing of them; empty where there is no word."""
    return _all(_group(group, _known) for group in terms.groups)


def one_wrong(terms: Terms) -> str:
    """All words, one syllable of each misread or missing."""
    return _all(_group(group, _forgiven) for group in terms.groups)


def one_left_out(terms: Terms) -> str:
    """All words but one, forgiven as above; empty for fewer than three words."""
    words = terms.words
    if len(words) < 3:
        return ""
    ways = (_all(_forgiven(word) for word in words if word != left) for left in words)
    return _any(ways)


def _group(words: tuple[str, ...], form: "functools._lru_cache_wrapper[str]") -> str:
    if len(words) == 1:
        return form(words[0])
    return _any([form("".join(words)), _all(form(word) for word in words)])


@functools.lru_cache(256)
def _known(word: str) -> str:
    """The word, or another writing of it."""
    return _any([phrase(word), *(_other(other) for other in others(word))])


@functools.lru_cache(256)
def _forgiven(word: str) -> str:
    return _any([_known(word), *_misread(word)])


def phrase(word: str) -> str:
    """A word as FTS5 looks for it: Hangul as a substring, other words by their beginning."""
    if not _is_hangul(word):
        return f'"{" ".join(tokens_of(word))}" *'
    if len(word) == 1:
        return f'"{word}" *'
    return '"' + " ".join(word[i : i + 2] for i in range(len(word) - 1)) + '"'


def _other(word: str) -> str:
    found = phrase(normalised(word))
    return found.removesuffix(" *") if len(word) <= _WHOLE_LATIN else found


def _misread(word: str) -> Iterator[str]:
    """A Hangul word with one syllable wrong.

    Where the rest still holds a pair, the pairs are asked for; where not (two syllables, or the
    middle one of three), the syllables that differ in one letter stand in its place.
    """
    if not _is_hangul(word) or len(word) < 2:
        return
    for wrong in range(len(word)):
        parts = [part for part in (word[:wrong], word[wrong + 1 :]) if len(part) > 1]
        if parts:
            yield _all(phrase(part) for part in parts)
        else:
            for near in neighbours(word[wrong]):
                yield phrase(word[:wrong] + near + word[wrong + 1 :])


def _is_hangul(word: str) -> bool:
    return bool(re.match(rf"[{SYLLABLES}]", word))


def _all(forms: Iterator[str]) -> str:
    return _joined(" AND ", forms)


def _any(forms: "Iterator[str] | list[str]") -> str:
    return _joined(" OR ", forms)


def _joined(by: str, forms: "Iterator[str] | list[str]") -> str:
    some = [form for form in dict.fromkeys(forms) if form]
    return some[0] if len(some) == 1 else f"({by.join(some)})" if some else ""
