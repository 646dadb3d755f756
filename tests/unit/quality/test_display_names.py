"""File names as people may see them."""

import unicodedata

import pytest

from quality.display_names import display_path


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("scans/box01/page_002.jpg", "scans/box01/page_002.jpg"),
        ("emr/table-3.csv", "emr/table-3.csv"),
        ("홍길동_진단서.jpg", "▇▇▇_▇▇▇.jpg"),
        ("scans/洪吉童.tif", "scans/▇▇▇.tif"),
        (unicodedata.normalize("NFD", "남궁하늘별.pdf"), "▇▇▇.pdf"),
        ("È«±æµ¿.jpg", "▇▇▇.jpg"),
        ("800101-1234560.jpg", "▇▇▇.jpg"),
        ("rrn 800101 page1.jpg", "rrn ▇▇▇ page1.jpg"),
        ("1980-01-01_a.png", "▇▇▇_a.png"),
        ("010-1234-5678.png", "▇▇▇.png"),
        ("a\nb\x1b[31m.png", "a?b?[31m.png"),
    ],
)
def test_names_and_numbers_are_painted_over(path: str, shown: str) -> None:
    """Letters beyond ASCII and six digits or more vanish; plain names with counters stay."""
    assert display_path(path) == shown


def test_mask_tells_no_length() -> None:
    """A long name and a short one look alike."""
    assert display_path("김별.jpg") == display_path("남궁하늘별.jpg")
