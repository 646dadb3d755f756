"""Writes made pages into files as scanners and EMRs do: TIFF, JPEG, PNG, PDF, zip.

Same pages, same bytes: no file carries a time.
"""

import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image
from PIL.TiffImagePlugin import AppendingTiffWriter

from tests.makers.canvas import PdfBook
from tests.makers.pages import MadePage


def write_tiff(path: Path, pages: Sequence[MadePage]) -> None:
    """Write a multi-page TIFF: G4 for bilevel pages, JPEG for colour, deflate and LZW for grey."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with AppendingTiffWriter(str(path), new=True) as writer:
        for number, page in enumerate(pages):
            image, dpi = page.image, (page.truth.dpi, page.truth.dpi)
            if "bilevel" in page.truth.faults:
                image.convert("1", dither=Image.Dither.NONE).save(
                    writer, "TIFF", compression="group4", dpi=dpi
                )
            elif image.mode == "RGB":
                image.save(writer, "TIFF", compression="jpeg", quality=80, dpi=dpi)
            else:
                method = ("tiff_adobe_deflate", "tiff_lzw")[number % 2]
                image.save(writer, "TIFF", compression=method, dpi=dpi)
            writer.newFrame()


def jpeg_bytes(page: MadePage, quality: int = 82) -> bytes:
    """A page as a JPEG with its resolution."""
    held = BytesIO()
    dpi = (page.truth.dpi, page.truth.dpi)
    page.image.save(held, "JPEG", quality=quality, dpi=dpi)
    return held.getvalue()


def png_bytes(page: MadePage) -> bytes:
    """A page as a PNG with its resolution."""
    held = BytesIO()
    dpi = (page.truth.dpi, page.truth.dpi)
    page.image.save(held, "PNG", dpi=dpi, compress_level=1)
    return held.getvalue()


def write(path: Path, data: bytes) -> None:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def write_scanned_pdf(path: Path, pages: Sequence[MadePage]) -> None:
    """Write a PDF that holds nothing but pictures of pages."""
    book = PdfBook()
    for page in pages:
        book.picture(jpeg_bytes(page), page.truth.dpi)
    write(path, book.close())


def zip_bytes(members: Sequence[tuple[str, bytes]]) -> bytes:
    """A zip of named members, all dated 1980-01-01."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data)
    return held.getvalue()
