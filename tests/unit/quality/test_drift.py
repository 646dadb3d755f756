"""A batch beside those before it: what changed is told, what is chance or too little is not."""

import random

import pytest

from quality.check import check
from quality.drift import BatchProfile, History, drift_facts
from quality.ruleset import load_rules
from tests.unit.quality.samples import BATCH, make_batch, make_document, make_page

KINDS = ("prescription", "lab_result", "fee_receipt", "medical_record", "nursing_record")


def profile(mix: dict[str, int], confidence: float = 0.9, sharpness: float = 0.8) -> BatchProfile:
    """A batch of this mix, as many pages as documents."""
    count = sum(mix.values())
    return BatchProfile(count, count, mix, confidence, sharpness)


USUAL = History((profile(dict.fromkeys(KINDS, 40)),), (profile(dict.fromkeys(KINDS, 40)),))


def test_chance_is_no_drift() -> None:
    """A hundred documents drawn from the same mix do not count as another mix, in 300 draws."""
    rng = random.Random(1)
    for _ in range(300):
        drawn = rng.choices(KINDS, k=100)
        now = profile({kind: drawn.count(kind) for kind in KINDS})
        assert drift_facts(now, USUAL)["kinds_as_before"] is True


@pytest.mark.parametrize(
    ("now", "flag"),
    [
        (profile({"lab_result": 80, "prescription": 20}), "kinds_as_before"),
        (profile(dict.fromkeys(KINDS, 20), confidence=0.84), "confidence_as_before"),
        (profile(dict.fromkeys(KINDS, 20), sharpness=0.5), "sharpness_as_before"),
    ],
)
def test_what_changed_is_told(now: BatchProfile, flag: str) -> None:
    """Another mix, a fallen confidence, a fallen sharpness: each is told, and nothing else."""
    facts = drift_facts(now, USUAL)

    assert {name for name, value in facts.items() if value is False} == {flag}


def test_better_is_no_fault() -> None:
    """A batch that is read better and sharper than before is as it should be."""
    facts = drift_facts(profile(dict.fromkeys(KINDS, 20), 0.99, 1.0), USUAL)

    assert set(facts.values()) == {True}


def test_too_little_says_nothing() -> None:
    """Without history, or with few documents on either side, nothing is judged."""
    few = profile(dict.fromkeys(KINDS, 9))

    assert set(drift_facts(few, USUAL).values()) == {None}
    assert set(drift_facts(profile({"lab_result": 99}), History()).values()) == {None}
    assert set(drift_facts(profile({"lab_result": 99}), History((few,), (few,))).values()) == {None}


def test_a_check_compares() -> None:
    """The batch rules fail on a batch unlike its history, hold nothing, and leave a profile."""
    pages = [make_page(f"p-{n}", sharpness=0.4, confidence=0.7) for n in range(60)]
    documents = [make_document(f"d-{n}", (f"p-{n}",)) for n in range(60)]

    report = check(make_batch(), pages, documents, 0.8, history=USUAL)

    assert {f.rule for f in report.findings if f.subject == BATCH} == {
        "batch_kind_mix",
        "batch_confidence_fell",
        "batch_sharpness_fell",
    }
    assert {v.outcome for v in report.verdicts} == {"accept"}
    assert report.profile == BatchProfile(60, 60, {documents[0].type: 60}, 0.7, 0.4)
    assert {rule.severity for rule in load_rules().of("batch") if "fell" in rule.id} == {"minor"}
