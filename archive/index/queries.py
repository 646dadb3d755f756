"""Queries to FTS5 expressions, in three degrees: exact, one syllable forgiven, one word left out.

A query's words may be spaced otherwise than the page's: Hangul words that stand together are
looked for as one substring, and each for itself. The order of the expressions is the ranking:
bm25 reads the list of pages of every phrase to its end, which grows with the archive.
"""

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from archive.index.aliases import others
from archive.index.jamo import neighbours
from archive.index.tokens import SYLLABLES, normalised, normalised_spaced, tokens_of

_PART = re.compile(
    rf"(?P<hangul>[{SYLLABLES}]+(?:\s+[{SYLLABLES}]+)*)"
    rf"|[^\W_{SYLLABLES}]+(?:[.,:/\-][^\W_{SYLLABLES}]+)*"
)
_WHOLE_LATIN = 3
_NEIGHBOURED = 2
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


def steps(terms: Terms, morphemes: Sequence[str]) -> Iterator[tuple[float, tuple[str, ...]]]:
    """What to look for, best first: a degree (2 exact, 1 forgiven, 0 one word left out) and ways.

    Of the exact: the words side by side as they were asked for, then those that Kiwi finds to be
    words of their own (`morphemes`, as tokens), then those whose letters stand there.
    """
    words, known = terms.words, [_known(word) for word in terms.words]
    several = len(words) > 1
    groups = ["".join(group) for group in terms.groups if several]
    together = _all(map(_known, groups))
    every = _all(known)
    yield 2.0, (together, _all([every, *(f'"{token}"' for token in morphemes)]), every)
    # The letters of short words have many neighbours; of three words one may be left out instead.
    forgiven = [_forgiven(word, len(words) <= _NEIGHBOURED) for word in words]
    if several:
        one = (_all(_but(known, n, forgiven[n])) for n in range(len(words)))
        yield 1.0, (_all(_forgiven(group, False) for group in groups), *one)
    yield 1.0, (_all(forgiven),)
    if len(words) > 2:
        yield 0.0, tuple(_all(_but(known, n, "")) for n in range(len(words)))
        yield 0.0, tuple(_all(_but(forgiven, n, "")) for n in range(len(words)))


def _but(forms: Sequence[str], at: int, other: str) -> list[str]:
    return [*forms[:at], other, *forms[at + 1 :]]


@functools.lru_cache(256)
def _known(word: str) -> str:
    """The word, or another writing of it."""
    return _any([phrase(word), *(_other(other) for other in others(word))])


@functools.lru_cache(256)
def _forgiven(word: str, neighboured: bool) -> str:
    return _any([_known(word), *_misread(word, neighboured)])


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


def _misread(word: str, neighboured: bool) -> Iterator[str]:
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
            for near in neighbours(word[wrong]) if neighboured else ():
                yield phrase(word[:wrong] + near + word[wrong + 1 :])


def _is_hangul(word: str) -> bool:
    return bool(re.match(rf"[{SYLLABLES}]", word))


def _all(forms: Iterable[str]) -> str:
    return _joined(" AND ", forms)


def _any(forms: Iterable[str]) -> str:
    return _joined(" OR ", forms)


def _joined(by: str, forms: Iterable[str]) -> str:
    some = [form for form in dict.fromkeys(forms) if form]
    return some[0] if len(some) == 1 else f"({by.join(some)})" if some else ""
