"""Segments of a message: their fields, taken apart by python-hl7, and what they say."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import hl7

from intake.emr.message import MOST_BYTES
from intake.emr.standard_times import written_out
from records.errors import RejectedInput

_BREAKS = {".br": "\n", ".sp": "\n", ".ce": "\n", ".fi": "", ".nf": "", ".in": "", ".ti": "",
           "H": "", "N": ""}  # fmt: skip
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}){1,40}")
_MOST_SEGMENTS = 100_000
_HANGUL = re.compile(r"[가-힣]")
_QUOTES = '""'  # "the value is to be deleted"


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: fields by number → repetitions → components → subcomponents, unescaped."""

    name: str
    fields: tuple[tuple[tuple[tuple[str, ...], ...], ...], ...]

    def at(self, field: int, component: int = 1, repetition: int = 0) -> str:
        """One component's first subcomponent, else ""; numbers as in the standard."""
        parts = self.components(field, repetition)
        return parts[component - 1][0] if len(parts) >= component else ""

    def components(self, field: int, repetition: int = 0) -> tuple[tuple[str, ...], ...]:
        """The components of one repetition, each with its subcomponents."""
        repetitions = self.repetitions(field)
        return repetitions[repetition] if len(repetitions) > repetition else ()

    def repetitions(self, field: int) -> tuple[tuple[tuple[str, ...], ...], ...]:
        """The repetitions of a field."""
        return self.fields[field] if len(self.fields) > field else ()

    def words(self, field: int) -> str:
        """Everything that a field says, in order."""
        return " ".join(
            " ".join(sub for part in repetition for sub in part if sub)
            for repetition in self.repetitions(field)
        ).strip()


def parse(text: str) -> tuple[Segment, ...]:
    """Take a message apart.

    Raises:
        RejectedInput: `hl7_damaged`, `hl7_too_many_segments`, `message_too_large`.
    """
    if len(text) > MOST_BYTES:
        raise RejectedInput("message_too_large")
    if text.count("\r") > _MOST_SEGMENTS:
        raise RejectedInput("hl7_too_many_segments")
    try:
        message = hl7.parse(text)
        return tuple(_segment(message, part) for part in message)
    # The library raises whatever its slices meet; no class of its own covers a broken header.
    except Exception as error:
        raise RejectedInput("hl7_damaged") from error


def name_of(parts: Sequence[Sequence[str]]) -> str:
    """A person's name of XPN components (family^given^middle): Korean names are one word."""
    return _joined([part[0] if part else "" for part in parts[:3]])


def doctor_of(parts: Sequence[Sequence[str]]) -> str:
    """A doctor's name of XCN components (id^family^given^middle)."""
    return _joined([part[0] if part else "" for part in parts[1:4]])


def coded(segment: Segment, field: int, repetition: int = 0) -> Iterator[tuple[str, str, str]]:
    """Yield (code, text, system) of a coded element: its own and its alternate."""
    parts = [part[0] if part else "" for part in segment.components(field, repetition)]
    parts += [""] * (6 - len(parts))
    for code, text, system in (parts[:3], parts[3:6]):
        if code or text:
            yield code, text, system


def text_of(segment: Segment, field: int, repetition: int = 0) -> str:
    """What a coded element is called, else its code."""
    found = list(coded(segment, field, repetition))
    return next((text for _, text, _ in found if text), found[0][0] if found else "")


def time_of(segment: Segment, field: int) -> str:
    """A time, written out."""
    return written_out(segment.at(field))


def _joined(parts: list[str]) -> str:
    family, given, *middle = [*parts, "", ""][:3]
    if _HANGUL.search(f"{family}{given}"):
        return f"{family}{given}".strip()
    return " ".join(part for part in (given, *middle, family) if part)


def _segment(message: Any, part: Any) -> Segment:
    name = str(part[0])
    if name == "MSH":
        separators = ((((str(part[1]),),),), (((str(part[2]),),),))
        rest = tuple(_repetitions(message, part[at]) for at in range(3, len(part)))
        return Segment(name, ((), *separators, *rest))
    return Segment(name, ((), *(_repetitions(message, part[at]) for at in range(1, len(part)))))


def _repetitions(message: Any, field: Any) -> tuple[tuple[tuple[str, ...], ...], ...]:
    return tuple(
        tuple(
            tuple(_plain(message, sub) for sub in _inside(component))
            for component in _inside(repetition)
        )
        for repetition in _inside(field)
    )


def _inside(part: Any) -> list[Any]:
    return list(part) if isinstance(part, hl7.Container) else [part]


def _plain(message: Any, text: Any) -> str:
    value = str(text)
    if message.esc in value:
        value = _unescaped(value, message.esc, message.separators)
    return "" if value == _QUOTES else value.strip()


def _unescaped(value: str, escape: str, separators: str) -> str:
    """Undo escapes; python-hl7's own way writes the field into the log where one is broken."""
    first, *parts = value.split(escape)
    said = [first]
    signs = dict(zip("FRST", separators[1:], strict=False)) | {"E": escape} | _BREAKS
    at = 0
    while at < len(parts):
        code = parts[at]
        command = code.partition(" ")[0].rstrip("0123456789+-") if code[:1] == "." else code
        meant: str | None
        if code[:1] == "X" and _HEX.fullmatch(code[1:]):
            meant = bytes.fromhex(code[1:]).decode("utf-8", "replace")
        else:
            meant = signs.get(command)
        if meant is None or at + 1 == len(parts):  # no escape: a sign of the text
            said.append(f"{escape}{code}")
            at += 1
        else:
            said += [meant, parts[at + 1]]
            at += 2
    return "".join(said)
