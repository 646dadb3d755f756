"""Pages of PDFs: drawn ones at 300 dpi, scanned ones at their own resolution."""

import io

import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from intake.limits import Limits
from intake.pages import render
from records.errors import RejectedInput
from records.values import PageImage
from tests.unit.intake.samples import (
    LIMITS,
    codes,
    drawn_pdf,
    noisy_page,
    page,
    scanned_pdf,
    triaged,
)


def rendered(data: bytes, index: int = 0, limits: Limits = LIMITS) -> PageImage:
    return render(triaged(data).scans[0], data, index, limits)


def test_a_drawn_page_is_rendered_at_300_dpi() -> None:
    """A born-digital A4 page has A4's pixels, ink on white, and carries its document."""
    data = drawn_pdf(3)

    image = rendered(data, 2)

    assert (image.width, image.height, image.mode, image.dpi) == (2481, 3508, "L", 300)
    assert (min(image.pixels), max(image.pixels)) == (0, 255)
    assert (image.pdf, image.pdf_index) == (data, 2)
    assert rendered(data, 0).pixels != image.pixels


@pytest.mark.parametrize("dpi", [100, 200, 300, 400])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_scanned_page_keeps_its_pixels(dpi: int, mode: str) -> None:
    """A page that is one image comes back with exactly that image's pixels."""
    scan = noisy_page((413, 585), mode)

    image = rendered(scanned_pdf(scan, dpi))

    assert (image.width, image.height, image.dpi) == (413, 585, dpi)
    assert image.pixels == scan.convert(image.mode).tobytes()


def test_a_very_fine_scan_is_brought_to_400_dpi() -> None:
    """More than 400 dpi adds nothing to read."""
    image = rendered(scanned_pdf(noisy_page((800, 1200)), 800))

    assert (image.width, image.height, image.dpi) == (400, 600, 400)


def test_text_drawn_over_a_coarse_image_stays_sharp() -> None:
    """A background of 75 dpi does not lower the resolution of the words upon it."""
    image = rendered(scanned_pdf(page(size=(300, 400)), 75, text="words"))

    assert (image.width, image.dpi) == (1200, 300)


def test_a_huge_page_is_drawn_smaller_or_refused() -> None:
    """The pixel limit bounds what is drawn; a page that would be unreadable is refused."""
    data = drawn_pdf(1, (2000, 2000))

    image = rendered(data, limits=Limits(max_pixels=10_000_000))

    assert 9_000_000 < image.width * image.height <= 10_000_000
    with pytest.raises(RejectedInput, match="image_too_large"):
        rendered(data, limits=Limits(max_pixels=500_000))


def test_a_locked_pdf_is_refused() -> None:
    """A PDF that asks for a password is refused; one that only forbids printing is read."""

    def locked(password: str) -> bytes:
        target = io.BytesIO()
        canvas = Canvas(target, encrypt=StandardEncryption(password, "owner", canPrint=0))
        canvas.drawString(72, 72, "locked")
        canvas.save()
        return target.getvalue()

    assert codes(triaged(locked("secret"))) == ["pdf_encrypted"]
    assert rendered(locked("")).dpi == 300


def test_a_page_that_is_gone_is_a_page_refused() -> None:
    """Of a PDF with one page object destroyed, that page is refused and the others are read."""
    data = drawn_pdf(3)
    place = data.index(b"/Type /Page\n") if b"/Type /Page\n" in data else data.index(b"/Contents")
    broken = data[:place] + data[place : place + 60].replace(b"Page", b"Nope") + data[place + 60 :]
    pages = triaged(broken).scans[0].pages

    outcomes = []
    for index in range(pages):
        try:
            outcomes.append(rendered(broken, index).dpi)
        except RejectedInput as error:
            outcomes.append(error.code)

    assert pages == 3
    assert outcomes.count(300) == 2
    assert "pdf_page_damaged" in outcomes


def test_a_scan_cut_inside_a_pdf_is_refused() -> None:
    """A JPEG that lacks its end within a PDF is no page with a white lower half."""
    target = io.BytesIO()
    noisy_page((600, 800)).save(target, "PDF", resolution=200)
    data = bytearray(target.getvalue())
    start, end = data.index(b"\xff\xd8"), data.rindex(b"\xff\xd9") + 2
    half = (start + end) // 2
    data[half:end] = bytes(end - half)

    with pytest.raises(RejectedInput, match="image_truncated"):
        rendered(bytes(data))


def test_a_page_empty_for_want_of_its_image_is_refused() -> None:
    """An image that cannot be decoded does not pass for a blank page; a blank scan does."""
    blank = Image.new("L", (600, 800), 255)
    target = io.BytesIO()
    noisy_page((600, 800)).save(target, "PDF", resolution=200)
    data = target.getvalue()
    left_out = data.replace(b"\xff\xd8\xff\xe0", bytes(4), 1)  # no JPEG any more
    painted_black = data.replace(b"\xff\xc0", b"\xff\xc3", 1)  # "lossless": no decoder has it

    assert set(rendered(scanned_pdf(blank, 200)).pixels) == {255}
    for spoilt in (left_out, painted_black):
        with pytest.raises(RejectedInput, match="image_damaged"):
            rendered(spoilt)


def test_filled_form_fields_are_seen() -> None:
    """What was typed into a form is part of the page."""

    def form(value: str) -> bytes:
        target = io.BytesIO()
        canvas = Canvas(target)
        canvas.acroForm.textfield(name="n", value=value, x=72, y=600, width=300, height=40)
        canvas.showPage()
        canvas.save()
        return target.getvalue()

    assert rendered(form("typed")).pixels != rendered(form("")).pixels
