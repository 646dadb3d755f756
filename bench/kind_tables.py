"""The page's part on kinds and fields: aims, ways side by side, coverage, mistakes."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench.field_scores import AIMS, FieldScore
from bench.kind_scores import KindScore, Told
from bench.reading_aims import Aim
from bench.text_measures import Count
from classifiers.training.joining import most_errors

LEAST_MACRO_F1 = 0.97
LEAST_REFUSED = 0.95
LEAST_ACCEPTED = 0.8
LEAST_PRECISION = 0.995
MOST_CALIBRATION_ERROR = 0.03
_STEPS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99)
_NOTES = (
    "Each document is cut off rightly beforehand: what is wrong here is kind or fields, not "
    "cutting. Pages and layouts are of the makers' test part; the papers that are no record of the "
    "clinic say it in other words than those that were learned from.",
    "Then the documents of a stack are compared with each other "
    "(`classifiers/patient_agreement.py`), and the codes and names of the makers' diseases are "
    "given as an operator's list (`disease_list`).",
    "Accepted: the confidence of the kind reaches 0.80 (`hold_below`); a way without confidences "
    "accepts all it names. Refused: a paper that is none of the 17 kinds is not accepted as one.",
    "The calibration error is that of the joined probability, before anything is held for another "
    "reason; held answers are shown with at most 0.79, so theirs reads lower than they are right.",
    "TF-IDF: runs of one to three letters, logistic regression (scikit-learn), learned from the "
    "documents that our text classifier learned from, misread the same way.",
    "Title keywords: the longest title that stands letter by letter in the upper third.",
    "Fields are exact where the normalised value is the printed one, list fields in every element "
    "and in their order; counted on documents that neither their kind nor a field holds "
    "(`classifiers/field_doubts.py`).",
)


@dataclass(frozen=True, slots=True)
class KindRun:
    """Everything measured of kinds and fields in one run; `tfidf` None: the peer is missing.

    `fields_by_reading`: of documents whose worst page has at least such a mean word confidence.
    `invented`: values found on blank forms, and the forms. `joined_error`: the calibration error of
    the joined probability. `accepted`: documents that neither kind nor fields hold, of all.
    """

    ours: KindScore
    ours_printed: KindScore
    keywords: KindScore
    tfidf: KindScore | None
    fields: FieldScore
    fields_printed: FieldScore
    fields_by_reading: Mapping[float, FieldScore]
    invented: tuple[int, int]
    joined_error: float | None
    accepted: Count
    cpu_seconds_a_page: float


def judge_kinds(run: KindRun) -> list[Aim]:
    """Return every aim with what was measured."""
    ours = run.ours
    precision = ours.accepted.share
    refused = ours.refused.share
    error = run.joined_error
    aims = [
        _least("kinds, macro-F1", LEAST_MACRO_F1, ours.macro_f1, ""),
        _least("non-kinds refused", LEAST_REFUSED, refused, _of(ours.refused)),
        _least(
            "accepted without a person, kind and fields",
            LEAST_ACCEPTED,
            run.accepted.share,
            f"{_of(run.accepted)}; for their kind alone {ours.accepted.of}",
        ),
        _least("kinds accepted and right", LEAST_PRECISION, precision, _of(ours.accepted)),
        Aim(
            "expected calibration error",
            f"≤ {MOST_CALIBRATION_ERROR}",
            "" if error is None else f"{error:.4f}",
            None if error is None else error <= MOST_CALIBRATION_ERROR,
        ),
    ]
    for key, least in AIMS.items():
        count = run.fields.exact.get(key, Count(0, 0))
        aims.append(_least(f"{key} exact", least, count.share, _of(count)))
    values, forms = run.invented
    aims.append(
        Aim("values invented on blank forms", "none", f"{values} on {forms} forms", values == 0)
    )
    return aims


def kind_lines(run: KindRun, documents: str) -> Iterator[str]:
    """Yield the part of the page, as lines of Markdown."""
    yield "## Kinds"
    yield ""
    yield documents
    yield ""
    yield from _NOTES
    yield ""
    ways: dict[str, KindScore] = {"ours, read": run.ours}
    if run.tfidf is not None:
        ways["TF-IDF and linear, read"] = run.tfidf
    ways |= {"title keywords, read": run.keywords, "ours, true text": run.ours_printed}
    yield from table(
        ["", *ways],
        [
            ["right", *(_of(way.right) for way in ways.values())],
            ["macro-F1", *(f"{way.macro_f1:.4f}" for way in ways.values())],
            ["non-kinds refused", *(_of(way.refused) for way in ways.values())],
            ["accepted", *(_share(way.accepted.of, way.documents) for way in ways.values())],
            ["accepted and wrong", *(_wrong(way.accepted) for way in ways.values())],
            ["wrong at most (95 %)", *(f"{100 * w.wrong_at_most:.2f} %" for w in ways.values())],
            [
                "calibration error as shown",
                *(_maybe(way.calibration_error) for way in ways.values()),
            ],
        ],
    )
    yield "### Coverage against error"
    yield ""
    yield (
        "Accepted from a confidence on. Ours as shown, so the step to 0.8 is where thresholds and "
        "reasons to hold have spoken; the curve on 6,000 misread documents is in the classifier's "
        "card (`classifiers/models/kind-classifier.md`)."
    )
    yield ""
    yield from _curve({name: way for name, way in ways.items() if name != "title keywords, read"})
    yield "### Kinds that were wrong or held"
    yield ""
    yield from _answers(run.ours.told)
    yield "## Fields of accepted documents"
    yield ""
    yield from table(
        ["field", "read", "true text"],
        [
            [key, _of(run.fields.exact[key]), _of(run.fields_printed.exact.get(key, Count(0, 0)))]
            for key in sorted(run.fields.exact)
        ],
    )
    yield from _by_reading(run.fields_by_reading)
    yield "Mistakes, read: " + _most(run.fields)
    yield ""
    yield "Mistakes, true text: " + _most(run.fields_printed)
    yield ""


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield a table and an empty line."""
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def _by_reading(scores: Mapping[float, FieldScore]) -> Iterator[str]:
    yield "By the mean word confidence of a document's worst page, from:"
    yield ""
    yield from table(
        ["field", *(f"{least:g}" for least in scores)],
        [
            [key, *(_of(score.exact.get(key, Count(0, 0))) for score in scores.values())]
            for key in AIMS
        ],
    )


