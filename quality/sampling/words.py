"""What a plan can do, said in words that decide: Korean and English."""

from collections.abc import Mapping

from quality.sampling.operating_characteristic import bad_share_that_passes, passes
from quality.sampling.plans import Plan

Words = Mapping[str, tuple[str, str]]

STAGES: Words = {
    "normal": ("보통 검사", "normal inspection"),
    "tightened": ("까다로운 검사", "tightened inspection"),
    "reduced": ("수월한 검사", "reduced inspection"),
}
OUTCOMES: Words = {
    "open": ("검사 중", "being inspected"),
    "accepted": ("합격", "accepted"),
    "rejected": ("불합격", "not accepted"),
}
# The share of bad pages that the sentence is about.
BAD_SHARE = 0.02
SELDOM = 0.10


def plan_sentences(plan: Plan, lot: int) -> tuple[str, str]:
    """How often a lot with 2 % bad pages would pass, and from which share on it seldom does."""
    if plan.every:
        return (
            f"모든 쪽을 봅니다. 나쁜 쪽이 {plan.accept}쪽을 넘으면 통과하지 못합니다.",
            f"Every page is looked at; more than {plan.accept} bad ones and the batch fails.",
        )
    bad = max(1, round(BAD_SHARE * lot))
    korean, english = _of_hundred(passes(plan, lot, bad))
    seldom = bad_share_that_passes(plan, lot, SELDOM)
    share = f"{100 * bad / lot:.2g}"
    return (
        f"나쁜 쪽이 {share} %({lot:,}쪽 중 {bad:,}쪽)인 배치는 100번 가운데 {korean} 통과합니다. "
        f"{100 * seldom:.2g} %를 넘으면 열에 아홉은 걸러집니다.",
        f"A batch with {share} % bad pages ({bad:,} of {lot:,}) would pass this plan in {english} "
        f"of 100 cases; above {100 * seldom:.2g} % it is stopped in nine of ten.",
    )


def _of_hundred(chance: float) -> tuple[str, str]:
    """A chance as times in a hundred; never 0 or 100 where rounding would say never or always."""
    chance = round(chance, 9)  # a sum of many terms
    if 0 < chance < 0.005:
        return "1번이 못 되게", "less than 1"
    if 0.995 < chance < 1:
        return "99번 넘게", "more than 99"
    times = str(round(100 * chance))
    return f"{times}번", times
