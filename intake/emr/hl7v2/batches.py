"""Messages of an HL7 v2 file: where each stands, in which encoding, and what is wrong around them.

Bytes are cut before they are decoded, so that one message in another encoding costs nothing else.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_BREAK = rb"[\r\n\x0b\x1c]"
_HEADER = re.compile(
    rb"(?:\A|(?<=[\r\n\x0b\x1c]))(MSH|FHS|BHS|BTS|FTS)(?=[^A-Za-z0-9\s]|[\r\n]|\Z)"
)
_SEGMENT = re.compile(r"[A-Z][A-Z0-9]{2}(?=[^A-Za-z0-9]|$)")
_EDGES = b" \t\r\n\x0b\x1c\x1a\0"
_UTF8_BOM = b"\xef\xbb\xbf"
_DECLARED = {
    "UNICODE UTF-8": "utf-8", "UTF-8": "utf-8", "UTF8": "utf-8", "KS X 1001": "cp949",
    "KSC5601": "cp949", "EUC-KR": "cp949", "CP949": "cp949", "MS949": "cp949",
    "8859/1": "latin-1", "8859/15": "latin-1", "ASCII": "ascii",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes of one message: from MSH to before the next header."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Decoded:
    """A message's text, segments ended by a carriage return.

    `differs` where the bytes are not of the encoding that MSH-18 names; `damaged` where characters
    are lost.
    """

    text: str
    differs: bool = False
    damaged: bool = False


def in_bytes(data: bytes) -> bytes:
    """The file in an encoding that ASCII can be searched in: UTF-16 becomes UTF-8."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace").encode()
    return data.removeprefix(_UTF8_BOM)


def find_messages(data: bytes) -> tuple[list[Span], bool]:
    """Return the messages of a file, and whether its trailers agree with what is there.

    Without envelope (FHS, BHS) nothing is promised. With one, its trailer must be there, and the
    numbers in it, where it gives any, must be those of messages and batches.
    """
    marks = [(match.start(1), match[1]) for match in _HEADER.finditer(data)]
    spans: list[Span] = []
    whole = True
    opened: list[bytes] = []
    since = batches = 0
    for number, (start, name) in enumerate(marks):
        end = marks[number + 1][0] if number + 1 < len(marks) else len(data)
        if name == b"MSH":
            spans.append(Span(start, start + len(data[start:end].rstrip(_EDGES))))
        elif name in {b"FHS", b"BHS"}:
            opened.append(name)
            since = len(spans) if name == b"BHS" else since
            batches = 0 if name == b"FHS" else batches
        else:
            wanted = b"BHS" if name == b"BTS" else b"FHS"
            whole = whole and bool(opened) and opened.pop() == wanted
            count = len(spans) - since if name == b"BTS" else batches
            batches += name == b"BTS"
            said = re.split(rb"[^0-9]", data[start + 4 : end].strip(_EDGES), maxsplit=1)[0]
            whole = whole and (not said or int(said[:9]) == count)
    return spans, whole and not opened


def decode(raw: bytes) -> Decoded:
    """Decode one message: UTF-8, else CP949, whatever MSH-18 says; Latin only where it says so."""
    declared = _declared(raw)
    for codec in ("utf-8", *(("latin-1",) if declared == "latin-1" else ()), "cp949"):
        try:
            text = raw.decode(codec)
        except UnicodeDecodeError:
            continue
        differs = not raw.isascii() and declared not in {"", codec}
        return Decoded(_segments(text), differs=differs)
    texts = [raw.decode(codec, "replace") for codec in ("utf-8", "cp949")]
    return Decoded(_segments(min(texts, key=lambda text: text.count("\ufffd"))), damaged=True)


def segment_names(raw: bytes) -> Sequence[bytes]:
    """Names of a message's segments, in order, without decoding it."""
    return re.findall(rb"(?:\A|(?<=[\r\n]))[A-Z][A-Z0-9]{2}(?=[^A-Za-z0-9])", raw)


def _declared(raw: bytes) -> str:
    head = re.split(_BREAK, raw, maxsplit=1)[0]
    fields = head.split(head[3:4])
    written = fields[17].decode("ascii", "replace").split("~")[0] if len(fields) > 17 else ""
    return _DECLARED.get(written.strip().upper(), "")


def _segments(text: str) -> str:
    """Segments ended by a carriage return; a line that begins none goes on the one before it."""
    lines: list[str] = []
    for line in re.split(r"[\r\n]+", text):
        if _SEGMENT.match(line) or not lines:
            lines.append(line)
        elif line.strip():
            lines[-1] += f" {line.strip()}"
    return "\r".join(lines)
