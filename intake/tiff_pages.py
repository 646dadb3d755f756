"""The pages of a TIFF, found by walking its directories without decoding anything."""

import struct
from dataclasses import dataclass

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4,
          16: 8, 17: 8, 18: 8}  # fmt: skip
_CODES = {3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
_NEW_SUBFILE_TYPE = 254
_REDUCED = 1
_PLACES = ((273, 279), (324, 325))  # offsets and byte counts of strips, of tiles
_MAX_PLACES = 1_000_000


@dataclass(frozen=True, slots=True)
class TiffPages:
    """Where each page's directory begins.

    `complete` is False where the chain of directories runs out of the file or bites its tail:
    how many pages followed is not known.
    """

    offsets: tuple[int, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class _Form:
    """Byte order and field widths of classic or big TIFF."""

    order: str
    big: bool

    def number(self, data: bytes, at: int, size: int) -> int:
        if at < 0 or at + size > len(data):
            raise EOFError
        return int.from_bytes(data[at : at + size], "little" if self.order == "<" else "big")


def find_pages(data: bytes, max_pages: int) -> TiffPages:
    """Walk the directories; previews (reduced-resolution images) are no pages.

    Stops one past `max_pages`.
    """
    form = _form(data)
    pages: list[int] = []
    previews: list[int] = []
    seen: set[int] = set()
    complete = True
    try:
        offset = form.number(data, 8, 8) if form.big else form.number(data, 4, 4)
        while offset and len(seen) <= max_pages:
            if offset in seen:
                complete = False
                break
            entries, after = _directory(data, offset, form)
            seen.add(offset)
            kind = entries.get(_NEW_SUBFILE_TYPE, (0, 0, 0))
            reduced = kind[0] == 4 and form.number(data, kind[2], 4) & _REDUCED
            (previews if reduced else pages).append(offset)
            offset = form.number(data, after, 8 if form.big else 4)
    except EOFError:
        complete = False
    return TiffPages(tuple(pages or previews), complete and bool(pages or previews))


def is_whole(data: bytes, offset: int) -> bool:
    """Tell whether all strips or tiles that a page's directory names lie inside the file.

    libtiff fills what is missing with white or grey and reports success.
    """
    form = _form(data)
    try:
        entries, _ = _directory(data, offset, form)
        for starts_tag, counts_tag in _PLACES:
            starts = _numbers(data, entries.get(starts_tag), form)
            counts = _numbers(data, entries.get(counts_tag), form)
            ends = [s + c for s, c in zip(starts, counts, strict=False)] if counts else starts
            if ends and max(ends) > len(data):
                return False
    except EOFError:
        return False
    return True


def starting_at(data: bytes, offset: int) -> bytes:
    """Return the file with its header pointing at another first directory."""
    form = _form(data)
    at, size = (8, 8) if form.big else (4, 4)
    pointer = offset.to_bytes(size, "little" if form.order == "<" else "big")
    return b"".join((data[:at], pointer, data[at + size :]))


def _form(data: bytes) -> _Form:
    order = "<" if data[:2] == b"II" else ">"
    return _Form(order, big=b"+" in data[2:4])


def _directory(
    data: bytes, offset: int, form: _Form
) -> tuple[dict[int, tuple[int, int, int]], int]:
    """Return tag → (type, count, place of the value field), and where the next offset stands."""
    head, width = (8, 20) if form.big else (2, 12)
    number = form.number(data, offset, head)
    end = offset + head + number * width
    if not number or end > len(data):
        raise EOFError
    size = 8 if form.big else 4
    pattern = struct.Struct(form.order + ("HHQ" if form.big else "HHI"))
    entries = {}
    for at in range(offset + head, end, width):
        tag, kind, count = pattern.unpack_from(data, at)
        entries[tag] = (kind, count, at + width - size)
    return entries, end


def _numbers(data: bytes, entry: tuple[int, int, int] | None, form: _Form) -> tuple[int, ...]:
    if entry is None or entry[0] not in _CODES:
        return ()
    kind, count, place = entry
    length = _SIZES[kind] * count
    if length > (8 if form.big else 4):
        place = form.number(data, place, 8 if form.big else 4)
    if count > _MAX_PLACES or place + length > len(data):
        raise EOFError
    return struct.unpack_from(f"{form.order}{count}{_CODES[kind]}", data, place)
