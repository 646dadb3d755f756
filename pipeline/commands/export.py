"""`giroksil export BATCH --to DIR --purpose …`: for an authorized person; logged."""

import argparse
from pathlib import Path

from pipeline.assembly import open_workshop
from pipeline.commands import print_json, say, with_json
from pipeline.commands.bound import bound_view, say_bound
from pipeline.exporting import export
from pipeline.reader import reader_here


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser("export", help="내보내기 / export a batch")
    parser.add_argument("batch", metavar="BATCH")
    parser.add_argument("--to", type=Path, required=True, metavar="DIR")
    parser.add_argument("--purpose", default="", help="열람 목적(필수) / why, required")
    with_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Export and say how much; 1 if a page could not be put into its document's PDF."""
    done = export(open_workshop(), options.batch, options.to, reader_here(options.purpose))
    bound = done.bound
    if options.json:
        print_json(
            {
                "pages": done.pages,
                "documents": done.documents,
                "files": done.files,
                "pdfs": bound_view(bound),
            }
        )
    else:
        say(f"쪽 pages {done.pages}  문서 documents {done.documents}")
        say(f"원본 originals {done.files}")
        say_bound(bound)
    return 1 if bound.failures else 0
