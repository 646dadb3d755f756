"""What is in a file: formats by content, page counts, stacks, and what is refused."""

import struct

import pytest

from intake.delivery import WARNINGS
from intake.limits import Limits
from records.ids import scan_id, stack_id
from records.reasons import load_reasons
from tests.unit.intake.samples import (
    BATCH,
    HEIC,
    HEIC_TURNED_OF_TWO,
    codes,
    drawn_pdf,
    encoded,
    page,
    received,
    tiff,
    triaged,
    zipped,
)


@pytest.mark.parametrize(
    ("data", "media", "pages"),
    [
        (tiff([page(1), page(2), page(3)]), "tiff", 3),
        (tiff([page(1)], big_tiff=True), "tiff", 1),
        (tiff([page(1, mode="1"), page(2, mode="1")], compression="group4"), "tiff", 2),
        (encoded(page(), "JPEG"), "jpeg", 1),
        (encoded(page(), "PNG"), "png", 1),
        (encoded(page(), "WEBP"), "webp", 1),
        (HEIC, "heic", 1),
        (HEIC_TURNED_OF_TWO, "heic", 2),
        (drawn_pdf(4), "pdf", 4),
        ("이름,나이\n가,1\n나,2\n".encode("cp949"), "csv", 2),
    ],
)
def test_content_tells_the_format(data: bytes, media: str, pages: int) -> None:
    """Whatever a file is called, its bytes say what it is and how many pages it has."""
    for name in ("scans/a.tif", "scans/a.jpg", "scans/a", "scans/a.exe"):
        found = triaged(data, name)

        assert [(scan.media, scan.pages) for scan in found.scans] == [(media, pages)]
        assert found.failures == ()


@pytest.mark.parametrize(
    "data",
    [
        b"just some words, and no table at all\nreally\n",
        b"GIF89a" + bytes(100),
        b"MZ" + bytes(200),
        bytes(1000),
        bytes(range(256)) * 10,
        b'{\n  "a": 1,\n  "b": [1, 2, 3]\n}\n',
        b"%PD",
    ],
)
def test_an_unknown_format_is_refused(data: bytes) -> None:
    """What is none of the formats gives no scan and one reason."""
    found = triaged(data, "scans/a.tif")

    assert found.scans == ()
    assert codes(found) == ["format_unknown"]


def test_ids_follow_from_the_file() -> None:
    """The same file gives the same scan; the scan's digest is of the file's bytes."""
    data = tiff([page()])
    file = received(data, "scans/a.tif")

    scan = triaged(data, "scans/a.tif").scans[0]

    assert scan.id == scan_id(file.id, None)
    assert (scan.file_id, scan.sha256, scan.path) == (file.id, file.sha256, "scans/a.tif")
    assert triaged(data, "scans/a.tif").scans == (scan,)


def test_single_images_of_a_folder_are_one_stack() -> None:
    """Single-page images share their folder's stack; files of several pages have their own."""
    image, several = encoded(page(), "PNG"), tiff([page(1), page(2)])
    stacks = {
        path: triaged(data, path).scans[0].stack_id
        for path, data in {
            "scans/x/1.png": image,
            "scans/x/2.jpg": encoded(page(), "JPEG"),
            "scans/x/3.tif": tiff([page()]),
            "scans/y/1.png": image,
            "scans/x/4.tif": several,
            "scans/x/5.tif": several,
            "scans/x/6.pdf": drawn_pdf(1),
            "scans/x/7.csv": b"a,b\n1,2\n",
        }.items()
    }

    assert stacks["scans/x/1.png"] == stacks["scans/x/2.jpg"] == stacks["scans/x/3.tif"]
    assert stacks["scans/x/1.png"] == stack_id(BATCH, "folder:scans/x")
    assert len(set(stacks.values())) == 6


def test_previews_are_no_pages() -> None:
    """A reduced-resolution image that a scanner adds to a TIFF is not counted as a page."""
    data = tiff([page(1), page(2, size=(30, 40))])
    order = "<" if data[:2] == b"II" else ">"
    entry = struct.Struct(order + "HHII")

    first = struct.unpack_from(order + "I", data, 4)[0]
    number = struct.unpack_from(order + "H", data, first)[0]
    second = struct.unpack_from(order + "I", data, first + 2 + 12 * number)[0]
    preview = bytearray(data)
    # The first entry (the width, tag 256) becomes "new subfile type: reduced", tag 254.
    preview[second + 2 : second + 14] = entry.pack(254, 4, 1, 1)

    assert triaged(data).scans[0].pages == 2
    assert triaged(bytes(preview)).scans[0].pages == 1


def test_pages_of_a_cut_tiff_are_kept() -> None:
    """Of a TIFF cut in its second page, the first is had and the rest is one failure."""
    whole = tiff([page(1), page(2), page(3)])
    cut = whole[: len(whole) * 2 // 3]

    found = triaged(cut, "scans/a.tif")

    pages = found.scans[0].pages
    assert 1 <= pages < 3
    assert [(f.code, f.page) for f in found.failures] == [("pages_missing", pages + 1)]
    assert found.failures[0].subject == found.scans[0].id


def test_a_tiff_that_bites_its_tail_ends() -> None:
    """A chain of directories that loops is walked once and named."""
    data = bytearray(tiff([page()]))
    order = "little" if data[:2] == b"II" else "big"
    first = int.from_bytes(data[4:8], order)
    number = int.from_bytes(data[first : first + 2], order)
    after = first + 2 + 12 * number
    data[after : after + 4] = first.to_bytes(4, order)

    found = triaged(bytes(data))

    assert [scan.pages for scan in found.scans] == [1]
    assert codes(found) == ["pages_missing"]


def test_a_declared_page_count_is_compared() -> None:
    """A count that differs is a warning, and the pages there are all kept."""
    data = tiff([page(1), page(2)])

    assert triaged(data, declared_pages=2).failures == ()
    differing = triaged(data, declared_pages=3)
    assert codes(differing) == ["page_count_differs"]
    assert differing.scans[0].pages == 2
    assert "page_count_differs" in WARNINGS
    assert codes(triaged(zipped({"1.tif": data, "2.tif": data}), declared_pages=4)) == []


@pytest.mark.parametrize("data", [tiff([page(n) for n in range(4)]), drawn_pdf(4)])
def test_a_file_of_too_many_pages_is_refused(data: bytes) -> None:
    """The page limit holds for the file as a whole."""
    assert codes(triaged(data, limits=Limits(max_pages_per_file=3))) == ["too_many_pages"]
    assert triaged(data, limits=Limits(max_pages_per_file=4)).failures == ()


def test_a_pdf_without_its_end_is_named() -> None:
    """A PDF whose end is gone is a warning where its pages can still be counted."""
    whole = drawn_pdf(2)
    cut = whole[: whole.rindex(b"%%EOF")]

    found = triaged(cut)

    assert [scan.pages for scan in found.scans] == [2]
    assert codes(found) == ["pdf_cut_short"]
    assert codes(triaged(whole[: len(whole) // 3])) == ["pdf_damaged"]


def test_an_empty_file_is_named() -> None:
    """No bytes are no page."""
    assert codes(triaged(b"")) == ["file_empty"]


def test_warnings_are_codes_with_words() -> None:
    """Every warning is explained to people like any other code."""
    assert set(load_reasons()) >= WARNINGS
