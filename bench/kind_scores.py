"""How well the kinds of documents were told: by us, by TF-IDF, by title keywords."""

import json
import subprocess
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bench.calibration import Judged, expected_calibration_error, reliability
from bench.document_readings import ReadStack
from bench.readers import ROOT
from bench.text_measures import Count
from classifiers.form import read_form
from classifiers.letters import compact
from classifiers.patient_agreement import agreed
from classifiers.ruleset import load_kinds
from classifiers.stack import assemble
from classifiers.training.joining import most_errors
from records.settings import Settings
from records.taxonomy import load_taxonomy
from records.values import Document, PageText
from tests.makers.clinical import CONDITIONS
from tests.makers.truth import PageTruth

PEER = ROOT / ".venv-peers" / "bin" / "python"
NONE = "none"
DISEASES = {condition.code: condition.name for condition in CONDITIONS}
"""What an operator's list would say of the diseases that the makers know."""
_TOP = 0.35


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """One document as read, with what is true of it, page by page."""

    texts: tuple[PageText, ...]
    truths: tuple[PageTruth, ...]
    stack: ReadStack

    @property
    def kind(self) -> str:
        """The true kind."""
        return self.truths[0].kind


@dataclass(frozen=True, slots=True)
class Told:
    """An answer for one document: kind, confidence (None: a way that has none), what is true."""

    kind: str
    sure: float | None
    truth: str
    layout: str = ""
    level: str = ""
    read: float | None = None
    reasons: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        """Whether the kind is the true one."""
        return self.kind == self.truth


@dataclass(frozen=True, slots=True)
class KindScore:
    """One way of telling kinds over documents; `accepted` counts right ones of those accepted."""

    right: Count
    macro_f1: float
    refused: Count
    accepted: Count
    documents: int
    calibration_error: float | None
    told: tuple[Told, ...]

    @property
    def wrong_at_most(self) -> float:
        """Share of wrong ones among the accepted, bounded with 95 % certainty."""
        return most_errors(self.accepted.of - self.accepted.hits, self.accepted.of)


def documents_of(stacks: Iterable[ReadStack]) -> Iterator[ReadDocument]:
    """Yield the true documents of stacks, pages set aside left out."""
    for stack in stacks:
        pages = [page for page in stack.pages if not page.aside]
        starts = [place for place, page in enumerate(pages) if page.begins]
        for start, end in zip(starts, (*starts[1:], len(pages)), strict=True):
            mine = pages[start:end]
            yield ReadDocument(
                tuple(page.text for page in mine), tuple(page.truth for page in mine), stack
            )


def our_documents(given: Sequence[ReadDocument]) -> tuple[list[Document | None], float]:
    """What we make of each document, and CPU seconds a page; a document cut apart is None.

    Each is cut off rightly beforehand; then the documents of a stack are compared with each other,
    as the line compares them.
    """
    if given:
        assemble("b-bench", "t-bench", given[0].texts, given[0].stack.institution)  # loads all
    begun = time.process_time()
    made: list[Document | None] = []
    for one in given:
        found = assemble(
            "b-bench", "t-bench", one.texts, one.stack.institution, diseases=DISEASES
        ).documents
        made.append(found[0] if found else None)
    for stack in {id(one.stack): one.stack for one in given}.values():
        mine = {
            place: document
            for place, document in enumerate(made)
            if given[place].stack is stack and document is not None
        }
        texts = {text.page_id: text for place in mine for text in given[place].texts}
        compared = agreed(list(mine.values()), texts)
        for place, document in zip(mine, compared, strict=True):
            made[place] = document
    pages = sum(len(one.texts) for one in given)
    return made, (time.process_time() - begun) / max(pages, 1)


def told_by_us(given: Sequence[ReadDocument], made: Sequence[Document | None]) -> list[Told]:
    """Our answers."""
    return [
        _told(
            one,
            NONE if document is None else document.type,
            0.0 if document is None else document.type_confidence,
            () if document is None else document.evidence,
        )
        for one, document in zip(given, made, strict=True)
    ]


def told_by_keywords(given: Sequence[ReadDocument]) -> list[Told]:
    """The kind of the longest title that stands letter by letter in the first upper third."""
    titles = sorted(
        (
            (title.letters, title.kind)
            for rules in load_kinds().values()
            for title in rules.titles
            if len(compact(title.letters)) >= 3
        ),
        key=lambda pair: -len(pair[0]),
    )
    answers = []
    for one in given:
        lines = [line.letters for line in read_form(one.texts[0]).lines if line.depth <= _TOP]
        found = next((kind for title, kind in titles if any(title in ln for ln in lines)), NONE)
        answers.append(_told(one, found, None, ()))
    return answers


def told_by_tfidf(
    taught: Sequence[tuple[str, str]], given: Sequence[ReadDocument]
) -> list[Told] | None:
    """The answers of the TF-IDF peer taught with (text, kind); None where it is not installed."""
    if not PEER.is_file():
        return None
    texts = ["\n".join(page.text for page in one.texts) for one in given]
    done = subprocess.run(
        [str(PEER), str(ROOT / "bench" / "tfidf_peer.py")],
        check=True,
        input=json.dumps({"train": taught, "test": texts}),
        capture_output=True,
        text=True,
    )
    return [
        _told(one, kind, sure, ())
        for one, (kind, sure) in zip(given, json.loads(done.stdout), strict=True)
    ]


def score_kinds(told: Sequence[Told]) -> KindScore:
    """Count; a way without confidences accepts all it names, `none` aside."""
    issuable = {kind.code for kind in load_taxonomy().issuable}
    least = Settings().hold_below
    accepted = [
        one for one in told if (one.kind != NONE if one.sure is None else one.sure >= least)
    ]
    strangers = [one for one in told if one.truth not in issuable]
    taken = [one for one in accepted if one.kind in issuable]
    refused = [one for one in strangers if one not in taken]
    judged = [Judged(one.sure, one.right) for one in told if one.sure is not None]
    return KindScore(
        right=Count(sum(one.right for one in told), len(told)),
        macro_f1=_macro_f1(told),
        refused=Count(len(refused), len(strangers)),
        accepted=Count(sum(one.right for one in accepted), len(accepted)),
        documents=len(told),
        calibration_error=expected_calibration_error(reliability(judged)) if judged else None,
        told=tuple(told),
    )


def _macro_f1(told: Sequence[Told]) -> float:
    """The mean of the kinds' F1, over the kinds that are there."""
    scores = []
    for kind in sorted({one.truth for one in told}):
        found = sum(one.right for one in told if one.truth == kind)
        given = sum(one.truth == kind for one in told) + sum(one.kind == kind for one in told)
        scores.append(2 * found / given)
    return sum(scores) / max(len(scores), 1)


def _told(one: ReadDocument, kind: str, sure: float | None, reasons: Sequence[str]) -> Told:
    scored = [text.confidence for text in one.texts if text.confidence is not None]
    truth = one.truths[0]
    return Told(
        kind=kind,
        sure=sure,
        truth=one.kind,
        layout=truth.layout,
        level=truth.level,
        read=min(scored, default=None),
        reasons=tuple(code for code in reasons if code.startswith(("kind.", "form.", "inst"))),
    )
