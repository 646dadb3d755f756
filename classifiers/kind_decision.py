"""Name the kind of a document, and say how sure: rules, text and shape joined, else a person.

The probability is calibrated (`kind_model`). Whatever it says, some answers are for a person: they
are given at most `UNSURE`, below every threshold for acceptance, with the reason as evidence.
"""

from collections.abc import Iterator, Mapping, Sequence

from classifiers.kind import NONE, KindGuess
from classifiers.kind_classifier import shipped_classifier
from classifiers.kind_features import CLEAR_TITLE, Candidate, candidates, probabilities
from classifiers.kind_model import KindModel
from classifiers.page_facts import PageFacts
from records.taxonomy import load_taxonomy

UNSURE = 0.79
"""The most that an answer is given that a person must confirm."""

_MOST = 0.998  # no answer is certain
# Told apart by title and verb only, and a verb is one syllable: the title must have been read.
_TWINS = frozenset({"treatment_confirmation", "outpatient_confirmation"})
_CONTRADICTION = 1.5  # log-odds by which another kind's signs outweigh ours
_FAINT_TITLE = 0.8
_A_SIGN, _STRONG_SIGNS = 1.0, 3.0
_SPEAKS = 0.5
_CERTAIN = 0.99
_BY_RULES = 0.93  # as sure as title and signs are without a text (`kind.py`)
_FEWEST_LETTERS = 120
# A likely text of a paper that has signs or asks for nobody, nothing saying another kind: of 1,232
# misread tuning documents 209 and 48 were such, none of them wrong.
_LIKELY = 0.75
_PAPERS_SIGNS = 2.5
_NOBODYS_LETTERS, _NOBODYS_READ = 80, 0.7
# How sure a text is, and of how many letters, to be a witness.
_AGREES = ((0.9, _FEWEST_LETTERS), (_CERTAIN, 60))


def decide(
    pages: Sequence[PageFacts],
    model: KindModel | None = None,
    text: Mapping[str, float] | None = None,
) -> KindGuess:
    """Name the kind of one document from all that its pages say.

    Args:
        pages: its pages, in order.
        model: the figures that join it all; None: those that are shipped.
        text: what a text classifier says; None: the one that is shipped.
    """
    model = model or shipped_classifier().model
    if text is None:
        text = shipped_classifier().likely_kinds([page.form for page in pages])
    given = candidates(pages[0].titles, [page.signs for page in pages], text)
    best, sure = likeliest(given, model)
    if _rules_decide(best, given):
        sure = max(sure, _BY_RULES)
    doubts = tuple(_doubts(best, given, pages, sure, model))
    return KindGuess(
        best.kind,
        round(min(sure, UNSURE if doubts else _MOST), 3),
        (*_evidence(best), *doubts),
    )


def likeliest(given: Sequence[Candidate], model: KindModel) -> tuple[Candidate, float]:
    """The likeliest kind, and its calibrated probability before anything is held."""
    best, share = max(probabilities(given, model.weights), key=lambda pair: pair[1])
    return best, model.calibrated(share)


def worst_confidence(pages: Sequence[PageFacts]) -> float | None:
    """The confidence of a document's worst page; None where none was read from an image."""
    scored = [page.form.page.confidence for page in pages]
    return min((one for one in scored if one is not None), default=None)


def _doubts(
    best: Candidate,
    given: Sequence[Candidate],
    pages: Sequence[PageFacts],
    sure: float,
    model: KindModel,
) -> Iterator[str]:
    """Yield why a person must confirm the answer."""
    letters = sum(len(page.form.letters) for page in pages)
    others = [one for one in given if one.kind != best.kind]
    if _is_contradicted(best, others, letters):
        yield "kind.contradicted"
    if best.kind in _TWINS and best.likeness < _FAINT_TITLE:
        yield "kind.twin"
    if _is_thin(best, given, letters) and not _is_nobodys(best, given, pages):
        yield "kind.few_signs"
    band = model.band(worst_confidence(pages))
    if band is None:
        yield "kind.badly_read"
    elif best.kind not in band.thresholds:
        yield "kind.not_measured"
    elif sure < band.thresholds[best.kind]:
        yield "kind.below_threshold"


