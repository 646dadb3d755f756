"""Queries to FTS5 expressions, in three degrees: exact, one syllable forgiven, one word left out.

A query's words may be spaced otherwise than the page's: they are looked for side by side, where
spaces between Hangul do not count, and each for itself. The order of the expressions is the
ranking: bm25 reads the list of pages of every phrase to its end, which grows with the archive.
"""

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from archive.index.aliases import others
from archive.index.jamo import neighbours
from archive.index.tokens import SYLLABLES, normalised, normalised_spaced, runs, tokens_of

_HANGUL = re.compile(rf"[{SYLLABLES}]+")
_WHOLE_LATIN = 3
_SAYING = 5  # characters that are left of a number once a part of it was misread
_BEGINNING = 3
_NEIGHBOURED = 2
_WORDS = 12  # of a query; what follows is not looked for


@dataclass(frozen=True, slots=True)
class Terms:
    """A query's words, each once, and all of it as one word."""

    words: tuple[str, ...]
    whole: str


def parse(query: str) -> Terms:
    """Read a query as page texts are read; single syllables side by side are one word."""
    words: list[str] = []
    single = False
    for piece in normalised_spaced(query).split():
        if not runs(piece):
            continue
        lone = len(piece) == 1 and _is_hangul(piece)
        if lone and single:
            words[-1] += piece
        else:
            words.append(piece)
        single = lone
    words = [normalised(word) for word in words[:_WORDS]]
    return Terms(tuple(dict.fromkeys(words)), normalised(" ".join(words)))


@dataclass(frozen=True, slots=True)
class Step:
    """Expressions of one degree: 2 exact, 1 forgiven, 0 one word left out.

    `last`: of use only where nothing has been found; dear, and what it finds is seldom meant.
    """

    degree: int
    ways: tuple[str, ...]
    last: bool = False


def steps(terms: Terms, morphemes: Sequence[str]) -> Iterator[Step]:
    """What to look for, best first.

    Of the exact: the words side by side as they were asked for, then those that Kiwi finds to be
    words of their own (`morphemes`, as tokens), then those whose letters stand there, then other
    writings of them. Forgiven: one of the words, then each of them.
    """
    words, several = terms.words, len(terms.words) > 1
    asked, known = [phrase(word) for word in words], [_known(word) for word in words]
    whole = (f'"{token}"' for token in morphemes)
    together = phrase(terms.whole) if several else ""
    yield Step(2, (together, _all([*asked, *whole]) if morphemes else "", _all(asked)))
    if known != asked or others(terms.whole):
        yield Step(2, (_any([_all(known), _known(terms.whole)]),))
    # The letters of short words have many neighbours; of three words one may be left out instead.
    forgiven = [_forgiven(word, len(words) <= _NEIGHBOURED) for word in words]
    if several:
        joined = _forgiven(terms.whole, False) if _is_hangul(terms.whole) else ""
        one = (_all(_but(known, n, forgiven[n])) for n in range(len(words)))
        yield Step(1, (joined, *one))
    yield Step(1, (_all(forgiven),), last=several)
    if len(words) > 2:
        for forms in (known, forgiven):
            ways = tuple(_all(_but(forms, n, "")) for n in range(len(words)))
            yield Step(0, ways, last=True)


def _but(forms: Sequence[str], at: int, other: str) -> list[str]:
    return [*forms[:at], other, *forms[at + 1 :]]


def phrase(word: str) -> str:
    """A word as FTS5 looks for it: Hangul begins and ends anywhere, others begin where it does.

    The last syllable's own token is not asked for: on the page another may follow.
    """
    all_, parts = tokens_of(word), runs(word)
    if _is_hangul(parts[-1]) and len(parts[-1]) > 1:
        return _quoted(all_[:-1])
    # A beginning of one or two signs is that of thousands of words; alone, it is what is asked for.
    few = len(parts) > 1 and len(parts[-1]) < _BEGINNING
    return _quoted(all_) + ("" if few else " *")


def _quoted(tokens: Iterable[str]) -> str:
    return f'"{" ".join(tokens)}"'


@functools.lru_cache(256)
def _known(word: str) -> str:
    """The word, or another writing of it."""
    return _any([phrase(word), *(_other(other) for other in others(word))])


def _other(word: str) -> str:
    found = phrase(normalised(word))
    return found.removesuffix(" *") if len(word) <= _WHOLE_LATIN else found


@functools.lru_cache(256)
def _forgiven(word: str, neighboured: bool) -> str:
    return _any([_known(word), *_misread(word, neighboured)])


def _misread(word: str, neighboured: bool) -> Iterator[str]:
    parts = runs(word)
    if len(parts) == 1 and _is_hangul(word):
        yield from _syllables_misread(word, neighboured)
    elif any(map(_is_hangul, parts)):
        yield _all(phrase(part) if _is_hangul(part) else f'"{part}"' for part in parts)
    else:
        for wrong in range(len(parts)):
            rest = [*parts[:wrong], *parts[wrong + 1 :]]
            if sum(map(len, rest)) >= _SAYING:
                yield _all(f'"{part}"' for part in rest)


def _syllables_misread(word: str, neighboured: bool) -> Iterator[str]:
    """A Hangul word with one syllable wrong or missing.

    Where the rest still holds a pair, the pairs are asked for; where not (two syllables, or the
    middle one of three), the syllables that differ in one letter stand in its place.
    """
    for wrong in range(len(word) if len(word) > 1 else 0):
        parts = [part for part in (word[:wrong], word[wrong + 1 :]) if len(part) > 1]
        if parts:
            yield _all(map(phrase, parts))
        elif neighboured:
            for near in neighbours(word[wrong]):
                yield phrase(word[:wrong] + near + word[wrong + 1 :])


def _is_hangul(word: str) -> bool:
    return bool(_HANGUL.fullmatch(word))


def _all(forms: Iterable[str]) -> str:
    return _joined(" AND ", forms)


def _any(forms: Iterable[str]) -> str:
    return _joined(" OR ", forms)


def _joined(by: str, forms: Iterable[str]) -> str:
    some = [form for form in dict.fromkeys(forms) if form]
    return some[0] if len(some) == 1 else f"({by.join(some)})" if some else ""
