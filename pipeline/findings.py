"""What a night's check found, for people: Korean and English, ids, codes and counts only."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from archive.problem import Problem
from records.reasons import explain

_TEXT = """\
# {title}

{time}

**{verdict}**

| | |
| --- | --- |
{counts}

## 문제 · Problems: {number}

{problems}

## 알림 · Warnings: {warned}

{warnings}
"""


def write_findings(
    reports: Path,
    name: str,
    title: str,
    counts: Mapping[str, int],
    problems: Sequence[Problem],
    warnings: Sequence[Problem],
) -> Path:
    """Write one run's findings into the reports folder; return the path.

    `name` begins the file's name; of several runs of one day the last one stays.
    """
    now = dt.datetime.now(dt.UTC)
    path = reports / "upkeep" / f"{name}-{now.date()}.md"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = _TEXT.format(
        title=title,
        time=now.isoformat(timespec="seconds"),
        verdict="이상 있음 · NOT WHOLE" if problems else "이상 없음 · Whole",
        counts="\n".join(f"| {name} | {count:,} |" for name, count in counts.items()),
        number=len(problems),
        problems=_lines(problems),
        warned=len(warnings),
        warnings=_lines(warnings),
    )
    path.write_text(text, "utf-8")
    return path


def _lines(found: Sequence[Problem]) -> str:
    lines = (
        f"- `{one.kind} {one.subject}` {explain(one.code)} / {explain(one.code, 'en')}"
        for one in found
    )
    return "\n".join(lines) or "없음 · none"
