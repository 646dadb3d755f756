"""What a page's flag does to its document: hold it, or only inform."""

import pytest

from quality.check import check
from records.reasons import load_reasons
from tests.unit.quality.samples import make_batch, make_document, make_page


@pytest.mark.parametrize(
    ("flag", "outcome"), [("cut_off", "hold"), ("dark", "hold"), ("handwriting", "accept")]
)
def test_a_flag_holds_or_informs(flag: str, outcome: str) -> None:
    """A cut or dark page is for a person; handwriting is on record and holds nothing."""
    page = make_page("p-1", flags=(flag,))

    report = check(make_batch(), [page], [make_document("d-1", ("p-1",))], 0.8)

    assert report.verdicts[0].outcome == outcome
    assert f"page_{flag}" in {finding.rule for finding in report.findings}


def test_a_second_scan_set_aside_is_no_finding() -> None:
    """A duplicate has words, as its original has: that is what it is, not content lost."""
    pages = [make_page("p-1"), make_page("p-2", flags=("duplicate",))]

    report = check(make_batch(), pages, [make_document("d-1", ("p-1",))], 0.8)

    assert {finding.subject for finding in report.findings if finding.subject == "p-2"} == set()


def test_every_flag_has_words() -> None:
    """Each page flag of the design has a Korean and an English name."""
    flags = {"blank", "separator", "rotated", "upside_down", "duplicate", "out_of_focus", "dark"}
    flags |= {"cut_off", "out_of_order", "low_resolution", "faded", "handwriting"}

    assert all(f"flag.{flag}" in load_reasons() for flag in flags)
