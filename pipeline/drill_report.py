"""What a restore drill came to, for people: Korean and English, ids and counts only."""

import math
from pathlib import Path

from pipeline.drill import DrillReport
from records.reasons import explain

_TEXT = """\
# 복구 훈련 · Restore drill {time}

**{verdict}**

{what}

| | |
| --- | --- |
| 둘째 보관소의 객체 · objects on the second site | {there:,} |
| 복구한 객체 · restored | {restored:,} |
| 열린 객체 · opened with the current keys | {opened:,} |
| 첫째 보관소와 같은 객체 · same on the first site | {compared:,} |
| 다시 만든 색인에서 찾은 문서 · documents found in the rebuilt index | {documents:,} |
| 복구한 원장의 잎 · leaves of the restored ledger | {leaves:,} |
| 복사 · copied and read back | {copying:.1f} s, {megabytes:.1f} MiB |
| 색인 · index rebuilt | {indexing:.1f} s |
| 확인 · opened and compared | {checking:.1f} s |
| 이 빠르기로 전체를 복구하면 · everything at this rate | {everything} |

## 문제 · Problems: {count}

{problems}
"""


def drill_report_path(reports: Path, report: DrillReport) -> Path:
    """Where a drill's report lies."""
    return reports / "drills" / f"{report.time[:19].replace(':', '')}.md"


def write_drill_report(reports: Path, report: DrillReport) -> Path:
    """Write a drill's report; return its path."""
    path = drill_report_path(reports, report)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_text(drill_text(report), "utf-8")
    return path


def drill_text(report: DrillReport) -> str:
    """The report of a drill."""
    seconds = report.copying + report.indexing + report.checking
    minutes = max(1, math.ceil(seconds * report.there / max(1, report.restored) / 60))
    what = (
        f"기관 {report.institution} 전체 · the whole of institution {report.institution}"
        if report.institution
        else "무작위로 고른 객체 · objects chosen at random"
    )
    problems = [
        f"- `{one.kind} {one.subject}` {explain(one.code)} / {explain(one.code, 'en')}"
        for one in report.problems
    ]
    return _TEXT.format(
        time=report.time,
        verdict="실패 · FAILED" if problems else "성공 · Passed",
        what=what,
        there=report.there,
        restored=report.restored,
        opened=report.opened,
        compared=report.compared,
        documents=report.documents,
        leaves=report.leaves,
        copying=report.copying,
        megabytes=report.bytes / 2**20,
        indexing=report.indexing,
        checking=report.checking,
        everything=f"약 {minutes:,}분 · about {minutes:,} min",
        count=len(problems),
        problems="\n".join(problems) or "없음 · none",
    )
