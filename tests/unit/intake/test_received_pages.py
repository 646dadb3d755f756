"""Received pages on sheets of their own: as they came wherever a PDF can hold them."""

import io
from dataclasses import replace

import img2pdf
import numpy as np
import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from intake.pages import render
from intake.received_pages import ReceivedPage, received_page
from intake.tiff_pages import find_pages
from records.errors import RejectedInput
from records.values import PageImage, PageText
from tests.unit.intake.samples import (
    HEIC,
    HEIC_TURNED_OF_TWO,
    LIMITS,
    drawn_pdf,
    encoded,
    noisy_page,
    page,
    scanned_pdf,
    tiff,
    triaged,
    zipped,
)

_FONT = "/usr/share/fonts/truetype/nanum/NanumGothic.ttf"
_VISIBLE, _INVISIBLE = 0, 3
A4_AT_200 = (1654, 2339)


def seen(data: bytes, index: int = 0) -> PageImage:
    return render(triaged(data).scans[0], data, index, LIMITS)


def text_of(image: PageImage, source: str = "ocr") -> PageText:
    dpi = image.dpi or 200
    return PageText(image.page_id, image.width, image.height, dpi, 0, 0.0, (), source=source)


def received(data: bytes, index: int = 0, source: str = "ocr") -> ReceivedPage:
    text = text_of(seen(data, index), source)
    return received_page(triaged(data).scans[0], data, index, text, LIMITS)


def pictures(pdf: bytes) -> list[bytes]:
    """The data of the pictures of the first page, as they lie in the file."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        drawn = document.pages[0].Resources.XObject.values()
        return [bytes(x.read_raw_bytes()) for x in drawn if x.Subtype == Name.Image]


def stored(pdf: bytes) -> bytes:
    """The pixels of the one picture of the first page."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        (picture,) = document.pages[0].Resources.XObject.values()
        return pikepdf.PdfImage(picture).as_pil_image().tobytes()


def sheet_size(pdf: bytes) -> tuple[float, ...]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return tuple(float(side) for side in document.pages[0].mediabox[2:])


def shown(pdf: bytes, image: PageImage) -> Image.Image:
    with pypdfium2.PdfDocument(pdf) as document:
        scale = (image.dpi or 200) / 72 * (1 - 1e-6)
        return document[0].render(scale=scale).to_pil().convert(image.mode)


