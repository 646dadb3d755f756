"""Geometry of the report's pictures."""

import itertools

from quality.charts import COLUMNS, TALLEST, flow, histogram


def test_flow_keeps_proportions() -> None:
    """Bars are as high as their counts; empty classes have none; the absent stand apart."""
    picture = flow(100, 7, {"in_documents": 80, "blank": 20, "separator": 0}, {"accepted": 80})
    heights = {node.code: node.height for node in picture.nodes}

    assert heights["received"] == TALLEST
    assert heights["in_documents"] == 4 * heights["blank"]
    assert "separator" not in heights
    assert [band.code for band in picture.bands] == ["in_documents", "blank", "accepted"]


def test_bars_of_a_column_do_not_touch() -> None:
    """Many small classes stand clear of each other, so that their words do."""
    classes = {"in_documents": 99_000, "blank": 1, "separator": 1, "duplicate": 1}

    picture = flow(99_003, 0, classes, {"accepted": 98_000, "held": 999, "rejected": 1})

    for x in COLUMNS:
        tops = [node.y for node in picture.nodes if node.x == x]
        assert all(below - above >= 40 for above, below in itertools.pairwise(tops))


def test_empty_flow() -> None:
    """Nothing received draws nothing."""
    assert flow(0, 0, {}, {}).nodes == ()


def test_histogram_ends() -> None:
    """Nought falls into the first bin, one into the last, and nothing is lost."""
    bins = histogram([0.0, 0.05, 0.99, 1.0])

    assert (bins[0], bins[1], bins[-1]) == (1, 1, 2)
    assert sum(bins) == 4
