"""Blank pages are blank, and pages with one faint mark are not."""

import numpy as np
import pytest

from tests.makers.blanks import MARKS, WEAR, make_marked_blank, make_worn_blank
from tests.makers.pages import make_page
from tests.unit.made_truth import ink_in_boxes


@pytest.mark.parametrize("mark", MARKS)
def test_a_marked_page_is_not_blank_and_nearly_empty(mark: str) -> None:
    """The mark is there for a person to see, and covers less than a hundredth of the page."""
    for seed in range(6):
        page = make_marked_blank(mark, seed, faults=(), part="test")
        again = make_marked_blank(mark, seed, faults=(), part="test")
        dark = 255 - np.asarray(page.image.convert("L"), int)

        assert page.image.tobytes() == again.image.tobytes()
        assert "blank" not in page.truth.flags
        assert page.truth.kind == "unknown"
        assert dark.max() >= 25
        assert 20 < (dark > 12).sum() < dark.size / 100
        assert ink_in_boxes(page, 230) == []


def test_marks_of_both_parts_differ() -> None:
    """The same seed puts another mark on the page of the other part."""
    one, other = (make_marked_blank("pencil_stroke", 1, part=p) for p in ("tuning", "test"))

    assert one.image.tobytes() != other.image.tobytes()


@pytest.mark.parametrize("wear", WEAR)
def test_a_worn_page_is_blank(wear: str) -> None:
    """Whatever years and scanners leave on a page, its truth is that it says nothing."""
    page = make_worn_blank(2, "severe", 200, wear=[wear], part="test")

    assert page.truth.kind == "blank"
    assert page.truth.flags == ("blank",)
    assert page.truth.lines == ()
    assert page.truth.patient is None
    assert (page.reverse is not None) == (wear == "bleed_through")


def test_seeds_choose_what_a_blank_has_suffered() -> None:
    """Without names each seed takes one to three of all kinds of wear."""
    suffered = [set(make_worn_blank(seed, dpi=200).truth.faults) - {"skew"} for seed in range(14)]

    assert {len(names) for names in suffered} == {1, 2, 3}
    assert len(set().union(*suffered)) >= 8


def test_a_plain_blank_stays_truly_blank_in_both_parts() -> None:
    """`make_page("blank")` bears no ink at all before it is scanned, whichever the part."""
    for part in ("tuning", "test"):
        (page,) = make_page("blank", None, 4, "clean", part=part)

        assert np.asarray(page.image).min() == 255
        assert page.truth.flags == ("blank",)
