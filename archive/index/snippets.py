"""The words around a hit, for the person who searched."""

import unicodedata

_AROUND = 30


def snippet(text: str, query: str) -> str:
    """The part of a page's text that is most like the query, with a little around it.

    Spacing and case do not matter; a query misread on the page is found where most of its
    characters pairs stand. At most some 60 characters more than the query; one line.
    """
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    places = [at for at, character in enumerate(text) if not character.isspace()]
    squeezed = "".join(text[at].lower()[:1] for at in places)
    wanted = "".join(unicodedata.normalize("NFKC", query).lower().split())
    if not places:
        return ""
    found = squeezed.find(wanted)
    begin = found if found >= 0 else _likeliest(squeezed, wanted)
    end = min(begin + max(len(wanted), 1), len(places)) - 1
    first, last = max(0, places[begin] - _AROUND), min(len(text), places[end] + 1 + _AROUND)
    before, after = "…" if first else "", "…" if last < len(text) else ""
    return before + text[first:last].strip() + after


def _likeliest(text: str, wanted: str) -> int:
    """Where a window of the query's length holds most of its character pairs."""
    pairs = {wanted[i : i + 2] for i in range(len(wanted) - 1)}
    hits = [text[i : i + 2] in pairs for i in range(len(text))]
    width = max(len(wanted) - 1, 1)
    count, best, best_at = sum(hits[:width]), 0, 0
    for at in range(len(text)):
        if count > best:
            best, best_at = count, at
        count += (at + width < len(text) and hits[at + width]) - hits[at]
    return best_at
