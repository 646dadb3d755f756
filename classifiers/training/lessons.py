"""The documents that the kind classifier learns from and is judged by: made, and misread.

Four parts, none of which sees another's documents:

- `text`: the text classifier learns from it; two layouts and a third of the strangers' papers are
  left out, so that the other parts hold what it never saw;
- `join`: rules and text are joined on it;
- `risk`: calibration and thresholds are set on it;
- `proof`: nothing is set on it: how often what is accepted is wrong is counted on it.

All are of the makers' tuning part.
"""

import random
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from classifiers.kind_text import pieces_of
from classifiers.page_facts import PageFacts, look
from classifiers.stack import setting_of
from classifiers.training.reading_errors import ReadingErrors, misread
from records.ids import page_id, scan_id
from records.values import Institution, Line, PageText, Word
from tests.makers.case import make_case
from tests.makers.documents import MAKERS, STRANGERS, layouts_of
from tests.makers.pages import make_words
from tests.makers.truth import PageTruth

PARTS = ("text", "join", "risk", "proof")
_FIRST_SEED = {"text": 2_000_000, "join": 3_000_000, "risk": 4_000_000, "proof": 5_000_000}
_KEPT_FROM_TEXT = frozenset({"dense", "panelled"})
_SET_ASIDE = "cover_or_separator"
_LONG = 0.25
BANDS: Mapping[str, tuple[float, float]] = {
    "clear": (0.9, 1.0),
    "worn": (0.8, 0.9),
    "poor": (0.65, 0.8),
    "bad": (0.45, 0.65),
}
"""How well pages are read, by their mean word confidence; worse ones are measured by nobody."""

# Few measured pages were read badly: worse ones than the band's stand for it.
_PATTERNS = {**BANDS, "bad": (0.0, 0.65)}

_AS_PRINTED = 0.15
_NO_HEAD = 0.12  # share of learned documents that lost the head of their first page
_HEAD = 0.22
_HOLED = 0.2  # share that lost lines, as strokes and folds take them
_ONE_PAGE = 0.3  # share of documents of several pages of which one stray page is learned
_CONTINUED = 0.04  # share of judged documents that lack their first page


@dataclass(frozen=True, slots=True)
class Lesson:
    """One document: its true kind, what its pages say, and the worst confidence of a page."""

    kind: str
    pages: tuple[PageFacts, ...]
    institution: Institution
    layout: str
    confidence: float | None


def lessons(part: str, rounds: int, errors: ReadingErrors) -> Iterator[Lesson]:
    """Yield `rounds` documents of every maker."""
    makers = sorted({*MAKERS, *STRANGERS} - {_SET_ASIDE})
    for number in range(rounds):
        for maker in makers:
            seed = _FIRST_SEED[part] + number
            rng = random.Random(f"lesson {maker} {seed}")
            if (lesson := _lesson(part, maker, seed, errors, rng)) is not None:
                yield lesson


def taught_pieces(lesson: Lesson) -> tuple[str, list[str]]:
    """A document's kind, and what the text classifier sees of it."""
    return lesson.kind, list(pieces_of([page.form for page in lesson.pages]))


def _lesson(
    part: str, maker: str, seed: int, errors: ReadingErrors, rng: random.Random
) -> Lesson | None:
    layouts = [
        name
        for name in layouts_of(maker, "tuning")
        if part != "text" or name not in _KEPT_FROM_TEXT
    ]
    if part != "text":  # half of them in layouts that the text classifier never saw
        kept = [name for name in layouts if name in _KEPT_FROM_TEXT]
        layouts = kept if kept and rng.random() < 0.5 else layouts
    layout = rng.choice(layouts)
    case = make_case(maker, seed, long=rng.random() < _LONG)
    truths = make_words(maker, layout, seed, case=case)
    if maker in STRANGERS and part == "text" and _is_kept(truths[0]):
        return None
    clinic = case.clinic
    institution = Institution(clinic.code, clinic.name, clinic.opened, clinic.closed)
    scan = scan_id(f"{part} {maker} {seed}", None)
    texts = [_as_printed(truth, page_id(scan, place)) for place, truth in enumerate(truths)]
    if part == "text" and len(texts) > 1 and rng.random() < _ONE_PAGE:
        texts = [rng.choice(texts)]
    if part != "text" and len(texts) > 1 and rng.random() < _CONTINUED:
        texts = texts[1:]
    if rng.random() >= _AS_PRINTED:
        # Judged by bands of equal weight, learned from as pages come.
        band = "" if part == "text" else rng.choice(tuple(BANDS))
        texts = [misread(text, errors, rng, _PATTERNS.get(band, (0.0, 1.0))) for text in texts]
        if band:
            low = BANDS[band][0]
            texts = [replace(text, confidence=max(text.confidence or 0.0, low)) for text in texts]
    if part == "text":
        texts = [_damaged(text, rng) for text in texts]
    setting = setting_of(institution)
    scored = [text.confidence for text in texts if text.confidence is not None]
    return Lesson(
        kind=_kind(maker, truths[0]),
        pages=tuple(look(text, setting) for text in texts),
        institution=institution,
        layout=layout,
        confidence=min(scored, default=None),
    )


def _kind(maker: str, truth: PageTruth) -> str:
    """The true kind, but a referral's for one that came to us: only its writer tells them apart."""
    came = maker == "letter_to_us" and "의뢰서" in "".join(truth.text.split())
    return "referral_letter" if came else truth.kind


def _is_kept(truth: PageTruth) -> bool:
    """Whether a stranger's paper is kept from the text classifier: by its title, one in three."""
    tallest = max(truth.lines, key=lambda line: max(w.box.y1 - w.box.y0 for w in line.words))
    return zlib.crc32("".join(tallest.text.split()).encode()) % 3 == 0


def _damaged(text: PageText, rng: random.Random) -> PageText:
    lines = text.lines
    if rng.random() < _NO_HEAD:
        lines = tuple(ln for ln in lines if ln.words[0].box.y0 > _HEAD * text.height)
    if rng.random() < _HOLED:
        share = rng.uniform(0.1, 0.5)
        lines = tuple(line for line in lines if rng.random() >= share)
    return replace(text, lines=lines)


def _as_printed(truth: PageTruth, id_: str) -> PageText:
    return PageText(
        page_id=id_,
        width=truth.width,
        height=truth.height,
        dpi=truth.dpi,
        rotation=truth.rotation,
        skew=0.0,
        lines=tuple(
            Line(tuple(Word(word.text, word.box) for word in line.words)) for line in truth.lines
        ),
        ink=0.05,
    )
