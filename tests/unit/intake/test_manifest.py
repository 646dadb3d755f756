"""The manifest: encodings, headers, and rows that are wrong."""

import pytest

from intake.manifest import Entry, read_manifest
from records.errors import RejectedInput

HASH = "a" * 64


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_way_a_spreadsheet_saves_it(encoding: str, delimiter: str) -> None:
    """Encoding and delimiter do not matter, nor do Korean headers or quotes."""
    rows = [["파일명", "체크섬", "쪽수", "상자", "차트번호", "비고"],
            ['"scans/가.tif"', HASH.upper(), "12", "B1", "00077", "확인"]]  # fmt: skip
    text = "\r\n".join(delimiter.join(row) for row in rows)

    manifest = read_manifest(text.encode(encoding))

    assert manifest.entries == {
        "scans/가.tif": Entry("scans/가.tif", HASH, 12, "B1", "00077", "확인")
    }
    assert manifest.faults == ()


def test_only_the_file_column_is_needed() -> None:
    """Columns may stand in any order, unknown ones are passed over, short rows are fine."""
    manifest = read_manifest(b"note,colour,file\nn,red,a.tif\n\n,,\n,,b\\c.tif\n")

    assert manifest.entries == {"a.tif": Entry("a.tif", note="n"), "b/c.tif": Entry("b/c.tif")}


@pytest.mark.parametrize(
    "path",
    [
        "../x.tif",
        "/etc/passwd",
        "C:\\x.tif",
        "a/../../x.tif",
        "\\\\server\\x",
        "a\x07b",
        "",
        "..\\x",
    ],
)
def test_a_path_that_leads_outside_is_refused(path: str) -> None:
    """Such a row is named, and its neighbours are read."""
    manifest = read_manifest(f"file,note\n{path},n\ngood.tif,n\n".encode())

    assert list(manifest.entries) == ["good.tif"]
    assert [code for code, _ in manifest.faults] == ["manifest_path_unsafe"]


def test_the_first_of_two_rows_counts() -> None:
    """A file listed twice is named, and keeps what its first row said."""
    manifest = read_manifest(b"file,pages\na.tif,1\na.tif,2\n./a.tif,3\n")

    assert manifest.entries["a.tif"].pages == 1
    assert manifest.faults == (("manifest_duplicate", "a.tif"), ("manifest_duplicate", "a.tif"))


def test_a_page_count_that_is_no_number_is_named() -> None:
    """The file stays listed, without a count."""
    manifest = read_manifest("file,pages\na.tif,셋\n".encode())

    assert manifest.entries["a.tif"].pages is None
    assert manifest.faults == (("manifest_value_wrong", "a.tif"),)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"name_of_it,pages\na.tif,1\n", "manifest_wrong"),
        (b"", "manifest_unreadable"),
        (bytes(range(256)), "manifest_unreadable"),
        (b"file\n" + b"x" * 200_000, "manifest_unreadable"),
    ],
)
def test_what_is_no_manifest_is_refused(raw: bytes, code: str) -> None:
    """A manifest that cannot be read must not pass for an undeclared batch."""
    with pytest.raises(RejectedInput, match=code):
        read_manifest(raw)
