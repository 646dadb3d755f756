"""One sheet scanned twice, from files to `read --json`: with the real reader."""

from pathlib import Path

import pytest

from pipeline.assembly import open_workshop
from pipeline.trial import try_path
from records.settings import Settings
from tests.makers.pages import MadePage, make_page


def _scan(seed: int, faults: tuple[str, ...]) -> MadePage:
    return make_page("imaging_report", None, seed, "mild", 300, faults=faults)[0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stack: a report, the same sheet scanned again, the same file again, another report."""
    stack = tmp_path_factory.mktemp("stack")
    scans = {
        "1.png": _scan(9013, ("skew", "gaussian_noise")),
        "2.png": _scan(9013, ("skew", "gaussian_noise", "borders", "punch_holes")),
        "4.png": _scan(9014, ("skew", "gaussian_noise")),
    }
    for name, scan in scans.items():
        scan.image.save(stack / name, dpi=(300, 300))
    (stack / "3.png").write_bytes((stack / "1.png").read_bytes())
    return stack


def test_a_second_scan_is_shown_and_no_page_is_lost(folder: Path) -> None:
    """Every page is in one document or a duplicate; both sorts of duplicate name their page."""
    view, _ = try_path(open_workshop(Settings()), folder)

    owned = [page for document in view["documents"] for page in document["pages"]]
    aside = {p["page"]: p["duplicate_of"] for p in view["pages"] if "duplicate" in p["flags"]}
    suspected = {p["page"]: p.get("maybe_duplicate_of") for p in view["pages"]}
    assert sorted([*owned, *aside]) == [1, 2, 3, 4]
    assert aside[3] == 1
    assert aside.get(2, suspected[2]) == 1
    assert suspected[4] is None
    if suspected[2]:
        held = next(document for document in view["documents"] if 2 in document["pages"])
        assert "document_page_maybe_duplicate" in held["reasons"]
    assert view["pages"][1]["text"]
