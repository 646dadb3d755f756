"""What a steward looks at before she signs: one list, the worst first, each with its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quality.balance import BalanceSheet
from quality.drift import DriftView
from quality.page_quality import PageQuality
from quality.sampling.lot_result import ACCEPTED, REJECTED
from quality.sampling.view import SamplingView
from records.values import Failure

# A box stands out whose scans are faulty this often, and this many times as often as the batch's.
MANY_FAULTS, TIMES_AS_MANY = 0.10, 2.0
BOXES_NAMED = 3
_WORDS = {"critical": 0, "major": 1, "minor": 2, "good": 3}


@dataclass(frozen=True, slots=True)
class Attention:
    """One thing to look at, in Korean and English; `place`: the section that says more.

    `weight`: critical: it stands in the way of a release; major: it wants a decision or a look;
    minor: worth knowing; good: settled.
    """

    weight: str
    place: str
    korean: str
    english: str


def attention(
    sheet: BalanceSheet,
    by_outcome: Mapping[str, int],
    pages_outside: int,
    failures: Sequence[Failure],
    sampling: SamplingView | None,
    drift: DriftView | None,
    scanned: PageQuality | None,
) -> list[Attention]:
    """Gather it; never empty where there is a page to inspect."""
    found: list[Attention] = []

    def say(weight: str, place: str, korean: str, english: str) -> None:
        found.append(Attention(weight, place, korean, english))

    if not sheet.balanced and not sheet.waits_for_store:
        gaps = len([gap for gap in sheet.gaps if sheet.line(gap.line).binding])
        say("critical", "balance", f"대차의 틈 {gaps:,}건", f"{gaps:,} gaps in the balance")
    for line in sheet.lines:
        if not line.ok and not line.binding:
            open_ = sum(part.count for part in line.parts if part.code == "unexplained")
            korean, english = ("맞지 않음", "differ")
            if open_:
                korean, english = f"설명되지 않음 {open_:,}", f"{open_:,} unexplained"
            say("major", "balance", f"{line.korean}: {korean}", f"{line.english}: {english}")
    if pages_outside:
        say("major", "open", f"문서 밖에서 확인할 쪽 {pages_outside:,}쪽",
            f"Pages outside documents to look at: {pages_outside:,}")  # fmt: skip
    if held := by_outcome.get("held", 0):
        say("major", "open", f"결정을 기다리는 문서 {held:,}건",
            f"Documents that wait for a decision: {held:,}")  # fmt: skip
    if rejected := by_outcome.get("rejected", 0):
        say("major", "open", f"다시 스캔할 문서 {rejected:,}건",
            f"Documents to scan again: {rejected:,}")  # fmt: skip
    if failures:
        say("major", "failures", f"쓸 수 없었던 파일과 쪽 {len(failures):,}건",
            f"Files and pages that could not be used: {len(failures):,}")  # fmt: skip
    if sampling:
        found.append(_sampled(sampling))
    found += _drifted(drift) + _boxes(scanned)
    return sorted(found, key=lambda one: _WORDS[one.weight])


def _sampled(sampling: SamplingView) -> Attention:
    """Where sampling stands; of an accepted lot, also what passing is worth for class major."""
    if not sampling.drawn:
        korean, english, weight = "표본을 아직 뽑지 않음", "No sample has been drawn", "major"
    elif sampling.outcome == REJECTED:
        korean, english = (
            "표본 검사 불합격: 로트 전체를 되돌립니다",
            "The lot did not pass: it goes back",
        )
        weight = "critical"
    elif sampling.outcome == ACCEPTED:
        korean, english, weight = "표본 검사 합격", "The sample passed", "good"
    else:
        left = sampling.items - sampling.judged
        korean, english = f"표본 검사 중, {left:,}쪽 남음", f"Being inspected, {left:,} pages left"
        weight = "major"
    sentences = {row.defect_class.id: row.sentences for row in sampling.rows}
    said = sentences.get("major", ("", ""))
    return Attention(weight, "sampling", f"{korean}. {said[0]}", f"{english}. {said[1]}")


def _drifted(drift: DriftView | None) -> list[Attention]:
    if drift is None:
        return []
    words = {"confidence": ("판독 신뢰도", "Confidence"), "sharpness": ("선명도", "Sharpness")}
    changed = [words[trend.what] for trend in drift.trends if trend.as_before is False]
    if drift.kinds_as_before is False:
        changed.insert(0, ("종류의 구성", "Mix of kinds"))
    return [
        Attention("minor", "drift", f"{korean}: 이전 배치와 다름", f"{english}: not as before")
        for korean, english in changed
    ]


def _boxes(scanned: PageQuality | None) -> list[Attention]:
    if scanned is None:
        return []
    least = max(MANY_FAULTS, TIMES_AS_MANY * scanned.all.fault_share)
    bad = [box for box in scanned.boxes if box.name and box.fault_share >= least]
    bad.sort(key=lambda box: -box.fault_share)
    return [
        Attention("major", "scan", f"스캔 불량이 많은 상자 {box.name}: {box.fault_share:.0%}",
                  f"Box with many scan faults {box.name}: {box.fault_share:.0%}")
        for box in bad[:BOXES_NAMED]
    ]  # fmt: skip
