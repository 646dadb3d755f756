"""Pixels of one page: every kind of image comes out grey or RGB, whole, and the right way up."""

import io

import pytest
from PIL import Image, TiffImagePlugin

from intake.limits import Limits
from intake.pages import render
from records.errors import RejectedInput
from records.values import PageImage
from tests.unit.intake.samples import (
    HEIC,
    HEIC_TURNED_OF_TWO,
    LIMITS,
    encoded,
    noisy_page,
    page,
    tiff,
    triaged,
)

EXIF_ORIENTATION = 0x0112


def rendered(data: bytes, index: int = 0, limits: Limits = LIMITS) -> PageImage:
    return render(triaged(data).scans[0], data, index, limits)


def refusal(data: bytes, index: int = 0, limits: Limits = LIMITS) -> str:
    with pytest.raises(RejectedInput) as caught:
        rendered(data, index, limits)
    assert caught.value.subject.startswith("p-")
    return caught.value.code


def corners(image: PageImage) -> tuple[int, int, int, int]:
    """Return the grey values near the four corners: upper left, upper right, lower left, right."""
    view = Image.frombytes(image.mode, (image.width, image.height), image.pixels).convert("L")
    right, low = image.width - 8, image.height - 8
    return tuple(view.getpixel(at) for at in ((8, 8), (right, 8), (8, low), (right, low)))  # type: ignore[return-value]


def with_white_zero(image: Image.Image, bits: int) -> bytes:
    """Write an uncompressed TIFF whose zero is white."""
    info = TiffImagePlugin.ImageFileDirectory_v2()
    info[262] = 0
    if bits == 16:
        inverted = image.convert("I").point(lambda value: (255 - value) * 257)
        raw = b"".join(int(v).to_bytes(2, "little") for v in inverted.get_flattened_data())
        deep = Image.frombytes("I;16", image.size, raw)
        plain = bytearray(encoded(deep, "TIFF"))
        first = int.from_bytes(plain[4:8], "little")
        number = int.from_bytes(plain[first : first + 2], "little")
        for at in range(first + 2, first + 2 + 12 * number, 12):
            if plain[at : at + 2] == (262).to_bytes(2, "little"):
                plain[at + 8] = 0
        return bytes(plain)
    return encoded(image, "TIFF", tiffinfo=info)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGB", "RGBA"])
def test_every_mode_keeps_dark_dark(kind: str, mode: str) -> None:
    """Whatever the mode, ink is 0 and paper is 255, pixel for pixel."""
    image = rendered(encoded(page(mode=mode), kind))

    assert image.mode == ("RGB" if mode == "RGB" else "L")
    assert image.pixels == page(mode=image.mode).tobytes()


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_becomes_rgb(kind: str) -> None:
    """A page in print colours is not inverted."""
    image = rendered(encoded(page(mode="CMYK"), kind))

    ink, *paper = corners(image)
    assert image.mode == "RGB"
    assert ink < 20
    assert min(paper) > 235


def test_sixteen_bits_are_scaled_not_clipped() -> None:
    """Deep greys keep their order: a mid grey does not become white."""
    deep = Image.frombytes("I;16", (4, 1), bytes([0, 0, 0, 64, 0, 128, 255, 255]))

    for kind in ("PNG", "TIFF"):
        assert rendered(encoded(deep, kind)).pixels == bytes([0, 64, 128, 255])


def test_twelve_bits_in_sixteen_are_not_black() -> None:
    """A scanner that fills only 12 of 16 bits gives a readable page."""
    deep = Image.frombytes("I;16", (3, 1), bytes([0, 0, 0, 8, 255, 15]))

    assert rendered(encoded(deep, "TIFF")).pixels == bytes([0, 128, 255])


@pytest.mark.parametrize("options", [{}, {"compression": "group4"}])
def test_a_fax_tiff_whose_zero_is_white(options: dict[str, str]) -> None:
    """MinIsWhite pages, packed or not, have dark ink."""
    info = TiffImagePlugin.ImageFileDirectory_v2()
    info[262] = 0
    data = encoded(page(mode="1"), "TIFF", tiffinfo=info, **options)

    assert rendered(data).pixels == page().tobytes()


def test_a_deep_tiff_whose_zero_is_white() -> None:
    """MinIsWhite holds for 16 bits too."""
    assert rendered(with_white_zero(page(), 16)).pixels == page().tobytes()


def test_transparency_lies_on_white_paper() -> None:
    """What is transparent is paper, not ink."""
    clear = Image.new("RGBA", (10, 10), (0, 0, 0, 0))

    assert rendered(encoded(clear, "PNG")).pixels == b"\xff" * 100


