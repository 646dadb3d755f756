"""How the kind classifier is trained: misreading, the parts kept apart, thresholds, bounds."""

import random

import pytest

from classifiers.kind_features import Candidate
from classifiers.training.joining import (
    LEAST_ACCEPTED,
    Answer,
    Witnessed,
    fit_calibration,
    fit_weights,
    most_errors,
    proven,
    thresholds,
)
from classifiers.training.lessons import lessons
from classifiers.training.reading_errors import (
    Profile,
    ReadingErrors,
    load_errors,
    measure,
    misread,
)
from records.values import Line, PageText, Word
from tests.makers.pages import make_words
from tests.makers.truth import PageTruth


def _printed(truth: PageTruth) -> PageText:
    lines = tuple(Line(tuple(Word(w.text, w.box, 0.9) for w in ln.words)) for ln in truth.lines)
    return PageText("p", truth.width, truth.height, 300, 0, 0.0, lines, confidence=0.9)


def _errors(**shares: float) -> ReadingErrors:
    given = {"wrong": 0.0, "wrong_tall": 0.0, "lost": 0.0, "joined": 0.0, "parted": 0.0} | shares
    return ReadingErrors((Profile(confidence=0.8, **given),), {})


def test_a_perfect_reading_measures_as_nearly_so() -> None:
    """Words of neighbouring lines are now and then counted with a line: little, and as errors."""
    truth = make_words("prescription", "statutory", 1)[0]
    (profile,) = measure([(truth, _printed(truth))]).profiles

    assert profile.lost == 0
    assert profile.wrong < 0.03
    assert profile.joined < 0.03


def test_misreading_without_errors_changes_nothing() -> None:
    """A page that is read as a perfect page was stays as it is printed."""
    page = _printed(make_words("prescription", "statutory", 1)[0])

    assert misread(page, _errors(), random.Random(1)).text == page.text


def test_lost_lines_and_wrong_letters_are_measured_as_they_were_made() -> None:
    """The measured shares of a misread page are about those that it was misread with."""
    truth = make_words("medical_record", "statutory", 2)[0]
    made = misread(_printed(truth), _errors(wrong=0.1, lost=0.2), random.Random(3))
    (profile,) = measure([(truth, made)]).profiles

    assert 0.03 < profile.wrong < 0.25
    assert 0.05 < profile.lost < 0.45


def test_the_same_seed_misreads_alike() -> None:
    """Training is repeatable: the same random stream gives the same page."""
    page = _printed(make_words("lab_result", "statutory", 1)[0])
    once, again = (misread(page, load_errors(), random.Random(5)) for _ in range(2))

    assert once == again


def test_what_judges_holds_layouts_that_nothing_was_learned_from() -> None:
    """Two layouts come in the judging parts only, so that thresholds know the unknown."""
    learned = {one.layout for one in lessons("text", 2, load_errors())}
    judged = {one.layout for one in lessons("join", 2, load_errors())}

    assert learned.isdisjoint({"dense", "panelled"})
    assert {"dense", "panelled"} <= judged


def _row(right: bool) -> Witnessed:
    sure, unsure = Candidate("a", 1.0, {"s": 3.0}, 0.9), Candidate("b", 0.0, {}, 0.1)
    return Witnessed((sure, unsure), "a" if right else "b")


def test_weights_and_calibration_say_how_often_such_answers_are_right() -> None:
    """Where nine of ten such answers are right, the calibrated odds are about nine to one."""
    rows = [_row(right=number % 10 > 0) for number in range(200)]
    weights = fit_weights(rows)
    slope, shift = fit_calibration(rows, weights)

    assert weights["text"] > 0
    assert slope > 0
    assert -3 < shift < 3


def test_a_threshold_lies_above_the_surest_wrong_answer() -> None:
    """A kind's threshold leaves its wrong answers out; a rare kind takes its band's."""
    answers = [Answer("a", 0.97, True, "clear")] * 20
    answers += [Answer("a", 0.9, False, "clear"), Answer("a", 0.99, False, "clear", doubted=True)]
    answers += [Answer("b", 0.99, True, "clear")] * 20
    found = thresholds(answers, ("clear",), ("a", "b", "c"))["clear"]

    assert found == {"a": 0.905, "b": LEAST_ACCEPTED, "c": 0.905}


@pytest.mark.parametrize(
    ("wrong", "of", "bound"),
    [(0, 598, 0.005), (0, 100, 0.0295), (1, 100, 0.0466), (5, 1000, 0.0105)],
)
def test_the_bound_is_clopper_and_pearsons(wrong: int, of: int, bound: float) -> None:
    """Known values of the one-sided bound of 95 %."""
    assert most_errors(wrong, of) == pytest.approx(bound, abs=2e-4)


def test_a_band_with_too_few_answers_is_not_proven() -> None:
    """Without an error too, a bound needs its six hundred answers."""
    many = [Answer("a", 0.9, True, "clear")] * 600 + [Answer("a", 0.9, True, "bad")] * 100

    assert proven(many, ("clear", "bad")) == ("clear",)
    assert proven([*many, Answer("a", 0.9, False, "clear")], ("clear", "bad")) == ()
