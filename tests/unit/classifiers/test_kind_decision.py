"""Rules and text joined: what is believed, and what a person must confirm."""

import dataclasses
import hashlib
import itertools
import random
from collections.abc import Sequence
from importlib import resources

import pytest

from classifiers.kind_classifier import shipped_classifier
from classifiers.kind_decision import UNSURE, decide
from classifiers.kind_model import PRINTED, KindModel
from classifiers.kind_text import MODEL
from classifiers.page_facts import look
from classifiers.stack import assemble, setting_of
from classifiers.training.reading_errors import load_errors, misread
from records.reasons import explain
from records.taxonomy import load_taxonomy
from records.values import Document, Institution, Line, PageText, Word
from tests.makers.blank_forms import make_blank_form
from tests.makers.case import make_case
from tests.makers.documents import (
    MAKERS,
    RESERVES,
    STRANGERS,
    layouts_of,
    maker_of,
    true_kind,
)
from tests.makers.pages import make_words
from tests.makers.parts import Part
from tests.makers.truth import PageTruth
from tests.unit.classifiers import papers

ISSUABLE = tuple(kind.code for kind in load_taxonomy().issuable)
NOBODY = Institution("", "")


def _printed(truth: PageTruth, number: int = 0, confidence: float | None = None) -> PageText:
    return PageText(
        page_id=f"p-{number}",
        width=truth.width,
        height=truth.height,
        dpi=truth.dpi,
        rotation=0,
        skew=0.0,
        lines=tuple(
            Line(tuple(Word(word.text, word.box, confidence) for word in line.words))
            for line in truth.lines
        ),
        confidence=confidence,
    )


def _document(
    truths: list[PageTruth], confidence: float | None = None, institution: Institution = NOBODY
) -> Document:
    pages = [_printed(truth, number, confidence) for number, truth in enumerate(truths)]
    (document,) = assemble("b", "t", pages, institution).documents
    return document


def _of(text: str, institution: Institution = papers.OURS) -> Document:
    (document,) = assemble("b", "t", [papers.page(text)], institution).documents
    return document


def _is_held(document: Document) -> bool:
    assert document.type_confidence is not None
    return document.type_confidence <= UNSURE


def test_the_classifier_is_the_one_that_its_thresholds_and_card_speak_of() -> None:
    """The shipped file has the digest that the figures pin and the card names."""
    models = resources.files("classifiers").joinpath("models")
    digest = hashlib.sha256(models.joinpath(MODEL).read_bytes()).hexdigest()

    assert digest == shipped_classifier().model.digest
    assert digest in models.joinpath("kind-classifier.md").read_text("utf-8")


def test_every_kind_that_is_issued_has_a_threshold_however_it_was_read() -> None:
    """No band of the model lacks one of the kinds, and none believes below the gate's least."""
    for band in shipped_classifier().model.bands:
        assert set(ISSUABLE) <= band.thresholds.keys()
        assert min(band.thresholds.values()) >= 0.8


@pytest.mark.parametrize(
    "text", [papers.UNTITLED_CONFIRMATION, papers.TREATMENT, papers.OUTPATIENT]
)
def test_confirmations_whose_title_is_unreadable_are_held_as_twins(text: str) -> None:
    """Treatment and outpatient confirmations are never guessed apart, and the reason is said."""
    document = _of("\n".join(["▒▒▒▒▒▒", *text.splitlines()[1:]]))

    assert _is_held(document)
    assert "kind.twin" in document.evidence


def test_a_kind_that_was_never_measured_is_named_and_held() -> None:
    """A reserve kind has rules but no calibration: it is outside the calibrated range."""
    document = _of(papers.SURGERY_CONFIRMATION)

    assert document.type == "surgery_confirmation"
    assert "kind.not_measured" in document.evidence
    assert _is_held(document)


def test_a_page_read_worse_than_any_that_was_measured_is_held() -> None:
    """However clear the words seem, a page outside the bands is for a person."""
    truths = make_words("prescription", "statutory", 3)
    well, badly = _document(truths, 0.95), _document(truths, 0.2)

    assert not _is_held(well)
    assert _is_held(badly)
    assert "kind.badly_read" in badly.evidence


