"""What a file is, told by its first bytes; its name is not asked."""

_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_PDF_HEADER_WITHIN = 1024  # readers accept rubbish before the header


def sniff(data: bytes) -> str | None:
    """Return tiff, jpeg, png, webp, heic, pdf or zip, else None."""
    head = data[:_PDF_HEADER_WITHIN]
    signs = (
        ("tiff", head.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"))),
        ("jpeg", head.startswith(b"\xff\xd8\xff")),
        ("png", head.startswith(b"\x89PNG\r\n\x1a\n")),
        ("webp", head[:4] == b"RIFF" and head[8:12] == b"WEBP"),
        ("heic", head[4:8] == b"ftyp" and _is_heic(head)),
        ("pdf", b"%PDF-" in head),
        ("zip", head.startswith((b"PK\x03\x04", b"PK\x05\x06"))),
    )
    return next((media for media, holds in signs if holds), None)


def _is_heic(head: bytes) -> bool:
    size = min(int.from_bytes(head[:4], "big"), 128)
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, size, 4))}
    return bool(brands & _HEIC_BRANDS) and not brands & _AVIF_BRANDS
