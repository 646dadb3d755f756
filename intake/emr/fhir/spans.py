"""Where each resource of a FHIR file stands: byte ranges; the whole is never built in memory.

Only brackets and strings are looked at. So a bundle of any size costs one number a resource, a
resource that is no JSON costs itself alone, and one that is cut off leaves those before it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_STRING = rb'"[^"\\]*(?:\\.[^"\\]*)*"'
_TOKEN = re.compile(_STRING + rb"|[{}\[\]]", re.DOTALL)
_MEMBER = re.compile(rb'\s*,?\s*("[^"\\]*(?:\\.[^"\\]*)*")\s*:\s*', re.DOTALL)
_VALUE = re.compile(rb"[^,\]}\s]+")
_NEXT = re.compile(rb"[\s,]*")
_SPACE = re.compile(rb"[\s\x1e]*")
_WHOLE_STRING = re.compile(_STRING, re.DOTALL)
_MOST_DEPTH = 64


@dataclass(frozen=True, slots=True)
class Span:
    """One resource, or the bundle's entry around it: where it stands, and whether it ends there.

    `wrapped` where the bytes are an entry of a bundle.
    """

    path: str
    start: int
    end: int
    wrapped: bool = False
    whole: bool = True


def find_resources(data: bytes) -> Iterator[Span]:
    """Yield the resources of a file: entries of its bundles, and those that stand alone."""
    at = _after(_SPACE, data, 0)
    number = 0
    several = False
    while at < len(data):
        end = _end_of(data, at)
        several = several or _after(_SPACE, data, end or len(data)) < len(data)
        path = f"line[{number}]" if several else ""
        yield from _document(data, at, end, path)
        if end is None:
            return
        at = _after(_SPACE, data, end)
        number += 1


def _document(data: bytes, start: int, end: int | None, path: str) -> Iterator[Span]:
    if data[start : start + 1] != b"{":
        yield Span(path, start, end or len(data), whole=False)
        return
    members = dict(_members(data, start))
    kind = members.get(b'"resourceType"')
    entries = members.get(b'"entry"')
    is_bundle = kind is not None and data[kind[0] : kind[1]] == b'"Bundle"'
    if not is_bundle:
        yield Span(path, start, end or len(data), whole=end is not None)
        return
    before = f"{path}." if path else ""
    if entries is None or data[entries[0] : entries[0] + 1] != b"[":
        if end is None:
            yield Span(path or "Bundle", start, len(data), whole=False)
        return
    yield from _entries(data, entries[0] + 1, before)


def _entries(data: bytes, at: int, before: str) -> Iterator[Span]:
    number = 0
    while True:
        at = _after(_NEXT, data, at)
        path = f"{before}entry[{number}]"
        if at >= len(data):
            yield Span(path, at, at, wrapped=True, whole=False)
            return
        if data[at : at + 1] == b"]":
            return
        end = _end_of(data, at)
        yield Span(path, at, end or len(data), wrapped=True, whole=end is not None)
        if end is None:
            return
        at = end
        number += 1


def _members(data: bytes, start: int) -> Iterator[tuple[bytes, tuple[int, int]]]:
    """The members of an object, each with the range of its value; the last one may be cut."""
    at = start + 1
    while match := _MEMBER.match(data, at):
        end = _end_of(data, match.end())
        yield match[1], (match.end(), end or len(data))
        if end is None:
            return
        at = end


def _end_of(data: bytes, at: int) -> int | None:
    """Where the value that begins here ends; None where the file ends before it."""
    first = data[at : at + 1]
    if first == b'"':
        match = _WHOLE_STRING.match(data, at)
        return match.end() if match else None
    if first not in {b"{", b"["}:
        match = _VALUE.match(data, at)
        return match.end() if match else min(at + 1, len(data))
    depth = 0
    for token in _TOKEN.finditer(data, at):
        sign = token[0]
        if sign in {b"{", b"["}:
            depth += 1
        elif sign in {b"}", b"]"}:
            depth -= 1
            if not depth:
                return token.end()
    return None


def too_deep(raw: bytes) -> bool:
    """Tell whether a resource nests deeper than any does, before a parser recurses into it."""
    depth = 0
    for token in _TOKEN.finditer(raw):
        if token[0] in {b"{", b"["}:
            depth += 1
            if depth > _MOST_DEPTH:
                return True
        elif token[0] in {b"}", b"]"}:
            depth -= 1
    return False


def _after(pattern: re.Pattern[bytes], data: bytes, at: int) -> int:
    match = pattern.match(data, at)
    return match.end() if match else at
