"""Which encoding a text came in: UTF-8 (with or without BOM), UTF-16, CP949."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass

_CHUNK = 1 << 16
_HEAD = 4096


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec's name; `damaged` where some characters cannot be decoded and become U+FFFD."""

    name: str
    damaged: bool = False


def detect(data: bytes) -> Encoding | None:
    """Tell a text's encoding from its bytes; None where they are no text.

    Strict UTF-8, else strict CP949, else the one of the two that loses fewer characters:
    fields cut at a byte count leave half a Hangul syllable behind.
    """
    head = data[:_HEAD]
    if head.startswith(codecs.BOM_UTF8):
        return Encoding("utf-8-sig", damaged=lost(data, "utf-8-sig") > 0)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Encoding("utf-16", damaged=lost(data, "utf-16") > 0)
    if (name := _utf16_without_bom(head)) is not None:
        return Encoding(name, damaged=lost(data, name) > 0)
    control = sum(byte < 32 and byte not in b"\t\n\r\x0b\x0c" for byte in head)
    if not head or b"\0" in head or control * 10 > len(head):
        return None
    losses = {name: lost(data, name) for name in ("utf-8", "cp949")}
    name = min(losses, key=lambda key: losses[key])
    # More than a twentieth lost: bytes of some other kind.
    return Encoding(name, damaged=losses[name] > 0) if losses[name] * 20 <= len(data) else None


def decode(data: bytes) -> str | None:
    """Return a whole small text, None where the bytes are no text."""
    encoding = detect(data)
    return data.decode(encoding.name, "replace") if encoding else None


def _utf16_without_bom(head: bytes) -> str | None:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd * 5 > len(head) // 2 and even * 10 < odd:
        return "utf-16-le"
    if even * 5 > len(head) // 2 and odd * 10 < even:
        return "utf-16-be"
    return None


def lost(data: bytes, encoding: str) -> int:
    """Count the places of a text that cannot be decoded."""
    try:
        for _ in _decoded(data, encoding, "strict"):
            pass
    except UnicodeDecodeError:
        return sum(text.count("\ufffd") for text in _decoded(data, encoding, "replace"))
    return 0


def _decoded(data: bytes, encoding: str, errors: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    view = memoryview(data)
    for start in range(0, len(data), _CHUNK):
        yield decoder.decode(bytes(view[start : start + _CHUNK]), start + _CHUNK >= len(data))
