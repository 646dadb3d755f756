"""`giroksil search`: hits with page and snippet; each look goes to the access log."""

import argparse
import dataclasses

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
        options.limit,
    )
    if not (query.words or query.patient or query.birth or query.type):
        raise RejectedInput("query_empty")
    hits = search(open_workshop(), query, reader_here(options.purpose))
    taxonomy = load_taxonomy()
    for hit in hits:
        if options.json:
            print_json(dataclasses.asdict(hit))
        else:
            say(f"{hit.document}  {taxonomy.name(hit.type)}  {hit.page}쪽 p.{hit.page}")
            say(f"    {hit.snippet}")
    if not hits and not options.json:
        say("찾은 문서가 없습니다. / Nothing found.")
    return 0
