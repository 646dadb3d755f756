"""What stands first in the report: everything that wants a decision, the worst first."""

from dataclasses import replace

from quality.attention import Attention, attention
from quality.balance import balance
from quality.display_times import display_moment
from quality.drift import BatchProfile, History, drift_view
from quality.page_quality import ScannedPage, page_quality
from quality.sampling.inspection_rules import load_inspection_rules
from quality.sampling.view import SamplingView, view_before_draw
from records.values import Failure
from tests.unit.quality.test_balance import SOUND

QUIET = balance(SOUND)


def plans() -> SamplingView:
    """The plans for a lot of 241 pages."""
    view = view_before_draw(241, load_inspection_rules())
    assert view
    return view


def said(found: list[Attention]) -> list[tuple[str, str]]:
    return [(one.weight, one.place) for one in found]


def test_a_sound_batch_has_nothing_but_its_sample() -> None:
    """Nothing open: only what the passed sample is worth, in both languages."""
    passed = replace(plans(), submission=1, outcome="accepted")
    (one,) = attention(QUIET, {"accepted": 9}, 0, (), passed, None, None)

    assert (one.weight, one.place) == ("good", "sampling")
    assert "100번 가운데 72번 통과" in one.korean
    assert "72 of 100 cases" in one.english


def test_the_worst_stands_first() -> None:
    """A gap and a rejected lot stand before what is held, failed, badly scanned or changed."""
    broken = balance(replace(SOUND, pages={**SOUND.pages, "p-lost": "f-1"}))
    rejected = replace(plans(), submission=1, outcome="rejected")
    pages = [ScannedPage(f"상자{n // 50}", "", 0.9, 0.8, n < 30) for n in range(200)]
    usual = BatchProfile(200, 400, {"lab_result": 200}, 0.9, 0.8)
    now = BatchProfile(100, 200, {"prescription": 100}, 0.9, 0.8)
    found = attention(
        broken,
        {"held": 31, "rejected": 2},
        1,
        (Failure("f-1", "file_missing", "intake", "scans/1.tif"),),
        rejected,
        drift_view(now, History((usual,), (usual,))),
        page_quality(pages),
    )

    assert said(found) == [
        ("critical", "balance"),
        ("critical", "sampling"),
        ("major", "balance"),
        ("major", "open"),
        ("major", "open"),
        ("major", "open"),
        ("major", "failures"),
        ("major", "scan"),
        ("minor", "drift"),
    ]
    assert "상자0: 60%" in next(one.korean for one in found if one.place == "scan")
    assert "31" in found[4].korean


def test_sheets_that_did_not_come_are_counted() -> None:
    """Two sheets fewer than declared, one of them made up by a file too many: one is told."""
    short = balance(replace(SOUND, declared_sheets=17))
    found = attention(short, {}, 0, (), None, None, None)

    assert said(found) == [("major", "balance")]
    assert "1 unexplained" in found[0].english


def test_a_sample_that_is_open_says_what_is_left() -> None:
    """Where nobody has drawn, or pages are left, that wants a person."""
    drawn = replace(plans(), submission=1, items=80, judged=75)
    (open_,) = attention(QUIET, {}, 0, (), drawn, None, None)
    (none,) = attention(QUIET, {}, 0, (), plans(), None, None)

    assert (open_.weight, none.weight) == ("major", "major")
    assert "5 pages left" in open_.english
    assert "No sample" in none.english


def test_moments_are_told_in_one_zone() -> None:
    """UTC and Korean time come out alike; a moment without a zone is left as it was written."""
    assert display_moment("2026-11-26T09:00:00+00:00") == "2026-11-26 18:00 KST"
    assert display_moment("2026-11-20T09:00+09:00") == "2026-11-20 09:00 KST"
    assert display_moment("2026-11-20T09:00:31") == "2026-11-20 09:00"
    assert display_moment("어제") == "어제"