def copied(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return str(document[0].get_textpage().get_text_range())


def unlike(pdf: bytes, image: PageImage) -> int:
    """The largest difference between a page as a viewer shows it and as reading saw it."""
    wanted = Image.frombytes(image.mode, (image.width, image.height), image.pixels)
    there = shown(pdf, image)
    assert there.size == wanted.size
    difference = np.asarray(there, np.int16) - np.asarray(wanted, np.int16)
    return int(np.abs(difference).max())


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("progressive", [False, True])
def test_jpeg_data_are_untouched(mode: str, progressive: bool) -> None:
    """The very bytes of the received JPEG stand in the PDF, on a sheet of the scan's size."""
    data = encoded(noisy_page(mode=mode), "JPEG", dpi=(100, 100), progressive=progressive)

    made = received(data)

    assert pictures(made.pdf) == [data]
    assert sheet_size(made.pdf) == (432, 576)
    assert (made.how, made.conforming) == ("image", True)
    assert unlike(made.pdf, seen(data)) <= 1


def test_one_strip_of_g4_is_untouched() -> None:
    """The G4 strip of a TIFF stands in the PDF byte for byte."""
    image = page(size=A4_AT_200, mode="1")
    data = tiff([image], compression="group4", dpi=(200, 200), tiffinfo={278: image.height})

    (strip,) = pictures(received(data).pdf)

    assert len(strip) > 100
    assert strip in data


@pytest.mark.parametrize("index", [0, 1])
def test_g4_of_many_strips_keeps_every_pixel(index: int) -> None:
    """G4 in strips is packed as one; each page of the file keeps its own pixels."""
    pages = [page(mark, A4_AT_200, "1") for mark in (10, 900)]
    data = tiff(pages, compression="group4", dpi=(200, 200), strip_size=4096)
    assert len(find_pages(data, 9).offsets) == 2

    made = received(data, index)

    assert b"CCITTFaxDecode" in made.pdf
    assert stored(made.pdf) == pages[index].tobytes()
    assert made.conforming


@pytest.mark.parametrize(
    "data",
    [
        encoded(noisy_page(), "PNG", dpi=(100, 100)),
        encoded(noisy_page(mode="RGB"), "PNG", dpi=(100, 100)),
        encoded(page(mode="P"), "PNG"),
        encoded(page(mode="1"), "PNG"),
        encoded(page(mode="RGBA"), "PNG"),
        encoded(noisy_page(mode="RGB"), "WEBP"),
        HEIC,
        tiff([noisy_page()], compression="tiff_lzw", dpi=(100, 100)),
        tiff([noisy_page(mode="RGB")], compression="jpeg", dpi=(100, 100)),
        tiff([page().convert("I;16")]),
        tiff([noisy_page(mode="1")], compression="group3"),
        encoded(noisy_page(), "JPEG", icc_profile=b"no profile at all" * 20),
    ],
    ids=["grey", "rgb", "palette", "bilevel", "alpha", "webp", "heic", "lzw", "jpeg in tiff",
         "deep tiff", "g3", "spoilt profile"],
)  # fmt: skip
def test_every_other_image_loses_nothing(data: bytes) -> None:
    """What reading saw is what the PDF shows, to the pixel, and it may stand in a PDF/A."""
    made = received(data)

    assert unlike(made.pdf, seen(data)) == 0
    assert (made.how, made.conforming) == ("image", True)


def test_a_spoilt_profile_does_not_cost_a_jpeg_its_bytes() -> None:
    """A colour profile that is none stays in the data and is not named in the PDF."""
    for mode in ("L", "RGB"):
        data = encoded(noisy_page(mode=mode), "JPEG", icc_profile=b"no profile at all" * 20)

        made = received(data)

        assert pictures(made.pdf) == [data]
        assert made.conforming


def test_a_second_heic_image_is_taken() -> None:
    """The page asked for, turned as its camera noted."""
    made = received(HEIC_TURNED_OF_TWO, 1)

    assert unlike(made.pdf, seen(HEIC_TURNED_OF_TWO, 1)) == 0


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_a_noted_orientation_is_laid_not_applied(orientation: int, kind: str) -> None:
    """However the camera was held, the page is as reading saw it; a JPEG keeps its bytes."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"compression": "group4"} if kind == "TIFF" else {}
    image = page(60, mode="1" if kind == "TIFF" else "L")
    data = encoded(image, kind, exif=exif, dpi=(100, 100), **options)

    made = received(data)

    assert unlike(made.pdf, seen(data)) <= 3
    if kind == "JPEG":
        assert pictures(made.pdf) == [data]


def test_four_colours_stay_and_are_no_pdf_a() -> None:
    """A JPEG for the press keeps its bytes; PDF/A would ask for another output intent."""
    data = encoded(noisy_page(mode="CMYK"), "JPEG")

    made = received(data)

    assert pictures(made.pdf) == [data]
    assert not made.conforming


def test_a_fax_with_oblong_pixels_has_its_true_shape() -> None:
    """204 by 98 dots an inch: the data stay, the sheet is as high as the fax was."""
    image = page(size=(1728, 1100), mode="1")
    data = tiff([image], compression="group4", dpi=(204, 98), tiffinfo={278: 1100})

    made = received(data)

    assert pictures(made.pdf)[0] in data
    assert tuple(map(round, sheet_size(made.pdf))) == (610, 808)


def test_a_member_of_a_zip_is_found() -> None:
    """The page of a packed file is taken from its member."""
    data = encoded(noisy_page(), "JPEG")

    made = received(zipped({"a.jpg": data}))

    assert pictures(made.pdf) == [data]


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_scanned_pdf_keeps_its_picture(kind: str) -> None:
    """The picture stream of a scanned page is byte for byte that of the received PDF."""
    data = img2pdf.convert(encoded(noisy_page(A4_AT_200), kind, dpi=(200, 200)), nodate=True)

    made = received(data)

    assert pictures(made.pdf) == pictures(data) != []
    assert (made.how, made.own_text, made.conforming) == ("page", False, True)
    assert unlike(made.pdf, seen(data)) == 0


def scan_with_text(mode: int, shape: str = "page") -> bytes:
    """A scan under words that it does not show; `form`: they lie in a form of the page."""
    pdfmetrics.registerFont(TTFont("Nanum", _FONT))
    target = io.BytesIO()
    size = (A4_AT_200[0] * 72 / 200, A4_AT_200[1] * 72 / 200)
    canvas = Canvas(target, pagesize=size)
    scan = ImageReader(io.BytesIO(encoded(noisy_page(A4_AT_200), "JPEG")))
    canvas.drawImage(scan, 0, 0, *size)
    if shape == "form":
        canvas.beginForm("words")
    text = canvas.beginText(72, 700)
    text.setFont("Nanum", 20)
    text.setTextRenderMode(mode)
    text.textLine("거짓 영수증 lie")
    canvas.drawText(text)
    if shape == "form":
        canvas.endForm()
        canvas.doForm("words")
    canvas.save()
    return target.getvalue()


@pytest.mark.parametrize("shape", ["page", "form"])
def test_invisible_words_of_others_are_taken_out(shape: str) -> None:
    """Another recogniser's layer cannot be copied any more; the scan keeps its picture stream."""
    data = scan_with_text(_INVISIBLE, shape)
    assert "거짓" in copied(data)

    made = received(data)

    assert copied(made.pdf) == ""
    assert "거짓".encode("utf-16-be") not in made.pdf
    assert (made.how, made.conforming) == ("cleared", True)
    assert unlike(made.pdf, seen(data)) == 0
    assert pictures(made.pdf) == pictures(data) != []


def test_a_lying_layer_that_is_seen_is_drawn() -> None:
    """Where words that are not believed belong to the look, the page becomes pixels."""
    data = scan_with_text(_VISIBLE)

    made = received(data)

    assert copied(made.pdf) == ""
    assert (made.how, made.own_text, made.conforming) == ("drawn", False, True)
    assert stored(made.pdf) == seen(data).pixels


def test_a_believed_page_is_kept() -> None:
    """A born-digital page keeps its content and its text; unused fonts do not cost it PDF/A."""
    pdfmetrics.registerFont(TTFont("Nanum", _FONT))
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(595, 842))
    canvas.setFont("Nanum", 12)
    canvas.drawString(72, 700, "상기 환자는 기침과 발열로 내원하였음")
    canvas.save()
    data = target.getvalue()

    made = received(data, source="text_layer")

    assert (made.how, made.own_text, made.conforming) == ("page", True, True)
    assert copied(made.pdf) == "상기 환자는 기침과 발열로 내원하였음"
    with pikepdf.open(io.BytesIO(data)) as theirs, pikepdf.open(io.BytesIO(made.pdf)) as ours:
        assert ours.pages[0].Contents.read_bytes() == theirs.pages[0].Contents.read_bytes()


