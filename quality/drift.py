"""Does a batch look like those before it: its mix of kinds, how sure the reading is, its sharpness.

A change is no fault of a page; it says that something changed (another scanner, another ward,
another setting) and that somebody should look before many more batches are made the same way.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from quality.page_facts import Fact
from records.values import Document, PageText

# Fewer documents or pages say nothing about a mix or a mean.
ENOUGH_NOW, ENOUGH_BEFORE = 50, 150
# Of 17 kinds, two honest samples of 100 documents differ by about 0.15, and by 0.25 once in 10,000.
MOST_MIX = 0.35
MOST_CONFIDENCE = 0.05
MOST_SHARPNESS = 0.25


@dataclass(frozen=True, slots=True)
class BatchProfile:
    """What of a batch is compared with later ones: counts and means, nothing of a patient.

    `confidence` and `sharpness` are means over the pages that were scored; None where none was.
    """

    documents: int = 0
    pages: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict)
    confidence: float | None = None
    sharpness: float | None = None


@dataclass(frozen=True, slots=True)
class History:
    """Profiles of earlier batches: the institution's for kinds, the scanner's for images."""

    institution: tuple[BatchProfile, ...] = ()
    scanner: tuple[BatchProfile, ...] = ()


def profile_of(pages: Sequence[PageText], documents: Sequence[Document]) -> BatchProfile:
    """The profile of a batch."""
    return BatchProfile(
        documents=len(documents),
        pages=len(pages),
        kinds=dict(sorted(Counter(document.type for document in documents).items())),
        confidence=_mean(page.confidence for page in pages),
        sharpness=_mean(page.sharpness for page in pages),
    )


def drift_facts(now: BatchProfile, history: History) -> dict[str, Fact]:
    """Flags of the batch's row; null where there is too little to compare."""
    return {
        "kinds_as_before": _kinds(now, history.institution),
        "confidence_as_before": _near(now, history.scanner, "confidence", MOST_CONFIDENCE),
        "sharpness_as_before": _near(now, history.scanner, "sharpness", MOST_SHARPNESS),
    }


def _kinds(now: BatchProfile, before: Iterable[BatchProfile]) -> bool | None:
    """Judge the share of documents that would have to change their kind to make the mixes equal."""
    pooled: Counter[str] = Counter()
    for profile in before:
        pooled.update(profile.kinds)
    total = pooled.total()
    if now.documents < ENOUGH_NOW or total < ENOUGH_BEFORE:
        return None
    kinds = pooled.keys() | now.kinds.keys()
    apart = sum(abs(now.kinds.get(k, 0) / now.documents - pooled[k] / total) for k in kinds) / 2
    return apart <= MOST_MIX


def _near(now: BatchProfile, before: Sequence[BatchProfile], what: str, most: float) -> bool | None:
    """Judge a mean that fell: by so much (confidence), or by such a share of itself (sharpness)."""
    value = getattr(now, what)
    known = [(getattr(p, what), p.pages) for p in before if getattr(p, what) is not None]
    pages = sum(weight for _, weight in known)
    if value is None or now.pages < ENOUGH_NOW or pages < ENOUGH_BEFORE:
        return None
    usual = sum(mean * weight for mean, weight in known) / pages
    return bool(usual - value <= (most * usual if what == "sharpness" else most))


def _mean(values: Iterable[float | None]) -> float | None:
    scored = [value for value in values if value is not None]
    return round(fmean(scored), 4) if scored else None
