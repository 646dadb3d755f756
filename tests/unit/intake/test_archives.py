"""Zip files: members become scans; hostile ones are refused and their neighbours are not."""

import io
import struct
import zipfile

import pytest

from intake.limits import Limits
from intake.pages import render
from records.errors import RejectedInput
from records.ids import scan_id
from tests.unit.intake.samples import (
    LIMITS,
    codes,
    drawn_pdf,
    encoded,
    page,
    received,
    tiff,
    triaged,
    zipped,
)

PNG = encoded(page(), "PNG")


def refused(data: bytes, limits: Limits = LIMITS) -> dict[str, str]:
    """Return path in the zip → code."""
    found = triaged(data, "z.zip", limits)
    return {(f.path or "").removeprefix("z.zip!/"): f.code for f in found.failures}


def flagged(data: bytes, flag: int) -> bytes:
    """Set a bit of the general purpose flags in both headers of the only member."""
    raw = bytearray(data)
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = raw.index(sign) + at
        raw[place] |= flag
    return bytes(raw)


def test_members_are_scans_in_natural_order() -> None:
    """Images of a folder in the zip are a stack, in order; files of several pages have theirs."""
    data = zipped({"p10.png": PNG, "p2.png": PNG, "b/1.png": PNG, "m.tif": tiff([page(), page(1)])})

    found = triaged(data, "scans/z.zip")

    assert [scan.member for scan in found.scans] == ["b/1.png", "m.tif", "p2.png", "p10.png"]
    by_member = {scan.member: scan for scan in found.scans}
    assert by_member["p2.png"].stack_id == by_member["p10.png"].stack_id
    assert len({scan.stack_id for scan in found.scans}) == 3
    assert by_member["p2.png"].sha256 == received(PNG).sha256
    assert by_member["p2.png"].id == scan_id(received(data, "scans/z.zip").id, "p2.png")


def test_a_page_of_a_member_is_rendered() -> None:
    """The zip's bytes and the scan are enough to get a member's page; a PDF's bytes are its own."""
    document = drawn_pdf(2)
    data = zipped({"가/2.png": encoded(page(5), "PNG"), "d.pdf": document})
    scans = {scan.member: scan for scan in triaged(data).scans}

    image = render(scans["가/2.png"], data, 0, LIMITS)
    printed = render(scans["d.pdf"], data, 1, LIMITS)

    assert image.pixels == page(5).tobytes()
    assert (printed.pdf, printed.pdf_index) == (document, 1)


def test_korean_names_without_the_utf8_flag() -> None:
    """Names that Korean Windows packed in CP949 are read as Korean."""
    name = "진료기록/1번 환자.png"
    stand_in = "x" * len(name.encode("cp949"))
    data = zipped({stand_in: PNG}).replace(stand_in.encode(), name.encode("cp949"))

    found = triaged(data)

    assert [scan.member for scan in found.scans] == [name]
    assert render(found.scans[0], data, 0, LIMITS).width == 120
    assert triaged(zipped({name: PNG})).scans[0].member == name


@pytest.mark.parametrize(
    "name", ["../x.png", "/etc/x.png", "a/../../x.png", "C:\\x.png", "..\\x.png", "a!/b.png"]
)
def test_a_member_that_leads_outside_is_refused(name: str) -> None:
    """Such a member is named, and its neighbour is read."""
    data = zipped({name: PNG, "good.png": PNG})

    assert set(refused(data).values()) == {"zip_path_unsafe"}
    assert [scan.member for scan in triaged(data).scans] == ["good.png"]


def test_bombs_are_refused_by_ratio_by_sum_and_by_size() -> None:
    """Members that would unpack to far more than was sent are not unpacked."""
    zeros = bytes(80 * 1024 * 1024)
    bomb = zipped({"bomb.tif": zeros, "good.png": PNG})
    assert refused(bomb) == {"bomb.tif": "zip_bomb"}
    assert [scan.member for scan in triaged(bomb).scans] == ["good.png"]

    many = zipped({f"{n}.tif": zeros[: 40 << 20] for n in range(3)} | {"z.png": PNG})
    assert "zip_bomb" in refused(many, Limits(max_zip_ratio=2)).values()
    assert "z.png" in {scan.member for scan in triaged(many, limits=Limits(max_zip_ratio=2)).scans}

    assert refused(bomb, Limits(max_file_bytes=1 << 20)) == {"bomb.tif": "file_too_large"}