@pytest.mark.parametrize(
    ("orientation", "dark"), [(1, 0), (2, 1), (3, 3), (4, 2), (5, 0), (6, 1), (7, 3), (8, 2)]
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_the_cameras_orientation_is_applied(kind: str, orientation: int, dark: int) -> None:
    """The page is turned as the camera noted; sides are exchanged where it was held upright."""
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = orientation
    image = rendered(encoded(page(), kind, exif=exif))

    values = corners(image)
    assert [value < 128 for value in values] == [place == dark for place in range(4)]
    expected = (160, 120) if orientation >= 5 else (120, 160)
    assert (image.width, image.height) == expected


def test_heic_photographs() -> None:
    """HEIC is decoded, every image of the file, turned as the camera noted."""
    plain, turned = rendered(HEIC), rendered(HEIC_TURNED_OF_TWO)
    second = rendered(HEIC_TURNED_OF_TWO, 1)

    assert (plain.width, plain.height, corners(plain)[0] < 50) == (64, 48, True)
    assert (turned.width, turned.height, corners(turned)[1] < 50) == (48, 64, True)
    assert all(100 < value < 150 for value in corners(second))


@pytest.mark.parametrize(
    ("dpi", "size", "expected"),
    [
        ((300, 300), (120, 160), 300),
        ((72, 72), (120, 160), 72),
        ((72, 72), (3000, 4000), None),
        ((1, 1), (120, 160), None),
        ((5000, 5000), (120, 160), None),
    ],
)
def test_a_resolution_is_told_where_it_can_be(
    dpi: tuple[int, int], size: tuple[int, int], expected: int | None
) -> None:
    """A tag that would make an impossible sheet is not believed."""
    for kind in ("JPEG", "PNG", "TIFF"):
        assert rendered(encoded(page(size=size), kind, dpi=dpi)).dpi == expected
    assert rendered(encoded(page(), "PNG")).dpi is None


def test_a_fax_page_is_brought_to_square_pixels() -> None:
    """204 by 98 dots an inch become 204 by 204, so that letters keep their shape."""
    fax = encoded(page(size=(204, 98), mode="1"), "TIFF", dpi=(204, 98), compression="group4")

    image = rendered(fax)

    assert (image.width, image.height, image.dpi) == (204, 204, 204)


def test_pages_of_a_tiff_are_told_apart() -> None:
    """Page n is page n, first to last, in any order of asking."""
    pages = [page(n * 10) for n in range(5)]
    data = tiff(pages, compression="tiff_lzw")

    for index in (4, 0, 2, 1, 3):
        assert rendered(data, index).pixels == pages[index].tobytes()
    assert refusal(data, 5) == "page_not_there"


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_cut_image_is_refused(kind: str, keep: float) -> None:
    """No page is passed on whose lower part is missing."""
    whole = encoded(noisy_page(), kind)

    assert refusal(whole[: int(len(whole) * keep)]) in {"image_truncated", "image_damaged"}


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("tail", ["zeros", "end marker"])
def test_a_jpeg_patched_up_after_a_cut_is_refused(mode: str, tail: str) -> None:
    """A tail of zeros, or an end marker set too early, decodes without any error; not here."""
    whole = encoded(noisy_page(mode=mode), "JPEG")
    half = len(whole) // 2
    end = bytes(len(whole) - half) if tail == "zeros" else b"\xff\xd9"

    assert refusal(whole[:half] + end) == "image_truncated"


@pytest.mark.parametrize(
    "options", [{}, {"compression": "group4"}, {"compression": "jpeg"}, {"compression": "tiff_lzw"}]
)
def test_a_tiff_page_with_missing_strips_is_refused(options: dict[str, str]) -> None:
    """Libtiff would fill the missing strips with paper; the page is refused, the other kept."""
    mode = "1" if options.get("compression") == "group4" else "L"
    first, second = noisy_page(mode=mode), noisy_page(mode=mode)
    whole = bytearray(tiff([first, second], **options))
    order = "little" if whole[:2] == b"II" else "big"
    directory = int.from_bytes(whole[4:8], order)
    number = int.from_bytes(whole[directory : directory + 2], order)
    for at in range(directory + 2, directory + 2 + 12 * number, 12):
        if int.from_bytes(whole[at : at + 2], order) == 273:
            place = at + 8
            if int.from_bytes(whole[at + 4 : at + 8], order) > 1:
                place = int.from_bytes(whole[at + 8 : at + 12], order)
            whole[place : place + 4] = (len(whole) - 10).to_bytes(4, order)

    assert refusal(bytes(whole), 0) == "image_truncated"
    assert rendered(bytes(whole), 1).width == second.width


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    """A small file that names a huge page is refused by its header."""
    target = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(target, "PNG")
    data = target.getvalue()

    assert len(data) < 100_000
    assert refusal(data) == "image_too_large"
    assert refusal(encoded(page(), "TIFF"), limits=Limits(max_pixels=120 * 160 - 1)) == (
        "image_too_large"
    )
    assert rendered(encoded(page(), "TIFF"), limits=Limits(max_pixels=120 * 160)).width == 120


def test_a_broken_tag_does_not_cost_the_page() -> None:
    """Spoilt EXIF leaves the pixels readable."""
    data = encoded(page(), "JPEG", exif=b"Exif\0\0" + b"II*\0\xff\xff\xff\xff garbage")

    assert rendered(data).width == 120


def test_floating_point_pixels_are_refused() -> None:
    """A kind of image whose white is unknown is refused, not guessed."""
    assert refusal(encoded(page(mode="F"), "TIFF")) == "image_kind_unsupported"
