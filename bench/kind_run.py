"""The part of `make bench-documents` on kinds and fields: reads, asks every way, counts."""

from collections.abc import Sequence
from pathlib import Path

from bench.calibration import Judged, expected_calibration_error, reliability
from bench.document_readings import ReadStack, true_stack
from bench.field_scores import invented, is_accepted, score_fields
from bench.kind_documents import read_document, some_orders
from bench.kind_scores import (
    PEER,
    ReadDocument,
    documents_of,
    our_documents,
    score_kinds,
    told_by_keywords,
    told_by_tfidf,
    told_by_us,
)
from bench.kind_tables import KindRun
from bench.readers import teller
from bench.text_measures import Count
from classifiers.kind_classifier import shipped_classifier
from classifiers.kind_decision import likeliest
from classifiers.kind_features import candidates
from classifiers.page_facts import look
from classifiers.stack import setting_of
from classifiers.training.lessons import lessons
from classifiers.training.reading_errors import load_errors
from ocr.engine import OcrEngine
from records.taxonomy import load_taxonomy

FIRST_SEED = 784_001
_BLANK_SEED = 794_001
_READ_FROM = (0.0, 0.65, 0.8, 0.9)
_TAUGHT = 20  # documents of every maker that TF-IDF learns from


def read_documents(count: int, engine: OcrEngine, keep: Path | None) -> list[ReadStack]:
    """Make and read so many papers of all makers and layouts of the test part."""
    given = some_orders("test", FIRST_SEED, count)
    told = teller("문서 읽는 중 / documents being read", len(given))
    read = []
    for order in given:
        read.append(read_document(order, engine, keep))
        told(len(read))
    return read


def run_kinds(stacks: Sequence[ReadStack]) -> KindRun:
    """Ask every way for the kinds of all true documents of stacks, and compare our fields."""
    given = list(documents_of(stacks))
    printed = list(documents_of([true_stack(stack) for stack in stacks]))
    made, seconds = our_documents(given)
    made_printed, _ = our_documents(printed)
    issuable = [kind.code for kind in load_taxonomy().issuable]
    tfidf = told_by_tfidf(_taught(), given) if PEER.is_file() else None
    return KindRun(
        ours=score_kinds(told_by_us(given, made)),
        ours_printed=score_kinds(told_by_us(printed, made_printed)),
        keywords=score_kinds(told_by_keywords(given)),
        tfidf=None if tfidf is None else score_kinds(tfidf),
        accepted=Count(sum(map(is_accepted, made)), len(made)),
        fields=score_fields(given, made),
        fields_printed=score_fields(printed, made_printed),
        fields_by_reading={
            least: score_fields(
                [one for one in given if _read(one) >= least],
                [m for one, m in zip(given, made, strict=True) if _read(one) >= least],
            )
            for least in _READ_FROM
        },
        invented=invented(issuable, "test", _BLANK_SEED),
        joined_error=_joined_error(given),
        cpu_seconds_a_page=seconds,
    )


def _read(document: ReadDocument) -> float:
    """The mean word confidence of a document's worst page."""
    return min(text.confidence or 0.0 for text in document.texts)


def _taught() -> list[tuple[str, str]]:
    return [
        ("\n".join(page.form.page.text for page in lesson.pages), lesson.kind)
        for lesson in lessons("text", _TAUGHT, load_errors())
    ]


def _joined_error(given: Sequence[ReadDocument]) -> float | None:
    """The calibration error of the joined probability, whatever is held afterwards.

    A letter that another institution wrote to ours counts as right where it is called a referral:
    its writer, not its form, makes it another's.
    """
    judged = []
    for one in given:
        setting = setting_of(one.stack.institution)
        pages = [look(text, setting) for text in one.texts]
        text = shipped_classifier().likely_kinds([page.form for page in pages])
        found = candidates(pages[0].titles, [page.signs for page in pages], text)
        best, sure = likeliest(found, shipped_classifier().model)
        from_elsewhere = one.kind == "external_document" and best.kind == "referral_letter"
        judged.append(Judged(sure, best.kind == one.kind or from_elsewhere))
    return expected_calibration_error(reliability(judged))
