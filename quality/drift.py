"""Does a batch look like those before it: its mix of kinds, how sure the reading is, its sharpness.

A change is no fault of a page; it says that something changed (another scanner, another ward,
another setting) and that somebody should look before many more batches are made the same way.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from quality.page_facts import Fact

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


@dataclass(frozen=True, slots=True)
class KindShare:
    """The share of one kind among the documents: in this batch, and in those before it."""

    kind: str
    now: float
    before: float


@dataclass(frozen=True, slots=True)
class Trend:
    """One mean over the scanner's batches, oldest first, and where it must not fall below.

    `what`: confidence | sharpness. `usual`, `lowest`: None where there is too little to compare.
    """

    what: str
    before: tuple[float, ...]
    now: float | None
    usual: float | None
    lowest: float | None
    as_before: Fact


@dataclass(frozen=True, slots=True)
class DriftView:
    """How a batch stands beside those before it.

    `apart`: the share of documents that would have to change their kind to make the mixes equal.
    """

    institution_batches: int
    scanner_batches: int
    kinds: tuple[KindShare, ...]
    apart: float | None
    kinds_as_before: Fact
    trends: tuple[Trend, ...]


def drift_facts(now: BatchProfile, history: History) -> dict[str, Fact]:
    """Flags of the batch's row; null where there is too little to compare."""
    view = drift_view(now, history)
    flags: dict[str, Fact] = {f"{trend.what}_as_before": trend.as_before for trend in view.trends}
    return {"kinds_as_before": view.kinds_as_before, **flags}


def drift_view(now: BatchProfile, history: History) -> DriftView:
    """Compare a batch with its institution's (kinds) and its scanner's (images)."""
    kinds = _kinds(now, history.institution)
    apart = sum(abs(kind.now - kind.before) for kind in kinds) / 2 if kinds else None
    return DriftView(
        len(history.institution),
        len(history.scanner),
        kinds,
        apart,
        None if apart is None else apart <= MOST_MIX,
        tuple(_trend(now, history.scanner, what) for what in ("confidence", "sharpness")),
    )


def _kinds(now: BatchProfile, before: Iterable[BatchProfile]) -> tuple[KindShare, ...]:
    """Shares by kind, the commonest first; none where there are too few documents to compare."""
    pooled: Counter[str] = Counter()
    for profile in before:
        pooled.update(profile.kinds)
    total = pooled.total()
    if now.documents < ENOUGH_NOW or total < ENOUGH_BEFORE:
        return ()
    shares = [
        KindShare(kind, now.kinds.get(kind, 0) / now.documents, pooled[kind] / total)
        for kind in pooled.keys() | now.kinds.keys()
    ]
    return tuple(sorted(shares, key=lambda share: (-max(share.now, share.before), share.kind)))


def _trend(now: BatchProfile, before: Sequence[BatchProfile], what: str) -> Trend:
    """Judge a mean that fell: by so much (confidence), or by such a share of itself (sharpness)."""
    value: float | None = getattr(now, what)
    known = [(getattr(p, what), p.pages) for p in before if getattr(p, what) is not None]
    means = tuple(mean for mean, _ in reversed(known))
    pages = sum(weight for _, weight in known)
    if value is None or now.pages < ENOUGH_NOW or pages < ENOUGH_BEFORE:
        return Trend(what, means, value, None, None, None)
    usual = sum(mean * weight for mean, weight in known) / pages
    most = MOST_SHARPNESS * usual if what == "sharpness" else MOST_CONFIDENCE
    return Trend(what, means, value, usual, usual - most, bool(usual - value <= most))


def mean_of(scores: Sequence[float]) -> float | None:
    """The mean as a profile keeps it; None where nothing was scored."""
    return round(fmean(scores), 4) if scores else None
