"""What an operator's documents may teach: runs of many patients, and no name."""

import dataclasses
from itertools import pairwise

import pytest

from classifiers.kind_classifier import shipped_classifier
from classifiers.training.joining import Answer
from classifiers.training.measures import measures
from classifiers.training.public_runs import (
    FEWEST_PATIENTS,
    GAP,
    Seen,
    learnable,
    public_runs,
    without_persons,
)
from classifiers.training.retraining import Example, _not_learned, retrain
from records.errors import RejectedInput
from records.values import Field, Institution
from tests.unit.classifiers import papers

FORM = tuple("처방전/환자성명")


def _runs(pieces: tuple[str, ...]) -> set[tuple[str, ...]]:
    return {tuple(pieces[at : at + n]) for n in (2, 3) for at in range(len(pieces) - n + 1)}


def test_a_name_is_not_learned() -> None:
    """Of one patient's page only what stands on made pages too is seen; no run reaches a name."""
    page = (*FORM, *"홍길동/", *"처방전")
    seen = [Seen(f"p{n}", (*FORM, *"김아무/")) for n in range(2)]
    kept = learnable(page, public_runs([FORM], [Seen("p9", page), *seen]))

    assert set(kept) <= {*FORM, GAP}
    assert not _runs(kept) & _runs(tuple("홍길동"))
    assert "".join(kept) == f"{''.join(FORM)}{GAP}{GAP}처방전"


@pytest.mark.parametrize("whose", [range(FEWEST_PATIENTS), range(FEWEST_PATIENTS - 1), [0] * 9])
def test_words_of_many_patients_are_learned(whose: list[int]) -> None:
    """A run that no made page has counts by the patients who share it, not by the documents."""
    strange = tuple("투약내역")
    seen = [Seen(f"p{n}", strange) for n in whose]

    learned = learnable(strange, public_runs([FORM], seen))

    assert learned == (strange if len(set(whose)) >= FEWEST_PATIENTS else ())


def test_documents_of_unknown_patients_count_as_one() -> None:
    """Where nobody knows whose they are, they may all be one person's."""
    seen = [Seen("", tuple("홍길동님"))] * 20

    assert public_runs([], seen) == set()


def test_no_stretch_is_joined_to_another() -> None:
    """Every run of three that is learned is allowed, or has a gap in it."""
    allowed = public_runs([tuple("가나다"), tuple("라마바"), tuple("나다라")], [])
    kept = learnable(tuple("가나다마라마바가나다라마"), allowed)

    for run in (tuple(kept[at : at + 3]) for at in range(len(kept) - 2)):
        assert GAP in run or run in allowed
    assert all(GAP in pair or any(_has(run, pair) for run in allowed) for pair in pairwise(kept))


def _has(run: tuple[str, ...], pair: tuple[str, str]) -> bool:
    return pair in pairwise(run)


def test_who_is_named_on_every_page_is_not_learned_either() -> None:
    """A doctor's name stands on many patients' pages; as a field it is taken out beforehand."""
    pieces = ("의", "사", "^이", "^순", "^신", "이", "순", "신", "인")
    doctor = Field("이순신", "이 순 신", 0.9)

    assert without_persons(pieces, [doctor, None]) == ("의", "사", *[GAP] * 6, "인")


def test_measures_count_what_the_person_decides_by() -> None:
    """Macro-F1 over the true kinds, the accepted share's errors, the calibration's distance."""
    answers = [Answer("a", 0.99, True, "", true_kind="a", likely=0.95)] * 3
    answers += [Answer("a", 0.99, False, "", true_kind="b", likely=0.95)]
    answers += [Answer("b", 0.79, True, "", doubted=True, true_kind="b", likely=0.5)]

    found = measures(answers)

    assert (found.documents, found.right, found.accepted, found.wrong) == (5, 4, 4, 1)
    assert found.macro_f1 == pytest.approx((6 / 7 + 2 / 3) / 2, abs=1e-4)
    assert found.calibration_error == pytest.approx((4 * (0.95 - 0.75) + 0.5) / 5, abs=1e-4)
    assert [(row.kind, row.wrong) for row in found.kinds] == [("a", 0), ("b", 1)]


def _example(patient: str, *, held_out: bool, text: str = papers.PRESCRIPTION) -> Example:
    page = papers.page(text)
    return Example("d", "b", "prescription", patient, Institution("", ""), (page,), held_out)


def test_a_paper_delivered_twice_measures_nothing() -> None:
    """A held-out document that is learned from under another id is left out; others' stay."""
    learned = [_example("kim", held_out=False)]
    again, other = _example("kim", held_out=True), _example("lee", held_out=True)

    assert _not_learned([again, other], learned) == [other]


def test_too_few_documents_teach_nothing() -> None:
    """Before anything is trained it is said how many there are; a kind nobody makes is none."""
    given = [_example("kim", held_out=False), _example("lee", held_out=True)]
    strange = [dataclasses.replace(given[0], kind="surgery_confirmation")] * 50

    with pytest.raises(RejectedInput, match=r"labels_too_few [01]/1"):
        retrain([*given, *strange], shipped_classifier())
