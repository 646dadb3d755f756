"""When a PDF's text layer is believed."""

import io

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from ocr.engine import OcrEngine, make_engine
from ocr.reading import read_page
from records.ids import page_id
from records.values import PageImage, PageText

_FONT = "/usr/share/fonts/truetype/nanum/NanumGothic.ttf"
_PRINTED = ("상기 환자는 기침과 발열로 내원하였음", "약 이주간의 안정 가료가 필요함")
_OTHER = ("총액 일백이십만원을 정히 영수하였음", "본 영수증은 공제용으로 사용 불가함")
_VISIBLE, _INVISIBLE = 0, 3


@pytest.fixture(scope="module")
def engine() -> OcrEngine:
    """Tesseract as in production."""
    return make_engine("tesseract", "Hangul+eng")


def _read(
    engine: OcrEngine,
    layer: tuple[str, ...],
    mode: int,
    scan: tuple[str, ...] = (),
    looks_like: bytes | None = None,
) -> PageText:
    """Read a page with a text layer over a scan; `looks_like`: a PDF whose look it has instead."""
    data = _pdf(layer, mode, scan)
    document = pypdfium2.PdfDocument(looks_like or data)
    pixels = np.ascontiguousarray(document[0].render(scale=200 / 72, grayscale=True).to_numpy())
    document.close()
    height, width = pixels.shape[:2]
    image = PageImage(page_id("s-pdf", 0), width, height, "L", 200, pixels.tobytes(), data, 0)
    return read_page(image, engine).text


def _pdf(layer: tuple[str, ...], mode: int, scan: tuple[str, ...] = ()) -> bytes:
    pdfmetrics.registerFont(TTFont("Nanum", _FONT))
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(595, 842))
    if scan:
        sheet = Image.new("L", (1654, 2339), 255)
        for row, line in enumerate(scan):
            font = ImageFont.truetype(_FONT, 34)
            ImageDraw.Draw(sheet).text((200, 300 + 80 * row), line, 0, font)
        canvas.drawImage(ImageReader(sheet), 0, 0, 595, 842)
    text = canvas.beginText(72, 722)
    text.setFont("Nanum", 12, leading=29)
    text.setTextRenderMode(mode)
    for line in layer:
        text.textLine(line)
    canvas.drawText(text)
    canvas.save()
    return file.getvalue()


def test_what_is_printed_and_said_alike_is_believed(engine: OcrEngine) -> None:
    """A born-digital page gives its own text, to the letter, in pixels of its image."""
    text = _read(engine, _PRINTED, _VISIBLE)

    assert (text.source, text.text) == ("text_layer", "\n".join(_PRINTED))
    assert abs(text.lines[0].words[0].box.x0 - 200) < 10


def test_a_layer_over_a_scan_is_not_believed(engine: OcrEngine) -> None:
    """Invisible words of another recogniser lose against the look of the scan."""
    text = _read(engine, _OTHER, _INVISIBLE, scan=_PRINTED)

    assert text.source == "ocr"
    assert "내원하였음" in text.text
    assert "영수" not in text.text


def test_words_without_ink_are_not_believed(engine: OcrEngine) -> None:
    """Invisible words on an empty page are no text."""
    text = _read(engine, _OTHER, _INVISIBLE)

    assert text.lines == ()


def test_words_that_read_otherwise_are_not_believed(engine: OcrEngine) -> None:
    """A layer that spells other words than the page shows, at the same place, is refused."""
    text = _read(engine, _OTHER, _VISIBLE, looks_like=_pdf(_PRINTED, _VISIBLE))

    assert text.source == "ocr"
    assert "영수" not in text.text


@pytest.mark.parametrize("damage", [b"", b"%PDF-1.7\nnothing", b"\x00" * 500])
def test_a_damaged_file_is_read_from_its_look(damage: bytes, engine: OcrEngine) -> None:
    """A PDF that cannot be parsed again does not cost the page."""
    sheet = np.full((300, 400), 255, np.uint8)
    sheet[100:110, 50:350] = 0
    image = PageImage(page_id("s-pdf", 0), 400, 300, "L", 200, sheet.tobytes(), damage, 0)

    assert read_page(image, engine).text.source == "ocr"
