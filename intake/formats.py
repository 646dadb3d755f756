"""What a file is, told by its first bytes; its name is not asked."""

import re

_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_PDF_HEADER_WITHIN = 1024  # readers accept rubbish before the header
_ZIP_LIST_WITHIN = 1 << 20
_WORKBOOK_PARTS = (b"[Content_Types].xml", b"xl/workbook.xml")
_HL7 = re.compile(rb"(?:MSH|FHS|BHS)[^A-Za-z0-9\s]")
_XML = re.compile(rb"<(?:\?[A-Za-z]|!--|!DOCTYPE\b|[A-Za-z_][\w.:-]*[\s/>])")
_RESOURCE = b'"resourceType"'
_NAMED_WITHIN = 1 << 20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def sniff(data: bytes) -> str | None:
    """Return tiff, jpeg, png, webp, heic, pdf, xlsx, ole, zip, dicom, hl7, fhir or cda, else None.

    An ole file is an office document of before 2007, or one locked with a password. `cda` is any
    XML, `fhir` any JSON that names a resource: whether they are, their readers tell.
    """
    head = data[:_PDF_HEADER_WITHIN]
    signs = (
        # First: its 128 bytes before the sign may be those of a TIFF that shows the same picture.
        ("dicom", head[128:132] == b"DICM"),
        ("tiff", head.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"))),
        ("jpeg", head.startswith(b"\xff\xd8\xff")),
        ("png", head.startswith(b"\x89PNG\r\n\x1a\n")),
        ("webp", head[:4] == b"RIFF" and head[8:12] == b"WEBP"),
        ("heic", head[4:8] == b"ftyp" and _is_heic(head)),
        ("pdf", b"%PDF-" in head),
        ("ole", head.startswith(_OLE)),
        ("xlsx", head.startswith(b"PK\x03\x04") and _is_workbook(data)),
        ("zip", head.startswith((b"PK\x03\x04", b"PK\x05\x06"))),
        ("hl7", _HL7.match(_letters(head)) is not None),
        ("fhir", _letters(head).startswith(b"{") and _RESOURCE in _letters(data[:_NAMED_WITHIN])),
        ("cda", _XML.match(_letters(head)) is not None),
    )
    return next((media for media, holds in signs if holds), None)


def _letters(head: bytes) -> bytes:
    """The first letters of a text, UTF-16 too, without what may stand before them."""
    bare = head.replace(b"\0", b"") if head.startswith((b"\xff\xfe", b"\xfe\xff")) else head
    for mark in (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf"):
        bare = bare.removeprefix(mark)
    return bare.lstrip(b" \t\r\n\x0b\x1e")


def _is_heic(head: bytes) -> bool:
    size = min(int.from_bytes(head[:4], "big"), 128)
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, size, 4))}
    return bool(brands & _HEIC_BRANDS) and not brands & _AVIF_BRANDS


def _is_workbook(data: bytes) -> bool:
    listed = data[-_ZIP_LIST_WITHIN:]
    return all(part in listed for part in _WORKBOOK_PARTS)
