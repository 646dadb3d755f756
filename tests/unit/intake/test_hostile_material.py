"""Files that nobody here wrote: every one is answered with pages or a reason, within limits."""

from pathlib import Path

import pytest

from intake.delivery import WARNINGS, open_delivery, readable_files
from intake.limits import Limits
from intake.pages import render
from intake.rows import read_rows
from intake.triage import triage
from records.errors import RejectedInput
from records.reasons import load_reasons
from tests.unit.intake.samples import deliver, encoded, material, page, triaged

pytestmark = pytest.mark.material

LIMITS = Limits(
    max_pixels=40_000_000, max_page_seconds=30, max_file_bytes=64 << 20, max_pages_per_file=100
)
_PAGES = 3  # of each file


def outcomes(file: Path) -> list[str]:
    """Return what became of a file: `page`, `row` or a code for everything found in it."""
    data = file.read_bytes()
    found = triaged(data, f"scans/{file.name}", LIMITS)
    answers = [failure.code for failure in found.failures]
    for scan in found.scans:
        if scan.media == "csv":
            answers += ["row" for _ in read_rows(scan, data, LIMITS)]
            continue
        for index in range(min(scan.pages, _PAGES)):
            try:
                image = render(scan, data, index, LIMITS)
                assert image.width * image.height <= LIMITS.max_pixels
                assert len(image.pixels) == image.width * image.height * len(image.mode)
                answers.append("page")
            except RejectedInput as error:
                answers.append(error.code)
    return answers


@pytest.mark.parametrize("folder", ["A14", "A15", "A16", "A17", "A19", "A20", "A24"])
def test_hostile_files_are_answered(folder: str) -> None:
    """No file is met with silence, with an exception of another kind, or with a hang."""
    known = {*load_reasons(), "page", "row"}
    for file in material(folder):
        answers = outcomes(file)

        assert answers, file.name
        assert set(answers) <= known, file.name


def test_malformed_tiffs_are_answered() -> None:
    """A third of the fuzzers' TIFFs, always the same ones."""
    known = {*load_reasons(), "page"}
    for file in material("A21")[::3]:
        answers = outcomes(file)

        assert answers, file.name
        assert set(answers) <= known, file.name


def test_what_can_be_read_is_read() -> None:
    """Odd but whole files give pages; broken ones give their reason."""
    expected = {
        "g4-multi.tiff": ["page"] * 3,
        "multipage-lastframe.tif": ["page"],
        "16bit.cropped.tif": ["page"],
        "invalid-exif.jpg": ["page"],
        "truncated_jpeg.jpg": ["image_truncated"],
        "truncated_image.png": ["image_truncated"],
        "broken.png": ["image_damaged"],
        "decompression_bomb.gif": ["format_unknown"],
        "aes-256-r6.pdf": ["pdf_encrypted"],
        "zen_of_python_corrupted.pdf": ["page"],
        "encryption_noprinting.pdf": ["page"],
        "T03_001_no-cross-reference-table.pdf": ["page"],
        "T02-02_007_page-tree-wrong-count.pdf": ["page", "pdf_page_damaged", "pdf_page_damaged"],
        "strong encryption is not supported.zip": ["zip_encrypted"],
        "invalid relative path xt.zip": ["zip_path_unsafe", "format_unknown"],
    }
    files = {file.name: file for file in material("A14", "A15", "A17", "A19")}

    assert {name: outcomes(files[name]) for name in expected} == expected


def test_good_scans_are_rendered() -> None:
    """Every image and PDF of the readable sets gives its page, as large as it is."""
    files = [f for f in material("A02", "A04") if f.suffix in {".pdf", ".tif", ".png"}]

    assert len(files) >= 14
    for file in files:
        assert set(outcomes(file)) == {"page"}, file.name


def test_turned_pdfs_keep_their_resolution() -> None:
    """A page that the PDF says is turned comes out turned, with the same pixels."""
    sizes = {}
    for file in material("A02"):
        if file.name.startswith("ocr_test") and file.suffix == ".pdf":
            data = file.read_bytes()
            image = render(triaged(data).scans[0], data, 0, LIMITS)
            sizes[file.stem.removeprefix("ocr_test")] = (image.width, image.height, image.dpi)

    assert sizes[""] == sizes["_rotated_180"]
    assert sizes["_rotated_90"] == sizes["_rotated_270"]
    assert sizes[""][::-1][1:] == sizes["_rotated_90"][:2]


def test_hostile_neighbours_leave_good_pages_alone(tmp_path: Path) -> None:
    """In one delivery with every hostile file, the good pages are those sent, pixel for pixel."""
    good = {f"scans/good/{n:02}.png": page(n * 5) for n in range(10)}
    hostile = {
        f"scans/bad/{n}_{file.name}": file.read_bytes()
        for n, file in enumerate(material("A14", "A16", "A17", "A19"))
    }
    files = {path: encoded(image, "PNG") for path, image in good.items()} | hostile
    delivery = open_delivery(str(deliver(tmp_path, files)), LIMITS)
    batch = delivery.batch

    seen, stacks = {}, set()
    for file in readable_files(batch):
        data = delivery.read(file)
        found = triage(file, data, batch.id, LIMITS)
        answered = len(found.scans) + len([f for f in found.failures if f.code not in WARNINGS])
        assert answered, file.path
        for scan in found.scans if file.path in good else ():
            seen[file.path] = render(scan, data, 0, LIMITS).pixels
            stacks.add(scan.stack_id)

    assert seen == {path: image.tobytes() for path, image in good.items()}
    assert len(stacks) == 1
