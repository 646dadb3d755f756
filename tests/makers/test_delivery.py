"""Made deliveries are what their truth says, down to the page counts of the files themselves."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pdfplumber
import pytest
import yaml
from PIL import Image

from records.taxonomy import load_taxonomy
from tests.makers.delivery import make_delivery
from tests.makers.layouts.styles import LAYOUTS
from tests.makers.truth import DeliveryTruth

ROOT = Path(__file__).parents[2]


def pages_on_disk(folder: Path) -> dict[str, int]:
    """Pages of every scan, counted from the files themselves; a zip by its members."""
    counted = {}
    for file in sorted((folder / "scans").rglob("*")):
        name = str(file.relative_to(folder))
        if file.suffix == ".tif":
            with Image.open(file) as image:
                counted[name] = getattr(image, "n_frames", 1)
        elif file.suffix == ".pdf":
            with pdfplumber.open(file) as pdf:
                counted[name] = len(pdf.pages)
        elif file.suffix == ".zip":
            counted[name] = file.read_bytes().count(b"PK\x01\x02")
        elif file.is_file():
            counted[name] = 1
    return counted


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, DeliveryTruth]:
    folder = tmp_path_factory.mktemp("small")
    return folder, make_delivery(folder, seed=3, size="small", patient_name="견본이")


def test_small_delivery_has_each_fault(small: tuple[Path, DeliveryTruth]) -> None:
    """One file is truncated, one never came, one is in no manifest; one page is upside down."""
    folder, truth = small
    manifest = (folder / "manifest.csv").read_bytes().decode("cp949")
    listed = {row["파일명"] for row in csv.DictReader(io.StringIO(manifest))}
    files = {fault: name for name, fault in truth.faulty.items()}

    check_counts(folder, truth)
    assert set(files) == {"truncated", "missing", "unlisted"}
    with (
        Image.open(folder / files["truncated"]) as image,
        pytest.raises(OSError, match="truncated"),
    ):
        image.load()
    assert not (folder / files["missing"]).exists()
    assert files["missing"] in listed
    assert (folder / files["unlisted"]).exists()
    assert files["unlisted"] not in listed
    assert [s.truth.rotation for s in truth.sheets if s.truth.rotation] == [180]
    assert any("blank" in sheet.truth.flags for sheet in truth.sheets)
    assert len({document.patient for document in truth.documents} - {None}) == 3


def check_counts(folder: Path, truth: DeliveryTruth) -> None:
    """Every scanned page is declared, the lost one included, and has its truth."""
    declared = yaml.safe_load((folder / "delivery.yaml").read_text("utf-8"))["declared"]["sheets"]
    counted = sum(pages_on_disk(folder).values())

    assert declared == truth.declared_sheets == counted + truth.lost_sheets
    assert len(truth.sheets) == counted


def test_the_given_name_is_printed_on_scans(small: tuple[Path, DeliveryTruth]) -> None:
    """A made-up patient's name stands on scanned pages and in the EMR table."""
    folder, truth = small
    named = {sheet.stack for sheet in truth.sheets if "견본이" in "".join(sheet.truth.text.split())}
    table = next((folder / "emr").iterdir()).read_bytes().decode("cp949")

    assert {"scans/상자1/stack_001.tif", "scans/상자1/stack_002.pdf", "scans/상자2"} <= named
    assert "견본이" in table
    assert truth.rows[0].fields["patient_name"] == "견본이"


def test_same_seed_same_delivery(small: tuple[Path, DeliveryTruth], tmp_path: Path) -> None:
    """Made again, every file has the same bytes, and the truth is the same."""
    folder, truth = small
    again = make_delivery(tmp_path, seed=3, size="small", patient_name="견본이")
    files = [f.relative_to(folder) for f in sorted(folder.rglob("*")) if f.is_file()]

    assert files == [f.relative_to(tmp_path) for f in sorted(tmp_path.rglob("*")) if f.is_file()]
    assert [str(f) for f in files if (folder / f).read_bytes() != (tmp_path / f).read_bytes()] == []
    assert truth == again


def test_demo_delivery_is_complete(tmp_path: Path) -> None:
    """At least 60 sheets of five patients; all 17 kinds; page2 comes before page10."""
    truth = make_delivery(tmp_path, seed=7, size="demo", encoding="utf-8")
    kinds = {document.kind for document in truth.documents}

    check_counts(tmp_path, truth)
    assert truth.declared_sheets >= 60
    assert len({document.patient for document in truth.documents} - {None}) >= 5
    assert {kind.code for kind in load_taxonomy().issuable} <= kinds
    assert len(truth.rows) == 6
    assert (tmp_path / "manifest.csv").read_text("utf-8").startswith("file,sha256,pages")
    stack = [sheet.file for sheet in truth.sheets if sheet.stack == "scans/상자02"]
    assert stack[1].endswith("page2.jpg")
    assert stack[9].endswith("page10.jpg")
    with Image.open(tmp_path / "scans/상자01/stack_001.tif") as tiff:
        methods = set()
        for index in range(getattr(tiff, "n_frames", 1)):
            tiff.seek(index)
            methods.add(tiff.info["compression"])
            assert tiff.info["dpi"] in {(200.0, 200.0), (300.0, 300.0)}
    assert "group4" in methods
    assert len(methods) >= 2


def test_demo_command(tmp_path: Path) -> None:
    """The command makes a delivery, and writes its truth outside of it only."""
    command = [sys.executable, "-m", "tests.makers.demo", "--small", "--to"]
    truth = tmp_path / "truth.json"
    done = subprocess.run(
        [*command, str(tmp_path / "box"), "--truth", str(truth)], cwd=ROOT, check=True
    )
    refused = subprocess.run(
        [*command, str(tmp_path / "box2"), "--truth", str(tmp_path / "box2" / "truth.json")],
        cwd=ROOT,
        check=False,
        capture_output=True,
    )

    assert done.returncode == 0
    assert json.loads(truth.read_bytes())["declared_sheets"] == 11
    assert not list((tmp_path / "box").rglob("truth*"))
    assert refused.returncode == 2
    assert not (tmp_path / "box2").exists()


def test_a_delivery_of_the_test_part_has_its_layouts_only(tmp_path: Path) -> None:
    """For measuring, a delivery is made of pages that no tuning has seen, and adds up too."""
    truth = make_delivery(tmp_path, seed=3, size="small", part="test")
    layouts = {sheet.truth.layout for sheet in truth.sheets}

    check_counts(tmp_path, truth)
    assert layouts <= {*LAYOUTS["test"], "blank"}
    assert {sheet.truth.part for sheet in truth.sheets} == {"test"}
