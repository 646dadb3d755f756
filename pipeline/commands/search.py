"""`giroksil search`: hits with page and snippet; each look goes to the access log."""

import argparse
import dataclasses
import datetime as dt
import getpass
import sys

from pipeline.assembly import open_workshop
from pipeline.commands import print_json, say, with_json
from pipeline.reader import reader_here
from pipeline.searching import Query, search
from records.errors import RejectedInput
from records.taxonomy import load_taxonomy


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser("search", help="문서 찾기 / find documents")
    parser.add_argument("query", metavar="QUERY", nargs="?", default="")
    parser.add_argument("--institution", metavar="C", help="요양기관기호 / institution code")
    parser.add_argument(
        "--patient", metavar="NAME", help="환자 이름, 정확히 / patient's exact name"
    )
    parser.add_argument("--birth", metavar="D", help="생년월일 / birth date, 1980-01-31")
    # A number on a command line stays in the shell's history.
    parser.add_argument(
        "--resident",
        action="store_true",
        help="주민등록번호로, 입력받음 / by the resident number, which is asked for",
    )
    parser.add_argument("--chart", metavar="NO", help="차트번호 / chart number")
    parser.add_argument("--batch", metavar="B", help="배치 / batch")
    parser.add_argument("--from", dest="since", type=_date, metavar="D", help="이 날부터 / from")
    parser.add_argument("--to", dest="until", type=_date, metavar="D", help="이 날까지 / until")
    parser.add_argument("--type", metavar="T", help="종류 / kind, e.g. prescription")
    parser.add_argument("--limit", type=int, default=20, metavar="N")
    parser.add_argument("--purpose", default="search", help="열람 목적 / why, for the access log")
    with_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Search and print; 0 also where nothing is found, since that is an answer."""
    query = Query(
        options.query,
        options.institution,
        options.patient,
        options.birth,
        options.type,
        (_resident_number() or None) if options.resident else None,
        options.chart,
        options.batch,
        options.since,
        options.until,
        options.limit,
    )
    if query == Query(institution=query.institution, limit=query.limit):
        raise RejectedInput("query_empty")
    hits = search(open_workshop(), query, reader_here(options.purpose))
    taxonomy = load_taxonomy()
    for hit in hits:
        if options.json:
            print_json(dataclasses.asdict(hit))
        else:
            say(f"{hit.document}  {taxonomy.name(hit.type)}  {hit.page}쪽 p.{hit.page}")
            if hit.replaced_by:
                say(f"    바뀐 기록, 새 판 / changed since, now {hit.replaced_by}")
            say(f"    {hit.snippet}")
    if not hits and not options.json:
        say("찾은 문서가 없습니다. / Nothing found.")
    return 0


def _date(text: str) -> str:
    return dt.date.fromisoformat(text).isoformat()


def _resident_number() -> str:
    """Asked for without an echo, or read from what is piped in."""
    if sys.stdin.isatty():
        return getpass.getpass("주민등록번호 resident number: ")
    return sys.stdin.readline().strip()
