"""The words around a hit, for the person who searched."""

import unicodedata
from collections.abc import Iterator

from archive.index.aliases import hangul, others
from archive.index.queries import parse

_AROUND = 30


def snippet(text: str, query: str) -> str:
    """The part of a page's text that is most like the query, with a little around it.

    Spacing, case and Hanja do not matter; failing the query, one of its words is shown, or another
    writing of one; a query misread on the page is found where most of its characters' pairs stand.
    At most some 60 characters more than the query; one line.
    """
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    places = [at for at, character in enumerate(text) if not character.isspace()]
    # Hanja are read where they stand, a run at a time, and character for character.
    read = hangul(text)
    squeezed = "".join(read[at].lower()[:1] for at in places)
    if not places:
        return ""
    begin, wanted = _place(squeezed, query)
    end = min(begin + max(len(wanted), 1), len(places)) - 1
    first, last = max(0, places[begin] - _AROUND), min(len(text), places[end] + 1 + _AROUND)
    before, after = "…" if first else "", "…" if last < len(text) else ""
    return before + text[first:last].strip() + after


def _place(text: str, query: str) -> tuple[int, str]:
    """Where to look, and at what."""
    whole = _squeezed(query)
    if (found := text.find(whole)) >= 0:
        return found, whole
    misread, count = _likeliest(text, whole)
    if count * 2 >= len(whole) - 1:
        return misread, whole
    for writing in _writings(query):
        if (found := text.find(writing)) >= 0:
            return found, writing
    return misread, whole


def _writings(query: str) -> Iterator[str]:
    """The query's words, longest first, then their other writings."""
    words = sorted(parse(query).words, key=len, reverse=True)
    yield from words
    for word in words:
        yield from map(_squeezed, others(word))


def _squeezed(query: str) -> str:
    return "".join(hangul(unicodedata.normalize("NFKC", query)).lower().split())


def _likeliest(text: str, wanted: str) -> tuple[int, int]:
    """Where a window of the query's length holds most of its character pairs, and how many."""
    pairs = {wanted[i : i + 2] for i in range(len(wanted) - 1)}
    hits = [text[i : i + 2] in pairs for i in range(len(text))]
    width = max(len(wanted) - 1, 1)
    count, best, best_at = sum(hits[:width]), 0, 0
    for at in range(len(text)):
        if count > best:
            best, best_at = count, at
        count += (at + width < len(text) and hits[at + width]) - hits[at]
    return best_at, best
