"""A section's text, which its author attested: a line a paragraph, item or row of a table."""

from collections.abc import Iterator
from typing import Any

_BREAKS = frozenset({"paragraph", "item", "list", "table", "thead", "tbody", "tfoot", "tr", "br",
                     "caption", "title", "renderMultiMedia", "text"})  # fmt: skip
_CELLS = frozenset({"td", "th"})


def narrative_lines(text: Any) -> Iterator[str]:
    """Lines of a narrative block; cells of a row stand beside each other, parted by ` | `."""
    line: list[str] = []
    for piece in _pieces(text):
        if piece is not None:
            line.append(piece)
            continue
        said = _line(line)
        line = []
        if said:
            yield said
    if said := _line(line):
        yield said


def _line(pieces: list[str]) -> str:
    joined = " ".join("".join(pieces).split())
    return joined.removeprefix("|").strip().removesuffix("|").strip()


def _pieces(text: Any) -> Iterator[str | None]:
    """Texts in order; None where a line ends."""
    for event, element in _walk(text):
        if event == "start":
            if element.tag in _BREAKS:
                yield None
            elif element.tag in _CELLS:
                yield " | "
            if element.text:
                yield element.text
        else:
            if element.tag in _BREAKS:
                yield None
            if element is not text and element.tail:
                yield element.tail


def _walk(text: Any) -> Iterator[tuple[str, Any]]:
    """Start and end of every element, without recursion: depth is whatever a stranger nests."""
    stack = [(text, iter(text))]
    yield "start", text
    while stack:
        element, inside = stack[-1]
        child = next(inside, None)
        if child is None:
            stack.pop()
            yield "end", element
        elif isinstance(child.tag, str):
            stack.append((child, iter(child)))
            yield "start", child