def _curve(ways: Mapping[str, KindScore]) -> Iterator[str]:
    rows = []
    for step in _STEPS:
        row = [f"{step}"]
        for way in ways.values():
            taken = [one for one in way.told if (one.sure or 0.0) >= step]
            wrong = sum(not one.right for one in taken)
            bound = 100 * most_errors(wrong, len(taken))
            row.append(f"{_share(len(taken), way.documents)}, {wrong} wrong (≤ {bound:.1f} %)")
        rows.append(row)
    yield from table(["confidence from", *ways], rows)


def _answers(told: Sequence[Told]) -> Iterator[str]:
    unusual = [one for one in told if not one.right or (one.sure or 0.0) < 0.8]
    if not unusual:
        yield "None."
        yield ""
        return
    yield from table(
        ["true kind", "answer", "confidence", "page", "words read with", "held because"],
        [
            [
                one.truth,
                one.kind if one.right else f"**{one.kind}**",
                f"{one.sure:.3f}" if one.sure is not None else "",
                f"{one.layout}, {one.level}",
                _maybe(one.read),
                ", ".join(f"`{code}`" for code in one.reasons),
            ]
            for one in unusual
        ],
    )


def _most(score: FieldScore) -> str:
    counts = Counter((m.key, m.what, m.kind, m.layout) for m in score.mistakes)
    named = (
        f"{k} {w} ({kind}, {layout}) {n}" for (k, w, kind, layout), n in counts.most_common(20)
    )
    return "; ".join(named) or "none"


def _least(name: str, least: float, share: float | None, counted: str) -> Aim:
    measured = "" if share is None else f"{share:.4f}"
    met = None if share is None else share >= least
    return Aim(name, f"≥ {least}", f"{measured} ({counted})" if counted else measured, met)


def _wrong(count: Count) -> str:
    return f"{count.of - count.hits} of {count.of}"


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({100 * part / max(whole, 1):.1f} %)"


def _maybe(figure: float | None) -> str:
    return "" if figure is None else f"{figure:.4f}"


def _of(count: Count) -> str:
    return f"{count.hits} of {count.of}"
