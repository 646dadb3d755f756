"""Small real files, drawn here: pages of every format, PDFs, zips, whole deliveries."""

import base64
import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from intake.limits import Limits
from intake.triage import Triaged, triage
from records.ids import file_id
from records.values import ReceivedFile

BATCH = "b-" + "a" * 26
LIMITS = Limits(max_page_seconds=60)
MATERIAL = Path(__file__).parents[3].parent / "shared" / "material"

DECLARATION = """\
institution: {code: "01234567", name: 가나의원, opened: 1998-03-02, closed: 2025-06-30}
source: paper
holder: owner
scanned: {by: 김기록, at: 2026-11-20T09:00+09:00, device: 가상 스캐너, dpi: 300}
declared: {sheets: 3, documents: {prescription: 2}}
"""

# One and two 64 x 48 images, the upper left quarter of the first black. Drawn with Pillow, encoded
# once by libheif's x265 (no encoder is among our packages); the second one's EXIF says "turned".
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAX1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAA"
    "AAAAAAAAAAACJpbG9jAAAAAERAAAEAAQAAAAABoQABAAAAAAAAACQAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAAB"
    "AABodmMxAAAAAA5waXRtAAAAAAABAAAA/WlwcnAAAADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADw"
    "NgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAA"
    "AAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcA"
    "AAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBpeGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWB"
    "AgMFhAAAACxtZGF0AAAAICgBrxmA9wZH/4tVuYspZydb9sOyBU0Pu0hHaBByGVrw"
)
HEIC_TURNED_OF_TWO = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAi1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAA"
    "AAAAAAAAAAAFhpbG9jAAAAAERAAAQAAQAAAAACUQABAAAAAAAAACQAAgAAAAACdQABAAAAAAAAACQAAwAAAAACmQAB"
    "AAAAAAAAAA8ABAAAAAACqAABAAAAAAAAACQAAABiaWluZgAAAAAABAAAABVpbmZlAgAAAAABAABodmMxAAAAABVpbm"
    "ZlAgAAAQACAABFeGlmAAAAABVpbmZlAgAAAAADAABodmMxAAAAABVpbmZlAgAAAQAEAABFeGlmAAAAAA5waXRtAAAA"
    "AAABAAABEGlwcnAAAADmaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJ"
    "AAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFz"
    "wIkAAAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAA"
    "AAAAAAAv////AAAAACAAAAEHBpeGkAAAAAAwgICAAAAAlpcm90AwAAACJpcG1hAAAAAAAAAAIAAQaBAgMFhIYAAwaB"
    "AgMFhIYAAAAoaXJlZgAAAAAAAAAOY2RzYwACAAEAAQAAAA5jZHNjAAQAAQADAAAAg21kYXQAAAAgKAGvGYD3Bkf/i1"
    "W5iylnJ1v2w7IFTQ+7SEdoEHIZWvAAAAAGRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAAAAAALKAGvGYDu"
    "qz0pN4AAAAAGRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAA="
)


def material(*folders: str) -> list[Path]:
    """Files of the shared material, in order; the test is skipped where the folder is absent."""
    if not MATERIAL.is_dir():
        pytest.skip("the shared material folder is not here")
    return sorted(p for name in folders for p in (MATERIAL / name).rglob("*") if p.is_file())


def page(mark: int = 0, size: tuple[int, int] = (120, 160), mode: str = "L") -> Image.Image:
    """Draw a white page whose upper left quarter is dark; `mark` makes it unlike others."""
    image = Image.new("L", size, 255)
    draw = ImageDraw.Draw(image)
    draw.rectangle([0, 0, size[0] // 2 - 1, size[1] // 2 - 1], fill=0)
    draw.line([0, size[1] - 20, mark + 1, size[1] - 20], fill=0, width=3)
    return image.convert(mode)


def noisy_page(size: tuple[int, int] = (600, 800), mode: str = "L") -> Image.Image:
    """Draw a page that does not compress to nothing, so that it can be cut in the middle."""
    return Image.effect_noise(size, 80).convert(mode)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """Write an image in a format of Pillow's."""
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def tiff(pages: Sequence[Image.Image], **options: Any) -> bytes:
    """Write a TIFF of several pages."""
    return encoded(pages[0], "TIFF", save_all=True, append_images=list(pages[1:]), **options)


def drawn_pdf(pages: int = 1, size: tuple[float, float] = (595.27, 841.89)) -> bytes:
    """Make a born-digital PDF with a line of text on each page."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=size)
    for number in range(pages):
        canvas.drawString(72, size[1] - 72, f"page {number + 1}")
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def scanned_pdf(image: Image.Image, dpi: float, text: str = "") -> bytes:
    """Make a PDF of one page that is an image at a resolution; `text` is drawn over it."""
    size = (image.width * 72 / dpi, image.height * 72 / dpi)
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=size)
    canvas.drawImage(ImageReader(image), 0, 0, *size)
    if text:
        canvas.drawString(10, 10, text)
    canvas.save()
    return target.getvalue()


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Pack files into a zip."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


def received(data: bytes, path: str = "scans/x", **more: Any) -> ReceivedFile:
    """Describe bytes as a received file."""
    digest = hashlib.sha256(data).hexdigest()
    return ReceivedFile(file_id(BATCH, path, digest), path, digest, len(data), 0, True, **more)


def triaged(data: bytes, path: str = "scans/x", limits: Limits = LIMITS, **more: Any) -> Triaged:
    """Triage bytes as if they had been received under a path."""
    return triage(received(data, path, **more), data, BATCH, limits)


def codes(found: Triaged) -> list[str]:
    """Return the codes of a triage's failures."""
    return [failure.code for failure in found.failures]


def deliver(
    folder: Path,
    files: Mapping[str, bytes],
    manifest: str | bytes | None = None,
    declaration: str = DECLARATION,
) -> Path:
    """Write a delivery into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "delivery.yaml").write_text(declaration, "utf-8")
    if manifest is not None:
        raw = manifest.encode() if isinstance(manifest, str) else manifest
        (folder / "manifest.csv").write_bytes(raw)
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder
