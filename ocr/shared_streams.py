"""Fonts and pictures that many pages of one PDF use are kept once."""

import hashlib
from collections.abc import Iterator

from pikepdf import Array, Dictionary, Name, Object, Stream

_PROGRAMS = (Name.FontFile, Name.FontFile2, Name.FontFile3)


class SharedStreams:
    """The font programs and pictures of the pages so far, by their content."""

    def __init__(self) -> None:
        self._known: dict[bytes, Stream] = {}

    def share(self, page: Object) -> None:
        """Have a page use the streams of an earlier page where its own are the same."""
        for owner, key in list(_places(page)):
            stream = owner[key]
            if isinstance(stream, Stream):
                known = self._known.setdefault(_digest(stream), stream)
                if known.objgen != stream.objgen:
                    owner[key] = known


def _places(page: Object) -> Iterator[tuple[Object, str | Name]]:
    """Yield where a page names a font program or a picture without further objects of its own."""
    resources = page.get(Name.Resources, Dictionary())
    pictures = resources.get(Name.XObject, Dictionary())
    yield from ((pictures, name) for name, picture in pictures.items() if _is_plain(picture))
    for font in resources.get(Name.Font, Dictionary()).values():
        descendants = font.get(Name.DescendantFonts, Array([]))
        for described in (font, *descendants):
            descriptor = described.get(Name.FontDescriptor, Dictionary())
            yield from ((descriptor, key) for key in _PROGRAMS if key in descriptor)


def _is_plain(picture: Object) -> bool:
    parts = picture.stream_dict.values() if isinstance(picture, Stream) else ()
    return picture.get(Name.Subtype) == Name.Image and not any(
        isinstance(part, Stream | Array) and part.is_indirect for part in parts
    )


def _digest(stream: Stream) -> bytes:
    described = stream.stream_dict.unparse(resolved=True)
    return hashlib.sha256(described + b"\0" + stream.read_raw_bytes()).digest()
