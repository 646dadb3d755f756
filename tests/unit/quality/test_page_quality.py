"""Scans by box and hour: the bad box stands out, and no name on a box is told."""

from quality.display_names import display_box
from quality.page_quality import ROWS_SHOWN, ScannedPage, page_quality, spread


def test_the_bad_box_and_hour_stand_out() -> None:
    """Faults and medians are counted for each box and each hour; hours come in order."""
    pages = [ScannedPage("2", "2026-11-20T10", 0.5, 0.4, True) for _ in range(4)]
    pages += [ScannedPage("1", "2026-11-20T09", 0.9, 0.8, False) for _ in range(6)]
    found = page_quality(pages)

    assert found is not None
    assert [(g.name, g.pages, g.faulty) for g in found.boxes] == [("2", 4, 4), ("1", 6, 0)]
    assert [g.name for g in found.hours] == ["2026-11-20T09", "2026-11-20T10"]
    assert found.boxes[0].confidence is not None
    assert found.boxes[0].confidence.median == 0.5
    assert (found.all.pages, found.all.fault_share) == (10, 0.4)
    assert page_quality([]) is None


def test_of_many_boxes_the_worst_stay() -> None:
    """Two hundred boxes are no picture: the worst are shown, the others are one row, none lost."""
    pages = [ScannedPage(str(n), "", 0.9, None, n == 150) for n in range(200)]
    found = page_quality(pages)

    assert found is not None
    assert not found.timed
    assert len(found.boxes) == ROWS_SHOWN
    assert "150" in {group.name for group in found.boxes}
    assert found.boxes[-1].others == 200 - ROWS_SHOWN + 1
    assert sum(group.pages for group in found.boxes) == 200


def test_names_on_boxes_are_painted_over() -> None:
    """Words of boxes stay, anything else of Hangul and long numbers do not; none become one."""
    pages = [ScannedPage(box, "", None, None, False) for box in ("남궁별 상자", "홍길동 상자")]
    found = page_quality(pages)

    assert display_box("상자3 외래 2019년") == "상자3 외래 2019년"
    assert display_box("남궁별 8001011234567") == "▇▇▇ ▇▇▇"
    assert found is not None
    assert [group.name for group in found.boxes] == ["▇▇▇ 상자", "▇▇▇ 상자 #2"]


def test_a_spread_is_where_eight_tenths_lie() -> None:
    """Of 0 to 100 a tenth is below 10 and a tenth above 90; nothing known has no spread."""
    found = spread([n / 100 for n in range(101)] + [None])

    assert found is not None
    assert (found.low, found.median, found.high) == (0.1, 0.5, 0.9)
    assert spread([None]) is None
