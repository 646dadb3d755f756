"""From page image to text: what is read, where it lies, which way up, what is noticed."""

import io
from collections import Counter

import cv2
import numpy as np
import pytest
from PIL import Image

from ocr.engine import OcrEngine, make_engine
from ocr.reading import Reading, read_page
from records.errors import RejectedInput
from records.values import PageImage
from tests.makers.pages import MadePage, make_page
from tests.unit.ocr.made_pages import Turn, character_errors, made, page_image, page_of


@pytest.fixture(scope="module")
def engine() -> OcrEngine:
    """Tesseract as in production."""
    return make_engine("tesseract", "Hangul+eng")


@pytest.fixture(scope="module")
def certificate() -> MadePage:
    """A mildly scanned confirmation with a red seal."""
    return made("treatment_confirmation", 106, "mild")


@pytest.fixture(scope="module")
def certificate_read(certificate: MadePage, engine: OcrEngine) -> Reading:
    """It, read."""
    return read_page(page_of(certificate.image), engine)


def test_a_mild_scan_is_read(certificate: MadePage, certificate_read: Reading) -> None:
    """Nineteen characters in twenty are right, and the page says how it was read."""
    text = certificate_read.text

    assert character_errors(certificate.truth.text, text.text) <= 0.05
    assert (text.source, text.rotation, text.flags) == ("ocr", 0, ())
    assert text.confidence is not None
    assert text.confidence > 0.7
    assert text.skew == pytest.approx(certificate.truth.skew, abs=0.2)
    assert text.engine.startswith("tesseract ")


def test_words_lie_where_they_are_printed(certificate: MadePage, certificate_read: Reading) -> None:
    """Boxes are in pixels of the page as scanned, skew and all."""
    printed = [(w.text, w.box) for line in certificate.truth.lines for w in line.words]
    read = [(w.text, w.box) for line in certificate_read.text.lines for w in line.words]
    once = [text for text, count in Counter(text for text, _ in printed).items() if count == 1]
    shared = [text for text, _ in read if text in once and len(text) > 2]

    assert len(shared) >= 8
    for text in shared:
        box, true = dict(read)[text], dict(printed)[text]
        assert abs((box.x0 + box.x1) - (true.x0 + true.x1)) / 2 < 20, text
        assert abs((box.y0 + box.y1) - (true.y0 + true.y1)) / 2 < 20, text


def test_a_medium_scan_of_a_table_is_read_row_by_row(engine: OcrEngine) -> None:
    """Blur, noise and rules leave at least nine characters in ten, in the order of the rows."""
    page = made("nursing_record", 114, "medium")

    text = read_page(page_of(page.image), engine).text.text

    assert character_errors(page.truth.text, text) <= 0.10


@pytest.mark.parametrize(
    ("turn", "flags"), [(90, ("rotated",)), (180, ("upside_down",)), (270, ("rotated",))]
)
def test_a_turned_page_is_read_upright(
    certificate: MadePage, engine: OcrEngine, turn: Turn, flags: tuple[str, ...]
) -> None:
    """All turns of a Korean page are found; text, size and thumbnail are those of the upright."""
    turned = certificate.image.rotate(-turn, expand=True)

    reading = read_page(page_of(turned), engine)

    assert (reading.text.rotation, reading.text.flags) == (turn, flags)
    assert (reading.text.width, reading.text.height) == certificate.image.size
    assert character_errors(certificate.truth.text, reading.text.text) <= 0.05
    small = Image.open(io.BytesIO(reading.thumbnail))
    assert (small.format, small.width) == ("WEBP", 360)
    assert small.height > small.width


def test_the_page_is_not_changed(certificate: MadePage, engine: OcrEngine) -> None:
    """Reading derives; the pixels stay what they were."""
    image = page_of(certificate.image)
    before = bytes(image.pixels)

    read_page(image, make_engine("null", "Hangul+eng"))

    assert image.pixels == before


