"""Pages without boxes: plain text and table rows as `PageText`."""

from collections.abc import Iterable

from records.values import Box, Line, PageText, Word

_NOWHERE = Box(0, 0, 0, 0)


def plain_page(page_id: str, lines: Iterable[str], source: str) -> PageText:
    """Return a page of these lines; words have no box and no confidence."""
    return PageText(
        page_id=page_id,
        width=0,
        height=0,
        dpi=None,
        rotation=0,
        skew=0.0,
        lines=tuple(
            Line(tuple(Word(word, _NOWHERE) for word in line.split()))
            for line in lines
            if line.strip()
        ),
        source=source,
    )