def test_a_blank_uncompressed_page_is_no_bomb() -> None:
    """A white page packs a thousandfold and is read all the same."""
    blank = tiff([page().point(lambda _: 255).resize((2480, 3508))])
    data = zipped({"blank.tif": blank})

    assert len(blank) > 500 * len(data)
    assert [scan.pages for scan in triaged(data).scans] == [1]


def test_a_member_that_lies_about_its_size_is_refused() -> None:
    """A declared size smaller than what unpacks gives a damaged member, not a full disk."""
    data = bytearray(zipped({"a.png": PNG, "b.png": PNG}))
    directory = data.index(b"PK\x01\x02")
    struct.pack_into("<I", data, directory + 24, 10)

    assert refused(bytes(data)) == {"a.png": "zip_member_damaged"}
    assert [scan.member for scan in triaged(bytes(data)).scans] == ["b.png"]


def test_a_flipped_byte_is_noticed() -> None:
    """A member whose checksum does not fit is refused, its neighbour read."""
    data = bytearray(zipped({"a.png": PNG, "b.png": PNG}, zipfile.ZIP_STORED))
    data[data.index(b"IDAT") + 6] ^= 0xFF

    assert refused(bytes(data)) == {"a.png": "zip_member_damaged"}
    assert [scan.member for scan in triaged(bytes(data)).scans] == ["b.png"]


def test_a_zip_in_a_zip() -> None:
    """At depth 1 it is refused; at depth 2 its members are read and rendered, a third refused."""
    innermost = zipped({"deep.png": PNG})
    data = zipped({"in.zip": zipped({"a.png": PNG, "deeper.zip": innermost}), "b.png": PNG})
    two = Limits(max_zip_depth=2)

    assert refused(data) == {"in.zip": "zip_too_deep"}
    assert [scan.member for scan in triaged(data).scans] == ["b.png"]
    found = triaged(data, limits=two)
    assert [scan.member for scan in found.scans] == ["b.png", "in.zip!/a.png"]
    assert refused(data, two) == {"in.zip!/deeper.zip": "zip_too_deep"}
    assert render(found.scans[1], data, 0, two).pixels == page().tobytes()


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_without_a_bound_are_refused(method: int) -> None:
    """bzip2 and LZMA are inflated without a bound, so they are not inflated."""
    assert refused(zipped({"a.png": PNG}, method)) == {"a.png": "zip_method_unsupported"}


def test_members_of_other_kinds() -> None:
    """Encrypted members, links, junk, empty files and a second file of a name have a reason."""
    assert refused(flagged(zipped({"a.png": PNG}), 1)) == {"a.png": "zip_encrypted"}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        link = zipfile.ZipInfo("link.png")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("Thumbs.db", b"junk")
        archive.writestr("empty.png", b"")
        archive.writestr("folder/", b"")
        archive.writestr("twice.png", PNG)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("twice.png", encoded(page(9), "PNG"))

    data = target.getvalue()

    assert refused(data) == {
        "link.png": "link_refused",
        "Thumbs.db": "junk_ignored",
        "empty.png": "file_empty",
        "twice.png": "zip_name_twice",
    }
    scan = triaged(data).scans[0]
    assert render(scan, data, 0, LIMITS).pixels == page().tobytes()


def test_archives_refused_as_a_whole() -> None:
    """Too many members, a cut archive, an office document and an empty zip each have a reason."""
    data = zipped({f"{n}.png": PNG for n in range(4)})

    assert codes(triaged(data, limits=Limits(max_zip_members=3))) == ["zip_too_many_members"]
    assert codes(triaged(data[:-30])) == ["zip_damaged"]
    assert codes(triaged(zipped({"[Content_Types].xml": b"<x/>", "a.png": PNG}))) == [
        "format_unsupported"
    ]
    assert codes(triaged(zipped({}))) == ["file_empty"]


def test_a_page_of_a_member_that_is_gone_is_refused() -> None:
    """If the zip's bytes are not those that were triaged, the page is refused, not invented."""
    scan = triaged(zipped({"a.png": PNG})).scans[0]

    with pytest.raises(RejectedInput, match="zip_damaged"):
        render(scan, zipped({"b.png": PNG}), 0, LIMITS)