def _rules_decide(best: Candidate, given: Sequence[Candidate]) -> bool:
    """Whether title and signs name one kind clearly and alone, and the text is sure of none.

    A few lines hold too few runs for the text: what is unsure of every kind speaks against none.
    """
    others = [one for one in given if one.kind != best.kind]
    silent = max((one.text or 0.0 for one in given), default=0.0) < _SPEAKS
    rival = max((one.weight for one in others), default=0.0)
    titled = any(one.likeness for one in others)
    ahead = best.weight >= rival + _STRONG_SIGNS
    return silent and best.likeness >= CLEAR_TITLE and ahead and not titled


def _is_contradicted(best: Candidate, others: Sequence[Candidate], letters: int) -> bool:
    """Whether another kind's title or signs outweigh ours, and the two other witnesses not both it.

    A line of a cell may look like a title, and a form may print what another form asks: where the
    text and the third witness both say ours without doubt, one such line is no contradiction.
    """
    rival = max((one.weight for one in others), default=0.0)
    titled = max((one.likeness for one in others), default=0.0)
    certain = (best.text or 0.0) >= _CERTAIN and letters >= _FEWEST_LETTERS
    signed = certain and best.weight >= rival + _STRONG_SIGNS
    named = certain and best.likeness >= CLEAR_TITLE and titled < best.likeness
    return (titled > best.likeness and not signed) or (
        rival > best.weight + _CONTRADICTION and not named
    )


def _is_thin(best: Candidate, given: Sequence[Candidate], letters: int) -> bool:
    """Whether only one witness speaks: title, signs and text are three, two must agree.

    A text needs to be less sure of a paper that is no record where signs say the same.
    """
    text = best.text or 0.0
    if best.kind in _TWINS:  # which of the two it is, title or verb must tell
        text = sum(one.text or 0.0 for one in given if one.kind in _TWINS)
    signed = best.weight >= _PAPERS_SIGNS and text >= _LIKELY and _is_paper(best, given)
    agrees = signed or any(text >= sure and letters >= fewest for sure, fewest in _AGREES)
    others = agrees or best.weight >= _STRONG_SIGNS
    titled = best.likeness >= (_FAINT_TITLE if others else CLEAR_TITLE)
    return titled + (best.weight >= _A_SIGN) + agrees < 2


def _is_nobodys(best: Candidate, given: Sequence[Candidate], pages: Sequence[PageFacts]) -> bool:
    """Whether a text that is likely no record is on a paper that asks for nobody, as records do."""
    letters = sum(len(page.form.letters) for page in pages)
    read = worst_confidence(pages)
    return (
        best.kind == NONE
        and (best.text or 0.0) >= _LIKELY
        and letters >= _NOBODYS_LETTERS
        and (read is None or read >= _NOBODYS_READ)
        and all(page.asks_nobody for page in pages)
        and _is_alone(best, given)
    )


def _is_paper(best: Candidate, given: Sequence[Candidate]) -> bool:
    """Whether it is a paper that nobody asks the archive for, and nothing says another kind."""
    issuable = {kind.code for kind in load_taxonomy().issuable}
    return best.kind not in issuable and _is_alone(best, given)


def _is_alone(best: Candidate, given: Sequence[Candidate]) -> bool:
    """Whether no title and no sign says another kind."""
    return not any(one.likeness or one.weight for one in given if one.kind != best.kind)


def _evidence(best: Candidate) -> Iterator[str]:
    if best.likeness:
        yield f"title.{best.kind}"
    yield from sorted(best.signs)
    if (best.text or 0.0) >= _SPEAKS:
        yield f"text.{best.kind}"
