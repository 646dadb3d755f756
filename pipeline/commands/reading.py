"""`giroksil read PATH…` and `giroksil classify FILE.txt…`: look without storing."""

import argparse
from pathlib import Path

from intake.delivery import JUNK
from pipeline.assembly import open_workshop
from pipeline.commands import folder_to_write, print_json, with_json
from pipeline.commands.bound import bound_view, say_bound
from pipeline.commands.decisions import say_decisions
from pipeline.trial import try_path, try_text
from records.errors import RejectedInput


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the commands."""
    parser = commands.add_parser("read", help="저장하지 않고 읽기 / read without storing")
    parser.add_argument("paths", metavar="PATH", nargs="+", type=Path)
    parser.add_argument(
        "--pdf",
        type=Path,
        metavar="DIR",
        help="검색용 PDF 쓰기 / write searchable PDFs",
    )
    with_json(parser)
    parser.set_defaults(run=run_read)
    parser = commands.add_parser("classify", help="글의 종류와 항목 / kind and fields of text")
    parser.add_argument("files", metavar="FILE.txt", nargs="+", type=Path)
    with_json(parser)
    parser.set_defaults(run=run_classify)


def run_read(options: argparse.Namespace) -> int:
    """Read files (a folder = one stack); 1 if something could not be read, junk left out."""
    workshop = open_workshop()
    pdfs = options.pdf and folder_to_write(options.pdf)
    failed = False
    for path in options.paths:
        view, bound = try_path(workshop, path, pdfs)
        wrong = [failure for failure in view["failures"] if failure["code"] != JUNK]
        failed = failed or bool(wrong) or bool(bound and bound.failures)
        if options.json:
            print_json(view | ({"pdfs": bound_view(bound)} if bound else {}))
        else:
            say_decisions(view)
            if bound:
                say_bound(bound)
    return 1 if failed else 0


def run_classify(options: argparse.Namespace) -> int:
    """Classify plain text, one page a form feed."""
    workshop = open_workshop()
    for file in options.files:
        try:
            text = file.read_text("utf-8")
        except IsADirectoryError as error:
            raise RejectedInput("path_is_folder") from error
        except (FileNotFoundError, NotADirectoryError) as error:
            raise RejectedInput("path_missing") from error
        except UnicodeDecodeError as error:
            raise RejectedInput("text_not_utf8") from error
        view = {"file": str(file)} | try_text(workshop, text)
        if options.json:
            print_json(view)
        else:
            say_decisions(view)
    return 0
