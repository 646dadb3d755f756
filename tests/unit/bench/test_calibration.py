"""Which read words are right, and how far confidence is from that."""

import pytest

from bench.calibration import Judged, expected_calibration_error, judge, reliability
from records.values import Box, Word
from tests.makers.truth import PageTruth, TruthLine, TruthWord

NAME = TruthWord("성명:", Box(0, 0, 60, 20))
VALUE = TruthWord("홍길동", Box(70, 0, 130, 20))
TRUTH = PageTruth("none", (TruthLine((NAME, VALUE)),), {}, None, rotation=90)


def rightness(text: str, box: Box, rotation: int = 90) -> bool:
    (judged,) = judge(TRUTH, rotation, [Word(text, box, 0.5)])
    return judged.right


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("홍길동", Box(68, -2, 133, 22)),
        ("홍길동", Box(85, 3, 130, 20)),
        ("성명:홍길동", Box(0, 0, 130, 20)),
        ("홍 길동", Box(70, 0, 130, 20)),
        ("길", Box(90, 0, 110, 20)),
    ],
)
def test_right_words(text: str, box: Box) -> None:
    """The word at its place is right: box loose or tight, joined to its neighbour, or a piece."""
    assert rightness(text, box)


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("홍길둥", Box(70, 0, 130, 20)),
        ("길동", Box(70, 0, 130, 20)),
        ("홍길동", Box(0, 0, 60, 20)),
        ("홍길동", Box(70, 100, 130, 120)),
        ("김", Box(90, 0, 110, 20)),
    ],
)
def test_wrong_words(text: str, box: Box) -> None:
    """A misread letter, a lost one, another place, and ink where nothing is printed are wrong."""
    assert not rightness(text, box)


def test_words_of_a_page_turned_wrongly_are_wrong() -> None:
    """Where the turn is wrong the boxes mean nothing, and no word is right."""
    assert not rightness("홍길동", VALUE.box, rotation=0)


def test_unscored_words_are_left_out() -> None:
    """A word without a confidence is not judged."""
    assert judge(TRUTH, 90, [Word("홍길동", VALUE.box)]) == []


def test_calibration_error() -> None:
    """The gap of each bin counts by its words, and 1.0 falls into the last bin."""
    judged = [
        *(Judged(0.9, right) for right in (True, True, False)),
        *(Judged(0.7, right) for right in (True, False, False)),
        Judged(1.0, True),
        Judged(0.0, False),
    ]
    bins = reliability(judged)

    assert [(one.low, one.words) for one in bins] == [(0.0, 1), (0.7, 3), (0.9, 4)]
    assert [round(one.right, 3) for one in bins] == [0.0, 0.333, 0.75]
    # 1/8·0 + 3/8·(0.7 - 1/3) + 4/8·(0.925 - 0.75)
    assert expected_calibration_error(bins) == pytest.approx(0.225)


def test_no_words_have_no_calibration_error() -> None:
    """Without scored words there is no figure, rather than a perfect one."""
    assert expected_calibration_error(reliability([])) is None