def test_a_coarse_scan_is_enlarged_and_flagged(certificate: MadePage, engine: OcrEngine) -> None:
    """100 dpi is read at 300, its boxes are pixels of the coarse page."""
    size = (certificate.image.width // 3, certificate.image.height // 3)

    text = read_page(
        page_of(certificate.image.resize(size, Image.Resampling.BOX), 100), engine
    ).text

    assert "low_resolution" in text.flags
    assert character_errors(certificate.truth.text, text.text) <= 0.10
    assert max(w.box.x1 for line in text.lines for w in line.words) <= size[0]


@pytest.mark.parametrize("level", ["mild", "medium"])
def test_a_blank_sheet_is_blank(level: str, engine: OcrEngine) -> None:
    """Grain, folds, dust, borders and punch holes are no ink; nothing is recognised."""
    for seed in (0, 3, 6):
        page = made("blank", seed, level)  # type: ignore[arg-type]

        text = read_page(page_of(page.image), engine).text

        assert (text.flags, text.lines, text.confidence) == (("blank",), (), None), seed
        assert text.source == "none"


@pytest.mark.parametrize(
    ("mark", "colour"),
    [("stroke", (228, 228, 228)), ("stamp", (250, 222, 222)), ("stroke", (205, 210, 250))],
)
def test_a_faint_mark_is_not_blank(mark: str, colour: tuple[int, int, int]) -> None:
    """A pencil's stroke and a pale stamp keep their page."""
    sheet = np.full((3508, 2480, 3), 252, np.uint8)
    if mark == "stamp":
        cv2.circle(sheet, (1200, 1700), 120, colour, 8)
    else:
        cv2.line(sheet, (1000, 1500), (1250, 1560), colour, 4)

    text = read_page(page_image(sheet), make_engine("null", "kor")).text

    assert "blank" not in text.flags


def test_a_sheet_with_one_full_line_is_not_blank(certificate: MadePage) -> None:
    """A line of print from side to side is no fold."""
    grey = np.asarray(certificate.image.convert("L"))
    box = certificate.truth.lines[0].words[0].box
    word = grey[box.y0 : box.y1, box.x0 : box.x1]
    sheet = np.full((3508, 2480), 255, np.uint8)
    for x in range(0, 2480 - word.shape[1], word.shape[1] + 10):
        sheet[1000 : 1000 + word.shape[0], x : x + word.shape[1]] = word

    text = read_page(page_image(sheet), make_engine("null", "kor")).text

    assert "blank" not in text.flags


def test_print_faded_to_a_tenth_is_read_and_flagged(
    certificate: MadePage, engine: OcrEngine
) -> None:
    """Faint print is no blank page: it is made darker, read and flagged."""
    grey = np.asarray(certificate.image.convert("L"), np.float32)
    faded = (255 - (255 - grey) * 0.1).astype(np.uint8)

    text = read_page(page_image(faded), engine).text

    assert text.flags == ("faded",)
    assert character_errors(certificate.truth.text, text.text) <= 0.15


def test_faded_print_in_grain_and_specks_is_read_and_flagged(engine: OcrEngine) -> None:
    """Heat paper after ten years, scanned badly: grain and specks are darker than its print."""
    faults = ("skew", "blur", "speckle", "gaussian_noise", "thermal_fade")
    page = make_page("fee_detail", "line_print", 31, "severe", faults=faults)[0]

    text = read_page(page_of(page.image), engine).text

    assert "faded" in text.flags
    assert character_errors(page.truth.text, text.text) <= 0.2


def test_greys_cut_into_dots_are_read(certificate: MadePage, engine: OcrEngine) -> None:
    """A page whose paper is strewn with the dots of a photo mode is read as one in grey."""
    grey = Image.fromarray((np.asarray(certificate.image.convert("L")) * 0.9).astype(np.uint8))

    text = read_page(page_of(grey.convert("1").convert("L")), engine).text

    assert character_errors(certificate.truth.text, text.text) <= 0.15


def test_a_page_out_of_focus_is_flagged(certificate: MadePage) -> None:
    """Blur beyond what the engine bears is noticed, less is not."""
    grey = np.asarray(certificate.image.convert("L"))
    null = make_engine("null", "Hangul+eng")

    flags = {
        sigma: read_page(page_image(cv2.GaussianBlur(grey, (0, 0), sigma)), null).text.flags  # type: ignore[arg-type]
        for sigma in (1.5, 4)
    }

    assert flags == {1.5: (), 4: ("out_of_focus",)}


def test_settings_and_version_mark_a_reading(certificate_read: Reading) -> None:
    """Another engine or another list of languages gives another digest."""
    sheet = page_image(np.full((300, 200), 255, np.uint8))
    digests = {
        read_page(sheet, make_engine(name, languages)).text.settings_digest
        for name, languages in (
            ("null", "kor"),
            ("null", "Hangul+eng"),
            ("tesseract", "Hangul+eng"),
        )
    }

    assert len(digests) == 3
    assert certificate_read.text.settings_digest in digests


def test_pixels_of_another_size_are_refused() -> None:
    """A page whose bytes do not fit its size is rejected by its id."""
    with pytest.raises(RejectedInput) as caught:
        read_page(PageImage("p-test", 10, 10, "L", 300, b"\xff" * 99), make_engine("null", "kor"))

    assert (caught.value.code, caught.value.subject) == ("page_pixels_wrong", "p-test")


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (900, 3), (40, 60)])
def test_odd_sizes_are_survived(size: tuple[int, int], engine: OcrEngine) -> None:
    """A sliver or a dot of noise gives a page, not a crash."""
    noise = np.random.default_rng(1).integers(0, 256, size, np.uint8)

    text = read_page(page_image(noise, None), engine).text

    assert (text.width, text.height) in {size, size[::-1]}


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (40, 40), (5000, 8)])
def test_a_page_of_odd_size_is_answered(size: tuple[int, int], engine: OcrEngine) -> None:
    """A sliver of noise is read or refused; it does not end the process."""
    noise = np.random.default_rng(5).integers(0, 256, (size[1], size[0]), dtype=np.uint8)

    text = read_page(page_of(Image.fromarray(noise)), engine).text

    assert text.width * text.height == size[0] * size[1]
