"""Pages that nobody here made: turned scans, forms, lines, born-digital Korean."""

from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from ocr.engine import OcrEngine, make_engine
from ocr.reading import read_page
from records.ids import page_id
from records.values import PageImage, PageText
from tests.unit.ocr.made_pages import character_errors, page_of

_MATERIAL = Path(__file__).parents[4] / "shared" / "material"
_TESSERACT = _MATERIAL / "A04" / "testing"
_TURNED = _MATERIAL / "A02" / "tests" / "data" / "ocr" / "sources"
_KOREAN = _MATERIAL / "A01" / "tests" / "data" / "pdf" / "sources" / "normal_4pages.pdf"
_LINES = _MATERIAL / "A03" / "data" / "generator"
_MEDICAL = _MATERIAL / "A06" / "workshops" / "industry" / "insurance" / "dataset"

pytestmark = [
    pytest.mark.material,
    pytest.mark.skipif(not _MATERIAL.is_dir(), reason="the shared material folder is absent"),
]


@pytest.fixture(scope="module")
def engine() -> OcrEngine:
    """Tesseract as in production."""
    return make_engine("tesseract", "Hangul+eng")


def _read_image(path: Path, engine: OcrEngine) -> PageText:
    with Image.open(path) as image:
        if image.mode == "RGBA":
            white = Image.new("RGBA", image.size, "white")
            return read_page(
                page_of(Image.alpha_composite(white, image).convert("RGB"), None), engine
            ).text
        tagged = image.info.get("dpi")
        return read_page(page_of(image, round(tagged[0]) if tagged else None), engine).text


def _pdf_page(path: Path, index: int) -> PageImage:
    data = path.read_bytes()
    document = pypdfium2.PdfDocument(data)
    pixels: np.ndarray = document[index].render(scale=200 / 72, grayscale=True).to_numpy()
    document.close()
    height, width = pixels.shape[:2]
    raw = np.ascontiguousarray(pixels).tobytes()
    return PageImage(page_id("s-pdf", index), width, height, "L", 200, raw, data, index)


@pytest.mark.parametrize(
    ("name", "rotation"),
    [
        ("phototest.tif", 0),
        ("phototest-rotated-R.png", 90),
        ("phototest-rotated-180.png", 180),
        ("phototest-rotated-L.png", 270),
    ],
)
def test_a_turned_scan_is_read_upright(name: str, rotation: int, engine: OcrEngine) -> None:
    """Tesseract's own turned pages: the turn is found and the text is right."""
    truth = (_TESSERACT / "phototest.gold.txt").read_text("utf-8")

    text = _read_image(_TESSERACT / name, engine)

    assert text.rotation == rotation
    assert character_errors(truth, text.text) <= 0.02


@pytest.mark.parametrize(
    ("name", "rotation"),
    [("", 0), ("_rotated_90", 270), ("_rotated_180", 180), ("_rotated_270", 90)],
)
def test_a_turned_pdf_is_read_upright(name: str, rotation: int, engine: OcrEngine) -> None:
    """A PDF of one turned picture has no text layer; it is read from its look."""
    truth = (
        "Docling bundles PDF document conversion to JSON and Markdown "
        "in an easy self contained package"
    )

    text = read_page(_pdf_page(_TURNED / f"ocr_test{name}.pdf", 0), engine).text

    assert (text.rotation, text.source) == (rotation, "ocr")
    assert character_errors(truth, text.text) <= 0.02


def test_a_born_digital_page_is_taken_at_its_word(engine: OcrEngine) -> None:
    """A Korean report's text layer agrees with its look; it has boxes and no confidence."""
    text = read_page(_pdf_page(_KOREAN, 1), engine).text

    assert (text.source, text.confidence) == ("text_layer", None)
    assert text.engine.startswith("pdfplumber")
    assert "제1급감염병으로" in text.text
    assert all(0 <= w.box.x0 < w.box.x1 <= text.width for line in text.lines for w in line.words)


@pytest.mark.parametrize("kind", ["basic", "skew", "blur", "dist", "back"])
def test_a_line_image_is_no_trap(kind: str, engine: OcrEngine) -> None:
    """Small images of one Korean line give a page; the plain ones are read."""
    path = min(_LINES.glob(f"**/{kind}/*.jpg"))

    text = _read_image(path, engine)

    assert (text.width, text.height) != (0, 0)
    if kind == "basic":
        assert character_errors(path.stem.rsplit("_")[0], text.text) <= 0.2


def test_an_english_invoice_is_read(engine: OcrEngine) -> None:
    """A letter-size page at 150 dpi without a tag: its size is guessed and its head is up."""
    text = _read_image(_MEDICAL / "document_samples" / "insurance_invoice.png", engine)

    assert text.rotation == 0
    assert text.confidence is not None
    assert text.confidence > 0.7
