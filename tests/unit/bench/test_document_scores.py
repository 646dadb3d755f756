"""How cuts of a stack are judged, and what made stacks hold."""

from dataclasses import replace

import pytest

from bench.document_readings import ReadPage, ReadStack, clean_stack
from bench.document_scores import Cut, keyword_cut, our_cut, score
from bench.document_stacks import FEWEST, MOST, make_stack
from bench.text_measures import Count
from records.values import Institution, PageText
from tests.makers.truth import PageTruth


def _stack(*pages: tuple[str, str | None, int]) -> ReadStack:
    """A stack of (kind, patient, page of its document)."""
    return ReadStack(
        1,
        Institution("", ""),
        tuple(
            ReadPage(
                PageText(f"p-{n}", 0, 0, None, 0, 0.0, ()),
                PageTruth(kind, (), {}, patient, page=page, pages=2),
            )
            for n, (kind, patient, page) in enumerate(pages)
        ),
    )


_PAGES = _stack(
    ("prescription", "가", 1),
    ("medical_record", "가", 1),
    ("blank", None, 1),
    ("medical_record", "가", 2),
    ("none", None, 1),
    ("prescription", "나", 1),
)
_RIGHT = Cut(frozenset({"p-0", "p-1", "p-4", "p-5"}), frozenset({"p-2"}))


def test_the_true_cut_has_no_error() -> None:
    """Every boundary but the stack's first page counts; a leaflet between is no patient."""
    right = score([_PAGES], [_RIGHT])

    assert (right.f1, right.found, right.mistakes) == (1.0, 3, ())
    assert (right.patients, right.whole) == (Count(1, 1), Count(1, 1))


@pytest.mark.parametrize(
    ("begins", "aside", "what"),
    [
        ({"p-0", "p-1", "p-4"}, {"p-2"}, "missed"),
        ({"p-0", "p-1", "p-3", "p-4", "p-5"}, {"p-2"}, "false cut"),
        ({"p-0", "p-1", "p-2", "p-4", "p-5"}, set(), "not set aside"),
        ({"p-0", "p-1", "p-4"}, {"p-2", "p-5"}, "set aside"),
    ],
)
def test_each_wrong_page_is_one_mistake(begins: set[str], aside: set[str], what: str) -> None:
    """A page cut wrongly, not cut, kept or set aside wrongly: one error, and the stack has one."""
    wrong = score([_PAGES], [Cut(frozenset(begins), frozenset(aside), frozenset({"p-5"}))])

    (mistake,) = wrong.mistakes
    assert mistake.what == what
    assert mistake.new_patient == (mistake.page == 6)
    assert mistake.held == (mistake.page == 6)
    assert wrong.whole == Count(0, 1)


def test_a_copy_that_stays_with_its_sheet_is_no_mistake() -> None:
    """A second scan may be set aside or stay; it must not begin a document."""
    pages = list(_PAGES.pages)
    pages[2] = replace(pages[1], text=pages[2].text, copy=True)
    stack = replace(_PAGES, pages=tuple(pages))

    assert not score([stack], [replace(_RIGHT, aside=frozenset())]).mistakes
    assert not score([stack], [_RIGHT]).mistakes


def test_a_made_stack_holds_what_it_promises() -> None:
    """25 to 60 pages of several patients; the same seed gives the same stack."""
    for seed in range(3):
        stack = make_stack(seed, "tuning", clean=True)

        assert FEWEST <= len(stack.pages) <= MOST
        assert len({page.truth.patient for page in stack.pages} - {None}) >= 3
        assert stack == make_stack(seed, "tuning", clean=True)


def test_stacks_of_true_text_are_cut_better_than_by_keywords() -> None:
    """On stacks of tuning seeds that no weight was fitted on, nothing is missed or cut wrongly."""
    stacks = [clean_stack(seed, "tuning") for seed in (200, 201)]

    ours = score(stacks, [our_cut(stack) for stack in stacks])
    keywords = score(stacks, [keyword_cut(stack) for stack in stacks])

    assert ours.mistakes == ()
    assert (keywords.f1 or 0.0) < 1.0