def test_a_kind_below_its_own_threshold_is_held() -> None:
    """The threshold of the kind and band decides, not one figure for all."""
    facts = [look(papers.page(papers.PRESCRIPTION), setting_of(papers.OURS))]
    model = shipped_classifier().model

    def with_threshold(least: float) -> KindModel:
        bands = tuple(
            dataclasses.replace(band, thresholds={**band.thresholds, "prescription": least})
            if band.name == PRINTED
            else band
            for band in model.bands
        )
        return dataclasses.replace(model, bands=bands)

    assert decide(facts, with_threshold(0.8)).confidence > UNSURE
    assert "kind.below_threshold" in decide(facts, with_threshold(1.01)).evidence
    assert decide(facts, with_threshold(1.01)).confidence <= UNSURE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("diagnosis_certificate", "injury_certificate"),
        ("diagnosis_certificate", "medical_opinion"),
        ("treatment_confirmation", "outpatient_confirmation"),
        ("treatment_confirmation", "admission_confirmation"),
        ("fee_receipt", "fee_detail"),
        ("fee_receipt", "pharmacy_paper/약제비 계산서·영수증"),
        ("fee_receipt", "office_paper/신용카드 매출전표"),
        ("prescription", "pharmacy_paper/복약안내"),
        ("prescription", "pharmacy_paper/약제비 계산서·영수증"),
        ("surgery_record", "surgery_confirmation"),
        ("surgery_record", "consent_form"),
        ("surgery_confirmation", "consent_form"),
        ("lab_result", "office_paper/일반 건강검진 결과통보서"),
        ("medical_opinion", "imaging_report"),
        ("referral_letter", "letter_to_us/진료의뢰서"),
        ("referral_letter", "letter_to_us/협진 회신서"),
    ],
)
def test_of_two_that_people_confuse_none_is_accepted_as_the_other(one: str, other: str) -> None:
    """However badly they are read: told apart, or for a person (domain: confusion pairs).

    Of each side one at least is accepted; a side is a maker, with the title where it has several.
    """
    for side, wrong in ((one, other), (other, one)):
        told = [told for seed in _seeds(side) for told in _misread(side, seed)]
        kind, mistaken = (true_kind(name.partition("/")[0]) for name in (side, wrong))

        assert all(document.type != mistaken or _is_held(document) for document in told)
        # A kind that was never measured is named and held.
        assert any(
            document.type == kind and (kind in RESERVES or not _is_held(document))
            for document in told
        ), side


def _seeds(side: str) -> list[int]:
    """Four seeds of a side of a pair: those whose paper bears its title."""
    maker, _, title = side.partition("/")
    seeds = (n for n in range(100) if title in maker_of(maker)(make_case(maker, n)).title)
    return list(itertools.islice(seeds, 4))


def _misread(side: str, seed: int) -> Sequence[Document]:
    """What is made of a side's paper as a reader misreads it."""
    maker = side.partition("/")[0]
    rng = random.Random(f"{maker} {seed}")
    layout = rng.choice(layouts_of(maker, "tuning"))
    case = make_case(maker, seed)
    truths = make_words(maker, layout, seed, case=case)
    read = [
        misread(_printed(truth, number), load_errors(), rng) for number, truth in enumerate(truths)
    ]
    return assemble("b", "t", read, Institution(case.clinic.code, case.clinic.name)).documents


@pytest.mark.parametrize("maker", sorted(STRANGERS))
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_papers_that_are_no_record_of_ours_are_refused(maker: str, seed: int) -> None:
    """Papers in words that nothing was learned from are not accepted as one of the kinds."""
    clinic = make_case(maker, seed, part="test").clinic
    for layout in layouts_of(maker, "test"):
        truths = make_words(maker, layout, seed, part="test")
        document = _document(truths, institution=Institution(clinic.code, clinic.name))

        assert document.type not in ISSUABLE or _is_held(document)


@pytest.mark.parametrize("part", ["tuning", "test"])
@pytest.mark.parametrize("kind", ISSUABLE)
def test_a_blank_form_has_no_value_and_no_kind(kind: str, part: Part) -> None:
    """Nothing is invented: labels and sentences give no field, and the form is for a person."""
    for layout in layouts_of(kind, part):
        pages = [
            _printed(truth, number)
            for number, truth in enumerate(make_blank_form(kind, layout, 7, part=part))
        ]
        for document in assemble("b", "t", pages, NOBODY).documents:
            assert dict(document.fields) == {}
            assert _is_held(document)


def test_a_form_older_than_the_rule_that_made_it_is_held() -> None:
    """Form 5의2 exists since 2012-04-27: issued earlier, form or date is misread."""
    old = papers.DIAGNOSIS.replace("2019", "2009")

    assert "form.before_its_time" in _of(old).evidence
    assert _is_held(_of(old))
    assert not _is_held(_of(papers.DIAGNOSIS))


def test_a_letter_whose_writer_is_unreadable_is_held() -> None:
    """Whose a referral is, its institution tells; unread, a person must."""
    unread = papers.REFERRAL.replace("의료기관 명칭 : 가람내과의원\n", "")
    document = _of(unread)

    assert _is_held(document)
    assert "institution.unknown" in document.evidence


def test_whatever_a_person_must_confirm_is_said_in_both_languages() -> None:
    """Every reason to hold has its words."""
    for code in (
        "kind.contradicted",
        "kind.twin",
        "kind.few_signs",
        "kind.badly_read",
        "kind.not_measured",
        "kind.below_threshold",
        "institution.unknown",
        "form.before_its_time",
        "form.newer_words",
        "form.older_words",
    ):
        assert explain(code) != code
        assert explain(code, "en") != explain(code)


@pytest.mark.parametrize("maker", sorted(MAKERS.keys() - {"blank", "cover_or_separator"}))
def test_the_text_alone_names_each_kind_that_it_was_taught(maker: str) -> None:
    """No kind is one that the text classifier never learned, however long its documents are."""
    truths = make_words(maker, layouts_of(maker, "tuning")[0], 7, case=make_case(maker, 7))
    pages = [
        look(_printed(truth, number), setting_of(NOBODY)) for number, truth in enumerate(truths)
    ]
    likely = shipped_classifier().likely_kinds([page.form for page in pages])

    assert max(likely, key=lambda kind: likely[kind]) == true_kind(maker)
