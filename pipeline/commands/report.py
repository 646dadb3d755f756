"""`giroksil report BATCH` and `rescan BATCH`: what the steward and the scanning team get."""

import argparse
import dataclasses
from pathlib import Path

from pipeline.assembly import Workshop, open_workshop
from pipeline.commands import file_to_write, print_json, say, with_json
from pipeline.commands.patients import counted
from pipeline.counting import balance_of
from pipeline.patients import patients_of
from pipeline.reader import reader_here
from pipeline.reconciliation_view import as_lines, reconciliation_of
from pipeline.releases import RELEASE, releases_of
from pipeline.reports import make_report, report_path
from pipeline.rescanning import print_rescan_list, rescan_list
from pipeline.reviewing import is_sealed
from pipeline.scanned_again import declare_scanned_again
from quality.balance_text import as_text
from records.reasons import explain


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the commands."""
    parser = commands.add_parser("report", help="배치 보고서 / a batch's report")
    parser.add_argument("batch", metavar="BATCH")
    parser.add_argument(
        "--recount",
        action="store_true",
        help="보관소에서 다시 세고 새로 쓰기 / count anew, write anew",
    )
    parser.add_argument(
        "--reconciliation",
        action="store_true",
        help="종이와 EMR의 대조, 값과 함께 / paper beside EMR, with values",
    )
    parser.add_argument(
        "--purpose", default="", help="열람 목적(대조에 필수) / why, required for it"
    )
    with_json(parser)
    parser.set_defaults(run=run_report)
    parser = commands.add_parser("rescan", help="다시 스캔할 장 / sheets to scan again")
    parser.add_argument("batch", metavar="BATCH")
    parser.add_argument(
        "--to", metavar="FILE", type=Path, help="인쇄할 HTML / an HTML page to print"
    )
    parser.add_argument("--page", metavar="ID", help="다시 스캔한 쪽 / a page scanned again")
    parser.add_argument("--as", dest="new", metavar="ID", help="그 새 쪽 / its new version")
    parser.add_argument("--purpose", default="rescan", help="이유 / why, for --page")
    with_json(parser)
    parser.set_defaults(run=run_rescan)


def run_report(options: argparse.Namespace) -> int:
    """Print the balance and the report's path; 0 only if the batch balances."""
    workshop = open_workshop()
    if options.reconciliation:
        return _reconciliation(workshop, options)
    path = report_path(workshop, options.batch)
    if options.recount or not path.is_file():
        sheet = make_report(workshop, options.batch)
    else:
        sheet = balance_of(workshop, options.batch)
    if options.json:
        plain = dataclasses.asdict(sheet) | {"balanced": sheet.balanced}
        print_json(plain | {"report": str(path)})
    else:
        waits = sheet.waits_for_store and not is_sealed(workshop, options.batch)
        say(as_text(sheet, "ko", waits=waits))
        say(as_text(sheet, "en", waits=waits))
        say(counted(patients_of(workshop, options.batch)))
        for one in releases_of(workshop, workshop.work(options.batch)):
            done = "저장 승인 released" if one.outcome == RELEASE else "되돌림 sent back"
            say(f"{done} {one.by} {one.at} {one.reason}")
        say(f"보고서 report {path}")
    return 0 if sheet.balanced else 1


def _reconciliation(workshop: Workshop, options: argparse.Namespace) -> int:
    rows = reconciliation_of(workshop, options.batch, reader_here(options.purpose))
    if rows is None and not options.json:
        say("종이와 EMR 가운데 한쪽만 있습니다. There is only one of paper and EMR.")
    for row in rows or ():
        if options.json:
            print_json(row)
        else:
            say("\n".join(as_lines(row)))
    return 0


def run_rescan(options: argparse.Namespace) -> int:
    """Print the list of sheets to scan again, or write it as a page for the printer."""
    workshop = open_workshop()
    if options.page or options.new:
        given = options.page or "", options.new or ""
        declare_scanned_again(workshop, options.batch, *given, reader_here(options.purpose))
    if options.to:
        file_to_write(options.to).write_text(print_rescan_list(workshop, options.batch), "utf-8")
        say(str(options.to))
        return 0
    for row in rescan_list(workshop, options.batch):
        if options.json:
            print_json(dataclasses.asdict(row))
            continue
        page = f"  {row.page}쪽 p.{row.page}" if row.page else ""
        box = f"  상자 box {row.box}" if row.box else ""
        say(f"{row.path}{page}{box}")
        for reason in row.reasons:
            say(f"    {explain(reason)} / {explain(reason, 'en')}")
        if row.page_id:
            say(f"    {row.page_id}")
        if row.scanned_again:
            say(f"    ✓ 다시 스캔함 scanned again: {row.scanned_again}")
    return 0