def test_a_font_that_is_not_embedded_is_no_pdf_a() -> None:
    """Such a page is kept as it is, and said to be none."""
    made = received(drawn_pdf(2), 1, "text_layer")

    assert (made.how, made.own_text, made.conforming) == ("page", True, False)
    assert copied(made.pdf) == "page 2"


def with_extras() -> bytes:
    """A page with a stamp as an annotation, a script and a hidden note."""
    with pikepdf.open(io.BytesIO(scanned_pdf(noisy_page((600, 800)), 100))) as pdf:
        stamp = pdf.make_stream(b"0 0 0 rg 0 0 100 50 re f", Dictionary(
            Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 100, 50])))  # fmt: skip
        annotation = Dictionary(
            Type=Name.Annot, Subtype=Name.Stamp, Rect=Array([50, 50, 150, 100]), F=4,
            AP=Dictionary(N=stamp), Contents="hidden note",
        )  # fmt: skip
        script = Dictionary(S=Name.JavaScript, JS="app.alert(1)")
        pdf.pages[0].Annots = pdf.make_indirect(Array([pdf.make_indirect(annotation)]))
        pdf.pages[0].AA = Dictionary(O=script)
        pdf.Root.OpenAction = script
        target = io.BytesIO()
        pdf.save(target)
        return target.getvalue()


def test_a_stamp_is_seen_and_scripts_stay_behind() -> None:
    """What an annotation shows is part of the page's look; nothing that acts comes along."""
    data = with_extras()

    made = received(data)

    assert made.how == "drawn"
    assert stored(made.pdf) == seen(data).pixels
    for forbidden in (b"JavaScript", b"alert", b"hidden note", b"Annot"):
        assert forbidden not in made.pdf


def test_a_turned_page_keeps_its_turn_and_its_crop() -> None:
    """A page with /Rotate and /CropBox is taken over with both."""
    with pikepdf.open(io.BytesIO(scanned_pdf(noisy_page((600, 800)), 100))) as pdf:
        pdf.pages[0].Rotate = -270
        pdf.pages[0].CropBox = Array([0, 100, 432, 500])
        target = io.BytesIO()
        pdf.save(target)
    data = target.getvalue()

    made = received(data)

    with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
        assert int(pdf.pages[0].Rotate) == 90
        assert [float(side) for side in pdf.pages[0].cropbox] == [0, 100, 432, 500]
    assert made.how == "page"
    assert unlike(made.pdf, seen(data)) == 0


def test_a_broken_page_has_a_reason() -> None:
    """What cannot be decoded is refused by code and id, as in reading; the child lives on."""
    whole = encoded(noisy_page(), "JPEG")
    text = text_of(seen(whole))
    scan = triaged(whole).scans[0]

    with pytest.raises(RejectedInput, match="image_truncated") as refused:
        received_page(scan, whole[: len(whole) // 3], 0, text, LIMITS)
    assert refused.value.subject == text.page_id
    with pytest.raises(RejectedInput, match="pdf_damaged"):
        received_page(replace(scan, media="pdf"), b"%PDF-1.7 nothing", 0, text, LIMITS)
    assert received(whole).how == "image"


def test_same_page_same_bytes() -> None:
    """A sheet holds no date and no random id."""
    data = encoded(noisy_page(), "PNG")

    assert received(data).pdf == received(data).pdf
