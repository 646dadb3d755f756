"""`giroksil completeness INSTITUTION`: what is here and what is not, to answer "not found" by."""

import argparse
import dataclasses
import datetime as dt
from pathlib import Path

from pipeline.assembly import open_workshop
from pipeline.commands import file_to_write, print_json, say, with_json
from pipeline.completeness import completeness
from pipeline.reader import reader_here
from quality.completeness import Completeness, as_html, ranges


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "completeness", help="기관의 보유 현황서 / what of an institution is here"
    )
    parser.add_argument("institution", metavar="INSTITUTION")
    parser.add_argument(
        "--purpose", default="completeness", help="열람 목적 / why, for the access log"
    )
    parser.add_argument("--to", metavar="FILE", type=Path, help="인쇄할 HTML / a page to print")
    with_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print or write the statement; 0 only where nothing is missing or undecided."""
    found = completeness(open_workshop(), options.institution, reader_here(options.purpose))
    if options.to:
        now = dt.datetime.now(dt.UTC).isoformat(timespec="minutes")
        file_to_write(options.to).write_text(as_html(found, now), "utf-8")
    if options.json:
        print_json(dataclasses.asdict(found) | {"whole": found.whole})
    elif options.to:
        say(str(options.to))
    else:
        _say(found)
    return 0 if found.whole else 1


def _say(found: Completeness) -> None:
    say(f"{found.name} {found.institution} · 배치 batches {found.batches}")
    for batch in found.unfinished:
        say(f"  ! {batch} 처리 중이거나 봉인 전 / still worked on, or not sealed")
    for batch in found.undeclared:
        say(f"  ! {batch} 목록 없음 / no manifest")
    if found.sheets_open:
        say(f"  ! 설명 없이 오지 않은 장 sheets unexplained {found.sheets_open}")
    for box in found.boxes:
        say(
            f"{'✓' if box.whole else '!'} 상자 box {box.box or '–'}  쪽 pages {box.pages}  "
            f"문서 documents {box.documents}  보류 held {box.held}  반려 rejected {box.rejected}  "
            f"손상 damaged {box.damaged}  오지 않음 missing {box.files_missing}"
        )
        if box.charts_missing:
            say(f"    찾지 못한 차트 charts not found {', '.join(ranges(box.charts_missing))}")
