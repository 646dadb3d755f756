"""`giroksil overview`: the management page over all batches of the institutions that open."""

import argparse
from pathlib import Path

from pipeline.assembly import open_workshop
from pipeline.commands import file_to_write, print_json, say, with_json
from pipeline.overview import overview_of, refresh_changed
from quality.overview_page import render_overview
from records.codec import to_plain


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "overview", help="모든 배치의 관리 현황 / the management page over all batches"
    )
    parser.add_argument("--institution", default="", metavar="C", help="이 기관만 / only this one")
    parser.add_argument(
        "--to", metavar="FILE", type=Path, help="인쇄할 HTML / a page to read and print"
    )
    parser.add_argument(
        "--refresh",
        action="store_true",
        help="보고서 뒤에 바뀐 배치의 보고서를 새로 쓰기 / first renew reports that lag behind",
    )
    with_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print or write the overview; 0 only where nothing waits, was not accepted or is missing."""
    workshop = open_workshop()
    if options.refresh:
        refresh_changed(workshop)
    found = overview_of(workshop, options.institution)
    total = found.total
    if options.to:
        file_to_write(options.to).write_text(render_overview(found), "utf-8")
    if options.json:
        print_json(to_plain(found))
    elif options.to:
        say(str(options.to))
    else:
        say(f"배치 batches {total.batches}  미봉인 open {total.open}  쪽 pages {total.pages:,}")
        say(
            f"문서 documents {total.documents:,}  수락 accepted {total.accepted:,}  "
            f"보류 held {total.held:,}  반려 rejected {total.rejected:,}"
        )
        say(f"불합격 로트 lots not accepted {total.lots_rejected}")
        say(f"오지 않은 장 sheets missing {total.sheets_open}  파일 files {total.files_missing}")
        for one in found.open[:20]:
            days = "–" if one.days is None else f"{one.days:.0f}"
            held = one.summary.held or 0
            say(f"  {one.summary.batch}  {one.summary.stage}  날 days {days}  보류 held {held}")
        if found.changed:
            say(f"보고서 뒤에 바뀐 배치 changed since their report {found.changed} (--refresh)")
        if found.shut:
            say(f"열리지 않는 기관 institutions that do not open {found.shut}")
    done = not (found.open or total.lots_rejected or found.changed or found.shut)
    return 0 if done and total.complete else 1
