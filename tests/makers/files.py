"""Writes made pages into files as scanners and EMRs do: TIFF, JPEG, PNG, PDF, zip.

Same pages, same bytes: no file carries a time.
"""

import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from PIL.TiffImagePlugin import AppendingTiffWriter

from tests.makers.canvas import PdfBook
from tests.makers.faults import TWO_TONES
from tests.makers.pages import MadePage


def write_tiff(path: Path, pages: Sequence[MadePage]) -> None:
    """Write a multi-page TIFF: G4 for bilevel pages, JPEG for colour, deflate and LZW for grey."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with AppendingTiffWriter(str(path), new=True) as writer:
        for number, page in enumerate(pages):
            image, tag = page.image, _tag(page)
            if TWO_TONES & set(page.truth.faults) and image.mode == "L":
                image.convert("1", dither=Image.Dither.NONE).save(
                    writer, "TIFF", compression="group4", **tag
                )
            elif image.mode == "RGB":
                image.save(writer, "TIFF", compression="jpeg", quality=80, **tag)
            else:
                method = ("tiff_adobe_deflate", "tiff_lzw")[number % 2]
                image.save(writer, "TIFF", compression=method, **tag)
            writer.newFrame()


def jpeg_bytes(page: MadePage, quality: int = 82) -> bytes:
    """A page as a JPEG with its resolution as tagged."""
    held = BytesIO()
    page.image.save(held, "JPEG", quality=quality, **_tag(page))
    return held.getvalue()


def png_bytes(page: MadePage) -> bytes:
    """A page as a PNG with its resolution as tagged."""
    held = BytesIO()
    page.image.save(held, "PNG", compress_level=1, **_tag(page))
    return held.getvalue()


def _tag(page: MadePage) -> dict[str, Any]:
    tagged = page.truth.tagged_dpi
    return {} if tagged is None else {"dpi": (tagged, tagged)}


def write(path: Path, data: bytes) -> None:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def write_scanned_pdf(path: Path, pages: Sequence[MadePage]) -> None:
    """Write a PDF that holds nothing but pictures of pages."""
    book = PdfBook()
    for page in pages:
        book.picture(jpeg_bytes(page), page.truth.tagged_dpi or page.truth.dpi)
    write(path, book.close())


def zip_bytes(members: Sequence[tuple[str, bytes]]) -> bytes:
    """A zip of named members, all dated 1980-01-01."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data)
    return held.getvalue()
